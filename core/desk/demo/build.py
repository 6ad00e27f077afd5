"""The demonstration: a contest half judged, built step by step; what is there already is left, so that a stopped run goes on."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from core.desk import context, interactions
from core.desk.accounts import accounts
from core.desk.context import millis
from core.desk.demo import material
from core.desk.demo.material import DemoEntry, PlannedSheet
from core.desk.files.work_list import ListedWork
from core.desk.judging import judge_queue, judge_sheets, recusals, watch_time
from core.desk.judging.judge_queue import WorkState
from core.desk.setup import contest_setup
from core.media.film import studio
from core.media.probe import probe
from core.rules.access import Principal, Role
from core.rules.contest import Contest
from core.rules.words import Refusal, Sentence
from core.store import ledger_rows
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import DemoCompleted
from core.store.ledger import SYSTEM
from core.store.queries import setup as rows
from core.store.queries.contest_row import contest_row

PASSWORD = material.PASSWORD
COMPLETED = "demo.completed"
OPENED = timedelta(days=7)  # ago
MARKED = timedelta(days=5)  # ago: the first sheet
RESTED = timedelta(minutes=20)  # ago: the last
REPORT = 90_000  # ms of film a player reports at once
Tell = Callable[[Sentence], None]


class RealContest(Refusal):
    """A database that holds a real contest takes no demonstration."""

    def __init__(self) -> None:
        super().__init__(
            "Cơ sở dữ liệu này đang giữ một cuộc thi thật; bản dùng thử cần một cơ sở dữ liệu khác (DATABASE_URL, DATA_DIR)."
        )


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where the demonstration is built, and when."""

    store: Store
    contest: Contest
    library: Path
    now: datetime
    tell: Tell


def missing(store: Store, library: Path) -> bool:
    """True where a demonstration could be built or finished: the database is empty, or holds one that lacks something."""
    with store.read() as connection:
        row = contest_row(connection)
        if row is None or not row.is_demo:
            return row is None
        return not ledger_rows.happened(connection, COMPLETED) or bool(_lost(connection, library))


def build(store: Store, library: Path, now: datetime, tell: Tell, *, short: bool = False) -> None:
    """Build the demonstration, or what is left of it. Raises RealContest."""
    with store.read() as connection:
        row = contest_row(connection)
    if row is not None and not row.is_demo:
        raise RealContest
    if row is None:
        toml = material.contest_file(now)
        contest_setup.open_contest(store, toml, "data/demo", now - OPENED, is_demo=True)
    stage = _Stage(store, context.contest(store), library, now, tell)
    _works(stage, short=short)
    contest_setup.seat_judges(store, now - MARKED)
    _recusals(stage)
    _sheets(stage)
    _readings(stage)
    store.change(lambda unit: _completed(unit, now))
    tell(Sentence("Bản dùng thử đã sẵn sàng."))


def _works(stage: _Stage, *, short: bool) -> None:
    """The films, two at a time, while the accounts are made."""
    works = {each.script.code: each for each in material.works(_plain(stage.contest.name), short=short)}
    with stage.store.read() as connection:
        there, lost = rows.files(connection), _lost(connection, stage.library)
    wanted = [each.script for code, each in works.items() if code not in there or code in lost]
    with studio.at_work(wanted, stage.library.parent / "films-in-the-making") as films:
        _people(stage)
        for number, (code, path) in enumerate(films, start=1):
            _kept(stage, works[code], path, there.get(code))
            stage.tell(
                Sentence(
                    "Đã dựng phim {number}/{count}: {code}", {"number": number, "count": len(wanted), "code": code}
                )
            )


def _lost(connection: Connection, library: Path) -> frozenset[str]:
    """The works whose film or poster no longer lies in the library."""
    files = rows.files(connection).items()
    return frozenset(code for code, names in files if not all((library / str(name)).is_file() for name in names))


def _kept(stage: _Stage, work: DemoEntry, path: Path, before: tuple[str | None, str | None] | None) -> None:
    """Put a film into the library and its work into the contest; `before`: the film and poster that are gone."""
    row = ListedWork(0, work.script.code, work.script.title, work.author, work.unit, path.name)
    with contest_setup.shelved(row, path, probe(path), stage.library, moments=(0.1,)) as made:
        if before is None:
            contest_setup.add_work(stage.store, made, stage.now - MARKED)
        elif (made.video, made.poster) != before:
            contest_setup.replace_film(stage.store, made, stage.now)


