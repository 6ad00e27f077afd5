"""Queries on what people propose to change about finalists, and on the works that are out of the competition."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.store import tables as t


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A proposal; `proposed_by` and `decided_by` are usernames, times in UTC ms. `outcome` None: it waits."""

    id: int
    code: str
    kind: str
    version: int
    form: str
    reason: str
    proposed_by: str
    proposed_at: int
    outcome: str | None
    answer: str
    decided_by: str | None
    decided_at: int | None


@dataclass(frozen=True, slots=True)
class NewChange:
    """A proposal to be stored."""

    code: str
    kind: str
    version: int
    form: str
    reason: str


def every(connection: sa.Connection, code: str | None = None) -> list[ChangeRow]:
    """All proposals, or those about a finalist, oldest first."""
    proposer, decider, c = t.account.alias(), t.account.alias(), t.finalist_change.c
    columns = (
        c.id, c.code, c.kind, c.version, c.form, c.reason, proposer.c.username, c.proposed_at, c.outcome, c.answer,
        decider.c.username, c.decided_at,
    )  # fmt: skip
    joined = t.finalist_change.join(proposer, proposer.c.id == c.proposed_by)
    query: sa.Select[Any] = (
        sa.select(*columns).select_from(joined.outerjoin(decider, decider.c.id == c.decided_by)).order_by(c.id)
    )
    if code is not None:
        query = query.where(c.code == code)
    return [ChangeRow(*row) for row in connection.execute(query)]


def insert(connection: sa.Connection, new: NewChange, *, by: str, at: int) -> int:
    """Store a proposal and return its id. `by`: a username; `at` in UTC ms."""
    values = {
        "code": new.code, "kind": new.kind, "version": new.version, "form": new.form, "reason": new.reason,
        "proposed_by": _account(by), "proposed_at": at, "answer": "",
    }  # fmt: skip
    made = t.finalist_change.insert().values(values).returning(t.finalist_change.c.id)
    return int(connection.execute(made).scalar_one())


def decide(connection: sa.Connection, number: int, outcome: str, answer: str, *, by: str, at: int) -> None:
    """Store how a proposal was decided. `outcome`: "confirmed" or "declined"."""
    values = {"outcome": outcome, "answer": answer, "decided_by": _account(by), "decided_at": at}
    connection.execute(t.finalist_change.update().where(t.finalist_change.c.id == number).values(values))


def submission_of(connection: sa.Connection, code: str) -> str | None:
    """The code of the submission that has this judging code; None if none has."""
    query = sa.select(t.submission.c.code).join(t.finalist, t.finalist.c.submission_id == t.submission.c.id)
    return connection.execute(query.where(t.finalist.c.code == code)).scalar_one_or_none()


def put_out(connection: sa.Connection, code: str, at: int | None) -> None:
    """Take a work of the jury out of the competition at this time (UTC ms), or back into it with None."""
    work = sa.select(t.entry.c.id).where(t.entry.c.code == code).scalar_subquery()
    if at is None:
        connection.execute(t.entry_out.delete().where(t.entry_out.c.entry_id == work))
    else:
        connection.execute(t.entry_out.insert().values(entry_id=work, out_at=at))


def _account(username: str) -> "sa.ScalarSelect[int]":
    return sa.select(t.account.c.id).where(t.account.c.username == username).scalar_subquery()
