"""The panel's progress: each judge's state on each work, and the sheets far from the panel's mean.

The result is cached for each revision of the standings and each set of reader's rights. It is built outside the lock of
the live standings, so that twenty readers of the charts do not delay a sheet that is submitted.
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
from core.rules.judging.sheet_state import SheetState
from core.rules.scoring.marks import exceeds_gap
from core.rules.scoring.methods import half_up, sheets_needed
from core.rules.scoring.ranking import Standing
from core.store.ledger import account_number
from core.store.queries import standings as rows

MOST_WORKS = 60  # works drawn in a chart; more are not readable on a screen
FRESH_S = 2.0  # longest age of a cached panel: drafts do not change the revision


@dataclass(frozen=True, slots=True)
class Panellist:
    """A judge as this reader may see them: by name, or by a fixed pseudonym."""

    key: JudgeId
    name: str
    states: Mapping[EntryId, SheetState]  # of the assigned works shown
    counts: Mapping[SheetState, int]  # number of works by state, over all works, not only those shown
    sits: bool  # may still submit sheets; a closed account's sheets stay expected until the chief withdraws the judge

    def count(self, *states: SheetState) -> int:
        """The number of all the judge's works in these states."""
        return sum(self.counts.get(state, 0) for state in states)


@dataclass(frozen=True, slots=True)
class Gap:
    """A sheet further from its panel's mean than the contest's gap alert; numbers in 10**-total_decimals of a point."""

    entry: EntryId
    title: str
    judge: JudgeId
    name: str
    total: int
    mean: int

    @property
    def apart(self) -> int:
        """The sheet's total minus the mean; negative below the mean."""
        return self.total - self.mean


@dataclass(frozen=True, slots=True)
class Short:
    """A work that can no longer get a score: too few sheets count or can still be submitted."""

    entry: EntryId
    title: str
    sheets: int


@dataclass(frozen=True, slots=True)
class WorkTotals:
    """A work's title and the totals of its counted sheets, in units of the contest's total."""

    entry: EntryId
    title: str
    totals: Mapping[JudgeId, int]


@dataclass(frozen=True)  # not slotted: cached properties need __dict__
class Panel:
    """The panel's progress at one moment, as one reader may see it."""

    counts: standings_board.Progress
    contest: Contest
    works: tuple[tuple[EntryId, str], ...]  # works shown, best first: code and title
    every_work: tuple[tuple[EntryId, str], ...]  # all works, by code
    judges: tuple[Panellist, ...]
    totals: Mapping[EntryId, Mapping[JudgeId, int]]  # of the sheets that count, in 10**-total_decimals of a point
    scores: Mapping[EntryId, int | None]
    hidden: frozenset[EntryId]  # works whose marks this reader may not see, because they still mark them
    short: tuple[Short, ...]  # by code
    scoreless: tuple[EntryId, ...]  # works that now have too few counted sheets for a score, by code
    _names: Mapping[JudgeId, str]
    _visible: tuple[WorkTotals, ...]

    @property
    def decimals(self) -> int:
        """Decimals of a published score."""
        return self.contest.scoring.decimals

    @property
    def total_decimals(self) -> int:
        """Decimals of a sheet's total: as many as a score has, but not fewer than the sheet itself shows."""
        return _total_decimals(self.contest)

    @property
    def gap_alert(self) -> int | None:
        """The distance from the mean, in hundredths of a point, beyond which a sheet is flagged; None: no flags."""
        return self.contest.scoring.gap_alert

    @property
    def highest(self) -> int:
        """The highest possible total of a sheet, in 10**-total_decimals of a point."""
        return _total(self.contest, self.contest.maximum_total)

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """The flagged sheets of every work this reader may see."""
        return tuple(gap for work in self._visible for gap in _gaps(self.contest, work, self._names))

    @cached_property
    def wide(self) -> frozenset[tuple[EntryId, JudgeId]]:
        """(work, judge) of the flagged sheets of the works shown."""
        displayed = {entry for entry, _ in self.works}
        found = (
            gap for work in self._visible if work.entry in displayed for gap in _gaps(self.contest, work, self._names)
        )
        return frozenset((gap.entry, gap.judge) for gap in found)


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """A snapshot of the live standings, taken under their lock; its mappings never change."""

    facts: context.ContestState
    counts: standings_board.Progress
    displayed: tuple[Standing, ...]
    hidden: frozenset[EntryId]
    works: tuple[WorkTotals, ...]


_Key = tuple[int, int, bool, frozenset[EntryId], int]


