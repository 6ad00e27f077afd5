"""Queries on readings of interaction counts, which are never changed or deleted, and on their freezes."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.rules.interaction_kinds import INTERACTION_KINDS
from core.store.queries.entries import COMPETES
from core.store.tables import (
    account,
    contest,
    entry,
    interactions_freeze,
    reading,
    reading_detail,
    reading_review,
)


@dataclass(frozen=True, slots=True)
class Detail:
    """What belongs to a reading. `questions`: keys of what was asked about it; `screenshot`: a SHA-256."""

    corrects: int | None = None  # id of the reading that it corrects
    questions: tuple[str, ...] = ()
    explanation: str | None = None
    reason: str | None = None  # why it corrects the other
    address: str | None = None
    screenshot: str | None = None


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """The counts that somebody read from a work's post, and when; times in UTC milliseconds."""

    id: int
    entry: str
    number: int  # in the work, from 1
    taken_at: int
    counts: dict[str, int]  # of each of INTERACTION_KINDS
    username: str
    entered_by: str  # the person's name
    entered_at: int
    detail: Detail | None  # None: entered by a release without confirmation
    verdict: str | None
    review_reason: str | None
    reviewed_by: str | None  # the person's name
    reviewed_at: int | None


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
    by, again = account.alias("by"), account.alias("again")
    r, d, v = reading.c, reading_detail.c, reading_review.c
    kinds: tuple[sa.ColumnElement[Any], ...] = tuple(r[kind] for kind in INTERACTION_KINDS)
    details = (d.reading_id, d.corrects, d.questions, d.explanation, d.reason, d.address, d.screenshot)
    columns = (r.id, entry.c.code, r.taken_at, by.c.username, by.c.name, r.entered_at)
    query: sa.Select[Any] = (
        sa.select(*columns, v.verdict, v.reason, again.c.name, v.reviewed_at, *kinds, *details)
        .select_from(reading.join(entry, entry.c.id == r.entry_id))
        .join(by, by.c.id == r.entered_by)
        .outerjoin(reading_detail, d.reading_id == r.id)
        .outerjoin(reading_review, v.reading_id == r.id)
        .outerjoin(again, again.c.id == v.reviewed_by)
        .where(COMPETES)
        .order_by(r.id)
    )
    numbers = Counter[str]()
    return tuple(_row(row, numbers) for row in connection.execute(query))


def _row(row: Sequence[Any], numbers: Counter[str]) -> ReadingRow:
    number, code, taken_at, username, name, entered_at, *review = row[:10]
    counts = dict(zip(INTERACTION_KINDS, row[10:], strict=False))
    has_detail, corrects, questions, *texts = row[10 + len(counts) :]
    detail = None if has_detail is None else Detail(corrects, tuple(json.loads(questions)), *texts)
    numbers[code] += 1
    return ReadingRow(number, code, numbers[code], taken_at, counts, username, name, entered_at, detail, *review)


def works(connection: sa.Connection) -> tuple[PostedWork, ...]:
    """All works that compete, ordered by code."""
    query = sa.select(entry.c.id, entry.c.code, entry.c.title).where(COMPETES).order_by(entry.c.code)
    return tuple(PostedWork(*row) for row in connection.execute(query))


def insert_reading(  # a reading's columns
    connection: sa.Connection, work: int, taken_at: int, counts: dict[str, int], detail: Detail, username: str, at: int
) -> int:
    """Insert a reading of work id `work`, entered by the account `username` at `at` (UTC ms); returns its id."""
    values = {"entry_id": work, "taken_at": taken_at, **counts, "entered_by": _account(username), "entered_at": at}
    made = int(connection.execute(reading.insert().values(values).returning(reading.c.id)).scalar_one())
    connection.execute(
        reading_detail.insert().values(
            reading_id=made,
            corrects=detail.corrects,
            questions=json.dumps(detail.questions),
            explanation=detail.explanation,
            reason=detail.reason,
            address=detail.address,
            screenshot=detail.screenshot,
        )
    )
    return made


def insert_review(
    connection: sa.Connection, reading_id: int, verdict: str, reason: str | None, username: str, at: int
) -> None:
    """Store what the account `username` decided about a reading at `at` (UTC ms)."""
    values = {"reading_id": reading_id, "verdict": verdict, "reason": reason, "reviewed_by": _account(username)}
    connection.execute(reading_review.insert().values(**values, reviewed_at=at))


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
