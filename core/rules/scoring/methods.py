"""The register of scoring methods: from the sheets' totals to a score, exact until one final rounding (docs/design.md, Scores).

| method       | score                                                            | better |
|--------------|------------------------------------------------------------------|--------|
| mean         | mean of the totals                                               | more   |
| median       | the middle total, or the mean of the two in the middle           | more   |
| trimmed_mean | mean of the totals without the `trim` highest and lowest         | more   |
| rank_sum     | sum of the ranks that the judges gave the work                   | fewer  |
| rank_mean    | mean of the ranks that the judges gave the work                  | fewer  |

A rank is a work's rank by one judge's totals, among the works that this judge marked and that have enough sheets for a
score. Equal totals share the mean of the ranks they occupy. A work without enough sheets has no rank and moves no other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeVar

from core.rules.contest import Contest, Method, Scoring
from core.rules.words import Points, Sentence

Work = TypeVar("Work")
Ratio = tuple[int, int]  # numerator, denominator; not reduced


@dataclass(frozen=True, slots=True)
class ScoringMethod:
    """One scoring method: its computation, whether more or fewer is better, and its wording.

    `ratio` takes the numbers of one work's sheets in ascending order, and `trim`. The numbers are the sheets' totals
    (`Contest.total`), or, where `by_ranks`, twice the ranks that the judges gave the work.
    """

    key: Method
    ratio: Callable[[Sequence[int], int], Ratio]
    name: Sentence  # heading of the score's column
    noun: Sentence  # the word for the score inside a sentence: "… của tác phẩm" may follow
    value: Sentence  # a score with its unit; has the field {score}
    rules: Callable[[Scoring], tuple[Sentence, ...]]  # the rule card's sentences about the method
    by_ranks: bool = False
    needs_every_rank: bool = (
        False  # a missing sheet alone changes the score, so places need `core.rules.scoring.missing_ranks`
    )

    @property
    def more_is_better(self) -> bool:
        """False for methods by ranks, where 1 is the best rank."""
        return not self.by_ranks


def half_up(numerator: int, denominator: int) -> int:
    """A non-negative ratio rounded to the nearest integer, halves up."""
    return (2 * numerator + denominator) // (2 * denominator)


def mean(totals: Sequence[int]) -> Ratio:
    """The mean of the totals."""
    return sum(totals), len(totals)


def median(totals: Sequence[int]) -> Ratio:
    """The median of ascending totals."""
    middle, odd = divmod(len(totals), 2)
    return (totals[middle], 1) if odd else (totals[middle - 1] + totals[middle], 2)


def trimmed_mean(totals: Sequence[int], trim: int) -> Ratio:
    """The mean of ascending totals without `trim` of them at each end. There must be at least 2·trim+1 totals."""
    middle = totals[trim : len(totals) - trim]
    return sum(middle), len(middle)


def _trimmed_rules(scoring: Scoring) -> tuple[Sentence, ...]:
    if scoring.trim == 1:
        return (
            Sentence(
                "Điểm của tác phẩm là trung bình cộng tổng điểm của các phiếu được tính, sau khi bỏ một phiếu có tổng điểm cao nhất và một phiếu có tổng điểm thấp nhất."
            ),
        )
    return (
        Sentence(
            "Điểm của tác phẩm là trung bình cộng tổng điểm của các phiếu được tính, sau khi bỏ {trim} phiếu có tổng điểm cao nhất và {trim} phiếu có tổng điểm thấp nhất.",
            {"trim": scoring.trim},
        ),
    )


_RANKS = Sentence(
    "Với mỗi giám khảo, những tác phẩm đủ phiếu mà giám khảo đó đã chấm được xếp thứ hạng theo tổng điểm chính xác trên phiếu của giám khảo đó, cao nhất là thứ hạng 1; các tác phẩm bằng tổng điểm cùng nhận trung bình cộng của những thứ hạng mà chúng chiếm."
)


def _rank_sum_rules(scoring: Scoring) -> tuple[Sentence, ...]:
    ahead = Sentence("nhỏ hơn") if scoring.decimals else Sentence("nhỏ hơn ít nhất 1")
    return (
        _RANKS,
        Sentence(
            "Tổng thứ hạng của tác phẩm là tổng các thứ hạng mà các giám khảo cho tác phẩm đó; tác phẩm có tổng thứ hạng nhỏ hơn được xếp trên."
        ),
        Sentence(
            "Nếu có giám khảo chỉ chấm một phần những tác phẩm đủ phiếu thì không so sánh các tổng thứ hạng đã cộng, mà xét mọi cách xếp thêm các tác phẩm chưa chấm vào thứ tự của giám khảo đó, kể cả xếp bằng nhau. Một tác phẩm chỉ được xếp trên một tác phẩm khác khi tổng thứ hạng của nó {ahead} trong mọi cách xếp; hai tác phẩm có tổng thứ hạng bằng nhau trong mọi cách xếp là hai tác phẩm bằng nhau.",
            {"ahead": ahead},
        ),
        Sentence(
            "Những tác phẩm không phân định được với nhau như vậy, trực tiếp hoặc qua tác phẩm khác, thì không có hạng; những tác phẩm xếp trên và xếp dưới chúng vẫn giữ hạng của mình."
        ),
    )


_REGISTER = (
    ScoringMethod(
        Method.MEAN,
        ratio=lambda totals, _: mean(totals),
        name=Sentence("Điểm trung bình"),
        noun=Sentence("điểm số"),
        value=Sentence("{score} điểm"),
        rules=lambda _: (Sentence("Điểm của tác phẩm là trung bình cộng tổng điểm của các phiếu được tính."),),
    ),
    ScoringMethod(
        Method.MEDIAN,
        ratio=lambda totals, _: median(totals),
        name=Sentence("Điểm trung vị"),
        noun=Sentence("điểm số"),
        value=Sentence("{score} điểm"),
        rules=lambda _: (
            Sentence(
                "Điểm của tác phẩm là trung vị: xếp tổng điểm của các phiếu được tính từ thấp đến cao rồi lấy số đứng giữa; nếu số phiếu chẵn thì lấy trung bình cộng của hai số đứng giữa."
            ),
        ),
    ),
    ScoringMethod(
        Method.TRIMMED_MEAN,
        ratio=trimmed_mean,
        name=Sentence("Điểm trung bình (bỏ cao nhất, thấp nhất)"),
        noun=Sentence("điểm số"),
        value=Sentence("{score} điểm"),
        rules=_trimmed_rules,
    ),
    ScoringMethod(
        Method.RANK_SUM,
        ratio=lambda doubled, _: (sum(doubled), 2),
        name=Sentence("Tổng thứ hạng"),
        noun=Sentence("tổng thứ hạng"),
        value=Sentence("tổng thứ hạng {score}"),
        rules=_rank_sum_rules,
        by_ranks=True,
        needs_every_rank=True,
    ),
    ScoringMethod(
        Method.RANK_MEAN,
        ratio=lambda doubled, _: (sum(doubled), 2 * len(doubled)),
        name=Sentence("Thứ hạng trung bình"),
        noun=Sentence("thứ hạng trung bình"),
        value=Sentence("thứ hạng trung bình {score}"),
        rules=lambda _: (
            _RANKS,
            Sentence(
                "Thứ hạng trung bình của tác phẩm là trung bình cộng các thứ hạng mà những giám khảo đã chấm tác phẩm đó cho; tác phẩm có thứ hạng trung bình nhỏ hơn được xếp trên."
            ),
        ),
        by_ranks=True,
    ),
)
METHODS: Mapping[Method, ScoringMethod] = {method.key: method for method in _REGISTER}


def method_of(contest: Contest) -> ScoringMethod:
    """The scoring method of the contest."""
    return METHODS[contest.scoring.method]


def doubled_ranks(totals: Mapping[Work, int]) -> dict[Work, int]:
    """Twice the rank of each work by one judge's totals; the highest total has rank 1, equal totals share the mean rank."""
    ranks: dict[Work, int] = {}
    for _, equals in groupby(sorted(totals, key=lambda work: -totals[work]), key=lambda work: totals[work]):
        group = list(equals)
        shared = 2 * len(ranks) + 1 + len(group)  # twice the mean of the places ahead+1 … ahead+n
        ranks.update(dict.fromkeys(group, shared))
    return ranks