@dataclass(slots=True)
class _CachedPanel:
    """A cache slot for one panel; concurrent readers wait for `turn` while one of them builds it."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    panel: Panel | None = None
    made_at: float = 0.0


_panels: "WeakKeyDictionary[LiveStandings, dict[_Key, _CachedPanel]]" = WeakKeyDictionary()
_panels_lock = threading.Lock()


def panel(live: LiveStandings, who: Principal, first: int = 0, now: datetime | None = None) -> Panel:
    """The panel as this organiser may see it; `first` is the index of the first work shown.

    Raises NotAllowed: a judge never reads another judge's marks, named or not.
    """
    permissions.must(permissions.may_see_the_panel(who))
    live.catch_up()
    snapshot = _snapshot(live, who, first, now or context.now())
    named = permissions.may_see_marks_by_name(who, snapshot.facts.contest)
    cached = _cache_slot(live, (snapshot.counts.revision, live.accounts_seq, named, snapshot.hidden, first))
    with cached.turn:
        if cached.panel is None or time.monotonic() - cached.made_at > FRESH_S:
            cached.panel, cached.made_at = _read(live, snapshot, named=named), time.monotonic()
        return cached.panel


def _cache_slot(live: LiveStandings, key: _Key) -> _CachedPanel:
    """The cache slot for a key; a new key drops the slots of other revisions."""
    with _panels_lock:
        slots = _panels.setdefault(live, {})
        if key not in slots:
            for old in [each for each in slots if each[:2] != key[:2]]:
                del slots[old]
        return slots.setdefault(key, _CachedPanel())


def _snapshot(live: LiveStandings, who: Principal, first: int, now: datetime) -> _Snapshot:
    with live.lock:
        covered = live.covering(who, now)
        works = tuple(WorkTotals(entry, work.title, work.totals) for entry, work in live.works.items())
        displayed = covered.window(first, MOST_WORKS)
        return _Snapshot(live.contest_state, standings_board.progress(live), displayed, covered.hidden, works)


def _read(live: LiveStandings, snapshot: _Snapshot, *, named: bool) -> Panel:
    needed = sheets_needed(snapshot.facts.contest)
    contest, titles = snapshot.facts.contest, {work.entry: work.title for work in snapshot.works}
    visible = {work.entry: work for work in snapshot.works if work.entry not in snapshot.hidden}
    with live.store.read() as connection:
        judges = rows.panel(connection)
        sheet_states = rows.sheet_states(connection, [standing.entry for standing in snapshot.displayed])
        counts, reachable = rows.state_counts(connection), rows.reachable(connection)
    names = _names(judges, named=named)
    return Panel(
        snapshot.counts,
        contest,
        tuple((standing.entry, titles[standing.entry]) for standing in snapshot.displayed),
        tuple(sorted(titles.items())),
        _panellists(judges, names, sheet_states, counts),
        {s.entry: _points(contest, visible[s.entry].totals) if s.entry in visible else {} for s in snapshot.displayed},
        {s.entry: s.score for s in snapshot.displayed},
        snapshot.hidden,
        tuple(Short(*work) for work in reachable if work[2] < needed),
        tuple(sorted(work.entry for work in snapshot.works if len(work.totals) < needed)),
        names,
        tuple(visible.values()),
    )


def _names(judges: Sequence[rows.Panellist], *, named: bool) -> dict[JudgeId, str]:
    """Each judge's name in the given order, or their pseudonym in the order of the numbers."""
    if named:
        return {judge.username: judge.name for judge in judges}
    return {
        judge.username: judge.pseudonym for judge in sorted(judges, key=lambda judge: account_number(judge.pseudonym))
    }


def _panellists(
    judges: Sequence[rows.Panellist],
    names: Mapping[JudgeId, str],
    sheet_states: Sequence[rows.AssignmentState],
    counts: Mapping[JudgeId, Mapping[SheetState, int]],
) -> tuple[Panellist, ...]:
    active = {judge.username for judge in judges if judge.sits}
    states: dict[JudgeId, dict[EntryId, SheetState]] = {judge: {} for judge in names}
    for each in sheet_states:
        states[each.judge][each.entry] = each.state
    return tuple(
        Panellist(judge, name, states[judge], counts.get(judge, {}), judge in active) for judge, name in names.items()
    )


def _points(contest: Contest, totals: Mapping[JudgeId, int]) -> dict[JudgeId, int]:
    return {judge: _total(contest, total) for judge, total in totals.items()}


def _total_decimals(contest: Contest) -> int:
    return max(contest.scoring.decimals, judge_sheets.total_places(contest))


def _total(contest: Contest, units: int, sheets: int = 1) -> int:
    """The mean total of `sheets` sheets with the sum `units`, rounded half up; in 10**-total_decimals of a point."""
    return half_up(units * 10 ** _total_decimals(contest), 100 * contest.weight_scale * sheets)


def _gaps(contest: Contest, work: WorkTotals, names: Mapping[JudgeId, str]) -> Sequence[Gap]:
    totals = work.totals.values()
    if not totals:
        return ()
    mean = _total(contest, sum(totals), len(totals))
    return [  # in the order of `names`: in another, pseudonyms would tell the order of the accounts
        Gap(work.entry, work.title, judge, name, _total(contest, work.totals[judge]), mean)
        for judge, name in names.items()
        if judge in work.totals and exceeds_gap(contest, totals, work.totals[judge])
    ]
