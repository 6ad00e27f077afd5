"""The numbers of judges: the same everywhere, and not to be computed from what is printed."""

import pytest

from core.rules.judge_numbers import numbered

JUDGES = tuple(f"gk{number:02}" for number in range(1, 8))


def test_the_same_judges_have_the_same_numbers_in_whatever_order_they_come() -> None:
    assert numbered(JUDGES, "muối") == numbered(reversed(JUDGES), "muối")
    assert sorted(numbered(JUDGES, "muối")) == list(JUDGES)


def test_another_secret_gives_another_order() -> None:
    assert len({numbered(JUDGES, f"muối {number}") for number in range(50)}) > 45


def test_without_a_secret_there_are_no_numbers() -> None:
    with pytest.raises(ValueError, match="no salt"):
        numbered(JUDGES, "")
