"""What was done stands in the log once it is committed: who, what, to which work or account; never a mark or a reason."""

import logging

import pytest

from core.rules.words import Refusal
from core.store.engine import Store, WriteTransaction
from core.store.events import payloads as p


def record(unit: WriteTransaction, payload: p.Payload) -> None:
    unit.usernames["GK12"] = "minh"
    unit.record(at=1, actor="truong", payload=payload, pseudonym="GK13")


def test_an_act_is_one_line(sqlite_store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "judging-desk.acts")
    told = p.SheetReturned("GK12", "T-101", 1, "a" * 64)
    sqlite_store.change(lambda unit: record(unit, told))
    assert [each.getMessage() for each in caplog.records] == ["#1 truong sheet.returned judge=minh entry=T-101"]


def test_what_was_refused_is_no_act(sqlite_store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "judging-desk.acts")

    def refused(unit: WriteTransaction) -> None:
        record(unit, p.RoundClosed(0, []))
        raise Refusal("Không được.")

    with pytest.raises(Refusal):
        sqlite_store.change(refused)
    assert caplog.records == []


ALL_DAY = (
    p.SheetDrafted("GK12", "T-101", 1), p.NoteAdded("GK12", "T-101", 1, 1), p.FilmOpened("T-101"),
    p.SessionBegan("GK12", "0" * 16),
)  # fmt: skip


@pytest.mark.parametrize("payload", ALL_DAY, ids=lambda payload: type(payload).__name__)
def test_what_happens_all_day_is_left_out(
    sqlite_store: Store, caplog: pytest.LogCaptureFixture, payload: p.Payload
) -> None:
    caplog.set_level(logging.INFO, "judging-desk.acts")
    sqlite_store.change(lambda unit: record(unit, payload))
    assert caplog.records == []
