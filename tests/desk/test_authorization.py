"""A request fails once its session has ended: the account is checked again inside the transaction that writes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.desk import interaction_freezes, interactions, rounds
from core.desk.accounts import accounts, sessions
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.awards import award_decisions, publication
from core.desk.channel import reading_entry
from core.desk.judging import judge_sheets, recusals, watch_time
from core.desk.judging.judge_assignment import NoSuchWork
from core.desk.judging.judge_sheets import Change
from core.rules.access import NotAllowed, Principal, Role, SessionOver
from core.rules.interaction_kinds import INTERACTION_KINDS
from core.store import tables as t
from core.store.engine import Store, WriteTransaction
from core.store.people import accounts as rows
from tests.desk.contest_with_panel import CHANNEL, CHIEF, CODES, LAN, NOW, SALT, assigned_panel

Act = Callable[[Store, Principal, datetime], object]
HASH = "a" * 64
KEY = "mot-lan-nop-phieu-01"


def signed_in(store: Store, who: Principal, *, expires: timedelta = timedelta(hours=12)) -> Principal:
    """The account with a session in the database."""

    def act(transaction: WriteTransaction) -> None:
        person = rows.named(transaction.connection, who.username)
        assert person is not None
        at = round(NOW.timestamp() * 1000)
        row = {"secret_hash": HASH, "account_id": person.id, "created_at": at, "last_seen_at": at}
        row |= {"expires_at": at + round(expires.total_seconds() * 1000), "address": "", "agent": ""}
        transaction.connection.execute(t.auth_session.insert().values(**row))

    store.change(act)
    return replace(who, session=HASH)


def organiser(store: Store, username: str, *roles: Role) -> Principal:
    accounts.add(store, accounts.SYSTEM, username, username.upper(), roles, NOW)
    return Principal(username, username.upper(), frozenset(roles), "")


def saved(store: Store, who: Principal, now: datetime) -> object:
    return judge_sheets.save(store, who, CODES[0], Change({"ND": "30", "ST": "10"}), 0, now)


def closed(store: Store, who: Principal, now: datetime) -> object:
    rounds.close(store, Reauthenticated(who), "hết giờ", now)
    return None


JUDGES: dict[str, Act] = {
    "save": saved,
    "submit": lambda store, who, now: judge_sheets.submit(store, who, CODES[0], 1, KEY, now),
    "recuse": lambda store, who, now: recusals.declare(store, who, CODES[0], "người nhà", now),
    "watch": lambda store, who, now: watch_time.report(store, who, CODES[0], [(0, 1000)], now),
    "open the film": lambda store, who, now: watch_time.begin(store, who, CODES[0], now),
    "note": lambda store, who, now: watch_time.add_note(store, who, CODES[0], 1000, "hay", now),
    "remove a note": lambda store, who, now: watch_time.remove_note(store, who, CODES[0], 1, now),
}
CHIEFS: dict[str, Act] = {
    "return": lambda store, who, now: judge_sheets.return_sheet(store, who, "lan", CODES[0], "xem lại", now),
    "withdraw": lambda store, who, now: recusals.declare_for(store, who, "lan", CODES[0], "người nhà", now),
    "close": closed,
}
OTHERS: dict[str, tuple[Role, Act]] = {
    "choose": (Role.COMMITTEE, lambda s, who, now: award_decisions.choose(s, who, "NHAT", ("T-101",), "bốc thăm", now)),
    "withhold": (Role.COMMITTEE, lambda s, who, now: award_decisions.withhold(s, who, "NHAT", 1, "chưa đạt", now)),
    "revoke": (Role.COMMITTEE, lambda s, who, now: award_decisions.revoke(s, who, 1, now)),
    "confirm": (Role.COMMITTEE, lambda s, who, now: award_decisions.confirm(s, Reauthenticated(who), "", now, SALT)),
    "publish": (Role.COMMITTEE, lambda s, who, now: publication.publish(s, Reauthenticated(who), "", now)),
    "propose a retraction": (Role.COMMITTEE, lambda s, who, now: publication.propose_retraction(s, who, 1, "sai", now)),
    "decline a retraction": (
        Role.COMMITTEE,
        lambda s, who, now: publication.decline_retraction(s, who, 1, "thôi", now),
    ),
    "retract": (Role.COMMITTEE, lambda s, who, now: publication.retract(s, Reauthenticated(who), 1, "", now)),
    "reopen": (Role.COMMITTEE, lambda s, who, now: interaction_freezes.reopen(s, who, "nhập nhầm", "", now)),
    "freeze": (Role.COMMITTEE, lambda s, who, _now: interactions.freeze(s, who, NOW + timedelta(days=40))),
    "add": (Role.ADMIN, lambda s, who, now: accounts.add(s, who, "moi.vao", "Người Mới", [Role.JUDGE], now)),
    "roles": (Role.ADMIN, lambda s, who, now: accounts.set_roles(s, who, "lan", [Role.SECRETARY], now)),
    "close an account": (Role.ADMIN, lambda s, who, now: accounts.deactivate(s, who, "lan", now)),
    "open an account": (Role.ADMIN, lambda s, who, now: accounts.reactivate(s, who, "lan", now)),
}


def count(store: Store) -> int:
    with store.read() as connection:
        return connection.execute(t.ledger.select()).fetchall().__len__()


def end(store: Store, who: Principal) -> None:
    sessions.end(store, who, HASH, NOW)


def lose_roles(store: Store, who: Principal) -> None:
    def act(transaction: WriteTransaction) -> None:
        person = rows.named(transaction.connection, who.username)
        assert person is not None
        rows.replace_roles(transaction.connection, person.id, [Role.SECRETARY])

    store.change(act)


def close_account(store: Store, who: Principal) -> None:
    accounts.deactivate(store, accounts.SYSTEM, who.username, NOW)


@pytest.mark.parametrize("act", JUDGES.values(), ids=JUDGES.keys())
@pytest.mark.parametrize(
    "ended,refusal",
    [(end, SessionOver), (close_account, (SessionOver, NoSuchWork)), (lose_roles, NotAllowed)],
    ids=["signed out", "account closed", "role lost"],
)
def test_a_judges_request_is_refused_after_the_session_has_ended(
    store: Store,
    act: Act,
    ended: Callable[[Store, Principal], None],
    refusal: type[Exception] | tuple[type[Exception], ...],
) -> None:
    who = signed_in(assigned_panel(store), LAN)
    ended(store, who)
    before = count(store)
    with pytest.raises(refusal):
        act(store, who, NOW)
    assert count(store) == before


@pytest.mark.parametrize("act", CHIEFS.values(), ids=CHIEFS.keys())
def test_the_chiefs_request_is_refused_too(store: Store, act: Act) -> None:
    who = signed_in(assigned_panel(store), CHIEF)
    end(store, who)
    with pytest.raises(SessionOver):
        act(store, who, NOW)


@pytest.mark.parametrize("role,act", OTHERS.values(), ids=OTHERS.keys())
def test_the_request_of_any_other_role_is_refused_too(store: Store, role: Role, act: Act) -> None:
    who = signed_in(store, organiser(assigned_panel(store), "nguoi", role))
    end(store, who)
    with pytest.raises(SessionOver):
        act(store, who, NOW)


def test_a_reading_of_interactions_is_refused_too(store: Store) -> None:
    who = signed_in(assigned_panel(store), CHANNEL)
    end(store, who)
    typed = dict.fromkeys(INTERACTION_KINDS, "1")
    with pytest.raises(SessionOver):
        reading_entry.enter(store, who, CODES[0], typed, NOW, NOW)


def test_an_expired_session_is_refused_too(store: Store) -> None:
    who = signed_in(assigned_panel(store), LAN, expires=timedelta(hours=1))
    saved(store, who, NOW)
    with pytest.raises(SessionOver):
        judge_sheets.save(store, who, CODES[0], Change({"ND": "31"}), 1, NOW + timedelta(hours=1))


def test_a_new_temporary_password_ends_the_session(store: Store) -> None:
    who = signed_in(assigned_panel(store), LAN)
    store.change(lambda transaction: transaction.connection.execute(t.account.update().values(must_change=1)).close())
    with pytest.raises(NotAllowed):
        saved(store, who, NOW)


def test_a_valid_session_is_accepted(store: Store) -> None:
    who = signed_in(assigned_panel(store), LAN)
    saved(store, who, NOW)
    assert judge_sheets.submit(store, who, CODES[0], 1, KEY, NOW).revision == 1
