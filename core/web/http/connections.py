"""The TCP connections of this process: how many it may hold, and which of them have not asked for anything yet."""

import asyncio
import resource
from collections.abc import Collection
from dataclasses import dataclass, field

DESCRIPTORS = 65_536  # what is asked of the machine; what it grants decides
EXTENSION = "judging-desk.connection"  # the name of the connection in an ASGI scope


def raise_descriptors() -> int:
    """Let the process hold as many files and connections as the machine allows. Returns how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(soft, wanted)


@dataclass(eq=False, slots=True)
class Connection:
    """One TCP connection: from which network, and whether its requests are those of somebody signed in."""

    network: str
    transport: asyncio.Transport
    member: bool = False
    largest_message: int | None = None  # bytes of a WebSocket message that somebody signed in may send

    def drop(self) -> None:
        """Close it without a word."""
        self.transport.abort()


@dataclass(slots=True)
class Waiting:
    """The connections that have not sent a whole request head: the oldest is dropped where there are too many.

    One network has at most half of the room, unless it is a proxy's.
    """

    most: int
    proxies: Collection[str] = ()  # their networks
    _all: dict[Connection, None] = field(default_factory=dict)  # the oldest first
    _by_network: dict[str, dict[Connection, None]] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many wait."""
        return len(self._all)

    def enter(self, connection: Connection) -> None:
        """The connection waits for a request head."""
        mine = self._by_network.get(connection.network, {})
        if len(mine) >= self.most // 2 and connection.network not in self.proxies:
            self._drop(next(iter(mine)))
        elif len(self._all) >= self.most:
            self._drop(next(iter(self._all)))
        self._all[connection] = None
        self._by_network.setdefault(connection.network, {})[connection] = None

    def leave(self, connection: Connection) -> None:
        """The head has come, or the connection has gone."""
        self._all.pop(connection, None)
        mine = self._by_network.get(connection.network, {})
        mine.pop(connection, None)
        if not mine:
            self._by_network.pop(connection.network, None)

    def _drop(self, oldest: Connection) -> None:
        self.leave(oldest)
        oldest.drop()
