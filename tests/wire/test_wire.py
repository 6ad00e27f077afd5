"""docs/design.md, Confidentiality, by the byte: what is another's reaches nobody's socket, route or line.

One contest in which something unmistakable lies of everybody; ten people who ask for everything there is; and each
planted thing is found with those who may see it, so that a search that finds nothing would be seen.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from tests.fixtures.an_evening import PASSWORD, TITLES
from tests.serving.raw_socket import RawSocket
from tests.serving.servers import Server, serving
from tests.wire.a_planted_evening import EVERYBODY, LIVE, STRANGER, Laid, Planted, planted_evening, plantings
from tests.wire.listening import LINES, Ear

pytestmark = pytest.mark.timed
TOLD_S = 1.0  # how much longer than to the committee's line it may take to any other


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laid]:
    made = planted_evening(tmp_path_factory.mktemp("wire"))
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def server(live: Laid) -> Iterator[Server]:
    with serving(Path(str(live.store.url.database)).parent) as served:
        yield served


@pytest.fixture(scope="module")
def heard(server: Server, live: Laid) -> dict[str, Ear]:
    """What each person received: the lines while a sheet comes in, then everything there is."""
    ears = {
        who: Ear(server.origin, server.cookies(who, PASSWORD) if who else {}, live.codes.values())
        for who in sorted(EVERYBODY)
    }

    async def all_listen() -> None:
        async with AsyncExitStack() as lines:
            for ear in ears.values():
                await lines.enter_async_context(ear.listening())
            await submits(server, ears["gk.hoa"], live.codes["hoa"])
            await asyncio.wait_for(moved(ears["ban"]), 30)
            await asyncio.sleep(TOLD_S)
        for ear in ears.values():
            await ear.asks()

    asyncio.run(all_listen())
    return ears


async def moved(ear: Ear) -> None:
    """The sheet that came in is on the line."""
    while not any(b"event: change" in chunk for chunk in ear.received):  # noqa: ASYNC110  # an ear only hears
        await asyncio.sleep(0.05)


async def submits(server: Server, ear: Ear, code: str) -> None:
    async with httpx.AsyncClient(
        base_url=server.origin, cookies=ear.cookies, headers=ear.headers, timeout=30
    ) as client:
        change = {"version": 0, "marks": LIVE, "remarks": {"": "DẤU-NHẬN-XÉT-CỦA-HOÀ"}}
        saved = await client.patch(f"/api/sheet/{code}", json=change)
        assert saved.status_code == httpx.codes.OK, saved.text
        done = {"version": saved.json()["version"], "key": "h" * 32}
        sealed = await client.post(f"/api/sheet/{code}/submit", json=done)
        assert sealed.status_code == httpx.codes.OK, sealed.text


@pytest.fixture(scope="module")
def planted(live: Laid, heard: dict[str, Ear]) -> list[Planted]:
    return plantings(live)


@pytest.mark.parametrize("who", sorted(EVERYBODY), ids=lambda who: who or "stranger")
def test_what_is_not_theirs_is_in_no_byte_they_receive(who: str, heard: dict[str, Ear], planted: list[Planted]) -> None:
    received = heard[who].heard
    assert {each.what: hit for each in planted if who not in each.may and (hit := each.found(received))} == {}


@pytest.mark.parametrize("who", sorted(EVERYBODY - {STRANGER}))
def test_what_is_theirs_is_found_there(who: str, heard: dict[str, Ear], planted: list[Planted]) -> None:
    """Without this, the test above could pass on a search that finds nothing."""
    received = heard[who].heard
    assert [each.what for each in planted if who in each.does and not each.found(received)] == []


def test_everybody_was_answered_and_the_lines_moved(heard: dict[str, Ear]) -> None:
    assert {who for who, ear in heard.items() if "/live/standings" in ear.opened} == {"truong", "ban", "thuky"}
    assert all("/live/progress" in ear.opened for ear in heard.values())
    assert any(b"event: change" in chunk for chunk in heard["ban"].received)
    assert set(LINES) <= heard["ban"].opened
    assert all(len(ear.heard) > 20_000 for ear in heard.values())


class TestSocketsAndWidgets:
    def test_a_forged_fragment_of_another_page_says_nothing(self, server: Server, planted: list[Planted]) -> None:
        """docs/platform.md, Forged clients: a judge names the fragments and widgets of pages that are not theirs."""
        cookies = server.cookies("gk.minh", PASSWORD)

        async def asked(page: str) -> bytes:
            async with RawSocket(server.origin, cookies) as socket:
                await socket.run("queue")
                forged = {"$$ID-forged-close": ("trigger_value", True)}
                await socket.run(page, fragment="0" * 32, widgets=forged, seconds=2)
                return socket.bytes

        async def all_asked() -> bytes:
            pages = ("standings", "panel", "awards", "interactions", "accounts")
            return b"".join(await asyncio.gather(*map(asked, pages)))  # silence takes its time: side by side

        received = asyncio.run(all_asked())
        assert received.count(TITLES[0].encode()) >= 5  # the queue was drawn, and what is searched is what came
        assert {each.what: hit for each in planted if "gk.minh" not in each.may and (hit := each.found(received))} == {}
