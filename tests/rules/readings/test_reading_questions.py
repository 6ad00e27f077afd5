"""What is asked about a reading: docs/contest-rules.md, Questions about counts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.ids import EntryId
from core.rules.interactions import Reading
from core.rules.readings.reading_questions import Asked, question_name, questions, total
from core.rules.words import Locale

START = datetime(2024, 9, 1, 1, 0, tzinfo=UTC)


def reading(day: float, reactions: int, comments: int = 0, shares: int = 0, views: int = 0) -> Reading:
    return Reading(EntryId("T-1"), START + timedelta(days=day), reactions, comments, shares, views)


def keys(*readings: Reading) -> list[str]:
    return [question.key for question in questions(readings[:-1], readings[-1])]


@pytest.mark.parametrize(
    "readings,asked",
    [
        ([reading(0, 101)], []),
        ([reading(0, 900_001)], []),  # the first reading of a post: there is no jump
        ([reading(0, 100), reading(1, 99)], ["fall.reactions"]),
        ([reading(0, 100, views=50), reading(1, 101, views=49)], ["fall.views"]),
        ([reading(0, 100), reading(1, 399)], []),
        ([reading(0, 100), reading(1, 400)], ["jump"]),  # 300 in a day
        ([reading(0, 100), reading(0.01, 400)], ["jump"]),  # less than a day counts as a day
        ([reading(0, 100), reading(2, 699)], []),  # 299.5 a day
        ([reading(0, 100), reading(2, 701)], ["jump"]),
        ([reading(0, 100), reading(1, 180), reading(2, 260), reading(3, 659)], []),  # median 80: from 400 on
        ([reading(0, 100), reading(1, 180), reading(2, 260), reading(3, 660)], ["jump"]),
        ([reading(0, 10, shares=10)], []),
        ([reading(0, 10, shares=11)], ["shares"]),
        ([reading(0, 9, comments=29)], []),  # few comments
        ([reading(0, 10, comments=30)], []),
        ([reading(0, 9, comments=30)], ["comments"]),
        ([reading(0, 1000)], []),
        ([reading(0, 1050)], []),
        ([reading(0, 1000, comments=60, shares=40)], ["round"]),
    ],
)
def test_what_is_asked(readings: list[Reading], asked: list[str]) -> None:
    assert keys(*readings) == asked


def test_several_things_are_asked_at_once() -> None:
    first, second = reading(0, 500, 10, 20), reading(1, 100, 800, 300)
    assert keys(first, second) == ["fall.reactions", "jump", "shares", "comments", "round"]
    sentences = Asked(questions([first], second)).localize(Locale()).split("; ")
    assert sentences[0] == "cảm xúc giảm từ 500 xuống 100"
    assert sentences[1] == "tăng 670 lượt so với lần đọc trước (hỏi lại từ 300 lượt mỗi ngày)"
    assert sentences[-1] == "tổng số lượt là số tròn: 1.200"


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_only_a_smaller_number_is_a_fall(before: int, after: int) -> None:
    asked = keys(reading(0, before), reading(1, after))
    assert ("fall.reactions" in asked) is (after < before)


def test_views_are_no_interactions() -> None:
    assert total(reading(0, 1, 2, 3, 4)) == 6


def test_a_stored_question_has_a_name() -> None:
    keys_ = ("fall.shares", "jump", "shares", "comments", "round", "fall.", "of a later release")
    assert [question_name(key).localize(Locale()) for key in keys_] == [
        "chia sẻ giảm", "tăng vọt", "chia sẻ nhiều hơn cảm xúc", "bình luận nhiều hơn hẳn cảm xúc", "tổng là số tròn",
        "khác thường", "khác thường",
    ]  # fmt: skip


def test_every_question_has_a_name_of_its_own() -> None:
    asked = questions([reading(0, 500, 10, 20, 9)], reading(1, 100, 800, 300, 8))
    names = {question_name(question.key).localize(Locale()) for question in asked}
    assert len(names) == len(asked) == 6 and "khác thường" not in names
