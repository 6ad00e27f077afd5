"""docs/design.md, Confidentiality, by the byte: secrets of one person reach no other person's socket, route or event
stream.

One contest has an unmistakable secret of every kind, and ten users request everything there is. Each secret is also
found with those who may see it, so a search that finds nothing would be noticed.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from tests.fixtures.contest_with_sheets import PASSWORD, TITLES
from tests.serving.raw_socket import RawSocket
from tests.serving.servers import Server, serving
from tests.wire.planted_contest import (
    EVERYBODY,
    LIVE,
    STRANGER,
    SUBMISSION,
    PlantedContest,
    Secret,
    planted_contest,
    planted_secrets,
)
from tests.wire.recorder import LINES, Recorder

pytestmark = pytest.mark.timed
TOLD_S = 1.0  # seconds that any other stream may be behind the committee's


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlantedContest]:
    made = planted_contest(tmp_path_factory.mktemp("wire"))
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def server(live: PlantedContest) -> Iterator[Server]:
    with serving(Path(str(live.store.url.database)).parent) as served:
        yield served


@pytest.fixture(scope="module")
def recorders(server: Server, live: PlantedContest) -> dict[str, Recorder]:
    """What each user received: the streams while a sheet is submitted, then everything there is."""
    recorders = {
        who: Recorder(server.origin, server.cookies(who, PASSWORD) if who else {}, [*live.codes.values(), SUBMISSION])
        for who in sorted(EVERYBODY)
    }

    async def all_listen() -> None:
        async with AsyncExitStack() as lines:
            for recorder in recorders.values():
                await lines.enter_async_context(recorder.streams_open())
            await submits(server, recorders["gk.hoa"], live.codes["hoa"])
            await asyncio.wait_for(moved(recorders["ban"]), 30)
            await asyncio.sleep(TOLD_S)
        for recorder in recorders.values():
            await recorder.request_everything()

    asyncio.run(all_listen())
    return recorders


async def moved(recorder: Recorder) -> None:
    """The submitted sheet is on the stream."""
    while not any(b"event: change" in chunk for chunk in recorder.received):  # noqa: ASYNC110  # this client only listens
        await asyncio.sleep(0.05)


async def submits(server: Server, recorder: Recorder, code: str) -> None:
    async with httpx.AsyncClient(
        base_url=server.origin, cookies=recorder.cookies, headers=recorder.headers, timeout=30
    ) as client:
        change = {"version": 0, "marks": LIVE, "remarks": {"": "DẤU-NHẬN-XÉT-CỦA-HOÀ"}}
        saved = await client.patch(f"/api/sheet/{code}", json=change)
        assert saved.status_code == httpx.codes.OK, saved.text
        done = {"version": saved.json()["version"], "key": "h" * 32}
        sealed = await client.post(f"/api/sheet/{code}/submit", json=done)
        assert sealed.status_code == httpx.codes.OK, sealed.text


@pytest.fixture(scope="module")
def planted(live: PlantedContest, recorders: dict[str, Recorder]) -> list[Secret]:
    return planted_secrets(live)


@pytest.mark.parametrize("who", sorted(EVERYBODY), ids=lambda who: who or "stranger")
def test_what_is_not_theirs_is_in_no_byte_they_receive(
    who: str, recorders: dict[str, Recorder], planted: list[Secret]
) -> None:
    received = recorders[who].everything_received
    assert {each.what: hit for each in planted if who not in each.may and (hit := each.found(received))} == {}


@pytest.mark.parametrize("who", sorted(EVERYBODY - {STRANGER}))
def test_what_is_theirs_is_found_there(who: str, recorders: dict[str, Recorder], planted: list[Secret]) -> None:
    """Without this, the test above could pass because the search finds nothing."""
    received = recorders[who].everything_received
    assert [each.what for each in planted if who in each.does and not each.found(received)] == []


def test_everybody_was_answered_and_the_lines_moved(recorders: dict[str, Recorder]) -> None:
    assert {who for who, recorder in recorders.items() if "/live/standings" in recorder.opened} == {
        "truong",
        "ban",
        "thuky",
    }
    assert all("/live/progress" in recorder.opened for recorder in recorders.values())
    assert any(b"event: change" in chunk for chunk in recorders["ban"].received)
    assert set(LINES) - {"/live/jobs"} <= recorders["ban"].opened
    assert {who for who, recorder in recorders.items() if "/live/jobs" in recorder.opened} == {"thuky", "quantri"}
    assert all(len(recorder.everything_received) > 20_000 for recorder in recorders.values())


class TestSocketsAndWidgets:
    def test_a_forged_fragment_of_another_page_reveals_nothing(self, server: Server, planted: list[Secret]) -> None:
        """docs/platform.md, Forged clients: a judge requests the fragments and widgets of pages that are not theirs."""
        cookies = server.cookies("gk.minh", PASSWORD)

        async def fetched(page: str) -> bytes:
            async with RawSocket(server.origin, cookies) as socket:
                await socket.run("queue")
                forged = {"$$ID-forged-close": ("trigger_value", True)}
                await socket.run(page, fragment="0" * 32, widgets=forged, seconds=2)
                return socket.bytes

        async def all_asked() -> bytes:
            pages = ("standings", "panel", "awards", "interactions", "accounts")
            return b"".join(await asyncio.gather(*map(fetched, pages)))  # silence takes its time: side by side

        received = asyncio.run(all_asked())
        assert received.count(TITLES[0].encode()) >= 5  # the queue was drawn, and what is searched is what came
        assert {each.what: hit for each in planted if "gk.minh" not in each.may and (hit := each.found(received))} == {}
