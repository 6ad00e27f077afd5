"""Ten thousand requests of strangers at a server that works: it refuses what is too much, and nothing else suffers."""

import asyncio
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

import httpx
import pytest

from core.desk.maintenance import operations
from core.store.engine import connect
from core.store.migrate import migrate
from tests.desk.entries.entered import secret
from tests.fixtures.contest_with_sheets import CODES, PASSWORD, TOML, open_contest
from tests.serving.servers import Server, serving
from tests.web.gate import strangers
from tests.web.gate.strangers import Answer, Ask
from tests.web.http.test_server_limits import memory_mb

pytestmark = pytest.mark.timed  # two processors are busy all the time
REQUESTS = 10_000
MOST_WORKS = 200
HONEST = 60
CROWDED = "203.0.113.7"  # the network from which a flood comes
NETWORK_WORKS, ANOTHER_S = 40, 90  # works of one network at once, and seconds until one more
NETWORK_UPLOADS, LINK_UPLOADS = 50, 5
GROWTH_MB = 45  # of the server's memory; 13 to 17 were measured
EXPECTED = {
    "form": {200}, "guess": {404}, "hostile": {409, 422}, "foreign": {403}, "honest": {200}, "flood": {200, 429},
    "many": {200, 409}, "film": {201, 429}, "large": {409, 0},  # 0: the connection is closed while the body is sent
}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A contest without a calendar, so that works are received while the jury marks; the tests are its proxy."""
    folder = tmp_path_factory.mktemp("strangers")
    before, after = TOML.read_text(encoding="utf-8").split("[phases]")
    text = before + after[after.index("[entries]") :].replace("[entries]", f"[entries]\nmost_works = {MOST_WORKS}", 1)
    with closing(connect(f"sqlite:///{folder / 'desk.db'}")) as store:
        migrate(store)
        open_contest(store, sheets=0, toml=text)
    with serving(folder, PROXY_ADDRESSES="127.0.0.1") as served:
        yield served


@dataclass
class Flood:
    """The strangers' answers, and what the judge and the office got meanwhile: marks saved, and other answers than 200."""

    answers: list[Answer] = field(default_factory=list, repr=False)
    saved: int = 0
    failed: list[tuple[str, int]] = field(default_factory=list)

    def of(self, kind: str, status: int) -> list[Answer]:
        return [each for each in self.answers if (each.ask.kind, each.status) == (kind, status)]


async def work(server: Server, flood: Flood, done: asyncio.Event) -> None:
    """A judge saves marks and the office opens its pages, again and again, until the strangers are gone."""
    judge, office = (
        httpx.AsyncClient(
            base_url=server.origin,
            cookies=server.cookies(name, PASSWORD),
            headers={"origin": server.origin},
            timeout=60,
        )
        for name in ("gk.lan", "thuky")
    )
    async with judge, office:
        while not done.is_set():
            body = {"version": flood.saved, "marks": {"ND": str(flood.saved % 20)}, "remarks": {}}
            got = [await judge.patch(f"/api/sheet/{CODES[0]}", json=body)]
            got += [await office.get(path) for path in ("/board/submissions", "/api/submissions", "/submissions")]
            flood.failed += [(str(each.url), each.status_code) for each in got if each.status_code != httpx.codes.OK]
            flood.saved += 1
            await asyncio.sleep(0.2)


