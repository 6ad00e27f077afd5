"""Strangers at a served desk: what they cost judges, and that they lock nobody out (docs/security.md, Throttling;
docs/security.md, Request limits).
"""

import asyncio
import re
import shutil
import sqlite3
import statistics
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import pytest
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg

from core.desk.demo.material import PASSWORD
from tests.serving.raw_socket import RawSocket, texts, widgets
from tests.serving.servers import Server, serving
from tests.web.http.test_server_limits import memory_mb

pytestmark = pytest.mark.timed
HALL = "203.0.113.7"
GUESSERS = 6


@pytest.fixture(scope="module")
def behind(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A desk that trusts a proxy's client address: the tests set it in the header."""
    folder = tmp_path_factory.mktemp("hall") / "var"
    shutil.copytree(demo_template, folder)
    with serving(folder, PROXY_ADDRESSES="127.0.0.1") as server:
        yield server


def unmarked(server: Server, username: str) -> str:
    """A work that this judge has not begun."""
    query = """select e.code from account a join assignment x on x.judge_id = a.id join entry e on e.id = x.entry_id
      left join sheet s on s.judge_id = a.id and s.entry_id = e.id where a.username = ? and s.state is null"""
    with closing(sqlite3.connect(server.data_dir / "desk.db")) as database:
        return str(database.execute(query, (username,)).fetchone()[0])


class Form:
    """The sign-in form in a browser of its own, from a client address."""

    def __init__(self, server: Server, address: str, browser: str, device: str = "") -> None:
        cookies = {"browser": browser, **({"device": device} if device else {})}
        self._line = RawSocket(server.origin, cookies, headers={"X-Forwarded-For": address})

    async def __aenter__(self) -> Self:
        await self._line.__aenter__()
        drawn = widgets(await self._line.run(seconds=60))
        self._name, self._word, self._send = (drawn[each] for each in ("Tên đăng nhập", "Mật khẩu", "Đăng nhập"))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._line.__aexit__(kind, error, trace)

    async def send(self, username: str, password: str) -> str:
        """Submit the form. Returns the address of the redirect, or the text shown."""
        values: dict[str, tuple[str, Any]] = {
            self._name: ("string_value", username),
            self._word: ("string_value", password),
            self._send: ("trigger_value", True),
        }
        messages = await self._line.run(widgets=values, seconds=90)
        sent_to = [each.auth_redirect.url for each in messages if each.WhichOneof("type") == "auth_redirect"]
        return str(sent_to[0]) if sent_to else texts(messages)


async def tries_to_sign_in(server: Server, username: str, device: str = "") -> tuple[str, float]:
    """Try the right password in a new browser every few seconds. Returns the redirect address and the seconds until
    then.
    """
    began = time.monotonic()
    for number in range(40):
        with suppress(websockets.ConnectionClosed, KeyError):
            async with Form(server, HALL, f"{username} {number} {began}", device) as form:
                target = await form.send(username, PASSWORD)
                if target.startswith("/auth/establish"):
                    return target, time.monotonic() - began
        await asyncio.sleep(3)
    raise AssertionError(f"{username} was kept out for {time.monotonic() - began:.0f} s")


async def guesses(server: Server, name: str, *, fresh: bool) -> None:
    """Guess passwords without pause, for one name or for any, in one browser or a new one each time."""
    number = 0
    while True:
        with suppress(websockets.ConnectionClosed, KeyError):
            async with Form(server, HALL, "thief" if not fresh else f"thief {time.monotonic()} {number}") as form:
                while True:
                    number += 1
                    await form.send(name or f"nobody{number}", "wrong wrong wrong")
                    if fresh:
                        break


@pytest.mark.parametrize(
    "name, fresh",
    [("", False), ("gk03", False), ("gk03", True)],
    ids=["any names", "her name", "her name, fresh browsers"],
)
def test_a_judge_gets_in_beside_a_stranger_who_guesses_in_the_same_network(
    behind: Server, name: str, fresh: bool
) -> None:
    """One judge had never signed in there before; both use a browser in which nobody has signed in."""

    async def hall() -> float:
        strangers = [asyncio.create_task(guesses(behind, name, fresh=fresh)) for _ in range(GUESSERS)]
        await asyncio.sleep(10)
        try:
            return max([(await tries_to_sign_in(behind, judge))[1] for judge in ("gk02", "gk03")])
        finally:
            for each in strangers:
                each.cancel()
            await asyncio.gather(*strangers, return_exceptions=True)

    assert asyncio.run(hall()) < 150


def test_a_judges_own_browser_waits_for_none_of_it(behind: Server) -> None:
    async def hall() -> float:
        ticket, _ = await tries_to_sign_in(behind, "gk04")
        browser = "gk04's own"
        async with Form(behind, HALL, browser) as form:
            ticket = await form.send("gk04", PASSWORD)
        async with httpx.AsyncClient(timeout=30) as client:
            answer = await client.get(behind.origin + ticket, headers={"cookie": f"browser={browser}"})
        device = re.search(r"device=([^;]+)", ",".join(answer.headers.get_list("set-cookie")))
        assert device is not None
        strangers = [asyncio.create_task(guesses(behind, "gk04", fresh=True)) for _ in range(GUESSERS)]
        await asyncio.sleep(10)
        try:
            return (await tries_to_sign_in(behind, "gk04", device[1]))[1]
        finally:
            for each in strangers:
                each.cancel()
            await asyncio.gather(*strangers, return_exceptions=True)

    assert asyncio.run(hall()) < 8


def test_a_judges_save_hardly_waits_for_strangers_who_ask_for_runs(own_demo: Server) -> None:
    code, version = unmarked(own_demo, "gk02"), 0

    async def saves(client: httpx.AsyncClient, number: int) -> float:
        nonlocal version
        waits = []
        for turn in range(number):
            began = time.perf_counter()
            body = {"version": version, "marks": {"ND": f"{turn % 40}"}, "remarks": {}}
            answer = await client.patch(f"/api/sheet/{code}", json=body)
            waits.append(time.perf_counter() - began)
            version = answer.json()["version"]
        return statistics.median(waits)

    async def noise() -> None:
        message = BackMsg()
        message.rerun_script.query_string = ""
        with suppress(websockets.ConnectionClosed):
            async with RawSocket(own_demo.origin) as line:
                reading = asyncio.create_task(line.until_finished(60))
                while True:
                    await line._socket.send(message.SerializeToString())
                    await asyncio.sleep(0.05)
                    if reading.done():
                        reading = asyncio.create_task(line.until_finished(60))

    async def ratio() -> float:
        cookies, headers = own_demo.cookies("gk02", PASSWORD), {"origin": own_demo.origin}
        async with httpx.AsyncClient(base_url=own_demo.origin, cookies=cookies, headers=headers, timeout=60) as client:
            alone = await saves(client, 15)
            strangers = [asyncio.create_task(noise()) for _ in range(12)]
            await asyncio.sleep(5)
            beside = await saves(client, 15)
            for each in strangers:
                each.cancel()
            await asyncio.gather(*strangers, return_exceptions=True)
            return beside / alone

    assert asyncio.run(ratio()) < 10


def test_strangers_fill_no_memory_with_what_they_write_into_the_form(own_demo: Server) -> None:
    async def filled(bytes_each: int) -> list[int | None]:
        closed = []
        for _ in range(30):
            async with RawSocket(own_demo.origin) as line:
                await line.run()
                with suppress(websockets.ConnectionClosed):
                    await line.run(widgets={"$$ID-x": ("string_value", "a" * bytes_each)}, seconds=5)
                closed.append(line.closed)
        return closed

    before = memory_mb(own_demo)
    assert set(asyncio.run(filled(7_000_000))) == {1009}
    assert set(asyncio.run(filled(60_000))) == {None}
    assert memory_mb(own_demo) - before < 30
