"""What a judge keeps beside the sheet: how much of the film was seen, and notes at its moments."""

import json
from dataclasses import dataclass

import sqlalchemy as sa

from core.rules.judging.watch_time import Watched
from core.store import tables as t


@dataclass(frozen=True, slots=True)
class Note:
    """A judge's own note at a moment of the film."""

    id: int
    at_ms: int
    text: str


def put_watched(connection: sa.Connection, judge_id: int, entry_id: int, watched: Watched) -> None:
    """Keep the count."""
    kept = {
        "intervals": json.dumps(watched.seen, separators=(",", ":")),
        "budget_ms": watched.budget,
        "credited_at": watched.credited_at,
    }
    where = (t.watched.c.judge_id == judge_id, t.watched.c.entry_id == entry_id)
    if connection.execute(t.watched.update().where(*where).values(**kept)).rowcount == 0:
        connection.execute(t.watched.insert().values(judge_id=judge_id, entry_id=entry_id, **kept))


def last_credited(connection: sa.Connection, judge_id: int, besides: int, now: int) -> int:
    """When the judge's time was last counted for another film than this; 0: never. What lies ahead of `now` is no time."""
    asked = sa.select(sa.func.coalesce(sa.func.max(t.watched.c.credited_at), 0)).where(
        t.watched.c.judge_id == judge_id, t.watched.c.entry_id != besides, t.watched.c.credited_at <= now
    )
    return int(connection.execute(asked).scalar_one())


def notes(connection: sa.Connection, judge_id: int, entry_id: int) -> tuple[Note, ...]:
    """The judge's notes on the work, in the film's order."""
    rows = connection.execute(
        sa.select(t.note.c.id, t.note.c.at_ms, t.note.c.text)
        .where(t.note.c.judge_id == judge_id, t.note.c.entry_id == entry_id)
        .order_by(t.note.c.at_ms, t.note.c.id)
    )
    return tuple(Note(row.id, row.at_ms, row.text) for row in rows)


def add_note(connection: sa.Connection, judge_id: int, entry_id: int, at_ms: int, text: str) -> Note:
    """Keep a note."""
    values = {"judge_id": judge_id, "entry_id": entry_id, "at_ms": at_ms, "text": text}
    note_id = connection.execute(t.note.insert().values(**values).returning(t.note.c.id)).scalar_one()
    return Note(note_id, at_ms, text)


def remove_note(connection: sa.Connection, judge_id: int, entry_id: int, note_id: int) -> bool:
    """Remove the judge's own note; False where it is not there."""
    where = (t.note.c.id == note_id, t.note.c.judge_id == judge_id, t.note.c.entry_id == entry_id)
    return connection.execute(t.note.delete().where(*where)).rowcount == 1
