"""Limits on password guessing, tested by signing in: `core.desk.accounts.throttling` and `core.desk.accounts.devices`
(docs/security.md, Throttling).
"""

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
JUDGES_NETWORK, ELSEWHERE = "203.0.113.7", "198.51.100.9"
HOUR = 3600


@pytest.fixture(autouse=True)
def _cheap_and_keyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    monkeypatch.setattr(sessions, "settings", lambda: SimpleNamespace(secret=lambda: KEY))


@pytest.fixture
def password(store: Store) -> str:
    return accounts.add(store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)


@dataclass
class SignInForm:
    """The sign-in form at given times. A wait for a turn is recorded in `waited`, not slept."""

    store: Store
    checked: int = 0
    waited: float = 0.0

    def sign_in(
        self,
        password: str,
        seconds: float = 0.0,
        username: str = "gk1",
        place: str = JUDGES_NETWORK,
        browser: str = "browser",
        device: str = "",
    ) -> bool:
        """True if a ticket was given. Raises TooSoon or TooManyTries where the password was not checked."""
        attempt = Attempt(username, password, place, browser, device)
        try:
            sessions.sign_in(self.store, attempt, NOW + timedelta(seconds=seconds), sleep=self._record_wait)
        except WrongPassword:
            self.checked += 1
            return False
        self.checked += 1
        return True

    def guess(self, seconds: float, username: str = "gk1", place: str = JUDGES_NETWORK, browser: str = "thief") -> str:
        """Try a wrong password. Returns the name of the exception raised."""
        try:
            self.sign_in("wrong", seconds, username, place, browser)
        except (TooSoon, TooManyTries) as delayed:
            return type(delayed).__name__
        return "WrongPassword"

    def _record_wait(self, seconds: float) -> None:
        self.waited = seconds


@pytest.fixture
def form(store: Store) -> SignInForm:
    return SignInForm(store)


class TestOneBrowser:
    def test_its_wait_doubles_up_to_a_maximum(self, form: SignInForm, password: str) -> None:
        at, waits = 0.0, list[int]()
        while len(waits) < 11:
            try:
                assert not form.sign_in("wrong", at, username=f"name{at}")
            except TooSoon as soon:
                waits.append(int(str(soon.sentence.facts["seconds"])))
                at += waits[-1]
        assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
        assert max(waits) == throttling.LONGEST_BROWSER

    def test_after_fifty_wrong_guesses_the_right_password_works_once_the_wait_is_over(
        self, form: SignInForm, password: str
    ) -> None:
        for number in range(50):
            form.guess(number / 1000, browser="browser")
        with pytest.raises(TooSoon):
            form.sign_in(password, 0.1)
        assert form.sign_in(password, throttling.LONGEST_BROWSER + 1)

    def test_it_is_slowed_whatever_names_it_tries(self, form: SignInForm) -> None:
        results = [form.guess(0, username=f"name{number}") for number in range(8)]
        assert results == ["WrongPassword"] * throttling.FREE["browser"] + ["TooSoon"] * 3

    def test_without_a_cookie_it_counts_together_with_all_such_browsers_of_its_network(self, form: SignInForm) -> None:
        for number in range(throttling.FREE["browser"]):
            form.guess(0, username=f"name{number}", browser="")
        assert form.guess(0, username="one more", browser="") == "TooSoon"
        assert form.guess(0, username="one more", browser="", place=ELSEWHERE) == "WrongPassword"

    def test_a_clock_that_was_ahead_locks_nobody_out(self, form: SignInForm, password: str) -> None:
        year = 365 * 24 * HOUR
        for number in range(12):
            form.guess(year, browser="browser", place=JUDGES_NETWORK)
            form.guess(year, browser=f"thief{number}")
        assert form.sign_in(password)
        assert form.waited == 0


