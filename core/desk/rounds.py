"""The chief judge closes the round. Submitted sheets stay; no more sheets can be submitted."""

from datetime import datetime

from core.desk import authorization, context
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.checkpoints import Occasion, checkpoint
from core.desk.context import written_at
from core.desk.judging.judge_assignment import JudgingClosed, required_reason
from core.rules.permissions import may_chair, must
from core.rules.scoring.methods import sheets_needed
from core.rules.words import Refusal
from core.store.engine import Store, WriteTransaction
from core.store.events import payloads
from core.store.queries import standings as rows


class SheetsMissing(Refusal):
    """Sheets are missing, and the chief gave no reason for closing the round without them."""

    def __init__(self, missing: int) -> None:
        super().__init__("Còn {missing} phiếu chưa nộp: cần ghi rõ lý do đóng vòng chấm.", missing=missing)


class WorksWithoutScore(Refusal):
    """Works have too few sheets for a score, and the chief gave no reason for closing the round."""

    def __init__(self, works: int) -> None:
        super().__init__(
            "Còn {works} tác phẩm không đủ phiếu để có điểm: cần ghi rõ lý do đóng vòng chấm.", works=works
        )


def close(store: Store, reauthenticated: Reauthenticated, reason: str, now: datetime) -> None:
    """Close the round for good.

    The ledger records the number of missing sheets, the works without a score and a commitment to the reason.
    Raises NotAllowed, BadText, JudgingClosed; SheetsMissing or WorksWithoutScore where a reason is needed.
    """
    who, needed = reauthenticated.who, sheets_needed(context.contest(store))
    must(may_chair(who))

    def act(transaction: WriteTransaction) -> None:
        missing = rows.missing(transaction.connection)
        if missing and not reason.strip():
            raise SheetsMissing(missing)
        if not rows.close_judging(transaction.connection, written_at(transaction, now)):
            raise JudgingClosed
        without = [code for code, _, sheets in rows.reachable(transaction.connection) if sheets < needed]
        if without and not reason.strip():
            raise WorksWithoutScore(len(without))
        why = transaction.commit_text(required_reason(reason)) if reason.strip() else None
        transaction.record(
            at=written_at(transaction, now),
            actor=who.username,
            payload=payloads.RoundClosed(missing, list(without), why),
        )
        checkpoint(transaction, written_at(transaction, now), Occasion.CLOSING)

    authorization.change(store, who, may_chair, now, act)
