"""Bodies that the gate passes on as they come: for one route, with a session, until the session ends."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from core.rules.access import Principal
from core.web.application import _patterns
from core.web.gate.gate import Gate
from core.web.gate.session_connections import SessionConnections
from core.web.http.request_body import BODY_BYTES
from tests.web.gate_application import ADMISSION, ORIGIN, People

STREAMED = replace(
    ADMISSION, streamed_routes=_patterns({"/sheet/{code}", "/open/{code}"}), member_routes=_patterns({"/sheet/{code}"})
)
PART = b"x" * BODY_BYTES


@dataclass
class Exchange:
    """One request through the gate: parts of a body that come, what the application reads, and the response."""

    people: People = field(default_factory=People)
    parts: int = 3
    after_part: Callable[["Exchange", int], object] = lambda _exchange, _part: None
    read: list[str] = field(default_factory=list)
    given: int = 0
    statuses: list[int] = field(default_factory=list)
    connections: SessionConnections = field(init=False)

    def run(self, method: str = "PATCH", path: str = "/sheet/T-1", cookie: str = "desk=judge-secret") -> int:
        """The status of the response."""
        asyncio.run(asyncio.wait_for(self._run(method, path, cookie), 50))
        return self.statuses[0]

    async def _run(self, method: str, path: str, cookie: str) -> None:
        self.connections = SessionConnections(self.people.living)
        gate = Gate(self._application, STREAMED, self.connections, self.people.recall)
        headers = {"host": "localhost:8501", "origin": ORIGIN, "cookie": cookie}
        scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()], "client": ("10.0.0.7", 1),
            "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "scheme": "http",
            "server": ("localhost", 8501), "root_path": "",
        }  # fmt: skip
        async with self.connections.watching():
            await gate(scope, self._receive, self._send)

    async def _receive(self) -> Any:
        if self.given == self.parts:
            await asyncio.sleep(60)
        self.given += 1
        return {"type": "http.request", "body": PART, "more_body": True}

    async def _application(self, _scope: Any, receive: Any, send: Any) -> None:
        while (message := await receive())["type"] == "http.request" and len(self.read) < 2:
            self.read.append(f"{len(message['body'])} of {self.given}")
            self.after_part(self, len(self.read))
        self.read.append(message["type"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def _send(self, message: Any) -> None:
        self.statuses.append(message.get("status", 0))


def test_the_application_reads_each_part_as_it_comes() -> None:
    exchange = Exchange()
    assert exchange.run() == 204
    assert exchange.read == [f"{BODY_BYTES} of 1", f"{BODY_BYTES} of 2", "http.request"]


def test_a_session_that_ends_is_a_client_that_is_gone_and_the_application_may_respond() -> None:
    def end(exchange: Exchange, part: int) -> None:
        if part == 1:
            exchange.people.sessions.clear()
            exchange.connections.recheck()

    exchange = Exchange(after_part=end, parts=1)
    assert exchange.run() == 204
    assert exchange.read == [f"{BODY_BYTES} of 1", "http.disconnect"]


class KnownOnce(People):
    """The session ends right after the gate has let the request in."""

    def recall(self, secret: str) -> Principal | None:
        found = super().recall(secret)
        self.sessions.clear()
        return found


def test_the_session_is_looked_up_again_before_the_body() -> None:
    exchange = Exchange(KnownOnce())
    assert (exchange.run(), exchange.given) == (401, 0)


@pytest.mark.parametrize("cookie", ["", "desk=unknown"])
def test_a_stranger_s_body_is_not_read(cookie: str) -> None:
    exchange = Exchange()
    assert (exchange.run(cookie=cookie), exchange.given) == (401, 0)


@pytest.mark.parametrize("method,path", [("PUT", "/sheet/T-1"), ("POST", "/sheet/T-1"), ("DELETE", "/sheet/T-1")])
def test_every_other_change_is_read_whole_and_bounded(method: str, path: str) -> None:
    exchange = Exchange()
    assert exchange.run(method, path) == 413 and exchange.read == []


def test_an_open_route_streams_for_strangers_too() -> None:
    exchange = Exchange(parts=9)
    assert exchange.run(path="/open/T-1", cookie="") == 204
    assert exchange.read[:2] == [f"{BODY_BYTES} of 1", f"{BODY_BYTES} of 2"]
