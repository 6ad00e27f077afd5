"""Recusal: a judge with a conflict of interest withdraws from a work and can neither mark nor watch it any longer."""

import hashlib
from datetime import datetime

from core.desk import house, seats
from core.desk.house import millis
from core.desk.seats import NoSuchWork
from core.rules.access import NotAllowed, Principal, Role
from core.rules.contest import Contest
from core.store import ledger, sheets
from core.store.engine import Store, Unit
from core.store.entries import Seat


def declare(store: Store, who: Principal, code: str, reason: str, now: datetime) -> None:
    """The judge withdraws from a work of theirs; marks already submitted count no longer."""
    why, contest = seats.reason_given(reason), house.contest(store)

    def act(unit: Unit) -> None:
        _withdraw(contest, unit, seats.taken(unit.connection, who, code), who, why, now)

    store.change(act)


def declare_for(store: Store, chief: Principal, judge: str, code: str, reason: str, now: datetime) -> None:
    """The chief judge withdraws a judge from a work."""
    if not chief.has(Role.CHIEF):
        raise NotAllowed
    why, contest = seats.reason_given(reason), house.contest(store)

    def act(unit: Unit) -> None:
        seat = seats.of_judge(unit.connection, judge, code)
        if seat.recused:
            raise NoSuchWork
        _withdraw(contest, unit, seat, chief, why, now)

    store.change(act)


def _withdraw(contest: Contest, unit: Unit, seat: Seat, by: Principal, why: str, now: datetime) -> None:
    seats.must_be_open(contest, seat, now)
    at = millis(now)
    sheets.recuse(unit.connection, seat.judge_id, seat.work.id, reason=why, declared_by=by.username, declared_at=at)
    sheets.withdraw_marks(unit.connection, seat.judge_id, seat.work.id)
    payload: ledger.Payload = {
        "judge": seat.judge, "entry": seat.work.code,
        "reason_sha256": hashlib.sha256(f"{seat.judge}|{seat.work.code}|{at}|{why}".encode()).hexdigest(),
    }  # fmt: skip
    unit.record(at=at, actor=by.username, event="recusal.declared", payload=payload)
