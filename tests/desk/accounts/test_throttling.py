"""How fast passwords may be guessed: `core.desk.accounts.throttling` and `core.desk.accounts.devices`, by trying to sign in (docs/security.md, Throttling)."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import pytest

from core.desk.accounts import accounts, devices, passwords, sessions, throttling
from core.desk.accounts.account_refusals import TooManyTries, TooSoon
from core.desk.accounts.sessions import Attempt, WrongPassword
from core.rules.access import Role
from core.store.engine import Store
from tests.desk.accounts.test_accounts import ADMIN, NOW

KEY = "k" * 32
HALL, ELSEWHERE = "203.0.113.7", "198.51.100.9"
HOUR = 3600


@pytest.fixture(autouse=True)
def _cheap_and_keyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    monkeypatch.setattr(sessions, "settings", lambda: SimpleNamespace(secret=lambda: KEY))


@pytest.fixture
def password(store: Store) -> str:
    return accounts.add(store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)


@dataclass
class Door:
    """The sign-in form, as it is tried at moments that are told; a wait for a turn is told and not waited for."""

    store: Store
    looked_at: int = 0
    waited: float = 0.0

    def tries(
        self,
        password: str,
        seconds: float = 0.0,
        username: str = "gk1",
        place: str = HALL,
        browser: str = "browser",
        device: str = "",
    ) -> bool:
        """Whether a ticket was given. Raises TooSoon, TooManyTries where the password was not looked at."""
        attempt = Attempt(username, password, place, browser, device)
        try:
            sessions.sign_in(self.store, attempt, NOW + timedelta(seconds=seconds), sleep=self._waits)
        except WrongPassword:
            self.looked_at += 1
            return False
        self.looked_at += 1
        return True

    def guesses(self, seconds: float, username: str = "gk1", place: str = HALL, browser: str = "thief") -> str:
        """Try a wrong password; what the try is told."""
        try:
            self.tries("wrong", seconds, username, place, browser)
        except (TooSoon, TooManyTries) as delayed:
            return type(delayed).__name__
        return "WrongPassword"

    def _waits(self, seconds: float) -> None:
        self.waited = seconds


@pytest.fixture
def door(store: Store) -> Door:
    return Door(store)


class TestOneBrowser:
    def test_its_wait_doubles_and_has_an_end(self, door: Door, password: str) -> None:
        at, waits = 0.0, list[int]()
        while len(waits) < 11:
            try:
                assert not door.tries("wrong", at, username=f"name{at}")
            except TooSoon as soon:
                waits.append(int(str(soon.sentence.facts["seconds"])))
                at += waits[-1]
        assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
        assert max(waits) == throttling.LONGEST_BROWSER

    def test_after_fifty_wrong_guesses_the_right_password_works_once_the_wait_is_over(
        self, door: Door, password: str
    ) -> None:
        for number in range(50):
            door.guesses(number / 1000, browser="browser")
        with pytest.raises(TooSoon):
            door.tries(password, 0.1)
        assert door.tries(password, throttling.LONGEST_BROWSER + 1)

    def test_it_is_slowed_whatever_names_it_tries(self, door: Door) -> None:
        told = [door.guesses(0, username=f"name{number}") for number in range(8)]
        assert told == ["WrongPassword"] * throttling.FREE["browser"] + ["TooSoon"] * 3

    def test_without_a_cookie_it_is_one_with_all_such_browsers_of_its_place(self, door: Door) -> None:
        for number in range(throttling.FREE["browser"]):
            door.guesses(0, username=f"name{number}", browser="")
        assert door.guesses(0, username="one more", browser="") == "TooSoon"
        assert door.guesses(0, username="one more", browser="", place=ELSEWHERE) == "WrongPassword"

    def test_a_clock_that_was_ahead_locks_nobody_out(self, door: Door, password: str) -> None:
        year = 365 * 24 * HOUR
        for number in range(12):
            door.guesses(year, browser="browser", place=HALL)
            door.guesses(year, browser=f"thief{number}")
        assert door.tries(password)
        assert door.waited == 0


class TestAKnownBrowser:
    """Known browsers of an account have a door of their own."""

    def test_waits_for_its_own_failures_alone(self, door: Door, password: str) -> None:
        device = devices.issued(KEY, "", "gk1")
        for number in range(60):
            door.guesses(number / 10, browser=f"thief{number}")
        assert door.tries(password, 6, device=device)
        assert door.waited == 0
        for _ in range(throttling.FREE["device"]):
            assert not door.tries("a slip", 6, device=device)
        with pytest.raises(TooSoon):
            door.tries(password, 6, device=device)
        assert door.tries(password, 6 + throttling.LONGEST, device=device)

    def test_is_known_to_the_accounts_that_signed_in_there_and_to_no_other(self, store: Store) -> None:
        cookie = devices.issued(KEY, devices.issued(KEY, "", "gk1"), "gk2")
        assert devices.of_account(KEY, cookie, "gk1") == devices.of_account(KEY, cookie, "gk2") != ""
        assert devices.of_account(KEY, cookie, "gk3") == ""
        assert devices.of_anybody(KEY, cookie) == devices.of_account(KEY, cookie, "gk1")

    def test_remembers_the_accounts_that_signed_in_last(self) -> None:
        cookie = ""
        for number in range(devices.TAGS + 1):
            cookie = devices.issued(KEY, cookie, f"gk{number}")
        held = [bool(devices.of_account(KEY, cookie, f"gk{number}")) for number in range(devices.TAGS + 1)]
        assert held == [False] + [True] * devices.TAGS
        assert len(cookie) <= devices.LONGEST
        assert devices.issued(KEY, cookie, "gk3").count(".") == cookie.count(".")  # known already: not twice

    @pytest.mark.parametrize("forged", ["", ".", "x.y", "a" * 600, "ố.ố", "\ud800.x", "x" * 22 + "." + "y" * 24])
    def test_is_not_made_by_who_has_no_key(self, forged: str) -> None:
        assert devices.of_anybody(KEY, forged) == devices.of_account(KEY, forged, "gk1") == ""

    def test_a_cookie_of_another_server_or_with_a_tag_of_another_browser_is_none(self) -> None:
        mine, other = devices.issued(KEY, "", "gk1"), devices.issued(KEY, "", "gk2")
        assert devices.of_account("z" * 32, mine, "gk1") == ""
        mixed = ".".join([*other.split(".")[:2], mine.split(".")[2]])
        assert devices.of_anybody(KEY, mixed) != "" and devices.of_account(KEY, mixed, "gk1") == ""


class TestGuessingBesideTheJudges:
    """One network, one hall: a stranger guesses there without pause, and each judge gets in, seen there before or not."""

    def test_at_any_names_with_one_browser(self, door: Door, password: str) -> None:
        for number in range(400):
            door.guesses(number / 2, username=f"nobody{number}")
        assert door.tries(password, 200, browser="of the judge")
        assert door.waited == 0

    def test_at_any_names_with_a_fresh_browser_each_time_six_at_once(self, door: Door, password: str) -> None:
        """Each of the six waits for its turn, and so does the judge: nobody takes every turn."""
        free_at, number = [0.0] * 6, 0
        while min(free_at) < 120:
            at, socket = min((at, socket) for socket, at in enumerate(free_at))
            door.waited, number = 0.0, number + 1
            door.guesses(at, username=f"nobody{number}", browser=f"thief{number}")
            free_at[socket] = at + door.waited + 0.3
        assert door.tries(password, 120, browser="of the judge")
        assert door.waited <= 15

    def test_at_the_very_name_with_one_browser(self, door: Door, password: str) -> None:
        for number in range(600):
            door.guesses(number)
        assert door.tries(password, 600, browser="of the judge")
        assert door.waited <= throttling.PATIENCE / 1000

    def test_at_the_very_name_with_a_fresh_browser_each_time_six_at_once(self, door: Door, password: str) -> None:
        """Nothing tells such a stranger from the judge: each of the seven has a seventh of the turns."""
        free_at, number = [0.0] * 6, 0
        while min(free_at) < 200:
            at, socket = min((at, socket) for socket, at in enumerate(free_at))
            door.waited, number = 0.0, number + 1
            told = door.guesses(at, browser=f"thief{number}")
            assert told == "WrongPassword"  # it waited for its turn
            free_at[socket] = at + door.waited + 0.5
        assert door.tries(password, 200, browser="of the judge")
        assert door.waited <= 7 * throttling.NAME.every / 1000

    def test_at_the_very_name_from_elsewhere_with_a_fresh_browser_each_time(self, door: Door, password: str) -> None:
        for number in range(300):
            door.guesses(number * 2, place=ELSEWHERE, browser=f"thief{number}")
        for _ in range(throttling.FIRST - 1):
            assert not door.tries("a slip", 600, browser="of the judge")
        assert door.tries(password, 600, browser="of the judge")
        assert door.waited == 0


class TestTheBounds:
    """What the table in `core.desk.accounts.throttling` says, tried for an hour or two with a fresh browser for each guess."""

    @pytest.fixture
    def store(self, sqlite_store: Store) -> Store:
        """Both databases hold the same counts; an hour of guesses is long on one already."""
        return sqlite_store

    def test_one_account_from_ever_new_places(self, door: Door, password: str) -> None:
        for number in range(HOUR // 10):
            door.guesses(number * 10, place=f"10.{number // 250}.{number % 250}.1", browser=f"thief{number}")
        assert door.looked_at <= throttling.NEW.burst + HOUR / 60 + throttling.NAME.burst + HOUR / 5 + 2

    def test_one_account_from_one_place(self, door: Door, password: str) -> None:
        for number in range(HOUR // 6):
            door.guesses(number * 2, browser=f"thief{number}")
        assert (
            door.looked_at
            <= throttling.FIRST
            + throttling.NAME.burst
            + (HOUR // 3 * 1000 + throttling.PATIENCE) / throttling.NAME.every
            + 1
        )

    def test_many_accounts_from_one_place(self, door: Door) -> None:
        for number in range(400):
            door.guesses(number / 2, username=f"name{number}", browser=f"thief{number}")
        assert door.looked_at <= throttling.PLACE.burst + 200 / 2 + throttling.PATIENCE / 2000 + 1

    def test_who_signs_in_between_the_guesses_wins_no_more_of_them(self, door: Door, password: str) -> None:
        """An insider's own account took back what strangers' names had cost the place."""
        guessed = 0
        for number in range(200):
            with suppress(TooManyTries):
                assert door.tries(password, number / 10, browser="an insider")
            guessed += door.guesses(number / 10, username=f"name{number}", browser=f"t{number}") == "WrongPassword"
        assert guessed <= throttling.PLACE.burst + 20 / 2 + throttling.PATIENCE / 2000 + 1

    def test_many_at_once_do_not_all_go_before_the_first_failure_is_counted(self, door: Door, password: str) -> None:
        with ThreadPoolExecutor(20) as pool:
            list(pool.map(lambda _: door.guesses(0), range(40)))
        assert door.looked_at == throttling.FREE["browser"]


class TestAlike:
    def test_names_that_do_not_exist_wait_alike(self, door: Door, password: str) -> None:
        """ASVS 6.3.8; with one browser and with many, from one place and from many."""

        def told(username: str) -> list[str]:
            said = []
            for number in range(30):
                browser, place = f"{username}{number // 4}", f"10.{len(username)}.{number // 9}.1"
                said.append(door.guesses(number * 2, username, place, browser))
                said[-1] += f" {door.waited}"
            return said

        assert told("gk1") == told("no")

    def test_the_addresses_of_one_ipv6_line_are_one_place(self) -> None:
        assert (
            throttling.network("2001:db8:1:2::1")
            == throttling.network("2001:db8:1:2:ffff::1%eth0")
            == "2001:db8:1:2::/64"
        )
        assert throttling.network("2001:db8:1:3::1") != throttling.network("2001:db8:1:2::1")
        assert throttling.network("::ffff:10.0.0.1") == "10.0.0.1"
        assert throttling.network("x" * 200) == "x" * 64


class TestTheQueueAtTheHash:
    """Two passwords are hashed at a time; a stranger's never stand before a judge's."""

    def test_strangers_take_one_of_the_two_places(self, store: Store, password: str) -> None:
        begun, release, together = threading.Semaphore(0), threading.Event(), []
        lock = threading.Lock()

        def slow(plain: str, _hashed: str) -> bool:
            with lock:
                together.append(plain)
            begun.release()
            release.wait(5)
            with lock:
                together.remove(plain)
            return False

        def guess(number: int) -> None:
            with suppress(WrongPassword, TooManyTries):
                sessions.sign_in(store, Attempt(f"name{number}", "wrong", HALL, f"b{number}"), NOW, slow)

        with ThreadPoolExecutor(8) as pool:
            guesses = [pool.submit(guess, number) for number in range(8)]
            begun.acquire(timeout=5)
            time.sleep(0.1)
            assert len(together) == 1
            began = time.monotonic()
            attempt = Attempt("gk1", password, HALL, "browser", devices.issued(KEY, "", "gk1"))
            assert sessions.sign_in(store, attempt, NOW)
            assert time.monotonic() - began < 2
            release.set()
            for each in guesses:
                each.result(10)

    def test_who_would_wait_too_long_is_told_to_come_again(
        self, store: Store, password: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(passwords, "QUEUE_S", 0.05)
        with passwords.UNKNOWN, pytest.raises(TooManyTries):
            sessions.sign_in(store, Attempt("gk1", password, HALL, "browser"), NOW)


def test_a_ticket_given_after_a_wait_is_good_for_thirty_seconds_from_then(store: Store, password: str) -> None:
    door = Door(store)
    for number in range(30):
        door.guesses(0, username=f"name{number}", browser=f"thief{number}")
    ticket = sessions.sign_in(store, Attempt("gk1", password, HALL, "browser"), NOW, sleep=lambda _: None)
    later = NOW + timedelta(seconds=40)  # twenty of them until its turn came
    assert sessions.establish(store, ticket, "browser", HALL, "", later)
