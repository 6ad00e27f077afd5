"""How far the result depends on one judge, one sheet or the way of computing, as organisers read it. Judges by number."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np

from core.desk import context
from core.desk.award_table import AwardState, as_rule, gather, panels_of
from core.desk.robustness import alternatives
from core.desk.robustness.agreement import (
    Additive,
    Table,
    additive,
    complete,
    intraclass,
    kendall_w,
    krippendorff_alpha,
    slope,
)
from core.desk.robustness.alternatives import Given, Prizes
from core.rules.access import Principal
from core.rules.contest import Contest, Method
from core.rules.ids import EntryId, JudgeId
from core.rules.judging.viewing_order import viewing_order
from core.rules.permissions import may_see_robustness
from core.rules.prizes.allocation import Decision
from core.rules.scoring.methods import METHODS
from core.rules.scoring.ranking import Standing
from core.rules.words import Refusal, Sentence
from core.store.engine import Store

LEAST_WORKS = 5  # works that several judges marked, below which no agreement is given
LEAST_SHEETS = 20  # sheets, below which no slope over the viewing order is given


class NotYet(Refusal):
    """The page is not open for this person yet."""

    def __init__(self) -> None:
        super().__init__(
            "Trang này mở cho Ban Tổ chức khi vòng chấm đã đóng, và cho Tổ Thư ký, Trưởng Ban Giám khảo khi giải đã xác nhận."
        )


@dataclass(frozen=True, slots=True)
class Alternative:
    """One column of the matrix: a way of computing, and the prizes it gives. `prizes` None: it can't be computed."""

    name: Sentence
    prizes: Prizes | None
    changed: int  # works whose prize differs from the official one


@dataclass(frozen=True, slots=True)
class Boundary:
    """Two neighbouring works with different prizes; `margin` in units of a published score.

    `one_sheet`: by how much one sheet of the lower work would have to be higher to draw level, in the same units; None
    where the score is not a mean.
    """

    above: EntryId
    below: EntryId
    margin: int
    one_sheet: int | None


@dataclass(frozen=True, slots=True)
class JudgeDistance:
    """How far a judge's totals lie from the mean of the panel on the same works, in points."""

    number: str  # "GK07"
    works: tuple[EntryId, ...]
    distances: tuple[float, ...]  # of each of these works
    mean: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """Measures of agreement; None: too few data. `complete`: works that every judge marked."""

    alpha: float | None
    one_judge: float | None  # ICC(2,1)
    panel: float | None  # ICC(2,k)
    kendall: float | None
    complete: int
    order: float | None  # points from the first work to the last in a judge's own order


@dataclass(frozen=True, slots=True)
class Robustness:
    """Everything that the page shows."""

    contest: Contest
    works: tuple[Standing, ...]  # best first, those without a score last
    titles: Mapping[EntryId, str]
    official: Prizes
    alternatives: tuple[Alternative, ...]
    boundaries: tuple[Boundary, ...]
    judges: tuple[JudgeDistance, ...]
    agreement: Agreement
    sheets: int


_cache_lock = threading.Lock()
_cached: dict[tuple[str, int], Robustness] = {}  # by database and number of the last row of the result chain


def is_open(store: Store, who: Principal, now: datetime) -> bool:
    """True where this reader may open the page now."""
    facts = context.contest_state(store)
    return may_see_robustness(who, facts.contest, now, facts)


def robustness(store: Store, who: Principal, now: datetime) -> Robustness:
    """The figures of the contest as it stands. Raises NotYet."""
    with store.read() as connection:
        facts = context.contest_state_in(connection)
        if not may_see_robustness(who, facts.contest, now, facts):
            raise NotYet
        state = gather(connection, facts, with_interactions=False)
    key = (str(store.url), state.proof.ledger_seq)
    with _cache_lock:
        if key not in _cached:
            _cached.clear()
            _cached[key] = of_state(state, facts.seed)
        return _cached[key]


def of_state(state: AwardState, seed: str) -> Robustness:
    """The figures of this state. `seed`: of the contest, from which each judge's viewing order comes."""
    panels = panels_of(state.works, state.sheets, state.recusals)
    numbers = {judge.username: judge.pseudonym or judge.username for judge in state.panel}
    judges = sorted(
        {judge for panel in panels.values() for judge in panel}, key=lambda each: (len(numbers[each]), numbers[each])
    )
    entries = [standing.entry for standing in state.standings if panels[standing.entry]]
    table = _table(state.contest, panels, entries, judges)
    fit = additive(table)
    official = alternatives.official(state.contest, panels, _decisions(state))
    return Robustness(
        contest=state.contest,
        works=state.standings,
        titles={EntryId(code): work.title for code, work in state.works.items()},
        official=official,
        alternatives=_alternatives(state, panels, judges, numbers, (fit, entries), official),
        boundaries=_boundaries(state, official),
        judges=_distances(table, entries, [numbers[each] for each in judges]),
        agreement=_agreement(table, fit, _positions(seed, panels, entries, judges)),
        sheets=int((~np.isnan(table)).sum()),
    )


