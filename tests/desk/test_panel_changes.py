"""After the first sheet only the chief changes the panel; a judge without a sheet leaves it when their account is
closed.
"""

import pytest
import sqlalchemy as sa

from core.desk import assignments, rounds
from core.desk.accounts import accounts, passwords
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.judging import judge_assignment, judge_sheets
from core.desk.judging.judge_sheets import Change
from core.rules.access import NotAllowed, Principal, Role
from core.store import tables as t
from core.store.engine import Store
from tests.desk.accounts.test_late_judges import assignments_of
from tests.desk.contest_with_panel import CHIEF, CODES, LAN, NOW, SECRETARY, assigned_panel, joined, person
from tests.fixtures.ledger_payloads import payloads_of

ADMIN = accounts.SYSTEM
REASON = "Thay giám khảo vắng mặt"


@pytest.fixture(autouse=True)
def _no_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hashed", lambda _: "x")


@pytest.fixture
def marked(store: Store) -> Store:
    """The contest after its first sheet: Lan's of T-101."""
    judge_sheets.save(assigned_panel(store), LAN, CODES[0], Change({"ND": "30", "ST": "10"}), 0, NOW)
    judge_sheets.submit(store, LAN, CODES[0], 1, "k" * 16, NOW)
    return store


def events(store: Store, event: str) -> list[dict[str, object]]:
    return payloads_of(store, event)


def expected(store: Store) -> int:
    with store.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(t.assignment)).scalar_one())


class TestAccountsOfJudges:
    def test_an_account_created_after_the_first_sheet_changes_no_panel(self, marked: Store) -> None:
        before = expected(marked)
        accounts.add(marked, ADMIN, "gk.moi", "Lường Thị Mới", [Role.JUDGE], NOW)
        assert assignments_of(marked, "gk.moi") == 0
        assert expected(marked) == before + 3  # T-404, which was not assigned, goes to the three judges of the panel

    def test_an_account_that_becomes_a_judge_or_is_reactivated_changes_no_panel(self, marked: Store) -> None:
        accounts.add(marked, ADMIN, "gk.moi", "Lường Thị Mới", [Role.COMMITTEE], NOW)
        accounts.set_roles(marked, ADMIN, "gk.moi", [Role.JUDGE], NOW)
        assert assignments_of(marked, "gk.moi") == 0
        accounts.deactivate(marked, ADMIN, "minh", NOW)
        accounts.reactivate(marked, ADMIN, "minh", NOW)
        assert assignments_of(marked, "minh") == 0

    @pytest.mark.parametrize("leave", ["account", "role"])
    def test_a_judge_without_a_sheet_loses_their_assignments(self, marked: Store, leave: str) -> None:
        if leave == "account":
            accounts.deactivate(marked, ADMIN, "minh", NOW)
        else:
            accounts.set_roles(marked, ADMIN, "minh", [Role.SECRETARY], NOW)
        assert assignments_of(marked, "minh") == 0
        assert events(marked, "judge.unassigned") == [{"judge": "minh", "entries": ["T-101", "T-202", "T-303"]}]

    def test_a_judge_with_a_draft_loses_them_but_not_one_with_a_sealed_sheet(self, marked: Store) -> None:
        judge_sheets.save(marked, person("minh", Role.JUDGE), CODES[0], Change({"ND": "30"}), 0, NOW)
        accounts.deactivate(marked, ADMIN, "minh", NOW)
        accounts.deactivate(marked, ADMIN, "lan", NOW)
        assert (assignments_of(marked, "minh"), assignments_of(marked, "lan")) == (0, 3)

    def test_in_a_closed_round_nobody_loses_assignments(self, marked: Store) -> None:
        """The panel that a round was closed with stays as it was."""
        rounds.close(marked, Reauthenticated(CHIEF), "Hết giờ", NOW)
        accounts.deactivate(marked, ADMIN, "minh", NOW)
        assert assignments_of(marked, "minh") == 3


class TestAssignmentsByTheChief:
    def test_cover_every_work_with_the_reason_in_the_ledger(self, marked: Store) -> None:
        accounts.add(marked, ADMIN, "gk.moi", "Lường Thị Mới", [Role.JUDGE], NOW)
        assert assignments.assign(marked, CHIEF, "gk.moi", REASON, NOW) == 4
        assert assignments_of(marked, "gk.moi") == 4
        last = events(marked, "judge.assigned")[-1]
        assert last == {"judge": "gk.moi", "entries": list(CODES), "reason": REASON}

    def test_repeated_change_nothing_and_record_nothing(self, marked: Store) -> None:
        joined(marked, person("gk.moi", Role.JUDGE))
        assignments.assign(marked, CHIEF, "gk.moi", REASON, NOW)
        assert assignments.assign(marked, CHIEF, "gk.moi", REASON, NOW) == 0
        assert len([payload for payload in events(marked, "judge.assigned") if payload["judge"] == "gk.moi"]) == 1

    def test_need_a_reason_once_sheets_are_submitted(self, store: Store) -> None:
        joined(assigned_panel(store), person("gk.moi", Role.JUDGE))
        assert assignments.assign(store, CHIEF, "gk.moi", "", NOW) == 4
        judge_sheets.save(store, LAN, CODES[0], Change({"ND": "30", "ST": "10"}), 0, NOW)
        judge_sheets.submit(store, LAN, CODES[0], 1, "k" * 16, NOW)
        joined(store, person("gk.muon", Role.JUDGE))
        with pytest.raises(judge_assignment.ReasonMissing):
            assignments.assign(store, CHIEF, "gk.muon", "  ", NOW)
        assert assignments_of(store, "gk.muon") == 0

    @pytest.mark.parametrize("username", ["khong.co", "thuky"])
    def test_are_for_judges_only(self, marked: Store, username: str) -> None:
        with pytest.raises(assignments.NoSuchJudge):
            assignments.assign(marked, CHIEF, username, REASON, NOW)

    def test_are_not_for_closed_accounts(self, marked: Store) -> None:
        accounts.deactivate(marked, ADMIN, "minh", NOW)
        with pytest.raises(assignments.NoSuchJudge):
            assignments.assign(marked, CHIEF, "minh", REASON, NOW)

    @pytest.mark.parametrize(
        "who",
        [LAN, SECRETARY, person("ban", Role.COMMITTEE), person("quantri", Role.ADMIN)],
        ids=lambda who: who.username,
    )
    def test_are_refused_to_every_other_role(self, marked: Store, who: Principal) -> None:
        joined(marked, person("gk.moi", Role.JUDGE))
        with pytest.raises(NotAllowed):
            assignments.assign(marked, who, "gk.moi", REASON, NOW)

    def test_are_refused_once_the_round_is_closed(self, marked: Store) -> None:
        joined(marked, person("gk.moi", Role.JUDGE))
        rounds.close(marked, Reauthenticated(CHIEF), "Hết giờ", NOW)
        with pytest.raises(judge_assignment.JudgingClosed):
            assignments.assign(marked, CHIEF, "gk.moi", REASON, NOW)
