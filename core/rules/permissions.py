"""Permission predicates. `core/desk` checks them at every call; a page only hides what they refuse (docs/design.md, Permissions).

They decide by the person's roles. Whether the time is right is decided by `phases`, whose refusals have their own facts.
"""

from datetime import datetime

from core.rules.access import NotAllowed, Principal, Role
from core.rules.contest import Contest, StandingsForJudges
from core.rules.phases import Milestones, judging_over

MARKERS = (Role.JUDGE, Role.CHIEF)
ORGANISERS = (Role.CHIEF, Role.SECRETARY, Role.COMMITTEE)
COUNTERS = (Role.CHANNEL, Role.SECRETARY, Role.COMMITTEE)


def must(may: bool) -> None:
    """Raise NotAllowed unless `may` is true."""
    if not may:
        raise NotAllowed


def may_mark(who: Principal) -> bool:
    """Judges mark; which works is decided by their assignments, not here."""
    return who.has(Role.JUDGE)


def may_watch(who: Principal, *, assigned: bool, recused: bool) -> bool:
    """Judges watch the works assigned to them, organisers every work; nobody a work they are recused from."""
    return not recused and (who.has(*ORGANISERS) or (assigned and who.has(Role.JUDGE)))


def may_watch_out_of_competition(who: Principal) -> bool:
    """The secretary and the committee watch a withdrawn or disqualified work of the jury too; nobody who marks does."""
    return who.has(Role.SECRETARY, Role.COMMITTEE) and not who.has(*MARKERS) and not who.must_change_password


def may_chair(who: Principal) -> bool:
    """The chief returns sheets, withdraws judges and closes the round."""
    return who.has(Role.CHIEF)


def may_assign_judges(who: Principal) -> bool:
    """Only the chief assigns judges to works: an administrator who adds accounts changes nobody's panel."""
    return who.has(Role.CHIEF)


def may_confirm_accounts(who: Principal) -> bool:
    """The chief or the committee confirms that an account belongs to the person it names."""
    return who.has(Role.CHIEF, Role.COMMITTEE)


def may_return_sheets(who: Principal) -> bool:
    """True for a chief, a deputy chief or the committee; which sheets they return: `may_return_sheet`."""
    return who.has(Role.CHIEF, Role.COMMITTEE)


def may_return_sheet(who: Principal, judge: str, *, of_a_chief: bool) -> bool:
    """A chief returns the sheets of others, the committee only those of a chief (ASVS 5.0, 2.3.5).

    Nobody returns their own sheet: a chief's sheet is returned by a deputy chief or by the committee.
    """
    if who.username == judge:
        return False
    return who.has(Role.CHIEF) or (of_a_chief and who.has(Role.COMMITTEE))


def may_see_the_panel(who: Principal) -> bool:
    """Organisers see the panel's progress. A judge never reads another judge's marks, with or without a name."""
    return who.has(*ORGANISERS)


def may_see_standings(who: Principal | None, contest: Contest, milestones: Milestones) -> bool:
    """Organisers see the standings at any time, judges when the contest allows it, everybody after publication.

    `who` is None for a visitor who is not signed in. After publication a judge who is no organiser does not see them
    where `standings_for_judges` is `never`.
    """
    if milestones.published_at is not None:
        return (
            who is None or not _only_judge(who) or contest.judging.standings_for_judges is not StandingsForJudges.NEVER
        )
    if who is None:
        return False
    if who.has(*ORGANISERS):
        return True
    early = contest.judging.standings_for_judges is StandingsForJudges.AFTER_JUDGING
    return who.has(Role.JUDGE) and early and milestones.judging_closed_at is not None


def may_see_marks_by_name(who: Principal, contest: Contest) -> bool:
    """Only the roles in `names_beside_marks` see judges' names beside marks."""
    return who.has(*contest.judging.names_beside_marks)


def still_marks(who: Principal, contest: Contest, now: datetime, milestones: Milestones) -> bool:
    """True while the person can still change a mark.

    Until then they read nobody else's marks of that work (docs/security.md, Confidentiality).
    """
    return who.has(Role.JUDGE) and not judging_over(contest, now, milestones.judging_closed_at)


def may_see_awards(who: Principal) -> bool:
    """Organisers see the award table at any time."""
    return who.has(*ORGANISERS)


def may_see_authors(who: Principal, contest: Contest, now: datetime, milestones: Milestones) -> bool:
    """In a blind contest, a judge sees authors' names only after judging is over."""
    blind = contest.judging.blind and who.has(Role.JUDGE)
    return not blind or judging_over(contest, now, milestones.judging_closed_at)


def may_decide_awards(who: Principal) -> bool:
    """The committee decides what the rules leave open, and confirms the awards (plan IV.7)."""
    return who.has(Role.COMMITTEE)


def may_see_robustness(who: Principal, contest: Contest, now: datetime, milestones: Milestones) -> bool:
    """Organisers see how far the result hangs on one judge once the awards are confirmed, the committee before it decides.

    Never while a mark can still change, and before the confirmation nobody who marks: it would be pressure on judges.
    """
    if milestones.awards_confirmed_at is not None:
        return who.has(*ORGANISERS)
    over = judging_over(contest, now, milestones.judging_closed_at)
    return who.has(Role.COMMITTEE) and not who.has(*MARKERS) and over


