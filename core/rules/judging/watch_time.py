"""How much of a film a judge has watched: the union of the played intervals, credited no faster than real time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Interval = tuple[int, int]  # [from, to) in milliseconds of the film

CREDIT_LIMIT = 120_000  # ms of film: the most credit that can build up between reports, such as while offline
QUIET = 30_000  # ms without a report after which reopening the sheet resets the credit to 0


@dataclass(frozen=True, slots=True)
class Watched:
    """The watch time of one judge on one film.

    `seen` are the credited intervals, disjoint and in order. `budget` is the film time in ms that may still be credited,
    as of `credited_at` (UTC ms).
    """

    seen: tuple[Interval, ...] = ()
    budget: int = 0
    credited_at: int = 0

    @property
    def milliseconds(self) -> int:
        """The length of the union in ms: a minute that was watched twice counts once."""
        return measure(self.seen)


def union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The union as disjoint intervals in the film's order. Empty and reversed intervals are ignored."""
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
    """The parts of the played intervals that are not in `seen`, which must be disjoint and in order."""
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


def resume(watched: Watched | None, now: int) -> Watched:
    """The watch time when a sheet is opened at `now` (UTC ms).

    The budget starts again at 0, unless the last report came no more than `QUIET` ms ago: then nothing changes.
    """
    if watched is None:
        return Watched(credited_at=now)
    if now - watched.credited_at <= QUIET:
        return watched
    return Watched(watched.seen, 0, now)


def credit_report(watched: Watched, played: Iterable[Interval], length: int, now: int, elsewhere: int = 0) -> Watched:
    """The watch time after a report of played intervals, received at `now` (UTC ms). `length` is the film's, in ms.

    New intervals are credited in the film's order, as far as the elapsed time allows. A judge watches one film at a time:
    time before `elsewhere` (UTC ms), when another of their films was last credited, is not credited again.
    """
    budget = min(CREDIT_LIMIT, watched.budget + max(0, now - max(watched.credited_at, elsewhere)))
    within = ((max(0, start), min(length, end)) for start, end in played)
    credited: list[Interval] = []
    for start, end in unseen(within, watched.seen):
        credited.append((start, min(end, start + budget)))
        budget -= credited[-1][1] - start
    return Watched(union((*watched.seen, *credited)), budget, max(now, watched.credited_at))


def share(watched_ms: int, length: int) -> int:
    """The watched share of a film in basis points, rounded down; 0 for a film of unknown length."""
    return min(10_000, watched_ms * 10_000 // length) if length > 0 else 0
