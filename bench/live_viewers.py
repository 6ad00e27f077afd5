"""How many people can watch the live standings, from *submitted* to *seen*. python -m bench.live_viewers [--quick]

All listeners and the server share this machine's cores; every listener holds its own connection through the gate.
The plain way is a page with a fragment that runs every second and shows a dataframe and a Plotly bar: it holds as many
people as still have 95 of 100 ticks drawn within a second.
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
from bench.served import Line, desk, filled, memory_mb, plain, sessions_of
from bench.sse import Listeners
from bench.submit_to_seen import submitted
from core.settings import sqlite_url
from tests.serving.servers import Server

SIZE = Size(500, 9, sealed=0.5)
SHEETS, WITHIN_S = 5, 1.0
PLAIN = {True: (5,), False: (5, 10, 20, 30, 50)}  # people tried, by quick
TICKING_S = {True: 4.0, False: 8.0}
SETTINGS = ("--runner.postScriptGC", "false", "--server.fileWatcherType", "none")


def measure(quick: bool) -> Iterator[table.Figure]:
    """The number of viewers within a second, beside the plain page's with Streamlit's defaults and with two settings."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    most = 1_000 if quick else 5_000
    with desk(SIZE) as server:
        before = memory_mb(server.process.pid)
        seen = held(server, most)
        grown = memory_mb(server.process.pid) - before
    with TemporaryDirectory() as folder:
        url = sqlite_url(filled(Path(folder), SIZE))
        theirs = plain_viewers(quick, url)
        tuned = plain_viewers(quick, url, *SETTINGS)
    told = f"a fragment every second; {tuned} with Streamlit's two settings"
    count = seen.viewers if seen.p95 <= WITHIN_S else 0
    yield table.Figure(
        "people watching live standings, p95 submitted to seen ≤ 1 s", count, "", f"{most:,}", count >= most,
        plain=theirs, plain_is=told, more=True,
    )  # fmt: skip
    what = (
        f"… p95 with {seen.viewers:,} watching (p50 {seen.at(0.5):.2f}, worst {seen.at(1):.2f} s,"
        f" missed {seen.missed}, server +{grown:.0f} MB)"
    )
    yield table.Figure(what, seen.p95, "s", "≤ 1 s", seen.p95 <= WITHIN_S)


@dataclass(frozen=True, slots=True)
class Seen:
    """How long each submit took to be seen by each viewer, ascending, and how often it was not seen at all."""

    viewers: int
    waits: list[float]
    missed: int

    def at(self, share: float) -> float:
        """The wait that so many are within."""
        return self.waits[int((len(self.waits) - 1) * share)] if self.waits else float("inf")

    @property
    def p95(self) -> float:
        """The wait that 95 of 100 are within; those who missed it wait for ever."""
        return self.at(0.95) if self.missed * 20 <= len(self.waits) else float("inf")


def held(server: Server, most: int) -> Seen:
    """The most viewers that are served within a second, of three numbers."""
    seen = asyncio.run(watched(server, most))
    for fewer in (most // 2, most // 5):
        if seen.p95 <= WITHIN_S:
            break
        seen = asyncio.run(watched(server, fewer))
    return seen


async def watched(server: Server, most: int) -> Seen:
    """Let them all listen and submit sheets: how long each submit took to be seen by each, and how often it was not."""
    watching, marking = sessions_of(server, ["btc", "gk02"])
    viewers, waits, done = Listeners("127.0.0.1", server.port, watching), [], 0
    await viewers.join(most, "/live/standings")
    async with Line(server.port, marking) as judge:
        for code in codes(SIZE.works):
            viewers.heard.clear()
            pressed = await submitted(judge, code, SIZE)
            if pressed is None:
                continue
            until = time.perf_counter() + 10
            while len(viewers.heard) < most and time.perf_counter() < until:  # noqa: ASYNC110  # the sockets' own tasks count
                await asyncio.sleep(0.02)
            waits += [moment - pressed for moment in viewers.heard]
            done += 1
            if done == SHEETS:
                break
            await asyncio.sleep(0.5)
    viewers.leave()
    await asyncio.sleep(0.5)
    return Seen(most, sorted(waits), SHEETS * most - len(waits))


def plain_viewers(quick: bool, database: str, *options: str) -> int:
    """The most people whose ticks are still drawn within a second."""
    held = 0
    with plain("live_page.py", *options, DATABASE=database) as page:
        for number in PLAIN[quick]:
            ticks = sorted(asyncio.run(plain_ticks(page.port, number, TICKING_S[quick])))
            if len(ticks) < 3 * number or ticks[int(len(ticks) * 0.95)] > WITHIN_S:
                break
            held = number
    return held


async def plain_ticks(port: int, number: int, seconds: float) -> list[float]:
    """How long each viewer's ticks took, all watching at once for so many seconds after their first picture."""
    ticks: list[float] = []
    await asyncio.gather(*(plain_viewer(port, ticks, seconds) for _ in range(number)), return_exceptions=True)
    return ticks


async def plain_viewer(port: int, ticks: list[float], seconds: float) -> None:
    """One browser's socket: open the page, then ask for the fragment each second as the browser does."""
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
    """Read to the end of a run; how to ask for the fragment again, where the run said so."""
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
