"""Computes standings and prizes from what a rule card's sentences state (`by_the_card`), with simple, slow loops and
fractions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import floor

from tests.rules.by_the_card import Card, Unstated

Span = tuple[int, int]
Row = tuple[int | None, str, Fraction | None, Span | None]  # place, work, score, places of works of open order
Marks = Sequence[Fraction]  # in the rubric's order
Order = tuple[frozenset[str], ...]  # one judge's works, best first; tied works in one set


@dataclass(frozen=True)
class Sheets:
    """The submitted sheets of a contest by (judge, work), the recusals, and the chief judge."""

    works: tuple[str, ...]
    marks: Mapping[tuple[str, str], Marks]
    recused: frozenset[tuple[str, str]] = frozenset()
    chief: str | None = None

    def of(self, card: Card, work: str) -> dict[str, Marks]:
        """The sheets of a work that count, by judge."""
        assert card["recusals"] == "do not count"
        return {judge: m for (judge, w), m in self.marks.items() if w == work and (judge, w) not in self.recused}


def rounded(exact: Fraction, decimals: int) -> Fraction:
    unit = 10**decimals
    return Fraction(floor(exact * unit + Fraction(1, 2)), unit)


def total(card: Card, marks: Marks) -> Fraction:
    """The total of one sheet."""
    if len(card.criteria) != card["criteria"]:
        raise Unstated("a criterion")
    weights = [c[3] if card["total"] == "weighted" else Fraction(1) for c in card.criteria]
    return sum((mark * weight for mark, weight in zip(marks, weights, strict=True)), Fraction())


def standings(card: Card, sheets: Sheets) -> list[Row]:
    """The rows best first. Works of open order have no place; works without a score come last."""
    panels = {work: sheets.of(card, work) for work in sorted(sheets.works)}
    enough = [work for work in panels if len(panels[work]) >= card.number("least")]
    totals = {work: {judge: total(card, marks) for judge, marks in panels[work].items()} for work in enough}
    rows: list[Row] = []
    scores, levels = _levels(card, totals)
    for works, parted in levels:
        assert card["place"] == "one more than those ahead"
        if not parted:
            assert card["unparted"] == "no place"
            span = 1 + len(rows), len(rows) + len(works)
            rows += [(None, work, scores[work], span) for work in works]
            continue
        for equals in _steps(card, works, panels, sheets.chief):
            place = 1 + len(rows)
            rows += [(place, work, scores[work], None) for work in equals]
    return rows + [(None, work, None, None) for work in panels if work not in enough]


Scores = dict[str, Fraction]
Levels = list[tuple[list[str], bool]]  # works that the scores do not separate; True: they are equal


def _levels(card: Card, totals: Mapping[str, Mapping[str, Fraction]]) -> tuple[Scores, Levels]:
    given = {work: list(by_judge.values()) for work, by_judge in totals.items()}
    judges = sorted({judge for by_judge in totals.values() for judge in by_judge})
    orders = {judge: _order({w: totals[w][judge] for w in totals if judge in totals[w]}) for judge in judges}
    if card.has("ranks"):
        given = {w: [_ranks(order)[w] for order in orders.values() if w in _ranks(order)] for w in totals}
    score, decimals = card["score"], card.number("decimals")
    assert callable(score)
    scores: Scores = {work: rounded(Fraction(score(numbers)), decimals) for work, numbers in given.items()}
    if card.has("ranks") and card["uneven"] == "completions" and any(len(given[w]) < len(judges) for w in given):
        return scores, _over_completions(card, orders, sorted(totals))
    best_first = sorted(set(scores.values()), reverse=card["better"] == "more")
    return scores, [([w for w in totals if scores[w] == best], True) for best in best_first]


def _order(totals: Mapping[str, Fraction]) -> Order:
    return tuple(
        frozenset(w for w in totals if totals[w] == each) for each in sorted(set(totals.values()), reverse=True)
    )


@cache
def _ranks(order: Order) -> dict[str, Fraction]:
    ranks: dict[str, Fraction] = {}
    for equals in order:
        occupied = range(len(ranks) + 1, len(ranks) + len(equals) + 1)
        ranks |= dict.fromkeys(equals, Fraction(sum(occupied), len(equals)))
    return ranks


def completions(order: Order, missing: tuple[str, ...]) -> Iterator[Order]:
    """Every way to add the missing works to one judge's order, ties included."""
    if not missing:
        yield order
        return
    first, *others = missing
    for at in range(len(order) + 1):
        yield from completions((*order[:at], frozenset({first}), *order[at:]), tuple(others))
    for at, equals in enumerate(order):
        yield from completions((*order[:at], equals | {first}, *order[at + 1 :]), tuple(others))


