"""The open requests and WebSockets of every session, which are closed when the session ends.

Sessions ended by this process are reported at once (`SessionConnections.recheck`). Sessions ended by another process
are found by polling the database every second.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from dataclasses import dataclass, field

import anyio

POLL = 1.0  # seconds


@dataclass(slots=True)
class SessionConnections:
    """The open connections of this process. `active_sessions` takes session ids and returns those that are active."""

    active_sessions: Callable[[Collection[str]], frozenset[str]]
    _open: dict[str, set[asyncio.Event]] = field(default_factory=dict)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _loop: asyncio.AbstractEventLoop | None = None
    generation: int = 0  # incremented when sessions may have ended; cached lookups of an older generation are invalid

    @contextlib.contextmanager
    def connected(self, session: str) -> Iterator[asyncio.Event]:
        """Register a connection of this session for the duration of the block. The event: the session has ended."""
        ended = asyncio.Event()
        self._open.setdefault(session, set()).add(ended)
        try:
            yield ended
        finally:
            mine = self._open.get(session, set())
            mine.discard(ended)
            if not mine:
                self._open.pop(session, None)

    def recheck(self) -> None:
        """Report that sessions may have ended, so that they are checked now. Thread-safe."""
        self.generation += 1
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    def count(self) -> int:
        """The number of open connections."""
        return sum(map(len, self._open.values()))

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Check for ended sessions in a background task for the duration of the block."""
        self._loop = asyncio.get_running_loop()
        watcher = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watcher

    async def _watch(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL)
            self._wake.clear()
            sessions = tuple(self._open)
            if not sessions:
                continue
            try:
                active = await anyio.to_thread.run_sync(self.active_sessions, sessions)
            except Exception:  # noqa: BLE001, S112  # the database is unavailable: try again at the next poll
                continue
            self._close(set(sessions) - active)

    def _close(self, sessions: Collection[str]) -> None:
        if sessions:
            self.generation += 1
        for session in sessions:
            for ended in self._open.get(session, ()):
                ended.set()
