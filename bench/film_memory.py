"""Server memory and CPU time for one 270 MB Full HD film that judges watch and seek. python -m bench.film_memory [--quick]

The file has the size of such a film but random bytes, because a server only passes them on. Eight judges read it at
once, one from start to end and the others at random positions. The plain way is `st.video(path)`, which reads it whole.
"""

import asyncio
import os
import random
import statistics
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import table
from bench.fill import Size, codes, judges
from bench.marking_interaction import PlainJudge
from bench.served import HttpConnection, cpu_s, desk, memory_mb, plain, sessions_of
from core.store import tables
from core.store.engine import WriteTransaction, connect
from tests.serving.servers import Server

SIZE = Size(30, 9, sealed=0)
MEGABYTE = 2**20
SEEKS, PIECE = 40, MEGABYTE


def measure(quick: bool) -> Iterator[table.Figure]:
    """The added memory, and the CPU time of opening the film once, against `st.video(path)`."""
    size = (64 if quick else 270) * MEGABYTE
    with desk(SIZE) as server:
        small, great = give_films(server, 4 * MEGABYTE, size)
        asyncio.run(memory_rise(server, small, 4 * MEGABYTE))
        added = asyncio.run(memory_rise(server, great, size))
        cost = asyncio.run(opening_cost(server, great, size))
    with TemporaryDirectory() as folder:
        film = Path(folder) / "film.mp4"
        write_random_file(film, size)
        theirs, rerun = asyncio.run(plain_film(film))
    name = f"a film of {size // MEGABYTE} MB"
    yield table.Figure(
        f"memory {name} adds while 8 judges watch and seek", max(added, 0.01), "MB", "< 2 MB", added < 2,
        plain=theirs, plain_is="st.video(path)",
    )  # fmt: skip
    yield table.Figure(
        "… processor's time of opening it once at any place", cost * 1000, "ms", "< 5 ms", cost < 0.005,
        plain=rerun * 1000, plain_is="at every rerun",
    )  # fmt: skip


def write_random_file(path: Path, size: int) -> None:
    """Write a file of so many random bytes, in whole megabytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as film:
        for _ in range(size // MEGABYTE):
            film.write(os.urandom(MEGABYTE))


def give_films(server: Server, *sizes: int) -> list[str]:
    """Give the first works films of these sizes; return the works' codes."""
    for number, size in enumerate(sizes):
        write_random_file(server.data_dir / "library" / f"bench{number}.mp4", size)

    def act(transaction: WriteTransaction) -> None:
        for number in range(len(sizes)):
            row = tables.entry.c.code == codes(len(sizes))[number]
            transaction.connection.execute(tables.entry.update().where(row).values(video=f"bench{number}.mp4"))

    store = connect(server.database_url)
    store.change(act)
    store.close()
    return codes(len(sizes))


async def memory_rise(server: Server, code: str, size: int) -> float:
    """The greatest rise of the server's memory in MB, while eight judges read the film at once."""
    before, most, done = memory_mb(server.process.pid), 0.0, asyncio.Event()

    async def sample_memory() -> None:
        nonlocal most
        while not done.is_set():
            most = max(most, memory_mb(server.process.pid))
            await asyncio.sleep(0.02)

    cookies = sessions_of(server, judges(SIZE.judges)[1:9])
    sampling = asyncio.create_task(sample_memory())
    async with asyncio.TaskGroup() as group:
        for number, cookie in enumerate(cookies):
            group.create_task(
                _whole(server, cookie, code, size) if number == 0 else _seeking(server, cookie, code, size, number)
            )
    done.set()
    await sampling
    return most - before


async def _whole(server: Server, cookie: dict[str, str], code: str, size: int) -> None:
    async with HttpConnection(server.port, cookie) as line:
        for start in range(0, size, 8 * MEGABYTE):
            await _piece(line, code, start, min(8 * MEGABYTE, size - start))


async def _seeking(server: Server, cookie: dict[str, str], code: str, size: int, seed: int) -> None:
    rng = random.Random(seed)
    async with HttpConnection(server.port, cookie) as line:
        for _ in range(SEEKS):
            await _piece(line, code, rng.randrange(size - PIECE), PIECE)


async def _piece(line: HttpConnection, code: str, start: int, length: int) -> None:
    range_header = f"Range: bytes={start}-{start + length - 1}\r\n"
    status, answer = await line.bytes("GET", f"/video/{code}", more=range_header)
    if status != 206 or len(answer) != length:
        raise RuntimeError(f"{status}, {len(answer)} bytes of {length}")


async def opening_cost(server: Server, code: str, size: int) -> float:
    """The server's CPU time in seconds for opening the film at a random position: a request for 64 kB."""
    rng, times = random.Random(9), 200
    async with HttpConnection(server.port, sessions_of(server, ["gk02"])[0]) as line:
        before = cpu_s(server.process.pid)
        for _ in range(times):
            await _piece(line, code, rng.randrange(size - PIECE), 65_536)
        return (cpu_s(server.process.pid) - before) / times


async def plain_film(film: Path) -> tuple[float, float]:
    """The memory in MB that the plain page's server adds for the film, and its CPU time in seconds for one rerun."""
    with plain("film_page.py", FILM="https://example.invalid/film.mp4") as page:
        async with PlainJudge(page.port, "gk") as judge:
            await judge.change()
            empty = memory_mb(page.pid)
    with plain("film_page.py", FILM=str(film)) as page:
        async with PlainJudge(page.port, "gk") as judge:
            await judge.change()
            full, reruns = memory_mb(page.pid), []
            for _ in range(5):
                before = cpu_s(page.pid)
                await judge.change()
                reruns.append(cpu_s(page.pid) - before)
    return full - empty, statistics.median(reruns)


if __name__ == "__main__":
    table.run(__doc__, measure)
