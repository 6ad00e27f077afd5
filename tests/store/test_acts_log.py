"""Each action is logged once it is committed: who, what, which work or account; never a mark or a reason."""

import logging

import pytest

from core.rules.words import Refusal
from core.store.engine import Store, WriteTransaction
from core.store.events import payloads as p


def record(transaction: WriteTransaction, payload: p.Payload) -> None:
    transaction.usernames["GK12"] = "minh"
    transaction.record(at=1, actor="truong", payload=payload, pseudonym="GK13")


def test_each_action_is_one_line(sqlite_store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "judging-desk.acts")
    payload = p.SheetReturned("GK12", "T-101", 1, "a" * 64)
    sqlite_store.change(lambda transaction: record(transaction, payload))
    assert [each.getMessage() for each in caplog.records] == ["#1 truong sheet.returned judge=minh entry=T-101"]


def test_a_refused_action_is_not_logged(sqlite_store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "judging-desk.acts")

    def refused(transaction: WriteTransaction) -> None:
        record(transaction, p.RoundClosed(0, []))
        raise Refusal("Không được.")

    with pytest.raises(Refusal):
        sqlite_store.change(refused)
    assert caplog.records == []


ALL_DAY = (
    p.SheetDrafted("GK12", "T-101", 1), p.NoteAdded("GK12", "T-101", 1, 1), p.FilmOpened("T-101"),
    p.SessionBegan("GK12", "0" * 16),
)  # fmt: skip


@pytest.mark.parametrize("payload", ALL_DAY, ids=lambda payload: type(payload).__name__)
def test_frequent_actions_are_not_logged(
    sqlite_store: Store, caplog: pytest.LogCaptureFixture, payload: p.Payload
) -> None:
    caplog.set_level(logging.INFO, "judging-desk.acts")
    sqlite_store.change(lambda transaction: record(transaction, payload))
    assert caplog.records == []