def may_publish(who: Principal) -> bool:
    """The committee makes the confirmed result public, and proposes to take it back (plan IV.8)."""
    return may_decide_awards(who) and not who.must_change_password


def may_decide_retraction(who: Principal, proposed_by: str | None = None) -> bool:
    """The committee confirms or declines what another member proposed (four-eyes rule); `proposed_by`: a username."""
    return may_publish(who) and who.username != proposed_by


def may_see_interactions(who: Principal) -> bool:
    """The channel keeper, the secretary and the committee see interactions; nobody who is a judge or a chief does."""
    return who.has(*COUNTERS) and not who.has(*MARKERS)


def may_see_interaction_prizes(who: Principal, contest: Contest, now: datetime, milestones: Milestones) -> bool:
    """A judge or a chief sees the prizes by interactions only after judging is over: counts must not influence marks."""
    return not who.has(*MARKERS) or judging_over(contest, now, milestones.judging_closed_at)


def may_enter_interactions(who: Principal) -> bool:
    """The channel keeper enters the numbers that the posts show."""
    return who.has(Role.CHANNEL) and may_see_interactions(who)


def may_review_readings(who: Principal, entered_by: str | None = None) -> bool:
    """Who sees interactions confirms or rejects the readings that somebody else entered (four-eyes rule).

    `entered_by` is the username of who entered the reading.
    """
    return may_see_interactions(who) and who.username != entered_by


def may_freeze_interactions(who: Principal) -> bool:
    """The channel keeper or the committee freezes the interactions."""
    return who.has(Role.CHANNEL, Role.COMMITTEE) and may_see_interactions(who)


def may_reopen_interactions(who: Principal, frozen_by: str | None = None) -> bool:
    """The committee reopens what somebody else froze (four-eyes rule); `frozen_by` is the username of who froze it."""
    return who.has(Role.COMMITTEE) and may_see_interactions(who) and who.username != frozen_by


def may_keep_accounts(who: Principal) -> bool:
    """The administrator manages accounts, after having changed the password they were given."""
    return who.has(Role.ADMIN) and not who.must_change_password


def may_read_the_audit_log(who: Principal) -> bool:
    """The administrator and the committee; nobody who marks, for it says which sheets have come in."""
    return who.has(Role.ADMIN, Role.COMMITTEE) and not who.has(*MARKERS) and not who.must_change_password


def may_manage_jobs(who: Principal) -> bool:
    """The secretary and the administrator see background jobs, request film checks, cancel and retry."""
    return who.has(Role.SECRETARY, Role.ADMIN) and not who.must_change_password


def may_register_works(who: Principal) -> bool:
    """The secretary enters works, uploads their films, corrects and withdraws them; nobody who marks does."""
    return who.has(Role.SECRETARY) and not who.has(*MARKERS) and not who.must_change_password


def may_screen(who: Principal) -> bool:
    """A screener screens works; nobody who marks does, and the secretary only with the role too."""
    return who.has(Role.SCREENER) and not who.has(*MARKERS) and not who.must_change_password


def may_see_the_screening(who: Principal) -> bool:
    """Screeners and the secretary see the queue, its progress, and the films in it."""
    return may_screen(who) or may_register_works(who)


def may_see_finals(who: Principal) -> bool:
    """The secretary, the committee and who posts the works see the list of finalists; nobody who marks does."""
    return (
        who.has(Role.SECRETARY, Role.COMMITTEE, Role.CHANNEL) and not who.has(*MARKERS) and not who.must_change_password
    )


def may_confirm_finalist_change(who: Principal, proposed_by: str | None = None) -> bool:
    """The secretary or the committee confirms or declines what somebody else proposed about a finalist.

    `proposed_by` is the username of who proposed it.
    """
    return who.has(Role.SECRETARY, Role.COMMITTEE) and may_see_finals(who) and who.username != proposed_by


def may_record_posts(who: Principal) -> bool:
    """The secretary and the channel keeper record where and when a finalist was posted (plan VI.2)."""
    return who.has(Role.SECRETARY, Role.CHANNEL) and may_see_finals(who)


def may_keep_officials(who: Principal) -> bool:
    """The secretary and the administrator keep the list of officials and decide who an author is; nobody who marks does.

    The list has phones and dates of birth.
    """
    return who.has(Role.SECRETARY, Role.ADMIN) and not who.has(*MARKERS) and not who.must_change_password


def may_see_twins(who: Principal) -> bool:
    """The secretary and the committee see which films are alike; nobody who marks does."""
    return who.has(Role.SECRETARY, Role.COMMITTEE) and not who.has(*MARKERS) and not who.must_change_password


def may_judge_twins(who: Principal) -> bool:
    """The secretary decides what it means that films are alike."""
    return who.has(Role.SECRETARY) and may_see_twins(who)


def _only_judge(who: Principal) -> bool:
    return who.has(Role.JUDGE) and not who.has(*ORGANISERS)
