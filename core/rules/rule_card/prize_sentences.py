"""The rule card's sentences about prizes and interactions, for `sentences`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from core.rules.contest import Contest, Prize, PrizeBy, Then
from core.rules.interaction_kinds import INTERACTION_KINDS
from core.rules.prizes.prize_kinds import PRIZE_KINDS, needs_counts
from core.rules.scoring.methods import method_of
from core.rules.vietnamese import money_in_words
from core.rules.words import Dong, Language, Locale, Moment, Sentence


def prizes_in_words(contest: Contest) -> list[Sentence]:
    """Sentences on which work takes which prize, and on prizes that are left over; [] for a contest without prizes."""
    if not contest.prizes:
        return []
    sentences = [_prize(p) for p in contest.prizes]
    if any(p.by is PrizeBy.SCORE for p in contest.prizes):
        sentences.append(
            Sentence(
                "Các giải theo điểm được trao theo thứ tự ghi ở trên, từ tác phẩm hạng cao nhất trở xuống; mỗi tác phẩm nhận nhiều nhất một giải theo điểm, và tác phẩm chưa đủ phiếu không nhận giải theo điểm."
            )
        )
    sentences.append(
        Sentence("Các tác phẩm đồng hạng cùng nhận một giải nếu số suất còn lại của giải đó đủ cho tất cả.")
    )
    sentences += _boundary(contest.ties.then)
    if method_of(contest).needs_every_rank and any(p.by is PrizeBy.SCORE for p in contest.prizes):
        sentences.append(
            Sentence(
                "Những tác phẩm không có hạng vì không phân định được với nhau cùng nhận một giải nếu số suất còn lại của giải đó đủ cho tất cả; nếu không đủ thì Ban Tổ chức chọn trong các tác phẩm đó, và tác phẩm không được chọn được xét tiếp cho suất sau."
            )
        )
    return [
        *sentences,
        Sentence(
            "Ban Tổ chức có thể quyết định không trao một hay nhiều suất của một giải; tác phẩm lẽ ra nhận suất đó nhận suất kế tiếp."
        ),
        Sentence("Suất giải không còn tác phẩm nào nhận thì để trống."),
    ]


def _boundary(then: Then) -> list[Sentence]:
    """Sentences on equal works where fewer prizes are left than there are works."""
    match then:
        case Then.COMMITTEE:
            return [
                Sentence(
                    "Nếu không đủ thì Ban Tổ chức chọn trong các tác phẩm đồng hạng cho đủ số suất còn lại; tác phẩm không được chọn được xét tiếp cho suất sau."
                )
            ]
        case Then.SHARE:
            return [
                Sentence(
                    "Nếu không đủ thì gộp các suất kế tiếp, mỗi tác phẩm đồng hạng một suất, đến khi hết suất; số tiền gộp được chia đều cho các tác phẩm đó đến từng đồng, phần lẻ không chia hết thì không chi."
                ),
                Sentence(
                    "Mỗi tác phẩm được chia tiền như vậy được ghi tên giải đứng trước nhất trong các giải đã gộp."
                ),
            ]
        case _:
            assert_never(then)


def _prize(prize: Prize) -> Sentence:
    facts = {
        "quantity": prize.quantity,
        "name": prize.name,
        "amount": _Money(prize.amount),
        "by": PRIZE_KINDS[prize.by].basis,
    }
    if prize.quantity == 1:
        sentence = Sentence("{name}: 1 giải, trị giá {amount}, trao {by}.", facts)
    else:
        sentence = Sentence("{name}: {quantity} giải, mỗi giải trị giá {amount}, trao {by}.", facts)
    if not prize.certificate:
        return sentence
    return Sentence("{prize} Kèm {certificate}.", {"prize": sentence, "certificate": prize.certificate})


def interactions_in_words(contest: Contest) -> list[Sentence]:
    """Sentences on counting interactions and the prizes by them; [] where no prize is given by interactions."""
    if not needs_counts(contest):
        return []
    sentences = [
        Sentence("Lượng tương tác bằng số lượt {terms}.", {"terms": _Terms(contest.interactions.weights)}),
        _reading(contest),
        Sentence(
            "Các giải theo lượng tương tác được trao theo thứ tự ghi ở trên, từ tác phẩm có lượng tương tác cao nhất trở xuống; mỗi tác phẩm nhận nhiều nhất một giải theo lượng tương tác, kể cả khi đã nhận giải theo điểm hoặc chưa đủ phiếu."
        ),
        Sentence(
            "Tác phẩm chưa có số liệu tương tác, hoặc có lượng tương tác bằng 0, không nhận giải theo lượng tương tác."
        ),
        Sentence("Các tác phẩm bằng nhau về lượng tương tác thì đồng hạng về lượng tương tác."),
    ]
    if contest.rungs:
        sentences.append(Sentence("Các bước xét khi bằng nhau về điểm không dùng cho lượng tương tác."))
    return sentences


@dataclass(frozen=True, slots=True)
class _Terms:
    """The weighted kinds as a sum: "cảm xúc × 1 + bình luận × 1"."""

    weights: Mapping[str, int]

    def localize(self, locale: Locale) -> str:
        return " + ".join(
            f"{INTERACTION_KINDS[kind].name.localize(locale)} × {locale.count(weight)}"
            for kind, weight in self.weights.items()
        )


def _reading(contest: Contest) -> Sentence:
    if contest.phases is None:
        return Sentence(
            "Lượng tương tác của một tác phẩm lấy theo lần ghi số liệu cuối cùng; hai lần ghi cùng một thời điểm thì lấy lần nhập sau."
        )
    return Sentence(
        "Lượng tương tác của một tác phẩm lấy theo lần ghi số liệu cuối cùng không muộn hơn {close}, tính trọn giây đó; hai lần ghi cùng một thời điểm thì lấy lần nhập sau.",
        {"close": Moment(contest.phases.interactions_close)},
    )


@dataclass(frozen=True, slots=True)
class _Money:
    """Money as printed on the papers: "5.000.000 đồng (Năm triệu đồng)" (plan V). The words are only for Vietnamese."""

    amount: int

    def localize(self, locale: Locale) -> str:
        figures = Dong(self.amount).localize(locale)
        return f"{figures} ({money_in_words(self.amount)})" if locale.language is Language.VI else figures
