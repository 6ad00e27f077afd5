"""Who may: predicates to be read aloud. The desk asks them at every act; a page only hides what they refuse (docs/design.md, Permissions).

They speak of the person; whether the moment is right is `phases`' to say, and refused with its own facts.
"""

from datetime import datetime

from core.rules.access import NotAllowed, Principal, Role
from core.rules.contest import Contest, StandingsForJudges
from core.rules.phases import Milestones, judging_over

MARKERS = (Role.JUDGE, Role.CHIEF)
ORGANISERS = (Role.CHIEF, Role.SECRETARY, Role.COMMITTEE)
COUNTERS = (Role.CHANNEL, Role.SECRETARY, Role.COMMITTEE)


def must(may: bool) -> None:
    """Raises NotAllowed unless the person may."""
    if not may:
        raise NotAllowed


def may_mark(who: Principal) -> bool:
    """Judges mark; of the works, those assigned to them."""
    return who.has(Role.JUDGE)


def may_watch(who: Principal, *, assigned: bool, recused: bool) -> bool:
    """A judge watches what they may mark, an organiser every work; nobody a work they are recused from."""
    return not recused and (who.has(*ORGANISERS) or (assigned and who.has(Role.JUDGE)))


def may_chair(who: Principal) -> bool:
    """The chief returns sheets, withdraws judges and closes the round."""
    return who.has(Role.CHIEF)


def may_assign_judges(who: Principal) -> bool:
    """The chief says which judges mark; an administrator's accounts change nobody's panel."""
    return who.has(Role.CHIEF)


def may_confirm_accounts(who: Principal) -> bool:
    """The chief or the committee confirms that an account is the person it names."""
    return who.has(Role.CHIEF, Role.COMMITTEE)


def may_return_sheets(who: Principal) -> bool:
    """The chief or a deputy returns sheets; the committee returns the chief's alone (`may_return_sheet`)."""
    return who.has(Role.CHIEF, Role.COMMITTEE)


def may_return_sheet(who: Principal, judge: str, *, of_a_chief: bool) -> bool:
    """Nobody returns their own sheet: that of a chief judge is returned by a deputy or by the committee (ASVS 5.0, 2.3.5)."""
    if who.username == judge:
        return False
    return who.has(Role.CHIEF) or (of_a_chief and who.has(Role.COMMITTEE))


def may_see_the_panel(who: Principal) -> bool:
    """Organisers see how far the panel is; a judge never reads another's marks, named or not."""
    return who.has(*ORGANISERS)


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


def still_marks(who: Principal, contest: Contest, now: datetime, told: Milestones) -> bool:
    """True while the person can still change a mark: whoever does reads nobody else's marks of that work (docs/security.md, Confidentiality)."""
    return who.has(Role.JUDGE) and not judging_over(contest, now, told.judging_closed_at)


def may_see_awards(who: Principal) -> bool:
    """Organisers see the award table at any time."""
    return who.has(*ORGANISERS)


def may_see_authors(who: Principal, contest: Contest, now: datetime, told: Milestones) -> bool:
    """Where the contest is blind, whoever still marks reads no author's name until the marks are in."""
    blind = contest.judging.blind and who.has(Role.JUDGE)
    return not blind or judging_over(contest, now, told.judging_closed_at)


def may_decide_awards(who: Principal) -> bool:
    """The committee settles what the rules leave open, and confirms (plan IV.7)."""
    return who.has(Role.COMMITTEE)


def may_see_interactions(who: Principal) -> bool:
    """Those who count and those who decide; nobody who marks."""
    return who.has(*COUNTERS) and not who.has(*MARKERS)


def may_see_interaction_prizes(who: Principal, contest: Contest, now: datetime, told: Milestones) -> bool:
    """Whoever marks must not read a like count before the marks are in."""
    return not who.has(*MARKERS) or judging_over(contest, now, told.judging_closed_at)


def may_enter_interactions(who: Principal) -> bool:
    """The channel keeper enters what the posts show."""
    return who.has(Role.CHANNEL) and may_see_interactions(who)


def may_freeze_interactions(who: Principal) -> bool:
    """The channel keeper or the committee ends the counting."""
    return who.has(Role.CHANNEL, Role.COMMITTEE) and may_see_interactions(who)


def may_reopen_interactions(who: Principal, frozen_by: str | None = None) -> bool:
    """Four eyes: the committee opens again what somebody else has frozen; `frozen_by` is that account's name."""
    return who.has(Role.COMMITTEE) and may_see_interactions(who) and who.username != frozen_by


def may_keep_accounts(who: Principal) -> bool:
    """The administrator, once their own password is their own."""
    return who.has(Role.ADMIN) and not who.must_change_password


def _only_judge(who: Principal) -> bool:
    return who.has(Role.JUDGE) and not who.has(*ORGANISERS)
