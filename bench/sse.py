"""Listeners of a served desk's live lines, many in one process, by bare sockets: what a browser's EventSource costs least."""

import asyncio
import time
from collections.abc import Mapping


class Listeners:
    """Open lines, and the moment each heard its last event."""

    def __init__(self, host: str, port: int, cookies: Mapping[str, str]) -> None:
        self.heard: list[float] = []
        self.open = 0
        self._host, self._port = host, port
        self._cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._tasks: list[asyncio.Task[None]] = []

    async def join(self, number: int, address: str) -> None:
        """Open so many lines, two hundred at a time, and wait until each has its first picture."""
        while number:
            some, before = min(200, number), self.open
            self._tasks += [asyncio.create_task(self._listen(address)) for _ in range(some)]
            while self.open < before + some:
                for task in self._tasks:
                    if task.done():
                        task.result()
                await asyncio.sleep(0.02)
            number -= some

    def leave(self) -> None:
        """Close every line."""
        for task in self._tasks:
            task.cancel()

    async def _listen(self, address: str) -> None:
        reader, writer = await asyncio.open_connection(self._host, self._port, limit=2**20)
        try:
            cookie = f"Cookie: {self._cookie}\r\n" if self._cookie else ""
            writer.write(f"GET {address} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n{cookie}\r\n".encode())
            first = await reader.readuntil(b"event: picture")
            if b" 200 " not in first.split(b"\r\n", 1)[0]:
                raise ConnectionError(first[:80].decode())
            self.open += 1
            while True:
                await reader.readuntil(b"event: change")
                self.heard.append(time.perf_counter())
        finally:
            writer.close()
