"""The standings board for the committee: the leader, the margin and the progress. The public sees only the progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.desk import context
from core.desk.standings.live_standings import LiveStandings, ProjectedPrizes
from core.rules import permissions
from core.rules.access import Principal
from core.rules.ids import EntryId
from core.rules.scoring.marks import exceeds_gap
from core.rules.scoring.methods import method_of, more_is_better, round_published
from core.rules.scoring.ranking import Standing
from core.rules.words import Sentence
from core.store.engine import Store

MOST_LEADERS = 5  # works sharing the first place that are listed


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
    wide: bool  # a sheet is further from the panel's mean than the contest's gap alert
    tie_break: Sentence | None
    note: Sentence | None
    prizes: tuple[str, ...]  # names of the prizes it would get now
    undecided: tuple[str, ...]  # names of the undecided prizes whose tie it is part of


@dataclass(frozen=True, slots=True)
class Progress:
    """How complete the panel's work is: counts only. The public sees nothing else."""

    revision: int
    contest: str
    sheets: int
    expected: int
    complete: int  # works with all expected sheets submitted
    works: int
    closes: datetime | None
    closed: bool


@dataclass(frozen=True, slots=True)
class Board:
    """Some consecutive lines of the standings, with the leaders and the margin shown above them."""

    progress: Progress
    decimals: int
    leaders: tuple[Line, ...]  # more than one if they share the first place; at most MOST_LEADERS
    margin: int | None  # between the leader and the second, units of 10**-decimals
    lines: tuple[Line, ...]
    by_ranks: Sentence | None  # the name of a score made of ranks, where fewer is better
    hidden: int  # works left out because the reader still marks them
    confirmed: bool  # the committee has confirmed the awards, so nothing is provisional any more


def may_see(store: Store, who: Principal) -> bool:
    """True if the person may read the standings now."""
    state = context.contest_state(store)
    return permissions.may_see_standings(who, state.contest, state)


def progress(live: LiveStandings) -> Progress:
    """How complete the panel's work is. Public."""
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
    """`number` lines of the standings from index `first` (0: the top), with the leaders.

    For a reader who still marks, the board covers only the works whose marks they may see. It then shows no prizes,
    because a prize would reveal a work's place among all works.
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
    """The leader's distance to the next score; None if the first place is shared or a score is missing."""
    if len(leading) != 1 or len(top) < 2:
        return None
    leader_score, next_score = leading[0].score, top[1].score
    return None if leader_score is None or next_score is None else abs(leader_score - next_score)


def _line(live: LiveStandings, standing: Standing, *, prizes: bool) -> Line:
    contest, work = live.contest, live.works[standing.entry]
    projected = live.prizes(standing.entry) if prizes else ProjectedPrizes()
    totals = work.totals.values()
    return Line(
        standing.entry,
        work.title,
        standing.place,
        standing.score,
        standing.sheets,
        work.expected,
        round_published(contest, max(totals) - min(totals), contest.weight_scale) if len(totals) > 1 else None,
        any(exceeds_gap(contest, totals, total) for total in totals),
        standing.tie_break,
        standing.note,
        tuple(projected.prizes),
        tuple(projected.undecided),
    )
