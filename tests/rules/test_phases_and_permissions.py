"""When, and who: every phase against every role."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.rules import permissions
from core.rules.access import NotAllowed, Principal, Role
from core.rules.contest import Contest, Judging, StandingsForJudges
from core.rules.contest_file import load
from core.rules.ids import EntryId
from core.rules.phases import Phase, interactions_over, judging_open, judging_over, phase

RULES = load(Path("data/contests/son-la-2024.toml").read_text(encoding="utf-8"), "son-la-2024.toml")
NO_CALENDAR = replace(RULES, phases=None)
AT = datetime(2024, 8, 20, 3, tzinfo=UTC)
A, B = EntryId("T-1"), EntryId("T-2")


@dataclass(frozen=True)
class Told:
    """What people have ended."""

    judging_closed_at: datetime | None = None
    interactions_frozen_at: datetime | None = None
    awards_confirmed_at: datetime | None = None
    published_at: datetime | None = None


def person(*roles: Role) -> Principal:
    return Principal("ai", "Ai", frozenset(roles), "")


def local(day: int, month: int, clock: str = "00:00:00") -> datetime:
    return datetime.fromisoformat(f"2024-{month:02}-{day:02}T{clock}+07:00")


@pytest.mark.parametrize(
    "now, expected",
    [
        (local(31, 5, "23:59:59"), Phase.BEFORE),
        (local(1, 6), Phase.SUBMISSION),
        (local(1, 8), Phase.SCREENING),
        (local(11, 8), Phase.JUDGING),
        (local(30, 8, "23:59:59"), Phase.JUDGING),
        (local(31, 8), Phase.INTERACTIONS),
        (local(10, 9, "23:59:59"), Phase.INTERACTIONS),
        (local(11, 9), Phase.AWARDING),
    ],
)
def test_the_calendar_of_part_iv(now: datetime, expected: Phase) -> None:
    assert phase(RULES, now, Told()) is expected


def test_what_people_have_ended_goes_before_the_calendar() -> None:
    assert phase(RULES, AT, Told(judging_closed_at=AT)) is Phase.INTERACTIONS
    assert phase(RULES, AT, Told(judging_closed_at=AT, interactions_frozen_at=AT)) is Phase.AWARDING
    assert phase(RULES, AT, Told(awards_confirmed_at=AT)) is Phase.CONFIRMED
    assert phase(RULES, AT, Told(awards_confirmed_at=AT, published_at=AT)) is Phase.PUBLISHED


def test_without_a_calendar_only_people_end_anything() -> None:
    assert phase(NO_CALENDAR, AT, Told()) is Phase.JUDGING
    assert judging_open(NO_CALENDAR, AT, None) and not judging_open(NO_CALENDAR, AT, AT)
    assert not judging_over(NO_CALENDAR, AT, None) and not interactions_over(NO_CALENDAR, AT, None)


def test_sheets_are_taken_through_the_last_second() -> None:
    closes = local(30, 8, "23:59:59")
    assert judging_open(RULES, closes + timedelta(milliseconds=999), None)
    assert not judging_open(RULES, closes + timedelta(seconds=1), None)
    assert not judging_open(RULES, local(11, 8) - timedelta(seconds=1), None)
    assert not judging_over(RULES, closes + timedelta(milliseconds=999), None)
    assert judging_over(RULES, closes + timedelta(seconds=1), None)


class TestMarkingAndWatching:
    def test_a_judge_marks_what_is_theirs_while_sheets_are_taken(self) -> None:
        judge = person(Role.JUDGE)
        assert permissions.may_mark(judge, A, {A, B}, {B}, judging=True)
        assert not permissions.may_mark(judge, B, {A, B}, {B}, judging=True)
        assert not permissions.may_mark(judge, A, {B}, (), judging=True)
        assert not permissions.may_mark(judge, A, {A}, (), judging=False)

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.JUDGE])
    def test_nobody_else_marks(self, role: Role) -> None:
        assert not permissions.may_mark(person(role), A, {A}, (), judging=True)

    @pytest.mark.parametrize("role", Role)
    def test_organisers_watch_everything_judges_their_own(self, role: Role) -> None:
        organiser = role in (Role.CHIEF, Role.SECRETARY, Role.COMMITTEE)
        assert permissions.may_watch(person(role), A, (), ()) is organiser
        assert permissions.may_watch(person(role), A, {A}, ()) is (organiser or role is Role.JUDGE)
        assert not permissions.may_watch(person(role), A, {A}, {A})


def setting(value: StandingsForJudges) -> Contest:
    return replace(RULES, judging=Judging(standings_for_judges=value))


class TestStandings:
    """SECURITY and DESIGN §1: nobody sees a rank before their time."""

    @pytest.mark.parametrize("role", [*Role, None])
    def test_before_publication_only_organisers(self, role: Role | None) -> None:
        who = person(role) if role else None
        for told in (Told(), Told(judging_closed_at=AT), Told(judging_closed_at=AT, awards_confirmed_at=AT)):
            organiser = role in (Role.CHIEF, Role.SECRETARY, Role.COMMITTEE)
            assert permissions.may_see_standings(who, RULES, told) is organiser

    @pytest.mark.parametrize("role", [*Role, None])
    def test_published_they_are_everybody_s(self, role: Role | None) -> None:
        assert permissions.may_see_standings(person(role) if role else None, RULES, Told(published_at=AT))

    def test_judges_as_the_contest_says(self) -> None:
        judge, closed, out = person(Role.JUDGE), Told(judging_closed_at=AT), Told(published_at=AT)
        seen = {
            value: [permissions.may_see_standings(judge, setting(value), told) for told in (Told(), closed, out)]
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


class TestActs:
    def test_the_chief_returns_sheets_while_they_are_taken_and_closes_the_round_once(self) -> None:
        chief = person(Role.CHIEF)
        assert permissions.may_return_a_sheet(chief, RULES, AT, Told())
        assert not permissions.may_return_a_sheet(chief, RULES, AT, Told(judging_closed_at=AT))
        assert not permissions.may_return_a_sheet(person(Role.JUDGE), RULES, AT, Told())
        assert permissions.may_close_judging(chief, Told())
        assert not permissions.may_close_judging(chief, Told(judging_closed_at=AT))

    def test_the_channel_keeper_enters_until_the_freeze(self) -> None:
        assert permissions.may_enter_interactions(person(Role.CHANNEL), Told())
        assert not permissions.may_enter_interactions(person(Role.CHANNEL), Told(interactions_frozen_at=AT))
        assert not permissions.may_enter_interactions(person(Role.COMMITTEE), Told())

    def test_awards_wait_for_sheets_and_interactions(self) -> None:
        """Practice R20: not before the jury's lock and the freeze."""
        committee, both = person(Role.COMMITTEE), Told(judging_closed_at=AT, interactions_frozen_at=AT)
        assert permissions.may_confirm_awards(committee, RULES, AT, both)
        assert not permissions.may_confirm_awards(person(Role.CHIEF), RULES, AT, both)
        assert not permissions.may_confirm_awards(committee, RULES, AT, Told(judging_closed_at=AT))
        assert not permissions.may_confirm_awards(committee, RULES, AT, Told(interactions_frozen_at=AT))
        assert not permissions.may_confirm_awards(committee, RULES, AT, replace(both, awards_confirmed_at=AT))


def test_a_refusal_says_so() -> None:
    assert str(NotAllowed()) == "Tài khoản của bạn không có quyền làm việc này."
    assert person(Role.JUDGE, Role.CHIEF).has(Role.CHIEF) and not person().has(Role.CHIEF)
