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
from core.store import ledger_rows
from core.store.engine import Store, WriteTransaction
from core.store.events import Touches, names_touching, payloads
from core.store.queries import standings as rows

SHEETS = names_touching(Touches.ENTRY, Touches.REBUILD)


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


class ChangedSince(Refusal):
    """Sheets came in or were returned, or works or judges changed, since the page was shown to who closes the round."""

    def __init__(self, missing: int) -> None:
        super().__init__(
            "Phiếu hoặc phân công đã thay đổi từ lúc trang này hiện; nay còn {missing} phiếu chưa nộp. Hãy xem lại rồi đóng.",
            missing=missing,
        )


def last_change(store: Store) -> int:
    """The id of the last ledger row about a sheet, a work or the panel. A page reads it before what it shows."""
    with store.read() as connection:
        return ledger_rows.last_of(connection, SHEETS)


def close(store: Store, reauthenticated: Reauthenticated, reason: str, now: datetime, seen: int | None = None) -> None:
    """Close the round for good. `seen`: `last_change` of the page that the chief read, if there was one.

    The ledger records the number of missing sheets, the works without a score and a commitment to the reason.
    Raises NotAllowed, BadText, JudgingClosed, ChangedSince; SheetsMissing or WorksWithoutScore where a reason is needed.
    """
    who, needed = reauthenticated.who, sheets_needed(context.contest(store))
    must(may_chair(who))

    def act(transaction: WriteTransaction) -> None:
        missing = rows.missing(transaction.connection)
        if seen is not None and ledger_rows.last_of(transaction.connection, SHEETS) != seen:
            raise ChangedSince(missing)
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
