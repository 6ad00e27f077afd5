"""After the draw a finalist changes only by two people, and the work of the jury follows."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.desk.accounts import accounts
from core.desk.entries.entry_refusals import ChangedMeanwhile, NothingChanged
from core.desk.entries.submission_views import of_office
from core.desk.files.work_list import ListedWork
from core.desk.finals import finalist_changes, finalists
from core.desk.finals import finals_refusals as refusals
from core.desk.finals.finalist_changes import NewProposal, Proposal
from core.desk.finals.finalists import NoFinalist
from core.desk.judging import judge_queue, judge_sheets
from core.desk.judging.judge_assignment import NoSuchWork, ReasonMissing
from core.desk.judging.judge_sheets import Change
from core.desk.maintenance import erasure, operations
from core.desk.setup import contest_setup
from core.desk.standings import panel_progress
from core.desk.standings.live_standings import live_standings_of
from core.rules.access import NotAllowed, Principal, Role
from core.rules.entries.form import FormRefused
from core.rules.entries.states import FinalistChange, SubmissionState, WrongState
from core.rules.words import Locale
from core.store.engine import Store
from core.store.finals import draws
from core.store.queries import entries, standings
from tests.desk.contest_with_panel import LAN, NOW, assigned_panel, joined, person
from tests.desk.entries.accepted import accepted_works, film_hash
from tests.desk.entries.entered import OFFICE
from tests.desk.finals.test_draw import close, draw_codes

ADMIN = person("quantri", Role.ADMIN)
COMMITTEE, SECOND = person("ban", Role.COMMITTEE), person("thuky2", Role.SECRETARY)


@pytest.fixture
def desk(sqlite_store: Store) -> Store:
    """Two finalists."""
    assigned_panel(sqlite_store)
    for who in (COMMITTEE, SECOND, ADMIN):
        joined(sqlite_store, who)
    accepted_works(sqlite_store, 2)
    close(sqlite_store)
    draw_codes(sqlite_store)
    return sqlite_store


def code(desk: Store, submission: str = "TP-001") -> str:
    return next(each.code for each in finalists.listed(desk, OFFICE, NOW) if each.submission == submission)


def propose(desk: Store, kind: FinalistChange, who: Principal = OFFICE, **changes: object) -> Proposal:
    found = finalist_changes.changeable(desk, OFFICE, code(desk))
    form = replace(found.form, title="Tên mới") if kind is FinalistChange.CORRECT else None
    new = NewProposal(code(desk), kind, found.version, "Tác giả đề nghị", form)
    finalist_changes.propose(desk, who, replace(new, **changes), NOW)  # type: ignore[arg-type]
    return finalist_changes.proposals(desk, COMMITTEE)[0]


def confirm(desk: Store, proposal: Proposal, who: Principal = COMMITTEE) -> None:
    finalist_changes.confirm(desk, who, proposal.id, "", NOW)


def in_queue(desk: Store) -> bool:
    return code(desk) in {each.work.code for each in judge_queue.queue(desk, LAN, NOW).works}


def findings(desk: Store) -> list[str]:
    return [each.localize(Locale()) for each in operations.verify(desk).findings]


def test_a_correction_reaches_the_jury_when_it_is_confirmed(desk: Store) -> None:
    proposal = propose(desk, FinalistChange.CORRECT)
    assert [(each[1], each[2]) for each in proposal.fields] == [("Phim 1", "Tên mới")]
    with desk.read() as connection:
        assert getattr(entries.work(connection, code(desk)), "title") == "Phim 1"  # noqa: B009
    confirm(desk, proposal)
    with desk.read() as connection:
        assert getattr(entries.work(connection, code(desk)), "title") == "Tên mới"  # noqa: B009
    assert of_office(desk, OFFICE, "TP-001").form.title == "Tên mới"
    last = of_office(desk, OFFICE, "TP-001").history[-1]
    assert (last.person, last.reason) == ("BAN", "Tác giả đề nghị")
    assert [(each.before, each.after) for each in last.changes] == [("Phim 1", "Tên mới")]
    assert findings(desk) == []


@pytest.mark.parametrize("kind", [FinalistChange.WITHDRAW, FinalistChange.DISQUALIFY])
def test_a_work_that_leaves_is_in_no_queue_and_no_place_until_it_is_reinstated(
    desk: Store, kind: FinalistChange
) -> None:
    judge_sheets.save(desk, LAN, code(desk), Change({"ND": "30", "ST": "10"}), 0, NOW)
    judge_sheets.submit(desk, LAN, code(desk), 1, "k" * 16, NOW)
    live = live_standings_of(desk)
    before = panel_progress.panel(live, COMMITTEE).counts
    confirm(desk, propose(desk, kind))
    assert not in_queue(desk)
    with pytest.raises(NoSuchWork):
        judge_queue.open_sheet(desk, LAN, code(desk), NOW)
    with desk.read() as connection:
        assert code(desk) not in {each.code for each in standings.works(connection)}
        assert not [each for each in standings.sheets(connection, 2) if each.entry == code(desk)]
    live.catch_up()
    after = panel_progress.panel(live, COMMITTEE).counts
    assert (after.works, after.sheets) == (before.works - 1, before.sheets - 1)
    [gone] = [each for each in finalists.listed(desk, OFFICE, NOW) if each.submission == "TP-001"]
    assert not gone.competes and findings(desk) == []
    confirm(desk, propose(desk, FinalistChange.REINSTATE), SECOND)
    live.catch_up()
    again = panel_progress.panel(live, COMMITTEE).counts
    assert in_queue(desk) and replace(again, revision=before.revision) == before
    assert of_office(desk, OFFICE, "TP-001").row.state is SubmissionState.FINALIST and findings(desk) == []


@pytest.mark.parametrize("kind", [FinalistChange.WITHDRAW, FinalistChange.DISQUALIFY])
def test_the_film_of_a_work_that_leaves_is_for_the_office_and_the_committee(desk: Store, kind: FinalistChange) -> None:
    confirm(desk, propose(desk, kind))
    for who in (OFFICE, COMMITTEE):
        assert judge_queue.film(desk, who, code(desk)).sha256 == film_hash("TP-001")
    chief, both = person("minh", Role.CHIEF), replace(COMMITTEE, roles=COMMITTEE.roles | {Role.JUDGE})
    for who in (LAN, chief, ADMIN, both, replace(OFFICE, must_change_password=True)):
        with pytest.raises(NoSuchWork):
            judge_queue.film(desk, who, code(desk))


def test_nobody_confirms_or_declines_their_own_proposal(desk: Store) -> None:
    proposal = propose(desk, FinalistChange.WITHDRAW)
    with pytest.raises(refusals.OwnProposal):
        confirm(desk, proposal, OFFICE)
    with pytest.raises(refusals.OwnProposal):
        finalist_changes.decline(desk, OFFICE, proposal.id, "x", NOW)
    assert not finalist_changes.proposals(desk, OFFICE)[0].may_decide and in_queue(desk)


def test_a_declined_proposal_changes_nothing_and_says_why(desk: Store) -> None:
    proposal = propose(desk, FinalistChange.WITHDRAW)
    with pytest.raises(ReasonMissing):
        finalist_changes.decline(desk, COMMITTEE, proposal.id, " ", NOW)
    finalist_changes.decline(desk, COMMITTEE, proposal.id, "Tác giả chưa ký", NOW)
    [done] = finalist_changes.proposals(desk, OFFICE)
    assert (done.outcome, done.answer, done.decided_by) == ("declined", "Tác giả chưa ký", "BAN")
    with pytest.raises(refusals.AlreadyDecided):
        confirm(desk, proposal, SECOND)
    assert in_queue(desk) and findings(desk) == []
    propose(desk, FinalistChange.WITHDRAW)  # it can be proposed again


def test_what_is_proposed_is_checked(desk: Store) -> None:
    found = finalist_changes.changeable(desk, OFFICE, code(desk))
    cases: tuple[tuple[type[Exception], FinalistChange, dict[str, object]], ...] = (
        (ReasonMissing, FinalistChange.WITHDRAW, {"reason": ""}), (NoFinalist, FinalistChange.WITHDRAW, {"code": "T-101"}),
        (ChangedMeanwhile, FinalistChange.WITHDRAW, {"version": 1}), (WrongState, FinalistChange.REINSTATE, {}),
        (NothingChanged, FinalistChange.CORRECT, {"form": found.form}), (NothingChanged, FinalistChange.CORRECT, {"form": None}),
        (FormRefused, FinalistChange.CORRECT, {"form": replace(found.form, unit="")}),
    )  # fmt: skip
    for refusal, kind, changes in cases:
        with pytest.raises(refusal):
            propose(desk, kind, **changes)  # type: ignore[arg-type]
    propose(desk, FinalistChange.WITHDRAW)
    with pytest.raises(refusals.ProposalWaits):
        propose(desk, FinalistChange.DISQUALIFY)
    with pytest.raises(refusals.NoProposal):
        finalist_changes.confirm(desk, COMMITTEE, 99, "", NOW)


def test_a_work_out_of_competition_is_not_corrected(desk: Store) -> None:
    confirm(desk, propose(desk, FinalistChange.WITHDRAW))
    with pytest.raises(refusals.OutOfCompetition):
        propose(desk, FinalistChange.CORRECT)
    with pytest.raises(WrongState):
        propose(desk, FinalistChange.WITHDRAW)


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SECRETARY, Role.COMMITTEE}])
def test_nobody_else_proposes_or_decides(desk: Store, role: Role) -> None:
    who, proposal = person("ai", role), propose(desk, FinalistChange.WITHDRAW)
    acts: tuple[Callable[[], object], ...] = (
        lambda: propose(desk, FinalistChange.WITHDRAW, who), lambda: confirm(desk, proposal, who),
        lambda: finalist_changes.decline(desk, who, proposal.id, "x", NOW),
        lambda: finalist_changes.changeable(desk, who, code(desk)),
    )  # fmt: skip
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_the_committee_confirms_and_does_not_propose(desk: Store) -> None:
    with pytest.raises(NotAllowed):
        propose(desk, FinalistChange.WITHDRAW, COMMITTEE)


def test_an_import_does_not_go_round_the_second_person(desk: Store) -> None:
    row = ListedWork(2, code(desk), "Tên khác", "Ai đó", "Nơi khác", "phim.mp4")
    with pytest.raises(contest_setup.IsFinalist):
        contest_setup.correct_work(desk, row, NOW)


def test_an_erased_secretary_leaves_the_works_and_the_draw(desk: Store) -> None:
    confirm(desk, propose(desk, FinalistChange.CORRECT))
    accounts.deactivate(desk, ADMIN, "thuky", NOW)
    assert erasure.erase_account(desk, ADMIN, "thuky", NOW) > 0
    assert findings(desk) == []
    [done] = finalist_changes.proposals(desk, COMMITTEE)
    assert done.reason == "" and of_office(desk, SECOND, "TP-001").form.title == "Tên mới"
    with desk.read() as connection:
        closed = draws.newest_list(connection)
    assert closed is not None and closed.source and not closed.reason
