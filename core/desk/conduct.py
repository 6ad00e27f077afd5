"""Whether what a row of the ledger says may have been done: by this person, at that time, within the rubric.

A ledger can be a whole chain and still tell of what no page allows: a mark after the round was closed, a sheet sealed by
somebody else, 99 of 40 points. Each row is held against the permissions and limits that the acts themselves ask.
"""

from collections.abc import Callable, Iterator

from core.desk import conduct_rules as rules
from core.desk.conduct_rules import Case, Rule
from core.rules import permissions
from core.rules.access import Principal, Role
from core.rules.contest import Contest
from core.rules.words import Sentence
from core.store.ledger import Row
from core.store.replay.state import Payload, State

UNCONFIRMED = Sentence("tài khoản {actor} còn chờ xác nhận khi làm việc này ({event})")
AWARDS_FIXED = Sentence("việc này được ghi sau khi bảng trao giải đã xác nhận ({event})")
CLOSED_BY_AWARDS = frozenset(
    """contest.opened entry.added entry.corrected entry.film_replaced judge.seated judge.unseated sheet.drafted sheet.sealed
    sheet.returned recusal.declared judging.closed reading.entered interactions.frozen interactions.reopened decision.made
    decision.revoked awards.confirmed""".split()  # noqa: SIM905  # names of events, read as a text
)
WAITS = frozenset(
    """sheet.sealed sheet.returned judging.closed reading.entered interactions.frozen interactions.reopened decision.made
    decision.revoked awards.confirmed account.confirmed""".split()  # noqa: SIM905  # the same
)


def conduct_of(contest: Contest) -> Callable[[State, Row, Payload], Iterator[Sentence]]:
    """The check of one row for `core.store.verify`: a sentence for everything that may not have been done."""

    def conduct(state: State, row: Row, told: Payload) -> Iterator[Sentence]:
        roles = frozenset(map(Role, state.roles(row.actor)))
        case = Case(contest, state, row, told, Principal(row.actor, row.actor, roles, ""))
        facts = {"actor": row.actor, "event": row.event, "judge": told.get("judge"), "entry": told.get("entry")}
        for wrong in _wrong(case):
            said = Sentence(wrong.text, {**facts, **wrong.facts})
            yield Sentence("Sổ cái, dòng {seq}: {what}.", {"seq": row.seq, "what": said})

    return conduct


def _wrong(case: Case) -> Iterator[Sentence]:
    if case.row.event in CLOSED_BY_AWARDS and case.state["award_table"]:
        yield AWARDS_FIXED
    if case.row.event in WAITS and (case.row.actor,) in case.state["unconfirmed_account"]:
        yield UNCONFIRMED
    if case.row.event in RULES:
        yield from RULES[case.row.event](case)


_judge = rules.by(permissions.may_mark)
_system = rules.by(rules.nobody, system=True)
_admin = rules.by(permissions.may_keep_accounts, system=True)
RULES: dict[str, Rule] = {
    "contest.opened": _system,
    "entry.added": _system,
    "entry.corrected": _system,
    "entry.film_replaced": _system,
    "judge.seated": rules.seated,
    "judge.unseated": rules.unseated,
    "account.added": rules.account,
    "account.roles_set": rules.account,
    "account.deactivated": _admin,
    "account.reactivated": rules.account,
    "account.confirmed": rules.confirmed_account,
    "account.password_changed": rules.own("username"),
    "account.password_reset": rules.account,
    "account.link_made": _admin,
    "account.link_used": rules.every(rules.own("username"), rules.waiting),
    "session.began": rules.own("username"),
    "session.ended": rules.own("username"),
    "session.others_ended": rules.own("username"),
    "session.denied": _system,
    "sheet.drafted": rules.every(_judge, rules.own("judge"), rules.round_open, rules.seat, rules.drafted, rules.marks),
    "sheet.sealed": rules.every(_judge, rules.own("judge"), rules.round_open, rules.seat, rules.sealed, rules.marks),
    "sheet.returned": rules.every(rules.round_open, rules.seat, rules.returned),
    "recusal.declared": rules.every(rules.round_open, rules.seat, rules.recused),
    "note.added": rules.every(_judge, rules.own("judge"), rules.seat),
    "note.removed": rules.every(_judge, rules.own("judge"), rules.seat),
    "judging.closed": rules.by(permissions.may_chair),
    "reading.entered": rules.every(rules.by(permissions.may_enter_interactions), rules.reading),
    "interactions.frozen": rules.every(rules.by(permissions.may_freeze_interactions), rules.counts_open),
    "interactions.reopened": rules.reopened,
    "decision.made": rules.decidable,
    "decision.revoked": rules.by(permissions.may_decide_awards),
    "awards.confirmed": rules.decidable,
    "awards.exported": rules.by(permissions.may_see_awards),
    "demo.completed": _system,
}
