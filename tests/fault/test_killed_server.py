"""`kill -9` of the served desk while judges save over the web: every save confirmed to a browser is stored
(docs/design.md, Saved marks).
"""

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
from tests.fault.panel import Acknowledged, nothing_lost
from tests.fixtures.contest_with_sheets import CODES, JUDGES, PASSWORD, open_contest
from tests.serving.servers import Server, serving

pytestmark = pytest.mark.fault
ROUNDS = 4
PATIENCE_S = 200
STEPS = ("10", "20,5", "31.5", "40")  # commas and points, as judges type
FILM = {
    "video": f"{'0' * 64}.mp4",
    "sha256": "0" * 64,
    "milliseconds": 0,
    "width": 0,
    "height": 0,
}  # as the ledger has it


class Browser:
    """A client of one judge. It saves marks, records only acknowledged saves, and sometimes submits the sheet."""

    def __init__(self, server: Server, judge: str, acknowledged: Acknowledged, chance: random.Random) -> None:
        self.server, self.judge, self.acknowledged, self.chance = server, judge, acknowledged, chance
        self.cookies = server.cookies(judge, PASSWORD)
        self.saved: dict[str, tuple[int, str]] = {}  # work -> the last version it was told, and its first mark

    async def works(self) -> None:
        """Save until the server is gone."""
        client = httpx.AsyncClient(
            base_url=self.server.origin, cookies=self.cookies, headers={"Origin": self.server.origin}, timeout=60
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
            self.acknowledged.add(("draft", self.judge, code, version))
            self.saved[code] = version, typed
        if self.chance.random() < 0.1:
            key = f"{self.judge}-{code}-{version:032}".replace(".", "-")
            answer = await client.post(f"/api/sheet/{code}/submit", json={"version": version, "key": key})
            assert answer.status_code == httpx.codes.OK, answer.text
            self.acknowledged.add(("sealed", self.judge, code, answer.json()["receipt"]["revision"]))


async def killed_while_they_save(
    server: Server, browsers: list[Browser], acknowledged: Acknowledged, seconds: float
) -> None:
    """Kill the server while it works: some responses have arrived, a sheet was submitted, more requests are open."""
    enough, until = len(acknowledged) + 10, time.monotonic() + PATIENCE_S
    saving = [asyncio.create_task(each.works()) for each in browsers]
    while len(acknowledged) < enough or all(what != "sealed" for what, *_ in acknowledged):
        assert time.monotonic() < until and not any(each.done() for each in saving)
        await asyncio.sleep(0.01)
    await asyncio.sleep(seconds)
    await asyncio.to_thread(server.kill)
    await asyncio.gather(*saving)


def stored_sheets(store: Store) -> dict[tuple[str, str], tuple[int, str, int | None]]:
    """Every sheet: (judge, work) -> version, overall remark, and the first mark in hundredths."""
    statement = (
        sa.select(t.account.c.username, t.entry.c.code, t.sheet.c.version, t.sheet.c.remarks, t.sheet.c.marks)
        .join(t.account, t.account.c.id == t.sheet.c.judge_id)
        .join(t.entry, t.entry.c.id == t.sheet.c.entry_id)
    )
    with store.read() as connection:
        return {(row[0], row[1]): (row[2], row[3], row[4]) for row in connection.execute(statement)}


def test_every_acknowledged_save_survives_a_killed_server(
    store: Store, database_url: str, open_store: Callable[[str], Store], tmp_path: Path
) -> None:
    open_contest(store, sheets=0)
    store.change(lambda transaction: transaction.connection.execute(t.entry.update().values(FILM)).close())
    acknowledged: Acknowledged = set()
    chance = random.Random(3)
    with serving(tmp_path / "var", database_url) as server:
        browsers = [Browser(server, judge, acknowledged, random.Random(judge)) for judge, _ in JUDGES]
        for _ in range(ROUNDS):
            asyncio.run(killed_while_they_save(server, browsers, acknowledged, chance.uniform(0, 0.7)))
            found = open_store(database_url)  # as the next start finds it
            nothing_lost(found, acknowledged)
            sheets = stored_sheets(found)
            for browser in browsers:
                for code, (version, typed) in browser.saved.items():
                    now, remarks, _marks = sheets[browser.judge, code]
                    assert now >= version
                    assert now > version or typed in remarks
            server.start()
    assert {what for what, *_ in acknowledged} == {"draft", "sealed"}
    nothing_lost(store, acknowledged)
