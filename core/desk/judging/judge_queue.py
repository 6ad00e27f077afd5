"""What a judge sees: the queue, one open sheet, and the film. Never another judge's marks.

In a blind contest a judge never sees an author.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.desk import context
from core.desk.judging import judge_assignment, judge_sheets
from core.desk.judging.judge_assignment import NoSuchWork
from core.desk.judging.judge_sheets import Receipt
from core.desk.judging.sheet_refusals import SheetIsSealed
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.ids import CriterionKey, EntryId, JudgeId
from core.rules.judging import watch_time
from core.rules.judging.sheet_state import SheetState
from core.rules.judging.viewing_order import viewing_order
from core.rules.permissions import may_mark, may_watch, may_watch_out_of_competition, must
from core.rules.words import Sentence
from core.store.engine import Store
from core.store.films import film_copies
from core.store.films.film_copies import CopyKind, FilmCopy
from core.store.queries import entries, sheets
from core.store.queries import watch_time as watch_rows
from core.store.queries.entries import Assignment, Work
from core.store.queries.watch_time import Note


@dataclass(frozen=True, slots=True)
class VisibleWork:
    """A work as a judge may see it: `author` and `unit` are None where the contest is blind."""

    code: str
    title: str
    milliseconds: int
    has_poster: bool
    author: str | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Film:
    """The files of a work, by their names in the library, and the copies of its film."""

    code: str
    video: str | None
    poster: str | None
    sha256: str | None  # of the film, as it was registered
    copies: Mapping[CopyKind, FilmCopy]
    is_for_judge: bool  # asked for by a judge who is assigned to the work


@dataclass(frozen=True, slots=True)
class QueuedWork:
    """A work in the queue, with the number of marks given and their subtotal."""

    work: VisibleWork
    state: SheetState
    given: int
    total: int  # units of the contest's total
    watched_share: int  # basis points


@dataclass(frozen=True, slots=True)
class Queue:
    """A judge's works in the judge's own order. `closed` says why marking is not possible now, or is None."""

    contest: Contest
    works: tuple[QueuedWork, ...]
    closes_at: datetime | None
    days_left: int  # whole days until `closes_at`
    closed: Sentence | None

    def count(self, *states: SheetState) -> int:
        """How many works are in these states."""
        return sum(queued.state in states for queued in self.works)

    @property
    def next(self) -> QueuedWork | None:
        """The work to continue with: the first returned one, else the first draft, else the first not begun."""
        for state in (SheetState.RETURNED, SheetState.DRAFT, SheetState.NONE):
            for queued in self.works:
                if queued.state is state:
                    return queued
        return None


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A judge's open sheet. `read_only` says why it cannot be changed, or is None."""

    contest: Contest
    work: VisibleWork
    state: SheetState
    version: int
    marks: Mapping[str, int]
    remarks: Mapping[str, str]
    notes: tuple[Note, ...]
    total: int
    missing: tuple[CriterionKey, ...]
    watched: tuple[watch_time.Interval, ...]
    watched_share: int
    saved_at: datetime | None
    return_reason: str | None
    receipt: Receipt | None
    read_only: Sentence | None
    closes_at: datetime | None
    next_code: str | None
    has_light_copy: bool  # of the film


def queue(store: Store, who: Principal, now: datetime) -> Queue:
    """The judge's works, in an order derived from the contest's seed and the judge. Raises NotAllowed, NoContest."""
    must(may_mark(who))
    with store.read() as connection:
        contest_state = context.contest_state_in(connection)
        contest = contest_state.contest
        assignments = entries.assignments(connection, who.username)
        refusal = judge_assignment.closed(contest, sheets.facts(connection), now)
    by_code = {EntryId(assignment.work.code): assignment for assignment in assignments}
    order = viewing_order(contest_state.seed, JudgeId(who.username), by_code)
    works = tuple(_queued(contest, by_code[code]) for code in order)
    closes = _closes(contest)
    days = max((closes - now).days, 0) if closes else 0
    return Queue(contest, works, closes, days, refusal.sentence if refusal else None)


