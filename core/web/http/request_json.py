"""What a route takes from outside: JSON of a bounded size, each field of exactly the type it must be."""

import json
from typing import Any, NoReturn

from starlette.requests import Request

from core.rules.words import Refusal, usable

BODY_LIMIT = 64 * 1024
WHOLE_LIMIT = 2**53


class BadRequest(Refusal):
    """A request that no page of ours sends."""

    def __init__(self) -> None:
        super().__init__("Yêu cầu không đúng dạng; hãy tải lại trang.")


async def document(request: Request, *names: str) -> dict[str, Any]:
    """The request's JSON object, which holds exactly these names. Raises BadRequest."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise BadRequest
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise BadRequest
    try:
        found = json.loads(body.decode(), parse_constant=_refuse, parse_float=_refuse)
    except (ValueError, RecursionError):
        raise BadRequest from None
    if not isinstance(found, dict) or set(found) != set(names):
        raise BadRequest
    return found


def whole(value: object) -> int:
    """A whole number that is not negative; True is none."""
    if type(value) is not int or not 0 <= value < WHOLE_LIMIT:
        raise BadRequest
    return value


def digits(value: str) -> int:
    """A whole number in a path: ASCII digits, and no more of them than such a number has."""
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(WHOLE_LIMIT))):
        raise BadRequest
    return whole(int(value))


def text(value: object) -> str:
    """A text that a database can hold. Raises BadRequest, UnusableText."""
    if not isinstance(value, str):
        raise BadRequest
    return usable(value)


def texts(value: object) -> dict[str, str]:
    """Texts by name."""
    if not isinstance(value, dict):
        raise BadRequest
    return {usable(name): text(said) for name, said in value.items()}


def pairs(value: object, limit: int) -> list[tuple[int, int]]:
    """At most `limit` pairs of whole numbers."""
    if not isinstance(value, list) or len(value) > limit:
        raise BadRequest
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        raise BadRequest
    return [(whole(start), whole(end)) for start, end in value]


def _refuse(_constant: str) -> NoReturn:
    raise ValueError
