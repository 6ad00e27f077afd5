"""Sign-in, tickets, sessions and delays: `core.desk.accounts.sessions` (docs/security.md, Sessions)."""

import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from core.desk.accounts import accounts, password_resets, passwords, sessions
from core.desk.accounts.sessions import Attempt, WrongPassword
from core.rules.access import NotAllowed, Role
from core.rules.vietnamese import bare, fold
from core.store import tables
from core.store.engine import Store
from tests.desk.accounts.test_accounts import ADMIN, NOW, signed_in


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)


@pytest.fixture
def password(store: Store) -> str:
    return accounts.add(store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)


def refused(store: Store, password: str, now: datetime, *, username: str = "gk1", address: str = "10.0.0.9") -> str:
    """The error of a sign-in that must fail."""
    try:
        tried(store, password, now, username=username, address=address)
    except WrongPassword as refusal:
        return str(refusal)
    raise AssertionError("let in")


def tried(store: Store, password: str, now: datetime, *, username: str = "gk1", address: str = "10.0.0.9") -> str:
    return sessions.sign_in(store, Attempt(username, password, address, "browser"), now)


def everything_kept(store: Store) -> str:
    """Every row of every table."""
    with store.read() as connection:
        return "".join(
            str(row) for table in tables.metadata.sorted_tables for row in connection.execute(sa.select(table))
        )


class TestTickets:
    def test_a_ticket_is_good_once(self, store: Store, password: str) -> None:
        ticket = tried(store, password, NOW)
        sessions.establish(store, ticket, "browser", "", "", NOW)
        with pytest.raises(sessions.TicketSpent):
            sessions.establish(store, ticket, "browser", "", "", NOW)

    def test_a_ticket_is_valid_only_in_its_own_browser(self, store: Store, password: str) -> None:
        ticket = tried(store, password, NOW)
        with pytest.raises(sessions.TicketSpent):
            sessions.establish(store, ticket, "another", "", "", NOW)

    def test_a_ticket_is_good_for_thirty_seconds(self, store: Store, password: str) -> None:
        ticket = tried(store, password, NOW)
        with pytest.raises(sessions.TicketSpent):
            sessions.establish(store, ticket, "browser", "", "", NOW + sessions.TICKET)

    def test_of_many_concurrent_uses_one_succeeds(self, store: Store, password: str) -> None:
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
    def test_a_ticket_ends_with_its_accounts_sessions(self, store: Store, ends: str) -> None:
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
            password_resets.temporary(store, ADMIN, "gk1", NOW)
            return True

        with pytest.raises(WrongPassword):
            sessions.sign_in(store, Attempt("gk1", password, "10.0.0.9", "browser"), NOW, slow)

    def test_only_hashes_of_secrets_are_kept(self, sqlite_store: Store) -> None:
        given = accounts.add(sqlite_store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        ticket = tried(sqlite_store, given, NOW)
        secret = sessions.establish(sqlite_store, ticket, "browser", "", "", NOW)
        link = password_resets.reset_link(sqlite_store, ADMIN, "gk1", NOW)
        stored = everything_kept(sqlite_store)
        for planted in (given, ticket, secret, link, "'browser'"):
            assert planted not in stored


class TestSessions:
    def test_a_session_expires_when_idle_and_at_a_maximum_age(self, store: Store, password: str) -> None:
        who = signed_in(store, "gk1", password)
        assert sessions.principal_of(store, who.session, NOW + sessions.IDLE) is None
        at = NOW
        while at < NOW + sessions.ABSOLUTE:
            assert sessions.principal_of(store, who.session, at) is not None
            at += timedelta(hours=1)
        assert sessions.principal_of(store, who.session, at) is None

    def test_an_invalid_secret_identifies_nobody(self, store: Store) -> None:
        for secret in ("", "x", "x" * 5000, "'; drop table account; --"):
            assert sessions.principal(store, secret, NOW) is None

    def test_a_user_lists_and_ends_only_their_own_sessions(self, store: Store, password: str) -> None:
        other = accounts.add(store, ADMIN, "gk2", "B", [Role.JUDGE], NOW)
        here, there = signed_in(store, "gk1", password), signed_in(store, "gk1", password)
        stranger = signed_in(store, "gk2", other)
        assert {each.session for each in sessions.own(store, here, NOW)} == {here.session, there.session}
        assert [each.current for each in sessions.own(store, here, NOW)].count(True) == 1
        with pytest.raises(NotAllowed):
            sessions.end(store, here, stranger.session, NOW)
        sessions.end(store, here, there.session, NOW)
        assert sessions.open_sessions(store, [here.session, there.session, stranger.session], NOW) == {
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


class TestNoEnumeration:
    """No response distinguishes an existing name from an unknown one."""

    def test_every_name_and_password_pair_costs_the_same_work(self, store: Store, password: str) -> None:
        worked: list[tuple[str, str]] = []

        def counted(plain: str, hashed: str) -> bool:
            worked.append((plain, hashed))
            return False

        for number, (username, guess) in enumerate([("gk1", "x"), ("nobody", "x"), ("gk1", "y" * 200), ("", "")]):
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
        for number in range(12):  # alternating, in CPU time: other programs do not count
            for username, fastest in tuple(best.items()):
                began, at = time.process_time(), NOW + timedelta(hours=number, minutes=len(username) * 5)
                refused(sqlite_store, "wrong", at, username=username, address=f"10.{number}.0.1")
                best[username] = min(fastest, time.process_time() - began)
        assert 1 / 1.5 < best["gk1"] / best["nobody"] < 1.5

    @pytest.mark.parametrize("typed", ["mật-khẩu-gõ-nhầm-ô", "xem-thu-son-la", "matkhau-cua-toi\x00", "\ud800 lone"])
    def test_a_password_typed_in_the_field_of_the_name_is_not_stored(self, sqlite_store: Store, typed: str) -> None:
        refused(sqlite_store, "x", NOW, username=typed)
        stored = everything_kept(sqlite_store)
        plain = unicodedata.normalize("NFC", typed).lower()
        for form in (plain, bare(plain), fold(plain), sessions.hashed(plain.encode("utf-8", "replace").decode())[:16]):
            assert form not in stored
        assert "session.denied" in stored

    def test_the_log_names_accounts_that_exist_and_nothing_that_was_typed(
        self, sqlite_store: Store, caplog: pytest.LogCaptureFixture
    ) -> None:
        given = accounts.add(sqlite_store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        caplog.set_level("INFO", "judging-desk.security")
        for username in ("gk1", "PLANTED-NAME"):
            refused(sqlite_store, "PLANTED-WORD", NOW, username=username, address="2001:db8::7")
        here = signed_in(sqlite_store, "gk1", given)
        sessions.end(sqlite_store, here, here.session, NOW)
        assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
            ("WARNING", "sign-in failed: gk1 from 2001:db8::/64"),
            ("WARNING", "sign-in failed: (no such account) from 2001:db8::/64"),
            ("INFO", "signed in: gk1 from 10.0.0.1"),
            ("INFO", "session ended by gk1: one of their own"),
        ]

    def test_a_name_or_password_of_megabytes_is_a_wrong_pair(self, sqlite_store: Store) -> None:
        much = "e\u0323\u0302" * 5_000_000
        began = time.process_time()
        for username, password in ((much, "x"), ("gk1", much)):
            assert refused(sqlite_store, password, NOW, username=username) == str(WrongPassword())
        assert time.process_time() - began < 1.0  # Unicode composition takes as long
