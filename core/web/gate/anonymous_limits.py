"""Limits for visitors without a session: connections, requests and script runs, per client and in total.

A client is a network (an IPv4 address, or the /64 of an IPv6 address), or a browser in which somebody has signed in
before. Requests with a session are never counted. The limits are sized for forty people who sign in within a minute
from one address: each requests about forty files, opens one socket and sends two messages.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from core.web.http.rate_limit import RateLimit

EVERYWHERE = ""  # the key of the limit for all clients together
PATIENCE_S = 30.0  # a request or message that would have to wait longer is refused
DESCRIPTORS = 1024  # default; the application passes the real number of file descriptors


@dataclass(frozen=True, slots=True)
class Client:
    """The client that a visitor's usage is counted for."""

    name: str
    known: bool = False  # a browser in which somebody has signed in: has its own limit, not counted in the totals


@dataclass(slots=True)
class Allowance:
    """A rate limit for each client, and one for all visitors without a session together."""

    per_client: RateLimit
    total: RateLimit

    async def turn(self, client: Client) -> bool:
        """Wait until the limits allow one more. Returns False at once if the wait would exceed PATIENCE_S."""
        limits = [(self.per_client, client.name)] + ([] if client.known else [(self.total, EVERYWHERE)])
        if max(limit.wait(key) for limit, key in limits) > PATIENCE_S:
            return False
        await asyncio.sleep(max(limit.take(key) for limit, key in limits))
        return True


@dataclass(slots=True)
class ConnectionLimit:
    """Counts what is open, per client and in total. At a limit the oldest is closed, so nobody can block others."""

    per_client: int
    total: int
    _open: dict[str, dict[asyncio.Event, None]] = field(default_factory=dict)  # by client, oldest first
    _counted: dict[asyncio.Event, str] = field(default_factory=dict)  # those counted in the total, oldest first

    @contextmanager
    def slot(self, client: Client) -> Iterator[asyncio.Event]:
        """Count one more as open for the duration of the block. The event is set when it must close for a newer one."""
        evicted = asyncio.Event()
        events = self._open.setdefault(client.name, {})
        if len(events) >= self.per_client:
            self._end(next(iter(events)), client.name)
        if not client.known:
            if len(self._counted) >= self.total:
                self._end(*next(iter(self._counted.items())))
            self._counted[evicted] = client.name
        self._open.setdefault(client.name, {})[evicted] = None
        try:
            yield evicted
        finally:
            self._leave(evicted, client.name)

    def _end(self, oldest: asyncio.Event, name: str) -> None:
        oldest.set()
        self._leave(oldest, name)

    def _leave(self, evicted: asyncio.Event, name: str) -> None:
        self._counted.pop(evicted, None)
        events = self._open.get(name, {})
        events.pop(evicted, None)
        if not events:
            self._open.pop(name, None)


@dataclass(slots=True)
class AnonymousLimits:
    """The limits of one process. `descriptors` is how many file descriptors it may have open."""

    descriptors: int = DESCRIPTORS
    requests: Allowance = field(default_factory=lambda: Allowance(RateLimit(100, 2_000), RateLimit(400, 4_000)))
    runs: Allowance = field(
        default_factory=lambda: Allowance(RateLimit(4, 30), RateLimit(10, 60))
    )  # runs of Streamlit's script
    connections: ConnectionLimit = field(init=False)  # running requests, event streams and our own WebSockets
    sockets: ConnectionLimit = field(init=False)  # Streamlit's WebSockets: each has a Streamlit session in memory

    def __post_init__(self) -> None:
        half = self.descriptors // 2
        self.connections = ConnectionLimit(per_client=half // 2, total=half)
        self.sockets = ConnectionLimit(per_client=min(100, half // 4), total=min(400, half // 2))
