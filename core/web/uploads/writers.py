"""One writer for each upload in this process. Whoever comes anew takes over: the line before may be half dead."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from core.desk.uploads.upload_refusals import UploadElsewhere
from core.web.http.interrupts import Interrupt

PATIENCE_S = 5.0  # until the writer that was told to leave has stored what it has


@dataclass(slots=True)
class _Line:
    """The requests that write one upload: the one that does, and those that wait for it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    newest: Interrupt | None = None
    writing: Interrupt | None = None


@dataclass(slots=True)
class Writers:
    """The writers of this process."""

    _lines: dict[str, _Line] = field(default_factory=dict)
    _stopped: bool = False

    def is_writing(self, upload_id: str) -> bool:
        """Whether a request writes this upload now."""
        return upload_id in self._lines

    @asynccontextmanager
    async def only(self, upload_id: str) -> AsyncIterator[Interrupt]:
        """Be the only writer of this upload within the block, after telling the one before to leave.

        The interrupt is set when this one must leave. Raises UploadElsewhere if the one before does not leave in time,
        somebody still newer has come, or the server is stopping.
        """
        line, mine = self._lines.setdefault(upload_id, _Line()), Interrupt()
        line.users += 1
        line.newest = mine
        try:
            if line.writing is not None:
                line.writing.set()
            await self._enter(line)
            try:
                if line.newest is not mine or self._stopped:
                    raise UploadElsewhere
                line.writing = mine
                yield mine
            finally:
                line.writing = None
                line.lock.release()
        finally:
            line.users -= 1
            if not line.users:
                self._lines.pop(upload_id, None)

    @staticmethod
    async def _enter(line: _Line) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await line.lock.acquire()
        except TimeoutError:
            raise UploadElsewhere from None

    def end_all(self) -> None:
        """The server stops: every writer stores what it has and leaves; nobody begins."""
        self._stopped = True
        for line in self._lines.values():
            if line.writing is not None:
                line.writing.set()
