"""Invalid input everywhere a client can write: a readable response, never a 500, and never a stack trace in the log.

On both databases, because they refuse different input. Paths, queries, cookies, headers, every field of every JSON
body, and every field of every page through Streamlit's own socket.
"""

import asyncio
import json
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.store.engine import connect
from core.store.migrate import migrate
from tests.fixtures.contest_with_sheets import CODES, PASSWORD, open_contest
from tests.serving.raw_socket import RawSocket, elements, texts
from tests.serving.servers import Server, serving

TABLE = json.loads((Path(__file__).parents[1] / "routes.json").read_text())
FAILED = "Máy chủ gặp lỗi"  # the page's text for an unexpected error
DIGITS = "9" * 5000
TEXTS = (
    "\x00", "a\x00b", "\x07\x1b[31m", "\u202egnp.exe", "\ufeff", "\ufffe", DIGITS, "-1", "1e400", "NaN", "٣", "７", "%s%n{0}{x}",
    "' or 1=1 --", "<script>alert(1)</script>", "../../etc/passwd", "😀" * 200, "ộ" * 3000, "",
)  # fmt: skip
HALVES = ("\ud800", "a\udfffb")  # a lone surrogate: valid in JSON, not in protobuf
PATHS = (
    b"%00", b"a%00b", b"%ff", b"%ed%a0%80", b"%0d%0a", b"%1b", b"%7f", DIGITS.encode(), b"-1", b"..%2f..", b"%2e%2e", b"%", b"%zz",
    b"%F0%9F", b"a" * 3000, b"%E2%80%AE", b"\xc3\xa9", b"{code}",
)  # fmt: skip
HEADERS = (
    b"Referer: http://[::1", b"Referer: \xff\xfe", b"User-Agent: \xff\xc3\x28" + b"u" * 3000, b"Range: bytes=" + DIGITS.encode() + b"-",
    b"Range: bytes=0-" + b",1-2" * 500, b"If-None-Match: \xff", b"Accept-Language: " + b"x," * 500, b"X-Forwarded-For: \xff, [::",
    b"X-Forwarded-For: " + b"1," * 500, b"Cookie: desk=\xff\xfe; device=\xff.\xff; lang=\xff; browser=\xff",
    b"Cookie: desk=" + b"x" * 4000, b"Cookie: device=" + b"." * 500, b"Cookie: =;;=;\x01", b"Sec-Fetch-Site: \xff",
    b"Content-Type: \xff", b"Accept: text/html;q=\xff", b"X-Jd-User: \xff", b"Sec-Websocket-Protocol: \xff",
    b"Content-Length: " + DIGITS.encode(), b"Content-Length: -1", b"Transfer-Encoding: \xff", b"Expect: 200-ok", b"Upgrade: h2c",
)  # fmt: skip
FORM = {
    "title": "Chợ", "form": "", "summary": "", "category": "", "link": "live", "unit": "Xã", "group": "", "email": "",
    "guardian": "", "guardian_phone": "", "published_on": "", "published_where": "",
    "authors": [{"name": "Lò", "birth": "1990-01-02", "phone": "0912345678"}], "terms": [["data", 1]],
}  # fmt: skip
ROW = {
    "code": CODES[0], "counts": {"reactions": "1", "comments": "1", "shares": "1"}, "explanation": "x", "address": "",
    "screenshot": "", "seen": 0, "asked": ["round"], "corrects": None, "reason": "",
}  # fmt: skip
BODIES = {  # the route, and a valid body for it
    "PATCH /api/sheet/{code}": {"version": 0, "marks": {"ND": "8,5"}, "remarks": {"": "x"}},
    "POST /api/sheet/{code}/submit": {"version": 1, "key": "k" * 32},
    "POST /api/sheet/{code}/watched": {"played": [[0, 5000]]},
    "POST /api/sheet/{code}/notes": {"at_ms": 1000, "text": "x"},
    "POST /api/sheet/{code}/recusal": {"reason": "x"},
    "POST /api/jobs/film-checks": {},
    "POST /api/jobs/film-copies": {},
    "POST /api/jobs/{job}/cancel": {},
    "POST /api/jobs/{job}/retry": {},
    "POST /api/entry": {"secret": "s" * 43, "unit_code": "", "form": FORM},
    "POST /api/entry/mine/correct": {"version": 1, "form": FORM},
    "POST /api/entry/mine/withdraw": {"version": 1},
    "POST /api/entry/mine/resubmit": {"version": 1},
    "POST /api/entry/mine/film": {"version": 1, "upload": "a" * 32},
    "POST /api/submissions/{code}/film": {"version": 1, "upload": "a" * 32, "reason": "x", "past_rules": False},
    "POST /api/submissions/{code}/incoming": {"version": 1, "name": "a.mp4", "reason": "x", "past_rules": False},
    "POST /api/submissions": {"form": FORM, "late_reason": "x"},
    "POST /api/submissions/{code}/correct": {"version": 1, "form": FORM, "reason": "x"},
    "POST /api/submissions/{code}/move": {"version": 1, "move": "return", "reason": "x"},
    "POST /api/submissions/{code}/link": {"version": 1},
    "POST /api/entry/mine/requests": {"kind": "see", "text": "x"},
    "POST /api/person-requests": {"code": "TP-001", "kind": "see", "text": "x", "received": "2024-07-01"},
    "POST /api/person-requests/{number}/close": {"answer": "x"},
    "POST /api/submission-table/preview": {"name": "a.csv", "file": "VMOqbg=="},
    "POST /api/submission-table/take": {
        "name": "a.csv",
        "file": "VMOqbg==",
        "seen": "x",
        "correct": [2],
        "reason": "x",
        "late_reason": "x",
    },
    "POST /api/entry-door": {"open": True, "code": "", "seen_open": True, "seen_code": ""},
    "POST /api/screening/{code}/verdict": {
        "revision": 1,
        "verdict": "reject",
        "points": "",
        "answers": {},
        "reason": "x",
        "names_author": False,
    },
    "POST /api/screening/{code}/recusal": {"reason": "x"},
    "POST /api/twins/comparisons": {},
    "POST /api/readings": {"taken_at": "2024-09-10T23:59", "rows": [ROW]},
    "POST /api/readings/check": {"taken_at": "2024-09-10T23:59", "rows": [ROW]},
    "POST /api/readings/confirm": {"numbers": [1]},
    "POST /api/readings/fetch": {"codes": ["T-401"]},
    "POST /api/readings/{reading}/reject": {"reason": "x"},
    "POST /api/twins/{pair}/decision": {"verdict": "different", "reason": "x", "seen": 0},
}
SECRETARY, KEEPER = "thuky", "kenh"
# paths that the secretary changes, or anybody
OFFICE = ("/jobs/", "/submission", "/person-requests", "/entry", "/twins/", "/screening/")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hostile")
    url = f"sqlite:///{folder / 'desk.db'}"
    if request.param == "postgresql":
        cluster = request.getfixturevalue("cluster")
        cluster.sql("drop database if exists hostile with (force)")
        cluster.sql("create database hostile")
        url = cluster.url("hostile")
    with closing(connect(url)) as store:
        migrate(store)
        open_contest(store)
    with serving(folder, url) as served:
        yield served


