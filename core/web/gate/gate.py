"""The gate: middleware that decides which requests reach Streamlit and our routes (docs/security.md, Gate).

A request that no rule allows is refused. The gate decides by `scope["path"]`, never by a URL built from what a client
sent (CVE-2026-48710). It removes identity headers that the client sent and sets its own. It refuses a request with a
foreign Origin before Streamlit sees it.
"""

import re
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial

import anyio
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from core import http_names
from core.desk.accounts.throttling import network
from core.rules.access import Principal
from core.rules.words import Unavailable
from core.web.gate.admission import Admission
from core.web.gate.anonymous_limits import AnonymousLimits, Client
from core.web.gate.incoming import IncomingRequest, read
from core.web.gate.refusals import answer, log_refusal
from core.web.gate.response_headers import COMPONENTS, FILES, with_headers
from core.web.gate.session_connections import SessionConnections
from core.web.gate.session_cutoff import Cut, request_until, socket_until, stream_until
from core.web.http.client_address import visitor
from core.web.http.rate_limit import RateLimit
from core.web.http.request_body import BodyRefused, read_body, replayed
from core.web.http.unavailable import answer as away_answer
from core.web.streamlit_page.frames import BUSY, Frames

IDENTITY_PREFIX = http_names.IDENTITY_PREFIX.encode()
REMEMBERED = 1.0  # seconds for which the lookup of a session is cached
MOST_REMEMBERED = 4096
SAFE = frozenset({"GET", "HEAD"})
HEALTH = frozenset({"/_stcore/health", "/healthz"})  # for monitoring: any Host header, no session
PLATFORM = frozenset({"/_stcore/host-config", "/favicon.png", "/robots.txt"})
MEMBERS = ("/media/",)  # files that Streamlit holds in memory, for requests with a session only
STREAM = "/_stcore/stream"
Recall = Callable[[str], Principal | None]


def _no_device(_cookie: str) -> str:
    return ""


