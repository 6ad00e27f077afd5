"""The readings of a work's interactions: kept as entered, never changed, never deleted."""

from dataclasses import dataclass

import sqlalchemy as sa

from core.store.tables import account, contest, entry, reading


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
    who = sa.select(account.c.id).where(account.c.username == username).scalar_subquery()
    counts = {
        name: getattr(row, name) for name in ("taken_at", "reactions", "comments", "shares", "views", "entered_at")
    }
    connection.execute(reading.insert().values(entry_id=work, entered_by=who, **counts))


def frozen_at(connection: sa.Connection) -> int | None:
    """When the interactions were frozen, as this very transaction sees it."""
    at: int | None = connection.execute(sa.select(contest.c.interactions_frozen_at)).scalar_one()
    return at


def freeze(connection: sa.Connection, at: int) -> None:
    """No reading is entered from now on."""
    connection.execute(
        contest.update().where(contest.c.interactions_frozen_at.is_(None)).values(interactions_frozen_at=at)
    )
