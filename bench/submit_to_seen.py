"""From a judge's submit to seen by one watcher of the live standings, at three sizes. python -m bench.submit_to_seen [--quick]"""

import asyncio
import statistics
import time
from collections.abc import Iterator

from bench import table
from bench.fill import Size, codes
from bench.served import Line, desk, sessions_of
from bench.sse import Listeners
from tests.serving.servers import Server

SIZES = (Size(50, 9, sealed=0.5), Size(500, 30, sealed=0.5), Size(5_000, 30, sealed=0.5))
RIVALS = {
    50: "pretalx 0.68, Tabbycat 0.27, gavel 0.12 s",
    500: "pretalx 6.7, Tabbycat 6.1, gavel 1.9 s",
    5_000: "pretalx 9.0, Tabbycat 81 s",
}
SHEETS, TO_REACH = 20, 0.1


def measure(quick: bool) -> Iterator[table.Figure]:
    """One line for each size; the plain way's is its tick of a second (live_viewers)."""
    for size in SIZES[:1] if quick else SIZES:
        with desk(size) as server:
            seen = sorted(asyncio.run(watched(server, size)))
        median, p95 = statistics.median(seen), seen[int(0.95 * (len(seen) - 1))]
        yield table.Figure(
            f"submit to seen, {size.works:,} × {size.judges}: p95 of {len(seen)} (median {median:.3f} s)",
            p95, "s", f"≤ {TO_REACH} s", p95 <= TO_REACH, elsewhere=RIVALS[size.works],
        )  # fmt: skip


async def watched(server: Server, size: Size) -> list[float]:
    """Submit sheets over the web one after another, and note how long each took to be heard."""
    watching, marking = sessions_of(server, ["btc", "gk02"])
    watcher, seen = Listeners("127.0.0.1", server.port, watching), []
    await watcher.join(1, "/live/standings")
    async with Line(server.port, marking) as judge:
        for code in codes(size.works):
            before = len(watcher.heard)
            began = await submitted(judge, code, size)
            if began is None:
                continue
            until = time.perf_counter() + 30
            while len(watcher.heard) == before and time.perf_counter() < until:  # noqa: ASYNC110  # the socket's own task counts
                await asyncio.sleep(0.0005)
            seen.append(watcher.heard[-1] - began)
            if len(seen) == SHEETS:
                break
    watcher.leave()
    return seen


async def submitted(judge: Line, code: str, size: Size) -> float | None:
    """Submit this sheet; the moment the button was pressed, or None where it was in already."""
    sheet = await judge.ask("GET", f"/api/sheet/{code}")
    if sheet["state"] == "sealed":
        return None
    marks = {f"C{number + 1}": str(100 // size.criteria) for number in range(size.criteria)}
    change = {"version": sheet["version"], "marks": marks, "remarks": {}}
    saved = await judge.ask("PATCH", f"/api/sheet/{code}", change)
    began = time.perf_counter()
    await judge.ask("POST", f"/api/sheet/{code}/submit", {"version": saved["version"], "key": f"bench-submit-{code}"})
    return began


if __name__ == "__main__":
    table.run(__doc__, measure)
