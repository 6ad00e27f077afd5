"""The number in an account's pseudonym is random: it depends neither on the order of the accounts nor on names."""

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from core.desk.accounts import accounts
from core.desk.standings import panel_progress
from core.desk.standings.live_standings import LiveStandings
from core.rules.access import Role
from core.store import tables as t
from core.store.engine import Store
from core.store.ledger import account_number, pseudonym
from tests.desk.contest_with_panel import NOW, assigned_panel, joined, person
from tests.serving.databases import owner_transaction


@given(st.sets(st.integers(1, 99)), st.integers(0, 10_000))
def test_it_is_free_and_has_a_pseudonym(taken: set[int], chance: int) -> None:
    number = accounts.free_number(taken, lambda most: chance % most)
    assert number not in taken
    assert account_number(pseudonym(number, judge=True)) == number


def test_every_free_number_can_be_drawn_and_no_other() -> None:
    taken = set(range(1, 99, 3))
    drawn = [accounts.free_number(taken, lambda _, at=at: at) for at in range(99 - len(taken))]  # type: ignore[misc]
    assert drawn == [number for number in range(1, 100) if number not in taken]


def test_three_digits_are_used_once_half_of_the_two_digit_numbers_are_taken() -> None:
    assert accounts.free_number(set(range(1, 50)), lambda _: 0) == 50
    assert accounts.free_number(set(range(1, 51)), lambda _: 0) == 100


def test_judges_without_names_are_in_the_order_of_their_numbers(sqlite_store: Store) -> None:
    store = assigned_panel(sqlite_store, judging='[judging]\nnames_beside_marks = ["chief"]\n')
    committee = joined(store, person("ban", Role.COMMITTEE))
    with owner_transaction(store) as connection:
        connection.execute(sa.update(t.account).where(t.account.c.username == "lan").values(number=100))
    progress = panel_progress.panel(LiveStandings(store), committee)
    assert [judge.name for judge in progress.judges] == ["GK12", "GK13", "GK100"]


def test_an_account_is_given_one_that_no_other_has(sqlite_store: Store) -> None:
    assigned_panel(sqlite_store)
    for at in range(3):
        accounts.add(sqlite_store, accounts.SYSTEM, f"gk.moi{at}", f"Lò Văn {'ABC'[at]}", [Role.JUDGE], NOW)
    with sqlite_store.read() as connection:
        numbers = list(connection.scalars(sa.select(t.account.c.number)))
    assert len(set(numbers)) == len(numbers) == 8
