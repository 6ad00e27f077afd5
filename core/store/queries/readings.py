"""Queries on readings of interaction counts, which are never changed or deleted, and on their freezes."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.rules.interaction_kinds import INTERACTION_KINDS
from core.store.queries.entries import COMPETES
from core.store.tables import account, contest, entry, interactions_freeze, reading


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """The counts that somebody read from a work's post, and when; times in UTC milliseconds."""

    entry: str
    taken_at: int
    reactions: int
    comments: int
    shares: int
    views: int
    entered_by: str  # the person's name
    entered_at: int


@dataclass(frozen=True, slots=True)
class PostedWork:
    """A work without its marks, for the person who enters readings."""

    id: int
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class FreezeRow:
    """A freeze of the interactions, and who reopened them and why, if so; times in UTC milliseconds."""

    username: str
    name: str
    at: int
    reopened_by: str | None  # the person's name
    reopened_at: int | None
    reason: str | None


def readings(connection: sa.Connection) -> tuple[ReadingRow, ...]:
    """All readings of works that compete, in the order they were entered."""
    counts: tuple[sa.ColumnElement[Any], ...] = tuple(reading.c[kind] for kind in INTERACTION_KINDS)
    columns = (entry.c.code, reading.c.taken_at, *counts, account.c.name, reading.c.entered_at)
    query: sa.Select[Any] = (
        sa.select(*columns)
        .select_from(reading.join(entry, entry.c.id == reading.c.entry_id))
        .join(account, account.c.id == reading.c.entered_by)
        .where(COMPETES)
        .order_by(reading.c.id)
    )
    return tuple(ReadingRow(*row) for row in connection.execute(query))


def works(connection: sa.Connection) -> tuple[PostedWork, ...]:
    """All works that compete, ordered by code."""
    query = sa.select(entry.c.id, entry.c.code, entry.c.title).where(COMPETES).order_by(entry.c.code)
    return tuple(PostedWork(*row) for row in connection.execute(query))


def insert_reading(connection: sa.Connection, work: int, row: ReadingRow, username: str) -> None:
    """Insert a reading of work id `work`, entered by the account `username`."""
    counts = {name: getattr(row, name) for name in ("taken_at", *INTERACTION_KINDS, "entered_at")}
    connection.execute(reading.insert().values(entry_id=work, entered_by=_account(username), **counts))


def frozen_at(connection: sa.Connection) -> int | None:
    """When the interactions were frozen (UTC ms), read in this transaction; None if they are not frozen."""
    at: int | None = connection.execute(sa.select(contest.c.interactions_frozen_at)).scalar_one()
    return at


def freezes(connection: sa.Connection) -> tuple[FreezeRow, ...]:
    """All freezes, oldest first."""
    f, by, again = interactions_freeze.c, account.alias("by"), account.alias("again")
    query = (
        sa.select(by.c.username, by.c.name, f.frozen_at, again.c.name, f.reopened_at, f.reason)
        .select_from(interactions_freeze)
        .join(by, by.c.id == f.frozen_by)
        .outerjoin(again, again.c.id == f.reopened_by)
        .order_by(f.id)
    )
    return tuple(FreezeRow(*row) for row in connection.execute(query))


def freeze(connection: sa.Connection, at: int, username: str) -> None:
    """Freeze the interactions at `at` (UTC ms), by the account `username`."""
    connection.execute(contest.update().values(interactions_frozen_at=at))
    connection.execute(interactions_freeze.insert().values(frozen_by=_account(username), frozen_at=at))


def reopen(connection: sa.Connection, at: int, username: str, reason: str) -> None:
    """Reopen the interactions; the current freeze stores who reopened it and why."""
    connection.execute(contest.update().values(interactions_frozen_at=None))
    opened = {"reopened_by": _account(username), "reopened_at": at, "reason": reason}
    connection.execute(interactions_freeze.update().where(interactions_freeze.c.reopened_at.is_(None)).values(**opened))


def _account(username: str) -> sa.ScalarSelect[int]:
    return sa.select(account.c.id).where(account.c.username == username).scalar_subquery()
