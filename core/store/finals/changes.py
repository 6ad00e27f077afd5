"""Queries on what people propose to change about finalists, and on the works that are out of the competition."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.store import tables as t

_C = t.finalist_change.c
FILM = (_C.film, _C.poster, _C.milliseconds, _C.width, _C.height, _C.past_rules)  # in the order of `ProposedFilm`
_BEFORE_FILM = 5  # columns of a proposal before them


@dataclass(frozen=True, slots=True)
class ProposedFilm:
    """A checked film in the library that is to replace a finalist's. `past_rules` are those that the office overrides."""

    film: str  # SHA-256 (hex)
    poster: str
    milliseconds: int
    width: int
    height: int
    past_rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A proposal; `proposed_by` and `decided_by` are usernames, times in UTC ms. `outcome` None: it waits."""

    id: int
    code: str
    kind: str
    version: int
    form: str
    film: ProposedFilm | None
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
    film: ProposedFilm | None = None


def every(connection: sa.Connection, code: str | None = None) -> list[ChangeRow]:
    """All proposals, or those about a finalist, oldest first."""
    proposer, decider, c = t.account.alias(), t.account.alias(), t.finalist_change.c
    columns = (
        c.id, c.code, c.kind, c.version, c.form, *FILM, c.reason, proposer.c.username, c.proposed_at, c.outcome, c.answer,
        decider.c.username, c.decided_at,
    )  # fmt: skip
    joined = t.finalist_change.join(proposer, proposer.c.id == c.proposed_by)
    query: sa.Select[Any] = (
        sa.select(*columns).select_from(joined.outerjoin(decider, decider.c.id == c.decided_by)).order_by(c.id)
    )
    if code is not None:
        query = query.where(c.code == code)
    first, last = _BEFORE_FILM, _BEFORE_FILM + len(FILM)
    found = map(tuple, connection.execute(query))
    values = ((*row[:first], _film(*row[first:last]), *row[last:]) for row in found)
    return [ChangeRow(*each) for each in values]


def insert(connection: sa.Connection, new: NewChange, *, by: str, at: int) -> int:
    """Store a proposal and return its id. `by`: a username; `at` in UTC ms."""
    values = {
        "code": new.code, "kind": new.kind, "version": new.version, "form": new.form, "reason": new.reason,
        "proposed_by": _account(by), "proposed_at": at, "answer": "", "past_rules": "",
    }  # fmt: skip
    if new.film is not None:
        facts = {column.name: getattr(new.film, column.name) for column in FILM}
        values |= facts | {"past_rules": ",".join(new.film.past_rules)}
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


def _film(
    film: str | None, poster: str, milliseconds: int, width: int, height: int, past_rules: str
) -> ProposedFilm | None:
    """The columns FILM of a proposal as a value; None without a film."""
    if film is None:
        return None
    return ProposedFilm(film, poster, milliseconds, width, height, tuple(filter(None, past_rules.split(","))))


def _account(username: str) -> "sa.ScalarSelect[int]":
    return sa.select(t.account.c.id).where(t.account.c.username == username).scalar_subquery()
