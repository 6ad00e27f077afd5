"""Computes results from the rule card's sentences alone. Each sentence is recognised by its source text and states
one rule as a simple, slow function.

It uses only the sentences and the ids of `core.rules`. An unknown sentence, or a rule that no sentence states, is an
error. Facts are read as printed in Vietnamese.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from statistics import median

from core.rules.words import Locale, Sentence

Totals = list[Fraction]
Ranks = dict[str, Fraction]  # work -> its rank by one judge
Claim = Callable[["Card", dict[str, str]], None]
CLAIMS: dict[str, Claim] = {}


class Unstated(Exception):
    """No sentence states this rule."""


class NotUnderstood(Exception):
    """The sentence states no known rule."""


@dataclass
class Prize:
    name: str
    quantity: int
    amount: int
    by: str


@dataclass
class Card:
    """The rules that the sentences have stated so far."""

    criteria: list[tuple[str, Fraction, Fraction, Fraction]] = field(default_factory=list)  # name, max, step, weight
    steps: list[tuple[str, bool]] = field(default_factory=list)  # name; True: if the chief marked all ties
    prizes: list[Prize] = field(default_factory=list)
    stated: dict[str, object] = field(default_factory=dict)

    def __getitem__(self, rule: str) -> object:
        if rule not in self.stated:
            raise Unstated(rule)
        return self.stated[rule]

    def number(self, rule: str) -> int:
        value = self[rule]
        assert isinstance(value, int)
        return value

    def has(self, rule: str) -> bool:
        return rule in self.stated


def claims(*texts: str) -> Callable[[Claim], Claim]:
    def known(claim: Claim) -> Claim:
        for text in texts:
            assert text not in CLAIMS, text
            CLAIMS[text] = claim
        return claim

    return known


def says(text: str, **rules: object) -> None:
    """Register a sentence that states these rules, whatever its facts."""
    claims(text)(lambda card, _: card.stated.update(rules))


def read(sentences: Iterable[Sentence]) -> Card:
    """The rules that a card's sentences state."""
    card = Card()
    for sentence in sentences:
        _read(card, sentence)
    return card


def _read(card: Card, sentence: Sentence) -> None:
    facts = {}
    for name, fact in sentence.facts.items():
        if name == "prize" and isinstance(fact, Sentence):
            _read(card, fact)
        facts[name] = fact.localize(Locale()) if hasattr(fact, "localize") else str(fact)
    claim = CLAIMS.get(sentence.text)
    if claim is None:
        raise NotUnderstood(sentence.text)
    claim(card, facts)


def number(text: str) -> Fraction:
    """Parse a printed Vietnamese number: "40", "0,5", "25/3", "5.000.000"."""
    return Fraction(text.replace(".", "").replace(",", "."))


def places(text: str) -> int:
    """The number of decimals that the text names."""
    named = {"hàng đơn vị": 0, "một chữ số thập phân": 1}
    if text in named:
        return named[text]
    found = re.fullmatch(r"(\d) chữ số thập phân", text)
    assert found, text
    return int(found[1])


# The rubric -----------------------------------------------------------------------------------------------------------


@claims("Bảng điểm có {count} tiêu chí, tổng điểm tối đa của một phiếu là {maximum}.")
def _rubric(card: Card, facts: dict[str, str]) -> None:
    card.stated.update(criteria=int(facts["count"]), maximum=number(facts["maximum"]))


@claims(
    "{name}: từ 0 đến {maximum} điểm, mỗi mức cách nhau {step} điểm.",
    "{name}: từ 0 đến {maximum} điểm, mỗi mức cách nhau {step} điểm, nhân hệ số {weight}.",
)
def _criterion(card: Card, facts: dict[str, str]) -> None:
    card.criteria.append(
        (facts["name"], number(facts["maximum"]), number(facts["step"]), number(facts.get("weight", "1")))
    )


says("Tổng điểm của một phiếu là tổng điểm của các tiêu chí.", total="plain")
says("Tổng điểm của một phiếu là tổng điểm của các tiêu chí sau khi nhân hệ số.", total="weighted")

# Which sheets count ---------------------------------------------------------------------------------------------------

