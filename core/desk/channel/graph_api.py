"""Reads the counts of posts from Facebook's Graph API: `read_counts`, the one function that connects to it.

It connects only to the server of the settings, follows no redirect and uses no proxy. The token is sent as a header; no
URL, log line or refusal contains it. What the server says in words is never shown.
"""

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn

from core.rules.readings.facebook_posts import post_number
from core.rules.readings.reading_counts import MOST
from core.rules.words import Refusal
from core.settings import GraphApi

READ_KINDS = ("reactions", "comments", "shares")  # of INTERACTION_KINDS
ANSWER_BYTES = 64 * 1024
POST_S = 10.0  # for the whole answer about one post
TOTAL_S = 40.0  # for all posts of one call
# `filter(stream)`: answers to comments are comments, as the post itself counts them
_FIELDS = "reactions.limit(0).summary(total_count),comments.filter(stream).limit(0).summary(total_count),shares"
_TOKEN_CODES = frozenset({102, 190})
_LIMIT_CODES = frozenset({4, 17, 32, 341, 613, *range(80_000, 80_015)})
_FAILURE_CODES = frozenset({1, 2})
_MISSING_CODES = frozenset({100, 803})
_PERMISSION_CODES = frozenset({3, 10, *range(200, 300)})

Counts = Mapping[str, int]  # of each of READ_KINDS


class GraphRefusal(Refusal):
    """Why a post was not read. `stops`: the others would not be read either, so they are not asked for."""

    stops = False


class TokenRefused(GraphRefusal):
    """The server does not accept the token."""

    stops = True

    def __init__(self) -> None:
        super().__init__("Facebook không nhận mã truy cập: mã sai hoặc đã hết hạn; hãy báo người quản trị.")


class RateLimited(GraphRefusal):
    """Too many requests."""

    stops = True

    def __init__(self) -> None:
        super().__init__("Facebook đang giới hạn số lần đọc; hãy thử lại sau một giờ.")


class Unreachable(GraphRefusal):
    """No connection to the server."""

    stops = True

    def __init__(self) -> None:
        super().__init__("Không kết nối được với Facebook.")


class TimedOut(GraphRefusal):
    """The answer was not complete in time."""

    def __init__(self) -> None:
        super().__init__("Facebook không trả lời kịp; hãy thử lại.")


class PostNotFound(GraphRefusal):
    """The server knows no such post, or does not show it to this page."""

    def __init__(self) -> None:
        super().__init__("Facebook không tìm thấy bài đăng này; hãy xem lại địa chỉ đã ghi.")


class NotPermitted(GraphRefusal):
    """The token may not read this post."""

    def __init__(self) -> None:
        super().__init__("Mã truy cập không có quyền đọc bài đăng này (cần quyền pages_read_engagement).")


class ServerFailed(GraphRefusal):
    """The server has an error of its own."""

    def __init__(self) -> None:
        super().__init__("Facebook đang gặp lỗi; hãy thử lại sau.")


class UnknownAnswer(GraphRefusal):
    """An answer of unknown form."""

    def __init__(self) -> None:
        super().__init__("Facebook trả lời không đúng dạng nên không đọc được số liệu.")


def read_counts(api: GraphApi, addresses: Mapping[str, str]) -> dict[str, Counts | Refusal]:
    """The counts of each post, or why they were not read. `addresses`: of the posts, by any key. Never raises Refusal.

    One connection a post, one after the other. Blocks for at most about TOTAL_S + 2 * POST_S, beside
    looking up the server's name.
    """
    found: dict[str, Counts | Refusal] = {}
    ends, stopped = time.monotonic() + TOTAL_S, None
    for key, address in addresses.items():
        try:
            number = post_number(address, api.page)
            if stopped is not None:
                raise stopped
            if time.monotonic() >= ends:
                raise TimedOut
            found[key] = _counts(*_answer(api, number))
        except Refusal as refused:
            found[key] = refused
            stopped = refused if isinstance(refused, GraphRefusal) and refused.stops else stopped
    return found


