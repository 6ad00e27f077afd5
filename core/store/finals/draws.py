"""Queries on closed lists, the draw of judging codes, and the finalists."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from core.store import tables as t


@dataclass(frozen=True, slots=True)
class ClosedList:
    """A closed list; `closed_by` is the person's name, `closed_at` in UTC ms."""

    id: int
    works: tuple[str, ...]
    taken: tuple[str, ...]
    left_out: tuple[str, ...]
    sha256: str
    source: str
    reason: str
    closed_by: str
    closed_at: int


@dataclass(frozen=True, slots=True)
class NewList:
    """A list to be closed."""

    works: Sequence[str]
    taken: Sequence[str]
    left_out: Sequence[str]
    sha256: str
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Draw:
    """The draw: of which list, with which seed; `drawn_by` is the person's name, `drawn_at` in UTC ms."""

    list_id: int
    seed: str
    drawn_by: str
    drawn_at: int


def newest_list(connection: sa.Connection) -> ClosedList | None:
    """The list that was closed last; None if none was."""
    c = t.finals_list.c
    query = sa.select(t.finals_list, t.account.c.name).join(t.account, t.account.c.id == c.closed_by)
    row = connection.execute(query.order_by(c.id.desc()).limit(1)).first()
    if row is None:
        return None
    works, taken, left_out = (tuple(json.loads(text)) for text in (row.works, row.taken, row.left_out))
    return ClosedList(row.id, works, taken, left_out, row.sha256, row.source, row.reason, row.name, row.closed_at)


def insert_list(connection: sa.Connection, closed: NewList, *, by: str, at: int) -> int:
    """Store a closed list and return its id. `by`: a username; `at` in UTC ms."""
    values = {
        "works": json.dumps(list(closed.works)), "taken": json.dumps(list(closed.taken)),
        "left_out": json.dumps(list(closed.left_out)), "sha256": closed.sha256, "source": closed.source,
        "reason": closed.reason, "closed_by": _account(by), "closed_at": at,
    }  # fmt: skip
    return int(connection.execute(t.finals_list.insert().values(values).returning(t.finals_list.c.id)).scalar_one())


def draw(connection: sa.Connection) -> Draw | None:
    """The draw; None before it."""
    c = t.finals_draw.c
    query = sa.select(c.list_id, c.seed, t.account.c.name, c.drawn_at).join(t.account, t.account.c.id == c.drawn_by)
    row = connection.execute(query).first()
    return None if row is None else Draw(*row)


def insert_draw(connection: sa.Connection, list_id: int, seed: str, *, by: str, at: int) -> None:
    """Store the draw. `by`: a username; `at` in UTC ms."""
    values = {"id": 1, "list_id": list_id, "seed": seed, "drawn_by": _account(by), "drawn_at": at}
    connection.execute(t.finals_draw.insert().values(values))


def insert_finalist(connection: sa.Connection, submission_id: int, code: str) -> None:
    """Store a finalist's judging code."""
    connection.execute(t.finalist.insert().values(submission_id=submission_id, code=code))


def judging_code(connection: sa.Connection, submission_id: int) -> str | None:
    """The judging code of a submission; None if it is no finalist."""
    query = sa.select(t.finalist.c.code).where(t.finalist.c.submission_id == submission_id)
    return connection.execute(query).scalar_one_or_none()


def judging_codes(connection: sa.Connection) -> dict[str, str]:
    """The judging code of every finalist, by the code of its submission."""
    finalists = t.finalist.join(t.submission, t.submission.c.id == t.finalist.c.submission_id)
    query = sa.select(t.submission.c.code, t.finalist.c.code.label("judged")).select_from(finalists)
    return {row.code: row.judged for row in connection.execute(query)}


def entry_codes(connection: sa.Connection) -> list[str]:
    """The codes of all works of the jury."""
    return list(connection.scalars(sa.select(t.entry.c.code).order_by(t.entry.c.code)))


def _account(username: str) -> "sa.ScalarSelect[int]":
    return sa.select(t.account.c.id).where(t.account.c.username == username).scalar_subquery()
