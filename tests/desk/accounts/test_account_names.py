"""A person's name is visible and distinct from others; no username equals an actor name that the ledger uses itself."""

import pytest

from core.desk.accounts import accounts, passwords
from core.desk.accounts.account_refusals import NameLong, NameMissing, NameTaken, NameUnreadable, UsernameReserved
from core.rules.access import Role
from core.store.engine import Store
from tests.desk.contest_with_panel import NOW

ADMIN = accounts.SYSTEM


@pytest.fixture(autouse=True)
def _no_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hashed", lambda _: "x")


def add(store: Store, username: str, name: str) -> str:
    return accounts.add(store, ADMIN, username, name, [Role.JUDGE], NOW)


def names(store: Store) -> list[str]:
    return [account.name for account in accounts.listed(store, ADMIN)]


@pytest.mark.parametrize("username", ["system", "SYSTEM", " System ", "nobody", "unknown", "he.thong"])
def test_a_name_of_the_system_s_own_is_refused(store: Store, username: str) -> None:
    with pytest.raises(UsernameReserved):
        add(store, username, "Lò Thị Lan")


@pytest.mark.parametrize(
    "name",
    ["Lò Thị\u200bLan", "Lò\u202eThị Lan", "\ufeffLò Thị Lan", "Lò Thị\u00adLan", "Lò\x00Lan", "Lò\nLan", "Lò \U0001f600",
     "Lò\ue000Lan", "Lò\u2066Lan\u2069", "Lò<b>Lan", "Lò_Lan", "Lò\u2028Lan"],
)  # fmt: skip
def test_an_unreadable_character_is_refused_and_named_by_its_code(store: Store, name: str) -> None:
    with pytest.raises(NameUnreadable) as refused:
        add(store, "gk.lan", name)
    assert str(refused.value.sentence.facts["code"]).startswith("U+")


@pytest.mark.parametrize("name", ["", "   ", "…"[:0], "-.-", "( )", "1 2"])
def test_a_name_without_a_letter_is_refused(store: Store, name: str) -> None:
    with pytest.raises(NameMissing):
        add(store, "gk.lan", name)


def test_a_name_longer_than_a_paper_s_line_is_refused(store: Store) -> None:
    with pytest.raises(NameLong):
        add(store, "gk.lan", "Lò " * 60)


@pytest.mark.parametrize(
    "twin", ["Lò Thị Hoà", "LÒ THỊ HÒA", "lò  thị hòa", "Lo\u0300 Thi\u0323 Ho\u0300a", "Lò Thị Hòа"]
)
def test_two_open_accounts_look_different(store: Store, twin: str) -> None:
    add(store, "gk.hoa", "Lò Thị Hòa")
    with pytest.raises(NameTaken) as refused:
        add(store, "gk.hoa2", twin)
    assert refused.value.sentence.facts["username"] == "gk.hoa"


def test_a_closed_accounts_name_is_free_and_a_similar_name_is_allowed(store: Store) -> None:
    add(store, "gk.hoa", "Lò Thị Hòa")
    add(store, "gk.hoa2", "Lò Thị Hoa")
    add(store, "gk.hoa3", "Lò Thị Hòa (Sở TT&TT)")
    accounts.deactivate(store, ADMIN, "gk.hoa", NOW)
    add(store, "gk.hoa4", "Lò Thị Hòa")
    assert len(names(store)) == 4


@pytest.mark.parametrize("name", ["Y Ban", "H'Hen Niê", "Nguyễn Thị Ngọc-Ánh", "Đỗ Văn A (Sở TT&TT)", "TS. Lò Văn Đức"])
def test_real_names_are_stored_as_written(store: Store, name: str) -> None:
    add(store, "gk.lan", f"  {name} ")
    assert names(store) == [name]


def test_reactivating_an_account_with_a_duplicate_name_is_refused(store: Store) -> None:
    add(store, "gk.hoa", "Lò Thị Hòa")
    accounts.deactivate(store, ADMIN, "gk.hoa", NOW)
    add(store, "gk.hoa2", "Lò Thị Hoà")
    with pytest.raises(NameTaken):
        accounts.reactivate(store, ADMIN, "gk.hoa", NOW)