class TestAKnownBrowser:
    """A browser known to an account has a limit of its own."""

    def test_waits_for_its_own_failures_alone(self, form: SignInForm, password: str) -> None:
        device = devices.issued(KEY, "", "gk1")
        for number in range(60):
            form.guess(number / 10, browser=f"thief{number}")
        assert form.sign_in(password, 6, device=device)
        assert form.waited == 0
        for _ in range(throttling.FREE["device"]):
            assert not form.sign_in("a slip", 6, device=device)
        with pytest.raises(TooSoon):
            form.sign_in(password, 6, device=device)
        assert form.sign_in(password, 6 + throttling.LONGEST, device=device)

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
        assert devices.issued(KEY, cookie, "gk3").count(".") == cookie.count(".")  # already known: not counted twice

    @pytest.mark.parametrize("forged", ["", ".", "x.y", "a" * 600, "ố.ố", "\ud800.x", "x" * 22 + "." + "y" * 24])
    def test_cannot_be_forged_without_the_key(self, forged: str) -> None:
        assert devices.of_anybody(KEY, forged) == devices.of_account(KEY, forged, "gk1") == ""

    def test_a_cookie_of_another_server_or_with_a_tag_of_another_browser_is_none(self) -> None:
        mine, other = devices.issued(KEY, "", "gk1"), devices.issued(KEY, "", "gk2")
        assert devices.of_account("z" * 32, mine, "gk1") == ""
        mixed = ".".join([*other.split(".")[:2], mine.split(".")[2]])
        assert devices.of_anybody(KEY, mixed) != "" and devices.of_account(KEY, mixed, "gk1") == ""


class TestGuessingBesideTheJudges:
    """A stranger guesses without pause from the judges' network; every judge still gets in, known there before or
    not.
    """

    def test_any_names_with_one_browser(self, form: SignInForm, password: str) -> None:
        for number in range(400):
            form.guess(number / 2, username=f"nobody{number}")
        assert form.sign_in(password, 200, browser="of the judge")
        assert form.waited == 0

    def test_any_names_with_a_new_browser_each_time_six_at_once(self, form: SignInForm, password: str) -> None:
        """Each of the six waits for its turn, and so does the judge: nobody gets every turn."""
        free_at, number = [0.0] * 6, 0
        while min(free_at) < 120:
            at, socket = min((at, socket) for socket, at in enumerate(free_at))
            form.waited, number = 0.0, number + 1
            form.guess(at, username=f"nobody{number}", browser=f"thief{number}")
            free_at[socket] = at + form.waited + 0.3
        assert form.sign_in(password, 120, browser="of the judge")
        assert form.waited <= 15

    def test_the_judges_name_with_one_browser(self, form: SignInForm, password: str) -> None:
        for number in range(600):
            form.guess(number)
        assert form.sign_in(password, 600, browser="of the judge")
        assert form.waited <= throttling.PATIENCE / 1000

    def test_the_judges_name_with_a_new_browser_each_time_six_at_once(self, form: SignInForm, password: str) -> None:
        """Such a stranger cannot be told from the judge: each of the seven gets a seventh of the turns."""
        free_at, number = [0.0] * 6, 0
        while min(free_at) < 200:
            at, socket = min((at, socket) for socket, at in enumerate(free_at))
            form.waited, number = 0.0, number + 1
            result = form.guess(at, browser=f"thief{number}")
            assert result == "WrongPassword"  # it waited for its turn
            free_at[socket] = at + form.waited + 0.5
        assert form.sign_in(password, 200, browser="of the judge")
        assert form.waited <= 7 * throttling.NAME.every / 1000

    def test_the_judges_name_from_another_network_with_a_new_browser_each_time(
        self, form: SignInForm, password: str
    ) -> None:
        for number in range(300):
            form.guess(number * 2, place=ELSEWHERE, browser=f"thief{number}")
        for _ in range(throttling.FIRST - 1):
            assert not form.sign_in("a slip", 600, browser="of the judge")
        assert form.sign_in(password, 600, browser="of the judge")
        assert form.waited == 0


