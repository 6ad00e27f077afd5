"""Watched time: the union of the played intervals; nothing is counted faster than time passes."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.rules.judging.watch_time import (
    CREDIT_LIMIT,
    QUIET,
    Watched,
    credit_report,
    measure,
    resume,
    share,
    union,
    unseen,
)

MINUTE = 60_000
FILM = 4 * MINUTE
moments = st.integers(0, FILM)
intervals = st.lists(st.tuples(moments, moments), max_size=12)


def milliseconds(parts: list[tuple[int, int]] | tuple[tuple[int, int], ...], step: int = 997) -> set[int]:
    return {at for at in range(0, FILM, step) if any(start <= at < end for start, end in parts)}


class TestUnion:
    @given(intervals)
    def test_covers_the_same_moments_in_order_without_overlap(self, parts: list[tuple[int, int]]) -> None:
        joined = union(parts)
        assert milliseconds(joined) == milliseconds(parts)
        assert all(start < end for start, end in joined)
        assert all(before[1] < after[0] for before, after in pairwise(joined))

    @given(intervals, intervals)
    def test_what_is_new_is_what_was_played_and_not_seen(
        self, played: list[tuple[int, int]], before: list[tuple[int, int]]
    ) -> None:
        seen = union(before)
        new = unseen(played, seen)
        assert milliseconds(new) == milliseconds(played) - milliseconds(seen)
        assert measure(union((*seen, *new))) == measure(seen) + measure(new)

    def test_the_gaps_between_what_was_seen_are_new(self) -> None:
        """Whatever examples the properties draw: before, between and after; what was seen later plays no part."""
        assert unseen([(0, 50)], ((10, 20), (30, 40), (60, 70))) == ((0, 10), (20, 30), (40, 50))


class TestCredit:
    def test_the_first_minute_of_four_played_twice_is_a_quarter(self) -> None:
        watched = resume(None, now=0)
        watched = credit_report(watched, [(0, MINUTE)], FILM, now=MINUTE)
        watched = credit_report(watched, [(0, MINUTE)], FILM, now=2 * MINUTE)
        assert share(watched.milliseconds, FILM) == 2500

    def test_everything_claimed_two_seconds_after_opening_earns_two_seconds(self) -> None:
        watched = credit_report(resume(None, now=0), [(0, FILM)], FILM, now=2_000)
        assert watched.seen == ((0, 2_000),)

    def test_opening_again_the_next_day_begins_without_credit(self) -> None:
        watched = resume(Watched(((0, 5),), 90_000, credited_at=0), now=QUIET + 1)
        assert watched == Watched(((0, 5),), 0, QUIET + 1)

    def test_a_second_window_does_not_take_the_credit_of_the_first(self) -> None:
        first = Watched((), 400, credited_at=0)
        assert resume(first, now=QUIET) == first

    def test_credit_saved_up_by_waiting_is_limited(self) -> None:
        watched = credit_report(resume(None, now=0), [(0, FILM)], FILM, now=10 * FILM)
        assert watched.milliseconds == CREDIT_LIMIT

    def test_the_clock_going_back_gives_nothing_and_takes_nothing(self) -> None:
        watched = credit_report(Watched(((0, 10),), 5, credited_at=1_000), [(0, 100)], FILM, now=0)
        assert watched == Watched(((0, 15),), 0, 1_000)

    @given(st.lists(st.tuples(st.integers(0, 20_000), intervals), max_size=8))
    def test_never_more_than_the_time_that_passed_nor_than_the_film(
        self, reports: list[tuple[int, list[tuple[int, int]]]]
    ) -> None:
        watched, now = resume(None, now=0), 0
        for pause, played in reports:
            now += pause
            before = watched
            watched = credit_report(watched, played, FILM, now)
            assert milliseconds(before.seen) <= milliseconds(watched.seen)
            assert watched.milliseconds <= min(now, FILM)

    @given(intervals)
    def test_a_report_made_twice_counts_once(self, played: list[tuple[int, int]]) -> None:
        once = credit_report(Watched(), played, FILM, CREDIT_LIMIT)
        assert credit_report(once, once.seen, FILM, CREDIT_LIMIT) == once


class TestShare:
    def test_is_in_basis_points_rounded_down(self) -> None:
        assert share(1, 3) == 3333

    def test_is_nothing_for_a_film_of_unknown_length(self) -> None:
        assert share(5, 0) == 0
