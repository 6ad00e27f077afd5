"""The event streams of a running server: who may subscribe, what arrives, how soon, and what never arrives."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from typing import Any

import anyio.to_thread
import httpx
import pytest

from core.desk import context, rounds
from core.desk.accounts import sessions
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.standings.live_standings import LiveStandings
from core.live.channel import Subscriber
from core.live.watcher import HEARTBEAT_S
from core.rules.access import Principal, Role
from core.rules.words import Language
from core.settings import sqlite_url
from core.store.engine import Store, connect
from core.store.migrate import migrate
from core.web.board import live
from tests.fixtures.contest_with_sheets import CODES, JUDGES, PASSWORD, TITLES, open_contest
from tests.serving.event_stream import SOON, Line, quickest, seen
from tests.serving.servers import Server, serving

CHIEF = Principal("truong", "T", frozenset({Role.JUDGE, Role.CHIEF}), "0" * 64)
ORGANISERS = ("ban", "thuky", "truong")
OTHERS = ("gk.lan", "kenh", "quantri")
CLOSED = ("/live/standings", "/live/standings/page", "/live/changes", "/live/charts", "/board", "/board/charts")
SECRETS = (
    *CODES,
    *TITLES,
    *(name for _, name in JUDGES),
    *(user for user, _ in JUDGES),
    "Giải",
    "TÁC-GIẢ",
    "place",
    "score",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("evening")
    with opened(folder) as store:
        migrate(store)
        open_contest(store)
    with serving(folder) as served:
        yield served


@contextmanager
def opened(folder: Any) -> Iterator[Store]:
    store = connect(sqlite_url(folder / "desk.db"))
    try:
        yield store
    finally:
        store.close()


Clients = Callable[..., httpx.Client]


@pytest.fixture(scope="module")
def keys(server: Server) -> Callable[[str], dict[str, str]]:
    """Each account's cookies, signed in once."""
    return cache(lambda username: server.cookies(username, PASSWORD))


@pytest.fixture
def client(server: Server, keys: Callable[[str], dict[str, str]]) -> Iterator[Clients]:
    """Makes clients, signed in or not; they disconnect after the test."""
    made: list[httpx.Client] = []

    def opening(username: str | None = None) -> httpx.Client:
        cookies = keys(username) if username else {}
        made.append(
            httpx.Client(base_url=server.origin, cookies=cookies, headers={"Origin": server.origin}, timeout=30)
        )
        return made[-1]

    yield opening
    for one in made:
        one.close()


def unsealed(folder: Any, username: str) -> list[str]:
    """The works that this judge has not submitted."""
    with opened(folder) as store, store.read() as connection:
        asked = (
            "select e.code from entry e where not exists (select 1 from sheet s join account a on a.id = s.judge_id"
            " where s.entry_id = e.id and a.username = ?) order by e.id"
        )
        return list(connection.exec_driver_sql(asked, (username,)).scalars())


@pytest.mark.parametrize("address", CLOSED)
def test_strangers_hear_nothing_of_the_standings(client: Clients, address: str) -> None:
    answer = client().get(address)
    assert answer.status_code == 401
    assert not any(secret in answer.text for secret in SECRETS)


@pytest.mark.parametrize("address", CLOSED)
@pytest.mark.parametrize("who", OTHERS)
def test_who_may_not_see_the_standings_is_refused(client: Clients, who: str, address: str) -> None:
    answer = client(who).get(address)
    assert answer.status_code == 403
    assert not any(secret in answer.text for secret in (*CODES, *TITLES, "Giải Nhất"))


def test_a_chief_who_marks_is_shown_the_works_she_has_sealed(server: Server, client: Clients) -> None:
    line = Line(client("truong"), "/live/standings")
    line.wait(1)
    whole, waits = line.events[0][1], set(unsealed(server.data_dir, "truong"))
    assert waits and set(whole["order"]) == set(CODES) - waits
    assert whole["head"]["lines"] == len(whole["order"]) and str(len(whole["order"])) in whole["head"]["hidden"]


@pytest.mark.parametrize("who", [who for who in ORGANISERS if who != "truong"])
def test_organisers_are_shown_the_whole_board_first(client: Clients, who: str) -> None:
    line = Line(client(who), "/live/standings")
    line.wait(1)
    name, whole, _ = line.events[0]
    assert name == "picture" and set(whole["order"]) == set(CODES)
    assert whole["head"]["works"] == 12 and whole["head"]["leaders"][0]["code"] == whole["order"][0]
    assert not any(user in line.bytes.decode() for user, _ in JUDGES)  # the board names no judge to anybody
    assert "TÁC-GIẢ" not in line.bytes.decode()


