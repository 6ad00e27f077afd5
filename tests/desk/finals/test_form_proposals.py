"""The office corrects the whole form of a work: at once before the draw, and by two people after it."""

from dataclasses import replace

import pytest

from core.desk.entries.entry_refusals import ChangedMeanwhile, UnknownSubmission
from core.desk.entries.submission_views import SubmissionView, of_office
from core.desk.entries.submissions import Read
from core.desk.finals import finalist_changes, form_proposals
from core.desk.finals.finals_refusals import ProposalWaits
from core.desk.judging.judge_assignment import ReasonMissing
from core.desk.maintenance import operations
from core.rules.entries.form import Author, FormRefused, SubmissionForm
from core.store.engine import Store
from core.store.finals import draws
from core.store.queries import entries
from tests.desk.contest_with_panel import CHANNEL, NOW, assigned_panel, joined
from tests.desk.entries.accepted import accepted_works
from tests.desk.entries.entered import FORM, OFFICE, enter
from tests.desk.finals.test_draw import close, draw_codes
from tests.desk.finals.test_finalist_changes import COMMITTEE

RIGHT = Author("Lường Văn Thắng", "1988-05-06", "0912000111")


@pytest.fixture
def drawn(sqlite_store: Store) -> Store:
    """One finalist, TP-001."""
    assigned_panel(sqlite_store)
    joined(sqlite_store, COMMITTEE)
    accepted_works(sqlite_store, 1)
    close(sqlite_store)
    draw_codes(sqlite_store)
    return sqlite_store


def view(desk: Store) -> SubmissionView:
    return of_office(desk, OFFICE, "TP-001")


def correct(desk: Store, form: SubmissionForm, reason: str = "Đơn ghi sai tên") -> None:
    form_proposals.correct(desk, OFFICE, Read("TP-001", view(desk).row.version), form, reason, NOW)


def author_of_the_jury(desk: Store) -> str:
    with desk.read() as connection:
        code = draws.judging_code(connection, view(desk).row.id)
        work = entries.work(connection, str(code))
    assert work is not None
    return work.author


def test_the_author_of_a_finalist_is_corrected_by_two_people(drawn: Store) -> None:
    before, wrong = view(drawn).form, author_of_the_jury(drawn)
    assert view(drawn).finalist and view(drawn).may_correct
    correct(drawn, replace(before, authors=(RIGHT,), terms=()))
    assert view(drawn).waits and not view(drawn).may_correct and view(drawn).form == before
    (proposal,) = finalist_changes.proposals(drawn, COMMITTEE)
    ((_, old, new),) = proposal.fields
    assert wrong in old and new == "Lường Văn Thắng · 1988-05-06 · 0912000111"
    assert finalist_changes.proposals(drawn, CHANNEL)[0].fields == ()  # authors' phones are not for everybody
    finalist_changes.confirm(drawn, COMMITTEE, proposal.id, "", NOW)
    assert (
        view(drawn).form == replace(before, authors=(RIGHT,)) and not view(drawn).waits
    )  # what was agreed stays agreed
    assert author_of_the_jury(drawn) == RIGHT.name
    assert operations.verify(drawn).findings == ()


def test_what_a_proposal_needs_is_asked_of_the_form_too(drawn: Store) -> None:
    better = replace(view(drawn).form, title="Tên đúng")
    with pytest.raises(ReasonMissing):
        correct(drawn, better, reason=" ")
    with pytest.raises(FormRefused):
        correct(drawn, replace(better, title=""))
    with pytest.raises(ChangedMeanwhile):
        form_proposals.correct(drawn, OFFICE, Read("TP-001", view(drawn).row.version - 1), better, "Sai tên", NOW)
    correct(drawn, better)
    with pytest.raises(ProposalWaits):
        correct(drawn, better)


def test_before_the_draw_the_correction_is_made_at_once(sqlite_store: Store) -> None:
    assigned_panel(sqlite_store)
    enter(sqlite_store)
    correct(sqlite_store, replace(FORM, title="Tên đúng"))
    assert view(sqlite_store).form == replace(FORM, title="Tên đúng") and not view(sqlite_store).finalist
    with pytest.raises(UnknownSubmission):
        form_proposals.correct(sqlite_store, OFFICE, Read("TP-009", 1), FORM, "Sai tên", NOW)