@cache
def _most_behind(order: Order, works: tuple[str, ...]) -> dict[tuple[str, str], Fraction]:
    """For each pair of works: the largest rank difference (first minus second) in any completion of one judge's
    order.
    """
    missing = tuple(w for w in works if not any(w in equals for equals in order))
    most: dict[tuple[str, str], Fraction] = {}
    for complete in completions(order, missing):
        ranks = _ranks(complete)
        for a in works:
            for b in works:
                most[a, b] = max(most.get((a, b), Fraction(-len(works))), ranks[a] - ranks[b])
    return most


def _over_completions(card: Card, orders: Mapping[str, Order], works: list[str]) -> Levels:
    """The groups of works, best first. Works connected by pairs that the completions do not separate stay in one
    group.
    """
    gap = card["gap"]
    assert isinstance(gap, Fraction)
    by_judge = [_most_behind(order, tuple(works)) for order in orders.values()]
    behind = {(a, b): sum((most[a, b] for most in by_judge), Fraction()) for a in works for b in works}

    def equal(a: str, b: str) -> bool:
        return behind[a, b] == behind[b, a] == 0

    def ahead(a: str, b: str) -> bool:
        return behind[a, b] <= -gap

    together = [{work} for work in works]
    for a, b in combinations(works, 2):
        if not ahead(a, b) and not ahead(b, a):
            joined = {work for part in together if a in part or b in part for work in part}
            together = [part for part in together if not part & joined] + [joined]
    levels: Levels = []
    while together:
        (first,) = (p for p in together if all(ahead(a, b) for a in p for o in together if o is not p for b in o))
        together.remove(first)
        levels.append((sorted(first), all(equal(a, b) for a, b in combinations(first, 2))))
    return levels


def _steps(
    card: Card, equals: list[str], panels: Mapping[str, Mapping[str, Marks]], chief: str | None
) -> Iterator[list[str]]:
    for step, if_chief_marked_all in card.steps:
        if if_chief_marked_all and any(chief not in panels[work] for work in equals):
            continue
        numbers = {work: _on_step(card, step, panels[work], chief) for work in equals}
        if len(known := set(numbers.values())) > 1:
            assert card["again"] is True
            for best in sorted(known, reverse=True):
                yield from _steps(card, [work for work in equals if numbers[work] == best], panels, chief)
            return
    assert card["last"] == "equal place"
    yield equals


def _on_step(card: Card, step: str, panel: Mapping[str, Marks], chief: str | None) -> Fraction:
    if card.has("trimmed"):
        assert card["steps_over"] == "all sheets"
    decimals = card.number("step_decimals")
    if step == "điểm của Trưởng Ban Giám khảo":
        assert card["of_chief"] == "total"
        return rounded(total(card, panel[chief or ""]), decimals)
    (at,) = (at for at, c in enumerate(card.criteria) if step == f"điểm trung bình tiêu chí “{c[0]}”")
    if card.criteria[at][3] != 1:
        assert card["step_marks"] == "plain"
    mean = card["of_criterion"]
    assert callable(mean)
    return rounded(mean([marks[at] for marks in panel.values()]), decimals)


Reading = tuple[str, datetime, tuple[int, int, int, int]]


