"""Limits for visitors without a session: `core.web.http.rate_limit` and `core.web.gate.anonymous_limits`."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.web.gate import anonymous_limits
from core.web.gate.anonymous_limits import Allowance, AnonymousLimits, Client, ConnectionLimit
from core.web.http import rate_limit
from core.web.http.rate_limit import RateLimit

HALL, OTHER, KNOWN = Client("203.0.113.7"), Client("198.51.100.9"), Client("device a", known=True)


class Clock:
    """A clock set by the test; sleeping records the seconds and advances it."""

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
        await asyncio.wait_for(test(), 60)

    asyncio.run(within())


class TestRateLimit:
    @given(st.lists(st.floats(0, 5), max_size=60), st.integers(1, 5), st.sampled_from([0.5, 1.0, 4.0]))
    def test_no_more_than_the_burst_and_so_many_a_second(
        self, gaps: list[float], burst: int, per_second: float
    ) -> None:
        clock, granted = Clock(), []
        made = RateLimit(per_second, burst, clock=clock)
        for gap in gaps:
            clock.now += gap
            granted.append(clock.now + made.take("a"))
        assert granted == sorted(granted)  # first come, first served
        for number, first in enumerate(granted):
            for count, last in enumerate(granted[number:], start=1):
                assert count <= burst + (last - first) * per_second + 1 + 1e-6

    def test_each_key_has_its_own(self) -> None:
        made = RateLimit(1, 1, clock=Clock())
        assert [made.take(key) for key in "abab"] == [0, 0, 1, 1]

    def test_waiting_times_can_be_read_without_taking_a_turn(self) -> None:
        made = RateLimit(1, 1, clock=Clock())
        assert [made.wait("a") for _ in range(3)] == [0, 0, 0]
        made.take("a")
        assert [made.wait("a") for _ in range(3)] == [1, 1, 1]

    def test_keys_that_have_all_their_reserve_again_are_forgotten(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rate_limit, "MOST_KEYS", 10)
        clock = Clock()
        made = RateLimit(1, 2, clock=clock)
        for number in range(100):
            clock.now += 1
            made.take(number)
        assert len(made._next) <= 11


class TestAllowance:
    def test_of_one_place_delays_that_place_alone(self, clock: Clock) -> None:
        allowed = Allowance(RateLimit(2, 3, clock=clock), RateLimit(100, 100, clock=clock))

        async def test() -> None:
            assert [await allowed.turn(HALL) for _ in range(5)] == [True] * 5
            assert await allowed.turn(OTHER)

        run(test)
        assert clock.slept == [0, 0, 0, 0.5, 1, 0]

    def test_of_all_places_together_has_an_end(self, clock: Clock) -> None:
        allowed = Allowance(RateLimit(100, 100, clock=clock), RateLimit(2, 3, clock=clock))

        async def test() -> None:
            for number in range(5):
                assert await allowed.turn(Client(f"10.0.0.{number}"))

        run(test)
        assert clock.slept == [0, 0, 0, 0.5, 1]

    def test_a_known_browser_waits_for_nobody_else(self, clock: Clock) -> None:
        allowed = Allowance(RateLimit(2, 3, clock=clock), RateLimit(2, 3, clock=clock))

        async def test() -> None:
            for number in range(30):
                await allowed.turn(Client(f"10.0.0.{number}"))
            assert await allowed.turn(KNOWN)
            assert clock.slept[-1] == 0
            for _ in range(4):
                await allowed.turn(KNOWN)
            assert clock.slept[-1] == 1  # except for itself

        run(test)

    def test_a_client_that_would_wait_too_long_is_refused_and_takes_no_turn(self, clock: Clock) -> None:
        allowed = Allowance(RateLimit(1, 1, clock=clock), RateLimit(100, 1000, clock=clock))

        async def test() -> None:
            granted = [await allowed.turn(HALL) for _ in range(200)]
            assert granted.count(True) == int(anonymous_limits.PATIENCE_S) + 1
            clock.now = anonymous_limits.PATIENCE_S + 1
            assert await allowed.turn(HALL)

        run(test)


class TestPlaces:
    def test_the_oldest_of_a_place_makes_room_for_its_newest(self) -> None:
        async def test() -> None:
            places = ConnectionLimit(per_client=2, total=10)
            with places.slot(HALL) as first, places.slot(OTHER) as elsewhere, places.slot(HALL) as second:
                assert not first.is_set()
                with places.slot(HALL) as third:
                    assert [each.is_set() for each in (first, second, third, elsewhere)] == [True, False, False, False]

        run(test)

    def test_the_oldest_of_all_makes_room_where_there_are_too_many(self) -> None:
        async def test() -> None:
            places = ConnectionLimit(per_client=2, total=3)
            with places.slot(HALL) as first, places.slot(OTHER), places.slot(Client("a")), places.slot(KNOWN):
                assert not first.is_set()  # a known browser is not among them
                with places.slot(Client("b")):
                    assert first.is_set()

        run(test)

    def test_a_closed_connection_is_no_longer_counted(self) -> None:
        async def test() -> None:
            places = ConnectionLimit(per_client=2, total=3)
            for _ in range(50):
                with places.slot(HALL), places.slot(HALL), places.slot(HALL), places.slot(OTHER), places.slot(KNOWN):
                    pass
            assert places._open == {} and places._counted == {}

        run(test)


def test_forty_people_sign_in_within_a_minute_from_one_address() -> None:
    """Each opens one socket and sends two messages; some send two more, for a slip."""
    runs = AnonymousLimits(20_000).runs
    assert (40 * 3 + 20 * 2 - runs.per_client.burst) / runs.per_client.per_second < 60
    assert AnonymousLimits(1024).sockets.per_client >= 40


def test_where_the_machine_allows_few_files_half_are_for_the_signed_in() -> None:
    limits = AnonymousLimits(1024)
    assert limits.connections.total <= 512
    assert limits.connections.per_client * 2 <= limits.connections.total
