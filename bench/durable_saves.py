"""Durable saves of marks through the desk by 32 judges at once, against bare one-row durable commits on the same database.

python -m bench.durable_saves [--quick]

On SQLite, and on a temporary PostgreSQL cluster where its programs are installed. Afterwards the ledger is verified.
"""

import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bench import table
from core.desk.judging import judge_sheets
from core.desk.judging.judge_sheets import Change
from core.desk.maintenance import operations
from core.rules.access import Principal, Role
from core.rules.contest import Contest
from core.rules.contest_file.reader import load
from core.rules.rule_card.card import fingerprint
from core.settings import sqlite_url
from core.store import tables as t
from core.store.database import connections
from core.store.engine import Store, WriteTransaction, connect
from core.store.migrate import migrate
from tests.fixtures.registered import registered
from tests.serving.databases import NoPostgreSQL, made

JUDGES, WORKS = 32, 60
CONTEST = Path(__file__).parent.parent / "data" / "contests" / "son-la-2024.toml"
bare_table = sa.Table("bare", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("text", sa.Text))


def measure(quick: bool) -> Iterator[table.Figure]:
    """The rate and the duration of saves on both databases."""
    seconds = 2.0 if quick else 10.0
    with _sqlite() as url:
        yield from figures("SQLite", url, seconds)
    try:
        with _postgresql() as url:
            yield from figures("PostgreSQL", url, seconds)
    except NoPostgreSQL:
        yield table.Figure("durable marks, PostgreSQL: its programs are not on this machine", 0, "", "", None)


def figures(name: str, url: str, seconds: float) -> Iterator[table.Figure]:
    """The figures of one database with 32 judges at once, against its bare commits.

    Raises SystemExit where the ledger does not verify afterwards.
    """
    bare = max(bare_commits(url, writers, seconds / 2) for writers in (1, 8))
    store = connect(url)
    migrate(store)
    now = fill_database(store)
    for what, saving in (("drafts", drafting), ("drafts, every fourth a sealed sheet", sealing)):
        waits = sorted(together(lambda judge, saving=saving: saving(store, judge, now), seconds))  # type: ignore[misc]
        rate, p95, worst = len(waits) / seconds, waits[int(len(waits) * 0.95)] * 1000, waits[-1] * 1000
        yield table.Figure(
            f"durable marks, {name}, {JUDGES} judges at once: {what}", rate, "/s", "≥ ¼ of the bare", rate >= bare / 4,
            plain=bare, plain_is="bare one-row commits", more=True,
        )  # fmt: skip
        waited = f"… p95 of a save (median {statistics.median(waits) * 1000:.0f}, worst {worst:.0f} ms)"
        yield table.Figure(waited, p95, "ms", "≤ 50 ms, worst ≤ 500", p95 <= 50 and worst <= 500)
    verdict = operations.verify(store)
    store.close()
    if not verdict.good:
        raise SystemExit(f"the ledger of {verdict.rows} rows does not verify")


def bare_commits(url: str, writers: int, seconds: float) -> float:
    """Durable one-row commits per second with SQLAlchemy alone, with the desk's SQLite settings and no ledger."""
    parsed = sa.make_url(url)
    engine = sa.create_engine(parsed, pool_size=writers)
    if parsed.get_backend_name() == "sqlite":
        sa.event.listen(engine, "connect", connections.sqlite_settings)
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.begin() as connection:
        bare_table.metadata.create_all(connection)
    done = [0] * writers
    until = time.perf_counter() + seconds

    def write(writer: int) -> None:
        while time.perf_counter() < until:
            with engine.begin() as connection:
                connection.execute(bare_table.insert().values(text="8,5"))
            done[writer] += 1

    _run([threading.Thread(target=write, args=(writer,)) for writer in range(writers)])
    with engine.begin() as connection:
        bare_table.metadata.drop_all(connection)
    engine.dispose()
    return sum(done) / seconds


def together(saving: Callable[[int], Iterator[None]], seconds: float) -> list[float]:
    """The duration in seconds of every save, with all judges saving at once for so many seconds.

    `saving` takes a judge's number and yields after each save.
    """
    waits: list[list[float]] = [[] for _ in range(JUDGES)]
    until = time.perf_counter() + seconds

    def judge(number: int) -> None:
        saves, began = saving(number), time.perf_counter()
        for _ in saves:
            answered = time.perf_counter()
            waits[number].append(answered - began)
            began = answered
            if answered > until:
                return

    _run([threading.Thread(target=judge, args=(number,)) for number in range(JUDGES)])
    return [wait for each in waits for wait in each]


