"""Who is connected: every open socket and stream by its session, closed the moment the session ends.

In this process the desk tells; what another process ended is found in the database within a second.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from dataclasses import dataclass, field

import anyio

POLL = 1.0  # seconds


@dataclass(slots=True)
class Presence:
    """The open connections of this process. `living` says which of some sessions still live."""

    living: Callable[[Collection[str]], frozenset[str]]
    _open: dict[str, set[asyncio.Event]] = field(default_factory=dict)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _loop: asyncio.AbstractEventLoop | None = None
    generation: int = 0  # grows whenever sessions may have ended: what was remembered of them is forgotten

    @contextlib.contextmanager
    def connected(self, session: str) -> Iterator[asyncio.Event]:
        """A connection of this session; the event is set when the session has ended."""
        ended = asyncio.Event()
        self._open.setdefault(session, set()).add(ended)
        try:
            yield ended
        finally:
            mine = self._open.get(session, set())
            mine.discard(ended)
            if not mine:
                self._open.pop(session, None)

    def tell(self) -> None:
        """Sessions may have ended; any thread may say so."""
        self.generation += 1
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    def count(self) -> int:
        """How many connections are open."""
        return sum(map(len, self._open.values()))

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Watch for ended sessions for as long as the server runs."""
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
            asked = tuple(self._open)
            if not asked:
                continue
            try:
                living = await anyio.to_thread.run_sync(self.living, asked)
            except Exception:  # noqa: BLE001, S112  # the database is away: the next look decides
                continue
            self._close(set(asked) - living)

    def _close(self, sessions: Collection[str]) -> None:
        if sessions:
            self.generation += 1
        for session in sessions:
            for ended in self._open.get(session, ()):
                ended.set()
