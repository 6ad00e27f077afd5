"""Reads the whole body of a change before the application sees the request, with limits of size and time.

If the session ends before the body is complete, the change is refused. A change whose body is complete may finish.
"""

import asyncio

from starlette.types import Message, Receive

BODY_BYTES = 64 * 1024  # our pages send less
BODY_S = 20.0  # for the whole body
LARGE_BODY_BYTES = 7 << 20  # on the routes that take a table or a grid: a file of 5 MB in base64
LARGE_BODY_S = 180.0  # such a file at 300 kbit/s


class BodyRefused(Exception):
    """The body could not be read completely; `status` is the HTTP status to respond with."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read_body(ended: asyncio.Event, receive: Receive, length: bytes, *, large: bool = False) -> bytes:
    """Read the whole body. `length` is the Content-Length header or empty; `ended` is set when the session ends.

    `large`: the route takes a table or a grid.

    Raises BodyRefused: 413 too large, 408 too slow, 401 the session ended, 400 the client disconnected.
    """
    most, seconds = (LARGE_BODY_BYTES, LARGE_BODY_S) if large else (BODY_BYTES, BODY_S)
    if length.isdigit() and (len(length) > 9 or int(length) > most):
        raise BodyRefused(413)
    reading, watch = asyncio.ensure_future(_read(receive, most)), asyncio.ensure_future(ended.wait())
    try:
        await asyncio.wait({reading, watch}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if ended.is_set():
            raise BodyRefused(401)
        if not reading.done():
            raise BodyRefused(408)
        return reading.result()
    finally:
        watch.cancel()
        reading.cancel()


async def _read(receive: Receive, most: int) -> bytes:
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise BodyRefused(400)
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > most:
            raise BodyRefused(413)
    return bytes(body)


def replayed(body: bytes, receive: Receive) -> Receive:
    """A `receive` that first returns this body, then the messages of the connection."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again
