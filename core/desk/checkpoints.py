"""Checkpoints: the head of the audit chain written into the result chain, whenever something is closed or confirmed."""

from core.store.engine import WriteTransaction
from core.store.events.payloads import CheckpointMade
from core.store.ledger import SYSTEM


def checkpoint(unit: WriteTransaction, at: int) -> None:
    """Anchor the audit chain as it stands in this change; `at` in UTC milliseconds."""
    head = unit.heads.audit
    unit.record(at=at, actor=SYSTEM, payload=CheckpointMade(head.seq, head.hash.hex()))
