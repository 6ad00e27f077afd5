"""From a judge's submit to seen by one watcher of the live standings, at three sizes. python -m bench.submit_to_seen [--quick]"""

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import httpx

from bench.fill import PASSWORD, Size, codes, fill
from bench.sse import Listeners
from core.store.engine import connect
from core.store.migrate import migrate
from tests.servers import Server, serving

SIZES = (Size(50, 9, sealed=0.5), Size(500, 30, sealed=0.5), Size(5_000, 30, sealed=0.5))
RIVALS = {
    50: "pretalx 0.68  Tabbycat 0.27  gavel 0.12",
    500: "pretalx 6.7  Tabbycat 6.1  gavel 1.9",
    5_000: "pretalx 9.0  Tabbycat 81",
}
SHEETS = 20


def main() -> None:
    """Print one line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the two smaller sizes")
    sizes = SIZES[:2] if parser.parse_args().quick else SIZES
    print("from a judge's submit to seen by one watcher (seconds; to reach 0.1 at every size)")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            store = connect(f"sqlite:///{Path(folder) / 'desk.db'}")
            migrate(store)
            fill(store, size)
            store.close()
            with serving(Path(folder), ALLOW_DEMO_ACCOUNTS="yes", DEMO_PASSWORDS_ARE_PUBLIC="yes") as server:
                seen = asyncio.run(watched(server, size))
        worst = sorted(seen)[int(0.95 * len(seen))]
        print(
            f"  {size.works:>5} x {size.judges}: median {statistics.median(seen):.3f}  p95 {worst:.3f}   beside {RIVALS[size.works]}"
        )


async def watched(server: Server, size: Size) -> list[float]:
    """Submit sheets over the web one after another, and note how long each took to be heard."""
    watcher = Listeners("127.0.0.1", server.port, server.cookies("btc", PASSWORD))
    judge = httpx.AsyncClient(
        base_url=server.origin, cookies=server.cookies("gk02", PASSWORD), headers={"Origin": server.origin}, timeout=60
    )
    await watcher.join(1, "/live/standings")
    seen: list[float] = []
    for code in codes(size.works):
        if len(seen) == SHEETS:
            break
        before = len(watcher.heard)
        began = await submitted(judge, code, size)
        if began is None:
            continue
        while len(watcher.heard) == before:  # noqa: ASYNC110  # the sockets' own tasks count
            await asyncio.sleep(0.001)
        seen.append(watcher.heard[-1] - began)
    watcher.leave()
    await judge.aclose()
    return seen


async def submitted(judge: httpx.AsyncClient, code: str, size: Size) -> float | None:
    """Submit this sheet; the moment the button was pressed, or None where it was in already."""
    sheet = (await judge.get(f"/api/sheet/{code}")).json()
    if sheet["state"] == "sealed":
        return None
    marks = {f"C{number + 1}": "20" for number in range(size.criteria)}
    change = {"version": sheet["version"], "marks": marks, "remarks": {}}
    saved = (await judge.patch(f"/api/sheet/{code}", json=change)).json()
    began = time.perf_counter()
    key = f"bench-submit-{code}"
    answer = await judge.post(f"/api/sheet/{code}/submit", json={"version": saved["version"], "key": key})
    answer.raise_for_status()
    return began


if __name__ == "__main__":
    main()
