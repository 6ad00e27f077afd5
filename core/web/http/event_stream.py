"""Server-sent events over HTTP: one open response for each subscriber of a watcher (`core.live`)."""

import asyncio
from collections.abc import Hashable
from contextlib import suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from core.live.channel import Channel, Subscriber
from core.live.watcher import Watcher
from core.web.http.interrupts import on_stop

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"content-encoding", b"identity"),  # a compressing middleware would delay events
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
]


class EventStream(Response):
    """One event stream: the whole snapshot first, then every change until the stream ends."""

    def __init__(self, watcher: Watcher, view: Hashable, subscriber: Subscriber) -> None:
        self.watcher, self.view, self.subscriber = watcher, view, subscriber
        self.background = None
        self.status_code = 200

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        gone: asyncio.Task[None] | None = None
        try:
            on_stop(self.watcher.end_all, asyncio.get_running_loop())
            channel = await self.watcher.join(self.view, self.subscriber)
            gone = asyncio.create_task(self._hang_up(channel, receive))
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})

            async def write(message: bytes) -> None:
                await send({"type": "http.response.body", "body": message, "more_body": True})

            await channel.follow(self.subscriber, write)
            with suppress(OSError):
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self.watcher.leave(self.view, self.subscriber)
            if gone is not None:
                gone.cancel()

    async def _hang_up(self, channel: Channel, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        channel.end(self.subscriber)