def _answer(api: GraphApi, number: str) -> tuple[int, bytes]:
    """Status and body, of which at most ANSWER_BYTES + 1 are read. Raises Unreachable, TimedOut, UnknownAnswer."""
    try:
        connected = _connected(api)
    except TimeoutError:
        raise TimedOut from None
    except OSError:
        raise Unreachable from None
    with connected, _shut_after(connected, POST_S) as late:
        try:
            found = _asked(api, connected, number)
        except ssl.SSLError:
            raise TimedOut if late.is_set() else Unreachable from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise TimedOut if late.is_set() or isinstance(error, TimeoutError) else UnknownAnswer from None
        if late.is_set():
            raise TimedOut
        return found


def _connected(api: GraphApi) -> socket.socket:
    plain = socket.create_connection((api.host, api.port), timeout=POST_S)
    if not api.secure:
        return plain
    try:
        trusted = ssl.create_default_context()
        return trusted.wrap_socket(plain, server_hostname=api.host, do_handshake_on_connect=False)
    except BaseException:
        plain.close()
        raise


def _asked(api: GraphApi, connected: socket.socket, number: str) -> tuple[int, bytes]:
    if isinstance(connected, ssl.SSLSocket):
        connected.do_handshake()
    kind = http.client.HTTPSConnection if api.secure else http.client.HTTPConnection
    connection = kind(api.host, api.port)
    connection.sock = connected
    headers = {"Authorization": f"Bearer {api.token}", "Accept": "application/json", "Connection": "close"}
    connection.request("GET", f"/{number}?fields={_FIELDS}", headers=headers)
    response = connection.getresponse()
    return response.status, response.read(ANSWER_BYTES + 1)


@contextmanager
def _shut_after(connected: socket.socket, seconds: float) -> Iterator[threading.Event]:
    """Shut the connection down if the block takes longer; the event is set then. A timeout alone starts anew with each byte."""
    late = threading.Event()

    def shut() -> None:
        late.set()
        try:
            socket.socket.shutdown(connected, socket.SHUT_RDWR)  # not SSLSocket's, which frees what the reader uses
        except OSError:
            return

    timer = threading.Timer(seconds, shut)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _counts(status: int, body: bytes) -> Counts:
    """The counts of an answer. Raises GraphRefusal."""
    answer = _document(body)
    if "error" in answer:
        raise _error(answer["error"], status)
    if status != http.client.OK:
        raise _by_status(status)
    summaries = {kind: _field(_field(answer, kind), "summary") for kind in ("reactions", "comments")}
    shares = _count(answer["shares"], "count") if "shares" in answer else 0  # absent: none
    return {**{kind: _count(summary, "total_count") for kind, summary in summaries.items()}, "shares": shares}


def _document(body: bytes) -> dict[str, object]:
    """The JSON object of an answer; empty for anything else."""
    try:
        found = json.loads(body, parse_float=_refuse, parse_constant=_refuse) if len(body) <= ANSWER_BYTES else None
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {}


def _field(value: object, name: str) -> object:
    if not isinstance(value, dict) or name not in value:
        raise UnknownAnswer
    return value[name]


def _count(value: object, name: str) -> int:
    count = _field(value, name)
    if type(count) is not int or not 0 <= count <= MOST:
        raise UnknownAnswer
    return count


def _error(error: object, status: int) -> GraphRefusal:
    """What an error object of the Graph API means: by its code, or by the response's status."""
    code = error.get("code") if isinstance(error, dict) else None
    for codes, kind in (
        (_TOKEN_CODES, TokenRefused), (_LIMIT_CODES, RateLimited), (_MISSING_CODES, PostNotFound),
        (_PERMISSION_CODES, NotPermitted), (_FAILURE_CODES, ServerFailed),
    ):  # fmt: skip
        if type(code) is int and code in codes:
            return kind()
    return _by_status(status)


def _by_status(status: int) -> GraphRefusal:
    if status >= http.client.INTERNAL_SERVER_ERROR:
        return ServerFailed()
    known = {401: TokenRefused, 404: PostNotFound, 429: RateLimited}
    return known.get(status, UnknownAnswer)()


def _refuse(_constant: str) -> NoReturn:
    raise ValueError
