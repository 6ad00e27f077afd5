"""`verify` makes the contest's rule card again, in the version it was kept in."""

import pytest

from core.desk.maintenance import operations
from core.rules.contest_file.reader import load
from core.rules.rule_card import card
from core.rules.words import Locale
from core.store.engine import Store
from tests.desk.a_panel import CONTEST, seated

CHANGED = "Thể lệ không còn là thể lệ mang mã đã ghi."


def findings(store: Store) -> list[str]:
    return [each.localize(Locale()) for each in operations.verify(store).findings]


def test_a_card_of_another_version_is_another_card(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    seated(sqlite_store)
    assert CHANGED not in findings(sqlite_store)
    monkeypatch.setitem(card.CARDS, 1, lambda contest: {"contest": contest.key})
    assert CHANGED in findings(sqlite_store)


def test_a_version_that_no_release_has_is_a_finding_and_no_fault(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    seated(sqlite_store)
    monkeypatch.delitem(card.CARDS, 1)
    assert CHANGED in findings(sqlite_store)


def test_one_more_key_in_a_later_version_leaves_the_kept_fingerprint_right(monkeypatch: pytest.MonkeyPatch) -> None:
    contest = load(CONTEST, "contest.toml")
    kept = card.fingerprint(contest, 1)
    monkeypatch.setitem(card.CARDS, 2, lambda contest: {**card.CARDS[1](contest), "more": 1})
    assert not operations._card_differs(contest, kept, 1)
    assert operations._card_differs(contest, kept, 2)