def _decisions(state: AwardState) -> list[Decision]:
    return [as_rule(row) for row in state.decisions]


def _table(
    contest: Contest, panels: alternatives.Panels, entries: Sequence[EntryId], judges: Sequence[JudgeId]
) -> Table:
    """Totals in points, works in rows and judges in columns."""
    column, scale = {judge: at for at, judge in enumerate(judges)}, 100 * contest.weight_scale
    table = np.full((len(entries), len(judges)), np.nan)
    for row, entry in enumerate(entries):
        for judge, marks in panels[entry].items():
            table[row, column[judge]] = contest.weighted(marks) / scale
    return table


def _alternatives(
    state: AwardState, panels: alternatives.Panels, judges: Sequence[JudgeId], numbers: Mapping[JudgeId, str],
    fitted: tuple[Additive | None, Sequence[EntryId]], official: Prizes,
) -> tuple[Alternative, ...]:  # fmt: skip
    contest, decisions, (fit, entries) = state.contest, _decisions(state), fitted
    columns: list[tuple[Sentence, Prizes | None]] = [
        (Sentence("Không có {judge}", {"judge": numbers[judge]}),
         alternatives.without_judge(contest, panels, decisions, judge)) for judge in judges
    ]  # fmt: skip
    columns += [
        (METHODS[method].name, alternatives.by_method(contest, panels, decisions, method))
        for method in alternatives.METHODS
        if method is not contest.scoring.method
    ]
    adjusted = alternatives.severity_adjusted(contest, panels, decisions, fit, entries) if fit is not None else None
    columns.append((Sentence("Cân độ nghiêm"), adjusted))
    return tuple(Alternative(name, prizes, _changed(official, prizes)) for name, prizes in columns)


def _changed(official: Prizes, prizes: Prizes | None) -> int:
    if prizes is None:
        return 0
    return sum(official.get(entry) != prizes.get(entry) for entry in official.keys() | prizes.keys())


def _boundaries(state: AwardState, official: Prizes) -> tuple[Boundary, ...]:
    placed = [each for each in state.standings if each.score is not None]
    mean = state.contest.scoring.method is Method.MEAN
    return tuple(
        Boundary(above.entry, below.entry, margin, margin * below.sheets if mean else None)
        for above, below in pairwise(placed)
        if _prize(official, above) != _prize(official, below)
        for margin in [abs((above.score or 0) - (below.score or 0))]
    )


def _prize(prizes: Prizes, standing: Standing) -> Given | None:
    return prizes.get(standing.entry)


def _distances(table: Table, entries: Sequence[EntryId], numbers: Sequence[str]) -> tuple[JudgeDistance, ...]:
    several = (~np.isnan(table)).sum(axis=1) > 1
    apart = table - np.nanmean(table, axis=1, keepdims=True) if table.size else table
    found = []
    for at, number in enumerate(numbers):
        rows = np.flatnonzero(several & ~np.isnan(table[:, at])).tolist()
        if rows:
            values = apart[rows, at]
            works = tuple(entries[row] for row in rows)
            found.append(JudgeDistance(number, works, tuple(map(float, values)), float(values.mean())))
    return tuple(found)


def _positions(seed: str, panels: alternatives.Panels, entries: Sequence[EntryId], judges: Sequence[JudgeId]) -> Table:
    """Where each work stands in each judge's viewing order of the works they marked: 0 first, 1 last."""
    row_of, positions = {entry: row for row, entry in enumerate(entries)}, np.full((len(entries), len(judges)), np.nan)
    for at, judge in enumerate(judges):
        order = viewing_order(seed, judge, [entry for entry in entries if judge in panels[entry]])
        for place, entry in enumerate(order):
            positions[row_of[entry], at] = place / max(1, len(order) - 1)
    return positions


def _agreement(table: Table, fit: Additive | None, positions: Table) -> Agreement:
    several = int(((~np.isnan(table)).sum(axis=1) > 1).sum()) if table.size else 0
    whole = complete(table) if table.size else table
    enough = len(whole) >= LEAST_WORKS
    icc = intraclass(whole) if enough else None
    order = None
    if fit is not None and int((~np.isnan(table)).sum()) >= LEAST_SHEETS:
        order = slope(fit.residuals, positions)
    return Agreement(
        alpha=krippendorff_alpha(table) if several >= LEAST_WORKS else None,
        one_judge=icc[0] if icc else None,
        panel=icc[1] if icc else None,
        kendall=kendall_w(whole) if enough else None,
        complete=len(whole),
        order=order,
    )
