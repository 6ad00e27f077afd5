"""What the chief judge alone does to the round: close it. What was submitted stays; what was not can no longer be."""

from datetime import datetime

from core.desk import acting
from core.desk.again import Sure
from core.desk.house import millis
from core.desk.seats import JudgingClosed, reason_given
from core.rules.permissions import may_chair, must
from core.rules.words import Refusal
from core.store import standings as rows
from core.store.engine import Store, Unit


class SheetsMissing(Refusal):
    """Sheets are not in, and the chief has not said why the round is to be closed without them."""

    def __init__(self, missing: int) -> None:
        super().__init__("Còn {missing} phiếu chưa nộp: cần ghi rõ lý do đóng vòng chấm.", missing=missing)


def close(store: Store, sure: Sure, reason: str, now: datetime) -> None:
    """Close the round for good. With sheets missing a reason is needed; it stands in the ledger."""
    who = sure.who
    must(may_chair(who))

    def act(unit: Unit) -> None:
        missing = rows.missing(unit.connection)
        if missing and not reason.strip():
            raise SheetsMissing(missing)
        if not rows.close_judging(unit.connection, millis(now)):
            raise JudgingClosed
        payload = {"missing": missing, "reason": reason_given(reason) if reason.strip() else ""}
        unit.record(at=millis(now), actor=who.username, event="judging.closed", payload=payload)

    acting.change(store, who, may_chair, now, act)
