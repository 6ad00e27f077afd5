"""Weighted interactions: the last reading at or before the cut-off counts (plan IV.6, V.2; docs/design.md, Interactions)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

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


def counted(contest: Contest, readings: Iterable[Reading]) -> dict[EntryId, Count]:
    """The count of each work, from its last reading that is `in_time`.

    `readings` come in the order they were entered: of two taken at the same moment, the one entered later counts.
    """
    last: dict[EntryId, Reading] = {}
    for reading in readings:
        kept = last.get(reading.entry)
        if in_time(contest, reading.taken_at) and (kept is None or kept.taken_at <= reading.taken_at):
            last[reading.entry] = reading
    return {entry: Count(weighted(contest, reading), reading) for entry, reading in last.items()}
