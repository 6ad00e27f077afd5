"""The body of one piece: gathered to blocks, written by threads, kept as far as it came."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

import anyio
import anyio.to_thread
from starlette.types import Receive

from core.desk import context
from core.desk.uploads.upload_pieces import PIECE_BYTES, Piece
from core.desk.uploads.upload_refusals import UploadElsewhere
from core.desk.uploads.uploads import Upload
from core.web.http.interrupts import Interrupt, Interrupted
from core.web.uploads.tus import BrokenOff

BLOCK_BYTES = 1 << 20  # smaller costs a third more CPU time, larger gains nothing
EARLY_BYTES = 8 << 20  # written before the disk is set to work
STALLED_S = 30.0  # for which nothing comes of a piece
DRAIN_S = 5.0  # to read the rest of a refused piece: some clients see a broken pipe otherwise
T = TypeVar("T")
_threads = anyio.CapacityLimiter(8)  # threads for slow disks, apart from those of all other requests


async def in_thread(act: Callable[[], T]) -> T:
    """Run what blocks on the disk or the database in a thread."""
    return await anyio.to_thread.run_sync(act, limiter=_threads)


class Body:
    """A request's body as it comes. `more` is false after its end, `broken` true if it ended too early."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self.more, self.broken = receive, True, False

    async def read(self) -> bytes:
        """The next bytes; b"" at the end."""
        message = await self._receive()
        if message["type"] != "http.request":
            self.more, self.broken = False, True
            return b""
        self.more = message.get("more_body", False)
        return bytes(message.get("body", b""))

    async def drain(self) -> None:
        """Read what is left of a refused piece: at most one piece, for DRAIN_S at most."""
        drained = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_S):
                while self.more and drained <= PIECE_BYTES:
                    drained += len(await self.read())


class _Blocks:
    """Blocks on their way into a piece: one is written by a thread while the next one comes, and the disk works besides."""

    def __init__(self, piece: Piece) -> None:
        self._piece, self._written, self._flushed = piece, 0, 0
        self._writing: asyncio.Future[None] | None = None
        self._flushing: asyncio.Future[None] | None = None

    async def write(self, block: bytearray) -> None:
        """Begin to write a block when the one before is written. Raises what `Piece.write` raised for that one."""
        await self.finish()
        self._writing = asyncio.ensure_future(in_thread(partial(self._piece.write, block)))
        self._written += len(block)
        if self._written - self._flushed >= EARLY_BYTES and (self._flushing is None or self._flushing.done()):
            self._flushed = self._written
            self._flushing = asyncio.ensure_future(in_thread(self._piece.flush_early))

    async def finish(self) -> None:
        """Wait until every block is written. Raises what `Piece.write` raises."""
        writing, self._writing = self._writing, None
        if writing is not None:
            await writing

    async def settle(self) -> None:
        """Wait for the threads, whatever they raise."""
        await asyncio.gather(*filter(None, (self._writing, self._flushing)), return_exceptions=True)


async def receive_piece(body: Body, piece: Piece, leave: Interrupt) -> Upload:
    """Write a body into its piece and keep it. Returns the upload as it is then.

    Where the body breaks off, or `leave` is set, what came is kept all the same; then raises BrokenOff, UploadElsewhere.
    Raises what `Piece.write` and `Piece.keep` raise.
    """
    blocks, block = _Blocks(piece), bytearray()
    try:
        while body.more:
            try:
                block += await leave.wait_for(body.read, STALLED_S)
            except (Interrupted, TimeoutError):
                body.broken = True
                break
            if len(block) >= BLOCK_BYTES:
                full, block = block, bytearray()
                await blocks.write(full)
        if block:
            await blocks.write(block)
        await blocks.finish()
    finally:
        await blocks.settle()
    upload = await in_thread(lambda: piece.keep(context.now(), lambda: leave.is_set, whole=not body.broken))
    if leave.is_set:
        raise UploadElsewhere
    if body.broken:
        raise BrokenOff
    return upload
