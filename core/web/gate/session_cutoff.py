"""A connection lasts no longer than its session: streams are cut, sockets closed, at the moment the session ends."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.live.channel import END

ENDED = 4401  # the WebSocket close code of a session that has ended
LAST_EVENT_S = 1.0  # how long a line that takes nothing at the moment may take for its last event
Refuse = Callable[[Send], Awaitable[None]]


class _Response:
    """What has been sent of one response; once it is cut, the application sends nothing more."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = self.whole = self.cut = self._events = False

    async def send(self, message: Message) -> None:
        if self.cut:
            return
        if message["type"] == "http.response.start":
            self._events = any(
                name.lower() == b"content-type" and value.startswith(b"text/event-stream")
                for name, value in message["headers"]
            )
        self.begun = True
        await self._send(message)
        self.whole = message["type"] == "http.response.body" and not message.get("more_body", False)

    async def finish(self, refuse: Refuse | None, last_event: bytes) -> None:
        """End a response that was cut: refused where nothing was sent, a live line by its last event."""
        if not self.begun and refuse is not None:
            await refuse(self._send)
            return
        body = (
            last_event if self._events else b""
        )  # a body short of its content-length: the server drops the connection
        with contextlib.suppress(Exception):
            message = {"type": "http.response.body", "body": body, "more_body": False}
            await asyncio.wait_for(self._send(message), LAST_EVENT_S)


@dataclass(frozen=True, slots=True)
class Cut:
    """When a connection is cut, and how its other end is told."""

    when: asyncio.Event
    refuse: Refuse | None = None  # answers a request to which nothing has been sent
    last_event: bytes = END  # of a live line
    code: int = ENDED  # of a WebSocket


async def request_until(cut: Cut, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run a request that changes nothing; once its session has ended it is stopped where it is."""
    response = _Response(send)
    work = asyncio.ensure_future(app(scope, receive, response.send))
    watch = asyncio.ensure_future(cut.when.wait())
    try:
        await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done() and not response.whole:
            response.cut = True
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await work
            await response.finish(cut.refuse, cut.last_event)
            return
        await work
    finally:
        watch.cancel()
        if not work.done():
            work.cancel()


async def socket_until(cut: Cut, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run a WebSocket; once its session has ended it is closed with 4401, and not one more byte is sent."""
    closed = False

    async def told(message: Message) -> None:
        nonlocal closed
        if closed or (cut.when.is_set() and message["type"] != "websocket.close"):
            return
        closed = message["type"] == "websocket.close"
        try:
            await send(message)
        except OSError:  # the other end has gone; the application hears of it as it reads, not by a stack trace here
            closed = True

    async def shut(code: int) -> Message:
        if not closed:
            await told({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}

    async def heard() -> Message:
        arriving, watch = asyncio.ensure_future(receive()), asyncio.ensure_future(cut.when.wait())
        try:
            await asyncio.wait({arriving, watch}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            watch.cancel()
        if cut.when.is_set():
            arriving.cancel()
            return await shut(cut.code)
        message = arriving.result()
        return await shut(message["code"]) if message.get("refused") else message

    await app(scope, heard, told)
