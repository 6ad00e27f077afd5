"""The phases of a contest: its calendar, and the milestones that people close, freeze, confirm and publish (plan IV)."""

from datetime import datetime
from typing import Protocol

from core.rules.contest import Contest


class Milestones(Protocol):
    """The moments at which people closed a phase; None where it is not closed yet."""

    @property
    def judging_closed_at(self) -> datetime | None: ...
    @property
    def interactions_frozen_at(self) -> datetime | None: ...
    @property
    def awards_confirmed_at(self) -> datetime | None: ...
    @property
    def published_at(self) -> datetime | None: ...


def judging_open(contest: Contest, now: datetime, closed_at: datetime | None) -> bool:
    """True while sheets are accepted: inside the judging window, until the chief closes the round."""
    return closed_at is None and (contest.phases is None or contest.phases.judging.holds(now))


def judging_over(contest: Contest, now: datetime, closed_at: datetime | None) -> bool:
    """True where no more sheets are accepted: the chief closed the round, or the window's last second has passed."""
    last = contest.phases.judging.closes if contest.phases is not None else None
    return closed_at is not None or (last is not None and now.replace(microsecond=0) > last)
