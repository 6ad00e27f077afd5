"""Signing in, tickets, sessions and delays: `core.desk.sessions` (SECURITY §2.10, design C)."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from core.desk import accounts, delays, lost_passwords, passwords, sessions
from core.desk.account_refusals import TooSoon
from core.desk.sessions import Attempt, WrongPassword
from core.rules.access import NotAllowed, Role
from core.store import tables
from core.store.engine import Store
from tests.desk.test_accounts import ADMIN, NOW, signed_in


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)


@pytest.fixture
def password(store: Store) -> str:
    return accounts.add(store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)


def refused(store: Store, password: str, now: datetime, *, username: str = "gk1", address: str = "10.0.0.9") -> str:
    """What a try that must fail is told."""
    try:
        tried(store, password, now, username=username, address=address)
    except (WrongPassword, TooSoon) as refusal:
        return str(refusal)
    raise AssertionError("let in")


def tried(store: Store, password: str, now: datetime, *, username: str = "gk1", address: str = "10.0.0.9") -> str:
    return sessions.sign_in(store, Attempt(username, password, address, "browser"), now)


class TestTickets:
    def test_a_ticket_is_good_once(self, store: Store, password: str) -> None:
        ticket = tried(store, password, NOW)
        sessions.establish(store, ticket, "browser", "", "", NOW)
        with pytest.raises(sessions.TicketSpent):
            sessions.establish(store, ticket, "browser", "", "", NOW)

    def test_a_ticket_is_good_in_its_own_browser_alone(self, store: Store, password: str) -> None:
        ticket = tried(store, password, NOW)
        with pytest.raises(sessions.TicketSpent):
            sessions.establish(store, ticket, "another", "", "", NOW)

    def test_a_ticket_is_good_for_thirty_seconds(self, store: Store, password: str) -> None:
        ticket = tried(store, password, NOW)
        with pytest.raises(sessions.TicketSpent):
            sessions.establish(store, ticket, "browser", "", "", NOW + sessions.TICKET)

    def test_of_many_at_once_one_wins(self, store: Store, password: str) -> None:
        ticket = tried(store, password, NOW)

        def establish(_: int) -> bool:
            try:
                sessions.establish(store, ticket, "browser", "", "", NOW)
            except sessions.TicketSpent:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(establish, range(16))) == 1

    @pytest.mark.parametrize("ends", ["new password", "role lost", "closed and opened", "signed out everywhere"])
    def test_a_ticket_dies_with_the_sessions_of_its_account(self, store: Store, ends: str) -> None:
        given = accounts.add(store, ADMIN, "btc", "A", [Role.COMMITTEE, Role.SECRETARY], NOW)
        who = signed_in(store, "btc", given)
        ticket = tried(store, given, NOW, username="btc")
        match ends:
            case "new password":
                accounts.change_password(store, who, given, "con trâu đi trước cái cày", "browser", NOW)
            case "role lost":
                accounts.set_roles(store, ADMIN, "btc", [Role.COMMITTEE], NOW)
            case "closed and opened":
                accounts.deactivate(store, ADMIN, "btc", NOW)
                accounts.reactivate(store, ADMIN, "btc", NOW)
            case _:
                sessions.end_all(store, who, NOW)
        with pytest.raises(sessions.TicketSpent):
            sessions.establish(store, ticket, "browser", "", "", NOW)

    def test_a_password_replaced_while_it_was_being_compared_gives_no_ticket(self, store: Store, password: str) -> None:
        def slow(_plain: str, _hashed: str) -> bool:
            lost_passwords.temporary(store, ADMIN, "gk1", NOW)
            return True

        with pytest.raises(WrongPassword):
            sessions.sign_in(store, Attempt("gk1", password, "10.0.0.9", "browser"), NOW, slow)

    def test_only_hashes_of_secrets_are_kept(self, sqlite_store: Store) -> None:
        given = accounts.add(sqlite_store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        ticket = tried(sqlite_store, given, NOW)
        secret = sessions.establish(sqlite_store, ticket, "browser", "", "", NOW)
        link = lost_passwords.reset_link(sqlite_store, ADMIN, "gk1", NOW)
        with sqlite_store.read() as connection:
            kept = "".join(
                str(row)
                for table in (tables.auth_session, tables.sign_in_ticket, tables.reset_link, tables.ledger)
                for row in connection.execute(sa.select(table))
            )
        for planted in (given, ticket, secret, link, "'browser'"):
            assert planted not in kept


class TestSessions:
    def test_a_session_idles_out_and_ends_for_good_in_the_evening(self, store: Store, password: str) -> None:
        who = signed_in(store, "gk1", password)
        assert sessions.principal_of(store, who.session, NOW + sessions.IDLE) is None
        at = NOW
        while at < NOW + sessions.ABSOLUTE:
            assert sessions.principal_of(store, who.session, at) is not None
            at += timedelta(hours=1)
        assert sessions.principal_of(store, who.session, at) is None

    def test_garbage_is_nobody(self, store: Store) -> None:
        for secret in ("", "x", "x" * 5000, "'; drop table account; --"):
            assert sessions.principal(store, secret, NOW) is None

    def test_ones_own_sessions_are_listed_and_ended_and_nobody_elses(self, store: Store, password: str) -> None:
        other = accounts.add(store, ADMIN, "gk2", "B", [Role.JUDGE], NOW)
        here, there = signed_in(store, "gk1", password), signed_in(store, "gk1", password)
        stranger = signed_in(store, "gk2", other)
        assert {each.session for each in sessions.own(store, here, NOW)} == {here.session, there.session}
        assert [each.current for each in sessions.own(store, here, NOW)].count(True) == 1
        with pytest.raises(NotAllowed):
            sessions.end(store, here, stranger.session, NOW)
        sessions.end(store, here, there.session, NOW)
        assert sessions.living(store, [here.session, there.session, stranger.session], NOW) == {
            here.session,
            stranger.session,
        }

    def test_all_others_end_and_this_one_stays(self, store: Store, password: str) -> None:
        here = signed_in(store, "gk1", password)
        for _ in range(3):
            signed_in(store, "gk1", password)
        assert sessions.end_all(store, here, NOW) == 3
        assert [each.session for each in sessions.own(store, here, NOW)] == [here.session]

    def test_signing_in_again_in_a_browser_ends_its_earlier_session(self, store: Store, password: str) -> None:
        earlier = signed_in(store, "gk1", password)
        ticket = tried(store, password, NOW)
        sessions.establish(store, ticket, "browser", "", "", NOW, replaced=earlier.session)
        assert sessions.principal_of(store, earlier.session, NOW) is None


class TestDelays:
    """Guessing slows down; nobody is ever locked out (SECURITY §2.1 A6)."""

    def test_the_wait_doubles_and_has_an_end(self, store: Store, password: str) -> None:
        at, waits = NOW, []
        for _ in range(12):
            with pytest.raises(WrongPassword):
                tried(store, "wrong", at)
            try:
                tried(store, "wrong", at)
            except TooSoon as soon:
                waits.append(int(str(soon.sentence.facts["seconds"])))
                at += timedelta(seconds=waits[-1])
            except WrongPassword:
                pass
        assert waits[:6] == [1, 2, 4, 8, 16, 30] or waits[:5] == [2, 4, 8, 16, 30]
        assert max(waits) == delays.LONGEST

    def test_after_fifty_wrong_guesses_the_right_password_works_once_the_wait_is_over(
        self, store: Store, password: str
    ) -> None:
        for number in range(50):
            with pytest.raises((WrongPassword, TooSoon)):
                tried(store, "wrong", NOW + timedelta(milliseconds=number))
        with pytest.raises(TooSoon):
            tried(store, password, NOW + timedelta(seconds=1))
        assert tried(store, password, NOW + timedelta(seconds=delays.LONGEST + 1))

    def test_a_place_the_judge_signed_in_from_before_does_not_wait_for_strangers_guesses(
        self, store: Store, password: str
    ) -> None:
        signed_in(store, "gk1", password, address="10.0.0.1")
        for number in range(20):
            with pytest.raises((WrongPassword, TooSoon)):
                tried(store, "wrong", NOW + timedelta(milliseconds=number), address="66.6.6.6")
        assert tried(store, password, NOW + timedelta(seconds=1), address="10.0.0.1")

    def test_who_comes_from_a_new_place_is_let_in_while_strangers_go_on_guessing(
        self, store: Store, password: str
    ) -> None:
        """Tried ten times a second for ten minutes: no gap is left to slip through, and none is needed."""
        for number in range(0, 6000, 50):
            refused(store, "wrong", NOW + timedelta(seconds=number / 10), address="66.6.6.6")
        at = NOW + timedelta(seconds=595.05)
        assert refused(store, password, at, address="66.6.6.6").startswith("Bạn đã nhập sai nhiều lần")
        for _ in range(delays.FREE["account"] - 1):
            assert refused(store, "a slip", at, address="10.9.9.9") == str(WrongPassword())
        assert tried(store, password, at, address="10.9.9.9")

    def test_at_a_new_place_the_guesses_of_all_places_count_after_a_few_tries(self, store: Store) -> None:
        for place in range(10):
            refused(store, "wrong", NOW, address=f"66.6.6.{place}")
        said = [refused(store, "wrong", NOW, address="10.9.9.9") for _ in range(delays.FREE["account"] + 1)]
        assert said[:-1] == [str(WrongPassword())] * delays.FREE["account"]
        assert said[-1].startswith("Bạn đã nhập sai nhiều lần")

    def test_the_addresses_of_one_ipv6_line_are_one_place(self, store: Store) -> None:
        for number in range(delays.FREE["address"]):
            refused(store, "wrong", NOW, username=f"name{number}", address=f"2001:db8:1:2::{number:x}")
        with pytest.raises(TooSoon):
            tried(store, "wrong", NOW, username="one more", address="2001:db8:1:2:ffff::1")
        assert refused(store, "wrong", NOW, username="one more", address="2001:db8:1:3::1") == str(WrongPassword())
        assert delays.keys("a", "::ffff:10.0.0.1", known=True) == delays.keys("a", "10.0.0.1", known=True)

    def test_a_clock_that_was_ahead_locks_nobody_out(self, store: Store, password: str) -> None:
        for _ in range(8):
            refused(store, "wrong", NOW + timedelta(days=365))
        assert tried(store, password, NOW)

    def test_names_that_do_not_exist_wait_alike(self, store: Store, password: str) -> None:
        answers: dict[str, list[str]] = {"gk1": [], "nobody": []}
        for username, said in answers.items():
            for number in range(8):
                at = NOW + timedelta(seconds=number)
                said.append(refused(store, "wrong", at, username=username, address=username))
        assert answers["gk1"] == answers["nobody"]

    def test_many_at_once_do_not_all_go_before_the_first_failure_is_counted(self, store: Store, password: str) -> None:
        looked: list[str] = []

        def slow(plain: str, _hashed: str) -> bool:
            looked.append(plain)
            time.sleep(0.05)
            return False

        def guess(number: int) -> None:
            attempt = Attempt("gk1", f"guess {number}", "66.6.6.6", "browser")
            with pytest.raises((WrongPassword, TooSoon)):
                sessions.sign_in(store, attempt, NOW, slow)

        with ThreadPoolExecutor(20) as pool:
            list(pool.map(guess, range(40)))
        assert len(looked) <= delays.FREE["account"]

    def test_one_address_guessing_at_many_names_is_slowed_too(self, store: Store) -> None:
        for number in range(delays.FREE["address"]):
            with pytest.raises(WrongPassword):
                tried(store, "wrong", NOW, username=f"name{number}", address="66.6.6.6")
        with pytest.raises(TooSoon):
            tried(store, "wrong", NOW, username="one more", address="66.6.6.6")


class TestTelling:
    """Nothing tells a name that exists from one that does not."""

    def test_the_same_work_is_done_for_every_pair(self, store: Store, password: str) -> None:
        worked: list[tuple[str, str]] = []

        def counted(plain: str, hashed: str) -> bool:
            worked.append((plain, hashed))
            return False

        for number, (username, guess) in enumerate([("gk1", "x"), ("nobody", "x"), ("gk1", "y" * 100), ("", "")]):
            with pytest.raises(WrongPassword):
                sessions.sign_in(store, Attempt(username, guess, f"10.0.1.{number}", "b"), NOW, counted)
        assert len(worked) == 4
        assert all(hashed.startswith("$2b$") for _, hashed in worked)

    def test_a_name_that_exists_takes_no_longer(self, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(passwords, "ROUNDS", 9)
        monkeypatch.setattr(passwords, "_decoy", [])
        accounts.add(sqlite_store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        passwords.decoy()
        best = {"gk1": 1.0, "nobody": 1.0}
        for number in range(12):  # by turns, in time of the processor: what else the machine does is not counted
            for username, fastest in tuple(best.items()):
                began, at = time.process_time(), NOW + timedelta(minutes=number)
                refused(sqlite_store, "wrong", at, username=username, address=f"10.{number}.0.1")
                best[username] = min(fastest, time.process_time() - began)
        assert 1 / 1.5 < best["gk1"] / best["nobody"] < 1.5

    def test_a_password_longer_than_bcrypt_reads_is_wrong_even_where_its_beginning_is_right(
        self, sqlite_store: Store
    ) -> None:
        long = "x1y2z3w4" * 9
        hashed = passwords.hashed(long)
        assert passwords.matching(long, hashed)
        assert not passwords.matching(long + "!", hashed)
        assert not passwords.matching(long + "!" * 1000, hashed)

    def test_megabytes_for_a_name_or_a_password_are_a_wrong_pair(self, sqlite_store: Store) -> None:
        much = "e\u0323\u0302" * 5_000_000
        began = time.process_time()
        for username, password in ((much, "x"), ("gk1", much)):
            assert refused(sqlite_store, password, NOW, username=username) == str(WrongPassword())
        assert time.process_time() - began < 1.0  # composing the letters of one takes as long
