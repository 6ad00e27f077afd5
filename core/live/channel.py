"""A channel: one log of messages for all its subscribers; each message is serialized once.

There is no queue per subscriber: a subscriber is a position in the shared log. A subscriber further behind than the log
reaches gets the whole snapshot again, so a slow subscriber uses no memory and never shows a mixture. There is also no
waiting task per subscriber: one round writes to every connection that accepts the message at once; only a connection
whose buffer is full continues in its own task.
"""

import asyncio
import logging
import types
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass, field
from typing import Any

from core.live.snapshot import Snapshot, change, event, whole

LOG = 32  # messages that a subscriber may be behind
SLICE = 100  # connections written to before other tasks may run
END = b"event: end\ndata: {}\n\n"  # the session has ended: the browser must not reconnect
BEAT = b"event: beat\ndata: {}\n\n"  # keeps the connection open through proxies; the last snapshot is still valid
AWAY = b"event: away\ndata: {}\n\n"  # the database cannot be read: the last snapshot may be old
Send = Callable[[bytes], Awaitable[None]]
_log = logging.getLogger("judging-desk.live")


@dataclass(eq=False, slots=True)
class Subscriber:
    """One open connection: its position in the log, and whether it must end. Only the gate knows whose it is."""

    position: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    send: Send | None = None  # set while it waits for messages; None while it is being written to
    write_task: "asyncio.Task[None] | None" = None  # continues a write that blocked


@dataclass(eq=False, slots=True)
class Channel:
    """The messages for one view: one audience in one language."""

    snapshot: Snapshot | None = None
    away: bool = False  # the snapshot cannot be updated at the moment
    subscribers: set[Subscriber] = field(default_factory=set)
    _log: deque[bytes] = field(default_factory=lambda: deque(maxlen=LOG))
    _written: int = 0
    _whole: bytes | None = None

    def publish(self, snapshot: Snapshot) -> None:
        """Set a newer snapshot, and append one change to the log; nothing if no visible field has changed."""
        if self.snapshot is None:
            self.snapshot = snapshot
            return  # every subscriber starts with the whole snapshot
        message = None if snapshot is self.snapshot else change(self.snapshot, snapshot)
        if message is None:
            return  # keep the snapshot last sent: a change names the revision before it
        self.snapshot, self._whole = snapshot, None
        self._append(event("change", message))

    def heartbeat(self) -> None:
        """Append a heartbeat, or AWAY while the snapshot cannot be updated."""
        self._append(AWAY if self.away else BEAT)

    def set_away(self, *, away: bool) -> None:
        """Set whether the snapshot can be updated; if that changes, append a message about it at once."""
        if away != self.away:
            self.away = away
            self.heartbeat()

    def end(self, subscriber: Subscriber) -> None:
        """Close one subscriber's connection."""
        subscriber.ended.set()

    def whole_event(self) -> bytes:
        """The whole snapshot as one event, serialized once. Raises LookupError before the first publish."""
        if self._whole is None:
            if self.snapshot is None:
                raise LookupError("nothing has been published yet")
            self._whole = event("picture", whole(self.snapshot))
        return self._whole

    async def follow(self, subscriber: Subscriber, send: Send) -> None:
        """Send the subscriber the whole snapshot and then all messages, until its connection ends."""
        subscriber.position = self._written
        try:
            await send(self._current_message())
            await self._catch_up(subscriber, send)
            await subscriber.ended.wait()
        finally:
            subscriber.send = None
            if subscriber.write_task is not None:
                subscriber.write_task.cancel()

    async def deliver(self) -> None:
        """One round: write the unread messages to every subscriber that waits for messages."""
        for count, subscriber in enumerate(tuple(self.subscribers), start=1):
            if subscriber.send is not None and subscriber.position != self._written:
                self._write(subscriber, subscriber.send)
            if count % SLICE == 0:
                await asyncio.sleep(0)

    def _write(self, subscriber: Subscriber, send: Send) -> None:
        subscriber.send = None
        coroutine = self._catch_up(subscriber, send)
        try:
            awaited = coroutine.send(None)
        except StopIteration:
            return
        subscriber.write_task = asyncio.ensure_future(_resume(coroutine, awaited))

    async def _catch_up(self, subscriber: Subscriber, send: Send) -> None:
        """Write the subscriber's unread messages. Any error ends only this connection."""
        try:
            while subscriber.position != self._written and not subscriber.ended.is_set():
                await send(self._unread(subscriber))
            subscriber.send = send
        except OSError:  # the client has disconnected
            self.end(subscriber)
        except Exception:  # noqa: BLE001  # the round must continue with the other connections
            _log.exception("a live line failed and was closed")
            self.end(subscriber)

    def _unread(self, subscriber: Subscriber) -> bytes:
        behind, subscriber.position = self._written - subscriber.position, self._written
        if behind == 1:
            return self._log[-1]
        return b"".join(list(self._log)[-behind:]) if behind <= len(self._log) else self._current_message()

    def _current_message(self) -> bytes:
        """The whole snapshot, followed by AWAY if it cannot be updated."""
        return self.whole_event() + AWAY if self.away else self.whole_event()

    def _append(self, message: bytes) -> None:
        self._log.append(message)
        self._written += 1


@types.coroutine
def _resume(coroutine: Coroutine[Any, Any, None], awaited: object) -> Generator[Any, Any, None]:
    """Continue, inside a task, `coroutine`, which was started outside one and waits for `awaited`."""
    try:
        yield awaited
    except BaseException:
        coroutine.close()
        raise
    yield from coroutine.__await__()
