"""Which judges mark which works: before the first sheet everybody who is a judge, afterwards whom the chief names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.desk import authorization, context
from core.desk.context import written_at
from core.desk.judging.judge_assignment import REASON_LENGTH, JudgingClosed, ReasonMissing, words
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
    """No open account of this username is a judge's."""

    def __init__(self, username: str) -> None:
        super().__init__("Tài khoản {username} không phải là giám khảo đang hoạt động.", username=username)


@dataclass(frozen=True, slots=True)
class Judge:
    """Somebody who may be named in a form: their username and their name."""

    username: str
    name: str


def unassigned(store: Store, who: Principal) -> tuple[Judge, ...]:
    """The judges with an open account who lack at least one work, in the order of a Vietnamese list of people."""
    must(may_assign_judges(who))
    with store.read() as connection:
        return _judges(setup.unassigned(connection))


def chiefs(store: Store, who: Principal) -> tuple[Judge, ...]:
    """The chief judges other than the reader: whose sheets somebody else returns. Closed accounts are among them."""
    must(may_return_sheets(who))
    with store.read() as connection:
        held = [each for each in accounts.all_accounts(connection) if Role.CHIEF in each.roles]
    return _judges((each.username, each.name) for each in held if each.username != who.username)


def _judges(found: Iterable[tuple[str, str]]) -> tuple[Judge, ...]:
    people = (Judge(username, name) for username, name in found)
    return tuple(sorted(people, key=lambda each: (name_key(each.name), each.username)))


def seat_all(unit: WriteTransaction, actor: str, now: datetime) -> int:
    """Seat every judge before every work, those already seated aside; a closed round takes nobody new.

    Once a sheet is in, only the judges who sit already are given new works: whoever joins later is seated by the chief
    (`assign`).
    """
    contest = contest_row(unit.connection)
    if contest is None or contest.judging_closed_at is not None:
        return 0
    return _seated(unit, actor, now, setup.seat_all(unit.connection, only_sitting=contest.frozen_at is not None))


def assign(store: Store, who: Principal, judge: str, reason: str, now: datetime) -> int:
    """The chief assigns a judge to every work they are not assigned to yet; gives how many. With sheets in, a reason is needed.

    Raises NotAllowed, JudgingClosed, ReasonMissing, NoSuchJudge.
    """
    must(may_assign_judges(who))
    why = words(reason, limit=REASON_LENGTH)

    def act(unit: WriteTransaction) -> int:
        contest, person = contest_row(unit.connection), accounts.named(unit.connection, judge)
        if contest is None or contest.judging_closed_at is not None:
            raise JudgingClosed
        if person is None or not person.active or Role.JUDGE not in person.roles:
            raise NoSuchJudge(judge)
        if contest.frozen_at is not None and not why:
            raise ReasonMissing
        new = setup.seat_all(unit.connection, judge=judge)
        return _seated(unit, who.username, now, new, why)

    return authorization.change(store, who, may_assign_judges, now, act)


def unseat(unit: WriteTransaction, judge: str, actor: str, now: datetime) -> None:
    """A judge who never sealed a sheet leaves the panel with their account; whoever did stays expected (DECISIONS 36).

    What a closed round was closed on stays as it was.
    """
    contest = contest_row(unit.connection)
    if contest is None or contest.judging_closed_at is not None:
        return
    left, person = setup.unseat(unit.connection, judge), accounts.named(unit.connection, judge)
    if left and person is not None:
        name = pseudonym(person.number, judge=True)  # whatever roles they have now
        unit.record(at=written_at(unit, now), actor=actor, payload=JudgeUnassigned(name, left))


def _seated(unit: WriteTransaction, actor: str, now: datetime, new: list[tuple[str, str]], reason: str = "") -> int:
    chief = _chief(unit) if new else None
    for judge in sorted({judge for judge, _ in new}):
        codes = [code for seated, code in new if seated == judge]
        why = unit.commit(reason) if reason else None
        payload = JudgeAssigned(unit.pseudonym(judge), codes, chief=judge == chief, reason=why)
        unit.record(at=written_at(unit, now), actor=actor, payload=payload)
    return len(new)


def _chief(unit: WriteTransaction) -> str | None:
    """The username of the judge whose totals break ties, where the contest names one."""
    return context.contest_state_in(unit.connection).contest.ties.chief
