"""The standings as the committee reads them: who leads, by how much, how complete. The public is told only how complete."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.desk import context
from core.desk.standings.live_standings import LiveStandings, ProjectedPrizes
from core.rules import permissions
from core.rules.access import Principal
from core.rules.ids import EntryId
from core.rules.scoring.marks import apart
from core.rules.scoring.methods import method_of, more_is_better, published
from core.rules.scoring.ranking import Standing
from core.rules.words import Sentence
from core.store.engine import Store

MOST_LEADERS = 5  # named one by one where they share the first place


@dataclass(frozen=True, slots=True)
class Line:
    """One work on the board."""

    entry: EntryId
    title: str
    place: int | None
    score: int | None  # units of 10**-decimals
    sheets: int
    expected: int
    spread: int | None  # the panel's highest total less its lowest, units of 10**-decimals
    wide: bool  # a sheet lies further from the panel's mean than the contest lets pass unspoken
    tie_break: Sentence | None
    note: Sentence | None
    prizes: tuple[str, ...]  # what it would take now
    undecided: tuple[str, ...]  # prizes that hang on a tie it is part of


@dataclass(frozen=True, slots=True)
class Progress:
    """How complete: counts, and nothing else. This is all the public is told."""

    revision: int
    contest: str
    sheets: int
    expected: int
    complete: int  # works whose every expected sheet is in
    works: int
    closes: datetime | None
    closed: bool


@dataclass(frozen=True, slots=True)
class Board:
    """A window of the standings, and the answer above it."""

    progress: Progress
    decimals: int
    leaders: tuple[Line, ...]  # more than one: they share the first place
    margin: int | None  # from the leader to the second, units of 10**-decimals
    lines: tuple[Line, ...]
    by_ranks: Sentence | None  # the name of a score made of ranks, where fewer is better
    hidden: int  # works left out because the reader still marks them
    confirmed: bool  # the committee has confirmed the awards: nothing here is provisional any more


def may_see(store: Store, who: Principal) -> bool:
    """True where the person may read the standings at this moment."""
    told = context.contest_state(store)
    return permissions.may_see_standings(who, told.contest, told)


def progress(live: LiveStandings) -> Progress:
    """How complete the panel's work is: open to everybody."""
    with live.lock:
        contest, counts = live.contest, live.counts
        phases = contest.phases
        return Progress(
            live.revision,
            contest.name,
            sheets=counts.sheets,
            expected=counts.expected,
            complete=counts.complete,
            works=len(live.works),
            closes=phases.judging.closes if phases else None,
            closed=live.contest_state.judging_closed_at is not None,
        )


def board(
    live: LiveStandings, first: int, number: int, who: Principal | None = None, now: datetime | None = None
) -> Board:
    """The lines from `first` (0: the top) on, as they stand, with the answer to who leads.

    For a reader who still marks, the board covers the works they have sealed, and no prize stands on it: what a work would
    take tells its place among the others.
    """
    with live.lock:
        contest, covered = live.contest, live.covering(who, now or context.now())
        tally, hidden = covered.tally, len(covered.hidden)
        top = tally.window(0, MOST_LEADERS + 1)
        leading = [standing for standing in top if standing.place == 1]
        return Board(
            progress(live),
            contest.scoring.decimals,
            tuple(_line(live, standing, prizes=not hidden) for standing in leading[:MOST_LEADERS]),
            _margin(leading, top),
            tuple(_line(live, standing, prizes=not hidden) for standing in tally.window(first, number)),
            by_ranks=None if more_is_better(contest) else method_of(contest).name,
            hidden=hidden,
            confirmed=live.contest_state.awards_confirmed_at is not None,
        )


def _margin(leading: Sequence[Standing], top: Sequence[Standing]) -> int | None:
    """How far the leader is ahead of the next score; None while nobody is ahead of anybody."""
    if len(leading) != 1 or len(top) < 2:
        return None
    mine, next_best = leading[0].score, top[1].score
    return None if mine is None or next_best is None else abs(mine - next_best)


def _line(live: LiveStandings, standing: Standing, *, prizes: bool) -> Line:
    contest, work = live.contest, live.works[standing.entry]
    taken = live.prizes(standing.entry) if prizes else ProjectedPrizes()
    totals = work.totals.values()
    return Line(
        standing.entry,
        work.title,
        standing.place,
        standing.score,
        standing.sheets,
        work.expected,
        published(contest, max(totals) - min(totals), contest.weight_scale) if len(totals) > 1 else None,
        any(apart(contest, totals, total) for total in totals),
        standing.tie_break,
        standing.note,
        tuple(taken.prizes),
        tuple(taken.undecided),
    )
