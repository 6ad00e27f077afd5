"""The body of a change, read whole before the desk sees the request: bounded in size and time, and only while its session lives.

A change whose last byte is held back until its session has ended is refused; one that has arrived whole may finish.
"""

import asyncio

from starlette.types import Message, Receive

BODY_BYTES = 64 * 1024  # no page of ours sends more
BODY_S = 20.0  # for the whole body


class BodyRefused(Exception):
    """The body was not read to its end; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read_body(ended: asyncio.Event, receive: Receive, length: bytes) -> bytes:
    """The whole body. `length` is the Content-Length header, if any; `ended` is set when the session ends.

    Raises BodyRefused: 413 too large, 408 too late, 401 the session ended, 400 the client left.
    """
    if length.isdigit() and (len(length) > 9 or int(length) > BODY_BYTES):
        raise BodyRefused(413)
    reading, watch = asyncio.ensure_future(_read(receive)), asyncio.ensure_future(ended.wait())
    try:
        await asyncio.wait({reading, watch}, timeout=BODY_S, return_when=asyncio.FIRST_COMPLETED)
        if ended.is_set():
            raise BodyRefused(401)
        if not reading.done():
            raise BodyRefused(408)
        return reading.result()
    finally:
        watch.cancel()
        reading.cancel()


async def _read(receive: Receive) -> bytes:
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise BodyRefused(400)
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > BODY_BYTES:
            raise BodyRefused(413)
    return bytes(body)


def replayed(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives this body once, and then what the connection says."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again
