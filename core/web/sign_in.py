"""From ticket to session cookie, out again, and the choice of language."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import anyio
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from core.desk import context
from core.desk.accounts import devices, sessions
from core.rules.words import Language
from core.settings import settings
from core.web.assets import TEMPLATES
from core.web.gate.admission import Admission
from core.web.gate.session_cutoff import ENDED
from core.web.http.browser_storage import is_owner, owner_key
from core.web.http.responses import LANGUAGE_COOKIE, language_of, locale_of, principal_of, refused, words_of

OPEN = frozenset(  # what answers strangers
    {"/auth/establish", "/auth/end", "/auth/alive", "/auth/watch", "/auth/watching", "/language/{language}"}
)
LASTS = int(sessions.ABSOLUTE.total_seconds())
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class SignIn:
    """The sign-in routes of a house that is reached in this way."""

    admission: Admission

    def routes(self) -> list[BaseRoute]:
        """`/auth/…` and `/language/…`."""
        return [
            Route("/auth/establish", self.establish, methods=["GET"]),
            Route("/auth/end", self.end, methods=["GET"]),
            Route("/auth/alive", self.alive, methods=["GET"]),
            Route("/auth/watch", self.watch, methods=["GET"]),
            WebSocketRoute("/auth/watching", self.watching),
            Route("/language/{language}", self.language, methods=["GET"]),
        ]

    async def establish(self, request: Request) -> Response:
        """Turn a ticket into a session: a new cookie, whatever the browser held before."""
        browser = request.cookies.get(self.admission.browser_cookie, "")
        earlier = principal_of(request)
        try:
            secret = await anyio.to_thread.run_sync(
                lambda: sessions.establish(
                    context.store(),
                    request.query_params.get("t", ""),
                    browser,
                    request.scope["state"]["address"],
                    request.headers.get("user-agent", ""),
                    context.now(),
                    replaced=earlier.session if earlier else None,
                )
            )
        except sessions.TicketSpent as spent:
            return RedirectResponse("/", status_code=303) if earlier else self._spent(request, spent)
        answer = RedirectResponse("/", status_code=303)
        self._keep(answer, self.admission.session_cookie, secret, LASTS)
        self._keep(answer, self.admission.browser_cookie, "", 0)
        held = request.cookies.get(self.admission.device_cookie, "")
        known = await anyio.to_thread.run_sync(_known_browser, secret, held)
        self._keep(answer, self.admission.device_cookie, known, YEAR)
        return answer

    async def end(self, request: Request) -> Response:
        """Sign out: the session ends first, then the cookie goes."""
        who = principal_of(request)
        if who is not None:
            await anyio.to_thread.run_sync(lambda: sessions.end(context.store(), who, who.session, context.now()))
        answer = RedirectResponse("/", status_code=303)
        self._keep(answer, self.admission.session_cookie, "", 0)
        answer.headers["clear-site-data"] = '"cache", "storage"'
        return answer

    async def alive(self, request: Request) -> Response:
        """204 while the session lives, 401 when it does not, or when another account has signed in since."""
        who = principal_of(request)
        return Response(status_code=204 if who is not None and is_owner(request, who) else 401)

    async def watch(self, request: Request) -> Response:
        """The page that stands unseen in every signed-in page and clears it when the session ends."""
        who = principal_of(request)
        told = {"_": words_of(request), "language": language_of(request), "owner": owner_key(who) if who else ""}
        return HTMLResponse(TEMPLATES.get_template("watch.html").render(**told))

    async def watching(self, socket: WebSocket) -> None:
        """A socket that says nothing; that the gate closes it is the message."""
        await socket.accept()
        if principal_of(socket) is None:
            await socket.close(ENDED)
            return
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass

    async def language(self, request: Request) -> Response:
        """Speak this language from now on, and go back to the page the visitor came from."""
        chosen = request.path_params["language"]
        try:
            back = urlsplit(request.headers.get("referer", ""))
        except ValueError:  # a browser sends none such
            back = urlsplit("")
        origin = f"{back.scheme}://{back.netloc}".lower()
        inside = origin in self.admission.origins and back.path in self.admission.pages
        query = f"?{back.query}" if back.query else ""
        answer = RedirectResponse(back.path + query if inside else "/", status_code=303)
        if chosen in tuple(Language):
            attributes = "; Path=/; SameSite=Lax" + ("; Secure" if self.admission.secure else "")
            answer.headers.append("set-cookie", f"{LANGUAGE_COOKIE}={chosen}{attributes}; Max-Age={YEAR}")
        return answer

    def _spent(self, request: Request, spent: sessions.TicketSpent) -> Response:
        """A ticket that came late is said on a page, with the way back to the form."""
        if "text/html" not in request.headers.get("accept", ""):
            return refused(request, spent, 403)
        said, language = spent.sentence.localize(locale_of(request)), language_of(request)
        back = words_of(request)("Đăng nhập")
        return HTMLResponse(TEMPLATES.get_template("closed.html").render(said=said, language=language, back=back), 403)

    def _keep(self, answer: Response, name: str, value: str, seconds: int) -> None:
        answer.headers.append("set-cookie", f"{name}={value}{self.admission.cookie_attributes}; Max-Age={seconds}")


def _known_browser(secret: str, cookie: str) -> str:
    """The cookie of a browser in which the holder of this session has now signed in."""
    who = sessions.principal(context.store(), secret, context.now())
    return devices.issued(settings().secret(), cookie, who.username) if who else cookie
