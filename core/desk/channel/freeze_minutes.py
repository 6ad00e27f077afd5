"""The minutes of a freeze: who froze, when, what was read, and what did not count (plan IV.6; docs/contest-rules.md).

They are drawn from the readings as they stood at the freeze, so an old freeze keeps its minutes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.desk import context
from core.desk.interactions import as_entered, counting
from core.desk.printed_marks import printed_mark
from core.papers.layout.printed_mark import PrintedMark
from core.rules import permissions
from core.rules.access import Principal
from core.rules.interactions import Count, Reading, ReadingState, counted, in_force, in_time, to_review
from core.rules.permissions import must
from core.rules.words import Refusal
from core.store.engine import Store
from core.store.queries import readings
from core.store.queries.readings import FreezeRow, PostedWork, ReadingRow


class NoSuchFreeze(Refusal):
    """The interactions were not frozen so many times."""

    def __init__(self) -> None:
        super().__init__("Không có lần chốt này.")


@dataclass(frozen=True, slots=True)
class MinutesLine:
    """A work: its counted reading and the weighted sum, or None where no confirmed reading was in time."""

    work: PostedWork
    row: ReadingRow | None
    count: Count | None


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of one freeze. The rows of the last three did not count."""

    contest: str
    rule_card: str
    number: int  # of the freeze, from 1
    freeze: FreezeRow
    closes: datetime | None
    weights: tuple[tuple[str, int], ...]
    lines: tuple[MinutesLine, ...]  # by weighted sum, highest first; then those without one
    unconfirmed: tuple[ReadingRow, ...]
    late: tuple[ReadingRow, ...]
    rejected: tuple[ReadingRow, ...]
    mark: PrintedMark


def minutes(store: Store, who: Principal, number: int, now: datetime) -> Minutes:
    """The minutes of the freeze with this number, from 1. Raises NotAllowed, NoSuchFreeze, BrokenSigningKey."""
    must(permissions.may_see_interactions(who))
    with store.read() as connection:
        state, freezes = context.contest_state_in(connection), readings.freezes(connection)
        works, rows = readings.works(connection), readings.readings(connection)
    if not 1 <= number <= len(freezes):
        raise NoSuchFreeze
    freeze, contest = freezes[number - 1], state.contest
    known = _as_of(rows, freeze.at)
    standing = {each.number: each.reading for each in in_force(map(as_entered, known))}
    waiting = {each.number for each in to_review(map(as_entered, known))}
    counts = {str(code): count for code, count in counted(contest, counting(known)).items()}
    lines = [
        MinutesLine(work, _counted(known, standing, counts.get(work.code)), counts.get(work.code)) for work in works
    ]
    lines.sort(key=lambda line: -1 if line.count is None else line.count.weighted, reverse=True)
    return Minutes(
        contest=contest.name,
        rule_card=state.rule_card,
        number=number,
        freeze=freeze,
        closes=contest.phases.interactions_close if contest.phases else None,
        weights=tuple(contest.interactions.weights.items()),
        lines=tuple(lines),
        unconfirmed=tuple(row for row in known if row.id in waiting),
        late=tuple(row for row in known if row.id in standing and not in_time(contest, standing[row.id].taken_at)),
        rejected=tuple(row for row in known if row.verdict == ReadingState.REJECTED.value),
        mark=printed_mark(store, now),
    )


def _as_of(rows: Sequence[ReadingRow], at: int) -> list[ReadingRow]:
    """The readings as they stood at `at` (UTC ms)."""
    return [
        row
        if row.reviewed_at is None or row.reviewed_at <= at
        else replace(row, verdict=None, review_reason=None, reviewed_by=None, reviewed_at=None)
        for row in rows
        if row.entered_at <= at
    ]


def _counted(rows: Sequence[ReadingRow], standing: Mapping[int, Reading], count: Count | None) -> ReadingRow | None:
    """The row that the count comes from; of equal ones the last."""
    return next((row for row in reversed(rows) if count and standing.get(row.id) == count.reading), None)
