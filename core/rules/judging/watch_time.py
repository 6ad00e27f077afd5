"""How much of a film a judge has watched: the union of what was really played, counted no faster than time passes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Interval = tuple[int, int]  # [from, to) in milliseconds of the film

CREDIT_LIMIT = 120_000  # ms of film: a connection lost for longer than this is not made up for
QUIET = 30_000  # ms without a report after which a sheet opened again starts with no credit


@dataclass(frozen=True, slots=True)
class Watched:
    """What a judge has seen of a film, and the film time that may still be credited at `credited_at` (UTC ms)."""

    seen: tuple[Interval, ...] = ()
    budget: int = 0
    credited_at: int = 0

    @property
    def milliseconds(self) -> int:
        """The length of the union: the first minute seen twice is one minute."""
        return measure(self.seen)


def union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same moments, disjoint and in the film's order; what is empty or runs backwards is nothing."""
    joined: list[Interval] = []
    for start, end in sorted(interval for interval in intervals if interval[0] < interval[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def measure(intervals: Sequence[Interval]) -> int:
    """The milliseconds that disjoint intervals cover."""
    return sum(end - start for start, end in intervals)


def unseen(played: Iterable[Interval], seen: Sequence[Interval]) -> tuple[Interval, ...]:
    """The parts of what was played that had not been seen before."""
    new: list[Interval] = []
    for start, end in union(played):
        at = start
        for begun, done in seen:
            if at < begun < end:
                new.append((at, begun))
            if begun < end:
                at = max(at, done)
        if at < end:
            new.append((at, end))
    return tuple(new)


def opened(watched: Watched | None, now: int) -> Watched:
    """The count when a sheet is opened: credit begins to grow now, unless a report came a moment ago."""
    if watched is None:
        return Watched(credited_at=now)
    if now - watched.credited_at <= QUIET:
        return watched
    return Watched(watched.seen, 0, now)


def reported(watched: Watched, played: Iterable[Interval], length: int, now: int, elsewhere: int = 0) -> Watched:
    """The count after a report: new moments are credited in the film's order while the time that passed allows.

    A judge has one pair of eyes: time up to `elsewhere`, when another of their films was last counted, is not counted again.
    """
    budget = min(CREDIT_LIMIT, watched.budget + max(0, now - max(watched.credited_at, elsewhere)))
    within = ((max(0, start), min(length, end)) for start, end in played)
    credited: list[Interval] = []
    for start, end in unseen(within, watched.seen):
        credited.append((start, min(end, start + budget)))
        budget -= credited[-1][1] - start
    return Watched(union((*watched.seen, *credited)), budget, max(now, watched.credited_at))


def share(watched_ms: int, length: int) -> int:
    """The share of a film that was seen, in basis points, rounded down; nothing of a film of unknown length."""
    return min(10_000, watched_ms * 10_000 // length) if length > 0 else 0
