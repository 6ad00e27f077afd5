"""Corrections and moves: by the author inside the window, by the office with a reason, and the history of both."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.desk import stored_forms
from core.desk.entries import entry_refusals as refusals
from core.desk.entries import submission_history, submission_views
from core.desk.entries.registration import register_by_office
from core.desk.entries.submission_history import FIELD_NAMES
from core.desk.entries.submission_views import of_author, of_office
from core.desk.entries.submissions import (
    Read,
    author_correct,
    author_withdraw,
    new_link,
    office_correct,
    office_move,
)
from core.desk.maintenance import operations
from core.rules.access import NotAllowed, Role
from core.rules.entries.form import Author, FormRefused, SubmissionForm
from core.rules.entries.states import Move, NeedsReason, SubmissionState, WrongState
from core.rules.words import Locale
from core.store.engine import Store
from tests.desk.contest_with_panel import assigned_panel, person
from tests.desk.entries.entered import FORM, LATE, OFFICE, OPEN, enter, secret

VI = Locale()


@pytest.fixture
def desk(store: Store) -> Store:
    """A contest with a secretary and one entered work."""
    assigned_panel(store)
    enter(store)
    return store


def state(desk: Store) -> tuple[SubmissionState, int]:
    view = of_office(desk, OFFICE, "TP-001")
    return view.row.state, view.row.version


def office(desk: Store, move: Move, reason: str = "Theo đơn") -> None:
    office_move(desk, OFFICE, Read("TP-001", state(desk)[1]), move, reason, OPEN)


def test_the_author_corrects_and_both_see_what_changed(desk: Store) -> None:
    better = replace(FORM, title="Chợ phiên số bản Bó", authors=(*FORM.authors, Author("Lò Văn Hặc")), group="Nhóm Bó")
    assert author_correct(desk, secret("thuy"), 1, better, OPEN) == 2
    view = of_author(desk, secret("thuy"), OPEN)
    assert view.form == better and view.may_correct and view.moves == (Move.GIVE_FILM, Move.WITHDRAW)
    [entered, corrected] = view.history
    assert [line.act.localize(VI) for line in view.history] == ["Nhận đơn dự thi", "Sửa đơn dự thi"]
    assert entered.person == corrected.person == submission_history.AUTHOR
    assert [(c.field.localize(VI), c.before, c.after) for c in corrected.changes] == [
        ("Tên tác phẩm", "Chợ phiên số", "Chợ phiên số bản Bó"),
        ("Tên nhóm tác giả", "", "Nhóm Bó"),
        ("Tác giả", "Lò Thị Thuỷ · 1990-03-15 · 0912345678", "Lò Thị Thuỷ · 1990-03-15 · 0912345678; Lò Văn Hặc"),
    ]
    assert operations.verify(desk).findings == ()


def test_a_second_tab_is_told(desk: Store) -> None:
    author_correct(desk, secret("thuy"), 1, replace(FORM, title="Tên mới"), OPEN)
    for act in (
        lambda: author_correct(desk, secret("thuy"), 1, replace(FORM, title="Tên cũ hơn"), OPEN),
        lambda: author_withdraw(desk, secret("thuy"), 1, OPEN),
        lambda: office_move(desk, OFFICE, Read("TP-001", 1), Move.RETURN, "Thiếu", OPEN),
    ):
        with pytest.raises(refusals.ChangedMeanwhile):
            act()
    assert of_author(desk, secret("thuy"), OPEN).form.title == "Tên mới"


def test_after_the_closing_the_author_only_follows(desk: Store) -> None:
    for act in (
        lambda: author_correct(desk, secret("thuy"), 1, replace(FORM, title="Muộn"), LATE),
        lambda: author_withdraw(desk, secret("thuy"), 1, LATE),
    ):
        with pytest.raises(refusals.WindowClosed):
            act()
    view = of_author(desk, secret("thuy"), LATE)
    assert not view.may_correct and view.moves == () and view.form == FORM
    assert view.until is None and of_author(desk, secret("thuy"), OPEN).until is not None


def test_a_correction_is_checked_and_must_change_something(desk: Store) -> None:
    with pytest.raises(FormRefused):
        author_correct(desk, secret("thuy"), 1, replace(FORM, unit=""), OPEN)
    with pytest.raises(refusals.NothingChanged):
        author_correct(desk, secret("thuy"), 1, FORM, OPEN)
    assert state(desk) == (SubmissionState.AWAITING_FILM, 1)


def test_a_withdrawn_work_is_closed_until_the_office_brings_it_back(desk: Store) -> None:
    author_withdraw(desk, secret("thuy"), 1, OPEN)
    with pytest.raises(refusals.NotOpenForChanges):
        author_correct(desk, secret("thuy"), 2, replace(FORM, title="Lại"), OPEN)
    with pytest.raises(WrongState):
        author_withdraw(desk, secret("thuy"), 2, OPEN)
    office(desk, Move.REINSTATE)
    assert state(desk) == (SubmissionState.AWAITING_FILM, 3)
    assert operations.verify(desk).findings == ()


def test_the_office_corrects_with_a_reason_and_cannot_agree_for_the_author(desk: Store) -> None:
    read = Read("TP-001", 1)
    with pytest.raises(NeedsReason):
        office_correct(desk, OFFICE, read, replace(FORM, unit="Xã Mường Bú"), " ", OPEN)
    office_correct(desk, OFFICE, read, replace(FORM, unit="Xã Mường Bú", terms=()), "Tác giả gọi điện", OPEN)
    view = of_office(desk, OFFICE, "TP-001")
    assert view.form == replace(FORM, unit="Xã Mường Bú")
    assert (view.history[-1].person, view.history[-1].reason) == ("THUKY", "Tác giả gọi điện")
    assert of_author(desk, secret("thuy"), OPEN).history[-1].person == submission_history.OFFICE


def test_the_office_moves_with_a_reason(desk: Store) -> None:
    for move, expected in (
        (Move.RETURN, SubmissionState.RETURNED), (Move.DISQUALIFY, SubmissionState.DISQUALIFIED),
        (Move.REINSTATE, SubmissionState.AWAITING_FILM), (Move.WITHDRAW, SubmissionState.WITHDRAWN),
    ):  # fmt: skip
        with pytest.raises(NeedsReason):
            office(desk, move, "")
        office(desk, move)
        assert state(desk)[0] is expected
    assert [line.reason for line in of_office(desk, OFFICE, "TP-001").history] == ["", *["Theo đơn"] * 4]
    assert operations.verify(desk).findings == ()


def test_a_new_link_takes_the_place_of_the_lost_one(desk: Store) -> None:
    fresh = new_link(desk, OFFICE, Read("TP-001", 1), OPEN)
    with pytest.raises(refusals.UnknownLink):
        of_author(desk, secret("thuy"), OPEN)
    assert of_author(desk, fresh, OPEN).form == FORM
    assert operations.verify(desk).findings == ()


def test_the_list_is_newest_first(desk: Store) -> None:
    register_by_office(desk, OFFICE, replace(FORM, group="Đội văn nghệ"), OPEN)
    lines = submission_views.listed(desk, OFFICE)
    assert [(line.code, line.authors, line.has_film) for line in lines] == [
        ("TP-002", "Đội văn nghệ", False), ("TP-001", "Lò Thị Thuỷ", False),
    ]  # fmt: skip


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECRETARY])
def test_nobody_else_reads_or_changes(desk: Store, role: Role) -> None:
    who, read = person("ai", role), Read("TP-001", 1)
    acts: tuple[Callable[[], object], ...] = (
        lambda: of_office(desk, who, "TP-001"), lambda: submission_views.listed(desk, who),
        lambda: office_correct(desk, who, read, FORM, "x", OPEN), lambda: new_link(desk, who, read, OPEN),
        lambda: office_move(desk, who, read, Move.RETURN, "x", OPEN),
    )  # fmt: skip
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_unknown_codes_and_links(desk: Store) -> None:
    with pytest.raises(refusals.UnknownSubmission):
        of_office(desk, OFFICE, "TP-009")
    with pytest.raises(refusals.UnknownSubmission):
        office_move(desk, OFFICE, Read("x" * 300, 1), Move.RETURN, "x", OPEN)
    for act in (lambda: of_author(desk, secret("ai"), OPEN), lambda: author_withdraw(desk, secret("ai"), 1, OPEN)):
        with pytest.raises(refusals.UnknownLink):
            act()


def test_forms_are_stored_with_a_version() -> None:
    assert stored_forms.decode(stored_forms.encode(FORM)) == FORM
    assert stored_forms.decode("") == stored_forms.ERASED and stored_forms.encode(FORM).endswith('"version":1}')
    with pytest.raises(ValueError, match="no such version"):
        stored_forms.decode('{"version":2,"form":{}}')


def test_every_field_has_a_name() -> None:
    assert list(FIELD_NAMES) == list(SubmissionForm.__dataclass_fields__)
