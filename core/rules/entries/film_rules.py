"""The rules that a film's automatic check answers to: the clause of each, and whether the office may take a film past it.

The check measures; it never excludes a work. A film that fails is not taken from its author, who exports it anew. The
office may take one with a reason where the rule is about what the contest wants, not about what can be played.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum

from core.rules.words import Sentence


class FilmRule(StrEnum):
    """What one verdict is about."""

    READABLE = "readable"
    CONTAINER = "container"
    PICTURE_SIZE = "picture_size"
    SOUND = "sound"
    LENGTH = "length"
    PLAYS = "plays"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class FilmRuleFacts:
    """What docs/contest-rules.md numbers the rule, its clause in the plan, and whether the office may take a film past it."""

    number: str
    clause: str
    office_may_override: bool


FILM_RULES = {
    FilmRule.READABLE: FilmRuleFacts("R11", "III.4", office_may_override=False),
    FilmRule.CONTAINER: FilmRuleFacts("R11", "III.4", office_may_override=False),
    FilmRule.PICTURE_SIZE: FilmRuleFacts("R10", "III.4", office_may_override=True),
    FilmRule.SOUND: FilmRuleFacts("R12", "III.4", office_may_override=True),
    FilmRule.LENGTH: FilmRuleFacts("R13", "III.4", office_may_override=True),
    FilmRule.PLAYS: FilmRuleFacts("R11", "III.4", office_may_override=False),
    FilmRule.WHOLE: FilmRuleFacts("R12", "III.4", office_may_override=True),
}


class Level(Enum):
    """What a verdict asks for."""

    PASSED = "passed"
    WARNING = "warning"  # a person looks at it and decides
    FAILED = "failed"


_LINES = {
    Level.PASSED: Sentence("Đạt: {what}"),
    Level.WARNING: Sentence("Cần xem (mục {clause}; người sơ loại quyết định): {what}"),
    Level.FAILED: Sentence("Không đạt (mục {clause}; không ai được bỏ qua): {what}"),
}
_OVERRIDABLE = Sentence("Không đạt (mục {clause}; Tổ Thư ký có thể nhận nếu ghi lý do): {what}")


@dataclass(frozen=True, slots=True)
class FilmVerdict:
    """What the check found about one rule, with the measured value in words."""

    level: Level
    rule: FilmRule
    sentence: Sentence

    @property
    def passed(self) -> bool:
        """True unless the film fails the rule: a warning is for a person."""
        return self.level is not Level.FAILED

    @property
    def line(self) -> Sentence:
        """The verdict as lists of findings print it: its level, the clause, and who may decide otherwise."""
        facts = FILM_RULES[self.rule]
        text = _OVERRIDABLE if self.level is Level.FAILED and facts.office_may_override else _LINES[self.level]
        return Sentence(text.text, {"what": self.sentence, "clause": facts.clause})


def passed(rule: FilmRule, sentence: Sentence) -> FilmVerdict:
    """A verdict of a film that meets the rule."""
    return FilmVerdict(Level.PASSED, rule, sentence)


def failed(rule: FilmRule, sentence: Sentence) -> FilmVerdict:
    """A verdict of a film that breaks the rule."""
    return FilmVerdict(Level.FAILED, rule, sentence)


def overridable(verdicts: tuple[FilmVerdict, ...]) -> bool:
    """True if the office may take a film with these verdicts: it may override every rule that is broken."""
    return all(verdict.passed or FILM_RULES[verdict.rule].office_may_override for verdict in verdicts)


def broken(verdicts: tuple[FilmVerdict, ...]) -> tuple[FilmRule, ...]:
    """The rules that are broken, each once, in the order of `FilmRule`."""
    rules = {verdict.rule for verdict in verdicts if not verdict.passed}
    return tuple(rule for rule in FilmRule if rule in rules)
