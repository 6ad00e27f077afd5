"""The ladder that breaks ties: named rungs in the order fixed before the first mark (docs/design.md, Ties).

| rung        | compares                                              | better |
|-------------|-------------------------------------------------------|--------|
| criterion:K | mean of criterion K over the sheets that count        | more   |
| chief       | the chief judge's own total                           | more   |

Every rung compares what is published, rounded like the score. A rung that one of the equals has no number on (the chief
has no sheet on that work) decides nothing among them: a mark not given is not zero. What a rung leaves equal climbs from
the first rung again. Interactions are no rung: they have a prize of their own (plan V.2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from core.rules.contest import Contest
from core.rules.ids import EntryId, JudgeId
from core.rules.scoring.methods import published, score_said
from core.rules.words import Points, Sentence


@dataclass(frozen=True, slots=True)
class Result:
    """What the sheets of one work say of it, before it is placed among the others."""

    entry: EntryId
    sheets: int
    score: int | None  # units of 10**-decimals, like the rungs
    rungs: tuple[int | None, ...] = ()  # its number on each rung of the ladder
    note: Sentence | None = None
    ranks: Mapping[JudgeId, int] = field(default_factory=dict)  # twice the ranks it was given; none by totals


@dataclass(frozen=True, slots=True)
class TiedGroup:
    """Works that stay equal, and the rung that set them below those before them in the same tie."""

    results: tuple[Result, ...]
    below_by: int | None = None


def rung_values(
    contest: Contest, criterion_sums: Sequence[int], sheets: int, chief_total: int | None
) -> tuple[int | None, ...]:
    """A work's number on each rung, from the sums of its criteria (hundredths) and the chief's total (`Contest.total`)."""
    values: list[int | None] = []
    for rung in contest.rungs:
        if rung is not None:
            values.append(published(contest, criterion_sums[rung], sheets))
        else:
            values.append(None if chief_total is None else published(contest, chief_total, contest.weight_scale))
    return tuple(values)


def rung_name(contest: Contest, rung: int | None) -> Sentence:
    """What a rung is called: that of a criterion's position, or the chief's."""
    if rung is None:
        return Sentence("điểm của Trưởng Ban Giám khảo")
    return Sentence("điểm trung bình tiêu chí “{criterion}”", {"criterion": contest.criteria[rung].name})


def break_ties(tied: Sequence[Result]) -> list[TiedGroup]:
    """Works of one score parted as far as the ladder parts them, the best first."""
    if len(tied) == 1:
        return [TiedGroup(tuple(tied))]
    for rung, values in enumerate(zip(*(result.rungs for result in tied), strict=True)):
        if None not in values and len(set(values)) > 1:
            return _parted(tied, rung)
    return [TiedGroup(tuple(sorted(tied, key=lambda result: result.entry)))]


def _parted(tied: Sequence[Result], rung: int) -> list[TiedGroup]:
    def value(result: Result) -> int:
        return result.rungs[rung] or 0

    parted: list[TiedGroup] = []
    for _, equals in groupby(sorted(tied, key=value, reverse=True), key=value):
        first, *others = break_ties(list(equals))
        parted += [TiedGroup(first.results, rung if parted else None), *others]
    return parted


def explain(contest: Contest, parted: Sequence[TiedGroup], at: int) -> Sentence | None:
    """Why the works at this point of a broken tie stand where they stand: the rung and both numbers."""
    if len(parted) == 1:
        return None
    neighbour = parted[at - 1] if at else parted[1]
    rung = (parted[at].below_by if at else neighbour.below_by) or 0
    mine, other = parted[at].results[0], neighbour.results[0]
    facts = {
        "level": score_said(contest, mine.score or 0),
        "others": ", ".join(result.entry for result in neighbour.results),
        "rung": rung_name(contest, contest.rungs[rung]),
        "mine": Points(mine.rungs[rung] or 0, contest.scoring.decimals),
        "theirs": Points(other.rungs[rung] or 0, contest.scoring.decimals),
    }
    if at:
        return Sentence("Cùng {level} với {others}; xếp sau vì {rung} là {mine} so với {theirs}.", facts)
    return Sentence("Cùng {level} với {others}; xếp trước nhờ {rung} là {mine} so với {theirs}.", facts)
