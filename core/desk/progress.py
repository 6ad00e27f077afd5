"""How far the panel has come: which judge is where with which work, and which sheets lie apart from the others."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.desk import house, judging, standings
from core.desk.evening import Evening
from core.rules import permissions
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.ids import EntryId, JudgeId
from core.rules.methods import half_up
from core.rules.words import Sentence
from core.store import standings as rows

MOST_WORKS = 60  # drawn at once: more cannot be told apart on a screen


@dataclass(frozen=True, slots=True)
class Panellist:
    """A judge as this reader may know them: by name, or by a number that stays the same."""

    key: JudgeId
    name: Sentence | str
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
    name: Sentence | str
    total: int
    mean: int

    @property
    def apart(self) -> int:
        """How far the sheet is above the mean; negative below."""
        return self.total - self.mean


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel before the works, at one moment."""

    counts: standings.Progress
    decimals: int  # of a score
    total_decimals: int  # of a sheet's total: as many as a score has, and as the sheet itself shows
    gap_alert: int | None  # hundredths
    works: tuple[tuple[EntryId, str], ...]  # those shown, best first: code and title
    every_work: tuple[tuple[EntryId, str], ...]  # all there are, by code
    judges: tuple[Panellist, ...]
    totals: Mapping[EntryId, Mapping[JudgeId, int]]  # of the sheets that count, in 10**-total_decimals of a point
    scores: Mapping[EntryId, int | None]
    gaps: tuple[Gap, ...]
    highest: int  # what a sheet can reach, in 10**-total_decimals of a point


def panel(evening: Evening, who: Principal, first: int = 0) -> Panel:
    """The panel as this organiser may see it. Raises NotAllowed: a judge never reads another's marks, named or not."""
    permissions.must(permissions.may_see_the_panel(who))
    evening.catch_up()
    with evening.lock:
        contest = evening.contest
        shown = evening.standing().window(first, MOST_WORKS)
        with evening.store.read() as connection:
            sitting = rows.panel(connection)
            desks = rows.desks(connection, [standing.entry for standing in shown])
            counts = rows.desk_counts(connection)
        names = _names(sitting, who, evening.circumstances)
        return Panel(
            standings.progress(evening),
            contest.scoring.decimals,
            _total_decimals(contest),
            contest.scoring.gap_alert,
            tuple((standing.entry, evening.works[standing.entry].title) for standing in shown),
            tuple((entry, evening.works[entry].title) for entry in sorted(evening.works)),
            _panellists(sitting, names, desks, counts),
            {s.entry: _points(contest, evening.works[s.entry].totals) for s in shown},
            {s.entry: s.score for s in shown},
            tuple(gap for entry in evening.works for gap in _gaps(evening, entry, names)),
            _total(contest, contest.maximum_total),
        )


def _names(
    sitting: Sequence[rows.Panellist], who: Principal, told: house.Circumstances
) -> dict[JudgeId, Sentence | str]:
    """Each judge's name, or a number drawn from the contest's public seed, in the order the numbers run."""
    if permissions.may_see_marks_by_name(who, told.contest):
        return {judge.username: judge.name for judge in sitting}
    drawn = sorted(sitting, key=lambda judge: hashlib.sha256(f"{told.seed}|panel|{judge.username}".encode()).digest())
    return {judge.username: Sentence("Giám khảo {number}", {"number": n}) for n, judge in enumerate(drawn, 1)}


def _panellists(
    sitting: Sequence[rows.Panellist],
    names: Mapping[JudgeId, Sentence | str],
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
    return max(contest.scoring.decimals, judging.total_places(contest))


def _total(contest: Contest, units: int, sheets: int = 1) -> int:
    """The mean total of so many sheets that add up to `units`, rounded once, in 10**-total_decimals of a point."""
    return half_up(units * 10 ** _total_decimals(contest), 100 * contest.weight_scale * sheets)


def _gaps(evening: Evening, entry: EntryId, names: Mapping[JudgeId, Sentence | str]) -> Sequence[Gap]:
    contest, work = evening.contest, evening.works[entry]
    totals = work.totals.values()
    if not totals:
        return ()
    mean = _total(contest, sum(totals), len(totals))
    return [
        Gap(entry, work.title, judge, names[judge], _total(contest, total), mean)
        for judge, total in work.totals.items()
        if standings.apart(contest, totals, total)
    ]
