"""The gate: who may talk to Streamlit, or to any route of ours, at all. What is not listed is refused (docs/security.md, Gate).

It decides on `scope["path"]`, never on a URL built from what a client sent (CVE-2026-48710); it strips identity headers
from visitors and writes them itself; it refuses a foreign Origin before Streamlit sees it.
"""

import re
import secrets
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial

import anyio
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.desk.accounts.throttling import network
from core.rules.access import Principal
from core.rules.words import Unavailable
from core.web.gate.admission import Admission
from core.web.gate.incoming import Asked, read
from core.web.gate.refusals import answer, noted
from core.web.gate.session_connections import Presence
from core.web.gate.session_cutoff import Cut, request_until, socket_until
from core.web.gate.strangers import Place, Strangers
from core.web.http.client_address import visitor
from core.web.http.pace import Pace
from core.web.http.request_body import BodyRefused, read_body, replayed
from core.web.http.unavailable import answer as away_answer
from core.web.streamlit_page.frames import BUSY, Frames

IDENTITY = b"x-jd-"  # the headers that `server.trustedUserHeaders` believes
REMEMBERED = 1.0  # seconds that a looked-up session is believed without asking again
MOST_REMEMBERED = 4096
SAFE = frozenset({"GET", "HEAD"})
HEALTH = frozenset({"/_stcore/health", "/healthz"})  # asked by monitors, under any name, whoever they are
PLATFORM = frozenset({"/_stcore/host-config", "/favicon.png", "/robots.txt"})
FILES = ("/static/", "/assets/")  # the same for everybody; no secret lies there
COMPONENTS = ("/component/", "/_stcore/bidi-components/")
MEMBERS = ("/media/",)  # what Streamlit holds for the signed-in
STREAM = "/_stcore/stream"
Recall = Callable[[str], Principal | None]


def _no_device(_cookie: str) -> str:
    return ""