@dataclass(slots=True)
class Gate:
    """The gate's middleware. Only ServerLimits lies outside it."""

    app: ASGIApp
    admission: Admission
    session_connections: SessionConnections
    recall: Recall  # session secret -> its principal, from the database; None when there is no such session
    anonymous_limits: AnonymousLimits = field(default_factory=AnonymousLimits)
    frames: Frames = field(default_factory=Frames)
    device: Callable[[str], str] = _no_device  # device cookie -> name of a known browser, or ""
    changes: RateLimit = field(
        default_factory=lambda: RateLimit(per_second=5, burst=600)
    )  # rate limit of changes, per session
    _remembered: dict[str, tuple[float, int, Principal | None]] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse a request or WebSocket; other scopes (lifespan) are passed on."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        request = read(scope)
        request.address = self._address(request)
        try:
            await self._identify(request)
        except Unavailable as away:
            await self._respond_unavailable(request, away, receive, send)
            return
        busy = request.counted and not await self.anonymous_limits.requests.turn(self._client(request))
        refusal = 429 if busy else self._refusal(request)
        if refusal:
            await self._refuse(request, refusal, receive, send)
        elif request.method == "WEBSOCKET":
            await self._socket(request, self._with_identity_headers(request), receive, send)
        else:
            await self._request(
                request, self._with_identity_headers(request), receive, with_headers(self.admission, request, send)
            )

    async def _identify(self, request: IncomingRequest) -> None:
        """Set the request's principal, and whether it counts towards the limits for visitors without a session.

        For public files the cache alone decides, without a database query. Health checks are never counted.
        """
        secret = request.cookies.get(self.admission.session_cookie, "")
        if request.path in HEALTH:
            return
        if request.path.startswith(FILES):
            request.counted = secret not in self._remembered
        else:
            request.principal = await self._who(secret, anew=request.method == "WEBSOCKET")
            request.counted = request.principal is None
        if request.connection is not None:
            request.connection.member = not request.counted

    async def _who(self, secret: str, *, anew: bool) -> Principal | None:
        """The principal of a session secret. With `anew` the cache is not used: another process may have ended it."""
        if not 0 < len(secret) <= 128:
            return None
        now, generation = time.monotonic(), self.session_connections.generation
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

    def _client(self, request: IncomingRequest) -> Client:
        """The client that a request without a session is counted for: a known browser, or else the network."""
        device = self.device(request.cookies.get(self.admission.device_cookie, ""))
        return Client(f"device {device}", known=True) if device else Client(network(request.address))

    def _refusal(self, request: IncomingRequest) -> int:
        """The status with which this request is refused; 0 if it is allowed."""
        if request.path in HEALTH and request.method in SAFE:
            return 0
        unprintable = 0 if request.path.isprintable() else 404  # no path of ours contains a control character
        return self._foreign(request) or unprintable or self._unlisted(request)

    def _foreign(self, request: IncomingRequest) -> int:
        """The status that refuses a request with an unknown Host, or from another site; 0 if it is neither."""
        host = request.headers.get(b"host", b"").decode("latin-1").lower()
        if host not in self.admission.hosts:
            return 421
        origin = request.headers.get(b"origin", b"").decode("latin-1").lower()
        if (request.method not in SAFE or origin) and origin not in self.admission.origins:
            return 403
        same_site = request.headers.get(b"sec-fetch-site", b"same-origin") in {b"same-origin", b"none"}
        return 0 if same_site or self._is_top_level_navigation(request) else 403

    def _unlisted(self, request: IncomingRequest) -> int:
        """The status that refuses a path that does not exist or needs another principal; 0 if the path is allowed."""
        admission, who, path = self.admission, request.principal, request.path
        is_open, is_member = self._listed(admission.open_routes, path), self._listed(admission.member_routes, path)
        request.scope["state"]["ours"] = is_open or is_member
        request.open = is_open
        if is_open:
            return 0
        if path == STREAM:
            return 0 if request.method == "WEBSOCKET" else 404
        is_read = request.method in SAFE
        if is_read and (path in admission.pages or path in PLATFORM or path.startswith((*FILES, *COMPONENTS))):
            return 0
        if who is None:
            return 401
        if not (is_member or (is_read and path.startswith(MEMBERS))):
            return 404
        return 403 if who.must_change_password else 0

    def _is_top_level_navigation(self, request: IncomingRequest) -> bool:
        """True if a person follows a link on another site to one of our pages, the only cross-site request allowed."""
        is_navigation = request.headers.get(b"sec-fetch-mode") == b"navigate"
        is_document = request.headers.get(b"sec-fetch-dest") == b"document"
        return request.method in SAFE and is_navigation and is_document and request.path in self.admission.linked

    def _streams(self, request: IncomingRequest) -> bool:
        """Whether the route reads the body of this request itself, piece by piece."""
        return request.method == "PATCH" and self._listed(self.admission.streamed_routes, request.path)

    @staticmethod
    def _listed(routes: Collection[re.Pattern[str]], path: str) -> bool:
        return any(route.match(path) for route in routes)

    def _with_identity_headers(self, request: IncomingRequest) -> Scope:
        """The scope for the application: identity headers set by the gate alone, and the visitor's address."""
        headers = [
            (name, value) for name, value in request.scope["headers"] if not name.lower().startswith(IDENTITY_PREFIX)
        ]
        headers.append((http_names.ADDRESS_HEADER.encode(), request.address.encode()))
        if request.principal is not None:
            headers.append((http_names.USER_HEADER.encode(), request.principal.username.encode()))
            headers.append((http_names.SESSION_HEADER.encode(), request.principal.session.encode()))
        request.scope["state"].update(principal=request.principal, address=request.address)
        return {**request.scope, "headers": headers}

    def _address(self, request: IncomingRequest) -> str:
        client = str((request.scope.get("client") or ("", 0))[0])
        forwarded = request.headers.get(b"x-forwarded-for", b"").decode("latin-1")
        return visitor(client, forwarded, self.admission.proxies, inside=self.admission.inside)

    async def _request(self, request: IncomingRequest, scope: Scope, receive: Receive, send: Send) -> None:
        """Run a request until its session ends. Without a session: until a newer connection takes its place."""
        if request.counted:
            with self.anonymous_limits.connections.slot(self._client(request)) as full:
                if self._streams(request):
                    await stream_until(full, self.app, scope, receive, send)
                    return
                cut = Cut(full, lambda send: answer(send, 503), last_event=b"")
                await request_until(cut, self.app, scope, receive, send)
        elif request.principal is None or (request.open and request.method in SAFE):  # signing out ends its own session
            await self.app(scope, receive, send)
        elif request.method in SAFE:
            with self.session_connections.connected(request.principal.session) as ended:
                cut = Cut(ended, lambda send: answer(send, 401))
                await request_until(cut, self.app, scope, receive, send)
        else:
            await self._change(request, request.principal, scope, receive, send)

    async def _change(
        self, request: IncomingRequest, who: Principal, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Read the whole body of a change, look up its session again, then pass it on. From then on it may finish.

        A streamed body is read by the application, which is stopped where the session ends.
        """
        if self.changes.wait(who.session):
            await answer(send, 429)
            return
        self.changes.take(who.session)
        try:
            with self.session_connections.connected(who.session) as ended:
                length = request.headers.get(b"content-length", b"")
                large = self._listed(self.admission.large_routes, request.path)
                body = b"" if self._streams(request) else await read_body(ended, receive, length, large=large)
            still = await self._who(request.cookies.get(self.admission.session_cookie, ""), anew=True)
        except BodyRefused as refused:
            is_json = request.headers.get(b"content-type", b"").startswith(b"application/json")
            await answer(send, refused.status, as_json=is_json)
            return
        except Unavailable as away:
            await away_answer(HTTPConnection(scope), away)(scope, receive, send)
            return
        refusal = 401 if still is None or still.session != who.session else 403 if still.must_change_password else 0
        if refusal:
            await answer(send, refusal)
            return
        scope["state"]["principal"] = still
        if not self._streams(request):
            await self.app(scope, replayed(body, receive), send)
            return
        with self.session_connections.connected(who.session) as ended:
            await stream_until(ended, self.app, scope, receive, send)

    async def _socket(self, request: IncomingRequest, scope: Scope, receive: Receive, send: Send) -> None:
        """Run a WebSocket until its session ends (close code 4401). Without a session, the anonymous limits apply."""
        stream = request.path == STREAM
        if request.principal is not None:
            with self.session_connections.connected(request.principal.session) as ended:
                filtered_receive = self.frames.receiving(receive) if stream else receive
                await socket_until(Cut(ended), self.app, scope, filtered_receive, send)
            return
        client = self._client(request)
        with (self.anonymous_limits.sockets if stream else self.anonymous_limits.connections).slot(client) as full:
            cut = Cut(full, last_event=b"", code=BUSY)
            if not stream:
                await socket_until(cut, self.app, scope, receive, send)
            elif not await self.anonymous_limits.runs.turn(client):
                await self._refuse(request, 429, receive, send)
            else:
                filtered_receive = self.frames.receiving(receive, partial(self.anonymous_limits.runs.turn, client))
                await socket_until(cut, self.app, scope, filtered_receive, self.frames.sending(send))

    async def _respond_unavailable(
        self, request: IncomingRequest, away: Unavailable, receive: Receive, send: Send
    ) -> None:
        """Respond when the session cannot be looked up because the database is unavailable."""
        status = self._foreign(request)
        if request.method == "WEBSOCKET" or status:
            await self._refuse(request, status or 503, receive, send)
        else:
            response = away_answer(HTTPConnection(request.scope), away)
            await response(request.scope, receive, with_headers(self.admission, request, send))

    async def _refuse(self, request: IncomingRequest, status: int, receive: Receive, send: Send) -> None:
        """Refuse the request or close the WebSocket, and log one line."""
        log_refusal(status, network(request.address))
        if request.method == "WEBSOCKET":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await answer(with_headers(self.admission, request, send), status)
