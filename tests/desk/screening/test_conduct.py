"""`verify` finds what no page allows: a work that passed without verdicts, somebody else's verdict, two from one person."""

from dataclasses import replace

import pytest

from core.desk import context
from core.desk.maintenance import operations
from core.desk.screening import verdicts
from core.rules.access import Principal
from core.rules.entries.screening import Verdict
from core.rules.entries.states import SubmissionState
from core.rules.words import Locale
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import Payload, SubmissionAccepted, SubmissionResubmitted, SubmissionReturned
from core.store.ledger import SYSTEM
from core.store.queries import submissions
from tests.desk.contest_with_panel import LAN, NOW, assigned_panel, joined
from tests.desk.entries.entered import LATE, OFFICE, OPEN, enter
from tests.desk.screening.screened import FIRST, SECOND, TWO, receive, said

RETURNED = SubmissionState.RETURNED


@pytest.fixture
def desk(store: Store) -> Store:
    """A contest with two screeners and one work that has its film."""
    assigned_panel(store, judging=TWO)
    for who in (FIRST, SECOND):
        joined(store, who)
    enter(store)
    receive(store, "TP-001", now=OPEN)
    return store


def moved(desk: Store, actor: str, payload: Payload, state: SubmissionState, *, renewed: bool = False) -> None:
    """Write a move past all checks."""

    def act(transaction: WriteTransaction) -> None:
        found = submissions.find(transaction.connection, "TP-001")
        assert found is not None
        row = transaction.record(at=context.written_at(transaction, LATE), actor=actor, payload=payload)
        values = {"state": state} | ({"revision": found.revision + 1} if renewed else {})
        submissions.change(transaction.connection, found, row.id, values)

    desk.change(act)


def given(desk: Store, who: Principal, revision: int = 2, film: str = "a" * 64) -> None:
    """Write a verdict past all checks."""

    def act(transaction: WriteTransaction) -> None:
        found = submissions.find(transaction.connection, "TP-001")
        assert found is not None
        said_of = replace(found, revision=revision, film=film)
        verdicts._store(transaction, who, said_of, said(Verdict.ACCEPT), LATE)

    desk.change(act)


def found(desk: Store) -> list[str]:
    return [finding.localize(Locale()) for finding in operations.verify(desk).findings]


def test_a_work_that_passed_without_enough_verdicts(desk: Store) -> None:
    given(desk, FIRST)
    assert found(desk) == []
    moved(desk, FIRST.username, SubmissionAccepted("TP-001"), SubmissionState.ACCEPTED)
    [finding] = found(desk)
    assert "đánh giá của người sơ loại không dẫn đến kết quả này" in finding


def test_a_return_by_the_office_in_the_name_of_the_screeners(desk: Store) -> None:
    reason: list[str] = []
    desk.change(lambda transaction: reason.append(transaction.commit_text("Thiếu")))
    moved(desk, OFFICE.username, SubmissionReturned("TP-001", reason[0], by_screeners=True), RETURNED)
    assert len(found(desk)) == 2  # neither a screener, nor an outcome


@pytest.mark.parametrize(
    "who, revision, film, sentence",
    [
        (LAN, 2, "a" * 64, "không có quyền"),
        (OFFICE, 2, "a" * 64, "không có quyền"),
        (FIRST, 1, "a" * 64, "không phải về đơn và phim khi đó"),
        (FIRST, 2, "b" * 64, "không phải về đơn và phim khi đó"),
    ],
)
def test_a_verdict_that_no_page_takes(desk: Store, who: Principal, revision: int, film: str, sentence: str) -> None:
    given(desk, who, revision, film)
    [finding] = found(desk)
    assert sentence in finding


def test_a_verdict_after_recusal(desk: Store) -> None:
    verdicts.recuse(desk, FIRST, "TP-001", "Em họ", LATE)
    given(desk, FIRST)
    [finding] = found(desk)
    assert "đã đánh giá hoặc đã rút" in finding


def test_an_author_who_resubmits_after_the_screening(desk: Store) -> None:
    for who in (FIRST, SECOND):
        verdicts.give(desk, who, "TP-001", 2, said(Verdict.RETURN, "Thiếu"), LATE)

    def late(transaction: WriteTransaction) -> None:
        found_row = submissions.find(transaction.connection, "TP-001")
        assert found_row is not None
        payload = SubmissionResubmitted("TP-001", by_author=True)
        row = transaction.record(at=context.written_at(transaction, NOW), actor=SYSTEM, payload=payload)
        values = {"state": SubmissionState.RECEIVED, "revision": found_row.revision + 1}
        submissions.change(transaction.connection, found_row, row.id, values)

    assert found(desk) == []
    desk.change(late)
    [finding] = found(desk)
    assert "ngoài thời gian nhận tác phẩm" in finding