@pytest.mark.timed
def test_a_submitted_sheet_is_seen_within_a_second_and_the_public_hears_only_the_count(
    server: Server, client: Clients
) -> None:
    board, public = Line(client("ban"), "/live/standings"), Line(client(), "/live/progress")
    board.wait(1)
    public.wait(1)
    before = public.events[0][1]["head"]["sheets"]
    codes, judge = unsealed(server.data_dir, "gk.hoa"), client("gk.hoa")
    assert quickest(seen(board, judge, code, ("37.5", "18.5", "19", "13.5", "4.5")) for code in codes) < 1
    public.wait(2)
    name, news, _ = board.events[1]
    assert name == "change" and news["since"] == board.events[0][1]["revision"] and codes[0] in news["rows"]
    assert public.events[1][1]["head"] == {
        **public.events[0][1]["head"],
        "sheets": before + 1,
        "complete": public.events[1][1]["head"]["complete"],
    }
    assert set(public.events[1][1]["head"]) == {"sheets", "expected", "complete", "works", "closes"}
    heard = public.bytes.decode()
    assert not any(secret in heard for secret in SECRETS) and '"rows":{}' in heard
    counted = str([{**data, "revision": 0, "since": 0} for _, data, _ in public.events])  # these two count all changes
    assert not any(mark in counted for mark in ("93", "3750", "37.5", "37,5"))


def test_the_line_of_a_session_that_signs_out_ends_at_once(server: Server, client: Clients) -> None:
    signed_in = server.client("thuky", PASSWORD)
    line = Line(signed_in, "/live/standings")
    line.wait(1)
    with opened(server.data_dir) as store:  # another process: the desk notices within a second
        who = sessions.principal(store, next(iter(signed_in.cookies.values())), context.now())
        assert who is not None
        sessions.end(store, who, who.session, context.now())
    assert line.closed.wait(SOON)
    signed_in.close()


def test_beyond_the_live_window_a_page_is_asked_for(client: Clients) -> None:
    answer = client("ban").get("/live/standings/page?first=10").json()
    assert len(answer["order"]) == 2
    assert client("ban").get("/live/standings/page?first=-1e9").json()["order"]


def test_the_charts_give_names_where_the_contest_lets_them(client: Clients) -> None:
    drawn = client("ban").get("/live/charts").json()
    assert {judge["name"] for judge in drawn["judges"]} == {name for _, name in JUDGES}
    assert sum(len(work["sheets"]) for work in drawn["works"]) >= 34


def test_another_process_closing_the_round_is_heard(server: Server, client: Clients) -> None:
    line = Line(client(), "/live/progress")
    line.wait(1)
    with opened(server.data_dir) as store:
        rounds.close(store, Reauthenticated(CHIEF), "Hết giờ", context.now())
    line.wait(2)
    assert line.events[1][1]["head"]["closes"] == "Vòng chấm đã đóng"


def test_while_the_database_cannot_be_read_no_line_says_that_it_is_live(server: Server, client: Clients) -> None:
    lines = [Line(client("ban"), "/live/standings"), Line(client(), "/live/progress")]
    for line in lines:
        line.wait(1)
    with closing(sqlite3.connect(server.data_dir / "desk.db")) as database:
        database.execute("alter table ledger rename to hidden")
        try:
            for line in lines:
                line.wait_for("away", HEARTBEAT_S)
        finally:
            database.execute("alter table hidden rename to ledger")
    for line in lines:
        line.wait_for("beat", HEARTBEAT_S)


def test_a_failed_sign_in_costs_the_lines_nothing(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Formerly a failed sign-in rechecked 5,000 public streams, each with a thread switch and a database query."""
    hops = 0

    async def counted(act: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal hops
        hops += 1
        return act(*arguments)

    async def looks() -> tuple[int, int]:
        nonlocal hops
        made = live.Lines(LiveStandings(open_contest(sqlite_store)))
        view = live.View(live.What.PROGRESS, Language.VI)
        for _ in range(5_000):
            await made.watcher.join(view, Subscriber())
        assert made.watcher._task is not None
        made.watcher._task.cancel()  # its own reads are not counted
        with suppress(asyncio.CancelledError):
            await made.watcher._task
        await asyncio.sleep(0)  # a read that it had begun is cancelled too
        monkeypatch.setattr(anyio.to_thread, "run_sync", counted)
        counts = []
        for deny in (False, True):
            if deny:
                attempt = sessions.Attempt("nobody", "wrong", "10.0.0.9", "b")
                with pytest.raises(sessions.WrongPassword):
                    sessions.sign_in(sqlite_store, attempt, context.now(), lambda *_: False)
            hops = 0
            await made.watcher._read_and_publish()
            counts.append(hops)
        return counts[0], counts[1]

    assert asyncio.run(looks()) == (1, 1)
