"""What a judge sees: the queue, one sheet opened, and the film. Never another's marks; blind, never an author."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.desk import context
from core.desk.judging import judge_assignment, judge_sheets
from core.desk.judging.judge_assignment import NoSuchWork
from core.desk.judging.judge_sheets import Receipt
from core.desk.judging.sheet_refusals import SheetIsSealed
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.ids import CriterionKey, EntryId, JudgeId
from core.rules.judging import watch_time
from core.rules.judging.viewing_order import viewing_order
from core.rules.permissions import may_mark, may_watch, must
from core.rules.words import Sentence
from core.store.engine import Store
from core.store.queries import entries, sheets
from core.store.queries import watch_time as kept
from core.store.queries.entries import Seat, Work
from core.store.queries.watch_time import Note


class WorkState(StrEnum):
    """How far a judge has come with a work."""

    LEFT = "left"
    DRAFT = "draft"
    RETURNED = "returned"
    SEALED = "sealed"
    RECUSED = "recused"


@dataclass(frozen=True, slots=True)
class Shown:
    """A work as a judge may see it: `author` and `unit` are None where the contest is blind."""

    code: str
    title: str
    milliseconds: int
    has_poster: bool
    author: str | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Film:
    """The files of a work, by their names in the library."""

    code: str
    video: str | None
    poster: str | None
    sha256: str | None  # of the film, as it was registered


@dataclass(frozen=True, slots=True)
class QueuedWork:
    """A work in the queue: how many of its marks are given, and what they come to."""

    work: Shown
    state: WorkState
    given: int
    total: int  # units of the contest's total
    watched_share: int  # basis points


@dataclass(frozen=True, slots=True)
class Queue:
    """A judge's works in their own order; `closed` says why nothing may be marked now."""

    contest: Contest
    works: tuple[QueuedWork, ...]
    closes_at: datetime | None
    days_left: int  # whole days until then
    closed: Sentence | None

    def count(self, *states: WorkState) -> int:
        """How many works are in these states."""
        return sum(queued.state in states for queued in self.works)

    @property
    def next(self) -> QueuedWork | None:
        """The work to go on with: one handed back, one begun, or the first that is left."""
        for state in (WorkState.RETURNED, WorkState.DRAFT, WorkState.LEFT):
            for queued in self.works:
                if queued.state is state:
                    return queued
        return None


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A sheet on the desk. `read_only` says why it cannot be written on, or is None."""

    contest: Contest
    work: Shown
    state: WorkState
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


def queue(store: Store, who: Principal, now: datetime) -> Queue:
    """The judge's works, in an order of their own that the contest's seed fixes."""
    must(may_mark(who))
    with store.read() as connection:
        at = context.contest_state_in(connection)
        contest = at.contest
        taken = entries.seats(connection, who.username)
        refusal = judge_assignment.closed(contest, sheets.facts(connection), now)
    by_code = {EntryId(seat.work.code): seat for seat in taken}
    order = viewing_order(at.seed, JudgeId(who.username), by_code)
    works = tuple(_queued(contest, by_code[code]) for code in order)
    closes = _closes(contest)
    days = max((closes - now).days, 0) if closes else 0
    return Queue(contest, works, closes, days, refusal.sentence if refusal else None)


def open_sheet(store: Store, who: Principal, code: str, now: datetime) -> OpenSheet:
    """The judge's own sheet of a work, with everything the marking page shows."""
    with store.read() as connection:
        at = context.contest_state_in(connection)
        contest = at.contest
        seat = judge_assignment.taken(connection, who, code)
        refusal = judge_assignment.closed(contest, sheets.facts(connection), now)
        notes = kept.notes(connection, seat.judge_id, seat.work.id)
        receipt = judge_sheets.receipt(connection, seat)
        left = entries.unsealed(connection, seat.judge_id)
    sheet, state = seat.sheet, _state(seat)
    if state is WorkState.SEALED:
        refusal = SheetIsSealed()
    return OpenSheet(
        contest=contest, work=_shown(contest, seat.work), state=state, version=sheet.version,
        marks=sheet.marks, remarks=sheet.remarks, notes=notes,
        total=judge_sheets.subtotal(contest, sheet.marks), missing=judge_sheets.not_given(contest, sheet.marks),
        watched=seat.watched.seen if seat.watched else (), watched_share=judge_sheets.watched_share(seat),
        saved_at=context.moment(sheet.saved_at), return_reason=sheet.return_reason, receipt=receipt,
        read_only=refusal.sentence if refusal else None, closes_at=_closes(contest),
        next_code=_following(at.seed, who.username, code, left),
    )  # fmt: skip


def film(store: Store, who: Principal | None, code: str) -> Film:
    """The film and poster that may be shown to this person: a judge who sits there, or an organiser.

    Everybody else gets NoSuchWork, whether the work exists or not.
    """
    if who is None or who.must_change_password:
        raise NoSuchWork
    with store.read() as connection:
        seat = entries.seat(connection, who.username, code)
    if seat is None or not may_watch(who, assigned=seat.assigned, recused=seat.recused):
        raise NoSuchWork
    return Film(seat.work.code, seat.work.video, seat.work.poster, seat.work.sha256)


def _following(seed: str, judge: str, code: str, left: Collection[str]) -> str | None:
    """The work after this one in the judge's order that is not yet sealed; the first again after the last."""
    order = viewing_order(seed, JudgeId(judge), {EntryId(code), *map(EntryId, left)})
    here = order.index(EntryId(code))
    return next((other for other in (*order[here + 1 :], *order[:here])), None)


def _closes(contest: Contest) -> datetime | None:
    return contest.phases.judging.closes if contest.phases else None


def _shown(contest: Contest, work: Work) -> Shown:
    blind = contest.judging.blind
    author, unit = (None, None) if blind else (work.author, work.unit)
    return Shown(work.code, work.title, work.milliseconds, work.poster is not None, author, unit)


def _state(seat: Seat) -> WorkState:
    if seat.recused:
        return WorkState.RECUSED
    return WorkState(seat.sheet.state) if seat.sheet.version else WorkState.LEFT


def _queued(contest: Contest, seat: Seat) -> QueuedWork:
    marks = seat.sheet.marks
    total = judge_sheets.subtotal(contest, marks)
    return QueuedWork(_shown(contest, seat.work), _state(seat), len(marks), total, judge_sheets.watched_share(seat))
