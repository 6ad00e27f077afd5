"""The readings of a work's interactions: kept as entered, never changed, never deleted. When they were frozen, and by whom."""

from dataclasses import dataclass

import sqlalchemy as sa

from core.store.tables import account, contest, entry, interactions_freeze, reading


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """What somebody read off a work's post, and when; times in UTC milliseconds."""

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
    """A work as the channel knows it: never its marks."""

    id: int
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class FreezeRow:
    """A freeze, and where the interactions were opened again, who did and why; times in UTC milliseconds."""

    username: str
    name: str
    at: int
    reopened_by: str | None  # the person's name
    reopened_at: int | None
    reason: str | None


def readings(connection: sa.Connection) -> tuple[ReadingRow, ...]:
    """Every reading, in the order they were entered."""
    counts = (reading.c.reactions, reading.c.comments, reading.c.shares, reading.c.views)
    asked = (
        sa.select(entry.c.code, reading.c.taken_at, *counts, account.c.name, reading.c.entered_at)
        .select_from(reading.join(entry, entry.c.id == reading.c.entry_id))
        .join(account, account.c.id == reading.c.entered_by)
        .order_by(reading.c.id)
    )
    return tuple(ReadingRow(*row) for row in connection.execute(asked))


def works(connection: sa.Connection) -> tuple[PostedWork, ...]:
    """The works, by their codes."""
    asked = sa.select(entry.c.id, entry.c.code, entry.c.title).order_by(entry.c.code)
    return tuple(PostedWork(*row) for row in connection.execute(asked))


def keep(connection: sa.Connection, work: int, row: ReadingRow, username: str) -> None:
    """Add a reading, entered by this account."""
    counts = {
        name: getattr(row, name) for name in ("taken_at", "reactions", "comments", "shares", "views", "entered_at")
    }
    connection.execute(reading.insert().values(entry_id=work, entered_by=_account(username), **counts))


def frozen_at(connection: sa.Connection) -> int | None:
    """When the interactions were frozen, as this very transaction sees it."""
    at: int | None = connection.execute(sa.select(contest.c.interactions_frozen_at)).scalar_one()
    return at


def freezes(connection: sa.Connection) -> tuple[FreezeRow, ...]:
    """Every freeze, the first first."""
    f, by, again = interactions_freeze.c, account.alias("by"), account.alias("again")
    asked = (
        sa.select(by.c.username, by.c.name, f.frozen_at, again.c.name, f.reopened_at, f.reason)
        .select_from(interactions_freeze)
        .join(by, by.c.id == f.frozen_by)
        .outerjoin(again, again.c.id == f.reopened_by)
        .order_by(f.id)
    )
    return tuple(FreezeRow(*row) for row in connection.execute(asked))


def freeze(connection: sa.Connection, at: int, username: str) -> None:
    """No reading is entered from now on."""
    connection.execute(contest.update().values(interactions_frozen_at=at))
    connection.execute(interactions_freeze.insert().values(frozen_by=_account(username), frozen_at=at))


def reopen(connection: sa.Connection, at: int, username: str, reason: str) -> None:
    """Readings are entered again; the freeze that stood keeps who opened it and why."""
    connection.execute(contest.update().values(interactions_frozen_at=None))
    opened = {"reopened_by": _account(username), "reopened_at": at, "reason": reason}
    connection.execute(interactions_freeze.update().where(interactions_freeze.c.reopened_at.is_(None)).values(**opened))


def _account(username: str) -> sa.ScalarSelect[int]:
    return sa.select(account.c.id).where(account.c.username == username).scalar_subquery()
