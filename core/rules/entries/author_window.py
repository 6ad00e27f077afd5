"""Until when an author may change a submission: in the window for entering (R16), and later where it was returned (R17)."""

from datetime import datetime

from core.rules.contest import Contest, Window
from core.rules.entries.states import SubmissionState


def window_of_author(contest: Contest, state: SubmissionState | None) -> Window | None:
    """The time in which an author may act; None without a calendar. `state` is None for a work not entered yet.

    A returned work may be completed until the screening ends.
    """
    phases = contest.phases
    if phases is None:
        return None
    closes = phases.screening.closes if state is SubmissionState.RETURNED else phases.submission.closes
    return Window(phases.submission.opens, closes)


def author_in_time(contest: Contest, state: SubmissionState | None, at: datetime) -> bool:
    """Whether the author may act at this time; always where the contest has no calendar."""
    window = window_of_author(contest, state)
    return window is None or window.holds(at)