says(
    "Chỉ phiếu đã nộp được tính. Giám khảo có xung đột lợi ích với tác phẩm nào thì không chấm tác phẩm đó; phiếu đã nộp, nếu có, không được tính.",
    recusals="do not count",
)
says("Tác phẩm không có phiếu nào được tính là chưa đủ phiếu: không có điểm, không có hạng.", least=1)


@claims("Tác phẩm có dưới {least} phiếu được tính là chưa đủ phiếu: không có điểm, không có hạng.")
def _least(card: Card, facts: dict[str, str]) -> None:
    card.stated["least"] = int(facts["least"])


# The methods ----------------------------------------------------------------------------------------------------------


def mean(numbers: Sequence[Fraction]) -> Fraction:
    return sum(numbers, Fraction()) / Fraction(len(numbers))


def without(totals: Totals, trim: int) -> Totals:
    counted = sorted(totals)
    for _ in range(trim):
        counted.remove(max(counted))
        counted.remove(min(counted))
    return counted


says("Điểm của tác phẩm là trung bình cộng tổng điểm của các phiếu được tính.", score=mean, better="more")
says(
    "Điểm của tác phẩm là trung vị: xếp tổng điểm của các phiếu được tính từ thấp đến cao rồi lấy số đứng giữa; nếu số phiếu chẵn thì lấy trung bình cộng của hai số đứng giữa.",
    score=lambda totals: Fraction(median(totals)),
    better="more",
)
says(
    "Điểm của tác phẩm là trung bình cộng tổng điểm của các phiếu được tính, sau khi bỏ một phiếu có tổng điểm cao nhất và một phiếu có tổng điểm thấp nhất.",
    score=lambda totals: mean(without(totals, 1)),
    better="more",
    trimmed=True,
)


@claims(
    "Điểm của tác phẩm là trung bình cộng tổng điểm của các phiếu được tính, sau khi bỏ {trim} phiếu có tổng điểm cao nhất và {trim} phiếu có tổng điểm thấp nhất."
)
def _trimmed(card: Card, facts: dict[str, str]) -> None:
    trim = int(facts["trim"])
    card.stated.update(score=lambda totals: mean(without(totals, trim)), better="more", trimmed=True)


says(
    "Với mỗi giám khảo, những tác phẩm đủ phiếu mà giám khảo đó đã chấm được xếp thứ hạng theo tổng điểm chính xác trên phiếu của giám khảo đó, cao nhất là thứ hạng 1; các tác phẩm bằng tổng điểm cùng nhận trung bình cộng của những thứ hạng mà chúng chiếm.",
    ranks=True,
)
says(
    "Tổng thứ hạng của tác phẩm là tổng các thứ hạng mà các giám khảo cho tác phẩm đó; tác phẩm có tổng thứ hạng nhỏ hơn được xếp trên.",
    score=sum,
    better="fewer",
)
says(
    "Thứ hạng trung bình của tác phẩm là trung bình cộng các thứ hạng mà những giám khảo đã chấm tác phẩm đó cho; tác phẩm có thứ hạng trung bình nhỏ hơn được xếp trên.",
    score=mean,
    better="fewer",
    uneven="as they are",
)


@claims(
    "Nếu có giám khảo chỉ chấm một phần những tác phẩm đủ phiếu thì không so sánh các tổng thứ hạng đã cộng, mà xét mọi cách xếp thêm các tác phẩm chưa chấm vào thứ tự của giám khảo đó, kể cả xếp bằng nhau. Một tác phẩm chỉ được xếp trên một tác phẩm khác khi tổng thứ hạng của nó {ahead} trong mọi cách xếp; hai tác phẩm có tổng thứ hạng bằng nhau trong mọi cách xếp là hai tác phẩm bằng nhau."
)
def _uneven(card: Card, facts: dict[str, str]) -> None:
    gap = {"nhỏ hơn": Fraction(1, 2), "nhỏ hơn ít nhất 1": Fraction(1)}[facts["ahead"]]  # sums: multiples of 1/2
    card.stated.update(uneven="completions", gap=gap)


says(
    "Những tác phẩm không phân định được với nhau như vậy, trực tiếp hoặc qua tác phẩm khác, thì không có hạng; những tác phẩm xếp trên và xếp dưới chúng vẫn giữ hạng của mình.",
    unparted="no place",
)


