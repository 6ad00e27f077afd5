"""From screeners' verdicts to what becomes of a work (R04, plan III.2).

A verdict belongs to one revision of a work: its form and film as they were. With two screeners, equal verdicts are the
outcome and different ones are decided by a third. Marks are compared by their mean.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.rules.contest import ScreeningItem, ScreeningMethod, ScreeningRules
from core.rules.entries.states import Move
from core.rules.words import Refusal, Sentence

MOST_MARK = 10_000  # hundredths: a mark is out of 100 points
MARK_STEP = 50


class Verdict(StrEnum):
    """What a screener says about a work. The values are stored."""

    ACCEPT = "accept"
    REJECT = "reject"
    RETURN = "return"
    MARK = "mark"


VERDICT_NAMES = {
    Verdict.ACCEPT: Sentence("Đạt"),
    Verdict.REJECT: Sentence("Không đạt"),
    Verdict.RETURN: Sentence("Cần bổ sung"),
    Verdict.MARK: Sentence("Chấm điểm"),
}


class Answer(StrEnum):
    """An answer to an item of the checklist. The values are stored."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One screener's verdict, with answers by item key; `points` in hundredths, of a mark only."""

    verdict: Verdict
    answers: Mapping[str, Answer]
    reason: str = ""
    points: int | None = None
    names_author: bool = False  # the picture itself names the author


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a work: ACCEPT, REJECT or RETURN, and the reasons that the author reads."""

    move: Move
    reason: str


class WrongVerdict(Refusal):
    """The contest screens by marks and this is none, or the other way round."""

    def __init__(self) -> None:
        super().__init__("Hãy chọn một trong các kết quả của cuộc thi này.")


class WrongMark(Refusal):
    """The mark is not a number from 0 to 100 in halves."""

    def __init__(self) -> None:
        super().__init__("Điểm sơ loại từ 0 đến 100, lẻ nửa điểm.")


class Unanswered(Refusal):
    """An item of the checklist has no answer."""

    def __init__(self, item: ScreeningItem) -> None:
        super().__init__("Còn mục {key} chưa trả lời: {item}.", key=item.key, item=item.text)


class NotMet(Refusal):
    """A work passes only if it meets the whole checklist."""

    def __init__(self, item: ScreeningItem) -> None:
        super().__init__(
            "Mục {key} được đánh dấu chưa đạt: {item}. Tác phẩm như vậy không đạt hoặc cần bổ sung.",
            key=item.key, item=item.text,
        )  # fmt: skip


class UnknownItem(Refusal):
    """An answer to a question that the contest does not ask."""

    def __init__(self) -> None:
        super().__init__("Danh mục kiểm tra không có mục này.")


class ReasonNeeded(Refusal):
    """A work is rejected, returned, or marked below the pass mark only with a reason."""

    def __init__(self) -> None:
        super().__init__("Hãy ghi lý do: tác giả sẽ đọc lý do này.")


class NotBlind(Refusal):
    """Only a blind contest asks whether the picture names the author."""

    def __init__(self) -> None:
        super().__init__("Chỉ cuộc thi chấm kín mới đánh dấu hình ảnh nêu tên tác giả.")


def verdicts_of(rules: ScreeningRules) -> tuple[Verdict, ...]:
    """The verdicts that this contest's screeners choose from."""
    marks = rules.method is ScreeningMethod.MARKS
    return (Verdict.MARK, Verdict.RETURN) if marks else (Verdict.ACCEPT, Verdict.RETURN, Verdict.REJECT)


def check(judgement: Judgement, rules: ScreeningRules, *, blind: bool) -> None:
    """Refuse a verdict that cannot be given. `blind`: the jury or the screeners see no author.

    Raises WrongVerdict, WrongMark, UnknownItem, Unanswered, NotMet, ReasonNeeded, NotBlind.
    """
    points = judgement.points
    if judgement.verdict not in verdicts_of(rules):
        raise WrongVerdict
    if (points is not None) != (judgement.verdict is Verdict.MARK):
        raise WrongMark
    if points is not None and (not 0 <= points <= MOST_MARK or points % MARK_STEP):
        raise WrongMark
    if judgement.names_author and not blind:
        raise NotBlind
    _check_answers(judgement, rules)
    if (
        judgement.verdict in {Verdict.REJECT, Verdict.RETURN} or _fails(judgement, rules)
    ) and not judgement.reason.strip():
        raise ReasonNeeded


def _check_answers(judgement: Judgement, rules: ScreeningRules) -> None:
    if not judgement.answers.keys() <= {item.key for item in rules.items}:
        raise UnknownItem
    for item in rules.items:
        answer = judgement.answers.get(item.key)
        if answer is None and judgement.verdict in {Verdict.ACCEPT, Verdict.MARK}:
            raise Unanswered(item)
        if answer is Answer.NO and judgement.verdict is Verdict.ACCEPT:
            raise NotMet(item)


def outcome(given: Sequence[Judgement], rules: ScreeningRules) -> Outcome | None:
    """What becomes of the work, from the verdicts about its revision in the order given; None: not decided yet."""
    differ = len({each.verdict for each in given}) > 1
    if len(given) < rules.screeners + differ:
        return None
    deciding = given[-1].verdict
    agreeing = [each for each in given if each.verdict is deciding]
    if deciding is Verdict.MARK:
        return _by_mean(agreeing, rules)
    return Outcome(Move(deciding.value), "" if deciding is Verdict.ACCEPT else _reasons(agreeing))


def screeners_needed(given: Sequence[Judgement], rules: ScreeningRules) -> int:
    """How many verdicts the work still waits for. A third one counts once the first two differ."""
    return 0 if outcome(given, rules) else max(rules.screeners - len(given), 1)


def _by_mean(marks: Sequence[Judgement], rules: ScreeningRules) -> Outcome:
    if Fraction(sum(each.points or 0 for each in marks), len(marks)) >= rules.pass_mark:
        return Outcome(Move.ACCEPT, "")
    return Outcome(Move.REJECT, _reasons([each for each in marks if _fails(each, rules)]))


def _fails(judgement: Judgement, rules: ScreeningRules) -> bool:
    return judgement.points is not None and judgement.points < rules.pass_mark


def _reasons(given: Sequence[Judgement]) -> str:
    """The different reasons, each on lines of its own."""
    return "\n".join(dict.fromkeys(each.reason.strip() for each in given))
