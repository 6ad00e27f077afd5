"""Marks and sheets: what a judge may write, and what a complete sheet is (docs/design.md, Units)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from core.rules.contest import Contest, Criterion
from core.rules.ids import CriterionKey, EntryId, JudgeId
from core.rules.look_alikes import visible
from core.rules.words import Bound, Refusal

_PLAIN = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,12})?")  # ASCII digits only: full-width ones are another writing


class BadPoints(Refusal):
    """What was written is no mark of this criterion."""


class PointsMissing(BadPoints):
    """Nothing was written: a mark not given is not zero."""

    def __init__(self, criterion: Criterion) -> None:
        super().__init__("{criterion}: chưa có điểm.", criterion=criterion.name)


class PointsUnreadable(BadPoints):
    """Only plain digits with at most one separator are points."""

    def __init__(self, criterion: Criterion, text: str) -> None:
        super().__init__(
            "{criterion}: “{text}” không phải là điểm; viết số như 8,5 hoặc 8.5.",
            criterion=criterion.name,
            text=visible(text[:40]),
        )


class PointsAboveMaximum(BadPoints):
    """More than the criterion gives."""

    def __init__(self, criterion: Criterion, text: str) -> None:
        super().__init__(
            "{criterion}: {text} vượt quá điểm tối đa {maximum}.",
            criterion=criterion.name,
            text=text[:40],
            maximum=Bound(criterion.maximum),
        )


class PointsOffStep(BadPoints):
    """Between two steps."""

    def __init__(self, criterion: Criterion, text: str) -> None:
        super().__init__(
            "{criterion}: {text} không đúng bước {step}.",
            criterion=criterion.name,
            text=text[:40],
            step=Bound(criterion.step),
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """A judge's complete sheet on one work, in hundredths of a point."""

    judge: JudgeId
    entry: EntryId
    marks: Mapping[CriterionKey, int]


def parse_points(text: str, criterion: Criterion) -> int:
    """The hundredths written as "8,75" or "8.75", or the `BadPoints` that says why they are none."""
    text = text.strip(" \t")
    if not text:
        raise PointsMissing(criterion)
    if not is_points(text):
        raise PointsUnreadable(criterion, text)
    hundredths = Fraction(text.replace(",", ".")) * 100
    if hundredths > criterion.maximum:
        raise PointsAboveMaximum(criterion, text)
    if hundredths % criterion.step:
        raise PointsOffStep(criterion, text)
    return int(hundredths)


def is_points(text: str) -> bool:
    """True for a number as points are written, whatever its size: plain digits with at most one separator."""
    return _PLAIN.fullmatch(text) is not None


def apart(contest: Contest, totals: Collection[int], total: int) -> bool:
    """True where one sheet's total lies further from the panel's mean than the contest lets pass unsaid (docs/design.md, Scores)."""
    limit, sheets = contest.scoring.gap_alert, len(totals)
    return (
        limit is not None and sheets > 1 and abs(total * sheets - sum(totals)) > limit * contest.weight_scale * sheets
    )
