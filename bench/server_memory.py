"""Memory of the server with 5,000 works × 30 judges and 100 people signed in. python -m bench.server_memory [--quick]

Everybody has a page open as a browser does. Judges have their queue open, and each has opened and saved a sheet.
Organisers have their first page open, the committee the live standings too. The figure is the greatest memory of the server
and its children.
"""

import asyncio
from collections.abc import Iterator

from bench import table
from bench.fill import Size, codes, judges
from bench.served import HttpConnection, desk, memory_mb, sessions_of
from bench.sse import Subscribers
from core.desk.demo import material
from core.rules.access import Role
from tests.serving.raw_socket import RawSocket
from tests.serving.servers import Server

RIVALS = "pretalx 539 MB, Tabbycat 3,800 MB"


def measure(quick: bool) -> Iterator[table.Figure]:
    """The server's memory while everybody is connected."""
    size, people = (Size(50, 9, sealed=0.5), 10) if quick else (Size(5_000, 30, sealed=0.5), 100)
    with desk(size) as server:
        empty = memory_mb(server.process.pid)
        most_memory = asyncio.run(signed_in(server, size, people))
    name = f"{size.works:,} × {size.judges}, {people} people signed in"
    yield table.Figure(
        f"memory of the server, {name} (nobody there: {empty:.0f} MB)",
        most_memory,
        "MB",
        "≤ 400 MB",
        most_memory <= 400,
        elsewhere=RIVALS,
    )


async def signed_in(server: Server, size: Size, people: int) -> float:
    """Connect so many people one after another; return the greatest memory of the server in MB while they stay."""
    panel = judges(size.judges)
    others = [person.username for person in material.people() if Role.JUDGE not in person.roles]
    names = [panel[n % len(panel)] if n % 5 else others[n // 5 % len(others)] for n in range(people)]
    most, sockets, lines = 0.0, [], []
    for number, (name, cookies) in enumerate(zip(names, sessions_of(server, names), strict=True)):
        socket = RawSocket(server.origin, cookies)
        sockets.append(await socket.__aenter__())
        await socket.run("queue" if name in panel else "")
        socket.messages.clear()
        socket.received.clear()
        if name in panel:
            await _marks(server, cookies, codes(size.works)[number])
        elif name == "btc":
            lines.append(Subscribers("127.0.0.1", server.port, cookies))
            await lines[-1].join(1, "/live/standings")
        most = max(most, memory_mb(server.process.pid))
    await asyncio.sleep(1)
    most = max(most, memory_mb(server.process.pid))
    for line in lines:
        line.leave()
    for socket in sockets:
        await socket.__aexit__(None, None, None)
    return most


async def _marks(server: Server, cookies: dict[str, str], code: str) -> None:
    async with HttpConnection(server.port, cookies) as line:
        await line.bytes("GET", f"/sheet/{code}")
        sheet = await line.request("GET", f"/api/sheet/{code}")
        if sheet["state"] != "sealed":
            await line.request(
                "PATCH", f"/api/sheet/{code}", {"version": sheet["version"], "marks": {"C1": "20"}, "remarks": {}}
            )


if __name__ == "__main__":
    table.run(__doc__, measure)
