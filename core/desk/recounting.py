"""The full recount: every mark in the database, added up anew. By the mean the database adds and the rules rank."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from core.desk import house
from core.rules.contest import Contest, Method
from core.rules.ids import EntryId
from core.rules.marks import Sheet
from core.rules.methods import published, sheets_needed
from core.rules.placing import Standing
from core.rules.ranking import rank
from core.rules.ties import Result, climb, rung_values
from core.store import standings as rows
from core.store.engine import Store

ATTEMPTS = 3  # the two readers must have read the same moment


@dataclass(frozen=True, slots=True)
class Place:
    """Where a work stands; which rung broke its tie is told by the standings that are shown."""

    place: int | None
    entry: EntryId
    score: int | None  # units of 10**-decimals
    sheets: int


def recount(store: Store) -> tuple[Place, ...]:
    """The places from all the marks that count now, whatever the method, best first."""
    contest = house.contest(store)
    if contest.scoring.method is Method.MEAN and "chief" not in contest.ties.ladder:
        for _ in range(ATTEMPTS):
            found = _by_sums(store, contest)
            if found is not None:
                return found
    return tuple(Place(s.place, s.entry, s.score, s.sheets) for s in _by_sheets(store, contest))


def _by_sums(store: Store, contest: Contest) -> tuple[Place, ...] | None:
    """Two readers, half the works each; None where a change came between their moments."""
    with store.read() as connection:
        halves = rows.halves(connection)

    def half(stretch: tuple[int, int]) -> tuple[int, tuple[rows.Sums, ...]]:
        with store.read() as connection:
            return rows.last_seq(connection), rows.sums(connection, stretch, len(contest.criteria))

    with ThreadPoolExecutor(max_workers=2) as pool:
        read = tuple(pool.map(half, halves))
    if len({seq for seq, _ in read}) > 1:
        return None
    return tuple(_placed(_result(contest, work) for _, found in read for work in found))


def _placed(results: Iterable[Result]) -> Iterator[Place]:
    """One more than the number strictly ahead; equals as far as the ladder leaves them so."""
    results, ahead = list(results), 0
    scored = sorted((-result.score, result.entry, result) for result in results if result.score is not None)
    for _, tied in groupby(scored, key=itemgetter(0)):
        for equals in climb([result for _, _, result in tied]):
            yield from (Place(ahead + 1, one.entry, one.score, one.sheets) for one in equals.results)
            ahead += len(equals.results)
    for result in sorted((one for one in results if one.score is None), key=lambda one: one.entry):
        yield Place(None, result.entry, None, result.sheets)


def _result(contest: Contest, work: rows.Sums) -> Result:
    if work.sheets < sheets_needed(contest):
        return Result(work.entry, work.sheets, None)
    total = sum(weight * added for weight, added in zip(contest.weights, work.by_criterion, strict=True))
    score = published(contest, total, work.sheets * contest.weight_scale)
    return Result(work.entry, work.sheets, score, rung_values(contest, work.by_criterion, work.sheets, None))


def _by_sheets(store: Store, contest: Contest) -> tuple[Standing, ...]:
    keys = tuple(criterion.key for criterion in contest.criteria)
    with store.read() as connection:
        works = [work.code for work in rows.works(connection)]
        sheets = [
            Sheet(s.judge, s.entry, dict(zip(keys, s.marks, strict=True))) for s in rows.sheets(connection, len(keys))
        ]
        return rank(contest, works, sheets, rows.recusals(connection))
