"""A small application with planted secrets behind the gate, instead of Streamlit, and the sessions it knows."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.rules.access import Principal, Role
from core.web.application import _patterns
from core.web.gate.admission import Admission
from core.web.gate.gate import Gate
from core.web.gate.session_connections import SessionConnections
from core.web.http import policy

with warnings.catch_warnings():  # it asks for a later httpx by another name
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient as TestClient  # noqa: PLC0414  # handed on, its warning silenced once

ORIGIN = "http://localhost:8501"
SECRET = "PLANTED-9f31"
JUDGE = Principal("gk1", "A", frozenset({Role.JUDGE}), "a" * 64)
FRESH = Principal("gk2", "B", frozenset({Role.JUDGE}), "b" * 64, must_change_password=True)


@dataclass
class People:
    """Sessions that live until they are ended."""

    sessions: dict[str, Principal] = field(default_factory=lambda: {"judge-secret": JUDGE, "fresh-secret": FRESH})
    lookups: int = 0

    def recall(self, secret: str) -> Principal | None:
        self.lookups += 1
        return self.sessions.get(secret)

    def living(self, hashes: Collection[str]) -> frozenset[str]:
        return frozenset(hashes) & {who.session for who in self.sessions.values()}


async def everything(scope: Scope, receive: Receive, send: Send) -> None:
    """Replaces Streamlit: responds on every path with a secret and the identity headers it received."""
    request = Request(scope, receive)
    seen = {name: value for name, value in request.headers.items() if name.startswith("x-jd-")}
    await JSONResponse({"secret": SECRET, "told": seen})(scope, receive, send)


async def stream(_request: Request) -> Response:
    async def lines() -> AsyncIterator[str]:
        while True:
            yield f"{SECRET}\n"
            await asyncio.sleep(0.02)

    return StreamingResponse(lines())


async def socket(connection: WebSocket) -> None:
    await connection.accept()
    await connection.send_json({"secret": SECRET, "user": connection.headers.get("x-jd-user")})
    try:
        while True:
            await connection.send_text(await connection.receive_text())
    except WebSocketDisconnect:
        pass


async def ours(_request: Request) -> Response:
    return PlainTextResponse(SECRET)


ADMISSION = Admission(
    pages=frozenset({"/", "/queue"}),
    open_routes=_patterns({"/open/{code}"}),
    member_routes=_patterns({"/sheet/{code}", "/stream"}),
    origins=frozenset({ORIGIN}),
    hosts=frozenset({"localhost:8501"}),
    secure=False,
    proxies=frozenset({"10.9.9.9"}),
    policy=policy.Policy("'sha256-x'", "ws://localhost:8501", secure=False),
    linked=frozenset({"/", "/queue"}),
)


@contextmanager
def gate_client(
    people: People, admission: Admission = ADMISSION, client: tuple[str, int] = ("10.0.0.7", 1)
) -> Iterator[TestClient]:
    session_connections = SessionConnections(people.living)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with session_connections.watching():
            yield

    routes: list[Any] = [
        Route("/open/{code}", ours),
        Route("/sheet/{code}", ours, methods=["GET", "PUT"]),
        Route("/stream", stream),
        WebSocketRoute("/_stcore/stream", socket),
        WebSocketRoute("/other", socket),
        Mount("/", everything),
    ]
    gate = Middleware(Gate, admission=admission, session_connections=session_connections, recall=people.recall)
    app = Starlette(routes=routes, middleware=[gate], lifespan=lifespan)
    app.state.session_connections = session_connections
    with TestClient(app, base_url=ORIGIN, client=client) as served:
        yield served


def signed_in(cookie: str = "judge-secret") -> dict[str, str]:
    return {"cookie": f"desk={cookie}"}


def status_of(people: People, headers: list[tuple[str, str]], method: str = "GET", path: str = "/sheet/T-1") -> int:
    """The status of a request whose headers are sent unchanged, duplicates included."""
    gate = Gate(everything, ADMISSION, SessionConnections(people.living), people.recall)
    came: list[int] = []

    async def send(message: Any) -> None:
        came.append(message.get("status", 0))

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers], "client": ("10.0.0.7", 1),
        "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "scheme": "http",
        "server": ("localhost", 8501), "root_path": "",
    }  # fmt: skip
    asyncio.run(gate(scope, receive, send))
    return came[0]