def _people(stage: _Stage) -> None:
    there = {each.username for each in accounts.listed(stage.store, accounts.SYSTEM)}
    for person in material.people():
        if person.username not in there:
            accounts.add(
                stage.store, accounts.SYSTEM, person.username, person.name, person.roles, stage.now - OPENED,
                demo_password=PASSWORD,
            )  # fmt: skip


def _recusals(stage: _Stage) -> None:
    for planned in material.recusals():
        who, at = _judge(planned.judge), stage.now - MARKED
        queue = judge_queue.queue(stage.store, who, at)
        if any(q.work.code == planned.work and q.state is WorkState.RECUSED for q in queue.works):
            continue
        recusals.declare(stage.store, who, planned.work, planned.reason, at)


def _sheets(stage: _Stage) -> None:
    plan = material.sheets()
    for number, planned in enumerate(plan):
        at = stage.now - MARKED + (MARKED - RESTED) * (number + 1) / len(plan)
        _sheet(stage, planned, number, at)


def _sheet(stage: _Stage, planned: PlannedSheet, number: int, at: datetime) -> None:
    """Watch, mark and submit as a judge does; what an earlier run has done is not done again."""
    who = _judge(planned.judge)
    sheet = judge_queue.open_sheet(stage.store, who, planned.work, at)
    version = sheet.version
    if not version:
        share = 1.0 if planned.given is None else 0.55
        _watch(stage, who, planned.work, round(sheet.work.milliseconds * share), at)
        change = _typed(stage.contest, planned, number)
        version = judge_sheets.save(stage.store, who, planned.work, change, 0, at).version
    if planned.given is None and sheet.state in (WorkState.LEFT, WorkState.DRAFT):
        key = hashlib.sha256(f"demo|{planned.judge}|{planned.work}".encode()).hexdigest()[:32]
        judge_sheets.submit(stage.store, who, planned.work, version, key, at)


def _typed(contest: Contest, planned: PlannedSheet, number: int) -> judge_sheets.Change:
    marks = list(material.marks(contest, planned.total, number).items())[: planned.given]
    typed = {key: f"{mark // 100}.{mark % 100:02}" for key, mark in marks}
    return judge_sheets.Change(typed, {judge_sheets.OVERALL: planned.remark} if planned.remark else {})


def _watch(stage: _Stage, who: Principal, code: str, length: int, before: datetime) -> None:
    start = before - timedelta(milliseconds=length + 60_000)
    watch_time.begin(stage.store, who, code, start)
    for begun in range(0, length, REPORT):
        end = min(begun + REPORT, length)
        watch_time.report(stage.store, who, code, [(begun, end)], start + timedelta(milliseconds=end))


def _readings(stage: _Stage) -> None:
    keeper = next(p for p in material.people() if Role.CHANNEL in p.roles)
    who = Principal(keeper.username, keeper.name, keeper.roles, "")
    known = {work.code: len(work.history) for work in interactions.counts(stage.store, who, stage.now).works}
    for planned in material.readings():
        if known.get(planned.work, 0) > 0:
            known[planned.work] -= 1
            continue
        counts = {kind: str(count) for kind, count in zip(interactions.KINDS, planned.counts, strict=True)}
        taken = (stage.now - timedelta(days=planned.days)).replace(minute=0, second=0, microsecond=0)
        interactions.enter(stage.store, who, planned.work, counts, taken, stage.now - RESTED)


def _completed(unit: WriteTransaction, now: datetime) -> None:
    if ledger_rows.happened(unit.connection, COMPLETED):
        return
    unit.record(at=millis(now), actor=SYSTEM, payload=DemoCompleted(len(rows.files(unit.connection))))


def _judge(username: str) -> Principal:
    person = next(each for each in material.people() if each.username == username)
    return Principal(person.username, person.name, person.roles, "")


def _plain(name: str) -> str:
    """The contest's name without what the demonstration adds to it."""
    return name.partition(" (")[0]
