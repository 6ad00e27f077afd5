"""`verify` makes the contest's rule card again, in the version it was kept in."""

import pytest

from core.desk import safekeeping
from core.rules import rule_card
from core.rules.contest_file import load
from core.rules.words import Tongue
from core.store.engine import Store
from tests.desk.a_panel import CONTEST, seated

CHANGED = "Thể lệ không còn là thể lệ mang mã đã ghi."


def findings(store: Store) -> list[str]:
    return [each.said(Tongue()) for each in safekeeping.verify(store).findings]


def test_a_card_of_another_version_is_another_card(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    seated(sqlite_store)
    assert CHANGED not in findings(sqlite_store)
    monkeypatch.setitem(rule_card.CARDS, 1, lambda contest: {"contest": contest.key})
    assert CHANGED in findings(sqlite_store)


def test_a_version_that_no_release_has_is_a_finding_and_no_fault(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    seated(sqlite_store)
    monkeypatch.delitem(rule_card.CARDS, 1)
    assert CHANGED in findings(sqlite_store)


def test_one_more_key_in_a_later_version_leaves_the_kept_fingerprint_right(monkeypatch: pytest.MonkeyPatch) -> None:
    contest = load(CONTEST, "contest.toml")
    kept = rule_card.fingerprint(contest, 1)
    monkeypatch.setitem(rule_card.CARDS, 2, lambda contest: {**rule_card.CARDS[1](contest), "more": 1})
    assert not safekeeping._card_differs(contest, kept, 1)
    assert safekeeping._card_differs(contest, kept, 2)
