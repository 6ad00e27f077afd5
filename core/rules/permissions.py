"""Who may: predicates to be read aloud. The desk asks them before every act; a page only hides what they refuse (DESIGN §3.9)."""

from collections.abc import Collection
from datetime import datetime

from core.rules.access import Principal, Role
from core.rules.contest import Contest, StandingsForJudges
from core.rules.ids import EntryId
from core.rules.phases import Milestones, interactions_over, judging_open, judging_over

ORGANISERS = (Role.CHIEF, Role.SECRETARY, Role.COMMITTEE)


def may_mark(
    who: Principal, entry: EntryId, assigned: Collection[EntryId], recused: Collection[EntryId], *, judging: bool
) -> bool:
    """A judge marks a work assigned to them, not recused from, while sheets are taken."""
    return judging and who.has(Role.JUDGE) and entry in assigned and entry not in recused


def may_watch(who: Principal, entry: EntryId, assigned: Collection[EntryId], recused: Collection[EntryId]) -> bool:
    """A judge watches what they may mark, an organiser every work; nobody a work they are recused from."""
    if entry in recused:
        return False
    return who.has(*ORGANISERS) or (who.has(Role.JUDGE) and entry in assigned)


def may_see_standings(who: Principal | None, contest: Contest, told: Milestones) -> bool:
    """Organisers at any time, judges when the contest says, everybody once they are published."""
    if told.published_at is not None:
        return (
            who is None or not _only_judge(who) or contest.judging.standings_for_judges is not StandingsForJudges.NEVER
        )
    if who is None:
        return False
    if who.has(*ORGANISERS):
        return True
    early = contest.judging.standings_for_judges is StandingsForJudges.AFTER_JUDGING
    return who.has(Role.JUDGE) and early and told.judging_closed_at is not None


def may_see_marks_by_name(who: Principal, contest: Contest) -> bool:
    """Judges' names stand beside marks only for the roles the contest names."""
    return who.has(*contest.judging.names_beside_marks)


def may_return_a_sheet(who: Principal, contest: Contest, now: datetime, told: Milestones) -> bool:
    """The chief gives a sheet back while sheets are taken."""
    return who.has(Role.CHIEF) and judging_open(contest, now, told.judging_closed_at)


def may_close_judging(who: Principal, told: Milestones) -> bool:
    """The chief closes the round, once."""
    return who.has(Role.CHIEF) and told.judging_closed_at is None


def may_enter_interactions(who: Principal, told: Milestones) -> bool:
    """The channel keeper enters readings until they are frozen."""
    return who.has(Role.CHANNEL) and told.interactions_frozen_at is None


def may_confirm_awards(who: Principal, contest: Contest, now: datetime, told: Milestones) -> bool:
    """The committee confirms once, and not before the sheets and the interactions are closed (plan IV.5–IV.7)."""
    return (
        who.has(Role.COMMITTEE)
        and told.awards_confirmed_at is None
        and judging_over(contest, now, told.judging_closed_at)
        and interactions_over(contest, now, told.interactions_frozen_at)
    )


def _only_judge(who: Principal) -> bool:
    return who.has(Role.JUDGE) and not who.has(*ORGANISERS)
