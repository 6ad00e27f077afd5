"""An administrator's change after the first sheet has no effect until somebody else has confirmed it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.desk import assignments
from core.desk.accounts import accounts, confirmations, password_resets, passwords, sessions
from core.desk.accounts.account_refusals import NotWaiting, OwnAccount
from core.desk.awards import award_decisions
from core.desk.judging import judge_sheets
from core.desk.judging.judge_sheets import Change
from core.desk.standings import standings_board
from core.rules.access import NotAllowed, NotConfirmed, Principal, Role
from core.store.engine import Store
from tests.desk.contest_with_panel import CHIEF, CODES, LAN, NOW, SECRETARY, assigned_panel, joined, person
from tests.desk.test_authorization import signed_in
from tests.desk.test_panel_changes import events

ADMIN = accounts.SYSTEM
COMMITTEE = person("ban", Role.COMMITTEE)
MADE = replace(person("gk.moi", Role.JUDGE), session="")


@pytest.fixture(autouse=True)
def _no_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hashed", lambda _: "x")


@pytest.fixture
def marked(store: Store) -> Store:
    """A contest after its first sheet, with a committee account."""
    joined(assigned_panel(store), COMMITTEE)
    sealed(store, LAN)
    return store


def sealed(store: Store, who: Principal) -> object:
    version = judge_sheets.save(store, who, CODES[0], Change({"ND": "30", "ST": "10"}), 0, NOW).version
    return judge_sheets.submit(store, who, CODES[0], version, who.username.replace(".", "-").ljust(16, "k"), NOW)


def made(store: Store) -> Principal:
    accounts.add(store, ADMIN, "gk.moi", "Lường Thị Mới", [Role.JUDGE], NOW)
    assignments.assign(store, CHIEF, "gk.moi", "bổ sung", NOW)
    return MADE


def added(store: Store) -> str:
    made(store)
    return "gk.moi"


def raised(store: Store) -> str:
    accounts.set_roles(store, ADMIN, "thuky", [Role.SECRETARY, Role.COMMITTEE], NOW)
    return "thuky"


def given_a_password(store: Store) -> str:
    password_resets.temporary(store, ADMIN, "minh", NOW)
    return "minh"


def given_a_link(store: Store) -> str:
    password_resets.use_link(store, password_resets.reset_link(store, ADMIN, "minh", NOW), "mật khẩu mới 2024 dài", NOW)
    return "minh"


def opened_again(store: Store) -> str:
    accounts.deactivate(store, ADMIN, "lan", NOW)
    accounts.reactivate(store, ADMIN, "lan", NOW)
    return "lan"


WAYS: dict[str, Callable[[Store], str]] = {
    "added": added, "roles": raised, "password": given_a_password, "link": given_a_link, "reactivated": opened_again,
}  # fmt: skip


class TestAnAdministratorAlone:
    def test_cannot_mark_with_an_account_they_created(self, marked: Store) -> None:
        with pytest.raises(NotConfirmed):
            sealed(marked, made(marked))
        assert len(events(marked, "sheet.sealed")) == 1

    def test_cannot_mark_with_a_password_they_set_for_a_judge(self, marked: Store) -> None:
        given_a_password(marked)
        with pytest.raises(NotConfirmed):
            sealed(marked, person("minh", Role.JUDGE))

    def test_cannot_decide_with_a_role_they_granted(self, marked: Store) -> None:
        raised(marked)
        who = signed_in(marked, replace(person("thuky", Role.SECRETARY, Role.COMMITTEE)))
        with pytest.raises(NotConfirmed):
            award_decisions.withhold(marked, who, "NHAT", 1, "chưa đạt", NOW)
        assert events(marked, "decision.made") == []

    def test_cannot_confirm_an_account_they_created(self, marked: Store) -> None:
        made(marked)
        for who in (person("quantri", Role.ADMIN), LAN, SECRETARY):
            with pytest.raises(NotAllowed):
                confirmations.confirm(marked, who, "gk.moi", NOW)

    def test_cannot_confirm_with_a_second_unconfirmed_account(self, marked: Store) -> None:
        made(marked)
        accounts.add(marked, ADMIN, "ban.hai", "Ban Hai", [Role.COMMITTEE], NOW)
        who = signed_in(marked, person("ban.hai", Role.COMMITTEE))
        with pytest.raises((NotConfirmed, NotAllowed)):
            confirmations.confirm(marked, who, "gk.moi", NOW)
        assert events(marked, "account.confirmed") == []

    @pytest.mark.parametrize("role", [Role.CHIEF, Role.COMMITTEE, Role.CHANNEL, Role.SECRETARY])
    def test_cannot_read_with_an_account_they_created(self, marked: Store, role: Role) -> None:
        accounts.add(marked, ADMIN, "ban.hai", "Ban Hai", [role], NOW)
        who = signed_in(marked, person("ban.hai", role))
        known = sessions.principal_of(marked, who.session, NOW)
        assert known is not None and (known.confirmed, known.roles) == (False, frozenset())
        assert not standings_board.may_see(marked, known)
        confirmations.confirm(marked, CHIEF if role is not Role.CHIEF else COMMITTEE, "ban.hai", NOW)
        known = sessions.principal_of(marked, who.session, NOW)
        assert known is not None and (known.confirmed, known.roles) == (True, frozenset({role}))

    def test_a_judge_who_waits_reads_what_a_judge_reads(self, marked: Store) -> None:
        given_a_password(marked)
        who = signed_in(marked, person("minh", Role.JUDGE))
        known = sessions.principal_of(marked, who.session, NOW)
        assert known is not None and (known.confirmed, known.roles) == (False, frozenset({Role.JUDGE}))

    def test_open_connections_close_when_a_role_needs_confirmation(self, marked: Store) -> None:
        who = signed_in(marked, SECRETARY)
        raised(marked)
        assert sessions.principal_of(marked, who.session, NOW) is None


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
class TestPendingAccounts:
    def test_is_listed_with_its_cause(self, marked: Store, way: Callable[[Store], str]) -> None:
        username = way(marked)
        (waiting,) = confirmations.waiting(marked, COMMITTEE)
        causes = {"gk.moi": "added", "thuky": "roles", "minh": "password", "lan": "reactivated"}
        assert (waiting.username, waiting.cause, waiting.own) == (username, causes[username], False)

    def test_is_confirmed_once_by_the_committee_or_the_chief(self, marked: Store, way: Callable[[Store], str]) -> None:
        username = way(marked)
        confirmations.confirm(marked, CHIEF, username, NOW)
        assert confirmations.waiting(marked, COMMITTEE) == ()
        assert events(marked, "account.confirmed") == [{"account": username}]
        with pytest.raises(NotWaiting):
            confirmations.confirm(marked, COMMITTEE, username, NOW)


def test_once_confirmed_a_judge_marks(marked: Store) -> None:
    who = made(marked)
    confirmations.confirm(marked, COMMITTEE, who.username, NOW)
    sealed(marked, who)
    assert len(events(marked, "sheet.sealed")) == 2


def test_a_draft_is_kept_while_the_account_waits(marked: Store) -> None:
    who = made(marked)
    assert judge_sheets.save(marked, who, CODES[0], Change({"ND": "30"}), 0, NOW).version == 1


def test_nobody_confirms_themselves(marked: Store) -> None:
    password_resets.temporary(marked, ADMIN, "ban", NOW)
    (waiting,) = confirmations.waiting(marked, COMMITTEE)
    assert waiting.own
    with pytest.raises(OwnAccount):
        confirmations.confirm(marked, COMMITTEE, "ban", NOW)


def test_before_the_first_sheet_nothing_waits(store: Store) -> None:
    joined(assigned_panel(store), COMMITTEE)
    made(store)
    assert confirmations.waiting(store, COMMITTEE) == ()


def test_an_administrator_who_reads_no_mark_needs_no_confirmation(marked: Store) -> None:
    accounts.add(marked, ADMIN, "nguoi.moi", "Người Mới", [Role.ADMIN], NOW)
    assert confirmations.waiting(marked, COMMITTEE) == ()


def test_a_judge_who_changes_their_own_password_needs_no_confirmation(
    marked: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "matching", lambda password, *_: password == "mật khẩu cũ")
    who = signed_in(marked, LAN)
    accounts.change_password(marked, who, "mật khẩu cũ", "mật khẩu mới 2024 dài", "b" * 43, NOW)
    assert confirmations.waiting(marked, COMMITTEE) == ()