@dataclass(slots=True)
class Gate:
    """The outermost middleware but for the limits of the server itself."""

    app: ASGIApp
    admission: Admission
    presence: Presence
    recall: Recall  # session secret -> who holds it now; asks the database
    strangers: Strangers = field(default_factory=Strangers)
    frames: Frames = field(default_factory=Frames)
    device: Callable[[str], str] = _no_device  # cookie -> the name of a browser in which somebody has signed in
    changes: Pace = field(default_factory=lambda: Pace(per_second=5, burst=600))  # by session
    _remembered: dict[str, tuple[float, int, Principal | None]] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Admit, refuse, or hand a lifespan through."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        asked = read(scope)
        asked.address = self._address(asked)
        try:
            await self._identify(asked)
        except Unavailable as away:
            await self._away(asked, away, receive, send)
            return
        busy = asked.counted and not await self.strangers.requests.turn(self._place(asked))
        refusal = 429 if busy else self._refusal(asked)
        if refusal:
            await self._refuse(asked, refusal, receive, send)
        elif asked.method == "WEBSOCKET":
            await self._socket(asked, self._with_identity_headers(asked), receive, send)
        else:
            await self._request(asked, self._with_identity_headers(asked), receive, self._with_headers(asked, send))

    async def _identify(self, asked: Asked) -> None:
        """Who asks, and whether it is counted among what strangers cost. A file is not worth a look into the database."""
        secret = asked.cookies.get(self.admission.session_cookie, "")
        if asked.path in HEALTH:
            return
        if asked.path.startswith(FILES):
            asked.counted = secret not in self._remembered
        else:
            asked.principal = await self._who(secret, anew=asked.method == "WEBSOCKET")
            asked.counted = asked.principal is None
        if asked.connection is not None:
            asked.connection.member = not asked.counted

    async def _who(self, secret: str, *, anew: bool) -> Principal | None:
        """Who holds this secret; for a change, or a socket, never from memory: another process may have ended it."""
        if not 0 < len(secret) <= 128:
            return None
        now, generation = time.monotonic(), self.presence.generation
        until, of, found = self._remembered.get(secret, (0.0, -1, None))
        if not anew and of == generation and until > now:
            return found
        found = await anyio.to_thread.run_sync(self.recall, secret)
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        if found is not None:
            self._remembered[secret] = (now + REMEMBERED, generation, found)
        else:
            self._remembered.pop(secret, None)
        return found

    def _place(self, asked: Asked) -> Place:
        """Whom a stranger's costs are counted for."""
        device = self.device(asked.cookies.get(self.admission.device_cookie, ""))
        return Place(f"device {device}", known=True) if device else Place(network(asked.address))

    def _refusal(self, asked: Asked) -> int:
        """The status that refuses this request, or 0."""
        if asked.path in HEALTH and asked.method in SAFE:
            return 0
        nonsense = 0 if asked.path.isprintable() else 404  # no address of ours holds a control character
        return self._foreign(asked) or nonsense or self._unlisted(asked)

    def _foreign(self, asked: Asked) -> int:
        """The status that refuses a request under another name, or from another site; or 0."""
        host = asked.headers.get(b"host", b"").decode("latin-1").lower()
        if host not in self.admission.hosts:
            return 421
        origin = asked.headers.get(b"origin", b"").decode("latin-1").lower()
        if (asked.method not in SAFE or origin) and origin not in self.admission.origins:
            return 403
        near = asked.headers.get(b"sec-fetch-site", b"same-origin") in {b"same-origin", b"none"}
        return 0 if near or self._is_top_level_navigation(asked) else 403

    def _unlisted(self, asked: Asked) -> int:
        """The status that refuses what is not there for this visitor; or 0."""
        admission, who, path = self.admission, asked.principal, asked.path
        opened, members = self._listed(admission.open_routes, path), self._listed(admission.member_routes, path)
        asked.scope["state"]["ours"] = opened or members
        asked.open = opened
        if opened:
            return 0
        if path == STREAM:
            return 0 if asked.method == "WEBSOCKET" else 404
        reads = asked.method in SAFE
        if reads and (path in admission.pages or path in PLATFORM or path.startswith((*FILES, *COMPONENTS))):
            return 0
        if who is None:
            return 401
        if not (members or (reads and path.startswith(MEMBERS))):
            return 404
        return 403 if who.must_change_password else 0

    def _is_top_level_navigation(self, asked: Asked) -> bool:
        """True where a person comes by a link from elsewhere: a page may be opened so, nothing else."""
        navigates = asked.headers.get(b"sec-fetch-mode") == b"navigate"
        whole = asked.headers.get(b"sec-fetch-dest") == b"document"
        return asked.method in SAFE and navigates and whole and asked.path in self.admission.pages

    @staticmethod
    def _listed(routes: Collection[re.Pattern[str]], path: str) -> bool:
        return any(route.match(path) for route in routes)

    def _with_identity_headers(self, asked: Asked) -> Scope:
        """The scope the application sees: identity by our word alone, the address as a trusted proxy says it."""
        kept = [(name, value) for name, value in asked.scope["headers"] if not name.lower().startswith(IDENTITY)]
        kept.append((b"x-jd-address", asked.address.encode()))
        if asked.principal is not None:
            kept.append((b"x-jd-user", asked.principal.username.encode()))
            kept.append((b"x-jd-session", asked.principal.session.encode()))
        asked.scope["state"].update(principal=asked.principal, address=asked.address)
        return {**asked.scope, "headers": kept}

    def _address(self, asked: Asked) -> str:
        client = str((asked.scope.get("client") or ("", 0))[0])
        forwarded = asked.headers.get(b"x-forwarded-for", b"").decode("latin-1")
        return visitor(client, forwarded, self.admission.proxies, inside=self.admission.inside)

    def _with_headers(self, asked: Asked, send: Send) -> Send:
        """Sends with the security headers on, and the browser's cookie where it has none."""
        admission = self.admission
        fresh = asked.path in admission.pages and admission.browser_cookie not in asked.cookies

        async def with_security_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = asked.ours or asked.path.startswith("/assets/")
                framed = asked.path.startswith(COMPONENTS)
                kept = asked.path.startswith((*FILES, *COMPONENTS))
                headers = [(name, value) for name, value in message["headers"] if name.lower() != b"server"]
                have = {name.lower() for name, _ in headers}
                rules = admission.policy.headers(ours=ours, framed=framed, kept=kept)
                headers += [(name, value) for name, value in rules if name not in have]
                if fresh:
                    cookie = f"{admission.browser_cookie}={secrets.token_urlsafe(32)}{admission.cookie_attributes}"
                    headers.append((b"set-cookie", cookie.encode()))
                message = {**message, "headers": headers}
            await send(message)

        return with_security_headers

    async def _request(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, for as long as its session lasts, or a stranger's has room."""
        if asked.counted:
            with self.strangers.connections.held(self._place(asked)) as full:
                cut = Cut(full, lambda send: answer(send, 503), last_event=b"")
                await request_until(cut, self.app, scope, receive, send)
        elif asked.principal is None or (asked.open and asked.method in SAFE):  # signing out ends its own session
            await self.app(scope, receive, send)
        elif asked.method in SAFE:
            with self.presence.connected(asked.principal.session) as ended:
                cut = Cut(ended, lambda send: answer(send, 401))
                await request_until(cut, self.app, scope, receive, send)
        else:
            await self._change(asked, asked.principal, scope, receive, send)

    async def _change(self, asked: Asked, who: Principal, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body of a change, then ask anew who sends it, and hand it on whole: from then on it may finish."""
        if self.changes.wait(who.session):
            await answer(send, 429)
            return
        self.changes.take(who.session)
        try:
            with self.presence.connected(who.session) as ended:
                body = await read_body(ended, receive, asked.headers.get(b"content-length", b""))
            still = await self._who(asked.cookies.get(self.admission.session_cookie, ""), anew=True)
        except BodyRefused as refused:
            await answer(send, refused.status)
            return
        except Unavailable as away:
            await away_answer(HTTPConnection(scope), away)(scope, receive, send)
            return
        refusal = 401 if still is None or still.session != who.session else 403 if still.must_change_password else 0
        if refusal:
            await answer(send, refusal)
            return
        scope["state"]["principal"] = still
        await self.app(scope, replayed(body, receive), send)

    async def _socket(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a WebSocket on; it closes with 4401 the moment its session ends."""
        stream = asked.path == STREAM
        if asked.principal is not None:
            with self.presence.connected(asked.principal.session) as ended:
                heard = self.frames.receiving(receive) if stream else receive
                await socket_until(Cut(ended), self.app, scope, heard, send)
            return
        place = self._place(asked)
        with (self.strangers.sockets if stream else self.strangers.connections).held(place) as full:
            cut = Cut(full, last_event=b"", code=BUSY)
            if not stream:
                await socket_until(cut, self.app, scope, receive, send)
            elif not await self.strangers.runs.turn(place):
                await self._refuse(asked, 429, receive, send)
            else:
                heard = self.frames.receiving(receive, partial(self.strangers.runs.turn, place))
                await socket_until(cut, self.app, scope, heard, self.frames.sending(send))

    async def _away(self, asked: Asked, away: Unavailable, receive: Receive, send: Send) -> None:
        """Who asks cannot be known now: nothing is shown but that."""
        status = self._foreign(asked)
        if asked.method == "WEBSOCKET" or status:
            await self._refuse(asked, status or 503, receive, send)
        else:
            said = away_answer(HTTPConnection(asked.scope), away)
            await said(asked.scope, receive, self._with_headers(asked, send))

    async def _refuse(self, asked: Asked, status: int, receive: Receive, send: Send) -> None:
        """Say no, and write one line of it."""
        noted(status, network(asked.address))
        if asked.method == "WEBSOCKET":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await answer(self._with_headers(asked, send), status)
