"""Checkpoints: the head of the audit chain, recorded in the result chain whenever something is closed or confirmed."""

from core.store.engine import WriteTransaction
from core.store.events.payloads import CheckpointMade
from core.store.ledger import SYSTEM


def checkpoint(transaction: WriteTransaction, at: int) -> None:
    """Record the current head of the audit chain in the result chain; `at` in UTC milliseconds."""
    head = transaction.heads.audit
    transaction.record(at=at, actor=SYSTEM, payload=CheckpointMade(head.seq, head.hash.hex()))
