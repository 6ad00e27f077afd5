"""Routes that sign in (exchange a ticket for a session cookie), sign out, watch the session, and set the language."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import anyio
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from core import http_names
from core.desk import context
from core.desk.accounts import devices, sessions
from core.rules.words import Language
from core.settings import settings
from core.web.assets import TEMPLATES
from core.web.gate.admission import Admission
from core.web.gate.session_cutoff import ENDED
from core.web.http.browser_storage import is_owner, owner_key
from core.web.http.responses import language_of, locale_of, principal_of, refusal_response

OPEN = frozenset(  # routes that need no session
    {"/auth/establish", "/auth/end", "/auth/alive", "/auth/watch", "/auth/watching", "/language/{language}"}
)
LASTS = int(sessions.ABSOLUTE.total_seconds())
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class SignIn:
    """The sign-in routes; cookie names, origins and pages come from `admission`."""

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
        """Exchange the ticket (`?t=`) for a new session and set its cookie; an earlier session is replaced."""
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
            return RedirectResponse("/", status_code=303) if earlier else self._spent_ticket_response(request, spent)
        answer = RedirectResponse("/", status_code=303)
        self._set_cookie(answer, self.admission.session_cookie, secret, LASTS)
        self._set_cookie(answer, self.admission.browser_cookie, "", 0)
        device_cookie = request.cookies.get(self.admission.device_cookie, "")
        known = await anyio.to_thread.run_sync(_known_browser, secret, device_cookie)
        self._set_cookie(answer, self.admission.device_cookie, known, YEAR)
        return answer

    async def end(self, request: Request) -> Response:
        """Sign out: end the session in the database, then delete the cookie and clear the browser's storage."""
        who = principal_of(request)
        if who is not None:
            await anyio.to_thread.run_sync(lambda: sessions.end(context.store(), who, who.session, context.now()))
        answer = RedirectResponse("/", status_code=303)
        self._set_cookie(answer, self.admission.session_cookie, "", 0)
        answer.headers["clear-site-data"] = '"cache", "storage"'
        return answer

    async def alive(self, request: Request) -> Response:
        """204 while the session is valid; 401 when it has ended or another account has signed in since."""
        who = principal_of(request)
        return Response(status_code=204 if who is not None and is_owner(request, who) else 401)

    async def watch(self, request: Request) -> Response:
        """The hidden page embedded in every signed-in page, which it clears when the session ends."""
        who = principal_of(request)
        template_values = {
            "_": locale_of(request).translate,
            "language": language_of(request),
            "owner": owner_key(who) if who else "",
        }
        return HTMLResponse(TEMPLATES.get_template("watch.html").render(**template_values))

    async def watching(self, socket: WebSocket) -> None:
        """A WebSocket that carries no messages: the gate closes it when the session ends, which tells the page."""
        await socket.accept()
        if principal_of(socket) is None:
            await socket.close(ENDED)
            return
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass

    async def language(self, request: Request) -> Response:
        """Set the language cookie and redirect to the page in Referer, or to `/` if it is not one of our pages."""
        chosen = request.path_params["language"]
        try:
            referer = urlsplit(request.headers.get("referer", ""))
        except ValueError:  # an invalid Referer, which no browser sends
            referer = urlsplit("")
        origin = f"{referer.scheme}://{referer.netloc}".lower()
        inside = origin in self.admission.origins and referer.path in self.admission.linked
        query = f"?{referer.query}" if referer.query else ""
        answer = RedirectResponse(referer.path + query if inside else "/", status_code=303)
        if chosen in tuple(Language):
            attributes = "; Path=/; SameSite=Lax" + ("; Secure" if self.admission.secure else "")
            answer.headers.append("set-cookie", f"{http_names.LANGUAGE.plain}={chosen}{attributes}; Max-Age={YEAR}")
        return answer

    def _spent_ticket_response(self, request: Request, spent: sessions.TicketSpent) -> Response:
        """A page that says that the ticket can no longer be used, with a link to the sign-in form; JSON for scripts."""
        if "text/html" not in request.headers.get("accept", ""):
            return refusal_response(request, spent, 403)
        message, language = spent.sentence.localize(locale_of(request)), language_of(request)
        back = locale_of(request).translate("Đăng nhập")
        return HTMLResponse(
            TEMPLATES.get_template("closed.html").render(message=message, language=language, back=back), 403
        )

    def _set_cookie(self, answer: Response, name: str, value: str, seconds: int) -> None:
        answer.headers.append("set-cookie", f"{name}={value}{self.admission.cookie_attributes}; Max-Age={seconds}")


def _known_browser(secret: str, cookie: str) -> str:
    """The device cookie with the holder of this session added; `cookie` is the value the browser sent."""
    who = sessions.principal(context.store(), secret, context.now())
    return devices.issued(settings().secret(), cookie, who.username) if who else cookie
