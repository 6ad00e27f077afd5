"""Marks saved over HTTP by 32 judges at once. python -m bench.web_saves [--quick]

Each save is a request through the gate: a draft with its ledger row, durable before the response. The plain way is a
Streamlit page with number inputs, for 32 browsers at once. It saves each change in one durable commit, without a ledger.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator

from bench import table
from bench.fill import Size, codes, judges
from bench.marking_interaction import PlainJudge
from bench.served import HttpConnection, desk, plain, sessions_of
from tests.serving.servers import Server

AT_ONCE = 32
SIZES = (Size(50, 9, sealed=0), Size(5_000, 30, sealed=0.5))
RIVALS = {
    50: "pretalx 54/s (p95 0.6 s), Tabbycat 26/s (p95 1.4 s)",
    5_000: "pretalx 12/s (p95 2.7 s), Tabbycat 23/s (p95 1.5 s)",
}


def measure(quick: bool) -> Iterator[table.Figure]:
    """Saves per second and their duration at both sizes, against the plain page."""
    seconds = 3.0 if quick else 10.0
    with plain("marking_page.py") as page:
        theirs = sorted(asyncio.run(plain_saves(page.port, seconds)))
    rate = len(theirs) / seconds
    for size in SIZES[:1] if quick else SIZES:
        with desk(size) as server:
            waits = sorted(asyncio.run(saves(server, size, seconds)))
        yield from _figures(size, waits, seconds, theirs, rate)


def _figures(
    size: Size, waits: list[float], seconds: float, theirs: list[float], rate: float
) -> Iterator[table.Figure]:
    name, ours = f"{size.works:,} × {size.judges}", len(waits) / seconds
    yield table.Figure(
        f"marks saved over the web, {AT_ONCE} judges at once, {name}", ours, "/s", "≥ 100/s", ours >= 100,
        plain=rate, plain_is="a Streamlit page", more=True, elsewhere=RIVALS[size.works],
    )  # fmt: skip
    p95, their_p95 = _p95(waits), _p95(theirs)
    what = f"… p95 of a save (median {statistics.median(waits):.3f}, worst {waits[-1]:.3f} s)"
    yield table.Figure(what, p95, "s", "≤ 0.3 s", p95 <= 0.3, plain=their_p95, plain_is="a Streamlit page")


def _p95(waits: list[float]) -> float:
    return waits[int(0.95 * (len(waits) - 1))] if waits else float("inf")


async def saves(server: Server, size: Size, seconds: float) -> list[float]:
    """The duration of each save in seconds, by 32 connections at once.

    Where there are fewer judges than connections, some judges have several. No two connections save the same sheet.
    """
    people = judges(size.judges)
    cookies = sessions_of(server, [people[number % len(people)] for number in range(AT_ONCE)])
    waits: list[float] = []
    async with asyncio.TaskGroup() as group:
        for number, cookie in enumerate(cookies):
            mine = codes(size.works)[number // len(people) :: -(-AT_ONCE // len(people))]
            group.create_task(_judge(HttpConnection(server.port, cookie), mine, waits, seconds))
    return waits


async def _judge(line: HttpConnection, works: list[str], waits: list[float], seconds: float) -> None:
    async with line:
        drafts = []
        for code in works:
            sheet = await line.request("GET", f"/api/sheet/{code}")
            if sheet["state"] != "sealed":
                drafts.append([code, sheet["version"]])
            if len(drafts) == 10:
                break
        until, turn = time.perf_counter() + seconds, 0
        while time.perf_counter() < until:
            draft, turn = drafts[turn % len(drafts)], turn + 1
            change = {"version": draft[1], "marks": {"C1": f"{turn % 40 / 2:g}".replace(".", ",")}, "remarks": {}}
            began = time.perf_counter()
            draft[1] = (await line.request("PATCH", f"/api/sheet/{draft[0]}", change))["version"]
            waits.append(time.perf_counter() - began)


async def plain_saves(port: int, seconds: float) -> list[float]:
    """The duration of each change on the plain page in seconds, with 32 browsers at once."""
    waits: list[float] = []

    async def judge(number: int) -> None:
        async with PlainJudge(port, f"gk{number}") as page:
            until = time.perf_counter() + seconds
            while time.perf_counter() < until:
                waits.append(await page.change())

    await asyncio.gather(*(judge(number) for number in range(AT_ONCE)), return_exceptions=True)
    return waits


if __name__ == "__main__":
    table.run(__doc__, measure)
