"""The calendar of the plan as the organisers read it: each milestone with its clause, its state, and what is due (plan IV)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.rules.contest import Contest, Phases
from core.rules.prizes.prize_kinds import needs_counts
from core.rules.words import Sentence


class Milestone(StrEnum):
    """A milestone of the calendar, in the order of the plan."""

    SUBMISSION = "submission"
    SCREENING = "screening"
    JUDGING = "judging"
    INTERACTIONS = "interactions"
    AWARD_MEETING = "award_meeting"
    CEREMONY = "ceremony"


class MilestoneState(StrEnum):
    """Where a milestone stands."""

    DONE = "done"
    LATE = "late"
    RUNNING = "running"
    NEXT = "next"  # the first one that has not begun
    AHEAD = "ahead"


TITLES = {
    Milestone.SUBMISSION: (Sentence("Nhận tác phẩm"), "III.5, IV.3"),
    Milestone.SCREENING: (Sentence("Sơ loại, chọn và đăng tải"), "IV.4"),
    Milestone.JUDGING: (Sentence("Ban Giám khảo chấm"), "IV.5"),
    Milestone.INTERACTIONS: (Sentence("Chốt lượt tương tác"), "IV.6"),
    Milestone.AWARD_MEETING: (Sentence("Họp xét trao giải"), "IV.7"),
    Milestone.CEREMONY: (Sentence("Trao giải"), "IV.8"),
}
STATE_NAMES = {
    MilestoneState.DONE: Sentence("xong"),
    MilestoneState.LATE: Sentence("trễ"),
    MilestoneState.RUNNING: Sentence("đang diễn ra"),
    MilestoneState.NEXT: Sentence("sắp tới"),
    MilestoneState.AHEAD: Sentence("chưa đến"),
}


@dataclass(frozen=True, slots=True)
class CalendarFacts:
    """What decides whether a milestone is done. Counts are of works, `missing_sheets` of sheets."""

    submissions: int = 0
    waiting: int = 0  # submissions that still wait for screening
    accepted: int = 0  # passed the screening, not drawn
    drawn: bool = False
    unposted: int = 0  # finalists that compete and have no post
    missing_sheets: int = 0
    judging_closed: bool = False
    interactions_frozen: bool = False
    awards_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """One milestone. `opens` and `closes` are equal where the plan names one moment."""

    milestone: Milestone
    title: Sentence
    clause: str  # of the plan
    opens: datetime
    closes: datetime
    state: MilestoneState
    due: tuple[Sentence, ...]  # what is left to do, while the milestone runs or once it is late


def calendar(contest: Contest, facts: CalendarFacts, now: datetime) -> tuple[CalendarLine, ...]:
    """The milestones in their order; none where the contest has no calendar."""
    if contest.phases is None:
        return ()
    lines, next_found = [], False
    for milestone, (opens, closes) in _times(contest.phases).items():
        due = tuple(_due(milestone, contest, facts))
        state = _state(opens, closes, now, due, done=_closed(milestone, facts))
        if state is MilestoneState.AHEAD and not next_found:
            state, next_found = MilestoneState.NEXT, True
        title, clause = TITLES[milestone]
        shown = due if state in {MilestoneState.RUNNING, MilestoneState.LATE} else ()
        lines.append(CalendarLine(milestone, title, clause, opens, closes, state, shown))
    return tuple(lines)


def _times(phases: Phases) -> dict[Milestone, tuple[datetime, datetime]]:
    windows = (phases.submission, phases.screening, phases.judging)
    moments = (phases.interactions_close, phases.award_meeting, phases.ceremony)
    times = [*((each.opens, each.closes) for each in windows), *((each, each) for each in moments)]
    return dict(zip(Milestone, times, strict=True))


def _state(
    opens: datetime, closes: datetime, now: datetime, due: tuple[Sentence, ...], *, done: bool
) -> MilestoneState:
    if done:
        return MilestoneState.DONE
    if now < opens:
        return MilestoneState.AHEAD
    if now.replace(microsecond=0) <= closes:
        return MilestoneState.RUNNING
    return MilestoneState.LATE if due else MilestoneState.DONE


def _closed(milestone: Milestone, facts: CalendarFacts) -> bool:
    """Whether people have closed the milestone, whatever its time."""
    return {
        Milestone.JUDGING: facts.judging_closed,
        Milestone.INTERACTIONS: facts.interactions_frozen,
        Milestone.AWARD_MEETING: facts.awards_confirmed,
    }.get(milestone, False)


def _due(milestone: Milestone, contest: Contest, facts: CalendarFacts) -> Iterator[Sentence]:
    """What is left to do of a milestone."""
    if milestone is Milestone.SCREENING and facts.submissions:
        yield from _due_of_screening(facts)
    elif milestone is Milestone.JUDGING and not facts.judging_closed:
        if facts.missing_sheets:
            yield Sentence("còn {count} phiếu chưa nộp", {"count": facts.missing_sheets})
        yield Sentence("chưa đóng vòng chấm")
    elif milestone is Milestone.INTERACTIONS and needs_counts(contest):
        yield Sentence("chưa chốt lượt tương tác")
    elif milestone is Milestone.AWARD_MEETING:
        yield Sentence("chưa xác nhận bảng trao giải")


def _due_of_screening(facts: CalendarFacts) -> Iterator[Sentence]:
    if facts.waiting and not facts.drawn:
        yield Sentence("còn {count} tác phẩm chưa sơ loại", {"count": facts.waiting})
    if not facts.drawn and (facts.accepted or facts.waiting):
        yield Sentence("chưa bốc thăm mã chấm")
    if facts.unposted:
        yield Sentence("chưa đăng {count} tác phẩm", {"count": facts.unposted})
