"""What was done stands in the log once it is committed: who, what, to which work or account; never a mark or a reason."""

import logging

import pytest

from core.rules.words import Refusal
from core.store.engine import Store, Unit


def record(unit: Unit, event: str, **payload: object) -> None:
    unit.record(at=1, actor="truong", event=event, payload=payload)


def test_an_act_is_one_line(sqlite_store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "judging-desk.acts")
    told = {"judge": "lan", "entry": "T-101", "marks": {"ND": 3850}, "reason": "lý do riêng"}
    sqlite_store.change(lambda unit: record(unit, "sheet.returned", **told))
    assert [each.getMessage() for each in caplog.records] == ["#1 truong sheet.returned judge=lan entry=T-101"]


def test_what_was_refused_is_no_act(sqlite_store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "judging-desk.acts")

    def refused(unit: Unit) -> None:
        record(unit, "judging.closed")
        raise Refusal("Không được.")

    with pytest.raises(Refusal):
        sqlite_store.change(refused)
    assert caplog.records == []


@pytest.mark.parametrize("event", ["sheet.drafted", "note.added", "film.opened", "session.began"])
def test_what_happens_all_day_is_left_out(sqlite_store: Store, caplog: pytest.LogCaptureFixture, event: str) -> None:
    caplog.set_level(logging.INFO, "judging-desk.acts")
    sqlite_store.change(lambda unit: record(unit, event, judge="lan", entry="T-101"))
    assert caplog.records == []
