"""Saves and submissions in one batch: rows are written together; no judge sees another's refusal or loses a mark by
it.
"""

import json
from collections.abc import Callable
from functools import partial

import pytest
import sqlalchemy as sa

from core.desk.judging import judge_queue
from core.desk.judging.judge_sheets import Change, Receipt, Saved, save, submit
from core.desk.judging.sheet_refusals import BadSubmitKey, SheetIsSealed, StaleVersion
from core.desk.maintenance import operations
from core.rules.access import Principal
from core.store import tables as t
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import FilmOpened
from tests.desk.contest_with_panel import CODES, LAN, MINH, NOW, assigned_panel
from tests.fixtures.queued_changes import commit_together

CODE, OTHER = CODES[0], CODES[1]
KEY, SECOND_KEY = "0123456789abcdef", "fedcba9876543210"
WHOLE = Change({"ND": "38,5", "ST": "17"})
Act = Callable[[WriteTransaction], object]


@pytest.fixture
def desk(store: Store) -> Store:
    return assigned_panel(store)


class _RecordingStore:
    """A store that records the changes requested of it instead of running them, so that a test can queue them
    together.
    """

    def __init__(self, store: Store) -> None:
        self.store, self.acts = store, list[Act]()

    def read(self) -> object:
        return self.store.read()

    def change(self, act: Act) -> None:
        self.acts.append(act)


def acts(store: Store, *deeds: Callable[[Store], object]) -> list[Act]:
    """The changes that these deeds request of the store."""
    recording = _RecordingStore(store)
    for deed in deeds:
        deed(recording)  # type: ignore[arg-type]
    return recording.acts


def saving(who: Principal, code: str, change: Change, version: int) -> Callable[[Store], object]:
    return lambda store: save(store, who, code, change, version, NOW)


def submitting(who: Principal, code: str, version: int, key: str) -> Callable[[Store], object]:
    return lambda store: submit(store, who, code, version, key, NOW)


def whole(store: Store) -> bool:
    return operations.verify(store).good


def marks(store: Store) -> list[int]:
    with store.read() as connection:
        return list(connection.execute(sa.select(t.mark.c.hundredths).order_by(t.mark.c.hundredths)).scalars())


def test_two_judges_of_one_batch_each_keep_their_own(desk: Store) -> None:
    answers = commit_together(
        desk, acts(desk, saving(LAN, CODE, Change({"ND": "8,5"}), 0), saving(MINH, CODE, Change({"ND": "9"}), 0))
    )
    assert [answer.marks for answer in answers if isinstance(answer, Saved)] == [{"ND": 850}, {"ND": 900}]
    assert judge_queue.open_sheet(desk, LAN, CODE, NOW).marks == {"ND": 850}
    assert judge_queue.open_sheet(desk, MINH, CODE, NOW).marks == {"ND": 900}
    assert whole(desk)


def test_a_second_window_in_the_same_batch_gets_a_conflict_and_overwrites_nothing(desk: Store) -> None:
    answers = commit_together(
        desk, acts(desk, saving(LAN, CODE, Change({"ND": "8,5"}), 0), saving(LAN, CODE, Change({"ND": "2"}), 0))
    )
    assert isinstance(answers[0], Saved)
    assert isinstance(answers[1], StaleVersion)
    assert judge_queue.open_sheet(desk, LAN, CODE, NOW).marks == {"ND": 850}
    assert whole(desk)


def test_a_sheet_written_and_submitted_in_one_batch_is_sealed_with_what_was_written(desk: Store) -> None:
    answers = commit_together(
        desk,
        acts(
            desk,
            saving(LAN, CODE, Change({"ND": "1"}), 0),
            saving(LAN, CODE, WHOLE, 1),
            saving(MINH, OTHER, Change({"ND": "7"}), 0),
            submitting(LAN, CODE, 2, KEY),
            saving(LAN, CODE, Change({"ND": "40"}), 3),
        ),
    )
    assert isinstance(answers[3], Receipt)
    assert isinstance(answers[4], SheetIsSealed)
    assert marks(desk) == [1700, 3850]
    assert judge_queue.open_sheet(desk, MINH, OTHER, NOW).marks == {"ND": 700}
    assert whole(desk)


