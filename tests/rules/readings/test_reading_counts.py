"""Typed counts: digits, or groups of three digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.readings.reading_counts import MOST, BadCount, parse_count

REFUSED = (
    "", " ", "1.23", "1.2345", "1234.567", "0.123", "1..234", "1.234 567", "1,234", "1,5", "-3", "+3", "1e3", "１２",
    "12k", "٣", "9" * 20, str(MOST + 1),
)  # fmt: skip


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    with pytest.raises(BadCount):
        parse_count(typed)


@pytest.mark.parametrize(
    "typed,count",
    [("0", 0), (" 1204 ", 1204), ("007", 7), ("1.234", 1234), ("1 234", 1234), ("1\u00a0234\u00a0567", 1234567)],
)
def test_digits_and_groups_of_three_are_a_count(typed: str, count: int) -> None:
    assert parse_count(typed) == count


@given(st.integers(0, MOST), st.sampled_from(["", ".", " ", "\u00a0", "\u202f"]))
def test_every_number_is_read_however_it_is_grouped(number: int, separator: str) -> None:
    assert parse_count(f"{number:,}".replace(",", separator)) == number
