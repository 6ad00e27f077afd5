"""Queries on submissions: works as their authors enter them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from core.rules.entries.states import SubmissionState
from core.store import tables as t

s = t.submission.c


@dataclass(frozen=True, slots=True)
class Submission:
    """A row of the table; times in UTC ms. `form` is JSON with a version, empty once it is erased."""

    id: int
    code: str
    state: SubmissionState
    form: str
    version: int
    film: str | None
    milliseconds: int | None
    width: int | None
    height: int | None
    poster: str | None
    late: bool
    registered_at: int
    film_at: int | None
    revision: int  # a verdict of a screener is about one revision


@dataclass(frozen=True, slots=True)
class Door:
    """Whether strangers may enter works online, and the code that is asked for; empty: none."""

    open: bool = True
    code: str = ""


@dataclass(frozen=True, slots=True)
class SubmittedFilm:
    """The film of a submission: hex SHA-256 and length in ms; `form` as it is stored."""

    code: str
    film: str
    form: str
    milliseconds: int

    @property
    def file(self) -> str:
        """Its file's name in the library."""
        return f"{self.film}.mp4"


_OUT = (SubmissionState.WITHDRAWN, SubmissionState.DISQUALIFIED)  # such a submission does not compete
_ROWS = sa.select(*(s[field.name] for field in fields(Submission))).order_by(s.id)


def insert(
    connection: sa.Connection, *, prefix: str, form: str, link_hash: str | None, late: bool, at: int
) -> Submission:
    """Insert a submission that waits for its film. Its code is the prefix and the next number: "TP-001"."""
    number = int(connection.execute(sa.select(sa.func.count()).select_from(t.submission)).scalar_one()) + 1
    values = {
        "code": f"{prefix}-{number:03}", "state": SubmissionState.AWAITING_FILM, "form": form, "link_hash": link_hash,
        "version": 1, "revision": 1, "late": int(late), "registered_at": at,
    }  # fmt: skip
    connection.execute(t.submission.insert().values(**values))
    found = find(connection, f"{prefix}-{number:03}")
    assert found is not None
    return found


def find(connection: sa.Connection, code: str) -> Submission | None:
    """The submission with this code; None if there is none."""
    return _one(connection, s.code == code)


def by_link(connection: sa.Connection, link_hash: str) -> Submission | None:
    """The submission with this private link; None if there is none."""
    return _one(connection, s.link_hash == link_hash)


def every(connection: sa.Connection) -> list[Submission]:
    """All submissions in order of receipt."""
    return [_submission(row) for row in connection.execute(_ROWS)]


def number_of(connection: sa.Connection) -> int:
    """How many submissions there are."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(t.submission)).scalar_one())


def with_film(connection: sa.Connection, film: str) -> str | None:
    """The code of the first submission with this film (hex SHA-256) that competes; None if there is none."""
    query = sa.select(s.code).where(s.film == film, s.state.not_in(_OUT)).order_by(s.id).limit(1)
    return connection.execute(query).scalar_one_or_none()


def competing_forms(connection: sa.Connection, codes: Collection[str] | None = None) -> dict[str, str]:
    """The stored forms of the competing submissions, or of those with these codes: code -> form, in order of receipt."""
    query = sa.select(s.code, s.form).where(s.state.not_in(_OUT)).order_by(s.id)
    if codes is not None:
        query = query.where(s.code.in_(list(codes)))
    return {row.code: row.form for row in connection.execute(query)}


def films(connection: sa.Connection) -> list[SubmittedFilm]:
    """The film of each competing submission that has one, in order of receipt."""
    query = sa.select(s.code, s.film, s.form, s.milliseconds).where(s.film.is_not(None), s.state.not_in(_OUT))
    return [SubmittedFilm(*row) for row in connection.execute(query.order_by(s.id))]


def change(connection: sa.Connection, submission: Submission, ledger_id: int, values: Mapping[str, object]) -> None:
    """Set columns, raise the version, and add the ledger's row to the history."""
    raised = {**values, "version": submission.version + 1}
    connection.execute(t.submission.update().where(s.id == submission.id).values(**raised))
    add_history(connection, submission.id, ledger_id)


def put_poster(connection: sa.Connection, submission_id: int, poster: str) -> None:
    """Set the poster; the version stays."""
    connection.execute(t.submission.update().where(s.id == submission_id).values(poster=poster))


def add_history(connection: sa.Connection, submission_id: int, ledger_id: int) -> None:
    """Record that the ledger's row is about the submission."""
    connection.execute(t.submission_change.insert().values(submission_id=submission_id, ledger_id=ledger_id))


def history(connection: sa.Connection, submission_id: int) -> list[int]:
    """The ledger rows about the submission, by id, the oldest first."""
    c = t.submission_change.c
    query = sa.select(c.ledger_id).where(c.submission_id == submission_id).order_by(c.ledger_id)
    return list(connection.scalars(query))


def door(connection: sa.Connection) -> Door:
    """The state of the public form; open without a code where nobody has set it."""
    row = connection.execute(sa.select(t.entry_door.c.open, t.entry_door.c.code)).first()
    return Door(bool(row.open), row.code) if row else Door()


def set_door(connection: sa.Connection, door: Door) -> None:
    """Open or close the public form, and set its code."""
    values = {"open": int(door.open), "code": door.code}
    if not connection.execute(t.entry_door.update().values(**values)).rowcount:
        connection.execute(t.entry_door.insert().values(id=1, **values))


def _one(connection: sa.Connection, where: sa.ColumnElement[bool]) -> Submission | None:
    row = connection.execute(_ROWS.where(where)).first()
    return _submission(row) if row else None


def _submission(row: sa.Row[tuple[Any, ...]]) -> Submission:
    return Submission(
        row.id, row.code, SubmissionState(row.state), row.form, row.version, row.film, row.milliseconds, row.width,
        row.height, row.poster, bool(row.late), row.registered_at, row.film_at, row.revision,
    )  # fmt: skip