def open_sheet(store: Store, who: Principal, code: str, now: datetime) -> OpenSheet:
    """The judge's own sheet, with everything the marking page shows. Raises NotAllowed, NoSuchWork, NoContest."""
    with store.read() as connection:
        contest_state = context.contest_state_in(connection)
        contest = contest_state.contest
        assignment = judge_assignment.assignment_to_read(connection, who, code)
        refusal = judge_assignment.closed(contest, sheets.facts(connection), now)
        notes = watch_rows.notes(connection, assignment.judge_id, assignment.work.id)
        receipt = judge_sheets.receipt(connection, assignment)
        left = entries.unsealed(connection, assignment.judge_id)
        copies = film_copies.of_film(connection, assignment.work.sha256) if assignment.work.sha256 else {}
    sheet, state = assignment.sheet, _state(assignment)
    if state is SheetState.SEALED:
        refusal = SheetIsSealed()
    return OpenSheet(
        contest=contest, work=_visible_work(contest, assignment.work), state=state, version=sheet.version,
        marks=sheet.marks, remarks=sheet.remarks, notes=notes,
        total=judge_sheets.subtotal(contest, sheet.marks), missing=judge_sheets.not_given(contest, sheet.marks),
        watched=assignment.watched.seen if assignment.watched else (), watched_share=judge_sheets.watched_share(assignment),
        saved_at=context.moment(sheet.saved_at), return_reason=sheet.return_reason, receipt=receipt,
        read_only=refusal.sentence if refusal else None, closes_at=_closes(contest),
        next_code=_following(contest_state.seed, who.username, code, left), has_light_copy=CopyKind.LIGHT in copies,
    )  # fmt: skip


def film(store: Store, who: Principal | None, code: str) -> Film:
    """The film and poster of a work, for a judge assigned to it or an organiser.

    One that is out of the competition is for those alone who `may_watch_out_of_competition`.
    Raises NoSuchWork for everybody else, whether the work exists or not.
    """
    if who is None or who.must_change_password:
        raise NoSuchWork
    with store.read() as connection:
        competes = not may_watch_out_of_competition(who)
        assignment = entries.assignment(connection, who.username, code, competes=competes)
        if assignment is None or not may_watch(who, assigned=assignment.assigned, recused=assignment.recused):
            raise NoSuchWork
        work = assignment.work
        copies = film_copies.of_film(connection, work.sha256) if work.sha256 else {}
    return Film(work.code, work.video, work.poster, work.sha256, copies, assignment.assigned)


def _following(seed: str, judge: str, code: str, left: Collection[str]) -> str | None:
    """The next work in the judge's order without a sealed sheet, wrapping around; None if there is no other."""
    order = viewing_order(seed, JudgeId(judge), {EntryId(code), *map(EntryId, left)})
    here = order.index(EntryId(code))
    return next((other for other in (*order[here + 1 :], *order[:here])), None)


def _closes(contest: Contest) -> datetime | None:
    return contest.phases.judging.closes if contest.phases else None


def _visible_work(contest: Contest, work: Work) -> VisibleWork:
    blind = contest.judging.blind
    author, unit = (None, None) if blind else (work.author, work.unit)
    return VisibleWork(work.code, work.title, work.milliseconds, work.poster is not None, author, unit)


def _state(assignment: Assignment) -> SheetState:
    if assignment.recused:
        return SheetState.RECUSED
    return assignment.sheet.state


def _queued(contest: Contest, assignment: Assignment) -> QueuedWork:
    marks = assignment.sheet.marks
    total = judge_sheets.subtotal(contest, marks)
    return QueuedWork(
        _visible_work(contest, assignment.work),
        _state(assignment),
        len(marks),
        total,
        judge_sheets.watched_share(assignment),
    )
