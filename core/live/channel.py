"""A channel: one log of messages that all its subscribers read along, each serialized once.

There is no queue for each subscriber: a subscriber is a place in the shared log. Whoever falls further behind than the log
reaches is given the whole picture afresh, so a slow subscriber costs nobody memory and never shows a mixture. Nor is there
a task to be woken for each: one round writes to every line that takes the message at once, and only a line whose
buffer is full goes on in a task of its own.
"""

import asyncio
import logging
import types
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass, field
from typing import Any

from core.live.snapshot import Snapshot, change, event, whole

LOG = 32  # messages a subscriber may be behind
SLICE = 100  # lines written to before others have their turn
END = b"event: end\ndata: {}\n\n"  # do not come back: the session has ended
BEAT = b"event: beat\ndata: {}\n\n"  # proxies keep the line open; what was shown last is still true
AWAY = b"event: away\ndata: {}\n\n"  # the line is open, but the database is away: what was shown last may be old
Send = Callable[[bytes], Awaitable[None]]
_log = logging.getLogger("judging-desk.live")


@dataclass(eq=False, slots=True)
class Subscriber:
    """One open line: how far it has read, and whether it must end. Whose it is only the gate knows."""

    read: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)
    send: Send | None = None  # while it waits for news; None while it is being written to
    slow: "asyncio.Task[None] | None" = None  # what goes on writing where the line did not take it at once


@dataclass(eq=False, slots=True)
class Channel:
    """What one audience sees, in one language."""

    snapshot: Snapshot | None = None
    away: bool = False  # the picture cannot be read anew at the moment
    subscribers: set[Subscriber] = field(default_factory=set)
    _log: deque[bytes] = field(default_factory=lambda: deque(maxlen=LOG))
    _written: int = 0
    _whole: bytes | None = None

    def publish(self, snapshot: Snapshot) -> None:
        """Show a newer picture: one change in the log, or nothing where nothing shown has changed."""
        if self.snapshot is None:
            self.snapshot = snapshot
            return  # every subscriber begins with the whole picture
        message = None if snapshot is self.snapshot else change(self.snapshot, snapshot)
        if message is None:
            return  # the picture stays as old as it was last sent: changes name the one they follow
        self.snapshot, self._whole = snapshot, None
        self._append(event("change", message))

    def heartbeat(self) -> None:
        """Tell every subscriber that the line is alive, and whether the picture can be read."""
        self._append(AWAY if self.away else BEAT)

    def turn(self, *, away: bool) -> None:
        """The picture can, or can no longer, be read: every subscriber is told at once when that changes."""
        if away != self.away:
            self.away = away
            self.heartbeat()

    def end(self, subscriber: Subscriber) -> None:
        """Close one subscriber's line."""
        subscriber.over.set()

    def whole_event(self) -> bytes:
        """The whole picture as one event, made once for all who ask."""
        if self._whole is None:
            if self.snapshot is None:
                raise LookupError("nothing has been published yet")
            self._whole = event("picture", whole(self.snapshot))
        return self._whole

    async def follow(self, subscriber: Subscriber, send: Send) -> None:
        """Send the subscriber everything, beginning with the whole picture, until its line ends."""
        subscriber.read = self._written
        try:
            await send(self._present())
            await self._catch_up(subscriber, send)
            await subscriber.over.wait()
        finally:
            subscriber.send = None
            if subscriber.slow is not None:
                subscriber.slow.cancel()

    async def deliver(self) -> None:
        """One round: every subscriber that waits for news is written what it has not read."""
        for count, subscriber in enumerate(tuple(self.subscribers), start=1):
            if subscriber.send is not None and subscriber.read != self._written:
                self._write(subscriber, subscriber.send)
            if count % SLICE == 0:
                await asyncio.sleep(0)

    def _write(self, subscriber: Subscriber, send: Send) -> None:
        subscriber.send = None
        begun = self._catch_up(subscriber, send)
        try:
            awaited = begun.send(None)
        except StopIteration:
            return
        subscriber.slow = asyncio.ensure_future(_resumed(begun, awaited))

    async def _catch_up(self, subscriber: Subscriber, send: Send) -> None:
        """Write what the subscriber has not read. Whatever goes wrong ends this line alone."""
        try:
            while subscriber.read != self._written and not subscriber.over.is_set():
                await send(self._unread(subscriber))
            subscriber.send = send
        except OSError:  # nobody is there any more
            self.end(subscriber)
        except Exception:  # noqa: BLE001  # whatever it is, the round goes on to the other lines
            _log.exception("a live line failed and was closed")
            self.end(subscriber)

    def _unread(self, subscriber: Subscriber) -> bytes:
        behind, subscriber.read = self._written - subscriber.read, self._written
        if behind == 1:
            return self._log[-1]
        return b"".join(list(self._log)[-behind:]) if behind <= len(self._log) else self._present()

    def _present(self) -> bytes:
        """The whole picture, and that it may be old where it cannot be read anew."""
        return self.whole_event() + AWAY if self.away else self.whole_event()

    def _append(self, message: bytes) -> None:
        self._log.append(message)
        self._written += 1


@types.coroutine
def _resumed(begun: Coroutine[Any, Any, None], awaited: object) -> Generator[Any, Any, None]:
    """Go on, in a task, with what was begun outside one and waits for this."""
    try:
        yield awaited
    except BaseException:
        begun.close()
        raise
    yield from begun.__await__()
