"""A ledger written anew from some row on, as whoever owns the database can: the chain holds, its hashes are others."""

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from core.store import ledger
from core.store import tables as t

Change = Callable[[dict[str, Any]], None]


def rewritten(connection: sa.Connection, seq: int, change: Change) -> None:
    """Change what row `seq` says, and bind every later row to the one before it again. The guards must be put aside."""
    c = t.ledger.c
    rows = connection.execute(sa.select(t.ledger).where(c.seq >= seq).order_by(c.seq)).all()
    before = connection.execute(sa.select(t.ledger).where(c.seq == seq - 1)).one()
    head = ledger.Head(before.seq, before.at, bytes(before.hash))
    connection.execute(t.ledger.delete().where(c.seq >= seq))
    for row in rows:
        payload = json.loads(row.payload)
        if row.seq == seq:
            change(payload)
        made = ledger.sealed(head, at=row.at, actor=row.actor, event=row.event, payload=payload)
        values = {name: getattr(made, name) for name in ledger.Row.__dataclass_fields__}
        connection.execute(t.ledger.insert().values(values))
        head = ledger.Head(made.seq, made.at, made.hash)