@claims(
    "Mọi phép tính từ điểm trên phiếu đến {score} của tác phẩm đều chính xác; {score} của tác phẩm được làm tròn một lần, đến {places}, từ nửa đơn vị trở lên thì làm tròn lên, rồi được công bố và so sánh đúng như đã làm tròn."
)
def _rounded(card: Card, facts: dict[str, str]) -> None:
    card.stated.update(decimals=places(facts["places"]), noun=facts["score"])


# Equals ---------------------------------------------------------------------------------------------------------------

says("Hạng của một tác phẩm bằng một cộng với số tác phẩm xếp trên tác phẩm đó.", place="one more than those ahead")


@claims("Các tác phẩm có {score} bằng nhau thì đồng hạng.")
def _no_steps(card: Card, facts: dict[str, str]) -> None:
    assert facts["score"] == card["noun"]
    card.stated.update(last="equal place", again=False)


@claims(
    "Khi {score} của các tác phẩm bằng nhau thì lần lượt xét các bước dưới đây. Bước đầu tiên có số khác nhau tách các tác phẩm đó; những tác phẩm còn bằng nhau lại được xét từ bước 1."
)
def _steps(card: Card, facts: dict[str, str]) -> None:
    assert facts["score"] == card["noun"]
    card.stated["again"] = True


@claims("Bước {number}: tác phẩm có {rung} cao hơn được xếp trên.")
def _step(card: Card, facts: dict[str, str]) -> None:
    assert int(facts["number"]) == len(card.steps) + 1
    card.steps.append((facts["rung"], False))


@claims(
    "Bước {number}: tác phẩm có {rung} cao hơn được xếp trên; chỉ xét bước này nếu Trưởng Ban Giám khảo có phiếu được tính cho tất cả các tác phẩm đang bằng nhau."
)
def _chiefs_step(card: Card, facts: dict[str, str]) -> None:
    assert int(facts["number"]) == len(card.steps) + 1
    card.steps.append((facts["rung"], True))


says("Điểm trung bình tiêu chí là trung bình cộng điểm của tiêu chí đó trên tất cả phiếu được tính.", of_criterion=mean)
says("Điểm tiêu chí dùng ở các bước chưa nhân hệ số.", step_marks="plain")
says(
    "Điểm của Trưởng Ban Giám khảo là tổng điểm trên phiếu của Trưởng Ban Giám khảo cho tác phẩm đó.", of_chief="total"
)
says("Các bước xét cả những phiếu đã bỏ khi tính điểm.", steps_over="all sheets")
says("Các tác phẩm vẫn bằng nhau sau bước cuối cùng thì đồng hạng.", last="equal place")


@claims("Số dùng ở mỗi bước được làm tròn đến {places}, từ nửa đơn vị trở lên thì làm tròn lên.")
def _step_rounded(card: Card, facts: dict[str, str]) -> None:
    card.stated["step_decimals"] = places(facts["places"])


# Prizes ---------------------------------------------------------------------------------------------------------------


@claims(
    "{name}: 1 giải, trị giá {amount}, trao {by}.", "{name}: {quantity} giải, mỗi giải trị giá {amount}, trao {by}."
)
def _prize(card: Card, facts: dict[str, str]) -> None:
    by = {"theo điểm của Ban Giám khảo": "score", "theo lượng tương tác": "interactions"}[facts["by"]]
    amount = int(number(facts["amount"].split(" đồng")[0]))
    card.prizes.append(Prize(facts["name"], int(facts["quantity"]), amount, by))


