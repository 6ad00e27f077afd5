"""A page that opens at certain times follows the desk's check, so that menu and guard agree."""

import pytest

from core.desk import context
from core.rules.access import Principal, Role
from core.store import tables as t
from core.store.engine import Store
from pages.kit import pages_registry as pages
from tests.fixtures.contest_with_sheets import TOML, open_contest

JUDGE = Principal("gk.lan", "", frozenset({Role.JUDGE}), "")
SAYS = 'standings_for_judges = "after_publication"'
STANDINGS = next(page for page in pages.ALL if page.address == "standings")


def live(store: Store, monkeypatch: pytest.MonkeyPatch, *, early: bool) -> None:
    """Store a contest whose judges see the standings once judging is closed (`early`), or only after publication."""
    word = "after_judging" if early else "after_publication"
    text = TOML.read_text(encoding="utf-8").replace("2024-08-30", "2096-08-30")
    for late in ("interactions_close = 2024", "award_meeting = 2024", "ceremony = 2024"):
        text = text.replace(late, late.replace("2024", "2097"))
    assert SAYS in text
    open_contest(store, toml=text.replace(SAYS, f'standings_for_judges = "{word}"'))
    monkeypatch.setattr(context, "store", lambda: store)


def closed(store: Store) -> None:
    store.change(
        lambda transaction: transaction.connection.execute(t.contest.update().values(judging_closed_at=1)).close()
    )


def test_a_judge_sees_the_standings_when_the_round_is_closed_and_the_contest_says_so(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(sqlite_store, monkeypatch, early=True)
    assert not STANDINGS.opens_for(JUDGE)
    closed(sqlite_store)
    assert STANDINGS.opens_for(JUDGE)


def test_a_judge_waits_for_the_publication_where_the_contest_says_nothing_else(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(sqlite_store, monkeypatch, early=False)
    closed(sqlite_store)
    assert not STANDINGS.opens_for(JUDGE)


def test_the_end_of_marking_opens_the_standings_to_no_other_role(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(sqlite_store, monkeypatch, early=True)
    closed(sqlite_store)
    for role in (Role.ADMIN, Role.CHANNEL):
        assert not STANDINGS.opens_for(Principal("ai", "", frozenset({role}), ""))
    assert not STANDINGS.opens_for(None)
    assert not STANDINGS.opens_for(Principal("gk.lan", "", frozenset({Role.JUDGE}), "", must_change_password=True))
