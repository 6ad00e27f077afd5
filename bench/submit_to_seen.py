"""Time from a judge's submit to its arrival at one viewer of the live standings. python -m bench.submit_to_seen [--quick]

Measured at three sizes of contest.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator

from bench import table
from bench.fill import Size, codes
from bench.served import HttpConnection, desk, sessions_of
from bench.sse import Subscribers
from tests.serving.servers import Server

SIZES = (Size(50, 9, sealed=0.5), Size(500, 30, sealed=0.5), Size(5_000, 30, sealed=0.5))
RIVALS = {
    50: "pretalx 0.68, Tabbycat 0.27, gavel 0.12 s",
    500: "pretalx 6.7, Tabbycat 6.1, gavel 1.9 s",
    5_000: "pretalx 9.0, Tabbycat 81 s",
}
SHEETS, TO_REACH = 20, 0.1


def measure(quick: bool) -> Iterator[table.Figure]:
    """One figure for each size. The plain way has none here: it updates once a second (see `live_viewers`)."""
    for size in SIZES[:1] if quick else SIZES:
        with desk(size) as server:
            latencies = sorted(asyncio.run(watch(server, size)))
        median, p95 = statistics.median(latencies), latencies[int(0.95 * (len(latencies) - 1))]
        yield table.Figure(
            f"submit to seen, {size.works:,} × {size.judges}: p95 of {len(latencies)} (median {median:.3f} s)",
            p95, "s", f"≤ {TO_REACH} s", p95 <= TO_REACH, elsewhere=RIVALS[size.works],
        )  # fmt: skip


async def watch(server: Server, size: Size) -> list[float]:
    """Submit sheets over HTTP one after another; return the seconds until the viewer received each."""
    watching, marking = sessions_of(server, ["btc", "gk02"])
    watcher, latencies = Subscribers("127.0.0.1", server.port, watching), []
    await watcher.join(1, "/live/standings")
    async with HttpConnection(server.port, marking) as judge:
        for code in codes(size.works):
            before = len(watcher.received)
            began = await submit(judge, code, size)
            if began is None:
                continue
            until = time.perf_counter() + 30
            while len(watcher.received) == before and time.perf_counter() < until:  # noqa: ASYNC110  # the protocol appends to `received`
                await asyncio.sleep(0.0005)
            latencies.append(watcher.received[-1] - began)
            if len(latencies) == SHEETS:
                break
    watcher.leave()
    return latencies


async def submit(judge: HttpConnection, code: str, size: Size) -> float | None:
    """Submit the judge's sheet on this work; return the time (`perf_counter`) of the submit request.

    Returns None where the sheet is already sealed.
    """
    sheet = await judge.request("GET", f"/api/sheet/{code}")
    if sheet["state"] == "sealed":
        return None
    marks = {f"C{number + 1}": str(100 // size.criteria) for number in range(size.criteria)}
    change = {"version": sheet["version"], "marks": marks, "remarks": {}}
    saved = await judge.request("PATCH", f"/api/sheet/{code}", change)
    began = time.perf_counter()
    await judge.request(
        "POST", f"/api/sheet/{code}/submit", {"version": saved["version"], "key": f"bench-submit-{code}"}
    )
    return began


if __name__ == "__main__":
    table.run(__doc__, measure)
