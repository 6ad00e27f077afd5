"""Queries on the ledger: the heads of the chains, all rows in order, and the rows after a given id."""

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
    """The last row of a chain; the empty Head if the chain has no rows."""
    row = connection.execute(_LAST[chain]).first()
    return Head(row.seq, row.at, bytes(row.hash), row.id) if row else Head()


def heads(connection: sa.Connection) -> Heads:
    """The last row of each chain."""
    return Heads(head(connection, Chain.RESULT), head(connection, Chain.AUDIT))


def head_before(connection: sa.Connection, seq: int) -> Head:
    """The result chain's row number `seq` - 1; the empty Head if there is none."""
    columns = (_C.seq, _C.at, _C.hash, _C.id)
    query = sa.select(*columns).where(_C.chain == Chain.RESULT.value, _C.seq == seq - 1)
    row = connection.execute(query).first()
    return Head(row.seq, row.at, bytes(row.hash), row.id) if row else Head()


def last_id(connection: sa.Connection) -> int:
    """The id of the last ledger row; 0 if the ledger is empty."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(_C.id), 0))).scalar_one())


def rows(connection: sa.Connection, *, chain: Chain | None = None) -> Iterator[Row]:
    """All rows of one chain, or of both, in the order they were written; fetched 2000 at a time."""
    query = sa.select(t.ledger).order_by(_C.id)
    return _rows(connection, query if chain is None else query.where(_C.chain == chain.value))


def result_rows(connection: sa.Connection, until: int) -> Iterator[Row]:
    """The first `until` rows of the result chain, in order; fetched 2000 at a time."""
    query = sa.select(t.ledger).where(_C.chain == Chain.RESULT.value, _C.seq <= until)
    return _rows(connection, query.order_by(_C.seq))


def some(connection: sa.Connection, ids: Collection[int]) -> Iterator[Row]:
    """The rows with these ids, in order."""
    return _rows(connection, sa.select(t.ledger).where(_C.id.in_(list(ids))).order_by(_C.id))


def news(connection: sa.Connection, since: int, events: Collection[str]) -> Iterator[Row]:
    """The rows of these events with an id greater than `since`, in order."""
    return _rows(connection, sa.select(t.ledger).where(_C.id > since, _C.event.in_(list(events))).order_by(_C.id))


def last_of(connection: sa.Connection, events: Collection[str], until: int | None = None) -> int:
    """The id of the last row of these events, at most `until` if given; 0 if there is none."""
    query = sa.select(_C.id).where(_C.event.in_(list(events)))
    if until is not None:
        query = query.where(_C.id <= until)
    return connection.execute(query.order_by(_C.id.desc()).limit(1)).scalar_one_or_none() or 0


def latest(
    connection: sa.Connection, events: Collection[str], actors: Collection[str] | None, *, first: int, count: int
) -> tuple[Row, ...]:
    """`count` rows of these events, the newest first, after leaving out `first`; of these actors, or of anybody."""
    newest = sa.select(t.ledger).where(_of(events, actors)).order_by(_C.id.desc())
    return tuple(_rows(connection, newest.offset(first).limit(count)))


def number_of(connection: sa.Connection, events: Collection[str], actors: Collection[str] | None) -> int:
    """How many rows there are of these events and actors."""
    return int(connection.execute(sa.select(sa.func.count()).where(_of(events, actors))).scalar_one())


def _of(events: Collection[str], actors: Collection[str] | None) -> sa.ColumnElement[bool]:
    wanted = _C.event.in_(list(events))
    return wanted if actors is None else sa.and_(wanted, _C.actor.in_(list(actors)))


def happened(connection: sa.Connection, event: str) -> bool:
    """Whether the ledger has at least one row of this event."""
    return connection.execute(sa.select(_C.id).where(_C.event == event).limit(1)).first() is not None


def _rows(connection: sa.Connection, query: sa.Select[tuple[object, ...]]) -> Iterator[Row]:
    for row in connection.execute(query.execution_options(yield_per=2000)):
        yield Row(
            row.id, Chain(row.chain), row.seq, row.at, row.actor, row.event, row.version, row.payload, bytes(row.prev),
            bytes(row.hash),
        )  # fmt: skip
