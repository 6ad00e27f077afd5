"""A channel: one log of messages that all its listeners read along, each serialized once.

There is no queue for each listener: a listener is a place in the shared log. Whoever falls further behind than the log
reaches is given the whole picture afresh, so a slow listener costs nobody memory and never shows a mixture.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from core.live.picture import Picture, change, event, whole

LOG = 32  # messages a listener may be behind
END = b"event: end\ndata: {}\n\n"  # do not come back: this session may no longer listen
BEAT = b": beat\n\n"  # a comment, so that proxies and browsers keep the line open


@dataclass(eq=False, slots=True)
class Listener:
    """One open line: whose it is, how far it has read, and whether it must end."""

    session: str = ""  # hex of the session's hash; empty for the public
    username: str = ""
    read: int = 0
    ended: bool = False
    last: bytes = b""  # what is said before the line closes


@dataclass(eq=False, slots=True)
class Channel:
    """What one audience sees, in one language."""

    picture: Picture | None = None
    listeners: set[Listener] = field(default_factory=set)
    _log: deque[bytes] = field(default_factory=lambda: deque(maxlen=LOG))
    _written: int = 0
    _turned: asyncio.Event = field(default_factory=asyncio.Event)
    _whole: bytes | None = None

    def publish(self, picture: Picture) -> None:
        """Show a newer picture: one change in the log, or nothing where nothing shown has changed."""
        if self.picture is None:
            self.picture = picture
            return  # every listener begins with the whole picture
        message = change(self.picture, picture)
        if message is None:
            return  # the picture stays as old as it was last sent: changes name the one they follow
        self.picture, self._whole = picture, None
        self._append(event("change", message))

    def beat(self) -> None:
        """Let every listener know that the line is alive."""
        self._append(BEAT)

    def end(self, listener: Listener, last: bytes = END) -> None:
        """Close one listener's line, with this last word."""
        listener.ended, listener.last = True, last
        self._turn()

    def snapshot(self) -> bytes:
        """The whole picture as one event, made once for all who ask."""
        if self._whole is None:
            if self.picture is None:
                raise LookupError("nothing has been published yet")
            self._whole = event("picture", whole(self.picture))
        return self._whole

    async def messages(self, listener: Listener) -> AsyncIterator[bytes]:
        """Everything the listener is to be sent, beginning with the whole picture, until its line ends."""
        listener.read = self._written
        yield self.snapshot()
        while not listener.ended:
            if listener.read == self._written:
                await self._turned.wait()
                continue
            behind = self._written - listener.read
            listener.read = self._written
            if behind == 1:
                yield self._log[-1]
            elif behind <= len(self._log):
                yield b"".join(list(self._log)[-behind:])
            else:
                yield self.snapshot()
        if listener.last:
            yield listener.last

    def _append(self, message: bytes) -> None:
        self._log.append(message)
        self._written += 1
        self._turn()

    def _turn(self) -> None:
        turned, self._turned = self._turned, asyncio.Event()
        turned.set()
