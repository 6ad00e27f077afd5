"""Queries on uploads: films on their way. The row says which bytes are safely on the disk.

`advance` compares and sets: of two writers at one offset, only the first goes on. Times are UTC milliseconds.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

import sqlalchemy as sa

from core.store.tables import upload as t


class UploadState(StrEnum):
    """The states of an upload."""

    OPEN = "open"  # bytes are still to come
    COMPLETE = "complete"  # all bytes are kept and hashed
    CLAIMED = "claimed"  # a submission has taken it


UNCLAIMED = (UploadState.OPEN, UploadState.COMPLETE)


@dataclass(frozen=True, slots=True)
class Upload:
    """A row of the table."""

    id: str
    holder: str
    network: str
    name: str
    declared_bytes: int
    kept_bytes: int
    state: UploadState
    sha256: str | None
    created_at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class Load:
    """What unclaimed uploads take: how many there are of one holder and one network, and the bytes still to come of all."""

    of_holder: int
    of_network: int
    awaited_bytes: int


def add(connection: sa.Connection, upload: Upload) -> None:
    """Insert an upload."""
    connection.execute(t.insert().values(**asdict(upload)))


def find(connection: sa.Connection, upload_id: str) -> Upload | None:
    """The upload with this id."""
    row = connection.execute(sa.select(t).where(t.c.id == upload_id)).first()
    return None if row is None else _upload(row)


def load(connection: sa.Connection, holder: str, network: str) -> Load:
    """What the unclaimed uploads take now."""
    mine, near = sa.func.count().filter(t.c.holder == holder), sa.func.count().filter(t.c.network == network)
    awaited = sa.func.coalesce(sa.func.sum(t.c.declared_bytes - t.c.kept_bytes), 0)
    row = connection.execute(sa.select(mine, near, awaited).where(t.c.state.in_(UNCLAIMED))).one()
    return Load(int(row[0]), int(row[1]), int(row[2]))


def advance(connection: sa.Connection, upload_id: str, before: int, after: int, *, expires_at: int) -> bool:
    """Set the kept bytes from `before` to `after`. False if they no longer are `before`, or the upload is not open."""
    values = {"kept_bytes": after, "expires_at": expires_at}
    return connection.execute(t.update().where(_open_at(upload_id, before)).values(**values)).rowcount == 1


def complete(connection: sa.Connection, upload_id: str, before: int, sha256: str, *, expires_at: int) -> bool:
    """Set all bytes as kept, with the file's hash. False as in `advance`."""
    values = {
        "kept_bytes": t.c.declared_bytes,
        "state": UploadState.COMPLETE,
        "sha256": sha256,
        "expires_at": expires_at,
    }
    return connection.execute(t.update().where(_open_at(upload_id, before)).values(**values)).rowcount == 1


def claim(connection: sa.Connection, upload_id: str) -> bool:
    """Mark a complete upload as claimed. False if it is not complete, or claimed already."""
    is_complete = sa.and_(t.c.id == upload_id, t.c.state == UploadState.COMPLETE)
    return connection.execute(t.update().where(is_complete).values(state=UploadState.CLAIMED)).rowcount == 1


def remove(connection: sa.Connection, upload_id: str) -> None:
    """Delete the row of an upload, if there is one."""
    connection.execute(t.delete().where(t.c.id == upload_id))


def remove_idle(connection: sa.Connection, holder: str, *, expires_before: int) -> str | None:
    """Delete the row of the holder's open upload that expires first, if it does before this; return its id."""
    first = (
        sa.select(t.c.id)
        .where(t.c.holder == holder, t.c.state == UploadState.OPEN, t.c.expires_at < expires_before)
        .order_by(t.c.expires_at, t.c.id)
        .limit(1)
        .scalar_subquery()
    )
    return connection.execute(t.delete().where(t.c.id == first).returning(t.c.id)).scalar()


def any_expired(connection: sa.Connection, now: int) -> bool:
    """Whether an unclaimed upload has expired."""
    return connection.execute(sa.select(t.c.id).where(_expired(now)).limit(1)).first() is not None


def remove_expired(connection: sa.Connection, now: int) -> Sequence[str]:
    """Delete the rows of all unclaimed uploads that have expired; return their ids."""
    return connection.execute(t.delete().where(_expired(now)).returning(t.c.id)).scalars().all()


def ids(connection: sa.Connection) -> frozenset[str]:
    """The ids of all uploads."""
    return frozenset(connection.execute(sa.select(t.c.id)).scalars())


def _expired(now: int) -> sa.ColumnElement[bool]:
    return sa.and_(t.c.state.in_(UNCLAIMED), t.c.expires_at <= now)


def _open_at(upload_id: str, kept: int) -> sa.ColumnElement[bool]:
    return sa.and_(t.c.id == upload_id, t.c.state == UploadState.OPEN, t.c.kept_bytes == kept)


def _upload(row: sa.Row[tuple[object, ...]]) -> Upload:
    values = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's public name
    return Upload(**values | {"state": UploadState(str(values["state"]))})