def counts(card: Card, readings: Sequence[Reading], works: Sequence[str]) -> dict[str, int]:
    """The interaction count of each work; a later reading replaces an earlier one."""
    close, worth = card["close"], card["worth"]
    assert isinstance(worth, tuple)
    last: dict[str, Reading] = {}
    for reading in readings:
        work, at, _ = reading
        if isinstance(close, datetime) and at >= close + timedelta(seconds=1):
            continue
        if work in works and (work not in last or at >= last[work][1]):
            last[work] = reading
    return {work: sum(a * b for a, b in zip(worth, numbers, strict=True)) for work, (_, _, numbers) in last.items()}


@dataclass
class Given:
    """The result for every prize, by the names of prizes."""

    awards: list[tuple[str, str, int]] = field(default_factory=list)
    undecided: list[tuple[str, int, tuple[str, ...]]] = field(default_factory=list)
    empty: list[tuple[str, int]] = field(default_factory=list)


Group = tuple[list[str], bool]  # works of one place; False: works of open order


def prizes(
    card: Card,
    rows: Sequence[Row],
    counted: Mapping[str, int],
    withheld: Mapping[str, int],
    chosen: Sequence[tuple[str, tuple[str, ...]]],
) -> Given:
    """Allocate every prize, with this many slots of each withheld and the committee's choices among tied works."""
    given, choices = Given(), list(chosen)
    for by in ("score", "interactions"):
        offered = [p for p in card.prizes if p.by == by]
        if not offered:
            continue
        assert card[f"{by}_prizes"] == "in order, one a work"
        slots = [p.name for p in offered for _ in range(p.quantity - withheld.get(p.name, 0))]
        if withheld:
            assert card["withheld"] == "the slot goes"
        for works, equal in _by_place(rows) if by == "score" else _by_count(card, counted):
            slots = _give_slots(card, list(works), slots, choices, given, equal=equal)
        if slots:
            assert card["left"] == "empty"
            given.empty += [(name, slots.count(name)) for name in dict.fromkeys(slots)]
    return given


def _by_place(rows: Sequence[Row]) -> list[Group]:
    placed = [(place, span, work) for place, work, score, span in rows if score is not None]
    where = dict.fromkeys((place, span) for place, span, _ in placed)
    return [([w for p, s, w in placed if (p, s) == (place, span)], span is None) for place, span in where]


def _by_count(card: Card, counted: Mapping[str, int]) -> list[Group]:
    if not counted:
        return []
    assert (card["nought"], card["equal_counts"]) == ("nothing", "equal place")
    if card.steps and card["steps_for_counts"] is not False:
        raise Unstated("steps_for_counts")
    liked = {work: count for work, count in counted.items() if count}
    return [(sorted(w for w in liked if liked[w] == most), True) for most in sorted(set(liked.values()), reverse=True)]


def _give_slots(
    card: Card,
    works: list[str],
    slots: list[str],
    choices: list[tuple[str, tuple[str, ...]]],
    given: Given,
    *,
    equal: bool,
) -> list[str]:
    """Give slots to these works. Returns the slots that are left."""
    amounts = {p.name: p.amount for p in card.prizes}
    fit, boundary = ("fit", "boundary") if equal else ("unparted_fit", "unparted_boundary")
    while works and slots:
        prize, free = slots[0], slots.count(slots[0])
        if len(works) <= free:
            assert card[fit] == "all take it"
            given.awards += [(prize, work, amounts[prize]) for work in works]
            return slots[len(works) :]
        if card[boundary] == "share":
            assert card["shared_name"] == "first"
            pool = slots[: len(works)]
            each = sum(amounts[name] for name in pool) // len(works)
            given.awards += [(pool[0], work, each) for work in works]
            return slots[len(works) :]
        assert card[boundary] == "committee"
        choice = next((c for c in choices if c[0] == prize and len(c[1]) == free and set(c[1]) <= set(works)), None)
        if choice is None:
            open_ = slots[: len(works)]
            given.undecided += [(name, open_.count(name), tuple(works)) for name in dict.fromkeys(open_)]
            return slots[len(works) :]
        choices.remove(choice)
        given.awards += [(prize, work, amounts[prize]) for work in works if work in choice[1]]
        works = [work for work in works if work not in choice[1]]
        slots = slots[free:]
    return slots
