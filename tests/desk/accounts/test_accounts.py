"""Accounts and their rules: `core.desk.accounts.accounts`."""

import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.desk.accounts import (
    account_refusals,
    accounts,
    password_resets,
    passwords,
    reauthentication,
    sessions,
    throttling,
)
from core.rules.access import NotAllowed, Principal, Role
from core.store import tables
from core.store.engine import Store

NOW = datetime(2024, 10, 1, 8, tzinfo=UTC)
ADMIN = accounts.SYSTEM
GOOD = "con trâu đi trước cái cày"
TOML = (Path(__file__).parents[3] / "data" / "contests" / "son-la-2024.toml").read_text()


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)


def signed_in(store: Store, username: str, password: str, now: datetime = NOW, address: str = "10.0.0.1") -> Principal:
    ticket = sessions.sign_in(store, sessions.Attempt(username, password, address, "browser"), now)
    secret = sessions.establish(store, ticket, "browser", address, "a test", now)
    who = sessions.principal(store, secret, now)
    assert who is not None
    return who


def events(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.scalars(sa.select(tables.ledger.c.event).order_by(tables.ledger.c.seq)))


def opened(store: Store, *, demo: bool) -> None:
    row = {
        "id": 1,
        "toml": TOML,
        "rule_card": "sha256:0",
        "rule_card_version": 1,
        "seed": "s",
        "is_demo": int(demo),
        "opened_at": 0,
    }
    store.change(lambda transaction: transaction.connection.execute(tables.contest.insert().values(row)).close())


def test_people_are_in_the_order_of_a_vietnamese_list(store: Store) -> None:
    """docs/design.md, Text: given name, family name, middle names; đ after d, ngang before huyền before nặng."""
    for number, name in enumerate(
        ("Lò Văn Đức", "Trần Thị Ánh", "Đỗ Văn An", "Lò Văn Dũng", "Nguyễn Văn Ân", "Doãn Thị An")
    ):
        accounts.add(store, ADMIN, f"gk{number}", name, [Role.JUDGE], NOW)
    ordered = ["Doãn Thị An", "Đỗ Văn An", "Trần Thị Ánh", "Nguyễn Văn Ân", "Lò Văn Dũng", "Lò Văn Đức"]
    assert [each.name for each in accounts.listed(store, ADMIN)] == ordered