def test_a_repeated_submit_in_one_batch_is_one_revision_and_one_receipt(desk: Store) -> None:
    save(desk, LAN, CODE, WHOLE, 0, NOW)
    answers = commit_together(desk, acts(desk, submitting(LAN, CODE, 1, KEY), submitting(LAN, CODE, 1, KEY)))
    assert isinstance(answers[0], Receipt)
    assert answers[0] == answers[1]
    assert marks(desk) == [1700, 3850]


def test_a_submit_key_reused_for_another_sheet_is_refused_alone(desk: Store) -> None:
    save(desk, LAN, CODE, WHOLE, 0, NOW)
    save(desk, LAN, OTHER, WHOLE, 0, NOW)
    answers = commit_together(
        desk,
        acts(
            desk,
            submitting(LAN, CODE, 1, KEY),
            submitting(LAN, OTHER, 1, KEY),
            saving(MINH, CODE, Change({"ND": "7"}), 0),
        ),
    )
    assert isinstance(answers[0], Receipt)
    assert isinstance(answers[1], BadSubmitKey)
    assert isinstance(answers[2], Saved)
    assert marks(desk) == [1700, 3850]
    assert whole(desk)


def _stray(transaction: WriteTransaction, code: str) -> int:
    """A deferred row that the database refuses: no such judge, no such work."""
    row = {"judge_id": 999, "entry_id": 999, "criterion": 0, "hundredths": 100}
    transaction.defer_insert(t.mark.insert(), row, ("nobody", code))
    return transaction.record(at=1, actor="system", payload=FilmOpened("T-1")).id


def test_a_deferred_row_that_the_database_refuses_fails_only_its_own_change(desk: Store) -> None:
    answers = commit_together(
        desk,
        [
            *acts(desk, saving(LAN, CODE, Change({"ND": "8,5"}), 0)),
            partial(_stray, code="X"),
            *acts(desk, saving(MINH, CODE, Change({"ND": "9"}), 0)),
        ],
    )
    assert isinstance(answers[1], sa.exc.IntegrityError)
    assert [type(answers[0]), type(answers[2])] == [Saved, Saved]
    assert judge_queue.open_sheet(desk, MINH, CODE, NOW).marks == {"ND": 900}
    with desk.read() as connection:
        events = connection.execute(sa.select(t.ledger.c.event)).scalars().all()
    assert "stray" not in events
    assert whole(desk)


def test_deferred_rows_of_a_refused_change_are_dropped(desk: Store) -> None:
    def regrets(transaction: WriteTransaction) -> None:
        transaction.defer_insert(
            t.mark.insert(), {"judge_id": 2, "entry_id": 1, "criterion": 0, "hundredths": 100}, ("minh", CODE)
        )
        raise SheetIsSealed

    answers = commit_together(desk, [*acts(desk, saving(LAN, CODE, Change({"ND": "8,5"}), 0)), regrets])
    assert isinstance(answers[0], Saved)
    assert isinstance(answers[1], SheetIsSealed)
    assert marks(desk) == []


def test_a_query_in_the_batch_sees_all_deferred_rows(desk: Store) -> None:
    def asks(transaction: WriteTransaction) -> list[str]:
        return list(transaction.connection.execute(sa.select(t.sheet.c.marks)).scalars())

    answers = commit_together(desk, [*acts(desk, saving(LAN, CODE, Change({"ND": "8,5"}), 0)), asks])
    assert isinstance(answers[1], list)
    assert [json.loads(stored) for stored in answers[1]] == [{"ND": 850}]
