"""The gate: who may talk to Streamlit, or to any route of ours, at all. What is not listed is refused (SECURITY §2.10).

It decides on `scope["path"]`, never on a URL built from what a client sent (CVE-2026-48710); it strips identity headers
from visitors and writes them itself; it refuses a foreign Origin before Streamlit sees it.
"""

import re
import secrets
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import anyio
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.rules.access import Principal
from core.rules.words import Unavailable
from core.web.away import answer as away_answer
from core.web.ending import request_until, socket_until
from core.web.near import visitor
from core.web.policy import Policy
from core.web.presence import Presence

IDENTITY = b"x-jd-"  # the headers that `server.trustedUserHeaders` believes
REMEMBERED = 1.0  # seconds that a looked-up session is believed without asking again
MOST_REMEMBERED = 4096
SAFE = frozenset({"GET", "HEAD"})
HEALTH = "/_stcore/health"  # asked by watchmen under any name; says "ok"
PLATFORM = frozenset({"/_stcore/host-config", "/favicon.png", "/robots.txt"})
FILES = ("/static/", "/assets/")  # the same for everybody; no secret lies there
COMPONENTS = ("/component/", "/_stcore/bidi-components/")
MEMBERS = ("/media/",)  # what Streamlit holds for the signed-in
STREAM = "/_stcore/stream"
WORDS = {  # for a person without a page; both languages, since nothing is known of the visitor
    401: "Cần đăng nhập. / Please sign in.",
    403: "Yêu cầu bị từ chối. / Refused.",
    404: "Không có trang này. / Not found.",
    421: "Địa chỉ này không phải của máy chủ. / Not an address of this server.",
}
Recall = Callable[[str], Principal | None]


@dataclass(frozen=True, slots=True)
class Admission:
    """What exists at all, and from where it may be asked."""

    pages: frozenset[str]  # the addresses of Streamlit's pages
    open_routes: tuple[re.Pattern[str], ...]  # routes of ours that answer strangers
    member_routes: tuple[re.Pattern[str], ...]  # routes of ours for the signed-in
    origins: frozenset[str]  # exactly what a browser's Origin may say
    hosts: frozenset[str]  # exactly what Host may say, lower case
    secure: bool
    proxies: frozenset[str]
    policy: Policy
    inside: bool = False  # only this machine can connect

    @property
    def session_cookie(self) -> str:
        """The name of the cookie that holds a session's secret."""
        return "__Host-desk" if self.secure else "desk"

    @property
    def browser_cookie(self) -> str:
        """The name of the cookie that tells browsers apart before anybody signs in."""
        return "__Host-browser" if self.secure else "browser"

    @property
    def cookie_attributes(self) -> str:
        """How both cookies are kept."""
        return "; Path=/; HttpOnly; SameSite=Strict" + ("; Secure" if self.secure else "")


@dataclass(slots=True)
class Asked:
    """One request as the gate reads it."""

    scope: Scope
    path: str
    method: str
    headers: dict[bytes, bytes]
    cookies: dict[str, str]
    principal: Principal | None = None

    @property
    def ours(self) -> bool:
        """True for routes and pages of our own, as against Streamlit's."""
        return bool(self.scope["state"].get("ours"))


