"""Recusal: a judge with a conflict of interest withdraws from a work and can no longer mark or watch it."""

from datetime import datetime

from core.desk import authorization, context
from core.desk.context import ledger_time, written_at
from core.desk.judging import judge_assignment
from core.desk.judging.judge_assignment import NoSuchWork
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.judging.sheet_state import SheetState
from core.rules.permissions import may_chair, must
from core.rules.words import Sentence
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import RecusalDeclared
from core.store.queries import sheets
from core.store.queries.entries import Assignment


def declare(store: Store, who: Principal, code: str, reason: str, now: datetime) -> None:
    """The judge withdraws from a work; marks already submitted no longer count.

    Raises ReasonMissing, BadText, NotAllowed, SessionOver, NoSuchWork, and what `judge_assignment.must_be_open` raises.
    """
    why, contest = judge_assignment.required_reason(reason), context.contest(store)

    def act(transaction: WriteTransaction) -> None:
        _withdraw(
            contest, transaction, judge_assignment.assignment_to_change(transaction, who, code, now), who, why, now
        )

    store.change(act)


def at_stake(store: Store, chief: Principal, judge: str, code: str) -> Sentence:
    """What is lost if the chief judge withdraws this judge from the work. Raises NotAllowed, NoSuchWork."""
    must(may_chair(chief))
    with store.read() as connection:
        assignment = _of_another(connection, judge, code)
    sheet = assignment.sheet
    if sheet.state is SheetState.SEALED:
        return Sentence("Phiếu đã nộp (lần {revision}) không còn được tính.", {"revision": sheet.revision})
    if not sheet.version:
        return Sentence("Giám khảo này chưa chấm gì ở tác phẩm này.")
    facts = {"given": len(sheet.marks), "all": len(context.contest(store).criteria)}
    return Sentence("Phiếu đang chấm ({given}/{all} tiêu chí) không còn nộp được.", facts)


def declare_for(store: Store, chief: Principal, judge: str, code: str, reason: str, now: datetime) -> None:
    """The chief judge withdraws a judge from a work. Raises the same as `declare`."""
    must(may_chair(chief))
    why, contest = judge_assignment.required_reason(reason), context.contest(store)

    def act(transaction: WriteTransaction) -> None:
        _withdraw(contest, transaction, _of_another(transaction.connection, judge, code), chief, why, now)

    authorization.change(store, chief, may_chair, now, act)


def _of_another(connection: Connection, judge: str, code: str) -> Assignment:
    assignment = judge_assignment.assignment_of_judge(connection, judge, code)
    if assignment.recused:
        raise NoSuchWork
    return assignment


def _withdraw(
    contest: Contest, transaction: WriteTransaction, assignment: Assignment, by: Principal, why: str, now: datetime
) -> None:
    judge_assignment.must_be_open(contest, assignment, ledger_time(transaction, now))
    at = written_at(transaction, now)
    sheets.recuse(
        transaction.connection,
        assignment.judge_id,
        assignment.work.id,
        reason=why,
        declared_by=by.username,
        declared_at=at,
    )
    sheets.withdraw_marks(transaction.connection, assignment.judge_id, assignment.work.id)
    payload = RecusalDeclared(assignment.pseudonym, assignment.work.code, transaction.commit_text(why))
    transaction.record(at=at, actor=by.username, payload=payload)
