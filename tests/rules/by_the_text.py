"""The regulation once more, from the words of DESIGN §4 alone: plain loops and fractions, slow, and nothing of `core.rules` but its values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import floor
from statistics import median

from core.rules.contest import Contest, Method, PrizeBy, Then
from core.rules.ids import EntryId, JudgeId
from core.rules.marks import Sheet

Row = tuple[int | None, EntryId, Fraction | None, int, bool]  # place, work, score, sheets, was a tie broken
Panel = Mapping[JudgeId, Sheet]


def rounded(contest: Contest, exact: Fraction) -> Fraction:
    """Points with the contest's decimals, half up."""
    unit = 10**contest.scoring.decimals
    return Fraction(floor(exact * unit + Fraction(1, 2)), unit)


def total(contest: Contest, sheet: Sheet) -> Fraction:
    """One sheet's weighted points."""
    return sum((c.weight * Fraction(sheet.marks[c.key], 100) for c in contest.criteria), Fraction())


def standings(contest: Contest, entries: Iterable[EntryId], sheets: Sequence[Sheet]) -> list[Row]:
    """Best first, then the works without a score; equals by their codes."""
    panels = {e: {s.judge: s for s in sheets if s.entry == e} for e in sorted(entries)}
    scores = {e: score(contest, e, panels) for e in panels}
    rows: list[Row] = []
    for best in sorted({s for s in scores.values() if s is not None}, reverse=fewer_is_worse(contest)):
        equals = [e for e in panels if scores[e] == best]
        for parted in climb(contest, equals, panels):
            place = 1 + len(rows)
            rows += [(place, e, best, len(panels[e]), len(parted) < len(equals)) for e in parted]
    return rows + [(None, e, None, len(panels[e]), False) for e in panels if scores[e] is None]


def fewer_is_worse(contest: Contest) -> bool:
    """Of points more are better, of ranks fewer."""
    return contest.scoring.method is not Method.RANK_SUM


def score(contest: Contest, entry: EntryId, panels: Mapping[EntryId, Panel]) -> Fraction | None:
    """A work's published score, or None where its sheets are too few."""
    trim, method = contest.scoring.trim, contest.scoring.method
    totals = sorted(total(contest, sheet) for sheet in panels[entry].values())
    if len(totals) < contest.scoring.min_sheets:
        return None
    if method is Method.MEAN:
        return rounded(contest, sum(totals) / Fraction(len(totals)))
    if method is Method.MEDIAN:
        return rounded(contest, Fraction(median(totals)))
    if method is Method.TRIMMED_MEAN:
        kept = totals[trim:-trim] if len(totals) >= 2 * trim + 1 else []
        return rounded(contest, sum(kept) / Fraction(len(kept))) if kept else None
    ranks = Fraction()
    for judge, mine in panels[entry].items():
        others = [total(contest, panel[judge]) for panel in panels.values() if judge in panel]
        ahead = sum(other > total(contest, mine) for other in others)
        equal = sum(other == total(contest, mine) for other in others)
        ranks += Fraction(sum(range(ahead + 1, ahead + equal + 1)), equal)  # the mean of the ranks they hold
    return rounded(contest, ranks)


def climb(contest: Contest, equals: list[EntryId], panels: Mapping[EntryId, Panel]) -> Iterator[list[EntryId]]:
    """Equals parted by the first rung that can part them; those still equal begin again at the first."""
    for rung in contest.ties.ladder:
        values = {e: on_rung(contest, rung, panels[e]) for e in equals}
        known = {value for value in values.values() if value is not None}
        if None not in values.values() and len(known) > 1:
            for value in sorted(known, reverse=True):
                yield from climb(contest, [e for e in equals if values[e] == value], panels)
            return
    yield equals


def on_rung(contest: Contest, rung: str, panel: Panel) -> Fraction | None:
    """A work's number on a rung: a criterion's mean, or the chief's total where there is one."""
    if rung == "chief":
        chief = contest.ties.chief
        return rounded(contest, total(contest, panel[chief])) if chief is not None and chief in panel else None
    (key,) = (c.key for c in contest.criteria if rung == f"criterion:{c.key}")
    marks = [Fraction(sheet.marks[key], 100) for sheet in panel.values()]
    return rounded(contest, sum(marks) / Fraction(len(marks)))


Given = list[tuple[str, EntryId, int]]
Open = list[tuple[str, int, tuple[EntryId, ...]]]


def prizes(contest: Contest, by: PrizeBy, places: Sequence[Sequence[EntryId]]) -> tuple[Given, Open]:
    """What each takes, and what stays open: (prize, work, đồng) and (prize, how many, between whom)."""
    seats = [p for p in contest.prizes if p.by is by for _ in range(p.quantity)]
    given: Given = []
    left: Open = []
    for equals in places:
        theirs, seats = seats[: len(equals)], seats[len(equals) :]
        keys = list(dict.fromkeys(p.key for p in theirs))
        if len(keys) == 1 and len(theirs) == len(equals):
            given += [(keys[0], e, theirs[0].amount) for e in equals]
        elif theirs and contest.ties.then is Then.SHARE:
            given += [(keys[0], e, sum(p.amount for p in theirs) // len(equals)) for e in equals]
        else:
            left += [(key, sum(p.key == key for p in theirs), tuple(equals)) for key in keys]
    return given, left
