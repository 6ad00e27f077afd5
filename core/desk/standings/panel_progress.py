"""How far the panel has come: which judge is where with which work, and which sheets lie apart from the others.

It is read once for each revision of the standings and each right of its readers, outside the lock of the live standings:
twenty people may look at the charts while a sheet comes in.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from weakref import WeakKeyDictionary

from core.desk import context
from core.desk.judging import judge_sheets
from core.desk.standings import standings_board
from core.desk.standings.live_standings import LiveStandings
from core.rules import permissions
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.ids import EntryId, JudgeId
from core.rules.scoring.marks import apart
from core.rules.scoring.methods import half_up, sheets_needed
from core.rules.scoring.ranking import Standing
from core.store.ledger import account_number
from core.store.queries import standings as rows

MOST_WORKS = 60  # drawn at once: more cannot be told apart on a screen
FRESH_S = 2.0  # a draft changes no revision: how long one reading may be shown


@dataclass(frozen=True, slots=True)
class Panellist:
    """A judge as this reader may know them: by name, or by a number that stays the same."""

    key: JudgeId
    name: str
    states: Mapping[EntryId, str]  # "none", "draft", "sealed", "returned", "recused"; a work not here is not theirs
    counts: Mapping[str, int]  # the same over all works, not only those shown
    sits: bool  # sheets may still come; a closed account's seats stay expected until the chief withdraws them

    def count(self, *states: str) -> int:
        """How many of all the judge's works are in these states."""
        return sum(self.counts.get(state, 0) for state in states)


@dataclass(frozen=True, slots=True)
class Gap:
    """A sheet further from its panel's mean than the contest lets pass unspoken; numbers in 10**-total_decimals of a point."""

    entry: EntryId
    title: str
    judge: JudgeId
    name: str
    total: int
    mean: int

    @property
    def apart(self) -> int:
        """How far the sheet is above the mean; negative below."""
        return self.total - self.mean


@dataclass(frozen=True, slots=True)
class Short:
    """A work that cannot get a score any more: the sheets that count or may still come are fewer than it needs."""

    entry: EntryId
    title: str
    sheets: int


@dataclass(frozen=True, slots=True)
class WorkTotals:
    """A work's title and its counted sheets' totals, in the contest's units."""

    entry: EntryId
    title: str
    totals: Mapping[JudgeId, int]


@dataclass(frozen=True)  # not slotted: `gaps` is kept once asked for
class Panel:
    """The panel before the works, at one moment, as one reader may see it."""

    counts: standings_board.Progress
    contest: Contest
    works: tuple[tuple[EntryId, str], ...]  # those shown, best first: code and title
    every_work: tuple[tuple[EntryId, str], ...]  # all there are, by code
    judges: tuple[Panellist, ...]
    totals: Mapping[EntryId, Mapping[JudgeId, int]]  # of the sheets that count, in 10**-total_decimals of a point
    scores: Mapping[EntryId, int | None]
    hidden: frozenset[EntryId]  # works whose marks this reader may not see: they still mark them
    short: tuple[Short, ...]  # by code
    scoreless: tuple[EntryId, ...]  # works with too few counted sheets for a score as things stand, by code
    _names: Mapping[JudgeId, str]
    _visible: tuple[WorkTotals, ...]

    @property
    def decimals(self) -> int:
        """Of a published number."""
        return self.contest.scoring.decimals

    @property
    def total_decimals(self) -> int:
        """Of a sheet's total: as many as a score has, and as the sheet itself shows."""
        return _total_decimals(self.contest)

    @property
    def gap_alert(self) -> int | None:
        """Hundredths of a point from the mean at which a sheet is talked over."""
        return self.contest.scoring.gap_alert

    @property
    def highest(self) -> int:
        """What a sheet can reach, in 10**-total_decimals of a point."""
        return _total(self.contest, self.contest.maximum_total)

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """The sheets to be talked over, of every work this reader may see."""
        return tuple(gap for work in self._visible for gap in _gaps(self.contest, work, self._names))

    @cached_property
    def wide(self) -> frozenset[tuple[EntryId, JudgeId]]:
        """The same, of the works shown alone."""
        shown = {entry for entry, _ in self.works}
        found = (gap for work in self._visible if work.entry in shown for gap in _gaps(self.contest, work, self._names))
        return frozenset((gap.entry, gap.judge) for gap in found)


@dataclass(frozen=True, slots=True)
class _Moment:
    """What the live standings say, taken from under their lock; its mappings never change."""

    facts: context.ContestState
    counts: standings_board.Progress
    shown: tuple[Standing, ...]
    hidden: frozenset[EntryId]
    works: tuple[WorkTotals, ...]


_Key = tuple[int, int, bool, frozenset[EntryId], int]


