"""The ladder that breaks ties: rungs in an order that is fixed before the first mark (docs/design.md, Ties).

| rung        | compares                                              | better |
|-------------|-------------------------------------------------------|--------|
| criterion:K | mean of criterion K over the sheets that count        | more   |
| chief       | the chief judge's own total                           | more   |

Every rung compares published numbers, rounded like the score. Where one of the equal works has no number on a rung (the
chief has no sheet on it), that rung decides nothing among them: a missing mark is not zero. Works that a rung leaves equal
start again from the first rung. Interactions are not a rung: they have a prize of their own (plan V.2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from core.rules.contest import Contest
from core.rules.ids import EntryId, JudgeId
from core.rules.scoring.methods import round_published, score_sentence
from core.rules.words import Points, Sentence


@dataclass(frozen=True, slots=True)
class Result:
    """The score and the tie-break numbers of one work, before it is placed among the others."""

    entry: EntryId
    sheets: int
    score: int | None  # units of 10**-decimals, like the rungs
    rungs: tuple[int | None, ...] = ()  # its number on each rung of the ladder
    note: Sentence | None = None
    ranks: Mapping[JudgeId, int] = field(default_factory=dict)  # twice its ranks; empty for methods by totals


@dataclass(frozen=True, slots=True)
class TiedGroup:
    """Works that stay equal after the ladder.

    `below_by` is the index of the rung that separated them from the group before them in the same tie; None for the
    first group.
    """

    results: tuple[Result, ...]
    below_by: int | None = None


def rung_values(
    contest: Contest, criterion_sums: Sequence[int], sheets: int, chief_total: int | None
) -> tuple[int | None, ...]:
    """A work's number on each rung, rounded as published; None where the chief has no sheet on it.

    `criterion_sums` are in hundredths, over `sheets` sheets; `chief_total` is in the unit of `Contest.total`.
    """
    values: list[int | None] = []
    for rung in contest.rungs:
        if rung is not None:
            values.append(round_published(contest, criterion_sums[rung], sheets))
        else:
            values.append(None if chief_total is None else round_published(contest, chief_total, contest.weight_scale))
    return tuple(values)


def rung_name(contest: Contest, rung: int | None) -> Sentence:
    """The name of a rung in a sentence: of a criterion's rung by its position, or of the chief's (None)."""
    if rung is None:
        return Sentence("điểm của Trưởng Ban Giám khảo")
    return Sentence("điểm trung bình tiêu chí “{criterion}”", {"criterion": contest.criteria[rung].name})


def break_ties(tied: Sequence[Result]) -> list[TiedGroup]:
    """Works of one score, separated as far as the ladder separates them, best first. Equal works are sorted by code."""
    if len(tied) == 1:
        return [TiedGroup(tuple(tied))]
    for rung, values in enumerate(zip(*(result.rungs for result in tied), strict=True)):
        if None not in values and len(set(values)) > 1:
            return _separate(tied, rung)
    return [TiedGroup(tuple(sorted(tied, key=lambda result: result.entry)))]


def _separate(tied: Sequence[Result], rung: int) -> list[TiedGroup]:
    def value(result: Result) -> int:
        return result.rungs[rung] or 0

    groups: list[TiedGroup] = []
    for _, equals in groupby(sorted(tied, key=value, reverse=True), key=value):
        first, *others = break_ties(list(equals))
        groups += [TiedGroup(first.results, rung if groups else None), *others]
    return groups


def explain(contest: Contest, groups: Sequence[TiedGroup], at: int) -> Sentence | None:
    """Why the group at index `at` of a tie is placed where it is: the rung and both numbers; None for an unbroken tie.

    The first group is compared with the second, any other with the group before it.
    """
    if len(groups) == 1:
        return None
    neighbour = groups[at - 1] if at else groups[1]
    rung = (groups[at].below_by if at else neighbour.below_by) or 0
    mine, other = groups[at].results[0], neighbour.results[0]
    facts = {
        "level": score_sentence(contest, mine.score or 0),
        "others": ", ".join(result.entry for result in neighbour.results),
        "rung": rung_name(contest, contest.rungs[rung]),
        "mine": Points(mine.rungs[rung] or 0, contest.scoring.decimals),
        "theirs": Points(other.rungs[rung] or 0, contest.scoring.decimals),
    }
    if at:
        return Sentence("Cùng {level} với {others}; xếp sau vì {rung} là {mine} so với {theirs}.", facts)
    return Sentence("Cùng {level} với {others}; xếp trước nhờ {rung} là {mine} so với {theirs}.", facts)
