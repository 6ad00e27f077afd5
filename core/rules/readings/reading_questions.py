"""What is asked about a reading before it is saved (docs/contest-rules.md, Questions about counts).

The desk sees only totals of a post. A total that is out of the ordinary is asked about and never excluded by itself:
the person who enters it explains it, and the explanation is kept with the reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from statistics import median

from core.rules.interaction_kinds import INTERACTION_KINDS
from core.rules.interactions import Reading
from core.rules.words import Locale, Number, Sentence

JUMP = 300  # interactions a day; a rule of other contests on Facebook: "300 in 1 to 24 hours"
JUMP_TIMES = 5  # times the median daily growth of the post
ROUND_ABOVE, ROUND_TO = 1000, 100  # a total above the first, and a multiple of the second
COMMENTS_TIMES = 3  # times the reactions
COMMENTS_FROM = 30  # fewer comments are not asked about
_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to explain: its key, which is stored with the reading, and its sentence."""

    key: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions as a fact of a sentence, separated by semicolons."""

    questions: tuple[Question, ...]

    def localize(self, locale: Locale) -> str:
        return "; ".join(question.sentence.localize(locale) for question in self.questions)


def questions(earlier: Sequence[Reading], reading: Reading) -> tuple[Question, ...]:
    """What to ask about a reading of a post. `earlier`: the confirmed readings of the post, in order of their times.

    Asked about: a number that fell (Facebook removes false accounts), a jump, more shares than reactions or far more
    comments than reactions, and a round total. A reading that is the first of its post has no fall and no jump.
    """
    asked = [*_fallen(earlier[-1], reading), *_jump(earlier, reading)] if earlier else []
    return (*asked, *_ratios(reading), *_round(reading))


def total(reading: Reading) -> int:
    """The interactions of a post without weights. Views are not interactions: their number is not asked about."""
    return reading.reactions + reading.comments + reading.shares


def daily_growth(before: Reading, after: Reading) -> Fraction:
    """The growth of the total for each day between two readings; less than a day counts as a day."""
    days = Fraction((after.taken_at - before.taken_at) // _MICROSECOND, _DAY // _MICROSECOND)
    return Fraction(total(after) - total(before)) / max(days, Fraction(1))


def _fallen(last: Reading, reading: Reading) -> list[Question]:
    fallen = [kind for kind in INTERACTION_KINDS if reading.counts[kind] < last.counts[kind]]
    return [
        Question(
            f"fall.{kind}",
            Sentence(
                "{kind} giảm từ {before} xuống {after}",
                {
                    "kind": INTERACTION_KINDS[kind].name,
                    "before": Number(last.counts[kind]),
                    "after": Number(reading.counts[kind]),
                },
            ),
        )
        for kind in fallen
    ]


def _jump(earlier: Sequence[Reading], reading: Reading) -> list[Question]:
    growth = [daily_growth(before, after) for before, after in pairwise(earlier)]
    least = max(Fraction(JUMP), JUMP_TIMES * (median(growth) if growth else Fraction(0)))
    rise = daily_growth(earlier[-1], reading)
    if rise < least:
        return []
    facts = {"rise": Number(total(reading) - total(earlier[-1])), "least": Number(-(-least // 1))}
    return [
        Question("jump", Sentence("tăng {rise} lượt so với lần đọc trước (hỏi lại từ {least} lượt mỗi ngày)", facts))
    ]


def _ratios(reading: Reading) -> list[Question]:
    facts = {kind: Number(count) for kind, count in reading.counts.items()}
    found = []
    if reading.shares > reading.reactions:
        found.append(Question("shares", Sentence("chia sẻ ({shares}) nhiều hơn cảm xúc ({reactions})", facts)))
    if reading.comments >= COMMENTS_FROM and reading.comments > COMMENTS_TIMES * reading.reactions:
        text = "bình luận ({comments}) nhiều hơn hẳn cảm xúc ({reactions})"
        found.append(Question("comments", Sentence(text, facts)))
    return found


def _round(reading: Reading) -> list[Question]:
    if total(reading) <= ROUND_ABOVE or total(reading) % ROUND_TO:
        return []
    return [Question("round", Sentence("tổng số lượt là số tròn: {total}", {"total": Number(total(reading))}))]


def question_name(key: str) -> Sentence:
    """A stored question in a few words, without its numbers."""
    kind = key.partition("fall.")[2]
    if kind in INTERACTION_KINDS:
        return Sentence("{kind} giảm", {"kind": INTERACTION_KINDS[kind].name})
    return _NAMES.get(key, Sentence("khác thường"))


_NAMES = {
    "jump": Sentence("tăng vọt"),
    "shares": Sentence("chia sẻ nhiều hơn cảm xúc"),
    "comments": Sentence("bình luận nhiều hơn hẳn cảm xúc"),
    "round": Sentence("tổng là số tròn"),
}
