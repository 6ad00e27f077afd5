"""The database stops while the desk is served: one sentence everywhere, no partial change, automatic recovery
(docs/security.md, Faults).
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import httpx
import pytest

from core.live.watcher import HEARTBEAT_S
from core.store.engine import connect
from tests.fixtures.contest_with_sheets import CODES, PASSWORD, open_contest
from tests.serving.databases import APPLICATION, TEMPLATE, Cluster, made
from tests.serving.event_stream import Line, submitted
from tests.serving.raw_socket import RawSocket, texts
from tests.serving.servers import Server, serving

pytestmark = pytest.mark.fault
AWAY = "Cơ sở dữ liệu đang không trả lời. Hãy thử lại sau ít phút."
NOT_SAVED = "Cơ sở dữ liệu đang không ghi được nên thay đổi này có thể chưa được lưu. Hãy thử lại sau ít phút."


@pytest.fixture(scope="module")
def stoppable_cluster(cluster: Cluster) -> Iterator[Cluster]:  # `cluster` skips where there is no PostgreSQL
    """A cluster that a test may stop: no other test's server uses it."""
    assert cluster.data.exists()
    own = made()
    yield own
    own.stop()


@pytest.fixture(scope="module")
def servers(stoppable_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Two processes on one database; the second only reads."""
    stoppable_cluster.sql(f"create database evening template {TEMPLATE}")
    url = stoppable_cluster.url("evening", APPLICATION)
    with closing(connect(url)) as store:
        open_contest(store)
    with ExitStack() as running:
        yield [running.enter_context(serving(tmp_path_factory.mktemp(each), url)) for each in ("here", "there")]


def test_every_client_is_notified_and_recovers(servers: list[Server], stoppable_cluster: Cluster) -> None:
    server, other = servers
    with ExitStack() as hung_up:
        judge, ban = (hung_up.enter_context(server.client(each, PASSWORD)) for each in ("gk.hoa", "ban"))
        code = next(each for each in CODES if judge.get(f"/api/sheet/{each}").json()["state"] == "none")
        abroad = hung_up.enter_context(other.client("ban", PASSWORD))
        lines = [Line(each, "/live/standings") for each in (ban, abroad)]
        for line in lines:
            line.wait(1)
        asyncio.run(_stop_and_start(server, stoppable_cluster, lambda: _assert_refused_while_away(judge, code, lines)))
        for line in lines:
            line.wait_for("beat")  # the board is live again
        submitted(judge, code, ("30", "15", "15", "12", "4"))  # from version 0: the refused save left nothing
        for line in lines:
            line.wait(2)
            assert code in line.events[1][1]["rows"]


async def _stop_and_start(server: Server, stoppable_cluster: Cluster, ask: Callable[[], None]) -> None:
    """A page stays open while the database stops and starts."""
    async with RawSocket(server.origin, server.cookies("ban", PASSWORD)) as page:
        there = texts(await page.run("standings"))
        stoppable_cluster.control("-m", "immediate", "stop")
        try:
            await asyncio.to_thread(ask)
            drawn = await page.run("standings")
        finally:
            stoppable_cluster.start()
        assert AWAY in texts(drawn) and "Traceback" not in texts(drawn)
        assert "auto_rerun" in {message.WhichOneof("type") for message in drawn}
        assert texts(await page.run("standings")) == there


def _assert_refused_while_away(judge: httpx.Client, code: str, lines: list[Line]) -> None:
    for line in lines:
        line.wait_for("away", HEARTBEAT_S)  # no board claims to be live
    assert judge.get("/healthz").json() == {"status": "failing", "failing": ["database"]}
    refused(judge.patch(f"/api/sheet/{code}", json={"version": 0, "marks": {"ND": "1"}, "remarks": {}}))
    time.sleep(1.1)  # the gate's cached session has expired
    for path in (f"/api/sheet/{code}", f"/sheet/{code}", "/live/standings", "/board", "/account", "/live/progress"):
        refused(judge.get(path))
        html_of(judge.get(path, headers={"accept": "text/html"}))


def refused(answer: httpx.Response) -> None:
    assert answer.status_code == 503
    assert answer.json() in ({"refused": AWAY}, {"refused": NOT_SAVED})


def html_of(answer: httpx.Response) -> None:
    """An HTML page, which reloads by itself."""
    assert answer.status_code == 503 and AWAY in answer.text and "Traceback" not in answer.text
    assert answer.headers["refresh"] == "5"
    assert "default-src" in answer.headers["content-security-policy"]
