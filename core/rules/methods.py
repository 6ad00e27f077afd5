"""The methods by which judges' totals become a score, exact until the one rounding (DESIGN §3.3, §4).

| method       | score                                                            | better |
|--------------|------------------------------------------------------------------|--------|
| mean         | mean of the totals                                               | more   |
| median       | the middle total, or the mean of the two in the middle           | more   |
| trimmed_mean | mean of the totals without the `trim` highest and lowest         | more   |
| rank_sum     | sum over judges of the work's rank, equals sharing the mean rank | fewer  |
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import TypeVar

from core.rules.contest import Contest, Method
from core.rules.words import Points, Sentence

Work = TypeVar("Work")
Ratio = tuple[int, int]  # numerator, denominator; not reduced


def half_up(numerator: int, denominator: int) -> int:
    """A non-negative ratio rounded to the nearest whole, halves up."""
    return (2 * numerator + denominator) // (2 * denominator)


def mean(totals: Sequence[int]) -> Ratio:
    """Mean of the totals."""
    return sum(totals), len(totals)


def median(totals: Sequence[int]) -> Ratio:
    """The middle of ascending totals."""
    middle, odd = divmod(len(totals), 2)
    return (totals[middle], 1) if odd else (totals[middle - 1] + totals[middle], 2)


def trimmed_mean(totals: Sequence[int], trim: int) -> Ratio:
    """Mean of ascending totals without `trim` at each end; there must be at least 2·trim+1."""
    kept = totals[trim : len(totals) - trim]
    return sum(kept), len(kept)


def doubled_ranks(totals: Mapping[Work, int]) -> dict[Work, int]:
    """Twice each work's rank among one judge's works, the best first; equals share the mean rank."""
    ranks: dict[Work, int] = {}
    for _, equals in groupby(sorted(totals, key=lambda work: -totals[work]), key=lambda work: totals[work]):
        group = list(equals)
        shared = 2 * len(ranks) + 1 + len(group)  # twice the mean of the places ahead+1 … ahead+n
        ranks.update(dict.fromkeys(group, shared))
    return ranks


def sheets_needed(contest: Contest, method: Method | None = None) -> int:
    """The least number of sheets that gives a work a score, by the contest's own method or another."""
    scoring = contest.scoring
    if (method or scoring.method) is Method.TRIMMED_MEAN:
        return max(scoring.min_sheets, 2 * scoring.trim + 1)
    return scoring.min_sheets


def shortage(contest: Contest, sheets: int) -> Sentence:
    """Why so few sheets give no score."""
    scoring, needed = contest.scoring, sheets_needed(contest)
    if scoring.method is Method.TRIMMED_MEAN and sheets >= scoring.min_sheets:
        return Sentence(
            "Chưa có điểm: có {sheets} phiếu; bỏ {trim} phiếu cao nhất và {trim} phiếu thấp nhất thì cần ít nhất {needed} phiếu.",
            {"sheets": sheets, "trim": scoring.trim, "needed": needed},
        )
    return Sentence(
        "Chưa có điểm: có {sheets} phiếu, cần ít nhất {needed} phiếu.", {"sheets": sheets, "needed": needed}
    )


_RATIOS: Mapping[Method, Callable[[Sequence[int], int], Ratio]] = {
    Method.MEAN: lambda totals, _: mean(totals),
    Method.MEDIAN: lambda totals, _: median(totals),
    Method.TRIMMED_MEAN: trimmed_mean,
}


def published(contest: Contest, numerator: int, denominator: int) -> int:
    """A ratio of hundredths as it is published, in units of 10**-decimals of a point, halves up."""
    return half_up(numerator * 10**contest.scoring.decimals, denominator * 100)


def score_of(contest: Contest, totals: Sequence[int], method: Method | None = None) -> int | None:
    """The published score of one work from its ascending totals, or None where they are too few.

    Another method than the contest's own gives a shadow: shown beside, never mixed in. `rank_sum` needs the
    other works and is not found here.
    """
    method = method or contest.scoring.method
    if len(totals) < sheets_needed(contest, method):
        return None
    numerator, denominator = _RATIOS[method](totals, contest.scoring.trim)
    return published(contest, numerator, denominator * contest.weight_scale)


def rank_sums(contest: Contest, by_judge: Iterable[Mapping[Work, int]]) -> dict[Work, int]:
    """The published sum of ranks of each work, from each judge's totals; fewer is better."""
    doubled: dict[Work, int] = {}
    for totals in by_judge:
        for work, rank in doubled_ranks(totals).items():
            doubled[work] = doubled.get(work, 0) + rank
    return {work: half_up(ranks * 10**contest.scoring.decimals, 2) for work, ranks in doubled.items()}


def more_is_better(contest: Contest) -> bool:
    """False for the sum of ranks alone."""
    return contest.scoring.method is not Method.RANK_SUM


def score_said(contest: Contest, score: int) -> Sentence:
    """A score with its unit: "88,50 điểm" or "tổng thứ hạng 7,50"."""
    facts = {"score": Points(score, contest.scoring.decimals)}
    return Sentence("{score} điểm", facts) if more_is_better(contest) else Sentence("tổng thứ hạng {score}", facts)
