"""A connection lasts no longer than its session: streams are cut, sockets closed, at the moment the session ends."""

import asyncio
import contextlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ENDED = 4401  # the WebSocket close code of a session that has ended


async def request_until(ended: asyncio.Event, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run a request; once its session has ended, an answer that is still flowing stops where it is."""
    flowing = whole = False

    async def told(message: Message) -> None:
        nonlocal flowing, whole
        flowing = True
        await send(message)
        whole = message["type"] == "http.response.body" and not message.get("more_body", False)

    work = asyncio.ensure_future(app(scope, receive, told))
    watch = asyncio.ensure_future(ended.wait())
    try:
        await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done() and flowing and not whole:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work
            with contextlib.suppress(Exception):  # a body cut short of its content-length: the server drops the line
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        await work
    finally:
        watch.cancel()
        if not work.done():
            work.cancel()


async def socket_until(ended: asyncio.Event, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run a WebSocket; once its session has ended it is closed with 4401, and not one more byte is sent."""
    closed = False

    async def told(message: Message) -> None:
        nonlocal closed
        if closed or (ended.is_set() and message["type"] != "websocket.close"):
            return
        closed = message["type"] == "websocket.close"
        await send(message)

    async def heard() -> Message:
        nonlocal closed
        arriving, watch = asyncio.ensure_future(receive()), asyncio.ensure_future(ended.wait())
        try:
            await asyncio.wait({arriving, watch}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            watch.cancel()
        if not ended.is_set():
            return arriving.result()
        arriving.cancel()
        if not closed:
            closed = True
            await send({"type": "websocket.close", "code": ENDED})
        return {"type": "websocket.disconnect", "code": ENDED}

    await app(scope, heard, told)
