"""The full recount: every mark in the database, added up anew. By the mean the database adds and the rules rank."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from core.desk import house
from core.rules.contest import Contest
from core.rules.marks import Sheet
from core.rules.placing import Place, Standing, Sums, places, sums_suffice
from core.rules.ranking import rank
from core.store import standings as rows
from core.store.engine import Store

READERS = 2
STRETCHES = 8  # the first are placed while the database adds up the others
ATTEMPTS = 3  # all stretches must have been read at the same moment


def recount(store: Store) -> tuple[Place, ...]:
    """The places from all the marks that count now, whatever the method, best first."""
    contest = house.contest(store)
    if sums_suffice(contest):
        for _ in range(ATTEMPTS):
            moments: set[int] = set()
            found = places(contest, _added(store, contest, moments))
            if len(moments) <= 1:
                return found
    return tuple(Place(s.place, s.entry, s.score, s.sheets) for s in _by_sheets(store, contest))


def _added(store: Store, contest: Contest, moments: set[int]) -> Iterator[Sums]:
    """The works' sums from several readers; `moments` takes the ledger's number each of them saw."""
    rungs = tuple(rung for rung in contest.rungs if rung is not None)
    with store.read() as connection:
        stretches = rows.stretches(connection, STRETCHES)

    def read(stretch: tuple[int, int]) -> list[Sums]:
        with store.read() as connection:
            moments.add(rows.last_seq(connection))
            return rows.sums(connection, stretch, contest.weights, rungs)

    with ThreadPoolExecutor(READERS) as pool:
        for found in pool.map(read, stretches):
            yield from found


def _by_sheets(store: Store, contest: Contest) -> tuple[Standing, ...]:
    keys = tuple(criterion.key for criterion in contest.criteria)
    with store.read() as connection:
        works = [work.code for work in rows.works(connection)]
        sheets = [
            Sheet(s.judge, s.entry, dict(zip(keys, s.marks, strict=True))) for s in rows.sheets(connection, len(keys))
        ]
        return rank(contest, works, sheets, rows.recusals(connection))
