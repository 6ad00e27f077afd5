"""Weighted interactions: the last reading at or before the cut-off counts (plan IV.6, V.2; docs/design.md, Interactions)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.rules.contest import Contest
from core.rules.ids import EntryId
from core.rules.interaction_kinds import INTERACTION_KINDS


@dataclass(frozen=True, slots=True)
class Reading:
    """The numbers that a work's post showed at one moment."""

    entry: EntryId
    taken_at: datetime
    reactions: int
    comments: int
    shares: int
    views: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """The number of each kind of interaction."""
        return {kind: getattr(self, kind) for kind in INTERACTION_KINDS}


class ReadingState(Enum):
    """What became of a reading: only a confirmed one counts."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class EnteredReading:
    """A reading with its number, its state, and the number of the reading that it corrects, if any."""

    number: int
    reading: Reading
    state: ReadingState
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """The weighted interactions of a work, and the reading they come from."""

    weighted: int
    reading: Reading


def weighted(contest: Contest, reading: Reading) -> int:
    """The weighted sum of a reading's numbers."""
    weights = contest.interactions.weights
    return sum(weights[kind] * count for kind, count in reading.counts.items())


def in_time(contest: Contest, taken_at: datetime) -> bool:
    """True up to the end of the cut-off's second; always True for a contest without [phases]."""
    return contest.phases is None or taken_at.replace(microsecond=0) <= contest.phases.interactions_close


def in_force(readings: Iterable[EnteredReading]) -> list[EnteredReading]:
    """The confirmed readings that no confirmed one corrects, in the given order: these count."""
    confirmed = [each for each in readings if each.state is ReadingState.CONFIRMED]
    corrected = {each.corrects for each in confirmed}
    return [each for each in confirmed if each.number not in corrected]


def to_review(readings: Iterable[EnteredReading]) -> list[EnteredReading]:
    """The readings that wait for confirmation, without those that have a correction which was not rejected."""
    entered = list(readings)
    corrected = {each.corrects for each in entered if each.state is not ReadingState.REJECTED}
    return [each for each in entered if each.state is ReadingState.WAITING and each.number not in corrected]


def counted(contest: Contest, readings: Iterable[Reading]) -> dict[EntryId, Count]:
    """The count of each work, from its last reading that is `in_time`.

    `readings` are those `in_force`, or those of a file, and come in the order they were entered: of two taken at the same moment, the one entered later counts.
    """
    last: dict[EntryId, Reading] = {}
    for reading in readings:
        kept = last.get(reading.entry)
        if in_time(contest, reading.taken_at) and (kept is None or kept.taken_at <= reading.taken_at):
            last[reading.entry] = reading
    return {entry: Count(weighted(contest, reading), reading) for entry, reading in last.items()}
