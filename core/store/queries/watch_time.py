"""Queries on what a judge has watched of a film, and on the judge's notes."""

import json
from dataclasses import dataclass

import sqlalchemy as sa

from core.rules.judging.watch_time import Watched
from core.store import tables as t


@dataclass(frozen=True, slots=True)
class Note:
    """A judge's private note at position `at_ms` of the film (ms)."""

    id: int
    at_ms: int
    text: str


def put_watched(connection: sa.Connection, judge_id: int, entry_id: int, watched: Watched) -> None:
    """Insert or update what the judge has watched of the film."""
    values = {
        "intervals": json.dumps(watched.seen, separators=(",", ":")),
        "budget_ms": watched.budget,
        "credited_at": watched.credited_at,
    }
    where = (t.watched.c.judge_id == judge_id, t.watched.c.entry_id == entry_id)
    if connection.execute(t.watched.update().where(*where).values(**values)).rowcount == 0:
        connection.execute(t.watched.insert().values(judge_id=judge_id, entry_id=entry_id, **values))


def last_credited(connection: sa.Connection, judge_id: int, besides: int, now: int) -> int:
    """When watch time was last credited to the judge for a film other than `besides`; 0 if never.

    UTC ms. Times later than `now` are ignored.
    """
    query = sa.select(sa.func.coalesce(sa.func.max(t.watched.c.credited_at), 0)).where(
        t.watched.c.judge_id == judge_id, t.watched.c.entry_id != besides, t.watched.c.credited_at <= now
    )
    return int(connection.execute(query).scalar_one())


def notes(connection: sa.Connection, judge_id: int, entry_id: int) -> tuple[Note, ...]:
    """The judge's notes on the work, ordered by position in the film."""
    rows = connection.execute(
        sa.select(t.note.c.id, t.note.c.at_ms, t.note.c.text)
        .where(t.note.c.judge_id == judge_id, t.note.c.entry_id == entry_id)
        .order_by(t.note.c.at_ms, t.note.c.id)
    )
    return tuple(Note(row.id, row.at_ms, row.text) for row in rows)


def add_note(connection: sa.Connection, judge_id: int, entry_id: int, at_ms: int, text: str) -> Note:
    """Insert a note."""
    values = {"judge_id": judge_id, "entry_id": entry_id, "at_ms": at_ms, "text": text}
    note_id = connection.execute(t.note.insert().values(**values).returning(t.note.c.id)).scalar_one()
    return Note(note_id, at_ms, text)


def remove_note(connection: sa.Connection, judge_id: int, entry_id: int, note_id: int) -> bool:
    """Delete the judge's own note; False if there is none with this id."""
    where = (t.note.c.id == note_id, t.note.c.judge_id == judge_id, t.note.c.entry_id == entry_id)
    return connection.execute(t.note.delete().where(*where)).rowcount == 1
