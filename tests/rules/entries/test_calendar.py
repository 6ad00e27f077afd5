"""The calendar of the plan: what is done, running, next and late, and what is due."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.rules.calendar import STATE_NAMES, TITLES, CalendarFacts, CalendarLine, Milestone, MilestoneState, calendar
from core.rules.contest import Contest, Prize, PrizeBy
from core.rules.contest_file.reader import load
from core.rules.ids import PrizeKey
from tests.desk.contest_with_panel import CONTEST

PLAN = load(CONTEST, "contest.toml")
POPULAR = replace(PLAN, prizes=(*PLAN.prizes, Prize(PrizeKey("PHU"), "Giải phụ", 1, 1000, PrizeBy.INTERACTION)))
S = MilestoneState
NOTHING = CalendarFacts()


def at(month: int, day: int, hour: int = 5) -> datetime:
    return datetime(2024, month, day, hour, tzinfo=UTC)


def states(now: datetime, facts: CalendarFacts = NOTHING, contest: Contest = POPULAR) -> list[MilestoneState]:
    return [line.state for line in calendar(contest, facts, now)]


def due(milestone: Milestone, now: datetime, facts: CalendarFacts) -> list[str]:
    [line] = [line for line in calendar(POPULAR, facts, now) if line.milestone is milestone]
    return [str(each.text.format(**each.facts)) for each in line.due]


def test_every_milestone_and_state_has_its_words() -> None:
    assert set(TITLES) == set(Milestone) and set(STATE_NAMES) == set(MilestoneState)


def test_a_contest_without_a_calendar_has_none() -> None:
    assert calendar(Contest("thu", "Cuộc thi thử", ()), NOTHING, at(8, 1)) == ()


@pytest.mark.parametrize(
    "now, expected",
    [
        (at(5, 1), [S.NEXT, S.AHEAD, S.AHEAD, S.AHEAD, S.AHEAD, S.AHEAD]),
        (at(7, 1), [S.RUNNING, S.NEXT, S.AHEAD, S.AHEAD, S.AHEAD, S.AHEAD]),
        (at(8, 5), [S.DONE, S.RUNNING, S.NEXT, S.AHEAD, S.AHEAD, S.AHEAD]),
        (at(9, 1), [S.DONE, S.DONE, S.LATE, S.NEXT, S.AHEAD, S.AHEAD]),
        (at(12, 1), [S.DONE, S.DONE, S.LATE, S.LATE, S.LATE, S.DONE]),
    ],
)
def test_the_calendar_moves_on(now: datetime, expected: list[MilestoneState]) -> None:
    assert states(now) == expected


def test_a_window_runs_until_the_end_of_its_last_second() -> None:
    closes = datetime(2024, 7, 31, 16, 59, 59, 900_000, tzinfo=UTC)
    assert states(closes)[0] is S.RUNNING and states(closes + timedelta(seconds=1))[0] is S.DONE


def test_what_people_closed_is_done_before_its_time() -> None:
    facts = CalendarFacts(judging_closed=True, interactions_frozen=True, awards_confirmed=True)
    assert states(at(8, 12), facts) == [S.DONE, S.DONE, S.DONE, S.DONE, S.DONE, S.NEXT]


def test_without_a_prize_by_interactions_nobody_has_to_freeze_them() -> None:
    assert states(at(12, 1), contest=PLAN)[3] is S.DONE


def test_what_is_due_in_the_screening() -> None:
    before = CalendarFacts(submissions=9, waiting=3, accepted=6)
    assert due(Milestone.SCREENING, at(8, 5), before) == ["còn 3 tác phẩm chưa sơ loại", "chưa bốc thăm mã chấm"]
    assert states(at(8, 20), before)[1] is S.LATE
    screened = CalendarFacts(submissions=9, accepted=6)
    assert due(Milestone.SCREENING, at(8, 5), screened) == ["chưa bốc thăm mã chấm"]
    drawn = CalendarFacts(submissions=9, waiting=3, drawn=True, unposted=5)
    assert due(Milestone.SCREENING, at(8, 5), drawn) == ["chưa đăng 5 tác phẩm"]
    assert states(at(8, 20), replace(drawn, unposted=0))[1] is S.DONE
    assert due(Milestone.SCREENING, at(7, 5), before) == []  # not begun


def test_what_is_due_in_the_judging() -> None:
    assert due(Milestone.JUDGING, at(8, 20), CalendarFacts(missing_sheets=4)) == [
        "còn 4 phiếu chưa nộp",
        "chưa đóng vòng chấm",
    ]
    assert due(Milestone.JUDGING, at(8, 20), NOTHING) == ["chưa đóng vòng chấm"]


def test_a_line_names_its_clause_and_its_times() -> None:
    line: CalendarLine = calendar(PLAN, NOTHING, at(8, 5))[3]
    assert (line.clause, line.opens) == ("IV.6", line.closes)