def first_wave(count: int) -> list[Ask]:
    """Requests from thousands of networks, a flood from one of them, and honest people among them, in a random order."""
    chance = random.Random(8)
    honest = [strangers.enters("honest", f"198.51.100.{number}", f"honest {number}") for number in range(HONEST)]
    crowd = [strangers.enters("flood", CROWDED, f"flood {number}") for number in range(count // 10)]
    crowd += [strangers.opens_form(CROWDED) for _ in range(count // 5)]
    others = [_any(number, chance) for number in range(count - len(honest) - len(crowd))]
    asks = [*honest, *crowd, *others]
    chance.shuffle(asks)
    return asks


def _any(number: int, chance: random.Random) -> Ask:
    address, kind = f"198.18.{chance.randrange(64)}.{chance.randrange(256)}", number % 20
    if kind < 8:
        return strangers.opens_form(address)
    if kind < 12:
        return strangers.guesses_link(address, number)
    if kind < 18:
        return strangers.hostile(address, number)
    if kind < 19:
        return strangers.from_another_site(address, f"foreign {number}")
    return strangers.begins_upload("guess", address, f"nobody {number}")


def second_wave(count: int, entered: list[str]) -> list[Ask]:
    """More works than the contest takes, each from a network of its own, and uploads by the people `entered`."""
    half = count // 2
    many = [strangers.enters("many", f"198.19.{each // 256}.{each % 256}", f"many {each}") for each in range(half)]
    films = [strangers.begins_upload("film", CROWDED, entered[each % len(entered)]) for each in range(count - half)]
    asks = [*many, *films]
    random.Random(9).shuffle(asks)
    return asks


async def flooded(server: Server) -> Flood:
    """Send everything while people work."""
    flood, done = Flood(), asyncio.Event()
    busy = asyncio.create_task(work(server, flood, done))
    flood.answers += await strangers.send_all(server.port, first_wave(REQUESTS * 9 // 10))
    entered = [each.ask.name for each in flood.of("flood", 200)]
    flood.answers += await strangers.send_all(server.port, second_wave(REQUESTS // 10, entered))
    done.set()
    await busy
    return flood


def stored(server: Server, query: str) -> list[tuple[int, ...]]:
    with closing(sqlite3.connect(server.data_dir / "desk.db")) as database:
        return database.execute(query).fetchall()


def test_ten_thousand_strangers(server: Server) -> None:
    asyncio.run(strangers.send_all(server.port, [strangers.opens_form("192.0.2.1") for _ in range(200)]))
    found, before, began = verified(server), memory_mb(server), time.monotonic()
    flood = asyncio.run(flooded(server))
    assert memory_mb(server) - before < GROWTH_MB
    assert "Traceback" not in server.output()
    assert flood.failed == [] and flood.saved > 10
    assert len(flood.answers) == REQUESTS
    assert {
        (each.ask.kind, each.status) for each in flood.answers if each.status not in EXPECTED[each.ask.kind]
    } == set()
    assert {each.refusal for each in flood.answers if each.status >= 400 and not is_sentence(each.refusal)} == set()
    within_limits(server, flood, time.monotonic() - began)
    honest_people_have_receipts(server, flood)
    assert verified(server) == found


def verified(server: Server) -> list[str]:
    """What `verify` finds: the fixture's works have no films, and nothing else."""
    with closing(connect(server.database_url)) as store:
        found = [(each.text, str(each.facts)) for each in operations.verify(store).findings]
    assert all("video, sha256" in facts for _, facts in found)
    return [text for text, _ in found]


def is_sentence(text: str) -> bool:
    return 10 < len(text) < 300 and text.endswith(".") and "\n" not in text


def within_limits(server: Server, flood: Flood, seconds: float) -> None:
    """What is stored is what was answered with success, and no more than the limits allow."""
    crowd, many = len(flood.of("flood", 200)), len(flood.of("many", 200))
    assert NETWORK_WORKS <= crowd <= NETWORK_WORKS + 1 + seconds // ANOTHER_S
    assert crowd + many + HONEST == MOST_WORKS
    assert stored(server, "select count(*) from submission") == [(MOST_WORKS,)]
    assert len(flood.of("film", 201)) == NETWORK_UPLOADS
    links = stored(server, "select count(*) from upload group by holder")
    assert sum(number for (number,) in links) == NETWORK_UPLOADS and max(links) <= (LINK_UPLOADS,)


def honest_people_have_receipts(server: Server, flood: Flood) -> None:
    """Each honest person got a receipt, which their private link still shows."""
    with server.client() as client:
        for each in flood.of("honest", 200):
            shown = client.get("/api/entry/mine", headers={"x-entry-link": secret(each.ask.name)}).json()
            told = (shown["code"], shown["receipt"], shown["form"]["title"])
            assert told == (each.document["code"], each.document["receipt"], f"Phim {each.ask.name}")
