"""Checks whether each act in the ledger was allowed: for this person, at that time, within the rubric.

A ledger can be an intact chain and still contain acts that no page allows: a mark after the round was closed, a sheet
sealed by somebody else, 99 of 40 points. Each row is checked with the same permissions and limits as the act itself.
"""

from collections.abc import Callable, Iterator

from core.desk.maintenance import conduct_rules as rules
from core.desk.maintenance import finals_rules, publication_rules, submission_rules
from core.desk.maintenance.conduct_rules import Case, Rule
from core.rules import permissions
from core.rules.access import Principal, Role
from core.rules.contest import Contest
from core.rules.entries.states import Move
from core.rules.words import Sentence
from core.store.events import EVENTS
from core.store.events.payloads import Payload
from core.store.ledger import Row
from core.store.replay.state import State, person
from core.store.verification.verify import finding

UNCONFIRMED = Sentence("tài khoản {actor} còn chờ xác nhận khi làm việc này ({event})")
AWARDS_FIXED = Sentence("việc này được ghi sau khi bảng trao giải đã xác nhận ({event})")


def conduct_of(contest: Contest) -> Callable[[State, Row, Payload], Iterator[Sentence]]:
    """The function with which `core.store.verification.verify` checks one row; it yields a sentence for each breach."""

    def conduct(state: State, row: Row, payload: Payload) -> Iterator[Sentence]:
        roles = frozenset(map(Role, state.roles(row.actor)))
        number = str(person(row.actor))
        case = Case(contest, state, row, payload, Principal(number, number, roles, ""))
        facts: dict[str, object] = {"actor": row.actor, "event": row.event}
        facts |= {"judge": getattr(payload, "judge", None), "entry": getattr(payload, "entry", None)}
        for wrong in _wrong(case):
            yield finding(row, Sentence(wrong.text, {**facts, **wrong.facts}))

    return conduct


def _wrong(case: Case) -> Iterator[Sentence]:
    event = EVENTS[case.row.event]
    if event.ends_with_awards and case.state["award_table"]:
        yield AWARDS_FIXED
    if event.by_confirmed and (person(case.row.actor),) in case.state["unconfirmed_account"]:
        yield UNCONFIRMED
    yield from RULES[event.name](case)


