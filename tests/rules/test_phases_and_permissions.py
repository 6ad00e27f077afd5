"""Permissions: every phase against every role."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.rules import permissions
from core.rules.access import NotAllowed, NotConfirmed, Principal, Role, SessionOver
from core.rules.contest import Contest, Judging, StandingsForJudges
from core.rules.contest_file.reader import load
from core.rules.phases import judging_open, judging_over
from core.rules.words import Refusal

RULES = load(Path("data/contests/son-la-2024.toml").read_text(encoding="utf-8"), "son-la-2024.toml")
NO_CALENDAR = replace(RULES, phases=None)
AT = datetime(2024, 8, 20, 3, tzinfo=UTC)


@dataclass(frozen=True)
class Milestones:
    """The steps that people have ended."""

    judging_closed_at: datetime | None = None
    interactions_frozen_at: datetime | None = None
    awards_confirmed_at: datetime | None = None
    published_at: datetime | None = None


def person(*roles: Role) -> Principal:
    return Principal("ai", "Ai", frozenset(roles), "")


def local(day: int, month: int, clock: str = "00:00:00") -> datetime:
    return datetime.fromisoformat(f"2024-{month:02}-{day:02}T{clock}+07:00")


def test_without_a_calendar_only_people_end_anything() -> None:
    assert judging_open(NO_CALENDAR, AT, None) and not judging_open(NO_CALENDAR, AT, AT)
    assert not judging_over(NO_CALENDAR, AT, None) and judging_over(NO_CALENDAR, AT, AT)


def test_sheets_are_taken_through_the_last_second() -> None:
    closes = local(30, 8, "23:59:59")
    assert judging_open(RULES, closes + timedelta(milliseconds=999), None)
    assert not judging_open(RULES, closes + timedelta(seconds=1), None)
    assert not judging_open(RULES, local(11, 8) - timedelta(seconds=1), None)
    assert not judging_over(RULES, closes + timedelta(milliseconds=999), None)
    assert judging_over(RULES, closes + timedelta(seconds=1), None)


ORGANISERS = {Role.CHIEF, Role.SECRETARY, Role.COMMITTEE}
ACTS: dict[Callable[[Principal], bool], set[Role]] = {  # the roles that may; everything else is refused
    permissions.may_mark: {Role.JUDGE},
    permissions.may_chair: {Role.CHIEF},
    permissions.may_assign_judges: {Role.CHIEF},
    permissions.may_confirm_accounts: {Role.CHIEF, Role.COMMITTEE},
    permissions.may_return_sheets: {Role.CHIEF, Role.COMMITTEE},
    permissions.may_see_the_panel: ORGANISERS,
    permissions.may_see_awards: ORGANISERS,
    permissions.may_decide_awards: {Role.COMMITTEE},
    permissions.may_publish: {Role.COMMITTEE},
    permissions.may_decide_retraction: {Role.COMMITTEE},
    permissions.may_see_interactions: {Role.CHANNEL, Role.SECRETARY, Role.COMMITTEE},
    permissions.may_enter_interactions: {Role.CHANNEL},
    permissions.may_freeze_interactions: {Role.CHANNEL, Role.COMMITTEE},
    permissions.may_review_readings: {Role.CHANNEL, Role.SECRETARY, Role.COMMITTEE},
    permissions.may_reopen_interactions: {Role.COMMITTEE},
    permissions.may_keep_accounts: {Role.ADMIN},
    permissions.may_read_the_audit_log: {Role.ADMIN, Role.COMMITTEE},
    permissions.may_manage_jobs: {Role.SECRETARY, Role.ADMIN},
    permissions.may_keep_officials: {Role.SECRETARY, Role.ADMIN},
    permissions.may_register_works: {Role.SECRETARY},
    permissions.may_see_twins: {Role.SECRETARY, Role.COMMITTEE},
    permissions.may_judge_twins: {Role.SECRETARY},
    permissions.may_screen: {Role.SCREENER},
    permissions.may_see_the_screening: {Role.SCREENER, Role.SECRETARY},
    permissions.may_see_finals: {Role.SECRETARY, Role.COMMITTEE, Role.CHANNEL},
    permissions.may_confirm_finalist_change: {Role.SECRETARY, Role.COMMITTEE},
    permissions.may_record_posts: {Role.SECRETARY, Role.CHANNEL},
}


@pytest.mark.parametrize("may", ACTS, ids=lambda may: may.__name__)
@pytest.mark.parametrize("role", Role)
def test_each_act_is_of_these_roles_and_no_others(may: Callable[[Principal], bool], role: Role) -> None:
    assert may(person(role)) is (role in ACTS[may])
    if role in ACTS[may]:
        permissions.must(may(person(role)))
    else:
        with pytest.raises(NotAllowed):
            permissions.must(may(person(role)))


@pytest.mark.parametrize("marks", [Role.JUDGE, Role.CHIEF])
def test_whoever_marks_reads_no_count_whatever_else_they_are(marks: Role) -> None:
    both = person(marks, Role.CHANNEL, Role.COMMITTEE)
    assert not permissions.may_see_interactions(both)
    assert not permissions.may_enter_interactions(both)
    assert not permissions.may_freeze_interactions(both)
    assert not permissions.may_reopen_interactions(both)
    assert not permissions.may_review_readings(both)


@pytest.mark.parametrize("roles", [(Role.CHANNEL,), (Role.CHANNEL, Role.COMMITTEE)])
def test_nobody_confirms_the_reading_that_they_entered(roles: tuple[Role, ...]) -> None:
    who = person(*roles)
    assert not permissions.may_review_readings(who, who.username)
    assert permissions.may_review_readings(who, "kenh")


@pytest.mark.parametrize("roles", [(Role.COMMITTEE,), (Role.COMMITTEE, Role.CHANNEL)])
def test_whoever_froze_the_counts_does_not_open_them_again(roles: tuple[Role, ...]) -> None:
    """A second person must decide, whatever other roles the one who froze has."""
    who = person(*roles)
    assert not permissions.may_reopen_interactions(who, who.username)
    assert permissions.may_reopen_interactions(who, "kenh")
    assert not permissions.may_reopen_interactions(person(Role.CHANNEL), "kenh")


@pytest.mark.parametrize("role", Role)
def test_nobody_returns_their_own_sheet_and_the_committee_the_chief_s_alone(role: Role) -> None:
    who = person(role)
    assert not permissions.may_return_sheet(who, who.username, of_a_chief=role is Role.CHIEF)
    assert permissions.may_return_sheet(who, "lan", of_a_chief=False) is (role is Role.CHIEF)
    assert permissions.may_return_sheet(who, "truong", of_a_chief=True) is (role in {Role.CHIEF, Role.COMMITTEE})


@pytest.mark.parametrize(
    "refused, text",
    [
        (NotAllowed(), "không có quyền"),
        (NotConfirmed(), "xác nhận đúng người"),
        (SessionOver(), "Hãy đăng nhập lại"),
    ],
)
def test_a_refusal_gives_its_reason(refused: Refusal, text: str) -> None:
    assert text in str(refused)


def test_an_administrator_manages_no_accounts_with_a_temporary_password() -> None:
    assert not permissions.may_keep_accounts(replace(person(Role.ADMIN), must_change_password=True))


@pytest.mark.parametrize("marks", [Role.JUDGE, Role.CHIEF])
def test_whoever_marks_does_not_read_the_audit_log(marks: Role) -> None:
    """It says which sheets have come in."""
    assert not permissions.may_read_the_audit_log(person(marks, Role.COMMITTEE))
    assert not permissions.may_read_the_audit_log(person(marks, Role.ADMIN))


@pytest.mark.parametrize("marks", [Role.JUDGE, Role.CHIEF])
def test_whoever_marks_sees_no_officials_phones(marks: Role) -> None:
    assert not permissions.may_keep_officials(person(marks, Role.SECRETARY, Role.ADMIN))


@pytest.mark.parametrize(
    "may",
    [
        permissions.may_read_the_audit_log, permissions.may_manage_jobs, permissions.may_keep_officials,
        permissions.may_register_works,
    ],
)  # fmt: skip
def test_a_temporary_password_opens_nothing_of_the_office(may: Callable[[Principal], bool]) -> None:
    assert not may(replace(person(Role.ADMIN, Role.SECRETARY), must_change_password=True))


@pytest.mark.parametrize("marks", [Role.JUDGE, Role.CHIEF])
def test_whoever_marks_does_not_screen(marks: Role) -> None:
    assert not permissions.may_see_the_screening(person(marks, Role.SCREENER, Role.SECRETARY))
    assert not permissions.may_screen(replace(person(Role.SCREENER), must_change_password=True))
    assert permissions.may_screen(person(Role.SCREENER, Role.SECRETARY))


@pytest.mark.parametrize("marks", [Role.JUDGE, Role.CHIEF])
def test_whoever_marks_does_not_decide_about_copies(marks: Role) -> None:
    assert not permissions.may_judge_twins(person(marks, Role.SECRETARY))
    assert not permissions.may_see_twins(person(marks, Role.COMMITTEE))
    assert not permissions.may_judge_twins(replace(person(Role.SECRETARY), must_change_password=True))


@pytest.mark.parametrize("may", [permissions.may_read_the_audit_log, permissions.may_manage_jobs])
def test_a_temporary_password_opens_neither_the_audit_log_nor_the_jobs(may: Callable[[Principal], bool]) -> None:
    assert not may(replace(person(Role.ADMIN), must_change_password=True))


class TestWatching:
    @pytest.mark.parametrize("role", Role)
    def test_organisers_watch_everything_judges_their_own(self, role: Role) -> None:
        organiser = role in ORGANISERS
        assert permissions.may_watch(person(role), assigned=False, recused=False) is organiser
        assert permissions.may_watch(person(role), assigned=True, recused=False) is (organiser or role is Role.JUDGE)

    @pytest.mark.parametrize("role", Role)
    def test_the_office_and_the_committee_watch_what_is_out_of_the_competition(self, role: Role) -> None:
        may, who = permissions.may_watch_out_of_competition, person(role)
        assert may(who) is (role in {Role.SECRETARY, Role.COMMITTEE})
        assert not may(replace(who, must_change_password=True))
        assert not may(replace(who, roles=who.roles | {Role.JUDGE}))

    @pytest.mark.parametrize("role", Role)
    def test_a_recused_judge_cannot_watch_the_work(self, role: Role) -> None:
        assert not permissions.may_watch(person(role), assigned=True, recused=True)


def setting(value: StandingsForJudges) -> Contest:
    return replace(RULES, judging=Judging(standings_for_judges=value))


@pytest.mark.parametrize("role", Role)
def test_robustness_is_the_committee_s_before_it_decides_and_the_organisers_after(role: Role) -> None:
    may, closed = permissions.may_see_robustness, Milestones(judging_closed_at=AT)
    assert not may(person(role), RULES, AT, Milestones())  # judging is open
    assert may(person(role), RULES, AT, closed) is (role is Role.COMMITTEE)
    assert not may(person(role, Role.JUDGE, Role.COMMITTEE), RULES, AT, closed)
    confirmed = Milestones(judging_closed_at=AT, awards_confirmed_at=AT)
    assert may(person(role), RULES, AT, confirmed) is (role in ORGANISERS)


class TestStandings:
    """docs/security.md, Confidentiality: nobody sees a rank before their time."""

    @pytest.mark.parametrize("role", [*Role, None])
    def test_before_publication_only_organisers(self, role: Role | None) -> None:
        who = person(role) if role else None
        for milestones in (
            Milestones(),
            Milestones(judging_closed_at=AT),
            Milestones(judging_closed_at=AT, awards_confirmed_at=AT),
        ):
            organiser = role in (Role.CHIEF, Role.SECRETARY, Role.COMMITTEE)
            assert permissions.may_see_standings(who, RULES, milestones) is organiser

    @pytest.mark.parametrize("role", [*Role, None])
    def test_published_they_are_everybody_s(self, role: Role | None) -> None:
        assert permissions.may_see_standings(person(role) if role else None, RULES, Milestones(published_at=AT))

    def test_judges_as_the_contest_says(self) -> None:
        judge, closed, out = person(Role.JUDGE), Milestones(judging_closed_at=AT), Milestones(published_at=AT)
        seen = {
            value: [
                permissions.may_see_standings(judge, setting(value), milestones)
                for milestones in (Milestones(), closed, out)
            ]
            for value in StandingsForJudges
        }
        assert seen == {
            StandingsForJudges.NEVER: [False, False, False],
            StandingsForJudges.AFTER_JUDGING: [False, True, True],
            StandingsForJudges.AFTER_PUBLICATION: [False, False, True],
        }

    @pytest.mark.parametrize("role", Role)
    def test_names_beside_marks_are_for_those_the_contest_names(self, role: Role) -> None:
        named = role in RULES.judging.names_beside_marks
        assert permissions.may_see_marks_by_name(person(role), RULES) is named


class TestHiddenFromJudges:
    """Plan IV.5: a judge with open works sees neither the author in a blind contest nor the interactions."""

    CLOSED = Milestones(judging_closed_at=AT)

    @pytest.mark.parametrize("role", Role)
    def test_judges_who_still_mark_see_no_interactions(self, role: Role) -> None:
        marks = role in (Role.JUDGE, Role.CHIEF)
        assert permissions.may_see_interaction_prizes(person(role), RULES, AT, Milestones()) is not marks
        assert permissions.may_see_interaction_prizes(person(role), RULES, AT, self.CLOSED)

    @pytest.mark.parametrize("role", Role)
    def test_no_author_for_a_judge_of_a_blind_contest(self, role: Role) -> None:
        blind = replace(RULES, judging=Judging(blind=True))
        assert permissions.may_see_authors(person(role), blind, AT, Milestones()) is (role is not Role.JUDGE)
        assert permissions.may_see_authors(person(role), blind, AT, self.CLOSED)
        assert permissions.still_marks(person(role), RULES, AT, Milestones()) is (role is Role.JUDGE)
        assert not permissions.still_marks(person(role), RULES, AT, self.CLOSED)
        assert permissions.may_see_authors(person(role), replace(RULES, judging=Judging(blind=False)), AT, Milestones())


def test_the_refusal_has_its_sentence() -> None:
    assert str(NotAllowed()) == "Tài khoản của bạn không có quyền làm việc này."
    assert person(Role.JUDGE, Role.CHIEF).has(Role.CHIEF) and not person().has(Role.CHIEF)
