"""`verify` recomputes the contest's rule card in the version it was stored in."""

import pytest

from core.desk.maintenance import operations
from core.rules.contest_file.reader import load
from core.rules.rule_card import card
from core.rules.words import Locale
from core.store.engine import Store
from tests.desk.contest_with_panel import CONTEST, assigned_panel

CHANGED = "Thể lệ không còn là thể lệ mang mã đã ghi."


def findings(store: Store) -> list[str]:
    return [each.localize(Locale()) for each in operations.verify(store).findings]


def test_a_card_of_another_version_is_another_card(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assigned_panel(sqlite_store)
    assert CHANGED not in findings(sqlite_store)
    monkeypatch.setitem(card.CARDS, 1, lambda contest: {"contest": contest.key})
    assert CHANGED in findings(sqlite_store)


def test_an_unknown_version_is_a_finding_and_no_error(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assigned_panel(sqlite_store)
    monkeypatch.delitem(card.CARDS, 1)
    assert CHANGED in findings(sqlite_store)


def test_a_new_key_in_a_later_version_keeps_the_stored_fingerprint_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    contest = load(CONTEST, "contest.toml")
    stored = card.fingerprint(contest, 1)
    monkeypatch.setitem(card.CARDS, 2, lambda contest: {**card.CARDS[1](contest), "more": 1})
    assert not operations._card_differs(contest, stored, 1)
    assert operations._card_differs(contest, stored, 2)
