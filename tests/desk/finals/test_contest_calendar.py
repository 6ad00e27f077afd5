"""What the organisers' calendar says at each step from the screening to the posts."""

from datetime import UTC, datetime

import pytest

from core.desk.finals import contest_calendar, finalists
from core.desk.finals.finalists import NewPost
from core.rules.access import NotAllowed
from core.rules.calendar import Milestone, MilestoneState
from core.store.engine import Store
from tests.desk.contest_with_panel import CHANNEL, LAN, assigned_panel
from tests.desk.entries.accepted import accepted_works
from tests.desk.entries.entered import LATE, OFFICE, enter
from tests.desk.finals.test_draw import close, draw_codes

AFTER = datetime(2024, 8, 12, 13, 0, tzinfo=UTC)


def screening(desk: Store, at: datetime) -> tuple[MilestoneState, list[str]]:
    [line] = [each for each in contest_calendar.lines(desk, OFFICE, at) if each.milestone is Milestone.SCREENING]
    return line.state, [each.text.format(**each.facts) for each in line.due]


def test_the_screening_is_done_when_every_finalist_is_posted(sqlite_store: Store) -> None:
    desk = assigned_panel(sqlite_store)
    assert screening(desk, AFTER) == (MilestoneState.DONE, [])  # works that came by import
    accepted_works(desk, 2)
    enter(desk, "chờ")
    assert screening(desk, LATE) == (MilestoneState.RUNNING, ["còn 1 tác phẩm chưa sơ loại", "chưa bốc thăm mã chấm"])
    close(desk, reason="Không có phim")
    draw_codes(desk)
    assert screening(desk, AFTER) == (MilestoneState.LATE, ["chưa đăng 2 tác phẩm"])
    for each in finalists.listed(desk, OFFICE, AFTER):
        finalists.record_post(desk, CHANNEL, NewPost(each.code, "https://facebook.com/1", AFTER, 0), AFTER)
    assert screening(desk, AFTER) == (MilestoneState.DONE, [])


def test_a_judge_reads_no_calendar(sqlite_store: Store) -> None:
    with pytest.raises(NotAllowed):
        contest_calendar.lines(assigned_panel(sqlite_store), LAN, AFTER)
