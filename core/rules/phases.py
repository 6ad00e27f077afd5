"""The phases of a contest: its calendar, and what has been closed, frozen, confirmed and published by somebody (plan IV)."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.rules.contest import Contest


class Phase(StrEnum):
    """How far the contest has come."""

    BEFORE = "before"
    SUBMISSION = "submission"
    SCREENING = "screening"
    JUDGING = "judging"
    INTERACTIONS = "interactions"  # the sheets are closed, interactions still count
    AWARDING = "awarding"
    CONFIRMED = "confirmed"
    PUBLISHED = "published"


class Milestones(Protocol):
    """What people have ended by their own act, and when."""

    @property
    def judging_closed_at(self) -> datetime | None: ...
    @property
    def interactions_frozen_at(self) -> datetime | None: ...
    @property
    def awards_confirmed_at(self) -> datetime | None: ...
    @property
    def published_at(self) -> datetime | None: ...


def judging_open(contest: Contest, now: datetime, closed_at: datetime | None) -> bool:
    """Sheets are taken inside the judging window, until the chief closes the round."""
    return closed_at is None and (contest.phases is None or contest.phases.judging.holds(now))


def judging_over(contest: Contest, now: datetime, closed_at: datetime | None) -> bool:
    """No sheet will come any more: the chief has closed the round, or its last second has passed."""
    return closed_at is not None or (contest.phases is not None and _second(now) > contest.phases.judging.closes)


def interactions_over(contest: Contest, now: datetime, frozen_at: datetime | None) -> bool:
    """No interaction will count any more: they are frozen, or the last second of the cut-off has passed."""
    return frozen_at is not None or (contest.phases is not None and _second(now) > contest.phases.interactions_close)


def phase(contest: Contest, now: datetime, told: Milestones) -> Phase:
    """The one phase of this moment; what people have ended goes before the calendar."""
    if told.published_at is not None:
        return Phase.PUBLISHED
    if told.awards_confirmed_at is not None:
        return Phase.CONFIRMED
    if judging_over(contest, now, told.judging_closed_at):
        over = interactions_over(contest, now, told.interactions_frozen_at)
        return Phase.AWARDING if over else Phase.INTERACTIONS
    if contest.phases is None or now >= contest.phases.judging.opens:
        return Phase.JUDGING
    if now >= contest.phases.screening.opens:
        return Phase.SCREENING
    return Phase.SUBMISSION if now >= contest.phases.submission.opens else Phase.BEFORE


def _second(now: datetime) -> datetime:
    return now.replace(microsecond=0)
