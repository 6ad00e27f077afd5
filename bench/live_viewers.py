"""How many people can watch the live standings, from *submitted* to *seen*. python -m bench.live_viewers [--quick] [--viewers N]

All listeners and the server share this machine's cores; every listener holds its own connection through the gate.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from pathlib import Path

import httpx

from bench.fill import PASSWORD, Size, codes, fill
from bench.sse import Listeners
from bench.submit_to_seen import submitted
from core.store.engine import connect
from core.store.migrate import migrate
from tests.servers import Server, serving

SIZE = Size(500, 9, sealed=0.5)
SHEETS = 5


def main() -> None:
    """Print p50 and p95 at each number of viewers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="1,000 viewers instead of 5,000")
    parser.add_argument("--viewers", type=int, help="so many instead")
    args = parser.parse_args()
    most = args.viewers or (1_000 if args.quick else 5_000)
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with tempfile.TemporaryDirectory() as folder:
        store = connect(f"sqlite:///{Path(folder) / 'desk.db'}")
        migrate(store)
        fill(store, SIZE)
        store.close()
        with serving(Path(folder), ALLOW_DEMO_ACCOUNTS="yes", DEMO_PASSWORDS_ARE_PUBLIC="yes") as server:
            asyncio.run(watched(server, most))


async def watched(server: Server, most: int) -> None:
    """Let them all listen, submit sheets, and print how long each submit took to be seen by each."""
    viewers = Listeners("127.0.0.1", server.port, server.cookies("btc", PASSWORD))
    began = time.perf_counter()
    await viewers.join(most, "/live/standings")
    print(f"{most} viewers of the live standings, connected in {time.perf_counter() - began:.1f} s", flush=True)
    waits: list[float] = []
    async with httpx.AsyncClient(
        base_url=server.origin, cookies=server.cookies("gk02", PASSWORD), headers={"Origin": server.origin}, timeout=60
    ) as judge:
        done = 0
        for code in codes(SIZE.works):
            viewers.heard.clear()
            pressed = await submitted(judge, code, SIZE)
            if pressed is None:
                continue
            until = time.perf_counter() + 20
            while len(viewers.heard) < most and time.perf_counter() < until:  # noqa: ASYNC110  # the sockets' own tasks count
                await asyncio.sleep(0.02)
            waits += [moment - pressed for moment in viewers.heard]
            done += 1
            if done == SHEETS:
                break
            await asyncio.sleep(0.5)
    waits.sort()
    p50, p95 = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
    memory = memory_mb(server.process.pid)
    missed = SHEETS * most - len(waits)
    print(
        f"  submitted to seen: p50 {p50:.3f} s  p95 {p95:.3f} s  worst {waits[-1]:.3f} s  missed {missed}  server {memory} MB   (to reach p95 1 s)"
    )
    viewers.leave()


def memory_mb(process: int) -> int:
    """What the server holds of the machine's memory."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    main()
