"""Which judges mark which works.

Before the first sealed sheet every judge is assigned to every work. After it, the chief judge names whom to assign.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.desk import authorization, context
from core.desk.context import written_at
from core.desk.judging.judge_assignment import REASON_LENGTH, JudgingClosed, ReasonMissing, clean_text
from core.rules.access import Principal, Role
from core.rules.permissions import may_assign_judges, may_return_sheets, must
from core.rules.vietnamese import name_key
from core.rules.words import Refusal
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import JudgeAssigned, JudgeUnassigned
from core.store.ledger import pseudonym
from core.store.people import accounts
from core.store.queries import setup
from core.store.queries.contest_row import contest_row


class NoSuchJudge(Refusal):
    """No active account of this username has the role judge."""

    def __init__(self, username: str) -> None:
        super().__init__("Tài khoản {username} không phải là giám khảo đang hoạt động.", username=username)


@dataclass(frozen=True, slots=True)
class Judge:
    """A judge as a choice in a form: username and name."""

    username: str
    name: str


def unassigned(store: Store, who: Principal) -> tuple[Judge, ...]:
    """The active judges not assigned to every work, sorted by Vietnamese name. Raises NotAllowed."""
    must(may_assign_judges(who))
    with store.read() as connection:
        return _judges(setup.unassigned(connection))


def chiefs(store: Store, who: Principal) -> tuple[Judge, ...]:
    """The chief judges other than `who`, closed accounts included: `who` may return their sheets. Raises NotAllowed."""
    must(may_return_sheets(who))
    with store.read() as connection:
        holders = [each for each in accounts.all_accounts(connection) if Role.CHIEF in each.roles]
    return _judges((each.username, each.name) for each in holders if each.username != who.username)


def _judges(found: Iterable[tuple[str, str]]) -> tuple[Judge, ...]:
    people = (Judge(username, name) for username, name in found)
    return tuple(sorted(people, key=lambda each: (name_key(each.name), each.username)))


def assign_all(transaction: WriteTransaction, actor: str, now: datetime) -> int:
    """Assign every active judge to every work they are not assigned to yet; returns the number of new assignments.

    Does nothing once the round is closed. After the first sealed sheet, only judges who have an assignment already
    are given new works; the chief assigns judges who join later (`assign`).
    """
    contest = contest_row(transaction.connection)
    if contest is None or contest.judging_closed_at is not None:
        return 0
    return _record_assigned(
        transaction, actor, now, setup.assign_all(transaction.connection, only_sitting=contest.frozen_at is not None)
    )


def assign(store: Store, who: Principal, judge: str, reason: str, now: datetime) -> int:
    """The chief assigns a judge to every work they are not assigned to yet; returns the number of new assignments.

    After the first sealed sheet a reason is required. Raises NotAllowed, BadText, JudgingClosed, ReasonMissing,
    NoSuchJudge.
    """
    must(may_assign_judges(who))
    why = clean_text(reason, limit=REASON_LENGTH)

    def act(transaction: WriteTransaction) -> int:
        contest, person = contest_row(transaction.connection), accounts.named(transaction.connection, judge)
        if contest is None or contest.judging_closed_at is not None:
            raise JudgingClosed
        if person is None or not person.active or Role.JUDGE not in person.roles:
            raise NoSuchJudge(judge)
        if contest.frozen_at is not None and not why:
            raise ReasonMissing
        new = setup.assign_all(transaction.connection, judge=judge)
        return _record_assigned(transaction, who.username, now, new, why)

    return authorization.change(store, who, may_assign_judges, now, act)


def unassign(transaction: WriteTransaction, judge: str, actor: str, now: datetime) -> None:
    """Remove a judge who never sealed a sheet from all their works, because the account lost the role or was closed.

    A judge who has sealed a sheet keeps their assignments (DECISIONS 36). Once the round is closed nothing changes.
    """
    contest = contest_row(transaction.connection)
    if contest is None or contest.judging_closed_at is not None:
        return
    left, person = setup.unassign(transaction.connection, judge), accounts.named(transaction.connection, judge)
    if left and person is not None:
        name = pseudonym(person.number, judge=True)  # always a judge's pseudonym: the account may have lost the role
        transaction.record(at=written_at(transaction, now), actor=actor, payload=JudgeUnassigned(name, left))


def _record_assigned(
    transaction: WriteTransaction, actor: str, now: datetime, new: list[tuple[str, str]], reason: str = ""
) -> int:
    chief = _chief(transaction) if new else None
    judges = {transaction.pseudonym(judge): judge for judge, _ in new}
    for name, judge in sorted(judges.items()):  # by username, the public chain would tell whose pseudonym is whose
        codes = [code for assigned, code in new if assigned == judge]
        why = transaction.commit_text(reason) if reason else None
        payload = JudgeAssigned(name, codes, chief=judge == chief, reason=why)
        transaction.record(at=written_at(transaction, now), actor=actor, payload=payload)
    return len(new)


def _chief(transaction: WriteTransaction) -> str | None:
    """The username of the judge whose totals break ties, or None where the contest names none."""
    return context.contest_state_in(transaction.connection).contest.ties.chief