@pytest.fixture
def log(server: Server) -> Iterator[None]:
    """Fails the test if a stack trace is logged while it runs."""
    before = len(server.output())
    yield
    output = server.output()[before:]
    assert "Traceback" not in output, output[-4000:]


@cache
def _cookies(server_port: int, who: str) -> Mapping[str, str]:
    return SERVERS[server_port].cookies(who, PASSWORD)


SERVERS: dict[int, Server] = {}


def signed_in(server: Server, who: str) -> str:
    SERVERS[server.port] = server
    return "; ".join(f"{name}={value}" for name, value in _cookies(server.port, who).items())


def status_of(server: Server, method: str, path: bytes, *headers: bytes, body: bytes = b"", cookie: str = "") -> int:
    """The status of a request whose bytes are sent unchanged; 0 if the connection was closed."""
    host = f"127.0.0.1:{server.port}"
    own = [f"Host: {host}", f"Origin: http://{host}", "Connection: close", f"Cookie: {cookie}" if cookie else "X-A: b"]
    if body:
        own += [f"Content-Length: {len(body)}", "Content-Type: application/json"]
    head = b"\r\n".join([method.encode() + b" " + path + b" HTTP/1.1", *(line.encode() for line in own), *headers])
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
        line.sendall(head + b"\r\n\r\n" + body)
        try:
            answer = line.recv(4096)
        except ConnectionResetError:
            return 0
    return int(answer[9:12]) if answer else 0


def routes(*methods: str) -> Iterator[tuple[str, str]]:
    for named in TABLE:
        method, _, path = named.partition(" ")
        if method in methods and not path.startswith(
            ("/live/standings", "/live/changes", "/live/progress", "/live/jobs", "/auth/end")
        ):
            yield method, path


