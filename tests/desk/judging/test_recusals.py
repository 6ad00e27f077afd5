"""Recusal: a judge with a conflict of interest can no longer mark or watch the work, and their sheet no longer
counts.
"""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from core.desk.judging import judge_queue, recusals, watch_time
from core.desk.judging.judge_assignment import NoSuchWork, ReasonMissing
from core.desk.judging.judge_sheets import Change, return_sheet, save, submit
from core.rules.access import NotAllowed
from core.rules.judging.sheet_state import SheetState
from core.rules.words import Locale
from core.store import tables as t
from core.store.engine import Store
from tests.desk.contest_with_panel import CHIEF, CODES, LAN, MINH, NOW, SECRETARY, assigned_panel
from tests.fixtures.ledger_payloads import acts

CODE = CODES[0]
WHOLE = Change({"ND": "30", "ST": "10"})
SECRET = "Tác giả là em ruột của tôi."


@pytest.fixture
def desk(store: Store) -> Store:
    return assigned_panel(store)


def doors(store: Store) -> list[Callable[[], object]]:
    return [
        lambda: judge_queue.open_sheet(store, LAN, CODE, NOW),
        lambda: judge_queue.film(store, LAN, CODE),
        lambda: save(store, LAN, CODE, WHOLE, 0, NOW),
        lambda: submit(store, LAN, CODE, 1, "0123456789abcdef", NOW),
        lambda: watch_time.begin(store, LAN, CODE, NOW),
        lambda: watch_time.report(store, LAN, CODE, [(0, 1)], NOW),
        lambda: watch_time.add_note(store, LAN, CODE, 0, "Ghi chú", NOW),
        lambda: watch_time.remove_note(store, LAN, CODE, 1, NOW),
        lambda: recusals.declare(store, LAN, CODE, SECRET, NOW),
    ]


def test_every_access_to_the_work_is_refused(desk: Store) -> None:
    recusals.declare(desk, LAN, CODE, SECRET, NOW)
    for door in doors(desk):
        with pytest.raises(NoSuchWork):
            door()
    assert judge_queue.film(desk, MINH, CODE).code == CODE


def test_submitted_marks_no_longer_count_and_the_revision_stays(desk: Store) -> None:
    save(desk, LAN, CODE, WHOLE, 0, NOW)
    submit(desk, LAN, CODE, 1, "0123456789abcdef", NOW)
    recusals.declare_for(desk, CHIEF, "lan", CODE, SECRET, NOW)
    with desk.read() as connection:
        assert connection.execute(sa.select(t.mark)).all() == []
        assert len(connection.execute(sa.select(t.sheet_revision)).all()) == 1


def test_the_queue_shows_the_work_without_a_link(desk: Store) -> None:
    recusals.declare(desk, LAN, CODE, SECRET, NOW)
    queue = judge_queue.queue(desk, LAN, NOW)
    assert [queued.work.code for queued in queue.works if queued.state is SheetState.RECUSED] == [CODE]
    assert queue.next is not None
    assert queue.next.work.code != CODE


def test_the_ledger_records_who_recused_whom_but_not_why(desk: Store) -> None:
    recusals.declare_for(desk, CHIEF, "lan", CODE, SECRET, NOW)
    with desk.read() as connection:
        row = connection.execute(sa.select(t.ledger).where(t.ledger.c.event == "recusal.declared")).one()
        stored = connection.execute(sa.select(t.recusal)).one()
    assert acts(desk, "recusal.declared") == [("truong", {"judge": "lan", "entry": CODE, "reason": SECRET})]
    assert SECRET not in row.payload
    assert (stored.reason, stored.declared_by) == (SECRET, 3)


def test_only_the_chief_recuses_another_judge_and_needs_a_reason(desk: Store) -> None:
    for other in (LAN, MINH, SECRETARY):
        with pytest.raises(NotAllowed):
            recusals.declare_for(desk, other, "minh", CODE, SECRET, NOW)
    with pytest.raises(ReasonMissing):
        recusals.declare(desk, LAN, CODE, " ", NOW)
    with pytest.raises(ReasonMissing):
        recusals.declare_for(desk, CHIEF, "lan", CODE, "", NOW)


def test_the_chief_sees_in_advance_what_is_lost(desk: Store) -> None:
    stakes = [recusals.at_stake(desk, CHIEF, "lan", CODE)]
    save(desk, LAN, CODE, Change({"ND": "30"}), 0, NOW)
    stakes.append(recusals.at_stake(desk, CHIEF, "lan", CODE))
    save(desk, LAN, CODE, WHOLE, 1, NOW)
    submit(desk, LAN, CODE, 2, "0123456789abcdef", NOW)
    stakes.append(recusals.at_stake(desk, CHIEF, "lan", CODE))
    assert [stake.localize(Locale()) for stake in stakes] == [
        "Giám khảo này chưa chấm gì ở tác phẩm này.",
        "Phiếu đang chấm (1/2 tiêu chí) không còn nộp được.",
        "Phiếu đã nộp (lần 1) không còn được tính.",
    ]
    with pytest.raises(NotAllowed):
        recusals.at_stake(desk, MINH, "lan", CODE)
    recusals.declare_for(desk, CHIEF, "lan", CODE, SECRET, NOW)
    with pytest.raises(NoSuchWork):
        recusals.at_stake(desk, CHIEF, "lan", CODE)


def test_the_chief_cannot_recuse_without_an_assignment_or_twice(desk: Store) -> None:
    for judge, code in (("lan", "T-404"), ("nobody", CODE), ("lan", "T-999")):
        with pytest.raises(NoSuchWork):
            recusals.declare_for(desk, CHIEF, judge, code, SECRET, NOW)
    recusals.declare(desk, LAN, CODE, SECRET, NOW)
    with pytest.raises(NoSuchWork):
        recusals.declare_for(desk, CHIEF, "lan", CODE, SECRET, NOW)
    with pytest.raises(NoSuchWork):
        return_sheet(desk, CHIEF, "lan", CODE, "Xem lại.", NOW)
