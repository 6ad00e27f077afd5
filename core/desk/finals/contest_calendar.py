"""The calendar of the plan with what is due now, for the organisers' first page."""

from datetime import datetime

from core.desk import context
from core.rules.access import Principal
from core.rules.calendar import CalendarFacts, CalendarLine, calendar
from core.rules.entries.states import OPEN_STATES, SubmissionState
from core.rules.permissions import may_see_finals, must
from core.store.engine import Connection, Store
from core.store.finals import draws, posts
from core.store.queries import standings, submissions


def lines(store: Store, who: Principal, now: datetime) -> tuple[CalendarLine, ...]:
    """The milestones in their order, with what is due of each. Raises NotAllowed."""
    must(may_see_finals(who))
    with store.read() as connection:
        state = context.contest_state_in(connection)
        return calendar(state.contest, _facts(connection, state), now)


def _facts(connection: Connection, state: context.ContestState) -> CalendarFacts:
    states = [each.state for each in submissions.every(connection)]
    posted = {each.code: each.address for each in posts.posts(connection)}
    competing = (each.code for each in posts.finalists(connection) if each.state == SubmissionState.FINALIST)
    return CalendarFacts(
        submissions=len(states), waiting=sum(each in OPEN_STATES for each in states),
        accepted=states.count(SubmissionState.ACCEPTED), drawn=draws.draw(connection) is not None,
        unposted=sum(not posted.get(code) for code in competing), missing_sheets=standings.missing(connection),
        judging_closed=state.judging_closed_at is not None,
        interactions_frozen=state.interactions_frozen_at is not None,
        awards_confirmed=state.awards_confirmed_at is not None,
    )  # fmt: skip
