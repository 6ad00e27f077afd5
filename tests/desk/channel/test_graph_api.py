"""The one function that reads Facebook's Graph API, against a server on loopback."""

import logging
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from core.desk.channel import graph_api
from core.desk.channel.graph_api import (
    NotPermitted,
    PostNotFound,
    RateLimited,
    ServerFailed,
    TimedOut,
    TokenRefused,
    UnknownAnswer,
    Unreachable,
    read_counts,
)
from core.rules.readings.facebook_posts import NotOnFacebook, NumberHidden
from core.rules.readings.reading_counts import MOST
from core.rules.words import Refusal
from tests.serving.certificates import self_signed
from tests.serving.graph_server import PAGE, TOKEN, GraphServer, counted, failed, graph_server

POST = f"{PAGE}_555000111"
GOOD = counted(1204, 31, 12)


@pytest.fixture
def graph() -> Iterator[GraphServer]:
    with graph_server() as served:
        yield served


@pytest.fixture(autouse=True)
def silent(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Whatever happens, the token is in no log line and on no output."""
    with caplog.at_level(logging.DEBUG):
        yield
    assert TOKEN not in caplog.text + "".join(capfd.readouterr())


def address(number: str) -> str:
    return f"https://www.facebook.com/cuocthi/posts/{number}"


def read(graph: GraphServer, answer: tuple[int, bytes] | Callable[[BaseHTTPRequestHandler], None]) -> object:
    """What becomes of one post with this answer; a refusal's text and traceback have no token."""
    graph.answers[POST] = answer
    found = read_counts(graph.api, {"T-1": address("555000111")})["T-1"]
    if isinstance(found, Refusal):
        assert TOKEN not in "".join(traceback.format_exception(found)) + repr(found)
        return type(found)
    return found


def test_the_counts_of_a_post_are_read_with_the_token_in_a_header(graph: GraphServer) -> None:
    assert read(graph, (200, GOOD)) == {"reactions": 1204, "comments": 31, "shares": 12}
    assert read(graph, (200, counted(0, 0))) == {"reactions": 0, "comments": 0, "shares": 0}  # absent: nobody shared
    assert read(graph, (200, counted(MOST, 0, 0))) == {"reactions": MOST, "comments": 0, "shares": 0}
    assert graph.tokens == {f"Bearer {TOKEN}"}
    assert {path.partition("?")[0] for path in graph.asked} == {f"/{POST}"} and TOKEN not in "".join(graph.asked)
    assert TOKEN not in repr(graph.api)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"x", b"[]", b"null", b"{}", b"\xff\xfe", b"[" * 30_000, b'{"a":' * 10_000, b'{"shares": {"count": 1}}', b"9" * 5000,
        GOOD + b" " * (10 << 20), GOOD[:-1], counted(-1, 0, 0), counted(MOST + 1, 0, 0), counted("12", 0, 0),
        counted(True, 0, 0), counted(None, 0, 0), counted(1.5, 0, 0), counted([1], 0, 0), counted({"total_count": 1}, 0, 0),
        counted(0, 0, -1), counted(0, 0, "1"), counted(float("nan"), 0, 0), counted(float("inf"), 0, 0), b'{"reactions": 5}',
        GOOD.replace(b'"total_count": 31', b'"total_count": ' + b"9" * 5000), b'{"error": "x"}', b'{"error": {"code": "190"}}',
        GOOD.replace(b'{"count": 12}', b"null"), GOOD.replace(b'{"count": 12}', b"12"), failed(True), failed([190]),
    ],
    ids=range(32),
)  # fmt: skip
def test_an_answer_of_another_form_is_refused(graph: GraphServer, body: bytes) -> None:
    started = time.monotonic()
    assert read(graph, (200, body)) is UnknownAnswer
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "status,body,why",
    [
        (400, failed(190, error_subcode=463), TokenRefused), (401, b"", TokenRefused), (401, failed(None), TokenRefused),
        (400, failed(102), TokenRefused), (400, failed(100, error_subcode=33), PostNotFound), (404, b"x", PostNotFound),
        (404, failed(803), PostNotFound), (403, failed(10), NotPermitted), (403, failed(200), NotPermitted),
        (400, failed(4), RateLimited), (400, failed(80001), RateLimited), (429, b"", RateLimited), (429, failed(0), RateLimited),
        (500, b"<html>", ServerFailed), (503, GOOD, ServerFailed), (500, failed(2), ServerFailed), (200, failed(1), ServerFailed),
        (302, GOOD, UnknownAnswer), (206, GOOD, UnknownAnswer), (403, b"", UnknownAnswer),
    ],
)  # fmt: skip
def test_an_error_is_named(graph: GraphServer, status: int, body: bytes, why: type[Refusal]) -> None:
    assert read(graph, (status, body)) is why
    assert len(graph.asked) == 1  # a redirect is not followed, nothing is asked twice


