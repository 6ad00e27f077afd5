"""A channel: one log of messages that all its listeners read along, each serialized once.

There is no queue for each listener: a listener is a place in the shared log. Whoever falls further behind than the log
reaches is given the whole picture afresh, so a slow listener costs nobody memory and never shows a mixture. Nor is there
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

from core.live.snapshot import Picture, change, event, whole

LOG = 32  # messages a listener may be behind
SLICE = 100  # lines written to before others have their turn
END = b"event: end\ndata: {}\n\n"  # do not come back: the session has ended
BEAT = b"event: beat\ndata: {}\n\n"  # proxies keep the line open; what was shown last is still true
AWAY = b"event: away\ndata: {}\n\n"  # the line is open, but the database is away: what was shown last may be old
Send = Callable[[bytes], Awaitable[None]]
_log = logging.getLogger("judging-desk.live")


@dataclass(eq=False, slots=True)
class Listener:
    """One open line: how far it has read, and whether it must end. Whose it is only the gate knows."""

    read: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)
    send: Send | None = None  # while it waits for news; None while it is being written to
    slow: "asyncio.Task[None] | None" = None  # what goes on writing where the line did not take it at once


@dataclass(eq=False, slots=True)
class Channel:
    """What one audience sees, in one language."""

    picture: Picture | None = None
    away: bool = False  # the picture cannot be read anew at the moment
    listeners: set[Listener] = field(default_factory=set)
    _log: deque[bytes] = field(default_factory=lambda: deque(maxlen=LOG))
    _written: int = 0
    _whole: bytes | None = None

    def publish(self, picture: Picture) -> None:
        """Show a newer picture: one change in the log, or nothing where nothing shown has changed."""
        if self.picture is None:
            self.picture = picture
            return  # every listener begins with the whole picture
        message = None if picture is self.picture else change(self.picture, picture)
        if message is None:
            return  # the picture stays as old as it was last sent: changes name the one they follow
        self.picture, self._whole = picture, None
        self._append(event("change", message))

    def beat(self) -> None:
        """Tell every listener that the line is alive, and whether the picture can be read."""
        self._append(AWAY if self.away else BEAT)

    def turn(self, *, away: bool) -> None:
        """The picture can, or can no longer, be read: every listener is told at once when that changes."""
        if away != self.away:
            self.away = away
            self.beat()

    def end(self, listener: Listener) -> None:
        """Close one listener's line."""
        listener.over.set()

    def snapshot(self) -> bytes:
        """The whole picture as one event, made once for all who ask."""
        if self._whole is None:
            if self.picture is None:
                raise LookupError("nothing has been published yet")
            self._whole = event("picture", whole(self.picture))
        return self._whole

    async def follow(self, listener: Listener, send: Send) -> None:
        """Send the listener everything, beginning with the whole picture, until its line ends."""
        listener.read = self._written
        try:
            await send(self._present())
            await self._catch_up(listener, send)
            await listener.over.wait()
        finally:
            listener.send = None
            if listener.slow is not None:
                listener.slow.cancel()

    async def deliver(self) -> None:
        """One round: every listener that waits for news is written what it has not read."""
        for count, listener in enumerate(tuple(self.listeners), start=1):
            if listener.send is not None and listener.read != self._written:
                self._write(listener, listener.send)
            if count % SLICE == 0:
                await asyncio.sleep(0)

    def _write(self, listener: Listener, send: Send) -> None:
        listener.send = None
        begun = self._catch_up(listener, send)
        try:
            awaited = begun.send(None)
        except StopIteration:
            return
        listener.slow = asyncio.ensure_future(_resumed(begun, awaited))

    async def _catch_up(self, listener: Listener, send: Send) -> None:
        """Write what the listener has not read. Whatever goes wrong ends this line alone."""
        try:
            while listener.read != self._written and not listener.over.is_set():
                await send(self._unread(listener))
            listener.send = send
        except OSError:  # nobody is there any more
            self.end(listener)
        except Exception:  # noqa: BLE001  # whatever it is, the round goes on to the other lines
            _log.exception("a live line failed and was closed")
            self.end(listener)

    def _unread(self, listener: Listener) -> bytes:
        behind, listener.read = self._written - listener.read, self._written
        if behind == 1:
            return self._log[-1]
        return b"".join(list(self._log)[-behind:]) if behind <= len(self._log) else self._present()

    def _present(self) -> bytes:
        """The whole picture, and that it may be old where it cannot be read anew."""
        return self.snapshot() + AWAY if self.away else self.snapshot()

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
