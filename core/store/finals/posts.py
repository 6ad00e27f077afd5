"""Queries on the finalists as a list, and on where they were posted."""

from dataclasses import dataclass

import sqlalchemy as sa

from core.store import tables as t


@dataclass(frozen=True, slots=True)
class FinalistRow:
    """A finalist: judging code and title as the jury has them, the submission's code and state."""

    code: str
    title: str
    submission: str
    state: str


@dataclass(frozen=True, slots=True)
class PostRow:
    """One entered post; times in UTC ms, `entered_by` the person's name. An empty address: there is no post."""

    id: int
    code: str
    address: str
    posted_at: int | None
    reason: str
    entered_by: str
    entered_at: int


def finalists(connection: sa.Connection) -> list[FinalistRow]:
    """All finalists, in the order of their codes."""
    f, s, e = t.finalist.c, t.submission.c, t.entry.c
    joined = t.finalist.join(t.submission, s.id == f.submission_id).join(t.entry, e.code == f.code)
    query = sa.select(f.code, e.title, s.code, s.state).select_from(joined).order_by(f.code)
    return [FinalistRow(*row) for row in connection.execute(query)]


def posts(connection: sa.Connection, code: str | None = None) -> list[PostRow]:
    """All entered posts, or those of a finalist, oldest first."""
    p = t.finalist_post.c
    columns = (p.id, p.code, p.address, p.posted_at, p.reason, t.account.c.name, p.entered_at)
    query = sa.select(*columns).join(t.account, t.account.c.id == p.entered_by).order_by(p.id)
    if code is not None:
        query = query.where(p.code == code)
    return [PostRow(*row) for row in connection.execute(query)]


def insert(
    connection: sa.Connection, code: str, address: str, posted_at: int | None, reason: str, *, by: str, at: int
) -> int:
    """Store where and when a finalist was posted; returns the row's id. `by`: a username; times in UTC ms."""
    who = sa.select(t.account.c.id).where(t.account.c.username == by).scalar_subquery()
    values = {
        "code": code, "address": address, "posted_at": posted_at, "reason": reason, "entered_by": who, "entered_at": at,
    }  # fmt: skip
    return int(connection.execute(t.finalist_post.insert().values(values).returning(t.finalist_post.c.id)).scalar_one())
