"""The phases of a contest: its calendar, and what has been closed, frozen, confirmed and published by somebody (plan IV)."""

from datetime import datetime
from typing import Protocol

from core.rules.contest import Contest


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
    last = contest.phases.judging.closes if contest.phases is not None else None
    return closed_at is not None or (last is not None and now.replace(microsecond=0) > last)
