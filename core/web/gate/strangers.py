"""What visitors without a session may cost: connections, requests and script runs, by place and in total.

A place is a network (an IPv4 address, or the /64 of an IPv6 address), or a browser in which somebody has signed in
before. The signed-in are never counted. Forty people sign in within a minute from one address: each asks for about
forty files, opens one socket and sends two messages.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from core.web.http.pace import Pace

EVERYWHERE = ""  # the key of a total
PATIENCE_S = 30.0  # a request or message that would wait longer for its turn is refused
DESCRIPTORS = 1024  # until the server says how many there are


@dataclass(frozen=True, slots=True)
class Place:
    """Whom a visitor's costs are counted for."""

    name: str
    known: bool = False  # a browser in which somebody has signed in: counted for itself, not in the totals


@dataclass(slots=True)
class Allowance:
    """How often something may be done from one place, and by all strangers."""

    place: Pace
    total: Pace

    async def turn(self, place: Place) -> bool:
        """Wait for a turn, first come first served; False where it would take too long."""
        paces = [(self.place, place.name)] + ([] if place.known else [(self.total, EVERYWHERE)])
        if max(pace.wait(key) for pace, key in paces) > PATIENCE_S:
            return False
        await asyncio.sleep(max(pace.take(key) for pace, key in paces))
        return True


@dataclass(slots=True)
class Places:
    """What is open, by place and in total. Where there is too much, the oldest makes room: nobody holds a place shut."""

    each: int
    total: int
    _open: dict[str, dict[asyncio.Event, None]] = field(default_factory=dict)  # by place, the oldest first
    _counted: dict[asyncio.Event, str] = field(default_factory=dict)  # those in the total, the oldest first

    @contextmanager
    def held(self, place: Place) -> Iterator[asyncio.Event]:
        """One more is open for as long as the block runs; the event is set when it must make room."""
        gone = asyncio.Event()
        mine = self._open.setdefault(place.name, {})
        if len(mine) >= self.each:
            self._end(next(iter(mine)), place.name)
        if not place.known:
            if len(self._counted) >= self.total:
                self._end(*next(iter(self._counted.items())))
            self._counted[gone] = place.name
        self._open.setdefault(place.name, {})[gone] = None
        try:
            yield gone
        finally:
            self._leave(gone, place.name)

    def _end(self, oldest: asyncio.Event, name: str) -> None:
        oldest.set()
        self._leave(oldest, name)

    def _leave(self, gone: asyncio.Event, name: str) -> None:
        self._counted.pop(gone, None)
        mine = self._open.get(name, {})
        mine.pop(gone, None)
        if not mine:
            self._open.pop(name, None)


@dataclass(slots=True)
class Strangers:
    """The limits of one process. `descriptors` is how many files and connections it may hold."""

    descriptors: int = DESCRIPTORS
    requests: Allowance = field(default_factory=lambda: Allowance(Pace(100, 2_000), Pace(400, 4_000)))
    runs: Allowance = field(default_factory=lambda: Allowance(Pace(4, 30), Pace(10, 60)))  # of Streamlit's script
    connections: Places = field(init=False)  # requests under way, live lines and sockets
    sockets: Places = field(init=False)  # of Streamlit: each is a session with a memory of its own

    def __post_init__(self) -> None:
        half = self.descriptors // 2
        self.connections = Places(each=half // 2, total=half)
        self.sockets = Places(each=min(100, half // 4), total=min(400, half // 2))
