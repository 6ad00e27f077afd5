"""A judge added late is assigned to every work at once; a closed round accepts no new judge."""

import pytest
import sqlalchemy as sa

from core.desk import rounds
from core.desk.accounts import accounts, passwords
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.setup import contest_setup
from core.rules.access import Principal, Role
from core.store import tables as t
from core.store.engine import Store
from core.store.queries import setup
from tests.desk.accounts.test_accounts import ADMIN, NOW
from tests.fixtures.contest_with_sheets import CODES, open_contest
from tests.fixtures.ledger_payloads import acts

CHIEF = Principal("truong", "", frozenset({Role.JUDGE, Role.CHIEF}), "")


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)


def assignments_of(store: Store, username: str) -> int:
    query = sa.select(sa.func.count()).select_from(t.assignment.join(t.account)).where(t.account.c.username == username)
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())


def test_a_judge_added_later_is_assigned_to_every_work(store: Store) -> None:
    open_contest(store)
    accounts.add(store, ADMIN, "gk.moi", "Lường Thị Mới", [Role.JUDGE], NOW)
    assert assignments_of(store, "gk.moi") == len(CODES)


def test_only_an_account_that_becomes_a_judge_is_assigned(store: Store) -> None:
    open_contest(store)
    accounts.add(store, ADMIN, "nguoi.moi", "Lường Văn Mới", [Role.COMMITTEE], NOW)
    assert assignments_of(store, "nguoi.moi") == 0
    accounts.set_roles(store, ADMIN, "nguoi.moi", [Role.JUDGE], NOW)
    assert assignments_of(store, "nguoi.moi") == len(CODES)


def test_the_assignments_are_in_the_ledger_with_their_author(store: Store) -> None:
    open_contest(store)
    accounts.add(store, ADMIN, "gk.moi", "Lường Thị Mới", [Role.JUDGE], NOW)
    assert (ADMIN.username, {"judge": "gk.moi", "entries": sorted(CODES)}) in acts(store, "judge.assigned")


def test_the_order_of_judges_assigned_at_once_reveals_no_number(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The result chain can be handed to anyone: in the order of usernames it would tell whose pseudonym is whose."""
    open_contest(store)
    numbers, names = iter((93, 92, 91)), ("gk01", "gk02", "gk03")
    monkeypatch.setattr(accounts, "free_number", lambda _taken: next(numbers))
    for username, name in zip(names, ("Lường Thị Mới", "Lò Văn Khác", "Hà Thị Ba"), strict=True):
        accounts.add(store, ADMIN, username, name, [Role.JUDGE], NOW)
    store.change(lambda transaction: [setup.unassign(transaction.connection, name) for name in names])
    assert contest_setup.assign_judges(store, NOW) == 3 * len(CODES)
    assert [payload["judge"] for _, payload in acts(store, "judge.assigned")][-3:] == ["gk03", "gk02", "gk01"]


def test_the_ledger_records_whose_totals_break_ties(store: Store) -> None:
    """The contest file names a username, but a recount from the result chain knows only pseudonym numbers."""
    open_contest(store)
    for username, name in (("gk01", "Lường Thị Mới"), ("gk02", "Lò Văn Khác")):
        accounts.add(store, ADMIN, username, name, [Role.JUDGE], NOW)
    chief = {payload["judge"]: payload.get("chief", False) for _, payload in acts(store, "judge.assigned")}
    assert {judge for judge, named in chief.items() if named} == {"gk01"}


def test_a_closed_round_accepts_no_new_judge(store: Store) -> None:
    open_contest(store)
    rounds.close(store, Reauthenticated(CHIEF), "Hết giờ", NOW)
    accounts.add(store, ADMIN, "gk.moi", "Lường Thị Mới", [Role.JUDGE], NOW)
    assert assignments_of(store, "gk.moi") == 0
