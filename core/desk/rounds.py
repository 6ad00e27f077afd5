"""What the chief judge alone does to the round: close it. What was submitted stays; what was not can no longer be."""

from datetime import datetime

from core.desk import authorization, context
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.checkpoints import checkpoint
from core.desk.context import written_at
from core.desk.judging.judge_assignment import JudgingClosed, reason_given
from core.rules.permissions import may_chair, must
from core.rules.scoring.methods import sheets_needed
from core.rules.words import Refusal
from core.store.engine import Store, WriteTransaction
from core.store.events import payloads
from core.store.queries import standings as rows


class SheetsMissing(Refusal):
    """Sheets are not in, and the chief has not said why the round is to be closed without them."""

    def __init__(self, missing: int) -> None:
        super().__init__("Còn {missing} phiếu chưa nộp: cần ghi rõ lý do đóng vòng chấm.", missing=missing)


class WorksWithoutScore(Refusal):
    """Works have too few sheets for a score, and the chief has not said why the round is to be closed without them."""

    def __init__(self, works: int) -> None:
        super().__init__(
            "Còn {works} tác phẩm không đủ phiếu để có điểm: cần ghi rõ lý do đóng vòng chấm.", works=works
        )


def close(store: Store, sure: Reauthenticated, reason: str, now: datetime) -> None:
    """Close the round for good; the ledger holds the sheets that are missing, the works left without a score and the reason.

    Raises NotAllowed, SheetsMissing or WorksWithoutScore where a reason is needed, JudgingClosed.
    """
    who, needed = sure.who, sheets_needed(context.contest(store))
    must(may_chair(who))

    def act(unit: WriteTransaction) -> None:
        missing = rows.missing(unit.connection)
        if missing and not reason.strip():
            raise SheetsMissing(missing)
        if not rows.close_judging(unit.connection, written_at(unit, now)):
            raise JudgingClosed
        without = [code for code, _, sheets in rows.reachable(unit.connection) if sheets < needed]
        if without and not reason.strip():
            raise WorksWithoutScore(len(without))
        why = unit.commit(reason_given(reason)) if reason.strip() else None
        unit.record(
            at=written_at(unit, now), actor=who.username, payload=payloads.RoundClosed(missing, list(without), why)
        )
        checkpoint(unit, written_at(unit, now))

    authorization.change(store, who, may_chair, now, act)