@dataclass(slots=True)
class Gate:
    """The outermost middleware."""

    app: ASGIApp
    admission: Admission
    presence: Presence
    recall: Recall  # session secret -> who holds it now; asks the database
    _remembered: dict[str, tuple[float, int, Principal | None]] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Admit, refuse, or hand a lifespan through."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        asked = _read(scope)
        try:
            if not asked.path.startswith(FILES):
                secret = asked.cookies.get(self.admission.session_cookie, "")
                asked.principal = await self._who(secret, anew=asked.method not in SAFE)
        except Unavailable as away:
            await self._away(asked, away, receive, send)
            return
        refusal = self._refusal(asked)
        inner = self._vouched(asked)
        if scope["type"] == "websocket":
            await (self._closed(receive, send) if refusal else self._socket(asked, inner, receive, send))
        else:
            dressed = self._dressed(asked, send)
            await (_answer(dressed, refusal) if refusal else self._request(asked, inner, receive, dressed))

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

    def _refusal(self, asked: Asked) -> int:
        """The status that refuses this request, or 0."""
        if asked.path == HEALTH and asked.method in SAFE:
            return 0
        return self._foreign(asked) or self._unlisted(asked)

    def _foreign(self, asked: Asked) -> int:
        """The status that refuses a request under another name, or from another site; or 0."""
        host = asked.headers.get(b"host", b"").decode("latin-1").lower()
        if host not in self.admission.hosts:
            return 421
        origin = asked.headers.get(b"origin", b"").decode("latin-1").lower()
        if (asked.method not in SAFE or origin) and origin not in self.admission.origins:
            return 403
        near = asked.headers.get(b"sec-fetch-site", b"same-origin") in {b"same-origin", b"none"}
        return 0 if near or self._arrives(asked) else 403

    def _unlisted(self, asked: Asked) -> int:
        """The status that refuses what is not there for this visitor; or 0."""
        admission, who, path = self.admission, asked.principal, asked.path
        opened, members = self._listed(admission.open_routes, path), self._listed(admission.member_routes, path)
        asked.scope["state"]["ours"] = opened or members
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

    def _arrives(self, asked: Asked) -> bool:
        """True where a person comes by a link from elsewhere: a page may be opened so, nothing else."""
        navigates = asked.headers.get(b"sec-fetch-mode") == b"navigate"
        whole = asked.headers.get(b"sec-fetch-dest") == b"document"
        return asked.method in SAFE and navigates and whole and asked.path in self.admission.pages

    @staticmethod
    def _listed(routes: Collection[re.Pattern[str]], path: str) -> bool:
        return any(route.match(path) for route in routes)

    def _vouched(self, asked: Asked) -> Scope:
        """The scope the application sees: identity by our word alone, the address as a trusted proxy says it."""
        kept = [(name, value) for name, value in asked.scope["headers"] if not name.lower().startswith(IDENTITY)]
        address = self._address(asked)
        kept.append((b"x-jd-address", address.encode()))
        if asked.principal is not None:
            kept.append((b"x-jd-user", asked.principal.username.encode()))
            kept.append((b"x-jd-session", asked.principal.session.encode()))
        asked.scope["state"].update(principal=asked.principal, address=address)
        return {**asked.scope, "headers": kept}

    def _address(self, asked: Asked) -> str:
        client = str((asked.scope.get("client") or ("", 0))[0])
        forwarded = asked.headers.get(b"x-forwarded-for", b"").decode("latin-1")
        return visitor(client, forwarded, self.admission.proxies, inside=self.admission.inside)

    def _dressed(self, asked: Asked, send: Send) -> Send:
        """Sends with the security headers on, and the browser's cookie where it has none."""
        admission = self.admission
        fresh = asked.path in admission.pages and admission.browser_cookie not in asked.cookies

        async def dressed(message: Message) -> None:
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

        return dressed

    async def _request(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; a stream that is still running when its session ends is cut."""
        if asked.principal is None or asked.method not in SAFE or asked.path.startswith(FILES):
            await self.app(scope, receive, send)
            return
        with self.presence.connected(asked.principal.session) as ended:
            await request_until(ended, self.app, scope, receive, send)

    async def _socket(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a WebSocket on; it closes with 4401 the moment its session ends."""
        if asked.principal is None:
            await self.app(scope, receive, send)
            return
        with self.presence.connected(asked.principal.session) as ended:
            await socket_until(ended, self.app, scope, receive, send)

    async def _away(self, asked: Asked, away: Unavailable, receive: Receive, send: Send) -> None:
        """Who asks cannot be known now: nothing is shown but that."""
        if asked.method == "WEBSOCKET":
            await self._closed(receive, send)
        else:
            status = self._foreign(asked)
            said = away_answer(HTTPConnection(asked.scope), away)
            dressed = self._dressed(asked, send)
            await (_answer(dressed, status) if status else said(asked.scope, receive, dressed))

    async def _closed(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.close", "code": 1008})


def _read(scope: Scope) -> Asked:
    headers: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:  # said twice is said as a list: two hosts are no host, two origins no origin
        key = name.lower()
        headers[key] = headers[key] + (b"; " if key == b"cookie" else b", ") + value if key in headers else value
    cookies: dict[str, str] = {}
    for part in headers.get(b"cookie", b"").split(b";"):
        name, _, value = part.decode("latin-1").strip().partition("=")
        cookies.setdefault(name, value)
    scope = {**scope, "state": dict(scope.get("state") or {})}
    method = "WEBSOCKET" if scope["type"] == "websocket" else scope["method"]
    return Asked(scope, scope["path"], method, headers, cookies)


async def _answer(send: Send, status: int) -> None:
    body = WORDS.get(status, "404").encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
