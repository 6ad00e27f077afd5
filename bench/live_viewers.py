"""How many people can watch the live standings with updates within a second. python -m bench.live_viewers [--quick]

All viewers and the server share this machine's cores; every viewer has its own connection through the gate. The plain
way is a page with a fragment that runs every second and shows a dataframe and a Plotly bar. Its number is the most
viewers with 95 of 100 ticks drawn within a second.
"""

import asyncio
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench import table
from bench.fill import Size, codes
from bench.served import HttpConnection, desk, filled, memory_mb, plain, sessions_of
from bench.sse import Subscribers
from bench.submit_to_seen import submit
from core.settings import sqlite_url
from tests.serving.servers import Server

SIZE = Size(500, 9, sealed=0.5)
SHEETS, WITHIN_S = 5, 1.0
PLAIN = {True: (5,), False: (5, 10, 20, 30, 50)}  # people tried, by quick
TICKING_S = {True: 4.0, False: 8.0}
SETTINGS = ("--runner.postScriptGC", "false", "--server.fileWatcherType", "none")


def measure(quick: bool) -> Iterator[table.Figure]:
    """The number of viewers served within a second, against the plain page with Streamlit's defaults and with SETTINGS."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    most = 1_000 if quick else 5_000
    with desk(SIZE) as server:
        before = memory_mb(server.process.pid)
        latencies = most_viewers(server, most)
        grown = memory_mb(server.process.pid) - before
    with TemporaryDirectory() as folder:
        url = sqlite_url(filled(Path(folder), SIZE))
        theirs = plain_viewers(quick, url)
        tuned = plain_viewers(quick, url, *SETTINGS)
    plain_is = f"a fragment every second; {tuned} with Streamlit's two settings"
    count = latencies.viewers if latencies.p95 <= WITHIN_S else 0
    yield table.Figure(
        "people watching live standings, p95 submitted to seen ≤ 1 s", count, "", f"{most:,}", count >= most,
        plain=theirs, plain_is=plain_is, more=True,
    )  # fmt: skip
    what = (
        f"… p95 with {latencies.viewers:,} watching (p50 {latencies.at(0.5):.2f}, worst {latencies.at(1):.2f} s,"
        f" missed {latencies.missed}, server +{grown:.0f} MB)"
    )
    yield table.Figure(what, latencies.p95, "s", "≤ 1 s", latencies.p95 <= WITHIN_S)


@dataclass(frozen=True, slots=True)
class Latencies:
    """Seconds from each submit to its arrival at each viewer, ascending; `missed` counts arrivals that did not happen."""

    viewers: int
    waits: list[float]
    missed: int

    def at(self, share: float) -> float:
        """The quantile of the waits: this share of them is no longer. Infinite without any wait."""
        return self.waits[int((len(self.waits) - 1) * share)] if self.waits else float("inf")

    @property
    def p95(self) -> float:
        """The 95th percentile of the waits; infinite where more than 5 % were missed."""
        return self.at(0.95) if self.missed * 20 <= len(self.waits) else float("inf")


def most_viewers(server: Server, most: int) -> Latencies:
    """Measure with `most` viewers, then with a half and a fifth of them, until p95 is within a second."""
    latencies = asyncio.run(watch(server, most))
    for fewer in (most // 2, most // 5):
        if latencies.p95 <= WITHIN_S:
            break
        latencies = asyncio.run(watch(server, fewer))
    return latencies


async def watch(server: Server, most: int) -> Latencies:
    """Connect so many viewers, submit SHEETS sheets, and measure when each viewer receives each."""
    watching, marking = sessions_of(server, ["btc", "gk02"])
    viewers, waits, done = Subscribers("127.0.0.1", server.port, watching), [], 0
    await viewers.join(most, "/live/standings")
    async with HttpConnection(server.port, marking) as judge:
        for code in codes(SIZE.works):
            viewers.received.clear()
            submitted_at = await submit(judge, code, SIZE)
            if submitted_at is None:
                continue
            until = time.perf_counter() + 10
            while len(viewers.received) < most and time.perf_counter() < until:  # noqa: ASYNC110  # the protocol appends to `received`
                await asyncio.sleep(0.02)
            waits += [moment - submitted_at for moment in viewers.received]
            done += 1
            if done == SHEETS:
                break
            await asyncio.sleep(0.5)
    viewers.leave()
    await asyncio.sleep(0.5)
    return Latencies(most, sorted(waits), SHEETS * most - len(waits))


def plain_viewers(quick: bool, database: str, *options: str) -> int:
    """The most viewers of the plain page for whom 95 of 100 ticks are drawn within a second."""
    most = 0
    with plain("live_page.py", *options, DATABASE=database) as page:
        for number in PLAIN[quick]:
            ticks = sorted(asyncio.run(plain_ticks(page.port, number, TICKING_S[quick])))
            if len(ticks) < 3 * number or ticks[int(len(ticks) * 0.95)] > WITHIN_S:
                break
            most = number
    return most


async def plain_ticks(port: int, number: int, seconds: float) -> list[float]:
    """Seconds of each tick of all viewers, who watch at once for so many seconds after the page's first run."""
    ticks: list[float] = []
    await asyncio.gather(*(plain_viewer(port, ticks, seconds) for _ in range(number)), return_exceptions=True)
    return ticks


async def plain_viewer(port: int, ticks: list[float], seconds: float) -> None:
    """One WebSocket client: open the page, then request the fragment every second as a browser does."""
    address, protocol = f"ws://127.0.0.1:{port}/_stcore/stream", [websockets.Subprotocol("streamlit")]
    async with websockets.connect(address, subprotocols=protocol, max_size=None, max_queue=None) as socket:
        opening = BackMsg()
        opening.rerun_script.query_string = ""
        await socket.send(opening.SerializeToString())
        again, until = await _finished(socket), time.perf_counter() + seconds
        while again is not None and time.perf_counter() < until:
            began = time.perf_counter()
            await socket.send(again.SerializeToString())
            await _finished(socket)
            ticks.append(time.perf_counter() - began)
            await asyncio.sleep(max(0.0, began + 1 - time.perf_counter()))


async def _finished(socket: websockets.ClientConnection) -> BackMsg | None:
    """Read messages to the end of a script run; return the request that reruns the fragment, or None."""
    again = None
    while True:
        message = ForwardMsg()
        message.ParseFromString(await asyncio.wait_for(socket.recv(decode=False), 60))
        match message.WhichOneof("type"):
            case "auto_rerun":
                again = BackMsg()
                again.rerun_script.fragment_id = message.auto_rerun.fragment_id
                again.rerun_script.is_auto_rerun = True
            case "script_finished":
                return again


if __name__ == "__main__":
    table.run(__doc__, measure)
