"""Listeners of a served desk's live lines, many in one process, by bare sockets: what a browser's EventSource costs least."""

import asyncio
import time
from collections.abc import Mapping

PICTURE, CHANGE = b"event: picture", b"event: change"
AT_ONCE = 200  # lines that are opened together


class Line(asyncio.Protocol):
    """One open line: it waits for its first picture, then notes when each change came."""

    def __init__(self, asked: bytes, heard: list[float]) -> None:
        self.began: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._asked, self._heard, self._first = asked, heard, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._asked)

    def data_received(self, data: bytes) -> None:
        """Look for the beginning of an event; a change of the board begins in one piece, being the answer to one write."""
        if self.began.done():
            if CHANGE in data:
                self._heard.append(time.perf_counter())
            return
        self._first += data
        if PICTURE in self._first:
            self.began.set_result(None)
        elif b" 200 " not in self._first[:16]:
            self.began.set_exception(ConnectionError(self._first[:80].decode(errors="replace")))

    def connection_lost(self, _error: Exception | None) -> None:
        """A line that never began says so."""
        if not self.began.done():
            self.began.set_exception(ConnectionError("closed before the first picture"))


class Listeners:
    """Open lines, and the moment each heard its last event."""

    def __init__(self, host: str, port: int, cookies: Mapping[str, str]) -> None:
        self.heard: list[float] = []
        self._host, self._port = host, port
        self._cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._lines: list[asyncio.Transport] = []

    async def join(self, number: int, address: str) -> None:
        """Open so many lines, two hundred at a time, and wait until each has its first picture."""
        cookie = f"Cookie: {self._cookie}\r\n" if self._cookie else ""
        asked = f"GET {address} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n{cookie}\r\n".encode()
        loop = asyncio.get_running_loop()
        for opened in range(0, number, AT_ONCE):
            some = range(min(AT_ONCE, number - opened))
            opening = [loop.create_connection(lambda: Line(asked, self.heard), self._host, self._port) for _ in some]
            pairs = await asyncio.gather(*opening)
            self._lines += [transport for transport, _ in pairs]
            await asyncio.gather(*(line.began for _, line in pairs))

    def leave(self) -> None:
        """Close every line."""
        for transport in self._lines:
            transport.close()
