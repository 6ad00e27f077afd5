"""The mark that a paper carries: the newest checkpoint, which covers everything that the paper says."""

from datetime import datetime

from core.desk.checkpoints import Occasion, checkpoint
from core.desk.context import written_at
from core.desk.noted_hash import TooLittleNoted, noted_hash
from core.papers.layout.printed_mark import PrintedMark
from core.settings import settings
from core.store import ledger, ledger_rows
from core.store.engine import Store, WriteTransaction
from core.store.ledger import Chain, Head
from core.store.signing import checkpoints

RESULTS = "/results?mark="  # of the public page of the result


def printed_mark(store: Store, now: datetime) -> PrintedMark:
    """The mark of the newest checkpoint, for a paper that was read before this call.

    A checkpoint is made first where the result chain has rows after the newest one. Raises NoContest, BrokenSigningKey.
    """
    with store.read() as connection:
        head, signed = ledger_rows.head(connection, Chain.RESULT), checkpoints.newest(connection)
    if head.seq != signed:
        head = store.change(lambda transaction: _signed(transaction, now))
    return _mark(ledger.mark(head.seq, head.hash))


def _signed(transaction: WriteTransaction, now: datetime) -> Head:
    if transaction.heads.result.seq != checkpoints.newest(transaction.connection):
        checkpoint(transaction, written_at(transaction, now), Occasion.PAPER)
    return transaction.heads.result


def receipt_mark(receipt: str) -> PrintedMark | None:
    """The mark of a judge's printed sheet: its own row, which the receipt names. None for a text that is no receipt."""
    try:
        noted = noted_hash(receipt)
    except TooLittleNoted:
        return None
    return _mark(f"{noted.row}:{noted.digits}")


def _mark(text: str) -> PrintedMark:
    """The mark with the address that its QR code holds."""
    origins = settings().public_origins
    return PrintedMark(text, f"{origins[0]}{RESULTS}{text}" if origins else "")
