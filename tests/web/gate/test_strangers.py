"""What strangers may cost, by place and in total: `core.web.http.pace` and `core.web.gate.strangers`."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.web.gate import strangers
from core.web.gate.strangers import Allowance, Place, Places, Strangers
from core.web.http import pace
from core.web.http.pace import Pace

HALL, OTHER, KNOWN = Place("203.0.113.7"), Place("198.51.100.9"), Place("device a", known=True)


class Clock:
    """Seconds that pass when the test says so; whoever sleeps is told how long, and the clock goes on."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(asyncio, "sleep", made.sleep)
    return made


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def within() -> None:
        await asyncio.wait_for(test(), 10)

    asyncio.run(within())


class TestPace:
    @given(st.lists(st.floats(0, 5), max_size=60), st.integers(1, 5), st.sampled_from([0.5, 1.0, 4.0]))
    def test_no_more_than_the_burst_and_so_many_a_second(
        self, gaps: list[float], burst: int, per_second: float
    ) -> None:
        clock, granted = Clock(), []
        made = Pace(per_second, burst, clock=clock)
        for gap in gaps:
            clock.now += gap
            granted.append(clock.now + made.take("a"))
        assert granted == sorted(granted)  # first come, first served
        for number, first in enumerate(granted):
            for count, last in enumerate(granted[number:], start=1):
                assert count <= burst + (last - first) * per_second + 1 + 1e-6

    def test_each_key_has_its_own(self) -> None:
        made = Pace(1, 1, clock=Clock())
        assert [made.take(key) for key in "abab"] == [0, 0, 1, 1]

    def test_what_is_only_asked_is_not_taken(self) -> None:
        made = Pace(1, 1, clock=Clock())
        assert [made.wait("a") for _ in range(3)] == [0, 0, 0]
        made.take("a")
        assert [made.wait("a") for _ in range(3)] == [1, 1, 1]

    def test_keys_that_have_all_their_reserve_again_are_forgotten(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pace, "MOST_KEYS", 10)
        clock = Clock()
        made = Pace(1, 2, clock=clock)
        for number in range(100):
            clock.now += 1
            made.take(number)
        assert len(made._next) <= 11


class TestAllowance:
    def test_of_one_place_delays_that_place_alone(self, clock: Clock) -> None:
        allowed = Allowance(Pace(2, 3, clock=clock), Pace(100, 100, clock=clock))

        async def test() -> None:
            assert [await allowed.turn(HALL) for _ in range(5)] == [True] * 5
            assert await allowed.turn(OTHER)

        run(test)
        assert clock.slept == [0, 0, 0, 0.5, 1, 0]

    def test_of_all_places_together_has_an_end(self, clock: Clock) -> None:
        allowed = Allowance(Pace(100, 100, clock=clock), Pace(2, 3, clock=clock))

        async def test() -> None:
            for number in range(5):
                assert await allowed.turn(Place(f"10.0.0.{number}"))

        run(test)
        assert clock.slept == [0, 0, 0, 0.5, 1]

    def test_a_known_browser_waits_for_nobody_else(self, clock: Clock) -> None:
        allowed = Allowance(Pace(2, 3, clock=clock), Pace(2, 3, clock=clock))

        async def test() -> None:
            for number in range(30):
                await allowed.turn(Place(f"10.0.0.{number}"))
            assert await allowed.turn(KNOWN)
            assert clock.slept[-1] == 0
            for _ in range(4):
                await allowed.turn(KNOWN)
            assert clock.slept[-1] == 1  # but for itself

        run(test)

    def test_whoever_would_wait_too_long_is_refused_and_takes_no_turn(self, clock: Clock) -> None:
        allowed = Allowance(Pace(1, 1, clock=clock), Pace(100, 1000, clock=clock))

        async def test() -> None:
            granted = [await allowed.turn(HALL) for _ in range(200)]
            assert granted.count(True) == int(strangers.PATIENCE_S) + 1
            clock.now = strangers.PATIENCE_S + 1
            assert await allowed.turn(HALL)

        run(test)


class TestPlaces:
    def test_the_oldest_of_a_place_makes_room_for_its_newest(self) -> None:
        async def test() -> None:
            places = Places(each=2, total=10)
            with places.held(HALL) as first, places.held(OTHER) as elsewhere, places.held(HALL) as second:
                assert not first.is_set()
                with places.held(HALL) as third:
                    assert [each.is_set() for each in (first, second, third, elsewhere)] == [True, False, False, False]

        run(test)

    def test_the_oldest_of_all_makes_room_where_there_are_too_many(self) -> None:
        async def test() -> None:
            places = Places(each=2, total=3)
            with places.held(HALL) as first, places.held(OTHER), places.held(Place("a")), places.held(KNOWN):
                assert not first.is_set()  # a known browser is not among them
                with places.held(Place("b")):
                    assert first.is_set()

        run(test)

    def test_whatever_closes_leaves_nothing_behind(self) -> None:
        async def test() -> None:
            places = Places(each=2, total=3)
            for _ in range(50):
                with places.held(HALL), places.held(HALL), places.held(HALL), places.held(OTHER), places.held(KNOWN):
                    pass
            assert places._open == {} and places._counted == {}

        run(test)


def test_forty_people_sign_in_within_a_minute_from_one_address() -> None:
    """Each opens one socket and sends two messages; some send two more, for a slip."""
    runs = Strangers(20_000).runs
    assert (40 * 3 + 20 * 2 - runs.place.burst) / runs.place.per_second < 60
    assert Strangers(1024).sockets.each >= 40


def test_where_the_machine_allows_few_files_half_are_for_the_signed_in() -> None:
    limits = Strangers(1024)
    assert limits.connections.total <= 512
    assert limits.connections.each * 2 <= limits.connections.total
