"""The TCP connections of this process: their maximum number, and those that wait for a request."""

import asyncio
import resource
from collections.abc import Collection
from dataclasses import dataclass, field

DESCRIPTORS = 65_536  # file descriptors wanted; the hard limit of the system may allow fewer
EXTENSION = "judging-desk.connection"  # key of the connection in the `extensions` of an ASGI scope


def raise_descriptors() -> int:
    """Raise the soft limit of file descriptors towards DESCRIPTORS, within the hard limit. Returns the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(soft, wanted)


@dataclass(eq=False, slots=True)
class Connection:
    """One TCP connection: the client's network, and whether its requests have a session (`member`)."""

    network: str
    transport: asyncio.Transport
    member: bool = False
    largest_message: int | None = None  # bytes of a WebSocket message with a session

    def drop(self) -> None:
        """Close the connection at once, without sending anything."""
        self.transport.abort()


@dataclass(slots=True)
class WaitingConnections:
    """The connections that have not sent a complete request head. Beyond `most`, the oldest is dropped.

    One network may have at most half of `most`, unless it is the network of a proxy.
    """

    most: int
    proxies: Collection[str] = ()  # networks of the proxies
    _all: dict[Connection, None] = field(default_factory=dict)  # oldest first
    _by_network: dict[str, dict[Connection, None]] = field(default_factory=dict)

    def __len__(self) -> int:
        """The number of waiting connections."""
        return len(self._all)

    def enter(self, connection: Connection) -> None:
        """Add a connection that waits for a request head; drop the oldest one if a limit is reached."""
        connections = self._by_network.get(connection.network, {})
        if len(connections) >= self.most // 2 and connection.network not in self.proxies:
            self._drop(next(iter(connections)))
        elif len(self._all) >= self.most:
            self._drop(next(iter(self._all)))
        self._all[connection] = None
        self._by_network.setdefault(connection.network, {})[connection] = None

    def leave(self, connection: Connection) -> None:
        """Remove a connection whose request head is complete, or which is closed."""
        self._all.pop(connection, None)
        connections = self._by_network.get(connection.network, {})
        connections.pop(connection, None)
        if not connections:
            self._by_network.pop(connection.network, None)

    def _drop(self, oldest: Connection) -> None:
        self.leave(oldest)
        oldest.drop()
