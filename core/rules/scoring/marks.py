"""Marks and sheets: parsing the points that a judge writes, and the complete sheet (docs/design.md, Units)."""

import re
from collections.abc import Collection
from fractions import Fraction

from core.rules.contest import Contest, Criterion
from core.rules.look_alikes import visible
from core.rules.words import Bound, Refusal

_PLAIN = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,12})?")  # ASCII digits only, no full-width ones


class BadPoints(Refusal):
    """The text is not a valid mark for this criterion."""


class PointsMissing(BadPoints):
    """The text is empty: a missing mark is not zero."""

    def __init__(self, criterion: Criterion) -> None:
        super().__init__("{criterion}: chưa có điểm.", criterion=criterion.name)


class PointsUnreadable(BadPoints):
    """The text is not plain digits with at most one decimal separator."""

    def __init__(self, criterion: Criterion, text: str) -> None:
        super().__init__(
            "{criterion}: “{text}” không phải là điểm; viết số như 8,5 hoặc 8.5.",
            criterion=criterion.name,
            text=visible(text[:40]),
        )


class PointsAboveMaximum(BadPoints):
    """The points exceed the criterion's maximum."""

    def __init__(self, criterion: Criterion, text: str) -> None:
        super().__init__(
            "{criterion}: {text} vượt quá điểm tối đa {maximum}.",
            criterion=criterion.name,
            text=text[:40],
            maximum=Bound(criterion.maximum),
        )


class PointsOffStep(BadPoints):
    """The points are not a multiple of the criterion's step."""

    def __init__(self, criterion: Criterion, text: str) -> None:
        super().__init__(
            "{criterion}: {text} không đúng bước {step}.",
            criterion=criterion.name,
            text=text[:40],
            step=Bound(criterion.step),
        )


def parse_points(text: str, criterion: Criterion) -> int:
    """Parse points such as "8,75" or "8.75" into hundredths. Raises a subclass of `BadPoints` that says what is wrong."""
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
    """True for plain digits with at most one decimal separator, whatever the number's size."""
    return _PLAIN.fullmatch(text) is not None


def exceeds_gap(contest: Contest, totals: Collection[int], total: int) -> bool:
    """True where a sheet's total is further from the panel's mean than `gap_alert` (docs/design.md, Scores).

    `totals` are all totals of the work, `total` among them, in the unit of `Contest.total`. Always False without a
    `gap_alert` or with fewer than two sheets.
    """
    limit, sheets = contest.scoring.gap_alert, len(totals)
    return (
        limit is not None and sheets > 1 and abs(total * sheets - sum(totals)) > limit * contest.weight_scale * sheets
    )