def sheets_needed(contest: Contest, method: Method | None = None) -> int:
    """The least number of sheets with which a work has a score, by `method` or by the contest's own."""
    scoring = contest.scoring
    if (method or scoring.method) is Method.TRIMMED_MEAN:
        return max(scoring.min_sheets, 2 * scoring.trim + 1)
    return scoring.min_sheets


def shortage(contest: Contest, sheets: int) -> Sentence:
    """The sentence on why a work with so few sheets has no score."""
    scoring, needed = contest.scoring, sheets_needed(contest)
    if scoring.method is Method.TRIMMED_MEAN and sheets >= scoring.min_sheets:
        return Sentence(
            "Chưa có điểm: có {sheets} phiếu; bỏ {trim} phiếu cao nhất và {trim} phiếu thấp nhất thì cần ít nhất {needed} phiếu.",
            {"sheets": sheets, "trim": scoring.trim, "needed": needed},
        )
    return Sentence(
        "Chưa có điểm: có {sheets} phiếu, cần ít nhất {needed} phiếu.", {"sheets": sheets, "needed": needed}
    )


def round_published(contest: Contest, numerator: int, denominator: int) -> int:
    """A ratio in hundredths of a point, rounded for publication: in units of 10**-decimals of a point, halves up."""
    return half_up(numerator * 10**contest.scoring.decimals, denominator * 100)


def score_of(contest: Contest, totals: Sequence[int], method: Method | None = None) -> int | None:
    """The published score of one work from its ascending totals, in units of 10**-decimals; None where they are too few.

    `method`: another method than the contest's own, for comparison only. Raises ValueError for a method by ranks, which
    needs the other works too: see `rank_score`.
    """
    scoring_method = METHODS[method or contest.scoring.method]
    if scoring_method.by_ranks:
        raise ValueError(f"{scoring_method.key} is not a method of one work's totals")
    if len(totals) < sheets_needed(contest, scoring_method.key):
        return None
    numerator, denominator = scoring_method.ratio(totals, contest.scoring.trim)
    return round_published(contest, numerator, denominator * contest.weight_scale)


def rank_score(contest: Contest, doubled: Iterable[int]) -> int:
    """The published score of one work by the contest's method by ranks, in units of 10**-decimals.

    `doubled` are twice the ranks that the judges gave the work.
    """
    numerator, denominator = method_of(contest).ratio(sorted(doubled), contest.scoring.trim)
    return half_up(numerator * 10**contest.scoring.decimals, denominator)


def more_is_better(contest: Contest) -> bool:
    """False where the contest's score is made from ranks."""
    return method_of(contest).more_is_better


def score_sentence(contest: Contest, score: int) -> Sentence:
    """A score with its unit: "88,50 điểm" or "tổng thứ hạng 7,50"."""
    return replace(method_of(contest).value, facts={"score": Points(score, contest.scoring.decimals)})
