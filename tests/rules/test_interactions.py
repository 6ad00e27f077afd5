"""Interactions: the last reading at or before the cut-off counts (plan IV.6)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.contest_file.reader import load
from core.rules.ids import EntryId
from core.rules.interaction_kinds import INTERACTION_KINDS
from core.rules.interactions import (
    EnteredReading,
    Reading,
    ReadingState,
    counted,
    in_force,
    in_time,
    to_review,
    weighted,
)

RULES = load(Path("data/contests/son-la-2024.toml").read_text(encoding="utf-8"), "son-la-2024.toml")
CUT_OFF = datetime(2024, 9, 10, 16, 59, 59, tzinfo=UTC)  # 10/9/2024 23:59:59 in Sơn La
WORK = EntryId("T-1")


def reading(seconds: float, reactions: int = 10) -> Reading:
    return Reading(WORK, CUT_OFF + timedelta(seconds=seconds), reactions, 0, 0)


def test_the_last_second_counts_whole_and_the_next_does_not() -> None:
    assert in_time(RULES, CUT_OFF)
    assert in_time(RULES, CUT_OFF + timedelta(milliseconds=999))
    assert not in_time(RULES, CUT_OFF + timedelta(seconds=1))


def test_the_last_in_time_counts_not_the_largest() -> None:
    counts = counted(RULES, [reading(-3600, 500), reading(-60, 300), reading(1, 900)])
    assert counts[WORK].weighted == 300 and counts[WORK].reading == reading(-60, 300)


def test_the_later_entered_corrects_the_earlier_of_the_same_moment() -> None:
    assert counted(RULES, [reading(-1, 5), reading(-1, 4)])[WORK].weighted == 4


def test_nothing_in_time_counts_for_nothing() -> None:
    assert counted(RULES, [reading(5)]) == {}


def test_without_a_calendar_everything_is_in_time() -> None:
    assert in_time(replace(RULES, phases=None), CUT_OFF + timedelta(days=900))


def test_the_weights_of_the_plan_s_default() -> None:
    """docs/design.md, Interactions: reaction 1, comment 1, share 2, views recorded only."""
    assert weighted(RULES, Reading(WORK, CUT_OFF, 100, 20, 30, 9999)) == 100 + 20 + 2 * 30


def test_views_count_where_the_contest_says_so() -> None:
    rules = replace(RULES, interactions=replace(RULES.interactions, views=3))
    assert weighted(rules, Reading(WORK, CUT_OFF, 100, 20, 30, 7)) == 180 + 3 * 7
    assert weighted(rules, Reading(WORK, CUT_OFF, 100, 20, 30)) == 180  # none were read


@pytest.mark.parametrize("weight", [0, 3])
def test_a_reading_needs_what_is_weighed_and_what_every_post_has(weight: int) -> None:
    weighed = replace(RULES.interactions, shares=0, views=weight)
    needed = [kind for kind in INTERACTION_KINDS if weighed.needs(kind)]
    assert needed == ["reactions", "comments", "shares", *(["views"] if weight else [])]


@given(st.lists(st.integers(-9, 9), unique=True), st.randoms(use_true_random=False))
def test_the_order_of_entering_changes_nothing(seconds: list[int], chance: object) -> None:
    readings = [reading(second, 100 + second) for second in seconds]
    shuffled = list(readings)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert counted(RULES, readings) == counted(RULES, shuffled)


WAITING, CONFIRMED, REJECTED = ReadingState.WAITING, ReadingState.CONFIRMED, ReadingState.REJECTED


def entered(*states: tuple[ReadingState, int | None]) -> list[EnteredReading]:
    return [EnteredReading(n, reading(-n), state, corrects) for n, (state, corrects) in enumerate(states, 1)]


def numbers(readings: list[EnteredReading]) -> list[int]:
    return [each.number for each in readings]


def test_only_confirmed_readings_are_in_force() -> None:
    known = entered((WAITING, None), (CONFIRMED, None), (REJECTED, None))
    assert (numbers(in_force(known)), numbers(to_review(known))) == ([2], [1])


def test_a_correction_takes_the_place_of_a_reading_once_it_is_confirmed() -> None:
    waits, holds = entered((CONFIRMED, None), (WAITING, 1)), entered((CONFIRMED, None), (CONFIRMED, 1))
    assert (numbers(in_force(waits)), numbers(to_review(waits))) == ([1], [2])
    assert (numbers(in_force(holds)), numbers(to_review(holds))) == ([2], [])


def test_a_waiting_reading_with_a_correction_is_not_reviewed_unless_that_was_rejected() -> None:
    assert numbers(to_review(entered((WAITING, None), (WAITING, 1)))) == [2]
    rejected = entered((WAITING, None), (REJECTED, 1))
    assert (numbers(in_force(rejected)), numbers(to_review(rejected))) == ([], [1])
