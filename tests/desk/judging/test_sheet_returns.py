"""Who returns a sheet: the chief, others' sheets; a deputy or the committee, the chief's; nobody, their own (ASVS
5.0, 2.3.5).
"""

import pytest

from core.desk.accounts import accounts
from core.desk.judging.judge_sheets import Change, return_sheet, save, submit
from core.desk.judging.sheet_refusals import OwnSheet
from core.rules.access import NotAllowed, Principal, Role
from core.store import tables as t
from core.store.engine import Store
from tests.desk.contest_with_panel import CHANNEL, CHIEF, CODES, LAN, NOW, SECRETARY, assigned_panel, person

CODE = CODES[0]
KEY = "mot-lan-nop-phieu-01"
COMMITTEE, DEPUTY, ADMIN = person("ban", Role.COMMITTEE), person("pho", Role.CHIEF), person("quantri", Role.ADMIN)


@pytest.fixture
def desk(store: Store) -> Store:
    assigned_panel(store)
    for who in (COMMITTEE, DEPUTY, ADMIN):
        accounts.add(store, accounts.SYSTEM, who.username, who.name, who.roles, NOW)
    for who, key in ((LAN, f"{KEY}-lan"), (CHIEF, f"{KEY}-truong")):
        save(store, who, CODE, Change({"ND": "30", "ST": "15"}), 0, NOW)
        submit(store, who, CODE, 1, key, NOW)
    return store


def state(store: Store, judge: int) -> str:
    with store.read() as connection:
        chosen = t.sheet.select().where(t.sheet.c.judge_id == judge)
        return str(connection.execute(chosen).one().state)


@pytest.mark.parametrize("who", [DEPUTY, COMMITTEE], ids=["deputy", "committee"])
def test_the_chiefs_own_sheet_is_returned_by_somebody_else(desk: Store, who: Principal) -> None:
    return_sheet(desk, who, "truong", CODE, "Cộng nhầm.", NOW)
    assert state(desk, 3) == "returned"


def test_the_chief_never_returns_their_own_sheet(desk: Store) -> None:
    with pytest.raises(OwnSheet):
        return_sheet(desk, CHIEF, "truong", CODE, "Xem lại.", NOW)
    assert state(desk, 3) == "sealed"


@pytest.mark.parametrize("who", [LAN, SECRETARY, CHANNEL, ADMIN], ids=lambda who: who.username)
def test_no_other_role_returns_the_chiefs_sheet(desk: Store, who: Principal) -> None:
    with pytest.raises(NotAllowed):
        return_sheet(desk, who, "truong", CODE, "Xem lại.", NOW)


def test_the_committee_returns_only_the_chiefs_sheet(desk: Store) -> None:
    with pytest.raises(NotAllowed):
        return_sheet(desk, COMMITTEE, "lan", CODE, "Xem lại.", NOW)
    return_sheet(desk, CHIEF, "lan", CODE, "Xem lại.", NOW)


def test_a_former_chief_may_not_return_sheets(desk: Store) -> None:
    accounts.set_roles(desk, accounts.SYSTEM, "truong", [Role.JUDGE], NOW)
    with pytest.raises(NotAllowed):
        return_sheet(desk, CHIEF, "lan", CODE, "Xem lại.", NOW)
    with pytest.raises(NotAllowed):  # the committee may return only a chief's sheets
        return_sheet(desk, COMMITTEE, "truong", CODE, "Xem lại.", NOW)
