"""R04: who screens what, what becomes of a work, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from core.desk.entries import entry_refusals as refusals
from core.desk.entries.submission_history import SCREENER
from core.desk.entries.submission_views import listed, of_author, of_office
from core.desk.entries.submissions import (
    Read,
    author_correct,
    author_resubmit,
    author_withdraw,
    office_correct,
    office_move,
)
from core.desk.judging.judge_assignment import ReasonMissing
from core.desk.maintenance import operations
from core.desk.matching import match_decisions
from core.desk.matching.match_decisions import Outcome as Decided
from core.desk.screening import screening_queue
from core.desk.screening.screening_access import NotYours
from core.desk.screening.verdicts import GivenAlready, NotInTheQueue, give, recuse
from core.rules.access import NotAllowed, Principal, Role
from core.rules.entries.screening import Answer, Judgement, Unanswered, Verdict, WrongVerdict
from core.rules.entries.states import Move, SubmissionState, WrongState
from core.rules.words import Locale
from core.store.engine import Store
from tests.desk.contest_with_panel import NOW, assigned_panel, joined, person
from tests.desk.entries.entered import FORM, LATE, OFFICE, OPEN, enter, secret
from tests.desk.screening.screened import ACCEPT, CHECKLIST, FIRST, SECOND, THIRD, TWO, receive, said

VI = Locale()
AFTER = NOW  # after the screening
RETURN = said(Verdict.RETURN, "Thiếu phụ đề.")
REJECT = said(Verdict.REJECT, "Lạc đề.")
Desk = Callable[..., Store]


@pytest.fixture
def desk(store: Store) -> Desk:
    """A contest with three screeners and one work that has its film."""

    def opened(screening: str = "") -> Store:
        assigned_panel(store, judging=screening)
        for who in (FIRST, SECOND, THIRD):
            joined(store, who)
        enter(store)
        receive(store, "TP-001", now=OPEN)
        return store

    return opened


def state(store: Store) -> SubmissionState:
    return of_office(store, OFFICE, "TP-001").row.state


def read(store: Store) -> Read:
    return Read("TP-001", of_office(store, OFFICE, "TP-001").row.version)


def revision(store: Store) -> int:
    return of_office(store, OFFICE, "TP-001").row.revision


def say(store: Store, who: Principal, judgement: Judgement) -> object:
    return give(store, who, "TP-001", revision(store), judgement, LATE)


def waiting(store: Store, who: Principal) -> int:
    return screening_queue.queue(store, who, LATE).waiting


def acts(store: Store) -> list[str]:
    return [line.act.localize(VI) for line in of_office(store, OFFICE, "TP-001").history]


def verified(store: Store) -> list[str]:
    return [finding.localize(VI) for finding in operations.verify(store).findings]


@pytest.mark.parametrize(
    "judgement, after",
    [(ACCEPT, SubmissionState.ACCEPTED), (REJECT, SubmissionState.REJECTED), (RETURN, SubmissionState.RETURNED)],
)
def test_one_screener_s_verdict_moves_the_work_at_once(
    desk: Desk, judgement: Judgement, after: SubmissionState
) -> None:
    store = desk()
    assert waiting(store, FIRST) == waiting(store, SECOND) == 1
    say(store, FIRST, judgement)
    assert state(store) is after and waiting(store, SECOND) == 0
    with pytest.raises(NotInTheQueue):
        say(store, SECOND, ACCEPT)
    told = of_author(store, secret("thuy"), LATE)
    assert (told.history[-1].person, told.history[-1].reason) == (SCREENER, judgement.reason)
    assert len(told.history) == 3  # the verdict itself is not told, nor who gave it
    assert verified(store) == []


def test_two_do_not_read_each_other_until_both_have_spoken(desk: Desk) -> None:
    store = desk(TWO)
    say(store, FIRST, REJECT)
    view = of_office(store, OFFICE, "TP-001")
    assert acts(store)[-1] == "Đánh giá sơ loại" and view.history[-1].reason == ""
    assert [line.screening and line.screening.localize(VI) for line in listed(store, OFFICE)] == [
        "1 đánh giá, chờ người khác"
    ]
    with pytest.raises(GivenAlready):
        say(store, FIRST, ACCEPT)
    with pytest.raises(GivenAlready):
        recuse(store, FIRST, "TP-001", "Người quen", LATE)
    assert waiting(store, FIRST) == 0 and waiting(store, SECOND) == waiting(store, THIRD) == 1
    say(store, SECOND, REJECT)
    assert state(store) is SubmissionState.REJECTED
    assert acts(store)[-3:-1] == ["Đánh giá sơ loại: Không đạt"] * 2
    assert verified(store) == []


def test_where_two_differ_a_third_decides(desk: Desk) -> None:
    store = desk(TWO)
    assert say(store, FIRST, REJECT) is None and say(store, SECOND, ACCEPT) is None
    assert waiting(store, FIRST) == waiting(store, SECOND) == 0 and waiting(store, THIRD) == 1
    assert acts(store)[-2:] == ["Đánh giá sơ loại"] * 2
    say(store, THIRD, ACCEPT)
    assert state(store) is SubmissionState.ACCEPTED and verified(store) == []


def test_marks_are_compared_by_their_mean(desk: Desk) -> None:
    store = desk('\n[screening]\nscreeners = 2\nmethod = "marks"\npass_mark = "60"\n')
    with pytest.raises(WrongVerdict):
        say(store, FIRST, ACCEPT)
    say(store, FIRST, said(Verdict.MARK, "Tiếng nhỏ.", 5950))
    say(store, SECOND, said(Verdict.MARK, points=6000))
    view = of_office(store, OFFICE, "TP-001")
    assert view.row.state is SubmissionState.REJECTED and view.history[-1].reason == "Tiếng nhỏ."
    assert acts(store)[-3] == "Đánh giá sơ loại: 59,50 điểm" and verified(store) == []


def test_the_checklist_is_answered_and_kept(desk: Desk) -> None:
    store = desk(CHECKLIST)
    with pytest.raises(Unanswered):
        say(store, FIRST, ACCEPT)
    say(store, FIRST, replace(REJECT, answers={"R08": Answer.NO, "R12": Answer.NO}, names_author=True))
    assert acts(store)[-2] == "Đánh giá sơ loại: Không đạt; chưa đạt R08, R12; hình ảnh nêu tên tác giả"
    assert [line.names_author for line in screening_queue.queue(store, OFFICE, LATE).lines] == [True]
    assert verified(store) == []


class TestCompleting:
    """A returned work comes back by the private link, after the window for entering has closed."""

    @pytest.fixture
    def returned(self, desk: Desk) -> Store:
        store = desk()
        say(store, FIRST, RETURN)
        return store

    def test_the_author_corrects_and_sends_it_again(self, returned: Store) -> None:
        view = of_author(returned, secret("thuy"), LATE)
        assert view.to_complete == "Thiếu phụ đề." and view.may_correct and Move.RESUBMIT in view.moves
        version = author_correct(returned, secret("thuy"), view.row.version, replace(FORM, summary="Có phụ đề"), LATE)
        assert state(returned) is SubmissionState.RETURNED
        author_resubmit(returned, secret("thuy"), version, LATE)
        assert state(returned) is SubmissionState.RECEIVED and waiting(returned, FIRST) == 1
        assert view.until is not None and of_author(returned, secret("thuy"), LATE).until is None
        say(returned, FIRST, ACCEPT)
        assert state(returned) is SubmissionState.ACCEPTED and verified(returned) == []

    def test_until_the_screening_ends(self, returned: Store) -> None:
        version = read(returned).version
        over = of_author(returned, secret("thuy"), AFTER)
        assert over.moves == () and over.until is None
        for act in (author_resubmit, author_withdraw):
            with pytest.raises(refusals.CompletionOver, match="10/08/2024"):
                act(returned, secret("thuy"), version, AFTER)

    def test_only_a_returned_work_after_the_closing(self, desk: Desk) -> None:
        store = desk()
        with pytest.raises(refusals.WindowClosed):
            author_correct(store, secret("thuy"), read(store).version, replace(FORM, title="Khác"), LATE)
        with pytest.raises(WrongState):
            author_resubmit(store, secret("thuy"), read(store).version, OPEN)

    def test_a_verdict_on_an_earlier_form_no_longer_counts(self, desk: Desk) -> None:
        store = desk(TWO)
        say(store, FIRST, ACCEPT)
        before = revision(store)
        office_correct(store, OFFICE, read(store), replace(FORM, title="Chợ phiên"), "Gọi điện", LATE)
        with pytest.raises(refusals.ChangedMeanwhile):
            give(store, SECOND, "TP-001", before, ACCEPT, LATE)
        assert waiting(store, FIRST) == 1
        say(store, SECOND, ACCEPT)
        assert state(store) is SubmissionState.RECEIVED
        say(store, FIRST, ACCEPT)
        assert state(store) is SubmissionState.ACCEPTED and verified(store) == []

    def test_the_office_has_it_screened_anew(self, desk: Desk) -> None:
        store = desk()
        say(store, FIRST, REJECT)
        office_move(store, OFFICE, read(store), Move.RESCREEN, "Tác giả khiếu nại", LATE)
        assert waiting(store, FIRST) == 1
        say(store, FIRST, ACCEPT)
        assert state(store) is SubmissionState.ACCEPTED and verified(store) == []


class TestWho:
    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.SCREENER}))
    def test_nobody_else_screens(self, desk: Desk, role: Role) -> None:
        store = desk()
        with pytest.raises(NotAllowed):
            say(store, person("khac", role), ACCEPT)
        with pytest.raises(NotAllowed):
            recuse(store, person("khac", role), "TP-001", "x", LATE)

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.SCREENER, Role.SECRETARY}))
    def test_nobody_else_sees_the_queue(self, desk: Desk, role: Role) -> None:
        store = desk()
        with pytest.raises(NotAllowed):
            screening_queue.queue(store, person("khac", role), LATE)

    def test_a_screener_who_knows_the_author_leaves_the_work_to_others(self, desk: Desk) -> None:
        store = desk()
        with pytest.raises(ReasonMissing):
            recuse(store, FIRST, "TP-001", " ", LATE)
        recuse(store, FIRST, "TP-001", "Em họ", LATE)
        with pytest.raises(NotYours):
            say(store, FIRST, ACCEPT)
        assert screening_queue.queue(store, FIRST, LATE).lines == () and waiting(store, SECOND) == 1
        assert acts(store)[-1] == "Người sơ loại rút khỏi tác phẩm" and verified(store) == []

    def test_an_author_does_not_screen_their_own_work(self, desk: Desk) -> None:
        store = desk()
        author = replace(person("soi4", Role.SCREENER), name="Lò Thị Thuỷ")
        joined(store, replace(author, name="Lò Thị Thuỷ"))
        enter(store, "khac", title="Phim khác", authors=(replace(FORM.authors[0], phone="0912345679"),))
        receive(store, "TP-002", "b" * 64, OPEN)
        office_correct(store, OFFICE, read(store), replace(FORM, title="Chợ"), "Gọi điện", OPEN)  # compares anew
        with pytest.raises(NotYours):
            give(store, author, "TP-001", revision(store), ACCEPT, LATE)
        for line in match_decisions.lines(store, OFFICE):
            match_decisions.decide(store, OFFICE, line.id, Decided.DIFFERENT, "Người khác", line.seen, LATE)
        give(store, author, "TP-001", revision(store), ACCEPT, LATE)


def test_the_progress_counts_days_and_then_warns(desk: Desk) -> None:
    store = desk()
    before = screening_queue.progress(store, FIRST, LATE).sentence.localize(VI)
    assert before.startswith("Đã sơ loại 0 trong 1 tác phẩm; còn 9 ngày")
    late = screening_queue.progress(store, OFFICE, AFTER)
    assert late.late and "đã qua" in late.sentence.localize(VI)
    give(store, FIRST, "TP-001", revision(store), ACCEPT, AFTER + timedelta(hours=1))  # late, and still possible
    assert not screening_queue.progress(store, OFFICE, AFTER).late
