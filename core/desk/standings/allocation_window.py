"""Allocates prizes from a live tally, reading only the places that prizes can reach."""

from collections.abc import Iterable, Mapping, Sequence

from core.rules.contest import Contest, PrizeBy
from core.rules.ids import EntryId
from core.rules.interactions import Count
from core.rules.prizes.allocation import Allocation, Decision, allocate
from core.rules.scoring.ranking import Standing, Tally


def projected_allocation(
    contest: Contest, tally: Tally, counts: Mapping[EntryId, Count], decided: Iterable[Decision]
) -> Allocation:
    """The same result as `allocate` over all standings, read only up to the last prize slot and a tie at that place."""
    slots = sum(prize.quantity for prize in contest.prizes if prize.by is PrizeBy.SCORE)
    reach = slots
    while 0 < reach < len(tally) and _one_place(tally.window(reach - 1, 2)):
        reach *= 2
    standings = _with_readings(tally.window(0, reach), counts)
    return allocate(contest, standings, counts, decided, works=len(tally), unscored=tally.unscored)


def _one_place(pair: Sequence[Standing]) -> bool:
    """True where two neighbouring works share a place or a span of places."""
    if len(pair) < 2 or pair[0].score is None:
        return False
    return (pair[0].place, pair[0].span) == (pair[1].place, pair[1].span)


def _with_readings(reached: Sequence[Standing], counts: Mapping[EntryId, Count]) -> Iterable[Standing]:
    """The given standings, then the other works that have counts and may take a prize by interaction."""
    yield from reached
    for entry in sorted(counts.keys() - {standing.entry for standing in reached}):
        yield Standing(None, entry, None, 0)
