"""Collects every byte that a user can receive: every page by its socket, every route, every open event stream."""

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx

from pages.kit import pages_registry as pages
from tests.serving.raw_socket import RawSocket

TABLE = Path(__file__).resolve().parents[1] / "web" / "routes.json"
LINES = ("/live/standings", "/live/changes", "/live/progress", "/live/jobs")
LEFT_OUT = (
    "/auth/end",
    "/auth/logout",
    "/language/",
    "/assets/",
)  # these end the session, or are the same for everybody


def addresses(codes: Iterable[str]) -> list[str]:
    """Every address that answers GET, from the table of all routes of the application."""
    found = ["/", *(f"/{page.address}" for page in pages.ALL)]
    for named in json.loads(TABLE.read_text()):
        method, _, path = named.partition(" ")
        if method != "GET" or path in LINES or path.startswith(LEFT_OUT):
            continue
        found += [f"{path}?work={code}" for code in codes] if path == "/board/screening" else []
        found += [path.replace("{code}", code) for code in codes] if "{code}" in path else [path.split("{", 1)[0]]
    return [*found, "/board/readings?freeze=1", *(f"/board/readings?work={code}" for code in codes)]


def unpacked(answer: httpx.Response) -> bytes:
    """A response's headers and body; of a workbook its unzipped parts and all that stands beside them.

    Compressed bytes are left out: in another run, with other times and hashes, they may equal a short number.
    """
    content = answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            parts = [(part.filename.encode(), part.comment, part.extra, book.read(part)) for part in book.infolist()]
            content = b"\n".join((book.comment, *(each for part in parts for each in part)))
    counted = {"content-length", "date", "etag"}
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items() if name not in counted)
    return headers.encode() + b"\n" + content


class Recorder:
    """One user who requests everything and keeps what is received."""

    def __init__(self, origin: str, cookies: Mapping[str, str], codes: Iterable[str]) -> None:
        self.origin, self.cookies, self.codes = origin, dict(cookies), tuple(codes)
        self.received: list[bytes] = []
        self.opened: set[str] = set()  # the addresses that answered 200
        self.headers = {"Origin": origin}

    @property
    def everything_received(self) -> bytes:
        """All that was received, responses separated by a NUL line."""
        return b"\n\x00\n".join(dict.fromkeys(self.received))

    async def request_everything(self) -> None:
        """Request every page, then every route. Changes are sent too, and the responses that refuse them are kept."""
        await self._pages()
        async with httpx.AsyncClient(
            base_url=self.origin, cookies=self.cookies, headers=self.headers, timeout=30
        ) as client:
            for address in addresses(self.codes):
                self._record(address, await client.get(address))
            stale = {"version": 9_999, "marks": {}, "remarks": {}}
            for code in self.codes:
                self._record("PATCH", await client.patch(f"/api/sheet/{code}", json=stale))
                refused = {"version": 9_999, "key": "k" * 32}
                self._record("POST", await client.post(f"/api/sheet/{code}/submit", json=refused))
                row: dict[str, object] = dict.fromkeys(("explanation", "address", "screenshot", "reason"), "")
                row |= {"code": code, "counts": {"shares": "0"}, "seen": 0, "asked": [], "corrects": None}
                examined = {"taken_at": "2026-11-01T00:00", "rows": [row]}
                self._record("POST", await client.post("/api/readings/check", json=examined))

    async def _pages(self) -> None:
        requested = [("", ""), *((page.address, "") for page in pages.ALL)]
        requested += [("marking", f"work={code}") for code in self.codes]
        for page, query in requested:
            async with RawSocket(self.origin, self.cookies) as socket:
                await socket.run(page, query=query)
                self.received.append(socket.bytes)
                self.received += [str(message).encode() for message in socket.messages]  # decoded: packed values too

    def _record(self, address: str, answer: httpx.Response) -> None:
        self.received.append(unpacked(answer))
        if answer.status_code == httpx.codes.OK:
            self.opened.add(address)

    @asynccontextmanager
    async def streams_open(self) -> AsyncIterator[None]:
        """Open every live line that this user may open and keep what it sends, until the end of the block."""
        async with httpx.AsyncClient(base_url=self.origin, cookies=self.cookies, timeout=300) as client:
            ready = [asyncio.Event() for _ in LINES]
            lines = [asyncio.create_task(self._line(client, at, ready[n])) for n, at in enumerate(LINES)]
            await asyncio.wait_for(asyncio.gather(*(each.wait() for each in ready)), 20)
            try:
                yield
            finally:
                for line in lines:
                    line.cancel()
                    with suppress(asyncio.CancelledError):
                        await line

    async def _line(self, client: httpx.AsyncClient, address: str, ready: asyncio.Event) -> None:
        try:
            async with client.stream("GET", address) as answer:
                if answer.status_code == httpx.codes.OK:
                    self.opened.add(address)
                async for chunk in answer.aiter_raw():
                    self.received.append(chunk)
                    ready.set()
        finally:
            ready.set()
