"""Two servers on one PostgreSQL database: a change made at one is seen at the other.

(docs/operating.md, Several processes)
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import count

import httpx
import pytest

from core.store.engine import connect
from tests.fixtures.contest_with_sheets import CODES, PASSWORD, open_contest
from tests.serving.databases import APPLICATION, TEMPLATE, Cluster
from tests.serving.event_stream import SOON, Line, quickest, seen
from tests.serving.raw_socket import RawSocket
from tests.serving.servers import Server, serving

MARKS = ("37.5", "18.5", "19", "13.5", "4.5")
_number = count(1)


@dataclass(frozen=True)
class Two:
    """Two servers on one database."""

    a: Server
    b: Server


@pytest.fixture(scope="module")
def two(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    name = f"two_{next(_number)}"
    cluster.sql(f"create database {name} template {TEMPLATE}")
    url = cluster.url(name, APPLICATION)
    with closing(connect(url)) as store:
        open_contest(store)
    with ExitStack() as running:
        yield Two(*(running.enter_context(serving(tmp_path_factory.mktemp(each), url)) for each in ("a", "b")))


@pytest.fixture
def client() -> Iterator[Callable[[Server, dict[str, str]], httpx.Client]]:
    """Makes clients of a server with the given cookies; they disconnect after the test."""
    with ExitStack() as made:

        def opening(server: Server, cookies: dict[str, str]) -> httpx.Client:
            headers = {"Origin": server.origin}
            return made.enter_context(
                httpx.Client(base_url=server.origin, cookies=cookies, headers=headers, timeout=30)
            )

        yield opening


Clients = Callable[[Server, dict[str, str]], httpx.Client]


def test_a_session_is_valid_at_both(two: Two, client: Clients) -> None:
    cookies = two.a.cookies("ban", PASSWORD)
    for server in (two.a, two.b):
        assert client(server, cookies).get("/auth/alive").status_code == 204


@pytest.mark.timed
def test_a_sheet_submitted_at_one_is_seen_at_the_other_within_a_second(two: Two, client: Clients) -> None:
    line = Line(client(two.b, two.b.cookies("ban", PASSWORD)), "/live/standings")
    line.wait(1)
    judge = client(two.a, two.a.cookies("gk.minh", PASSWORD))
    left = [each for each in CODES if judge.get(f"/api/sheet/{each}").json()["state"] == "none"]
    assert quickest(seen(line, judge, code, MARKS) for code in left) < 1


def test_the_second_window_gets_the_conflict_at_either_process(two: Two, client: Clients) -> None:
    cookies = two.a.cookies("gk.lan", PASSWORD)
    one, other = client(two.a, cookies), client(two.b, cookies)
    code = next(each for each in CODES if one.get(f"/api/sheet/{each}").json()["state"] == "none")
    version = other.get(f"/api/sheet/{code}").json()["version"]
    body = {"version": version, "marks": {"ND": "30"}, "remarks": {}}
    assert one.patch(f"/api/sheet/{code}", json=body).status_code == 200
    late = other.patch(f"/api/sheet/{code}", json={**body, "marks": {"ND": "12"}})
    assert late.status_code == 409
    assert one.get(f"/api/sheet/{code}").json()["version"] == version + 1


def test_signing_out_at_one_ends_sockets_and_lines_at_the_other(two: Two, client: Clients) -> None:
    cookies = two.a.cookies("thuky", PASSWORD)
    line = Line(client(two.b, cookies), "/live/standings")
    line.wait(1)

    async def leave() -> int | None:
        async with RawSocket(two.b.origin, cookies) as socket:
            await socket.run("standings")
            async with httpx.AsyncClient(base_url=two.a.origin, cookies=cookies, timeout=30) as other:
                await other.get("/auth/end")
            return await socket.until_closed(SOON)

    assert asyncio.run(leave()) == 4401
    assert line.closed.wait(SOON)
    assert client(two.b, cookies).get("/auth/alive").status_code == 401