class TestCreating:
    def test_a_new_account_signs_in_with_its_temporary_password_and_must_change_it(self, store: Store) -> None:
        given = accounts.add(store, ADMIN, "Gk1", "Lò Thị Hoà", [Role.JUDGE], NOW)
        who = signed_in(store, "gk1", given)
        assert who.must_change_password
        assert who.name == "Lò Thị Hoà"
        assert events(store) == ["account.added", "session.began"]

    def test_no_password_and_no_hash_of_one_is_in_the_ledger(self, store: Store) -> None:
        given = accounts.add(store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        signed_in(store, "gk1", given)
        with store.read() as connection:
            text = "".join(connection.scalars(sa.select(tables.ledger.c.payload)))
            stored = connection.execute(sa.select(tables.account.c.password)).scalar_one()
        assert given not in text
        assert stored not in text

    @pytest.mark.parametrize("username", ["", "ab", "a" * 33, "gk 1", "gk/1", "hoà", "gk1\nx", "gk\u200b1", "аdmin"])
    def test_a_username_is_plain(self, store: Store, username: str) -> None:
        with pytest.raises(account_refusals.BadUsername):
            accounts.add(store, ADMIN, username, "A", [Role.JUDGE], NOW)

    def test_a_username_is_unique(self, store: Store) -> None:
        accounts.add(store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        with pytest.raises(account_refusals.UsernameTaken):
            accounts.add(store, ADMIN, "GK1", "B", [Role.JUDGE], NOW)

    @pytest.mark.parametrize("other", [Role.SECRETARY, Role.COMMITTEE, Role.CHANNEL, Role.ADMIN])
    def test_a_judge_has_no_other_role(self, store: Store, other: Role) -> None:
        with pytest.raises(account_refusals.RolesApart):
            accounts.add(store, ADMIN, "gk1", "A", [Role.JUDGE, other], NOW)

    @pytest.mark.parametrize("other", [role for role in Role if role is not Role.ADMIN])
    def test_an_administrator_has_no_other_role(self, store: Store, other: Role) -> None:
        with pytest.raises(account_refusals.RolesApart):
            accounts.add(store, ADMIN, "qtv", "A", [Role.ADMIN, other], NOW)

    def test_only_administrators_make_accounts(self, store: Store) -> None:
        for role in set(Role) - {Role.ADMIN}:
            stranger = Principal("x", "X", frozenset({role}), "")
            with pytest.raises(NotAllowed):
                accounts.add(store, stranger, "gk1", "A", [Role.JUDGE], NOW)
            with pytest.raises(NotAllowed):
                accounts.listed(store, stranger)

    def test_demo_accounts_exist_only_in_a_demo_contest(self, sqlite_store: Store) -> None:
        opened(sqlite_store, demo=False)
        with pytest.raises(account_refusals.DemoOnly):
            accounts.add(sqlite_store, ADMIN, "gk1", "A", [Role.JUDGE], NOW, demo_password=GOOD)
        assert accounts.demo_accounts(sqlite_store) == ()
        assert not accounts.any_demo(sqlite_store)

    def test_demo_accounts_are_shown_in_the_demo(self, sqlite_store: Store) -> None:
        opened(sqlite_store, demo=True)
        accounts.add(sqlite_store, ADMIN, "gk1", "A", [Role.JUDGE], NOW, demo_password=GOOD)
        accounts.add(sqlite_store, ADMIN, "real", "B", [Role.JUDGE], NOW)
        assert [each.username for each in accounts.demo_accounts(sqlite_store)] == ["gk1"]
        assert not signed_in(sqlite_store, "gk1", GOOD).must_change_password


class TestPasswords:
    """NIST SP 800-63B: length counts, composition does not, common ones are refused."""

    @pytest.mark.parametrize(
        "password, reason",
        [
            ("ngắn quá", account_refusals.PasswordShort),
            ("con trâu " * 15, account_refusals.PasswordSpaced),
            ("con trâu." * 15, account_refusals.PasswordLong),
            ("matkhau123456", account_refusals.PasswordCommon),
            ("Mật khẩu của tôi 2024", account_refusals.PasswordCommon),
            ("anhyeuemnhieu", account_refusals.PasswordCommon),
            ("anh yêu em mãi mãi", account_refusals.PasswordCommon),
            ("123456789012", account_refusals.PasswordCommon),
            ("aaaaaaaaaaaaaaa", account_refusals.PasswordCommon),
            ("giamkhao01-rat-dai", account_refusals.PasswordCommon),
            (" con trâu đi trước", account_refusals.PasswordSpaced),
        ],
    )
    def test_each_bad_password_has_its_reason(self, password: str, reason: type[Exception]) -> None:
        with pytest.raises(reason):
            passwords.acceptable(password, "giamkhao01")

    @pytest.mark.parametrize("password", [GOOD, "kxq-mwe-7tr-2pl", "ba con vịt xiêm ăn ngô"])
    def test_a_sentence_is_a_good_password(self, password: str) -> None:
        passwords.acceptable(password, "giamkhao01")

    def test_the_same_letters_typed_in_another_form_are_the_same_password(self, sqlite_store: Store) -> None:
        """The word hoà may come as one code point or as two (ASVS 6.2.9)."""
        given = accounts.add(sqlite_store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        who = signed_in(sqlite_store, "gk1", given)
        accounts.change_password(sqlite_store, who, given, unicodedata.normalize("NFD", GOOD), "browser", NOW)
        assert not signed_in(sqlite_store, "gk1", unicodedata.normalize("NFC", GOOD)).must_change_password

    def test_changing_it_ends_every_other_session_and_gives_this_browser_a_new_one(self, store: Store) -> None:
        given = accounts.add(store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        first, second = signed_in(store, "gk1", given), signed_in(store, "gk1", given)
        ticket = accounts.change_password(store, first, given, GOOD, "browser", NOW)
        assert sessions.principal_of(store, second.session, NOW) is None
        secret = sessions.establish(store, ticket, "browser", "10.0.0.1", "", NOW, replaced=first.session)
        assert sessions.principal_of(store, first.session, NOW) is None
        renewed = sessions.principal(store, secret, NOW)
        assert renewed is not None
        assert not renewed.must_change_password

    def test_the_session_that_changed_it_ends_within_half_a_minute_even_if_unused(self, store: Store) -> None:
        given = accounts.add(store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        who = signed_in(store, "gk1", given)
        accounts.change_password(store, who, given, GOOD, "browser", NOW)
        assert sessions.principal_of(store, who.session, NOW + timedelta(seconds=31)) is None

    def test_the_current_password_is_required_and_cannot_be_reused(self, sqlite_store: Store) -> None:
        given = accounts.add(sqlite_store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        who = signed_in(sqlite_store, "gk1", given)
        with pytest.raises(reauthentication.WrongAgain):
            accounts.change_password(sqlite_store, who, "not the one", GOOD, "browser", NOW)
        accounts.change_password(sqlite_store, who, given, GOOD, "browser", NOW)
        with pytest.raises(account_refusals.SamePassword):
            accounts.change_password(sqlite_store, who, GOOD, GOOD, "browser", NOW)

    def test_guessing_the_current_password_in_an_open_session_is_throttled(self, store: Store) -> None:
        given = accounts.add(store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        who = signed_in(store, "gk1", given)
        for _ in range(throttling.FREE["account"]):
            with pytest.raises(reauthentication.WrongAgain):
                accounts.change_password(store, who, "not the one", GOOD, "browser", NOW)
        with pytest.raises(account_refusals.TooSoon):
            accounts.change_password(store, who, given, GOOD, "browser", NOW)
        accounts.change_password(store, who, given, GOOD, "browser", NOW + timedelta(seconds=throttling.LONGEST))

    def test_of_two_simultaneous_changes_the_second_is_refused(
        self, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given = accounts.add(sqlite_store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        who = signed_in(sqlite_store, "gk1", given)

        def meanwhile(*_: str) -> None:
            password_resets.temporary(sqlite_store, ADMIN, "gk1", NOW)

        monkeypatch.setattr(passwords, "acceptable", meanwhile)
        with pytest.raises(reauthentication.WrongAgain):
            accounts.change_password(sqlite_store, who, given, GOOD, "browser", NOW)


class TestReauthentication:
    """Saying the password again before an irreversible action: `core.desk.accounts.reauthentication`."""

    def test_the_right_password_reauthenticates_the_same_person(self, store: Store) -> None:
        given = accounts.add(store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        who = signed_in(store, "gk1", given)
        accounts.change_password(store, who, given, GOOD, "browser", NOW)
        assert reauthentication.reauthenticate(
            store, who, unicodedata.normalize("NFD", GOOD), NOW
        ) == reauthentication.Reauthenticated(who)

    @pytest.mark.parametrize("typed", ["", "not the one", "x" * 100, "\x00"])
    def test_any_other_password_reauthenticates_nobody(self, sqlite_store: Store, typed: str) -> None:
        given = accounts.add(sqlite_store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        who = signed_in(sqlite_store, "gk1", given)
        with pytest.raises(reauthentication.WrongAgain):
            reauthentication.reauthenticate(sqlite_store, who, typed, NOW)

    def test_guessing_throttles_only_this_session(self, sqlite_store: Store) -> None:
        given = accounts.add(sqlite_store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        here, there = signed_in(sqlite_store, "gk1", given), signed_in(sqlite_store, "gk1", given)
        for _ in range(throttling.FREE["account"]):
            with pytest.raises(reauthentication.WrongAgain):
                reauthentication.reauthenticate(sqlite_store, here, "not the one", NOW)
        with pytest.raises(account_refusals.TooSoon):
            reauthentication.reauthenticate(sqlite_store, here, given, NOW)
        assert reauthentication.reauthenticate(sqlite_store, there, given, NOW) == reauthentication.Reauthenticated(
            there
        )


class TestLinks:
    def test_a_link_sets_a_password_once_and_ends_every_session(self, store: Store) -> None:
        given = accounts.add(store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        who = signed_in(store, "gk1", given)
        link = password_resets.reset_link(store, ADMIN, "gk1", NOW)
        assert password_resets.link_owner(store, link, NOW) == "gk1"
        password_resets.use_link(store, link, GOOD, NOW)
        assert sessions.principal_of(store, who.session, NOW) is None
        signed_in(store, "gk1", GOOD)
        with pytest.raises(account_refusals.LinkSpent):
            password_resets.use_link(store, link, GOOD + "!", NOW)

    def test_of_two_simultaneous_uses_of_a_link_one_succeeds(self, store: Store) -> None:
        accounts.add(store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        link = password_resets.reset_link(store, ADMIN, "gk1", NOW)

        def use(number: int) -> bool:
            try:
                password_resets.use_link(store, link, f"{GOOD} {number}", NOW)
            except account_refusals.LinkSpent:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(use, range(4))) == 1

    def test_a_newer_link_invalidates_the_older(self, sqlite_store: Store) -> None:
        accounts.add(sqlite_store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        older = password_resets.reset_link(sqlite_store, ADMIN, "gk1", NOW)
        password_resets.reset_link(sqlite_store, ADMIN, "gk1", NOW)
        with pytest.raises(account_refusals.LinkSpent):
            password_resets.link_owner(sqlite_store, older, NOW)

    @pytest.mark.parametrize("late", [True, False])
    def test_expired_links_and_links_of_closed_accounts_are_refused(self, sqlite_store: Store, late: bool) -> None:
        accounts.add(sqlite_store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        link = password_resets.reset_link(sqlite_store, ADMIN, "gk1", NOW)
        if not late:
            accounts.deactivate(sqlite_store, ADMIN, "gk1", NOW)
        with pytest.raises(account_refusals.LinkSpent):
            password_resets.use_link(sqlite_store, link, GOOD, NOW + password_resets.LINK * late)

    def test_a_closed_account_is_given_neither_a_link_nor_a_password(self, sqlite_store: Store) -> None:
        accounts.add(sqlite_store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        accounts.deactivate(sqlite_store, ADMIN, "gk1", NOW)
        for lost in (password_resets.reset_link, password_resets.temporary):
            with pytest.raises(account_refusals.AccountClosed):
                lost(sqlite_store, ADMIN, "gk1", NOW)


class TestLosingAccess:
    def test_losing_a_role_ends_every_session(self, store: Store) -> None:
        given = accounts.add(store, ADMIN, "btc", "A", [Role.COMMITTEE, Role.SECRETARY], NOW)
        who = signed_in(store, "btc", given)
        accounts.set_roles(store, ADMIN, "btc", [Role.COMMITTEE], NOW)
        assert sessions.principal_of(store, who.session, NOW) is None

    def test_gaining_a_role_ends_none(self, sqlite_store: Store) -> None:
        given = accounts.add(sqlite_store, ADMIN, "btc", "A", [Role.COMMITTEE], NOW)
        who = signed_in(sqlite_store, "btc", given)
        accounts.set_roles(sqlite_store, ADMIN, "btc", [Role.COMMITTEE, Role.SECRETARY], NOW)
        now = sessions.principal_of(sqlite_store, who.session, NOW)
        assert now is not None
        assert now.has(Role.SECRETARY)

    def test_roles_that_another_person_changed_meanwhile_are_not_overwritten(self, sqlite_store: Store) -> None:
        accounts.add(sqlite_store, ADMIN, "btc", "A", [Role.COMMITTEE], NOW)
        shown = [Role.COMMITTEE]
        accounts.set_roles(sqlite_store, ADMIN, "btc", [Role.COMMITTEE, Role.SECRETARY], NOW, seen=shown)
        with pytest.raises(account_refusals.RolesChanged):
            accounts.set_roles(sqlite_store, ADMIN, "btc", [Role.COMMITTEE, Role.CHANNEL], NOW, seen=shown)
        (account,) = [each for each in accounts.listed(sqlite_store, ADMIN) if each.username == "btc"]
        assert set(account.roles) == {Role.COMMITTEE, Role.SECRETARY}

    def test_a_closed_account_is_signed_out_at_once_and_cannot_sign_in(self, store: Store) -> None:
        given = accounts.add(store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        who = signed_in(store, "gk1", given)
        accounts.deactivate(store, ADMIN, "gk1", NOW)
        assert sessions.principal_of(store, who.session, NOW) is None
        with pytest.raises(sessions.WrongPassword):
            signed_in(store, "gk1", given)
        accounts.reactivate(store, ADMIN, "gk1", NOW)
        signed_in(store, "gk1", given, NOW + timedelta(minutes=1))

    def test_the_last_administrator_stays(self, sqlite_store: Store) -> None:
        accounts.add(sqlite_store, ADMIN, "qt1", "A", [Role.ADMIN], NOW)
        with pytest.raises(account_refusals.LastAdministrator):
            accounts.deactivate(sqlite_store, ADMIN, "qt1", NOW)
        with pytest.raises(account_refusals.LastAdministrator):
            accounts.set_roles(sqlite_store, ADMIN, "qt1", [Role.JUDGE], NOW)
        accounts.add(sqlite_store, ADMIN, "qt2", "B", [Role.ADMIN], NOW)
        accounts.deactivate(sqlite_store, ADMIN, "qt1", NOW)

    def test_listeners_are_notified_whenever_sessions_may_have_ended(
        self, sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls: list[int] = []
        listening: list[Callable[[], None]] = [lambda: calls.append(1)]
        monkeypatch.setattr(sessions, "_callbacks", listening)
        given = accounts.add(sqlite_store, ADMIN, "gk1", "A", [Role.JUDGE], NOW)
        who = signed_in(sqlite_store, "gk1", given)
        assert not calls
        sessions.end(sqlite_store, who, who.session, NOW)
        password_resets.temporary(sqlite_store, ADMIN, "gk1", NOW)
        accounts.deactivate(sqlite_store, ADMIN, "gk1", NOW)
        assert len(calls) == 3
