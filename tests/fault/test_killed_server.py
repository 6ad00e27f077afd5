"""`kill -9` of the served desk while judges save through the web: what a browser was told is saved is there (docs/design.md, Saved marks)."""

import asyncio
import random
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from core.store import tables as t
from core.store.engine import Store
from tests.fault.panel import Told, nothing_lost
from tests.fixtures.an_evening import CODES, JUDGES, PASSWORD, begun
from tests.serving.servers import Server, serving

pytestmark = pytest.mark.fault
ROUNDS = 4
PATIENCE_S = 60
STEPS = ("10", "20,5", "31.5", "40")  # commas and points, as judges type
FILM = {
    "video": f"{'0' * 64}.mp4",
    "sha256": "0" * 64,
    "milliseconds": 0,
    "width": 0,
    "height": 0,
}  # as the ledger has it


class Browser:
    """One judge's page: it saves what is typed, believes only answers, and submits a sheet when it is full."""

    def __init__(self, server: Server, judge: str, told: Told, chance: random.Random) -> None:
        self.server, self.judge, self.told, self.chance = server, judge, told, chance
        self.cookies = server.cookies(judge, PASSWORD)
        self.kept: dict[str, tuple[int, str]] = {}  # work -> the last version it was told, and its first mark

    async def works(self) -> None:
        """Until the server is gone."""
        client = httpx.AsyncClient(
            base_url=self.server.origin, cookies=self.cookies, headers={"Origin": self.server.origin}, timeout=20
        )
        async with client:
            while True:
                try:
                    await self._one(client, self.chance.choice(CODES))
                except httpx.TransportError:
                    return

    async def _one(self, client: httpx.AsyncClient, code: str) -> None:
        sheet = (await client.get(f"/api/sheet/{code}")).json()
        if sheet["state"] == "sealed":
            return
        version = sheet["version"]
        for typed in self.chance.sample(STEPS, 2):
            marks = {"ND": typed, "HT": "12", "ST": "12,5", "KT": "9", "LT": "3"}
            answer = await client.patch(
                f"/api/sheet/{code}", json={"version": version, "marks": marks, "remarks": {"": typed}}
            )
            assert answer.status_code == httpx.codes.OK, answer.text
            version = answer.json()["version"]
            self.told.add(("draft", self.judge, code, version))
            self.kept[code] = version, typed
        if self.chance.random() < 0.1:
            key = f"{self.judge}-{code}-{version:032}".replace(".", "-")
            answer = await client.post(f"/api/sheet/{code}/submit", json={"version": version, "key": key})
            assert answer.status_code == httpx.codes.OK, answer.text
            self.told.add(("sealed", self.judge, code, answer.json()["receipt"]["revision"]))


async def killed_while_they_save(server: Server, browsers: list[Browser], told: Told, seconds: float) -> None:
    """Kill it in the middle: a few answers have come, a sheet was submitted, more are under way."""
    enough, until = len(told) + 10, time.monotonic() + PATIENCE_S
    saving = [asyncio.create_task(each.works()) for each in browsers]
    while len(told) < enough or all(what != "sealed" for what, *_ in told):
        assert time.monotonic() < until and not any(each.done() for each in saving)
        await asyncio.sleep(0.01)
    await asyncio.sleep(seconds)
    await asyncio.to_thread(server.kill)
    await asyncio.gather(*saving)


def kept(store: Store) -> dict[tuple[str, str], tuple[int, str, int | None]]:
    """Every sheet: judge and work -> version, overall remark, and the first mark in hundredths."""
    asked = (
        sa.select(t.account.c.username, t.entry.c.code, t.sheet.c.version, t.sheet.c.remarks, t.sheet.c.marks)
        .join(t.account, t.account.c.id == t.sheet.c.judge_id)
        .join(t.entry, t.entry.c.id == t.sheet.c.entry_id)
    )
    with store.read() as connection:
        return {(row[0], row[1]): (row[2], row[3], row[4]) for row in connection.execute(asked)}


def test_what_a_browser_was_told_is_saved_survives_the_server(
    store: Store, database_url: str, open_store: Callable[[str], Store], tmp_path: Path
) -> None:
    begun(store, sheets=0)
    store.change(lambda unit: unit.connection.execute(t.entry.update().values(FILM)).close())
    told: Told = set()
    chance = random.Random(3)
    with serving(tmp_path / "var", database_url) as server:
        browsers = [Browser(server, judge, told, random.Random(judge)) for judge, _ in JUDGES]
        for _ in range(ROUNDS):
            asyncio.run(killed_while_they_save(server, browsers, told, chance.uniform(0, 0.7)))
            found = open_store(database_url)  # as the next start finds it
            nothing_lost(found, told)
            sheets = kept(found)
            for browser in browsers:
                for code, (version, typed) in browser.kept.items():
                    now, remarks, _marks = sheets[browser.judge, code]
                    assert now >= version
                    assert now > version or typed in remarks
            server.start()
    assert {what for what, *_ in told} == {"draft", "sealed"}
    nothing_lost(store, told)
