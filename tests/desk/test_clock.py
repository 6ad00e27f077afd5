"""Time never goes back before the newest ledger row: a clock set back reopens no window and revives no session."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from core.desk import context, interactions
from core.desk.judging import judge_sheets
from core.desk.judging.judge_assignment import JudgingOver
from core.desk.judging.judge_sheets import Change
from core.rules.contest_file.reader import load
from core.store.engine import Store
from core.store.events.payloads import FilmOpened
from tests.desk import judged_contest as meeting
from tests.desk.contest_with_panel import CODES, CONTEST, LAN, NOW, assigned_panel

PHASES = load(CONTEST, "contest.toml").phases
assert PHASES is not None
AFTER = PHASES.judging.closes + timedelta(hours=1)


def happened(store: Store, at: datetime) -> None:
    store.change(
        lambda transaction: transaction.record(at=context.millis(at), actor="system", payload=FilmOpened("T-1"))
    )


def test_a_window_that_was_over_stays_over(store: Store) -> None:
    assigned_panel(store)
    happened(store, AFTER)
    with pytest.raises(JudgingOver):
        judge_sheets.save(store, LAN, CODES[0], Change({"ND": "30"}), 0, NOW)


def test_a_cut_off_that_was_reached_stays_reached(store: Store) -> None:
    meeting.judged(store)
    happened(store, meeting.AFTER_CUT_OFF)
    interactions.freeze(store, meeting.CHANNEL, meeting.BEFORE_CUT_OFF)
    assert context.contest_state(store).interactions_frozen_at == meeting.AFTER_CUT_OFF


def test_the_desks_time_is_never_before_the_newest_ledger_row(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ahead = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
    happened(sqlite_store, ahead)
    monkeypatch.setattr(context, "_stores", [sqlite_store])
    caplog.set_level(logging.WARNING, "judging-desk.clock")
    assert context.now() == context.now() == ahead
    assert len([each for each in caplog.records if "behind the ledger" in each.getMessage()]) == 1


def test_a_clock_ahead_of_the_ledger_is_used(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    happened(sqlite_store, datetime.now(UTC) - timedelta(hours=3))
    monkeypatch.setattr(context, "_stores", [sqlite_store])
    assert abs(context.now() - datetime.now(UTC)) < timedelta(minutes=1)
