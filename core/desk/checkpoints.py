"""Checkpoints: whenever something is closed, confirmed or printed, the result chain is signed up to that row.

The head of the audit chain is recorded in the result chain at the same time, so that it is signed with it.
"""

from enum import StrEnum

from core.desk import context
from core.store.engine import WriteTransaction
from core.store.events.payloads import CheckpointMade, SigningKeyRecorded
from core.store.ledger import SYSTEM
from core.store.signing import checkpoints


class Occasion(StrEnum):
    """Why a checkpoint was made."""

    LIST_CLOSED = "list_closed"  # of the finalists
    DRAW = "draw"
    CLOSING = "closing"  # of the round
    FREEZE = "freeze"  # of the interactions
    CONFIRMATION = "confirmation"
    PUBLICATION = "publication"
    RETRACTION = "retraction"
    PAPER = "paper"  # one that is taken away or printed


def checkpoint(transaction: WriteTransaction, at: int, occasion: Occasion) -> None:
    """Record the head of the audit chain in the result chain, and sign the result chain. `at` in UTC milliseconds.

    If the key at hand is not the one recorded last, it is recorded first. Raises NoContest, BrokenSigningKey.
    """
    key, connection = transaction.signing_key, transaction.connection
    contest = context.contest_state_in(connection).contest
    public = checkpoints.public_key(key)
    if checkpoints.recorded_key(connection) != public:
        transaction.record(at=at, actor=SYSTEM, payload=SigningKeyRecorded(public))
    head = transaction.heads.audit
    row = transaction.record(at=at, actor=SYSTEM, payload=CheckpointMade(head.seq, head.hash.hex(), occasion.value))
    checkpoints.sign(connection, key, contest.key, row, occasion.value)
