"""A work that cannot get enough sheets is reported while there is still time, and the round is closed on it with a
reason.
"""

import pytest

from core.desk import assignments, rounds
from core.desk.accounts import accounts, passwords
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.judging import judge_sheets, recusals
from core.desk.judging.judge_sheets import Change
from core.desk.standings import panel_progress
from core.desk.standings.live_standings import LiveStandings
from core.rules.access import NotAllowed, Principal, Role
from core.store.engine import Store
from tests.desk.contest_with_panel import (
    CHIEF,
    CODES,
    CONTEST,
    LAN,
    MINH,
    NOW,
    SECRETARY,
    assigned_panel,
    joined,
    person,
)
from tests.desk.test_panel_changes import events

MOVED = "Giám khảo chuyển công tác"


@pytest.fixture(autouse=True)
def _no_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hashed", lambda _: "x")


@pytest.fixture
def two_needed(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Three judges at three works, two sheets needed; T-404 is assigned to nobody."""
    monkeypatch.setattr("tests.desk.contest_with_panel.CONTEST", CONTEST.replace("min_sheets = 1", "min_sheets = 2"))
    return assigned_panel(store)


def short(store: Store, who: Principal = CHIEF) -> dict[str, int]:
    return {str(work.entry): work.sheets for work in panel_progress.panel(LiveStandings(store), who).short}


def sealed(store: Store, who: Principal, code: str) -> None:
    judge_sheets.save(store, who, code, Change({"ND": "30", "ST": "10"}), 0, NOW)
    judge_sheets.submit(store, who, code, 1, f"{who.username}-{code}".ljust(16, "k"), NOW)


def test_a_work_that_nobody_marks_is_short(two_needed: Store) -> None:
    assert short(two_needed) == {"T-404": 0}


def test_a_work_whose_judges_are_recused_is_short(two_needed: Store) -> None:
    recusals.declare(two_needed, LAN, "T-101", "người nhà", NOW)
    assert "T-101" not in short(two_needed)
    recusals.declare(two_needed, MINH, "T-101", "người nhà", NOW)
    assert short(two_needed)["T-101"] == 1


def test_a_work_whose_judges_accounts_are_closed_is_short_and_sealed_sheets_count(two_needed: Store) -> None:
    sealed(two_needed, LAN, "T-101")
    for judge in ("lan", "minh"):
        accounts.deactivate(two_needed, accounts.SYSTEM, judge, NOW)
    assert {code: sheets for code, sheets in short(two_needed).items() if code != "T-404"} == {"T-202": 1, "T-303": 1}


def test_assigning_a_judge_makes_the_number_reachable_again(two_needed: Store) -> None:
    for judge in (person("gk.hai", Role.JUDGE), person("gk.ba", Role.JUDGE)):
        joined(two_needed, judge)
        assignments.assign(two_needed, CHIEF, judge.username, "bổ sung", NOW)
    assert short(two_needed) == {}


def test_after_the_round_is_closed_unsealed_sheets_cannot_come(two_needed: Store) -> None:
    sealed(two_needed, LAN, "T-101")
    sealed(two_needed, MINH, "T-101")
    rounds.close(two_needed, Reauthenticated(CHIEF), MOVED, NOW)
    assert short(two_needed) == {"T-202": 0, "T-303": 0, "T-404": 0}
    (payload,) = events(two_needed, "judging.closed")
    assert (payload["missing"], payload["without_score"], payload["reason"]) == (7, ["T-202", "T-303", "T-404"], MOVED)


def test_every_work_with_too_few_sheets_yet_is_named_by_the_closing_form(two_needed: Store) -> None:
    sealed(two_needed, LAN, "T-101")
    assert panel_progress.panel(LiveStandings(two_needed), CHIEF).scoreless == CODES
    sealed(two_needed, MINH, "T-101")
    assert panel_progress.panel(LiveStandings(two_needed), CHIEF).scoreless == CODES[1:]


def test_a_round_that_leaves_works_without_a_score_closes_with_a_reason_though_every_sheet_is_in(
    two_needed: Store,
) -> None:
    for who in (LAN, MINH, CHIEF):
        for code in CODES[:3]:
            sealed(two_needed, who, code)
    with pytest.raises(rounds.WorksWithoutScore) as refused:
        rounds.close(two_needed, Reauthenticated(CHIEF), " ", NOW)
    assert refused.value.sentence.facts["works"] == 1
    assert events(two_needed, "judging.closed") == []
    rounds.close(two_needed, Reauthenticated(CHIEF), MOVED, NOW)


class TestChoicesInForms:
    def test_judges_without_a_work_are_offered(self, two_needed: Store) -> None:
        joined(two_needed, person("gk.hai", Role.JUDGE))
        found = [judge.username for judge in assignments.unassigned(two_needed, CHIEF)]
        assert found == ["gk.hai", "lan", "minh", "truong"]  # T-404 is not assigned yet
        for judge in found:
            assignments.assign(two_needed, CHIEF, judge, "bổ sung", NOW)
        assert assignments.unassigned(two_needed, CHIEF) == ()

    def test_closed_accounts_are_not_offered(self, two_needed: Store) -> None:
        accounts.deactivate(two_needed, accounts.SYSTEM, "lan", NOW)
        assert "lan" not in [judge.username for judge in assignments.unassigned(two_needed, CHIEF)]

    def test_the_chiefs_but_oneself(self, two_needed: Store) -> None:
        joined(two_needed, person("ban", Role.COMMITTEE))
        committee = person("ban", Role.COMMITTEE)
        assert [chief.username for chief in assignments.chiefs(two_needed, committee)] == ["truong"]
        assert assignments.chiefs(two_needed, CHIEF) == ()

    @pytest.mark.parametrize("who", [LAN, SECRETARY], ids=lambda who: who.username)
    def test_to_no_other_role(self, two_needed: Store, who: Principal) -> None:
        with pytest.raises(NotAllowed):
            assignments.unassigned(two_needed, who)
        with pytest.raises(NotAllowed):
            assignments.chiefs(two_needed, who)
