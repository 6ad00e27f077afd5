"""Signed checkpoints of the result chain, as they are stored."""

from dataclasses import dataclass

import sqlalchemy as sa

from core.store import events, ledger_rows
from core.store import tables as t
from core.store.events.payloads import SigningKeyRecorded
from core.store.ledger import Chain, Row
from core.store.signing.merkle import merkle_root
from core.store.signing.signed_notes import origin_of, public_bytes, signed_checkpoint
from core.store.signing.signing_key import SigningKey


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A signed statement about the first `rows` rows of the result chain. `made_at`: UTC ms."""

    rows: int
    made_at: int
    occasion: str
    note: str


def public_key(key: SigningKey) -> str:
    """The public half of this key, 64 hex digits, as the ledger records it. Raises BrokenSigningKey."""
    return public_bytes(key.private()).hex()


def recorded_key(connection: sa.Connection) -> str | None:
    """The public half of the key that the result chain recorded last, 64 hex digits; None before the first."""
    last = ledger_rows.latest(connection, {"signing_key.recorded"}, None, first=0, count=1)
    payload = events.decode(last[0]) if last else None
    return payload.key if isinstance(payload, SigningKeyRecorded) else None


def sign(connection: sa.Connection, key: SigningKey, contest: str, row: Row, occasion: str) -> None:
    """Sign the result chain up to `row`, its last row, and store the note. `contest`: its key.

    Raises BrokenSigningKey.
    """
    leaves = map(bytes, connection.execute(_LEAVES, {"rows": row.seq}).scalars())
    note = signed_checkpoint(origin_of(contest), row.seq, merkle_root(leaves), key.private())
    values = {"rows": row.seq, "made_at": row.at, "occasion": occasion, "note": note}
    connection.execute(t.checkpoint.insert().values(values))


def newest(connection: sa.Connection) -> int:
    """The number of rows of the newest signed checkpoint; 0 where there is none."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(t.checkpoint.c.rows), 0))).scalar_one())


def all_checkpoints(connection: sa.Connection) -> tuple[StoredCheckpoint, ...]:
    """Every signed checkpoint, the oldest first."""
    query = sa.select(t.checkpoint).order_by(t.checkpoint.c.rows)
    return tuple(StoredCheckpoint(*row) for row in connection.execute(query))


_C = t.ledger.c
_LEAVES = (
    sa.select(_C.hash)
    .where(_C.chain == Chain.RESULT.value, _C.seq <= sa.bindparam("rows"))
    .order_by(_C.seq)
    .execution_options(yield_per=2000)
)
