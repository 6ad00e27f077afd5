"""Many subscribers of the live standings (server-sent events) in one process, on bare sockets.

This is the least that a browser's EventSource needs, so that the client costs little of the measured machine.
"""

import asyncio
import time
from collections.abc import Mapping

PICTURE, CHANGE = b"event: picture", b"event: change"  # the snapshot, and a later change
AT_ONCE = 200  # connections opened together


class EventStream(asyncio.Protocol):
    """One event stream. `began` is done when the first snapshot arrives; then the time of each change goes to `received`."""

    def __init__(self, request: bytes, received: list[float]) -> None:
        self.began: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._request, self._received, self._first = request, received, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the request."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Look for the start of an event. The start of a change arrives in one piece: the server sends it in one write."""
        if self.began.done():
            if CHANGE in data:
                self._received.append(time.perf_counter())
            return
        self._first += data
        if PICTURE in self._first:
            self.began.set_result(None)
        elif b" 200 " not in self._first[:16]:
            self.began.set_exception(ConnectionError(self._first[:80].decode(errors="replace")))

    def connection_lost(self, _error: Exception | None) -> None:
        """Fail `began` where the connection was closed before the first snapshot."""
        if not self.began.done():
            self.began.set_exception(ConnectionError("closed before the first picture"))


class Subscribers:
    """Open event streams; `received` has the time (`time.perf_counter`) of every change that any of them received."""

    def __init__(self, host: str, port: int, cookies: Mapping[str, str]) -> None:
        self.received: list[float] = []
        self._host, self._port = host, port
        self._cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._streams: list[asyncio.Transport] = []

    async def join(self, number: int, address: str) -> None:
        """Open so many streams, AT_ONCE at a time, and wait until each has its first snapshot.

        Raises ConnectionError where the answer's status is not 200 or the connection is closed before.
        """
        cookie = f"Cookie: {self._cookie}\r\n" if self._cookie else ""
        request = f"GET {address} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n{cookie}\r\n".encode()
        loop = asyncio.get_running_loop()
        for opened in range(0, number, AT_ONCE):
            some = range(min(AT_ONCE, number - opened))
            opening = [
                loop.create_connection(lambda: EventStream(request, self.received), self._host, self._port)
                for _ in some
            ]
            pairs = await asyncio.gather(*opening)
            self._streams += [transport for transport, _ in pairs]
            await asyncio.gather(*(stream.began for _, stream in pairs))

    def leave(self) -> None:
        """Close every stream."""
        for transport in self._streams:
            transport.close()