_judge = rules.by(permissions.may_mark)
_system = rules.by(rules.nobody, system=True)
_job = rules.by(permissions.may_manage_jobs)
_office = rules.by(permissions.may_register_works)
_officials = rules.by(permissions.may_keep_officials)
_admin = rules.by(permissions.may_keep_accounts, system=True)
RULES: dict[str, Rule] = {
    "contest.opened": _system,
    "entry.added": _system,
    "entry.corrected": _system,
    "entry.film_replaced": rules.every(_system, finals_rules.film_of_jury),
    "judge.assigned": rules.judge_assigned,
    "judge.unassigned": rules.judge_unassigned,
    "account.added": rules.account,
    "account.roles_set": rules.account,
    "account.deactivated": _admin,
    "account.reactivated": rules.account,
    "account.confirmed": rules.confirmed_account,
    "account.password_changed": rules.own("account"),
    "account.password_reset": rules.account,
    "account.link_made": _admin,
    "account.link_used": rules.every(rules.own("account"), rules.waiting),
    "session.began": rules.own("account"),
    "session.ended": rules.own("account"),
    "session.others_ended": rules.own("account"),
    "session.denied": _system,
    "sheet.drafted": rules.every(
        _judge, rules.own("judge"), rules.round_open, rules.assignment, rules.drafted, rules.marks
    ),
    "sheet.sealed": rules.every(
        _judge, rules.own("judge"), rules.round_open, rules.assignment, rules.sealed, rules.marks
    ),
    "sheet.returned": rules.every(rules.round_open, rules.assignment, rules.returned),
    "recusal.declared": rules.every(rules.round_open, rules.assignment, rules.recused),
    "note.added": rules.every(_judge, rules.own("judge"), rules.assignment),
    "note.removed": rules.every(_judge, rules.own("judge"), rules.assignment),
    "judging.closed": rules.by(permissions.may_chair),
    "reading.entered": rules.every(rules.by(permissions.may_enter_interactions), rules.reading),
    "reading.confirmed": rules.every(rules.by(permissions.may_review_readings), rules.reviewed),
    "reading.rejected": rules.every(rules.by(permissions.may_review_readings), rules.reviewed),
    "interactions.frozen": rules.every(rules.by(permissions.may_freeze_interactions), rules.counts_open),
    "interactions.reopened": rules.reopened,
    "decision.made": rules.decidable,
    "decision.revoked": rules.by(permissions.may_decide_awards),
    "awards.confirmed": rules.decidable,
    "result.published": publication_rules.published,
    "retraction.proposed": publication_rules.proposed,
    "retraction.declined": publication_rules.decided,
    "result.retracted": rules.every(publication_rules.decided, publication_rules.retracted),
    "awards.exported": rules.by(permissions.may_see_awards),
    "checkpoint.made": _system,
    "signing_key.recorded": _system,
    "demo.completed": _system,
    "texts.erased": _admin,
    "film.opened": rules.anybody,
    "submission.registered": rules.every(submission_rules.by_office_or_author, submission_rules.in_time),
    "submission.corrected": rules.every(
        submission_rules.by_office_or_author, submission_rules.in_time, submission_rules.still_open
    ),
    "submission.film_received": rules.every(
        submission_rules.by_office_or_author,
        submission_rules.in_time,
        submission_rules.past_rules,
        submission_rules.moved(Move.GIVE_FILM),
    ),
    "submission.poster_made": rules.every(_system, submission_rules.present_film),
    "submission.returned": rules.every(submission_rules.returned, submission_rules.moved(Move.RETURN)),
    "submission.accepted": rules.every(submission_rules.screened(Move.ACCEPT), submission_rules.moved(Move.ACCEPT)),
    "submission.rejected": rules.every(submission_rules.screened(Move.REJECT), submission_rules.moved(Move.REJECT)),
    "submission.resubmitted": rules.every(
        submission_rules.by_office_or_author, submission_rules.in_time, submission_rules.moved(Move.RESUBMIT)
    ),
    "submission.rescreened": rules.every(_office, submission_rules.moved(Move.RESCREEN)),
    "screening.verdict_given": submission_rules.verdict,
    "screening.recused": submission_rules.screener_recused,
    "submission.withdrawn": rules.every(
        submission_rules.by_office_or_author, submission_rules.in_time, submission_rules.moved(Move.WITHDRAW)
    ),
    "submission.disqualified": rules.every(_office, submission_rules.moved(Move.DISQUALIFY)),
    "submission.reinstated": rules.every(_office, submission_rules.moved(Move.REINSTATE)),
    "submission.link_made": _office,
    "person_data.exported": _office,
    "person_request.received": submission_rules.by_office_or_author,
    "person_request.closed": _office,
    "entry_door.set": _office,
    "finals.list_closed": rules.every(_office, finals_rules.list_closed),
    "finals.drawn": rules.every(_office, finals_rules.drawn),
    "finalist.change_proposed": rules.every(_office, finals_rules.proposed),
    "finalist.change_declined": finals_rules.decided,
    "finalist.change_confirmed": rules.every(finals_rules.decided, finals_rules.confirmed),
    "finalist.posted": rules.every(rules.by(permissions.may_record_posts), finals_rules.posted),
    "film.copied": rules.every(_system, rules.film_of_work),
    "jobs.film_checks_requested": _job,
    "jobs.film_copies_requested": _job,
    "jobs.film_comparisons_requested": rules.by(permissions.may_judge_twins),
    "film_pair.decided": rules.by(permissions.may_judge_twins),
    "job.cancelled": _job,
    "job.retried": _job,
    "official.added": _officials,
    "official.corrected": rules.every(_officials, rules.official_listed),
    "official.removed": rules.every(_officials, rules.official_listed),
    "match.decided": rules.every(_officials, rules.decided_by_another),
}
