"""The ladder that breaks ties: named rungs in the order fixed before the first mark (DESIGN §3.4).

| rung        | compares                                              | better |
|-------------|-------------------------------------------------------|--------|
| criterion:K | mean of criterion K over the sheets that count        | more   |
| chief       | the chief judge's own total                           | more   |

Every rung compares what is published, rounded like the score. A rung that one of the equals has no number on (the chief
has no sheet on that work) decides nothing among them: a mark not given is not zero. What a rung leaves equal climbs from the
first rung again. Interactions are no rung: they have a prize of their own (plan V.2).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from core.rules.contest import Contest
from core.rules.ids import EntryId
from core.rules.methods import published, score_said
from core.rules.words import Points, Sentence


@dataclass(frozen=True, slots=True)
class Result:
    """What the sheets of one work say of it, before it is placed among the others."""

    entry: EntryId
    sheets: int
    score: int | None  # units of 10**-decimals
    criterion_sums: tuple[int, ...] = ()  # hundredths over all sheets that count, in the rubric's order
    chief_total: int | None = None  # as Contest.total gives it; None where the chief has no sheet that counts
    note: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: what it is called and the number it compares; more is better."""

    code: str
    name: Sentence
    value: Callable[[Result], int | None]


@dataclass(frozen=True, slots=True)
class Equals:
    """Works that stay equal, and the rung that set them below those before them in the same tie."""

    results: tuple[Result, ...]
    below_by: Rung | None = None


def ladder(contest: Contest) -> tuple[Rung, ...]:
    """The contest's rungs, in their order."""
    return tuple(_rung(contest, code) for code in contest.ties.ladder)


def _rung(contest: Contest, code: str) -> Rung:
    if code == "chief":
        scale = contest.weight_scale

        def chief(result: Result) -> int | None:
            return None if result.chief_total is None else published(contest, result.chief_total, scale)

        return Rung(code, Sentence("điểm của Trưởng Ban Giám khảo"), chief)
    at, criterion = next((i, c) for i, c in enumerate(contest.criteria) if code == f"criterion:{c.key}")

    def mean_of_criterion(result: Result) -> int:
        return published(contest, result.criterion_sums[at], result.sheets)

    return Rung(
        code, Sentence("điểm trung bình tiêu chí “{criterion}”", {"criterion": criterion.name}), mean_of_criterion
    )


def climb(tied: Sequence[Result], rungs: Sequence[Rung]) -> list[Equals]:
    """Works of one score parted as far as the ladder parts them, the best first."""
    if len(tied) > 1:
        for rung in rungs:
            values = {result.entry: rung.value(result) for result in tied}
            known = {entry: value for entry, value in values.items() if value is not None}
            if len(known) == len(tied) and len(set(known.values())) > 1:
                return _parted(tied, known, rung, rungs)
    return [Equals(tuple(sorted(tied, key=lambda result: result.entry)))]


def _parted(tied: Sequence[Result], values: dict[EntryId, int], rung: Rung, rungs: Sequence[Rung]) -> list[Equals]:
    def value(result: Result) -> int:
        return values[result.entry]

    parted: list[Equals] = []
    for _, equals in groupby(sorted(tied, key=value, reverse=True), key=value):
        first, *others = climb(list(equals), rungs)
        parted += [Equals(first.results, rung if parted else None), *others]
    return parted


def explain(contest: Contest, parted: Sequence[Equals], at: int) -> Sentence | None:
    """Why the works at this point of a broken tie stand where they stand: the rung and both numbers."""
    if len(parted) == 1:
        return None
    neighbour = parted[at - 1] if at else parted[1]
    rung = parted[at].below_by if at else neighbour.below_by
    mine, other = parted[at].results[0], neighbour.results[0]
    if rung is None or mine.score is None:  # the first of a tie is set below nobody, and a tie is between scores
        raise AssertionError("a broken tie without a rung")
    facts = {
        "level": score_said(contest, mine.score),
        "others": ", ".join(result.entry for result in neighbour.results),
        "rung": rung.name,
        "mine": Points(rung.value(mine) or 0, contest.scoring.decimals),
        "theirs": Points(rung.value(other) or 0, contest.scoring.decimals),
    }
    if at:
        return Sentence("Cùng {level} với {others}; xếp sau vì {rung} là {mine} so với {theirs}.", facts)
    return Sentence("Cùng {level} với {others}; xếp trước nhờ {rung} là {mine} so với {theirs}.", facts)
