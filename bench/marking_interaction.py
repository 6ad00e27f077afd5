"""One interaction on the marking page (30 works, 5 criteria): changing a mark. python -m bench.marking_interaction [--quick]

Ours is the whole round trip of the request that the page's script sends; the mark is durable before the response. The
plain way is the same page as a Streamlit script with Streamlit's defaults: the script run that a change causes.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from typing import Self

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench import table
from bench.fill import Size, codes
from bench.served import HttpConnection, cpu_s, desk, plain, sessions_of
from tests.serving.servers import Server

SIZE = Size(30, 9, 5, sealed=0)


def measure(quick: bool) -> Iterator[table.Figure]:
    """The median duration and the server's CPU time of one change, for both."""
    changes = 100 if quick else 500
    with desk(SIZE) as server:
        ours, cpu = asyncio.run(our_changes(server, changes))
        our_cpu = cpu / changes * 1000
    with plain("marking_page.py") as page:
        cpu = cpu_s(page.pid)
        theirs = asyncio.run(plain_changes(page.port, changes // 4))
        their_cpu = (cpu_s(page.pid) - cpu) / (changes // 4) * 1000
    mine, beside = statistics.median(ours) * 1000, statistics.median(theirs) * 1000
    yield table.Figure(
        "one interaction on the marking page, 30 works, 5 criteria (median)", mine, "ms", "≤ 10 ms", mine <= 10,
        plain=beside, plain_is="a Streamlit page",
    )  # fmt: skip
    yield table.Figure(
        "… processor's time of the server", our_cpu, "ms", "", None, plain=their_cpu, plain_is="a Streamlit page"
    )


async def our_changes(server: Server, changes: int) -> tuple[list[float], float]:
    """The duration of each change by one judge, one after another, and the server's CPU time for all; in seconds."""
    waits, works = [], codes(SIZE.works)
    async with HttpConnection(server.port, sessions_of(server, ["gk02"])[0]) as line:
        versions = {code: int((await line.request("GET", f"/api/sheet/{code}"))["version"]) for code in works}
        cpu = cpu_s(server.process.pid)
        for turn in range(changes):
            code = works[turn % len(works)]
            marks = {f"C{turn % 5 + 1}": f"{(turn + turn // 30) % 40 / 2:g}"}
            began = time.perf_counter()
            change = {"version": versions[code], "marks": marks, "remarks": {}}
            versions[code] = (await line.request("PATCH", f"/api/sheet/{code}", change))["version"]
            waits.append(time.perf_counter() - began)
        return waits, cpu_s(server.process.pid) - cpu


async def plain_changes(port: int, changes: int) -> list[float]:
    """The duration in seconds of each change on the plain page by one browser, one after another."""
    async with PlainJudge(port, "gk") as page:
        return [await page.change() for _ in range(changes)]


class PlainJudge:
    """A WebSocket client of the plain marking page. It sends the state of its widgets as a browser does."""

    def __init__(self, port: int, judge: str) -> None:
        self._address = f"ws://127.0.0.1:{port}/_stcore/stream"
        self._judge, self._turn = judge, 0
        self._inputs: dict[str, float] = {}

    async def __aenter__(self) -> Self:
        self._socket = await websockets.connect(
            self._address,
            subprotocols=[websockets.Subprotocol("streamlit")],
            max_size=None,
            max_queue=None,  # unread messages must not block the closing handshake
            open_timeout=30,
        )
        await self._run()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def change(self) -> float:
        """Change the next mark; return the seconds until the script has finished its run."""
        names = list(self._inputs)
        self._inputs[names[self._turn % len(names)]] = (self._turn * 7 + 1) % 40 / 2
        self._turn += 1
        began = time.perf_counter()
        await self._run()
        return time.perf_counter() - began

    async def _run(self) -> None:
        request = BackMsg()
        request.rerun_script.query_string = f"judge={self._judge}"
        for name, value in self._inputs.items():
            state = request.rerun_script.widget_states.widgets.add()
            state.id, state.double_value = name, value
        await self._socket.send(request.SerializeToString())
        while True:
            message = ForwardMsg()
            message.ParseFromString(await asyncio.wait_for(self._socket.recv(decode=False), 60))
            element = message.delta.new_element
            if element.WhichOneof("type") == "number_input":
                self._inputs.setdefault(element.number_input.id, 0.0)
            if message.WhichOneof("type") == "script_finished":
                return


if __name__ == "__main__":
    table.run(__doc__, measure)
