"""Reading the ledger's rows: the heads of the chains, one chain or both in their order, and what is new."""

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from core.store import tables as t
from core.store.ledger import Chain, Head, Heads, Row

_C = t.ledger.c


def _last(chain: Chain) -> sa.Select[tuple[int, int, bytes, int]]:
    columns = (_C.seq, _C.at, _C.hash, _C.id)
    return sa.select(*columns).where(_C.chain == chain.value).order_by(_C.seq.desc()).limit(1)


_LAST = {chain: _last(chain) for chain in Chain}


def head(connection: sa.Connection, chain: Chain) -> Head:
    """The last row of a chain."""
    row = connection.execute(_LAST[chain]).first()
    return Head(row.seq, row.at, bytes(row.hash), row.id) if row else Head()


def heads(connection: sa.Connection) -> Heads:
    """The last row of each chain."""
    return Heads(head(connection, Chain.RESULT), head(connection, Chain.AUDIT))


def head_before(connection: sa.Connection, seq: int) -> Head:
    """The last row of the result chain before the one of this number."""
    columns = (_C.seq, _C.at, _C.hash, _C.id)
    asked = sa.select(*columns).where(_C.chain == Chain.RESULT.value, _C.seq == seq - 1)
    row = connection.execute(asked).first()
    return Head(row.seq, row.at, bytes(row.hash), row.id) if row else Head()


def last_id(connection: sa.Connection) -> int:
    """The id of the ledger's last row; 0 before the first."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(_C.id), 0))).scalar_one())


def rows(connection: sa.Connection, *, chain: Chain | None = None) -> Iterator[Row]:
    """Every row from the first, of one chain or of both in the order they were written; a few thousand at a time."""
    asked = sa.select(t.ledger).order_by(_C.id)
    return _rows(connection, asked if chain is None else asked.where(_C.chain == chain.value))


def news(connection: sa.Connection, since: int, events: Collection[str]) -> Iterator[Row]:
    """The rows of these events after the one of the id `since`."""
    return _rows(connection, sa.select(t.ledger).where(_C.id > since, _C.event.in_(list(events))).order_by(_C.id))


def last_of(connection: sa.Connection, events: Collection[str], until: int | None = None) -> int:
    """The id of the last row of these events, up to the id `until`; 0 where there is none."""
    asked = sa.select(_C.id).where(_C.event.in_(list(events)))
    if until is not None:
        asked = asked.where(_C.id <= until)
    return connection.execute(asked.order_by(_C.id.desc()).limit(1)).scalar_one_or_none() or 0


def happened(connection: sa.Connection, event: str) -> bool:
    """True where the ledger has such an event."""
    return connection.execute(sa.select(_C.id).where(_C.event == event).limit(1)).first() is not None


def _rows(connection: sa.Connection, asked: sa.Select[tuple[object, ...]]) -> Iterator[Row]:
    for row in connection.execute(asked.execution_options(yield_per=2000)):
        yield Row(
            row.id, Chain(row.chain), row.seq, row.at, row.actor, row.event, row.version, row.payload, bytes(row.prev),
            bytes(row.hash),
        )  # fmt: skip