def test_one_post_that_fails_does_not_stop_the_others(graph: GraphServer) -> None:
    for number in ("555000111", "555000333"):
        graph.answers[f"{PAGE}_{number}"] = (200, GOOD)
    addresses = {
        "T-1": "https://youtu.be/x",
        "T-2": address("555000111"),
        "T-3": address("x"),
        "T-4": address("555000222"),
    }
    found = read_counts(graph.api, addresses | {"T-5": address("555000333")})
    kinds = {code: type(each) if isinstance(each, Refusal) else dict(each)["shares"] for code, each in found.items()}
    assert kinds == {"T-1": NotOnFacebook, "T-2": 12, "T-3": NumberHidden, "T-4": PostNotFound, "T-5": 12}
    assert len(graph.asked) == 3


@pytest.mark.parametrize("code", [190, 4])
def test_a_refused_token_or_a_limit_ends_the_requests(graph: GraphServer, code: int) -> None:
    graph.answers[f"{PAGE}_555000111"] = (400, failed(code))
    found = read_counts(graph.api, {f"T-{n}": address(f"555000{n}") for n in (111, 222, 333)})
    assert len(graph.asked) == 1 and len({type(each) for each in found.values()}) == 1


def test_no_server_is_told_once(graph: GraphServer) -> None:
    closed = replace(graph.api, port=1)
    found = read_counts(closed, {f"T-{n}": address(f"555000{n}") for n in (111, 222)})
    assert [type(each) for each in found.values()] == [Unreachable, Unreachable]


def test_a_server_without_tls_is_not_given_the_token(graph: GraphServer) -> None:
    assert type(read_counts(replace(graph.api, secure=True), {"T-1": address("555000111")})["T-1"]) is Unreachable
    assert graph.asked == []


def test_a_certificate_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with graph_server(self_signed(tmp_path)) as served:
        served.answers[POST] = (200, GOOD)
        secure, posts = replace(served.api, secure=True, host="localhost"), {"T-1": address("555000111")}
        assert type(read_counts(secure, posts)["T-1"]) is Unreachable  # nobody vouches for it
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
        assert type(read_counts(replace(secure, host="127.0.0.1"), posts)["T-1"]) is Unreachable  # another name
        assert served.asked == []
        assert read_counts(secure, posts)["T-1"] == {"reactions": 1204, "comments": 31, "shares": 12}


def test_no_proxy_is_used(graph: GraphServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert isinstance(read(graph, (200, GOOD)), dict)


def _drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte at a time, so that no single wait is long."""
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(100):
        handler.wfile.write(b" ")
        time.sleep(0.05)


def _drip_head(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
    for _ in range(1000):
        handler.wfile.write(b"x")
        time.sleep(0.05)


@pytest.mark.parametrize("slow", [_drip, _drip_head, lambda _handler: time.sleep(60)], ids=["body", "head", "silence"])
def test_a_slow_answer_times_out(
    graph: GraphServer, monkeypatch: pytest.MonkeyPatch, slow: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    monkeypatch.setattr(graph_api, "POST_S", 0.4)
    started = time.monotonic()
    assert read(graph, slow) is TimedOut
    assert time.monotonic() - started < 2


def test_all_posts_together_have_a_limit_too(graph: GraphServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_api, "TOTAL_S", 0.0)
    assert read(graph, (200, GOOD)) is TimedOut and graph.connections == 0


@pytest.mark.parametrize(
    "garbage", [b"", b"\0\1\2\r\n\r\n", b"HTTP/1.0 200 OK\r\n" + b"A: b\r\n" * 200, b"HTTP/1.0 200 " + b"x" * 70_000]
)
def test_what_is_no_http_is_refused(graph: GraphServer, garbage: bytes) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(garbage)

    assert read(graph, answer) is UnknownAnswer