def _run(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def drafting(store: Store, judge: int, now: datetime) -> Iterator[None]:
    """A judge who goes through the first ten works, changing one mark at a time. Yields after each save."""
    who, versions = person(judge), [0] * 10
    while True:
        for place in range(len(versions)):
            change = Change({"ND": f"{versions[place] % 60 / 2:g}".replace(".", ",")})
            versions[place] = judge_sheets.save(store, who, code(place), change, versions[place], now).version
            yield


def sealing(store: Store, judge: int, now: datetime) -> Iterator[None]:
    """A judge who fills in and submits sheets; once all are sealed, the chief returns one first. Yields after each save."""
    who, chief = person(judge), Principal("truong", "", frozenset({Role.CHIEF}), "0" * 64)
    contest, place, versions = _contest(), 0, dict.fromkeys(range(10, WORKS), 0)
    while True:
        work = 10 + place % (WORKS - 10)
        if versions[work]:
            judge_sheets.return_sheet(store, chief, who.username, code(work), "Đo.", now)
            versions[work] += 1
            yield
        for part in range(3):
            marks: dict[str, str] = (
                {c.key: f"{part + place % 5}" for c in contest.criteria} if part == 0 else {"ND": f"{20 + part}"}
            )
            versions[work] = judge_sheets.save(store, who, code(work), Change(marks), versions[work], now).version
            yield
        judge_sheets.submit(store, who, code(work), versions[work], f"{judge:08}-{place:08}", now)
        versions[work] += 1
        place += 1
        yield


def person(judge: int) -> Principal:
    """The judge with this number, as a signed-in person."""
    return Principal(f"gk{judge:02}", "", frozenset({Role.JUDGE}), "0" * 64)


def code(place: int) -> str:
    """The code of the work with this number."""
    return f"T-{place + 100}"


def _contest() -> Contest:
    return load(CONTEST.read_text(), CONTEST.name)


def fill_database(store: Store) -> datetime:
    """Insert a contest with its judges and works, each judge assigned to each work, and their ledger rows.

    Returns a moment inside the contest's judging window.
    """
    contest = _contest()
    assert contest.phases is not None

    def act(transaction: WriteTransaction) -> None:
        run = transaction.connection.execute
        row = {
            "id": 1,
            "toml": CONTEST.read_text(),
            "rule_card": fingerprint(contest),
            "rule_card_version": 1,
            "seed": "s",
            "is_demo": 0,
            "opened_at": 0,
        }
        run(t.contest.insert(), [row])
        people = [*(person(judge).username for judge in range(JUDGES)), "truong"]
        common = {"name": "", "password": "x", "must_change": 0, "active": 1, "is_demo": 0, "created_at": 0}
        run(
            t.account.insert(),
            [{"id": 1 + n, "number": 10 + n, "username": name, **common} for n, name in enumerate(people)],
        )
        roles = [
            {"account_id": 1 + n, "role": (Role.CHIEF if name == "truong" else Role.JUDGE).value}
            for n, name in enumerate(people)
        ]
        run(t.account_role.insert(), roles)
        work = {
            "title": "",
            "author": "",
            "unit": "",
            "milliseconds": 240_000,
            "sha256": "0" * 64,
            "video": f"{'0' * 64}.mp4",
            "width": 0,
            "height": 0,
        }
        run(t.entry.insert(), [{"id": 1 + n, "code": code(n), **work} for n in range(WORKS)])
        pairs = [{"judge_id": 1 + judge, "entry_id": 1 + n} for judge in range(JUDGES) for n in range(WORKS)]
        run(t.assignment.insert(), pairs)
        registered(transaction)

    store.change(act)
    return contest.phases.judging.opens + timedelta(hours=1)


@contextmanager
def _sqlite() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="durable-"))
    yield sqlite_url(folder / "desk.db")
    shutil.rmtree(folder)


@contextmanager
def _postgresql() -> Iterator[str]:
    cluster = made()
    cluster.sql("create database bench")
    yield cluster.url("bench", tcp=False)
    cluster.stop()


if __name__ == "__main__":
    table.run(__doc__, measure)
