"""What the page of readings shows: the grid of all works, what waits for confirmation, and one work's history."""

from dataclasses import dataclass
from datetime import datetime

from core.desk import interactions
from core.desk.interactions import Counts, Entered, PostedWork, UnknownWork
from core.rules import permissions
from core.rules.access import Principal
from core.rules.interactions import Reading
from core.store.engine import Store


@dataclass(frozen=True, slots=True)
class GridRow:
    """A work in the grid. `seen`: the id of its newest reading, 0 for none; `waits`: one waits for confirmation."""

    code: str
    title: str
    last: Reading | None  # the newest confirmed reading
    seen: int
    waits: bool
    address: str  # of the post, as it was last given


@dataclass(frozen=True, slots=True)
class WaitingReading:
    """A reading that waits for another person. `own`: this reader entered it and so may not decide."""

    code: str
    title: str
    entered: Entered
    own: bool
    before: Reading | None  # the newest confirmed reading
    corrected: Reading | None  # the reading that it corrects


@dataclass(frozen=True, slots=True)
class Grid:
    """All works, and what waits for confirmation, oldest first."""

    rows: tuple[GridRow, ...]
    waiting: tuple[WaitingReading, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class WorkReadings:
    """One work with all its readings, newest entry first. `numbers`: each reading's id -> its number in the work."""

    work: PostedWork
    counts: Counts
    numbers: dict[int, int]


def grid(store: Store, who: Principal, now: datetime) -> Grid:
    """The grid. Raises NotAllowed; judges never see counts."""
    counts = interactions.counts(store, who, now)
    waiting = [
        _waiting(who, work, each)
        for work in counts.works
        for each in work.history
        if each.waits and counts.frozen_at is None
    ]
    waiting.sort(key=lambda each: each.entered.number)
    return Grid(tuple(map(_row, counts.works)), tuple(waiting), counts)


def work_readings(store: Store, who: Principal, code: str, now: datetime) -> WorkReadings:
    """One work's readings. Raises NotAllowed, UnknownWork."""
    counts = interactions.counts(store, who, now)
    work = next((each for each in counts.works if each.code == code), None)
    if work is None:
        raise UnknownWork(code)
    return WorkReadings(work, counts, {each.number: each.row.number for each in work.history})


def _row(work: PostedWork) -> GridRow:
    address = next(
        (each.row.detail.address for each in work.history if each.row.detail and each.row.detail.address), ""
    )
    return GridRow(
        work.code, work.title, _newest(work), work.history[0].number if work.history else 0,
        any(each.waits for each in work.history), address,
    )  # fmt: skip


def _newest(work: PostedWork, *, but: int | None = None) -> Reading | None:
    """The confirmed reading with the latest time, other than the one with id `but`."""
    found = [each.reading for each in reversed(work.history) if each.stands and each.number != but]
    return max(found, key=lambda reading: reading.taken_at, default=None)


def _waiting(who: Principal, work: PostedWork, each: Entered) -> WaitingReading:
    corrects = each.row.detail.corrects if each.row.detail else None
    corrected = next((other.reading for other in work.history if other.number == corrects), None)
    own = not permissions.may_review_readings(who, each.row.username)
    return WaitingReading(work.code, work.title, each, own, _newest(work, but=corrects), corrected)
