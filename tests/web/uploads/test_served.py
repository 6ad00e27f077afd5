"""Uploads through the gate of a served desk: killed, stopped, resumed; a session that ends; who is let in."""

import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.desk import context
from core.desk.accounts import sessions
from core.store.engine import connect
from core.store.migrate import migrate
from tests.fixtures.contest_with_sheets import PASSWORD, open_contest
from tests.fixtures.uploads import film
from tests.serving.servers import SESSION_COOKIE, Server, serving
from tests.web.uploads.tus_client import begin, head, patch

MEGABYTE = 1 << 20
FILM = film(12 * MEGABYTE + 7)
PIECE = 2 * MEGABYTE
SECRETARY = "thuky"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("uploads")
    with closing(connect(f"sqlite:///{folder / 'desk.db'}")) as store:
        migrate(store)
        open_contest(store, sheets=0)
    with serving(folder) as served:
        yield served


@pytest.fixture
def cookie(server: Server) -> str:
    return server.cookies(SECRETARY, PASSWORD)[SESSION_COOKIE]


@pytest.fixture
def send(server: Server, cookie: str) -> Iterator[Callable[..., httpx.Response]]:
    """Sends one request as the secretary, over a connection of its own: the server may have been restarted."""
    with server.client() as client:
        client.cookies.set(SESSION_COOKIE, cookie)

        def request(method: str, url: str, headers: dict[str, str] | None, body: Any) -> httpx.Response:
            return client.request(method, url, headers={**(headers or {}), "Connection": "close"}, content=body)

        yield request


@pytest.fixture
def url(send: Callable[..., httpx.Response]) -> str:
    return begin(send, len(FILM))


def file_of(server: Server, url: str) -> Path:
    return server.data_dir / "uploads" / f"{url.rpartition('/')[2]}.mp4"


def kept(send: Callable[..., httpx.Response], url: str) -> int:
    answer = head(send, url)
    assert answer.is_success, answer.status_code
    return int(answer.headers["upload-offset"])


def open_piece(server: Server, cookie: str, url: str, offset: int, length: int) -> socket.socket:
    """A PATCH whose head has been sent; its body is the caller's."""
    lines = (
        f"PATCH {url} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", f"Origin: {server.origin}",
        f"Cookie: {SESSION_COOKIE}={cookie}", "Tus-Resumable: 1.0.0", f"Upload-Offset: {offset}",
        "Content-Type: application/offset+octet-stream", f"Content-Length: {length}",
    )  # fmt: skip
    line = socket.create_connection(("127.0.0.1", server.port), 60)
    line.sendall("\r\n".join((*lines, "", "")).encode())
    return line


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def arrived(server: Server, line: socket.socket) -> None:
    """Wait until the server has read all that was sent on this line and rests: what it has not written is in its memory."""
    at_rest = 0
    while at_rest < 5:
        at_rest = at_rest + 1 if not _unread(server, line) and _rests(server) else 0
        time.sleep(0.06)


def _unread(server: Server, line: socket.socket) -> bool | int:
    """Whether bytes of this line wait in the kernel, on either side."""
    ends = {f"0100007F:{server.port:04X}", f"0100007F:{line.getsockname()[1]:04X}"}
    rows = (row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:])
    queues = [row[4].split(":") for row in rows if set(row[1:3]) == ends]
    return len(queues) != 2 or sum(int(each, 16) for pair in queues for each in pair)


def _rests(server: Server) -> bool:
    """Whether no thread of the server runs or waits for the disk."""
    threads = Path(f"/proc/{server.process.pid}/task").glob("*/stat")
    try:
        return all(thread.read_text().rpartition(")")[2].split()[0] == "S" for thread in threads)
    except (FileNotFoundError, ProcessLookupError):  # a thread has just ended
        return False


def test_a_stopped_and_a_killed_server_lose_no_acknowledged_byte(
    server: Server, cookie: str, send: Callable[..., httpx.Response], url: str
) -> None:
    file = file_of(server, url)
    with open_piece(server, cookie, url, 0, len(FILM)) as line:  # stopped: what came is stored, and it does not wait
        line.sendall(FILM[: 3 * MEGABYTE + 1])
        arrived(server, line)
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(20)
    server.start()
    at = kept(send, url)
    assert at == 3 * MEGABYTE + 1
    acknowledged = int(patch(send, url, at, FILM[at : at + PIECE]).headers["upload-offset"])
    with open_piece(server, cookie, url, acknowledged, len(FILM) - acknowledged) as line:
        line.sendall(FILM[acknowledged : acknowledged + PIECE])
        arrived(server, line)
        assert file.stat().st_size > acknowledged  # the file is longer than the row says
        server.kill()
    server.start()
    at = kept(send, url)
    assert at == acknowledged
    while at < len(FILM):
        at = int(patch(send, url, at, FILM[at : at + PIECE]).headers["upload-offset"])
    assert file.read_bytes() == FILM


def test_a_line_that_is_reset_keeps_what_came_and_a_dead_one_is_taken_over(
    server: Server, cookie: str, send: Callable[..., httpx.Response], url: str
) -> None:
    with open_piece(server, cookie, url, 0, len(FILM)) as line:
        line.sendall(FILM[: MEGABYTE + 9])
        arrived(server, line)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    until(lambda: kept(send, url) >= MEGABYTE)
    at = kept(send, url)
    with open_piece(server, cookie, url, at, len(FILM) - at) as dead:
        dead.sendall(FILM[at : at + MEGABYTE + 5])
        arrived(server, dead)
        began = time.monotonic()
        assert kept(send, url) == at + MEGABYTE + 5
        assert time.monotonic() - began < 5
        assert dead.recv(100).startswith(b"HTTP/1.1 423 ")


def test_a_session_that_ends_stops_its_upload_within_the_piece(
    server: Server, cookie: str, send: Callable[..., httpx.Response], url: str
) -> None:
    assert patch(send, url, 0, FILM[:PIECE]).is_success
    with open_piece(server, cookie, url, PIECE, len(FILM) - PIECE) as line:
        line.sendall(FILM[PIECE : 2 * PIECE])
        arrived(server, line)
        with closing(connect(server.database_url)) as store:
            who = sessions.principal(store, cookie, context.now())
            assert who is not None
            sessions.end(store, who, who.session, context.now())
        answer, began = b"", time.monotonic()
        while came := line.recv(4096):
            answer += came
        assert time.monotonic() - began < 8
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert head(send, url).status_code == 401
    (anew,) = server.cookies(SECRETARY, PASSWORD).values()
    with httpx.Client(base_url=server.origin, cookies={SESSION_COOKIE: anew}, timeout=30) as client:
        asked = client.head(url, headers={"Tus-Resumable": "1.0.0"})
    assert asked.headers["upload-offset"] == str(PIECE)


def test_the_gate_lets_in_whom_it_should(server: Server, send: Callable[..., httpx.Response], url: str) -> None:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    with server.client() as stranger:
        assert stranger.patch(url, headers=headers, content=FILM[:100]).status_code == 401
    with server.client("gk.lan", PASSWORD) as judge:
        assert judge.patch(url, headers=headers, content=FILM[:100]).status_code == 403
    assert patch(send, url, 0, FILM[:100], {"Origin": "http://elsewhere.example"}).status_code == 403
    assert patch(send, url, 0, b"<svg/>" + FILM[:PIECE]).status_code == 415
    assert head(send, url).status_code == 404
    assert "Traceback" not in server.output()
