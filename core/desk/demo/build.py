"""Builds the demo: a half-judged contest. Existing data is skipped, so an interrupted run can be continued."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from core.desk import context, interactions
from core.desk.accounts import accounts
from core.desk.channel import reading_entry, reading_reviews
from core.desk.context import millis
from core.desk.demo import material, received_works
from core.desk.demo.material import DemoEntry, DemoStage, PlannedSheet
from core.desk.entries import officials
from core.desk.files.work_list import ListedWork
from core.desk.judging import judge_queue, judge_sheets, recusals, watch_time
from core.desk.setup import contest_setup
from core.media.film import studio
from core.media.probe import probe
from core.rules.access import Principal, Role
from core.rules.contest import Contest
from core.rules.interaction_kinds import INTERACTION_KINDS
from core.rules.judging.sheet_state import SheetState
from core.rules.words import Refusal, Sentence
from core.store import ledger_rows
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import DemoCompleted
from core.store.ledger import SYSTEM
from core.store.queries import setup as rows
from core.store.queries.contest_row import contest_row

PASSWORD = material.PASSWORD
COMPLETED = "demo.completed"
OPENED = timedelta(days=7)  # before now: the contest was opened
MARKED = timedelta(days=5)  # before now: the first sheet
RESTED = timedelta(minutes=20)  # before now: the last sheet
REPORT = 90_000  # ms of film in one report of the player
Tell = Callable[[Sentence], None]


class OtherStage(Refusal):
    """The database holds a demo of the other stage."""

    def __init__(self) -> None:
        super().__init__("Cơ sở dữ liệu này đang giữ bản dùng thử ở giai đoạn khác; hãy dùng DATA_DIR khác.")


class RealContest(Refusal):
    """The database holds a real contest, so no demo is built in it."""

    def __init__(self) -> None:
        super().__init__(
            "Cơ sở dữ liệu này đang giữ một cuộc thi thật; bản dùng thử cần một cơ sở dữ liệu khác (DATABASE_URL, DATA_DIR)."
        )


@dataclass(frozen=True, slots=True)
class _Stage:
    """What the steps of one build share."""

    store: Store
    contest: Contest
    library: Path
    now: datetime
    opened: datetime
    tell: Tell


def missing(store: Store, library: Path) -> bool:
    """True if a demo can be built or completed: the database is empty, or its demo is incomplete or lacks files."""
    with store.read() as connection:
        row = contest_row(connection)
        if row is None or not row.is_demo:
            return row is None
        return not ledger_rows.happened(connection, COMPLETED) or bool(_lost(connection, library))


def is_screening(store: Store) -> bool:
    """True if the database holds a demo of the screening stage."""
    with store.read() as connection:
        row = contest_row(connection)
    return row is not None and row.is_demo and material.stage_of(context.contest(store)) is DemoStage.SCREENING


def existing_stage(store: Store, wanted: DemoStage | None) -> DemoStage | None:
    """The stage of the demo in the database; None if it is empty. Raises RealContest, and OtherStage if it is not `wanted`."""
    with store.read() as connection:
        row = contest_row(connection)
    if row is None:
        return None
    if not row.is_demo:
        raise RealContest
    stage = material.stage_of(context.contest(store))
    if wanted not in {None, stage}:
        raise OtherStage
    return stage


def build(
    store: Store, library: Path, now: datetime, tell: Tell, *, short: bool = False,
    at: DemoStage | None = None,
) -> None:  # fmt: skip
    """Build the demo at a stage of the contest (None: the one it has, or judging), or its missing parts.

    `tell` receives progress messages. Raises RealContest, OtherStage.
    """
    chosen = existing_stage(store, at) or at or DemoStage.JUDGING
    screening = chosen is DemoStage.SCREENING
    opened = now - (received_works.FIRST + OPENED if screening else OPENED)
    if existing_stage(store, at) is None:
        toml = material.contest_file(now, chosen, short=short and screening)
        contest_setup.open_contest(store, toml, "data/demo", opened, is_demo=True)
    stage = _Stage(store, context.contest(store), library, now, opened, tell)
    (_receive if screening else _judge_works)(stage, short=short)
    store.change(lambda transaction: _record_completed(transaction, now))
    tell(Sentence("Bản dùng thử đã sẵn sàng."))


def _judge_works(stage: _Stage, *, short: bool) -> None:
    """The judging stage: half of the sheets are submitted."""
    _works(stage, short=short)
    contest_setup.assign_judges(stage.store, stage.now - MARKED)
    _officials(stage)
    _recusals(stage)
    _sheets(stage)
    _readings(stage)


def _receive(stage: _Stage, *, short: bool) -> None:
    """The screening stage: works have come in, with their films; people and officials are there."""
    planned = material.submissions()
    scripts = {each.script.code: each.script for each in material.works(_plain(stage.contest.name), short=short)}
    open_ones = received_works.without_film(stage.store, planned)
    wanted = [scripts[code] for code in received_works.studio_films(open_ones)]
    with studio.films_in_progress(wanted, stage.library.parent / "films-in-the-making") as films:
        _people(stage)
        made = dict(_reported(stage, films, len(wanted)))
        office, screener = (_holder(role) for role in (Role.SECRETARY, Role.SCREENER))
        desk = received_works.Reception(stage.store, stage.library, office, stage.now)
        for number, each in enumerate(planned):
            film = received_works.film_of(each, made, scripts[each.work].seconds) if each in open_ones else None
            received_works.receive(desk, each, number, film)
        received_works.screen(desk, screener, stage.contest, planned)
    _officials(stage)


def _reported(stage: _Stage, films: Iterator[tuple[str, Path]], count: int) -> Iterator[tuple[str, Path]]:
    for number, (code, path) in enumerate(films, start=1):
        yield code, path
        _tell_film(stage, number, count, code)


def _works(stage: _Stage, *, short: bool) -> None:
    """Make the films in the background while the accounts are created, and add the works."""
    works = {each.script.code: each for each in material.works(_plain(stage.contest.name), short=short)}
    with stage.store.read() as connection:
        existing, lost = rows.files(connection), _lost(connection, stage.library)
    wanted = [each.script for code, each in works.items() if code not in existing or code in lost]
    with studio.films_in_progress(wanted, stage.library.parent / "films-in-the-making") as films:
        _people(stage)
        for number, (code, path) in enumerate(films, start=1):
            _add_film(stage, works[code], path, existing.get(code))
            _tell_film(stage, number, len(wanted), code)


def _tell_film(stage: _Stage, number: int, count: int, code: str) -> None:
    facts = {"number": number, "count": count, "code": code}
    stage.tell(Sentence("Đã dựng phim {number}/{count}: {code}", facts))


def _lost(connection: Connection, library: Path) -> frozenset[str]:
    """The codes of the works whose film or poster is missing in the library."""
    files = rows.files(connection).items()
    return frozenset(code for code, names in files if not all((library / str(name)).is_file() for name in names))


def _add_film(stage: _Stage, work: DemoEntry, path: Path, before: tuple[str | None, str | None] | None) -> None:
    """Add a film to the library and its work to the contest; `before`: names of a lost film and poster, None if new."""
    row = ListedWork(0, work.script.code, work.script.title, work.author, work.unit, path.name)
    with contest_setup.film_in_library(stage.store, row, path, probe(path), stage.library, moments=(0.1,)) as new_work:
        if before is None:
            contest_setup.add_work(stage.store, new_work, stage.now - MARKED)
        elif (new_work.video, new_work.poster) != before:
            contest_setup.replace_film(stage.store, new_work, stage.now)


def _people(stage: _Stage) -> None:
    existing = {each.username for each in accounts.listed(stage.store, accounts.SYSTEM)}
    for person in material.people():
        if person.username not in existing:
            accounts.add(
                stage.store, accounts.SYSTEM, person.username, person.name, person.roles, stage.opened,
                demo_password=PASSWORD,
            )  # fmt: skip


def _officials(stage: _Stage) -> None:
    who = _holder(Role.SECRETARY)
    known = {row.name for row in officials.listed(stage.store, who)}
    for typed in material.officials():
        if typed.name not in known:
            officials.add(stage.store, who, typed, stage.now - MARKED)


def _recusals(stage: _Stage) -> None:
    for planned in material.recusals():
        who, at = _judge(planned.judge), stage.now - MARKED
        queue = judge_queue.queue(stage.store, who, at)
        if any(q.work.code == planned.work and q.state is SheetState.RECUSED for q in queue.works):
            continue
        recusals.declare(stage.store, who, planned.work, planned.reason, at)


def _sheets(stage: _Stage) -> None:
    plan = material.sheets()
    for number, planned in enumerate(plan):
        at = stage.now - MARKED + (MARKED - RESTED) * (number + 1) / len(plan)
        _sheet(stage, planned, number, at)


def _sheet(stage: _Stage, planned: PlannedSheet, number: int, at: datetime) -> None:
    """Watch, mark and submit as a judge does; skips what an earlier run has done."""
    who = _judge(planned.judge)
    sheet = judge_queue.open_sheet(stage.store, who, planned.work, at)
    version = sheet.version
    if not version:
        share = 1.0 if planned.given is None else 0.55
        _watch(stage, who, planned.work, round(sheet.work.milliseconds * share), at)
        change = _typed(stage.contest, planned, number)
        version = judge_sheets.save(stage.store, who, planned.work, change, 0, at).version
    if planned.given is None and sheet.state in (SheetState.NONE, SheetState.DRAFT):
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
    who, second = (_holder(role) for role in (Role.CHANNEL, Role.SECRETARY))
    known = {work.code: len(work.history) for work in interactions.counts(stage.store, who, stage.now).works}
    for planned in material.readings():
        if known.get(planned.work, 0) > 0:
            known[planned.work] -= 1
            continue
        counts = {kind: str(count) for kind, count in zip(INTERACTION_KINDS, planned.counts, strict=True)}
        taken_at = (stage.now - timedelta(days=planned.days)).replace(minute=0, second=0, microsecond=0)
        at = stage.now - RESTED
        number = reading_entry.enter(stage.store, who, planned.work, counts, taken_at, at, planned.explanation)
        if planned.confirmed:
            reading_reviews.confirm(stage.store, second, [number], at)


def _record_completed(transaction: WriteTransaction, now: datetime) -> None:
    if ledger_rows.happened(transaction.connection, COMPLETED):
        return
    transaction.record(at=millis(now), actor=SYSTEM, payload=DemoCompleted(len(rows.files(transaction.connection))))


def _holder(role: Role) -> Principal:
    """The first person of the demo with this role."""
    person = next(each for each in material.people() if role in each.roles)
    return Principal(person.username, person.name, person.roles, "")


def _judge(username: str) -> Principal:
    person = next(each for each in material.people() if each.username == username)
    return Principal(person.username, person.name, person.roles, "")


def _plain(name: str) -> str:
    """The contest's name without the demo's suffix."""
    return name.partition(" (")[0]
