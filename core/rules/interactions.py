"""Interactions: the last reading at or before the cut-off counts, weighted (plan IV.6, V.2; docs/design.md, Interactions)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.rules.contest import Contest
from core.rules.ids import EntryId


@dataclass(frozen=True, slots=True)
class Reading:
    """What a work's post showed at a moment."""

    entry: EntryId
    taken_at: datetime
    reactions: int
    comments: int
    shares: int
    views: int = 0


@dataclass(frozen=True, slots=True)
class Count:
    """What a work's interactions count for, and the reading that says so."""

    weighted: int
    reading: Reading


def weighted(contest: Contest, reading: Reading) -> int:
    """A reading as one number."""
    worth = contest.interactions
    return (
        worth.reactions * reading.reactions
        + worth.comments * reading.comments
        + worth.shares * reading.shares
        + worth.views * reading.views
    )


def in_time(contest: Contest, taken_at: datetime) -> bool:
    """True up to the whole second of the cut-off; a contest without a calendar has none."""
    return contest.phases is None or taken_at.replace(microsecond=0) <= contest.phases.interactions_close


def counted(contest: Contest, readings: Iterable[Reading]) -> dict[EntryId, Count]:
    """Each work's last reading in time; of two at the same moment the later entered corrects the earlier."""
    last: dict[EntryId, Reading] = {}
    for reading in readings:
        kept = last.get(reading.entry)
        if in_time(contest, reading.taken_at) and (kept is None or kept.taken_at <= reading.taken_at):
            last[reading.entry] = reading
    return {entry: Count(weighted(contest, reading), reading) for entry, reading in last.items()}