@dataclass(slots=True)
class _Kept:
    """One reading of the panel; whoever asks while it is being made waits for it."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    panel: Panel | None = None
    made_at: float = 0.0


_kept: "WeakKeyDictionary[LiveStandings, dict[_Key, _Kept]]" = WeakKeyDictionary()
_keeping = threading.Lock()


def panel(live: LiveStandings, who: Principal, first: int = 0, now: datetime | None = None) -> Panel:
    """The panel as this organiser may see it. Raises NotAllowed: a judge never reads another's marks, named or not."""
    permissions.must(permissions.may_see_the_panel(who))
    live.catch_up()
    moment = _moment(live, who, first, now or context.now())
    named = permissions.may_see_marks_by_name(who, moment.facts.contest)
    kept = _place(live, (moment.counts.revision, live.accounts_seq, named, moment.hidden, first))
    with kept.turn:
        if kept.panel is None or time.monotonic() - kept.made_at > FRESH_S:
            kept.panel, kept.made_at = _read(live, moment, named=named), time.monotonic()
        return kept.panel


def _place(live: LiveStandings, key: _Key) -> _Kept:
    """Where a reading is kept; those of earlier revisions are forgotten."""
    with _keeping:
        places = _kept.setdefault(live, {})
        if key not in places:
            for old in [each for each in places if each[:2] != key[:2]]:
                del places[old]
        return places.setdefault(key, _Kept())


def _moment(live: LiveStandings, who: Principal, first: int, now: datetime) -> _Moment:
    with live.lock:
        covered = live.covering(who, now)
        works = tuple(WorkTotals(entry, work.title, work.totals) for entry, work in live.works.items())
        shown = covered.window(first, MOST_WORKS)
        return _Moment(live.contest_state, standings_board.progress(live), shown, covered.hidden, works)


def _read(live: LiveStandings, moment: _Moment, *, named: bool) -> Panel:
    needed = sheets_needed(moment.facts.contest)
    contest, titles = moment.facts.contest, {work.entry: work.title for work in moment.works}
    visible = {work.entry: work for work in moment.works if work.entry not in moment.hidden}
    with live.store.read() as connection:
        sitting = rows.panel(connection)
        desks = rows.desks(connection, [standing.entry for standing in moment.shown])
        counts, reachable = rows.desk_counts(connection), rows.reachable(connection)
    names = _names(sitting, named=named)
    return Panel(
        moment.counts,
        contest,
        tuple((standing.entry, titles[standing.entry]) for standing in moment.shown),
        tuple(sorted(titles.items())),
        _panellists(sitting, names, desks, counts),
        {s.entry: _points(contest, visible[s.entry].totals) if s.entry in visible else {} for s in moment.shown},
        {s.entry: s.score for s in moment.shown},
        moment.hidden,
        tuple(Short(*work) for work in reachable if work[2] < needed),
        tuple(sorted(work.entry for work in moment.works if len(work.totals) < needed)),
        names,
        tuple(visible.values()),
    )


def _names(sitting: Sequence[rows.Panellist], *, named: bool) -> dict[JudgeId, str]:
    """Each judge's name in the order of a list of people, or their pseudonym in the order of the numbers."""
    if named:
        return {judge.username: judge.name for judge in sitting}
    return {
        judge.username: judge.pseudonym for judge in sorted(sitting, key=lambda judge: account_number(judge.pseudonym))
    }


def _panellists(
    sitting: Sequence[rows.Panellist],
    names: Mapping[JudgeId, str],
    desks: Sequence[rows.Desk],
    counts: Mapping[JudgeId, Mapping[str, int]],
) -> tuple[Panellist, ...]:
    may = {judge.username for judge in sitting if judge.sits}
    states: dict[JudgeId, dict[EntryId, str]] = {judge: {} for judge in names}
    for desk in desks:
        states[desk.judge][desk.entry] = desk.state
    return tuple(
        Panellist(judge, name, states[judge], counts.get(judge, {}), judge in may) for judge, name in names.items()
    )


def _points(contest: Contest, totals: Mapping[JudgeId, int]) -> dict[JudgeId, int]:
    return {judge: _total(contest, total) for judge, total in totals.items()}


def _total_decimals(contest: Contest) -> int:
    return max(contest.scoring.decimals, judge_sheets.total_places(contest))


def _total(contest: Contest, units: int, sheets: int = 1) -> int:
    """The mean total of so many sheets that add up to `units`, rounded once, in 10**-total_decimals of a point."""
    return half_up(units * 10 ** _total_decimals(contest), 100 * contest.weight_scale * sheets)


def _gaps(contest: Contest, work: WorkTotals, names: Mapping[JudgeId, str]) -> Sequence[Gap]:
    totals = work.totals.values()
    if not totals:
        return ()
    mean = _total(contest, sum(totals), len(totals))
    return [
        Gap(work.entry, work.title, judge, names.get(judge, ""), _total(contest, total), mean)
        for judge, total in work.totals.items()
        if apart(contest, totals, total)
    ]
