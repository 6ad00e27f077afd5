"""Ends a connection at an event, usually the end of its session: stops the response or closes the WebSocket."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.live.channel import END
from core.web.http.interrupts import Interrupt, Interrupted

ENDED = 4401  # the WebSocket close code when the session has ended
LAST_EVENT_S = 1.0  # timeout for sending the last event to a client that does not read at the moment
Refuse = Callable[[Send], Awaitable[None]]


class _Response:
    """Tracks what has been sent of one response. Once `cut` is set, messages of the application are dropped."""

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
        """End a response that was cut: with a refusal if nothing was sent, an event stream with `last_event`."""
        if not self.begun and refuse is not None:
            await refuse(self._send)
            return
        body = (
            last_event if self._events else b""
        )  # shorter than its content-length, so the server closes the connection
        with contextlib.suppress(Exception):
            message = {"type": "http.response.body", "body": body, "more_body": False}
            await asyncio.wait_for(self._send(message), LAST_EVENT_S)


@dataclass(frozen=True, slots=True)
class Cut:
    """The event at which a connection is cut, and what is then sent to the client."""

    when: asyncio.Event
    refuse: Refuse | None = None  # sends the response if nothing has been sent yet
    last_event: bytes = END  # the last bytes of an event stream
    code: int = ENDED  # the close code of a WebSocket


async def request_until(cut: Cut, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run a request until it ends or `cut.when` is set; then it is cancelled. For read-only requests."""
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


async def stream_until(when: asyncio.Event, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run a change that reads its own body. Once `when` is set, its next read finds the client gone.

    It is not cancelled: it may keep what has come, if the desk still lets it, and respond.
    """
    interrupt = Interrupt()
    watch = asyncio.ensure_future(when.wait())
    watch.add_done_callback(lambda _: interrupt.set())

    async def receive_until() -> Message:
        try:
            return await interrupt.wait_for(receive)
        except Interrupted:
            return {"type": "http.disconnect"}

    try:
        await app(scope, receive_until, send)
    finally:
        watch.cancel()


async def socket_until(cut: Cut, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run a WebSocket until it ends or `cut.when` is set; then close it with `cut.code` and send nothing more."""
    closed = False

    async def guarded_send(message: Message) -> None:
        nonlocal closed
        if closed or (cut.when.is_set() and message["type"] != "websocket.close"):
            return
        closed = message["type"] == "websocket.close"
        try:
            await send(message)
        except OSError:  # the client is gone; the application learns it at its next receive, without a stack trace
            closed = True

    async def close(code: int) -> Message:
        if not closed:
            await guarded_send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}

    async def guarded_receive() -> Message:
        arriving, watch = asyncio.ensure_future(receive()), asyncio.ensure_future(cut.when.wait())
        try:
            await asyncio.wait({arriving, watch}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            watch.cancel()
        if cut.when.is_set():
            arriving.cancel()
            return await close(cut.code)
        message = arriving.result()
        return await close(message["code"]) if message.get("refused") else message

    await app(scope, guarded_receive, guarded_send)