class TestBounds:
    """The bounds in the table of `core.desk.accounts.throttling`, tested for an hour or two with a new browser for
    each guess.
    """

    @pytest.fixture
    def store(self, sqlite_store: Store) -> Store:
        """Only SQLite: both databases hold the same counts, and an hour of guesses takes long."""
        return sqlite_store

    def test_one_account_from_ever_new_networks(self, form: SignInForm, password: str) -> None:
        for number in range(HOUR // 10):
            form.guess(number * 10, place=f"10.{number // 250}.{number % 250}.1", browser=f"thief{number}")
        assert form.checked <= throttling.NEW.burst + HOUR / 60 + throttling.NAME.burst + HOUR / 5 + 2

    def test_one_account_from_one_place(self, form: SignInForm, password: str) -> None:
        for number in range(HOUR // 6):
            form.guess(number * 2, browser=f"thief{number}")
        assert (
            form.checked
            <= throttling.FIRST
            + throttling.NAME.burst
            + (HOUR // 3 * 1000 + throttling.PATIENCE) / throttling.NAME.every
            + 1
        )

    def test_many_accounts_from_one_place(self, form: SignInForm) -> None:
        for number in range(400):
            form.guess(number / 2, username=f"name{number}", browser=f"thief{number}")
        assert form.checked <= throttling.PLACE.burst + 200 / 2 + throttling.PATIENCE / 2000 + 1

    def test_signing_in_between_guesses_gives_no_additional_guesses(self, form: SignInForm, password: str) -> None:
        """Signing in with one's own account between guesses must not give the network's tries back."""
        guessed = 0
        for number in range(200):
            with suppress(TooManyTries):
                assert form.sign_in(password, number / 10, browser="an insider")
            guessed += form.guess(number / 10, username=f"name{number}", browser=f"t{number}") == "WrongPassword"
        assert guessed <= throttling.PLACE.burst + 20 / 2 + throttling.PATIENCE / 2000 + 1

    def test_many_at_once_do_not_pass_before_the_first_failure_is_counted(
        self, form: SignInForm, password: str
    ) -> None:
        with ThreadPoolExecutor(20) as pool:
            list(pool.map(lambda _: form.guess(0), range(40)))
        assert form.checked == throttling.FREE["browser"]


class TestUnknownNames:
    def test_names_that_do_not_exist_wait_alike(self, form: SignInForm, password: str) -> None:
        """ASVS 6.3.8; with one browser and with many, from one network and from many."""

        def results(username: str) -> list[str]:
            found: list[str] = []
            for number in range(30):
                browser, place = f"{username}{number // 4}", f"10.{len(username)}.{number // 9}.1"
                found.append(form.guess(number * 2, username, place, browser))
                found[-1] += f" {form.waited}"
            return found

        assert results("gk1") == results("no")

    def test_the_addresses_of_one_ipv6_network_count_together(self) -> None:
        assert (
            throttling.network("2001:db8:1:2::1")
            == throttling.network("2001:db8:1:2:ffff::1%eth0")
            == "2001:db8:1:2::/64"
        )
        assert throttling.network("2001:db8:1:3::1") != throttling.network("2001:db8:1:2::1")
        assert throttling.network("::ffff:10.0.0.1") == "10.0.0.1"
        assert throttling.network("x" * 200) == "x" * 64


class TestHashingQueue:
    """Two passwords are hashed at a time; a stranger's never come before a judge's."""

    @pytest.mark.timed
    def test_strangers_get_one_of_the_two_hashing_slots(self, store: Store, password: str) -> None:
        begun, release, together = threading.Semaphore(0), threading.Event(), []
        lock = threading.Lock()

        def slow(plain: str, _hashed: str) -> bool:
            with lock:
                together.append(plain)
            begun.release()
            release.wait(60)
            with lock:
                together.remove(plain)
            return False

        def guess(number: int) -> None:
            with suppress(WrongPassword, TooManyTries):
                sessions.sign_in(store, Attempt(f"name{number}", "wrong", JUDGES_NETWORK, f"b{number}"), NOW, slow)

        with ThreadPoolExecutor(8) as pool:
            guesses = [pool.submit(guess, number) for number in range(8)]
            begun.acquire(timeout=60)
            time.sleep(0.1)
            assert len(together) == 1
            began = time.monotonic()
            attempt = Attempt("gk1", password, JUDGES_NETWORK, "browser", devices.issued(KEY, "", "gk1"))
            assert sessions.sign_in(store, attempt, NOW)
            assert time.monotonic() - began < 2
            release.set()
            for each in guesses:
                each.result(60)

    def test_a_user_who_would_wait_too_long_is_asked_to_try_again(
        self, store: Store, password: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(passwords, "QUEUE_S", 0.05)
        with passwords.UNKNOWN, pytest.raises(TooManyTries):
            sessions.sign_in(store, Attempt("gk1", password, JUDGES_NETWORK, "browser"), NOW)


def test_a_ticket_given_after_a_wait_is_good_for_thirty_seconds_from_then(store: Store, password: str) -> None:
    form = SignInForm(store)
    for number in range(30):
        form.guess(0, username=f"name{number}", browser=f"thief{number}")
    ticket = sessions.sign_in(store, Attempt("gk1", password, JUDGES_NETWORK, "browser"), NOW, sleep=lambda _: None)
    later = NOW + timedelta(seconds=40)  # twenty of them until its turn came
    assert sessions.establish(store, ticket, "browser", JUDGES_NETWORK, "", later)