@pytest.mark.parametrize("who", ["", "gk.lan", "ban"])
def test_no_part_of_a_path_or_query_is_an_error_of_the_server(server: Server, log: None, who: str) -> None:
    cookie = signed_in(server, who) if who else ""
    wrong = {}
    for method, path in routes("GET", "DELETE"):
        parts = re.split(r"\{[^}]*\}", path)
        for bad in PATHS:
            written = [bad.join(part.encode() for part in parts)] if len(parts) > 1 else []
            written.append(
                "T-417".join(parts).encode() + b"?work=" + bad + b"&first=" + bad + b"&t=" + bad + b"&link=" + bad
            )
            for address in written:
                status = status_of(server, method, address, cookie=cookie)
                if status >= 500:
                    wrong[method, address[:80]] = status
    assert wrong == {}


@pytest.mark.parametrize("who", ["", "gk.lan"])
def test_no_header_and_no_cookie_is_an_error_of_the_server(server: Server, log: None, who: str) -> None:
    cookie = signed_in(server, who) if who else ""
    wrong = {}
    for method, path in routes("GET", "HEAD", "POST", "PATCH"):
        address = re.sub(r"\{[^}]*\}", "T-417", path).encode()
        for bad in HEADERS:
            status = status_of(server, method, address, bad, cookie=cookie)
            if status >= 500:
                wrong[method, address, bad[:60]] = status
    assert wrong == {}


def variants(right: Any) -> Iterator[Any]:
    """The document with one invalid value, for every place: values, and names where any name is permitted."""
    bad: Any
    for bad in (*TEXTS, *HALVES, 10**4000, -1, 1.5, None, True, [], {}, [[0, 10**4000]]):
        yield from _in_each_place(right, bad)


def _in_each_place(document: Any, bad: Any) -> Iterator[Any]:
    if isinstance(document, dict):
        for name, value in document.items():
            for inner in _in_each_place(value, bad):
                yield {**document, name: inner}
            if isinstance(bad, str):
                yield {**{key: stored for key, stored in document.items() if key != name}, bad: value}
    elif isinstance(document, list):
        for number, value in enumerate(document):
            for inner in _in_each_place(value, bad):
                yield [*document[:number], inner, *document[number + 1 :]]
    yield bad


@pytest.mark.parametrize("route", BODIES)
def test_no_field_of_a_body_is_an_error_of_the_server(server: Server, log: None, route: str) -> None:
    method, _, path = route.partition(" ")
    who = SECRETARY if any(each in path for each in OFFICE) else KEEPER if "/readings" in path else "gk.minh"
    cookie, wrong = signed_in(server, who), {}
    with closing(connect(server.database_url)) as store, store.read() as connection:
        free = "select e.code from entry e where not exists (select 1 from sheet s where s.entry_id = e.id and s.judge_id = 2)"
        code = str(connection.exec_driver_sql(free).scalars().first())
    for document in variants(BODIES[route]):
        body = _big_json(document)
        status = status_of(
            server,
            method,
            path.replace("{code}", code)
            .replace("{job}", "1")
            .replace("{pair}", "1")
            .replace("{reading}", "1")
            .replace("{number}", "1")
            .encode(),
            body=body,
            cookie=cookie,
        )
        if not 200 <= status < 500:
            wrong[body[:80]] = status
    assert wrong == {}


def _big_json(document: Any) -> bytes:
    """JSON with numbers that Python itself does not write."""
    plain = (
        json.dumps(document, default=str)
        if not _huge(document)
        else re.sub(r'"HUGE"', DIGITS, json.dumps(_marked(document)))
    )
    return plain.encode()


def _huge(value: Any) -> bool:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (isinstance(value, int) and value > 2**64) or any(map(_huge, items))


