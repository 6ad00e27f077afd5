"""A judge who joins late sits before every work at once; a closed round takes nobody new."""

import pytest
import sqlalchemy as sa

from core.desk import rounds
from core.desk.accounts import accounts, passwords
from core.desk.accounts.reauthentication import Reauthenticated
from core.rules.access import Principal, Role
from core.store import tables as t
from core.store.engine import Store
from tests.desk.accounts.test_accounts import ADMIN, NOW
from tests.fixtures.an_evening import CODES, begun
from tests.fixtures.told import acts

CHIEF = Principal("truong", "", frozenset({Role.JUDGE, Role.CHIEF}), "")


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)


def seats_of(store: Store, username: str) -> int:
    seated = (
        sa.select(sa.func.count()).select_from(t.assignment.join(t.account)).where(t.account.c.username == username)
    )
    with store.read() as connection:
        return int(connection.execute(seated).scalar_one())


def test_a_judge_made_later_is_seated_before_every_work(store: Store) -> None:
    begun(store)
    accounts.add(store, ADMIN, "gk.moi", "Lường Thị Mới", [Role.JUDGE], NOW)
    assert seats_of(store, "gk.moi") == len(CODES)


def test_whoever_becomes_a_judge_is_seated_and_nobody_else(store: Store) -> None:
    begun(store)
    accounts.add(store, ADMIN, "nguoi.moi", "Lường Văn Mới", [Role.COMMITTEE], NOW)
    assert seats_of(store, "nguoi.moi") == 0
    accounts.set_roles(store, ADMIN, "nguoi.moi", [Role.JUDGE], NOW)
    assert seats_of(store, "nguoi.moi") == len(CODES)


def test_the_seats_stand_in_the_ledger_with_who_gave_them(store: Store) -> None:
    begun(store)
    accounts.add(store, ADMIN, "gk.moi", "Lường Thị Mới", [Role.JUDGE], NOW)
    assert (ADMIN.username, {"judge": "gk.moi", "entries": sorted(CODES)}) in acts(store, "judge.assigned")


def test_the_ledger_says_whose_totals_break_ties(store: Store) -> None:
    """The contest file names a username; whoever recounts from the result chain knows only numbers."""
    begun(store)
    for username, name in (("gk01", "Lường Thị Mới"), ("gk02", "Lò Văn Khác")):
        accounts.add(store, ADMIN, username, name, [Role.JUDGE], NOW)
    chief = {told["judge"]: told.get("chief", False) for _, told in acts(store, "judge.assigned")}
    assert {judge for judge, named in chief.items() if named} == {"gk01"}


def test_a_closed_round_takes_nobody_new(store: Store) -> None:
    begun(store)
    rounds.close(store, Reauthenticated(CHIEF), "Hết giờ", NOW)
    accounts.add(store, ADMIN, "gk.moi", "Lường Thị Mới", [Role.JUDGE], NOW)
    assert seats_of(store, "gk.moi") == 0