claims("{prize} Kèm {certificate}.")(lambda _card, _facts: None)  # the prize itself is read earlier
says(
    "Các giải theo điểm được trao theo thứ tự ghi ở trên, từ tác phẩm hạng cao nhất trở xuống; mỗi tác phẩm nhận nhiều nhất một giải theo điểm, và tác phẩm chưa đủ phiếu không nhận giải theo điểm.",
    score_prizes="in order, one a work",
)
says(
    "Các giải theo lượng tương tác được trao theo thứ tự ghi ở trên, từ tác phẩm có lượng tương tác cao nhất trở xuống; mỗi tác phẩm nhận nhiều nhất một giải theo lượng tương tác, kể cả khi đã nhận giải theo điểm hoặc chưa đủ phiếu.",
    interactions_prizes="in order, one a work",
)
says("Các tác phẩm đồng hạng cùng nhận một giải nếu số suất còn lại của giải đó đủ cho tất cả.", fit="all take it")
says(
    "Nếu không đủ thì Ban Tổ chức chọn trong các tác phẩm đồng hạng cho đủ số suất còn lại; tác phẩm không được chọn được xét tiếp cho suất sau.",
    boundary="committee",
)
says(
    "Nếu không đủ thì gộp các suất kế tiếp, mỗi tác phẩm đồng hạng một suất, đến khi hết suất; số tiền gộp được chia đều cho các tác phẩm đó đến từng đồng, phần lẻ không chia hết thì không chi.",
    boundary="share",
)
says(
    "Mỗi tác phẩm được chia tiền như vậy được ghi tên giải đứng trước nhất trong các giải đã gộp.", shared_name="first"
)
says(
    "Những tác phẩm không có hạng vì không phân định được với nhau cùng nhận một giải nếu số suất còn lại của giải đó đủ cho tất cả; nếu không đủ thì Ban Tổ chức chọn trong các tác phẩm đó, và tác phẩm không được chọn được xét tiếp cho suất sau.",
    unparted_fit="all take it",
    unparted_boundary="committee",
)
says(
    "Ban Tổ chức có thể quyết định không trao một hay nhiều suất của một giải; tác phẩm lẽ ra nhận suất đó nhận suất kế tiếp.",
    withheld="the slot goes",
)
says("Suất giải không còn tác phẩm nào nhận thì để trống.", left="empty")

# Interactions ---------------------------------------------------------------------------------------------------------


@claims("Lượng tương tác bằng số lượt {terms}.")
def _worth(card: Card, facts: dict[str, str]) -> None:
    terms = dict(term.split(" × ") for term in facts["terms"].split(" + "))
    assert list(terms) == ["cảm xúc", "bình luận", "chia sẻ", "lượt xem"]
    card.stated["worth"] = tuple(int(number(weight)) for weight in terms.values())


says(
    "Lượng tương tác của một tác phẩm lấy theo lần ghi số liệu cuối cùng; hai lần ghi cùng một thời điểm thì lấy lần nhập sau.",
    close=None,
)


@claims(
    "Lượng tương tác của một tác phẩm lấy theo lần ghi số liệu cuối cùng không muộn hơn {close}, tính trọn giây đó; hai lần ghi cùng một thời điểm thì lấy lần nhập sau."
)
def _close(card: Card, facts: dict[str, str]) -> None:
    card.stated["close"] = datetime.strptime(facts["close"] + " +0700", "%H:%M:%S ngày %d/%m/%Y %z")


says(
    "Tác phẩm chưa có số liệu tương tác, hoặc có lượng tương tác bằng 0, không nhận giải theo lượng tương tác.",
    nought="nothing",
)
says("Các tác phẩm bằng nhau về lượng tương tác thì đồng hạng về lượng tương tác.", equal_counts="equal place")
says("Các bước xét khi bằng nhau về điểm không dùng cho lượng tương tác.", steps_for_counts=False)

# What decides no result -----------------------------------------------------------------------------------------------

DECIDE_NOTHING = (
    "Phiếu có tổng điểm chênh quá {gap} điểm so với trung bình cộng tổng điểm của các phiếu của tác phẩm được nêu ra để Ban Giám khảo hội ý; việc này không đổi điểm.",
    "Chấm kín: giám khảo chỉ thấy mã số và tên tác phẩm.",
    "Giám khảo thấy cả tác giả và đơn vị của tác phẩm.",
    "Giám khảo phải xem ít nhất {share}% thời lượng tác phẩm trước khi nộp phiếu.",
    "Không quy định thời lượng tối thiểu mà giám khảo phải xem trước khi nộp phiếu.",
    "Tên giám khảo không hiện bên cạnh điểm.",
    "Tên giám khảo bên cạnh điểm chỉ hiện cho: {roles}.",
    "Giám khảo không được xem bảng xếp hạng.",
    "Giám khảo được xem bảng xếp hạng sau khi đóng vòng chấm.",
    "Giám khảo được xem bảng xếp hạng sau khi công bố kết quả.",
)
claims(*DECIDE_NOTHING)(lambda _card, _facts: None)
