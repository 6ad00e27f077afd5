"""Validation of request data: JSON of limited size, whose fields must have exactly the expected types."""

import json
from typing import Any, NoReturn

from starlette.requests import Request

from core.rules.words import Refusal, usable

BODY_LIMIT = 64 * 1024
WHOLE_LIMIT = 2**53


class BadRequest(Refusal):
    """A malformed request, which our pages never send."""

    def __init__(self) -> None:
        super().__init__("Yêu cầu không đúng dạng; hãy tải lại trang.")


class BodyTooLarge(Refusal):
    """A body of more bytes than its route takes."""

    def __init__(self, most: int) -> None:
        super().__init__("Nội dung gửi lên quá lớn: nhiều nhất {most} kB.", most=most // 1024)


async def document(request: Request, *names: str, most: int = BODY_LIMIT) -> dict[str, Any]:
    """The request's JSON object, which must have exactly these names. `most`: bytes of it.

    Raises BadRequest, BodyTooLarge.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise BadRequest
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise BodyTooLarge(most)
    try:
        found = json.loads(body.decode(), parse_constant=_refuse, parse_float=_refuse)
    except (ValueError, RecursionError):
        raise BadRequest from None
    if not isinstance(found, dict) or set(found) != set(names):
        raise BadRequest
    return found


def whole(value: object) -> int:
    """A JSON integer from 0 to 2**53 - 1; a boolean is not one. Raises BadRequest."""
    if type(value) is not int or not 0 <= value < WHOLE_LIMIT:
        raise BadRequest
    return value


def digits(value: str) -> int:
    """An integer in a path, from 0 to 2**53 - 1, in ASCII digits. Raises BadRequest."""
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(WHOLE_LIMIT))):
        raise BadRequest
    return whole(int(value))


def flag(value: object) -> bool:
    """A JSON boolean. Raises BadRequest."""
    if type(value) is not bool:
        raise BadRequest
    return value


def text(value: object) -> str:
    """A string that a database can store. Raises BadRequest, UnusableText."""
    if not isinstance(value, str):
        raise BadRequest
    return usable(value)


def texts(value: object) -> dict[str, str]:
    """An object whose values are all strings. Raises BadRequest, UnusableText."""
    if not isinstance(value, dict):
        raise BadRequest
    return {usable(name): text(each) for name, each in value.items()}


def pairs(value: object, limit: int) -> list[tuple[int, int]]:
    """A list of at most `limit` pairs of non-negative integers. Raises BadRequest."""
    if not isinstance(value, list) or len(value) > limit:
        raise BadRequest
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        raise BadRequest
    return [(whole(start), whole(end)) for start, end in value]


def _refuse(_constant: str) -> NoReturn:
    raise ValueError