def _marked(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _marked(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_marked(each) for each in value]
    return "HUGE" if isinstance(value, int) and value > 2**64 else value


class TestPages:
    """Through Streamlit's own socket: every field of every page filled with invalid values, and every
    button pressed.
    """

    @pytest.mark.parametrize("page", ["", "reset", "queue"])
    def test_a_strangers(self, server: Server, log: None, page: str) -> None:
        asyncio.run(self._pressed(server, "", page, TEXTS[:6]))

    @pytest.mark.parametrize(
        "who, page",
        [
            ("quantri", "accounts"),
            ("truong", "panel"),
            ("kenh", "interactions"),
            ("ban", "awards"),
            ("gk.hoa", "account"),
        ],
    )
    def test_a_members(self, server: Server, log: None, who: str, page: str) -> None:
        asyncio.run(self._pressed(server, who, page, (*TEXTS[:2], DIGITS, "😀" * 200)))

    @pytest.mark.parametrize(
        "query", [f"work={each}" for each in ("\x00", DIGITS, "\x1b", "😀", "%00")] + ["link=\x00", "\x00=\x00"]
    )
    def test_any_query_string(self, server: Server, log: None, query: str) -> None:
        async def look() -> str:
            drawn = ""
            for who, page in (("", "reset"), ("gk.lan", "marking"), ("gk.lan", "queue")):
                cookies = server.cookies(who, PASSWORD) if who else {}
                async with RawSocket(server.origin, cookies) as line:
                    drawn += texts(await line.run(page, query=query))
            return drawn

        assert FAILED not in asyncio.run(look())

    async def _pressed(self, server: Server, who: str, page: str, nonsense: tuple[str, ...]) -> None:
        cookies = server.cookies(who, PASSWORD) if who else {"browser": "b" * 43}
        for text in nonsense:
            async with RawSocket(server.origin, cookies) as line:
                drawn = elements(await line.run(page))
                fields = [each.id for kind, each in drawn if kind in {"text_input", "text_area"}]
                buttons = [each.id for kind, each in drawn if kind == "button" and "sign_out" not in each.id]
                filled: dict[str, tuple[str, Any]] = dict.fromkeys(fields, ("string_value", text))
                for button in buttons:
                    messages = texts(
                        await line.run(page, widgets={**filled, button: ("trigger_value", True)}, seconds=20)
                    )
                    assert FAILED not in messages, (who, page, text[:20], button)
                    if line.closed is not None:
                        break


class TestBrokenMessages:
    """A message that is not of Streamlit's protocol closes the socket and leaves one line in the log."""

    @pytest.mark.parametrize("who", ["", "gk.lan"])
    @pytest.mark.parametrize(
        "sent, code", [("text", 1003), ("\ud800", 1003), (b"\xff" * 40, 1002), (b"\x0a\xff\xff\xff\xff\x0f", 1002)]
    )
    def test_closes_the_socket(self, server: Server, log: None, who: str, sent: Any, code: int) -> None:
        before = server.output()

        async def send() -> int | None:
            async with RawSocket(server.origin, server.cookies(who, PASSWORD) if who else {}) as line:
                await line.run()
                await line.until_finished(2)
                if sent == "\ud800":  # text that is not UTF-8
                    from websockets.frames import Frame, Opcode

                    line._socket.protocol.send_frame(Frame(Opcode.TEXT, b"\xff\xfe\xfd"))
                    line._socket.transport.write(b"".join(line._socket.protocol.data_to_send()))
                else:
                    await line._socket.send(sent)
                await line.until_finished()
                return line.closed

        assert asyncio.run(send()) == code
        assert len(server.output()[len(before) :].splitlines()) <= 4

    def test_a_message_that_no_page_of_ours_sends_does_nothing(self, server: Server, log: None) -> None:
        from streamlit.proto.BackMsg_pb2 import BackMsg

        async def send() -> str:
            async with RawSocket(server.origin) as line:
                await line.run()
                await line.until_finished(0.5)
                for name in ("clear_cache", "set_run_on_save", "load_git_info", "debug_shutdown_runtime"):
                    message = BackMsg()
                    setattr(message, name, True)
                    await line._socket.send(message.SerializeToString())
                message = BackMsg()
                message.backend_operation_request.install_skills.SetInParent()
                await line._socket.send(message.SerializeToString())
                came = await line.until_finished(1)
                return str([each.WhichOneof("type") for each in came])

        assert asyncio.run(send()) == "[]"


def test_strangers_do_not_learn_the_path_of_the_code_nor_its_platform(server: Server) -> None:
    async def first(cookies: Mapping[str, str]) -> tuple[bytes, Any]:
        async with RawSocket(server.origin, cookies) as line:
            await line.run()
            session = next(each.new_session for each in line.messages if each.WhichOneof("type") == "new_session")
            return line.bytes, session

    received, session = asyncio.run(first({}))
    for word in (b"router.py", b"3.11.", b"1.67.0", b"linux"):
        assert word not in received
    assert session.initialize.session_id and session.page_script_hash
    _, members = asyncio.run(first(server.cookies("gk.lan", PASSWORD)))
    assert members.initialize.environment_info.streamlit_version  # so that the search above would find it
    assert "server" not in httpx.get(server.origin, timeout=30).headers


def test_every_route_was_tried() -> None:
    changes = {f"{method} {path}" for method, path in routes("PATCH", "POST") if path.startswith("/api/")}
    assert changes == set(BODIES)
    assert len(CODES) == 12
