"""Requests about an author's data: who asks, until when, what a withdrawn consent does, and what erasing leaves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.desk.accounts import accounts
from core.desk.entries.entry_refusals import UnknownLink, UnknownSubmission
from core.desk.entries.submission_views import of_author, of_office
from core.desk.entries.submissions import Read, office_correct, office_move
from core.desk.maintenance import operations
from core.desk.maintenance.erasure import SubmissionOpen, erase_submission
from core.desk.person_data.person_requests import (
    AlreadyAsked,
    PaperRequest,
    RequestGone,
    WrongDay,
    ask_on_paper,
    ask_online,
    close,
    listed,
)
from core.rules.access import NotAllowed
from core.rules.entries.person_requests import RequestKind
from core.rules.entries.states import Move, NeedsReason, SubmissionState
from core.store.engine import Store
from tests.desk.contest_with_panel import CHIEF, assigned_panel
from tests.desk.entries.entered import FORM, LATE, OFFICE, OPEN, enter, secret
from tests.desk.maintenance.test_erasure import texts

SEE, ERASE, CONSENT = RequestKind.SEE, RequestKind.ERASE, RequestKind.WITHDRAW_CONSENT


@pytest.fixture
def desk(store: Store) -> Store:
    """A contest inside its window, with a secretary and one submission."""
    assigned_panel(store)
    enter(store)
    return store


def paper(kind: RequestKind, text: str = "Đơn viết tay", days_ago: int = 0, code: str = "TP-001") -> PaperRequest:
    return PaperRequest(code, kind, text, OPEN - timedelta(days=days_ago))


def test_the_office_sees_open_requests_by_their_due_time(desk: Store) -> None:
    enter(desk, "hai", title="Hai")
    assert ask_online(desk, secret("thuy"), SEE, "Cho tôi xem", OPEN) == 1
    assert ask_on_paper(desk, OFFICE, paper(ERASE, days_ago=2, code="TP-002"), OPEN) == 2
    first, second = listed(desk, OFFICE)
    assert (first.number, first.submission, first.title, first.by_author) == (2, "TP-002", "Hai", False)
    assert first.due_at == OPEN + timedelta(days=1) and second.due_at == OPEN + timedelta(days=3)
    assert (second.text, second.by_author, second.closed_at) == ("Cho tôi xem", True, None)
    close(desk, OFFICE, 2, "Đã xóa", OPEN)
    assert [(each.number, each.answer) for each in listed(desk, OFFICE)] == [(1, ""), (2, "Đã xóa")]
    assert operations.verify(desk).findings == ()


def test_the_history_of_the_submission_has_the_request_and_its_answer(desk: Store) -> None:
    ask_online(desk, secret("thuy"), SEE, "Cho tôi xem", OPEN)
    close(desk, OFFICE, 1, "Đã gửi tệp", OPEN)
    view = of_author(desk, secret("thuy"), OPEN)
    assert [(line.act.text, line.reason) for line in view.history[1:]] == [
        ("Yêu cầu về dữ liệu cá nhân", "Cho tôi xem"), ("Trả lời yêu cầu về dữ liệu cá nhân", "Đã gửi tệp"),
    ]  # fmt: skip
    assert view.row.version == 1


def test_the_same_request_is_not_written_twice_while_it_is_open(desk: Store) -> None:
    ask_online(desk, secret("thuy"), SEE, "", OPEN)
    with pytest.raises(AlreadyAsked):
        ask_online(desk, secret("thuy"), SEE, "", OPEN)
    with pytest.raises(AlreadyAsked):
        ask_on_paper(desk, OFFICE, paper(SEE), OPEN)
    close(desk, OFFICE, 1, "Xong", OPEN)
    with pytest.raises(RequestGone):
        close(desk, OFFICE, 1, "Xong", OPEN)
    assert ask_online(desk, secret("thuy"), SEE, "", OPEN) == 2


def test_who_withdraws_consent_withdraws_the_work(desk: Store) -> None:
    ask_online(desk, secret("thuy"), CONSENT, "", OPEN)
    view = of_office(desk, OFFICE, "TP-001")
    assert view.row.state is SubmissionState.WITHDRAWN and "rút lại đồng ý" in view.history[-1].reason
    enter(desk, "hai", title="Hai")
    ask_on_paper(desk, OFFICE, paper(CONSENT, code="TP-002"), OPEN)
    assert of_office(desk, OFFICE, "TP-002").row.state is SubmissionState.WITHDRAWN
    assert operations.verify(desk).findings == ()


def test_after_the_window_the_office_withdraws_for_the_author(desk: Store) -> None:
    ask_online(desk, secret("thuy"), CONSENT, "", LATE)
    assert of_office(desk, OFFICE, "TP-001").row.state is SubmissionState.AWAITING_FILM
    office_move(desk, OFFICE, Read("TP-001", 1), Move.WITHDRAW, "Theo yêu cầu số 1", LATE)
    close(desk, OFFICE, 1, "Đã rút", LATE)
    assert operations.verify(desk).findings == ()


def test_what_is_wrong_is_refused(desk: Store) -> None:
    with pytest.raises(UnknownLink):
        ask_online(desk, secret("ai đó"), SEE, "", OPEN)
    with pytest.raises(UnknownSubmission):
        ask_on_paper(desk, OFFICE, paper(SEE, code="TP-009"), OPEN)
    for days in (-1, 400):
        with pytest.raises(WrongDay):
            ask_on_paper(desk, OFFICE, paper(SEE, days_ago=days), OPEN)
    with pytest.raises(NeedsReason):
        ask_on_paper(desk, OFFICE, paper(SEE, " "), OPEN)
    ask_online(desk, secret("thuy"), SEE, "", OPEN)
    with pytest.raises(NeedsReason):
        close(desk, OFFICE, 1, " ", OPEN)
    for refused in (
        lambda: ask_on_paper(desk, CHIEF, paper(ERASE), OPEN),
        lambda: close(desk, CHIEF, 1, "Xong", OPEN),
        lambda: listed(desk, CHIEF),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_an_erased_submission_keeps_its_code_and_its_chains(desk: Store) -> None:
    office_correct(desk, OFFICE, Read("TP-001", 1), replace(FORM, unit="Xã ZZQX"), "ZZQX", OPEN)
    ask_online(desk, secret("thuy"), ERASE, "ZZQX muốn xóa", OPEN)
    with pytest.raises(SubmissionOpen):
        erase_submission(desk, accounts.SYSTEM, "TP-001", OPEN)
    office_move(desk, OFFICE, Read("TP-001", 2), Move.WITHDRAW, "ZZQX yêu cầu", OPEN)
    assert "ZZQX" in texts(desk) and "0912345678" in texts(desk)
    assert erase_submission(desk, accounts.SYSTEM, "TP-001", OPEN) == 5
    left = texts(desk)
    assert not [each for each in ("ZZQX", "0912345678", "Lò Thị Thuỷ", "1990-03-15", "Chợ phiên số") if each in left]
    view = of_office(desk, OFFICE, "TP-001")
    assert (view.row.state, view.form.title) == (SubmissionState.WITHDRAWN, "")
    close(desk, OFFICE, 1, "Đã xóa", OPEN)
    assert [(each.text, each.answer) for each in listed(desk, OFFICE)] == [("", "Đã xóa")]
    assert operations.verify(desk).findings == ()
    with pytest.raises(NotAllowed):
        erase_submission(desk, OFFICE, "TP-001", OPEN)
    with pytest.raises(UnknownSubmission):
        erase_submission(desk, accounts.SYSTEM, "TP-009", OPEN)
