"""Recusal: a judge with a conflict of interest withdraws from a work and can neither mark nor watch it any longer."""

from datetime import datetime

from core.desk import authorization, context
from core.desk.context import ledger_time, written_at
from core.desk.judging import judge_assignment
from core.desk.judging.judge_assignment import NoSuchWork
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.permissions import may_chair, must
from core.rules.words import Sentence
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import RecusalDeclared
from core.store.queries import sheets
from core.store.queries.entries import Seat


def declare(store: Store, who: Principal, code: str, reason: str, now: datetime) -> None:
    """The judge withdraws from a work of theirs; marks already submitted count no longer."""
    why, contest = judge_assignment.reason_given(reason), context.contest(store)

    def act(unit: WriteTransaction) -> None:
        _withdraw(contest, unit, judge_assignment.own(unit, who, code, now), who, why, now)

    store.change(act)


def at_stake(store: Store, chief: Principal, judge: str, code: str) -> Sentence:
    """What is lost when the chief judge withdraws this judge from the work. Raises NoSuchWork where there is no seat."""
    must(may_chair(chief))
    with store.read() as connection:
        seat = _of_another(connection, judge, code)
    sheet = seat.sheet
    if sheet.state == "sealed":
        return Sentence("Phiếu đã nộp (lần {revision}) không còn được tính.", {"revision": sheet.revision})
    if not sheet.version:
        return Sentence("Giám khảo này chưa chấm gì ở tác phẩm này.")
    facts = {"given": len(sheet.marks), "all": len(context.contest(store).criteria)}
    return Sentence("Phiếu đang chấm ({given}/{all} tiêu chí) không còn nộp được.", facts)


def declare_for(store: Store, chief: Principal, judge: str, code: str, reason: str, now: datetime) -> None:
    """The chief judge withdraws a judge from a work."""
    must(may_chair(chief))
    why, contest = judge_assignment.reason_given(reason), context.contest(store)

    def act(unit: WriteTransaction) -> None:
        _withdraw(contest, unit, _of_another(unit.connection, judge, code), chief, why, now)

    authorization.change(store, chief, may_chair, now, act)


def _of_another(connection: Connection, judge: str, code: str) -> Seat:
    seat = judge_assignment.of_judge(connection, judge, code)
    if seat.recused:
        raise NoSuchWork
    return seat


def _withdraw(contest: Contest, unit: WriteTransaction, seat: Seat, by: Principal, why: str, now: datetime) -> None:
    judge_assignment.must_be_open(contest, seat, ledger_time(unit, now))
    at = written_at(unit, now)
    sheets.recuse(unit.connection, seat.judge_id, seat.work.id, reason=why, declared_by=by.username, declared_at=at)
    sheets.withdraw_marks(unit.connection, seat.judge_id, seat.work.id)
    payload = RecusalDeclared(seat.pseudonym, seat.work.code, unit.commit(why))
    unit.record(at=at, actor=by.username, payload=payload)
