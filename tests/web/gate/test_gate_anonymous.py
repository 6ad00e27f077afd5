"""How the gate ends connections, and that it counts only requests without a session towards the limits."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, Router, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.live.channel import END
from core.web.gate import anonymous_limits
from core.web.gate.anonymous_limits import Allowance, AnonymousLimits, ConnectionLimit
from core.web.gate.gate import Gate
from core.web.gate.session_connections import SessionConnections
from core.web.gate.session_cutoff import ENDED
from core.web.http.rate_limit import RateLimit
from core.web.streamlit_page.frames import Frames
from tests.web.gate_application import ADMISSION, ORIGIN, SECRET, People, gate_client, signed_in


async def events(_request: Request) -> Response:
    async def lines() -> AsyncIterator[bytes]:
        while True:
            yield b"event: change\ndata: {}\n\n"
            await asyncio.sleep(0.01)

    return StreamingResponse(lines(), media_type="text/event-stream")


async def film(_request: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 100
            await asyncio.sleep(0.01)

    return StreamingResponse(pieces(), media_type="video/mp4")


async def slow(_request: Request) -> Response:
    await asyncio.sleep(3)
    return PlainTextResponse(SECRET)


async def socket(connection: WebSocket) -> None:
    await connection.accept()
    try:
        while True:
            await connection.send_bytes(b"<" + await connection.receive_bytes() + b">")
    except WebSocketDisconnect:
        pass


PLACES = Router(
    [
        Route("/sheet/film", film),
        Route("/sheet/slow", slow),
        Route("/stream", events),
        Route("/open/events", events),
        Route("/open/{code}", lambda _request: PlainTextResponse("ok")),
        Route("/static/{path:path}", lambda _request: PlainTextResponse("ok")),
        Route("/", lambda _request: PlainTextResponse("ok")),
        WebSocketRoute("/_stcore/stream", socket),
    ]
)


@dataclass
class GateRequest:
    """One request to a gate, and the messages of its response."""

    gate: Gate
    path: str
    cookie: str = ""
    client: str = "10.0.0.7"
    came: list[Any] = field(default_factory=list)
    arriving: "asyncio.Queue[Any]" = field(default_factory=asyncio.Queue)

    @property
    def status(self) -> int:
        return next((each["status"] for each in self.came if each["type"] == "http.response.start"), 0)

    @property
    def body(self) -> bytes:
        return b"".join(each.get("body", b"") for each in self.came if each["type"] == "http.response.body")

    @property
    def code(self) -> int:
        return next((each.get("code", 0) for each in self.came if each["type"] == "websocket.close"), 0)

    def begin(self, kind: str = "http") -> "asyncio.Task[None]":
        headers = [(b"host", b"localhost:8501"), (b"origin", ORIGIN.encode())]
        headers += [(b"cookie", self.cookie.encode())] if self.cookie else []
        scope: dict[str, Any] = {
            "type": kind, "path": self.path, "raw_path": self.path.encode(), "query_string": b"", "headers": headers,
            "client": (self.client, 1), "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
            "scheme": "http" if kind == "http" else "ws", "server": ("localhost", 8501), "root_path": "", "subprotocols": [],
        }  # fmt: skip
        if kind == "http":
            scope["method"] = "GET"
        else:
            self.arriving.put_nowait({"type": "websocket.connect"})

        async def send(message: Any) -> None:
            self.came.append(message)

        return asyncio.create_task(self.gate(scope, self.arriving.get, send))

    def sends(self, data: bytes) -> None:
        self.arriving.put_nowait({"type": "websocket.receive", "bytes": data})


@dataclass
class AtTheGate:
    people: People
    session_connections: SessionConnections
    gate: Gate

    def asks(self, path: str, cookie: str = "", client: str = "10.0.0.7") -> GateRequest:
        return GateRequest(self.gate, path, cookie, client)

    def end_session(self) -> None:
        self.people.sessions.clear()
        self.session_connections.recheck()


def run(test: Callable[[AtTheGate], Awaitable[None]], **gate_fields: Any) -> None:
    async def within() -> None:
        people = People()
        session_connections = SessionConnections(people.living)
        gate = Gate(PLACES, ADMISSION, session_connections, people.recall, **gate_fields)
        async with session_connections.watching():
            await asyncio.wait_for(test(AtTheGate(people, session_connections, gate)), 60)

    asyncio.run(within())


JUDGES = "desk=judge-secret"


async def begun(request: GateRequest, messages: int = 3) -> None:
    while len(request.came) < messages:  # noqa: ASYNC110  # a list tells nobody that it grew
        await asyncio.sleep(0.005)


class TestASessionThatEnds:
    def test_is_reported_on_a_live_line_by_its_last_event(self) -> None:
        async def test(at: AtTheGate) -> None:
            line = at.asks("/stream", JUDGES)
            running = line.begin()
            await begun(line)
            at.end_session()
            await running
            assert line.body.endswith(END) and line.body.count(END) == 1
            assert line.came[-1]["more_body"] is False
            sent = len(line.came)
            await asyncio.sleep(0.05)
            assert len(line.came) == sent

        run(test)

    def test_cuts_a_film_where_it_is(self) -> None:
        async def test(at: AtTheGate) -> None:
            line = at.asks("/sheet/film", JUDGES)
            running = line.begin()
            await begun(line)
            at.end_session()
            await running
            assert END not in line.body and set(line.body) == {ord("x")}

        run(test)

    def test_is_reported_if_no_response_had_started(self) -> None:
        """What was asked for in time may not be shown afterwards."""

        async def test(at: AtTheGate) -> None:
            request = at.asks("/sheet/slow", JUDGES)
            running = request.begin()
            await asyncio.sleep(0.05)
            at.end_session()
            await running
            assert request.status == 401 and SECRET.encode() not in request.body

        run(test)

    def test_lets_the_route_that_ends_it_answer(self) -> None:
        """Signing out, and a new password: the browser is sent on by the very request that ends its session."""

        async def test(at: AtTheGate) -> None:
            async def signs_out(scope: Any, receive: Any, send: Any) -> None:
                at.end_session()
                await asyncio.sleep(0.1)
                await PlainTextResponse("signed out")(scope, receive, send)

            at.gate.app = signs_out
            request = at.asks("/open/end", JUDGES)
            await request.begin()
            assert (request.status, request.body) == (200, b"signed out")

        run(test)

    def test_closes_a_line_that_reads_nothing_without_waiting_for_it(self) -> None:
        async def test(at: AtTheGate) -> None:
            stuck = asyncio.Event()

            class Stuck(GateRequest):
                def begin(self, kind: str = "http") -> "asyncio.Task[None]":
                    took = self.came.append

                    async def gate(scope: Any, receive: Any, _send: Any) -> None:
                        async def send(message: Any) -> None:
                            if len(self.came) >= 3:
                                await stuck.wait()
                            took(message)

                        await at.gate(scope, receive, send)

                    self.gate = gate  # type: ignore[assignment]  # called alike
                    return super().begin(kind)

            line = Stuck(at.gate, "/stream", JUDGES)
            running = line.begin()
            await begun(line)
            at.end_session()
            await asyncio.wait_for(running, 30)

        run(test)


def limits(**limit_values: Any) -> AnonymousLimits:
    """Limits of this test: so many of one kind, and of the others more than it needs."""
    made = AnonymousLimits(20_000)
    for name, value in limit_values.items():
        setattr(made, name, value)
    return made


class TestWhoIsCounted:
    @pytest.fixture(autouse=True)
    def _impatient(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(anonymous_limits, "PATIENCE_S", 0.0)

    def statuses(
        self, cookie: str, path: str, clients: tuple[str, ...], limit_values: AnonymousLimits, device: Any = None
    ) -> list[int]:
        found: list[int] = []

        async def test(at: AtTheGate) -> None:
            if device is not None:
                at.gate.device = device
            for client in clients:
                request = at.asks(path, cookie, client)
                await request.begin()
                found.append(request.status)

        run(test, anonymous_limits=limit_values)
        return found

    def test_a_stranger_who_asks_too_often_is_refused_and_others_are_not(self) -> None:
        few = limits(requests=Allowance(RateLimit(0.01, 2), RateLimit(1000, 1000)))
        clients = ("10.0.0.7",) * 4 + ("10.0.0.8",)
        assert self.statuses("", "/open/x", clients, few) == [200, 200, 429, 429, 200]

    def test_signed_in_users_are_never_counted(self) -> None:
        few = limits(requests=Allowance(RateLimit(0.01, 2), RateLimit(0.01, 2)))
        assert self.statuses(JUDGES, "/open/x", ("10.0.0.7",) * 6, few) == [200] * 6

    def test_the_files_of_their_pages_are_not_counted(self) -> None:
        few = limits(requests=Allowance(RateLimit(0.01, 2), RateLimit(0.01, 2)))

        async def test(at: AtTheGate) -> None:
            assert [await self.status(at, path, JUDGES) for path in ("/", *("/static/a.js",) * 6)] == [200] * 7
            assert at.people.lookups == 1  # and the database is not asked for each
            assert [await self.status(at, "/static/a.js", "desk=forged") for _ in range(3)] == [200, 200, 429]

        run(test, anonymous_limits=few)

    async def status(self, at: AtTheGate, path: str, cookie: str) -> int:
        request = at.asks(path, cookie)
        await request.begin()
        return request.status

    def test_a_known_browser_is_counted_for_itself(self) -> None:
        few = limits(requests=Allowance(RateLimit(0.01, 2), RateLimit(0.01, 3)))

        async def test(at: AtTheGate) -> None:
            at.gate.device = lambda cookie: cookie
            assert [await self.status(at, "/open/x", "") for _ in range(4)] == [200, 200, 429, 429]
            assert [await self.status(at, "/open/x", "device=a") for _ in range(3)] == [200, 200, 429]
            assert await self.status(at, "/open/x", "device=b") == 200

        run(test, anonymous_limits=few)

    def test_monitors_are_never_counted(self) -> None:
        none = limits(requests=Allowance(RateLimit(0.01, 1), RateLimit(0.01, 1)))
        assert 429 not in self.statuses("", "/_stcore/health", ("10.0.0.7",) * 5, none)


class TestTooManyOpen:
    def test_the_oldest_line_of_a_place_makes_room_and_may_come_back(self) -> None:
        async def test(at: AtTheGate) -> None:
            lines = [at.asks("/open/events") for _ in range(3)]
            running = []
            for line in lines:
                running.append(line.begin())
                await begun(line)
            await asyncio.wait_for(running[0], 30)
            assert END not in lines[0].body  # its page asks again by itself
            assert not running[1].done() and not running[2].done()
            member = at.asks("/stream", JUDGES)
            running.append(member.begin())
            await begun(member)
            assert not running[1].done()
            for each in running[1:]:
                each.cancel()

        run(test, anonymous_limits=limits(connections=ConnectionLimit(per_client=2, total=100)))

    def test_the_oldest_socket_of_a_place_makes_room(self) -> None:
        async def test(at: AtTheGate) -> None:
            sockets = [at.asks("/_stcore/stream") for _ in range(3)]
            running = []
            for each in sockets:
                running.append(each.begin("websocket"))
                await begun(each, 1)
            await asyncio.wait_for(running[0], 30)
            assert sockets[0].code == 1013
            member = at.asks("/_stcore/stream", JUDGES)
            running.append(member.begin("websocket"))
            await begun(member, 1)
            assert [each.done() for each in running] == [True, False, False, False]
            at.end_session()
            await asyncio.wait_for(running[3], 30)
            assert member.code == ENDED
            for task in running:
                task.cancel()

        run(test, anonymous_limits=limits(sockets=ConnectionLimit(per_client=2, total=100)))


class TestRuns:
    """Without a session, each message that requests a run of the script waits for the rate limit."""

    def test_are_passed_on_at_a_limited_rate_and_none_is_lost(self) -> None:
        async def test(at: AtTheGate) -> None:
            request = at.asks("/_stcore/stream")
            running = request.begin("websocket")
            for number in range(4):
                request.sends(b"%d" % number)
            began = asyncio.get_running_loop().time()
            await begun(request, 5)
            assert asyncio.get_running_loop().time() - began >= 0.2  # one to open it, two at once, two at a tenth each
            assert [each["bytes"] for each in request.came[1:]] == [b"<0>", b"<1>", b"<2>", b"<3>"]
            running.cancel()

        run(test, anonymous_limits=limits(runs=Allowance(RateLimit(10, 3), RateLimit(1000, 1000))))

    def test_of_signed_in_users_are_not_delayed(self) -> None:
        async def test(at: AtTheGate) -> None:
            request = at.asks("/_stcore/stream", JUDGES)
            running = request.begin("websocket")
            for number in range(20):
                request.sends(b"%d" % number)
            await asyncio.wait_for(begun(request, 21), 30)
            running.cancel()

        run(test, anonymous_limits=limits(runs=Allowance(RateLimit(0.01, 1), RateLimit(0.01, 1))))

    def test_that_would_wait_too_long_end_the_socket(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(anonymous_limits, "PATIENCE_S", 0.0)

        async def test(at: AtTheGate) -> None:
            request = at.asks("/_stcore/stream")
            running = request.begin("websocket")
            await begun(request, 1)
            for _ in range(3):
                request.sends(b"x")
            await asyncio.wait_for(running, 30)
            assert request.code == 1013

        run(test, anonymous_limits=limits(runs=Allowance(RateLimit(0.01, 2), RateLimit(1000, 1000))))


class TestFrames:
    KINDS = Frames(kind=lambda data: None if data == b"broken" else data.decode(), blanked=lambda _data: b"blanked")

    def talk(self, cookie: str, *sent: bytes) -> tuple[list[bytes], int]:
        messages: list[bytes] = []
        codes: list[int] = []

        async def test(at: AtTheGate) -> None:
            request = at.asks("/_stcore/stream", cookie)
            running = request.begin("websocket")
            for data in sent:
                request.sends(data)
            request.arriving.put_nowait({"type": "websocket.disconnect", "code": 1000})
            await running
            messages.extend(each["bytes"] for each in request.came if each["type"] == "websocket.send")
            codes.append(request.code)

        run(test, frames=self.KINDS)
        return messages, codes[0]

    @pytest.mark.parametrize("cookie", ["", JUDGES])
    def test_only_messages_of_our_pages_are_passed_on(self, cookie: str) -> None:
        messages, code = self.talk(
            cookie, b"clear_cache", b"rerun_script", b"nothing", b"app_heartbeat", b"debug_shutdown_runtime"
        )
        assert (len(messages), code) == (2, 0)

    @pytest.mark.parametrize("cookie", ["", JUDGES])
    def test_an_invalid_message_closes_the_socket(self, cookie: str) -> None:
        assert self.talk(cookie, b"rerun_script", b"broken", b"rerun_script")[1] == 1002

    def test_messages_to_strangers_are_blanked(self) -> None:
        assert self.talk("", b"rerun_script")[0] == [b"blanked"]
        assert self.talk(JUDGES, b"rerun_script")[0] == [b"<rerun_script>"]


def test_a_refusal_logs_the_network_and_nothing_that_was_sent(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "judging-desk.security")
    with gate_client(People()) as client:
        client.get("/PLANTED-PATH?t=PLANTED-QUERY", headers={"cookie": "desk=PLANTED-COOKIE"})
        client.get("/queue", headers={"host": "PLANTED-HOST"})
        client.get("/nowhere", headers=signed_in())
        client.get("/queue")
    lines = [record.getMessage() for record in caplog.records]
    assert lines == [
        "refused with 401, from 10.0.0.7",
        "refused with 421, from 10.0.0.7",
        "refused with 404, from 10.0.0.7",
    ]


@pytest.mark.parametrize("path", ["/open/a%00b", "/open/%1b", "/queue%0d%0aX: y", "/open/%7f"])
def test_no_address_contains_a_control_character(path: str) -> None:
    with gate_client(People()) as client:
        assert client.get(path, headers=signed_in()).status_code == 404
