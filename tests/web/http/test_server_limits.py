"""Limits of connections before any middleware runs: uvicorn with our limits, and the running server."""

import asyncio
import contextlib
import http.client
import json
import logging
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from core.web.http import server_limits
from core.web.http.connections import Connection, WaitingConnections
from core.web.http.server_limits import HEAD_BYTES, HEADERS, PIPELINED, UNREAD_BODY_BYTES, ServerLimits
from tests.serving.servers import Server, free_port, serving


@dataclass
class Application:
    """Responds in a different way on each path, and counts the requests."""

    requests: int = 0
    connections: list[Connection] = field(default_factory=list)
    member: bool = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for _ in range(2):
                kind = (await receive())["type"]
                await send({"type": f"{kind}.complete"})
            return
        self.requests += 1
        connection = scope["extensions"]["judging-desk.connection"]
        connection.member = self.member
        self.connections.append(connection)
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            while (await receive())["type"] != "websocket.disconnect":
                pass
            return
        headers = [
            (b"content-type", b"text/plain"),
            *([(b"connection", b"close")] if scope["path"] == "/closing" else []),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["path"] == "/endless":
            with contextlib.suppress(OSError):
                for _ in range(2000):
                    await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
        await send({"type": "http.response.body", "body": b"ok"})


@dataclass
class Served:
    port: int
    application: Application
    waiting: WaitingConnections
    lines: list[socket.socket] = field(default_factory=list)

    def line(self, sent: bytes = b"") -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.lines.append(made)
        made.sendall(sent)
        return made


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A small application served by uvicorn as `streamlit run` does, with short timeouts."""
    for name, seconds in (("HEAD_S", 1.0), ("UNREAD_BODY_S", 0.4), ("STALLED_S", 0.4)):
        monkeypatch.setattr(server_limits, name, seconds)
    application, waiting, port = Application(), WaitingConnections(20), free_port()
    config = uvicorn.Config(ServerLimits(application, waiting), port=port, ws="websockets-sansio", log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    made = Served(port, application, waiting)
    yield made
    for line in made.lines:
        line.close()
    server.should_exit = server.force_exit = True
    thread.join(60)


def closed_after(line: socket.socket) -> float:
    """Seconds until the server closes the connection; everything received until then is discarded."""
    began = time.monotonic()
    with contextlib.suppress(ConnectionResetError):
        while line.recv(65536):
            pass
    return time.monotonic() - began


def answered(line: socket.socket) -> bytes:
    """The status line; empty if the server closed the connection."""
    with contextlib.suppress(ConnectionResetError):
        return line.recv(65536).split(b"\r\n")[0]
    return b""


GET = b"GET / HTTP/1.1\r\nHost: x\r\n"


class TestRequestHead:
    def test_that_never_ends_is_cut_off_before_it_is_kept(self, served: Served) -> None:
        line, sent = served.line(GET + b"X-A: "), 0
        with contextlib.suppress(ConnectionError):
            while sent < 1000 * HEAD_BYTES:
                line.sendall(b"a" * 8192)
                sent += 8192
        assert sent < 200 * HEAD_BYTES  # the machine's buffers hold a few megabytes
        assert served.application.requests == 0

    @pytest.mark.parametrize(
        "head",
        [
            GET + b"X-A: " + b"a" * HEAD_BYTES,
            GET + b"".join(b"X-%d: %s\r\n" % (number, b"a" * 1000) for number in range(70)),
            GET + b"X: y\r\n" * (HEADERS + 1),
            b"GET /" + b"a" * HEAD_BYTES + b" HTTP/1.1\r\nHost: x\r\n",
            b"GET /?" + b"a=b&" * (HEAD_BYTES // 4) + b" HTTP/1.1\r\nHost: x\r\n",
        ],
        ids=["one long header", "many long ones", "many short ones", "a long path", "a long query"],
    )
    def test_that_is_too_large_is_refused(self, served: Served, head: bytes) -> None:
        line = served.line(head + b"\r\n\r\n")
        assert answered(line) in {b"HTTP/1.1 431 Request Header Fields Too Large", b""}
        assert served.application.requests == 0

    def test_of_an_ordinary_size_is_answered(self, served: Served) -> None:
        head = GET + b"X: y\r\n" * 90 + b"Cookie: " + b"a" * 16_000 + b"\r\n\r\n"
        assert answered(served.line(head)) == b"HTTP/1.1 200 OK"

    @pytest.mark.timed
    @pytest.mark.parametrize("begun", [b"", b"GET", GET, GET + b"X-"])
    def test_that_does_not_come_is_not_waited_for(self, served: Served, begun: bytes) -> None:
        assert 0.2 < closed_after(served.line(begun)) < 2

    @pytest.mark.timed
    def test_that_comes_a_byte_at_a_time_is_not_waited_for(self, served: Served) -> None:
        line, began = served.line(), time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - began < 4:
                line.sendall(b"G")
                time.sleep(0.05)
        assert time.monotonic() - began < 3

    @pytest.mark.timed
    def test_of_a_second_request_is_waited_for_no_longer(self, served: Served) -> None:
        line = served.line(GET + b"\r\n")
        assert answered(line) == b"HTTP/1.1 200 OK"
        line.sendall(b"GET / HT")
        assert 0.2 < closed_after(line) < 2

    @pytest.mark.timed
    def test_of_many_requests_sent_at_once_is_read_only_so_far(self, served: Served) -> None:
        line = served.line(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n" + (GET + b"\r\n") * (PIPELINED + 5))
        assert closed_after(line) < 5
        assert served.application.requests <= PIPELINED + 1


class TestBodyAndResponse:
    @pytest.mark.timed
    def test_a_body_that_nobody_reads_is_not_taken_in_for_ever(self, served: Served) -> None:
        line = served.line(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
        assert answered(line) == b"HTTP/1.1 200 OK"
        began = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - began < 4:
                line.sendall(b"x" * 100)
                time.sleep(0.05)
        assert time.monotonic() - began < 3

    def test_a_body_that_comes_after_its_response_does_no_harm(self, served: Served) -> None:
        line = served.line(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n")
        assert answered(line) == b"HTTP/1.1 200 OK"
        line.sendall(b"abc" + GET + b"\r\n")
        assert answered(line) == b"HTTP/1.1 200 OK"
        time.sleep(0.6)
        line.sendall(GET + b"\r\n")  # the timeout of the unread body has passed
        assert answered(line) == b"HTTP/1.1 200 OK"

    @pytest.mark.parametrize(
        "head",
        [b"POST / HTTP/1.1\r\n", b"POST / HTTP/1.0\r\n", b"POST /closing HTTP/1.1\r\n"],
        ids=["open", "1.0", "closing"],
    )
    @pytest.mark.parametrize("size", [0, 1, 300_000, 3_000_000])
    def test_whoever_sends_a_whole_body_that_nobody_reads_still_gets_the_response(
        self, served: Served, monkeypatch: pytest.MonkeyPatch, head: bytes, size: int
    ) -> None:
        monkeypatch.setattr(server_limits, "UNREAD_BODY_S", 60.0)  # for which a busy machine has time to send it
        line = served.line(head + b"Host: x\r\nContent-Length: %d\r\n\r\n" % size)
        line.sendall(b"x" * size)
        time.sleep(0.1)  # the server has long responded
        assert line.recv(4096).split(b"\r\n")[0] == b"HTTP/1.1 200 OK"
        if head != b"POST / HTTP/1.1\r\n":
            while line.recv(4096):
                pass  # it ends: closed, not reset

    def test_nothing_is_answered_after_a_response_that_closes(self, served: Served) -> None:
        head = b"POST /closing HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"
        line = served.line(head + b"abc" + GET + b"\r\n")
        closed_after(line)
        assert served.application.requests == 1

    @pytest.mark.parametrize("path", [b"/", b"/closing"])
    def test_a_fast_body_that_nobody_reads_is_cut_off_by_its_size(
        self, served: Served, monkeypatch: pytest.MonkeyPatch, path: bytes
    ) -> None:
        monkeypatch.setattr(server_limits, "UNREAD_BODY_S", 60.0)
        line = served.line(b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
        sent = 0
        with contextlib.suppress(ConnectionError):
            while sent < 100 * UNREAD_BODY_BYTES:
                line.sendall(b"x" * 65536)
                sent += 65536
        assert sent < 4 * UNREAD_BODY_BYTES  # the machine's buffers hold a few megabytes

    @pytest.mark.timed
    def test_a_stranger_who_reads_nothing_of_the_response_is_disconnected(self, served: Served) -> None:
        line = served.line(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(1.5)
        came = 0
        with contextlib.suppress(ConnectionResetError):
            while piece := line.recv(1 << 20):
                came += len(piece)
        assert came < 2000 * 65536

    def test_a_judge_who_pauses_the_film_is_not_disconnected(self, served: Served) -> None:
        served.application.member = True
        line = served.line(b"GET /endless HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        time.sleep(1.5)
        came = 0
        while piece := line.recv(1 << 20):
            came += len(piece)
        assert came > 2000 * 65536


UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def frame(opcode: int, data: bytes, *, last: bool = True) -> bytes:
    """A masked WebSocket frame with a mask of zeros."""
    length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xff" + len(data).to_bytes(8)
    return bytes([(0x80 if last else 0) | opcode]) + length + b"\x00" * 4 + data


class TestSockets:
    def code(self, line: socket.socket) -> int:
        """The server's close code."""
        with contextlib.suppress(ConnectionResetError):
            came = b""
            while got := line.recv(65536):
                came = (came + got).replace(b"\x8a\x00", b"")  # without the answers to pings
                if came[:1] == b"\x88":
                    return int.from_bytes(came[2:4])
        return 0

    def opened(self, served: Served) -> socket.socket:
        line = served.line(UPGRADE)
        assert b" 101 " in answered(line)
        return line

    @pytest.mark.parametrize(
        "sent, code",
        [
            (frame(1, b"text"), 1003),
            (frame(1, b"\xff\xfe"), 1003),
            (frame(2, b"x" * 65_537), 1009),
            (frame(2, b"x" * 40_000, last=False) + frame(0, b"x" * 40_000), 1009),
            (frame(2, b"", last=False) + frame(0, b"", last=False) * 100, 1009),
            (frame(9, b"") * 2_000, 1008),
        ],
        ids=["text", "broken text", "a large message", "a large message in two frames", "empty frames", "pings"],
    )
    def test_of_strangers_take_in_little(self, served: Served, sent: bytes, code: int) -> None:
        line = self.opened(served)
        line.sendall(sent)
        assert self.code(line) == code

    def test_of_the_signed_in_take_in_more(self, served: Served) -> None:
        served.application.member = True
        line = self.opened(served)
        line.sendall(frame(2, b"x" * 200_000) + frame(8, b"\x03\xe8"))
        assert self.code(line) == 1000

    def test_that_send_before_they_are_open_leave_no_trace(
        self, served: Served, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.WARNING)
        for early in (frame(1, b"text"), frame(2, b"x" * 70_000), b"\xff" * 50, frame(0, b"")):
            assert b" 101 " in answered(served.line(UPGRADE + early))
        assert [record for record in caplog.records if record.exc_info] == []
        assert answered(served.line(GET + b"\r\n")) == b"HTTP/1.1 200 OK"


@dataclass
class Line(asyncio.Transport):
    """A connection that only records whether it was dropped."""

    name: str
    dropped: list[str]

    def abort(self) -> None:
        self.dropped.append(self.name)


class TestWaitingConnections:
    def line(self, network: str, dropped: list[str], name: str) -> Connection:
        return Connection(network, Line(name, dropped))

    def test_the_oldest_of_a_crowded_network_makes_room_and_others_are_let_be(self) -> None:
        dropped: list[str] = []
        waiting = WaitingConnections(10)
        waiting.enter(self.line("judge", dropped, "judge"))
        for number in range(100):
            waiting.enter(self.line("flood", dropped, f"flood {number}"))
        assert "judge" not in dropped and len(waiting) == 6
        assert dropped[:2] == ["flood 0", "flood 1"]

    def test_however_many_networks_there_are_there_is_an_end(self) -> None:
        dropped: list[str] = []
        waiting = WaitingConnections(10)
        for number in range(100):
            waiting.enter(self.line(f"network {number}", dropped, str(number)))
        assert len(waiting) == 10 and len(dropped) == 90

    def test_a_proxy_may_fill_it(self) -> None:
        dropped: list[str] = []
        waiting = WaitingConnections(10, proxies={"127.0.0.1"})
        for number in range(10):
            waiting.enter(self.line("127.0.0.1", dropped, str(number)))
        assert dropped == []

    def test_a_connection_with_a_request_is_no_longer_waiting(self, served: Served) -> None:
        silent = [served.line() for _ in range(5)]
        asking = [served.line(GET + b"\r\n") for _ in range(30)]
        assert [answered(line) for line in asking].count(b"HTTP/1.1 200 OK") == 30
        assert len(served.waiting) <= 20
        assert len(silent) == 5


@pytest.fixture(scope="module")
def small(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A desk that may open only 1,024 files, as on a machine with default limits."""
    folder = tmp_path_factory.mktemp("small") / "var"
    shutil.copytree(demo_template, folder)
    preset = 'ulimit -Sn 256; ulimit -Hn 1024; exec "$@"'
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tests.serving.servers.KILLED_WITH_PARENT", ("sh", "-c", preset, "sh"))
        with serving(folder) as server:
            yield server


class TestServedDesk:
    """As `streamlit run` serves it, which passes no limits to uvicorn."""

    def descriptors(self, server: Server) -> int:
        return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))

    def test_a_judge_is_answered_beside_a_thousand_silent_connections_and_these_are_dropped(
        self, small: Server
    ) -> None:
        with small.client("gk02", "xem-thu-son-la") as judge, contextlib.ExitStack() as lines:
            before = self.descriptors(small)
            for number in range(900):
                made = socket.create_connection(("127.0.0.1", small.port), timeout=60)
                made.sendall(b"GET / HTTP/1.1\r\nX-" if number % 2 else b"")
                lines.callback(made.close)
            assert judge.get("/auth/alive").status_code == 204
            assert self.descriptors(small) < before + 300  # a quarter of the process's file limit
            until = time.monotonic() + server_limits.HEAD_S + 60
            while self.descriptors(small) > before + 20 and time.monotonic() < until:
                time.sleep(0.2)
            assert self.descriptors(small) <= before + 20
            assert judge.get("/auth/alive").status_code == 204

    @pytest.mark.timed  # the desk reads the rest of a refused body for two seconds
    @pytest.mark.parametrize(
        "who, request_line, kind, size, said",
        [
            ("", "POST /api/entry", "application/json", 300_000, "409 nhiều nhất 64 kB"),
            ("", "POST /api/submissions", "application/json", 300_000, "401 Cần đăng nhập"),
            ("gk02", "PATCH /api/sheet/T-401", "application/json", 300_000, "413 Yêu cầu quá lớn"),
            ("gk02", "POST /auth/end", "text/plain", 300_000, "413 Yêu cầu quá lớn"),
            ("thuky", "POST /api/submission-table/preview", "application/json", 7_400_000, "413 Yêu cầu quá lớn"),
            ("kenh", "PATCH /readings/screenshots", "image/png", 7_000_000, "409 không quá 5 MB"),
            ("thuky", "PATCH /uploads/none", "application/offset+octet-stream", 300_000, "412 cách gửi tệp khác"),
        ],
    )
    def test_who_sends_too_large_a_body_reads_why_it_is_refused(
        self, small: Server, who: str, request_line: str, kind: str, size: int, said: str
    ) -> None:
        """Over the real routes: the whole body is sent before the response is read, as browsers do."""
        cookies = small.cookies(who, "xem-thu-son-la") if who else {}
        head = [f"{request_line} HTTP/1.1", f"Host: 127.0.0.1:{small.port}", f"Origin: {small.origin}", f"Content-Type: {kind}",
                f"Content-Length: {size}", *(f"Cookie: {name}={value}" for name, value in cookies.items())]  # fmt: skip
        with socket.create_connection(("127.0.0.1", small.port), timeout=60) as line:
            line.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + b"x" * size)
            time.sleep(0.2)
            response = http.client.HTTPResponse(line)
            response.begin()
            body = response.read().decode()
            text = json.loads(body)["refused"] if response.headers.get_content_type() == "application/json" else body
        status, _, sentence = said.partition(" ")
        assert (response.status, sentence in text) == (int(status), True), (response.status, text)

    def test_a_header_without_end_costs_no_memory(self, small: Server) -> None:
        before = memory_mb(small)
        for _ in range(3):
            line = socket.create_connection(("127.0.0.1", small.port), timeout=60)
            line.sendall(b"GET / HTTP/1.1\r\nX-A: ")
            with contextlib.suppress(ConnectionError):
                for _ in range(40):
                    line.sendall(b"a" * (1 << 20))
            line.close()
        assert memory_mb(small) < before + 20


def memory_mb(server: Server) -> float:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024
