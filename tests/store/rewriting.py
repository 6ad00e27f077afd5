"""Rewrites a ledger from one row on, as the owner of the database can: the chains verify, but the hashes are
different.
"""

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from core.store import ledger, ledger_rows
from core.store import tables as t
from core.store.signing import signed_notes
from core.store.signing.checkpoints import all_checkpoints
from core.store.signing.signing_key import SigningKey

Change = Callable[[dict[str, Any]], None]


def rewritten(connection: sa.Connection, number: int, change: Change) -> None:
    """Change the payload of the row with this id and chain every later row to it again. Disable the guards first."""
    c, heads = t.ledger.c, ledger.Heads()
    rows = connection.execute(sa.select(t.ledger).order_by(c.id)).all()
    connection.execute(t.ledger.delete().where(c.id >= number))
    for row in rows:
        payload = json.loads(row.payload)
        if row.id == number:
            change(payload)
        text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        made = ledger.next_row(
            heads, chain=ledger.Chain(row.chain), at=row.at, actor=row.actor, event=row.event, version=row.version,
            payload=text if row.id == number else row.payload,
        )  # fmt: skip
        if row.id >= number:
            connection.execute(t.ledger.insert().values({each.name: getattr(made, each.name) for each in fields(made)}))
        heads = heads.after(made)


def signed_again(connection: sa.Connection, key: SigningKey) -> None:
    """Sign every checkpoint again, as the owner of the machine can, who has the key. Disable the guards first."""
    hashes = [row.hash for row in ledger_rows.rows(connection, chain=ledger.Chain.RESULT)]
    for each in all_checkpoints(connection):
        origin, root = signed_notes.read_checkpoint(each.note).origin, signed_notes.merkle_root(hashes[: each.rows])
        note = signed_notes.signed_checkpoint(origin, each.rows, root, key.private())
        connection.execute(t.checkpoint.update().where(t.checkpoint.c.rows == each.rows).values(note=note))
