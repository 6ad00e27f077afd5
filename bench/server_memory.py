"""Memory of the server of 5,000 works × 30 judges with 100 people signed in. python -m bench.server_memory [--quick]

Everybody holds a page open as a browser does: judges their queue, and each has opened and saved a sheet; organisers the
standings and the live line. What is weighed is the most the server and its children held.
"""

import asyncio
from collections.abc import Iterator

from bench import table
from bench.fill import Size, codes, judges
from bench.served import Line, desk, memory_mb, sessions_of
from bench.sse import Listeners
from core.desk.demo import material
from core.rules.access import Role
from tests.serving.raw_socket import RawSocket
from tests.serving.servers import Server

RIVALS = "pretalx 539 MB, Tabbycat 3,800 MB"


def measure(quick: bool) -> Iterator[table.Figure]:
    """The server's memory while everybody is there."""
    size, people = (Size(50, 9, sealed=0.5), 10) if quick else (Size(5_000, 30, sealed=0.5), 100)
    with desk(size) as server:
        empty = memory_mb(server.process.pid)
        held = asyncio.run(signed_in(server, size, people))
    name = f"{size.works:,} × {size.judges}, {people} people signed in"
    yield table.Figure(
        f"memory of the server, {name} (nobody there: {empty:.0f} MB)",
        held,
        "MB",
        "≤ 400 MB",
        held <= 400,
        elsewhere=RIVALS,
    )


async def signed_in(server: Server, size: Size, people: int) -> float:
    """Let them all in, one after another, and weigh the server while they stay."""
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
            lines.append(Listeners("127.0.0.1", server.port, cookies))
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
    async with Line(server.port, cookies) as line:
        await line.bytes("GET", f"/sheet/{code}")
        sheet = await line.ask("GET", f"/api/sheet/{code}")
        if sheet["state"] != "sealed":
            await line.ask(
                "PATCH", f"/api/sheet/{code}", {"version": sheet["version"], "marks": {"C1": "20"}, "remarks": {}}
            )


if __name__ == "__main__":
    table.run(__doc__, measure)
