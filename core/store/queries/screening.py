"""Queries on the screening: what screeners said about works, and works that they do not screen."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from core.store import tables as t

v, r = t.screening_verdict.c, t.screening_recusal.c


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """A row of the table. `verdict` and `answers` as stored, `points` in hundredths, `given_at` in UTC ms."""

    submission_id: int
    screener: str  # username
    revision: int
    film: str
    verdict: str
    points: int | None
    answers: Mapping[str, str]
    reason: str
    names_author: bool
    given_at: int


def insert(connection: sa.Connection, row: VerdictRow) -> int:
    """Store a verdict and return its id."""
    values = {
        "submission_id": row.submission_id, "screener_id": _account(row.screener), "revision": row.revision,
        "film": row.film, "verdict": row.verdict, "points": row.points,
        "answers": json.dumps(dict(row.answers), sort_keys=True), "reason": row.reason,
        "names_author": int(row.names_author), "given_at": row.given_at,
    }  # fmt: skip
    made = t.screening_verdict.insert().values(**values).returning(v.id)
    return int(connection.execute(made).scalar_one())


def verdicts(connection: sa.Connection, submission_id: int | None = None) -> list[VerdictRow]:
    """All verdicts, or those about one submission, in the order they were given."""
    columns = (
        v.submission_id, t.account.c.username, v.revision, v.film, v.verdict, v.points, v.answers, v.reason,
        v.names_author, v.given_at,
    )  # fmt: skip
    query = sa.select(*columns).join(t.account, t.account.c.id == v.screener_id).order_by(v.id)
    if submission_id is not None:
        query = query.where(v.submission_id == submission_id)
    return [
        VerdictRow(*row[:6], json.loads(row.answers), row.reason, bool(row.names_author), row.given_at)
        for row in connection.execute(query)
    ]


def recuse(connection: sa.Connection, submission_id: int, screener: str, reason: str, at: int) -> None:
    """Store that the screener (a username) does not screen this work. `at` in UTC ms."""
    values = {"submission_id": submission_id, "screener_id": _account(screener), "reason": reason, "declared_at": at}
    connection.execute(t.screening_recusal.insert().values(**values))


def recused_from(connection: sa.Connection, screener: str) -> Collection[int]:
    """The ids of the submissions that this screener (a username) does not screen."""
    query = sa.select(r.submission_id).join(t.account, t.account.c.id == r.screener_id)
    return set(connection.scalars(query.where(t.account.c.username == screener)))


def _account(username: str) -> sa.ScalarSelect[int]:
    return sa.select(t.account.c.id).where(t.account.c.username == username).scalar_subquery()
