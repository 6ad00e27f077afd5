"""Marks: digits with at most one separator, not above the maximum, on a step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.contest import Criterion
from core.rules.ids import CriterionKey
from core.rules.scoring.marks import (
    BadPoints,
    PointsAboveMaximum,
    PointsMissing,
    PointsOffStep,
    PointsUnreadable,
    parse_points,
)

CONTENT = Criterion(CriterionKey("ND"), "Nội dung", 4000, 50)


@pytest.mark.parametrize(
    "text, hundredths",
    [("8.5", 850), ("8,5", 850), ("0", 0), ("40", 4000), ("40.00", 4000), ("08,50", 850), (" 8 ", 800), ("8,500", 850)],
)
def test_both_separators_are_the_same(text: str, hundredths: int) -> None:
    assert parse_points(text, CONTENT) == hundredths


@pytest.mark.parametrize(
    "text, reason, message",
    [
        ("", PointsMissing, "Nội dung: chưa có điểm."),
        ("  ", PointsMissing, "Nội dung: chưa có điểm."),
        ("40.5", PointsAboveMaximum, "Nội dung: 40.5 vượt quá điểm tối đa 40."),
        ("40.25", PointsAboveMaximum, "Nội dung: 40.25 vượt quá điểm tối đa 40."),
        ("8.25", PointsOffStep, "Nội dung: 8.25 không đúng bước 0,5."),
        ("8.505", PointsOffStep, "Nội dung: 8.505 không đúng bước 0,5."),
        ("nan", PointsUnreadable, "Nội dung: “nan” không phải là điểm; viết số như 8,5 hoặc 8.5."),
    ],
)
def test_each_reason_is_its_own_refusal(text: str, reason: type[BadPoints], message: str) -> None:
    with pytest.raises(reason) as refusal:
        parse_points(text, CONTENT)
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    "text",
    [
        "1e1",
        "+8",
        "-8",
        "inf",
        "８",
        "٨",
        "8.",
        ".5",
        "8,5,0",
        "8.5.0",
        "1 0",
        "0x8",
        "8\u00a0",
        "8\n",
        "9" * 5000,
        "½",
        "²",
    ],
)
def test_nothing_else_is_a_number(text: str) -> None:
    with pytest.raises(PointsUnreadable):
        parse_points(text, CONTENT)


@given(st.text(max_size=8))
def test_any_text_is_a_mark_or_refused(text: str) -> None:
    try:
        hundredths = parse_points(text, CONTENT)
    except BadPoints:
        return
    assert 0 <= hundredths <= CONTENT.maximum and hundredths % CONTENT.step == 0
