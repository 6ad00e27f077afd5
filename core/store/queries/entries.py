"""Queries on works, and on each judge's assignment to a work."""

import json
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from core.rules.judging.sheet_state import SheetState
from core.rules.judging.watch_time import Interval, Watched
from core.store import tables as t
from core.store.ledger import pseudonym
from core.store.people.accounts import Acting


@dataclass(frozen=True, slots=True)
class Work:
    """A work. `author` and `unit` must not reach a judge of a blind contest."""

    id: int
    code: str
    title: str
    author: str
    unit: str
    video: str | None
    poster: str | None
    milliseconds: int
    sha256: str | None  # of the film


@dataclass(frozen=True, slots=True)
class SheetRow:
    """The current state of a judge's sheet; version 0 means that nothing was saved yet."""

    version: int = 0
    state: SheetState = SheetState.NONE
    marks: dict[str, int] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    revision: int = 0
    return_reason: str | None = None
    saved_at: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The round's times from the contest row, read in the same transaction as the rest; UTC ms."""

    judging_closed_at: int | None
    frozen_at: int | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """A judge and a work: whether the judge is assigned or recused, and the sheet and watch time so far."""

    judge_id: int
    judge: str
    work: Work
    assigned: bool
    recused: bool
    sheet: SheetRow
    watched: Watched | None
    facts: Facts
    acting: Acting  # the judge and the given session; its roles hold only "judge", or nothing
    pseudonym: str  # the judge's


COMPETES = t.entry.c.id.not_in(sa.select(t.entry_out.c.entry_id))  # not withdrawn or disqualified
_COLUMNS = (
    t.account.c.id.label("judge_id"), t.account.c.number, t.account.c.username,
    t.entry.c.id.label("entry_id"), t.entry.c.code, t.entry.c.title, t.entry.c.author, t.entry.c.unit,
    t.entry.c.video, t.entry.c.poster, t.entry.c.milliseconds, t.entry.c.sha256,
    t.assignment.c.judge_id.label("assigned"), t.recusal.c.judge_id.label("recused"),
    t.sheet.c.version, t.sheet.c.state, t.sheet.c.marks, t.sheet.c.remarks, t.sheet.c.revision,
    t.sheet.c.return_reason, t.sheet.c.saved_at,
    t.watched.c.intervals, t.watched.c.budget_ms, t.watched.c.credited_at, t.contest.c.judging_closed_at,
    t.contest.c.frozen_at, t.account.c.active, t.account.c.must_change, t.account_role.c.role,
    t.auth_session.c.ended_at, t.auth_session.c.expires_at, t.unconfirmed_account.c.account_id.label("waits"),
)  # fmt: skip
_JUDGES = sa.and_(t.account_role.c.account_id == t.account.c.id, t.account_role.c.role == "judge")
_ASKING = sa.and_(
    t.auth_session.c.secret_hash == sa.bindparam("session"), t.auth_session.c.account_id == t.account.c.id
)


def _of_both(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.judge_id == t.account.c.id, table.c.entry_id == t.entry.c.id)


_ANY_ASSIGNMENT = (
    sa.select(*_COLUMNS)
    .select_from(t.account)
    .join(t.entry, sa.true())
    .outerjoin(t.contest, sa.true())
    .outerjoin(t.assignment, _of_both(t.assignment))
    .outerjoin(t.recusal, _of_both(t.recusal))
    .outerjoin(t.sheet, _of_both(t.sheet))
    .outerjoin(t.watched, _of_both(t.watched))
    .outerjoin(t.account_role, _JUDGES)
    .outerjoin(t.auth_session, _ASKING)
    .outerjoin(t.unconfirmed_account, t.unconfirmed_account.c.account_id == t.account.c.id)
    .where(t.account.c.username == sa.bindparam("judge"), t.entry.c.code == sa.bindparam("code"))
)
_ASSIGNMENT = _ANY_ASSIGNMENT.where(COMPETES)
_ASSIGNMENTS = (
    sa.select(*_COLUMNS)
    .select_from(t.account)
    .join(t.assignment, t.assignment.c.judge_id == t.account.c.id)
    .join(t.entry, t.entry.c.id == t.assignment.c.entry_id)
    .outerjoin(t.contest, sa.true())
    .outerjoin(t.recusal, _of_both(t.recusal))
    .outerjoin(t.sheet, _of_both(t.sheet))
    .outerjoin(t.watched, _of_both(t.watched))
    .outerjoin(t.account_role, _JUDGES)
    .outerjoin(t.auth_session, _ASKING)
    .outerjoin(t.unconfirmed_account, t.unconfirmed_account.c.account_id == t.account.c.id)
    .where(t.account.c.username == sa.bindparam("judge"), COMPETES)
)


def assignment(
    connection: sa.Connection, judge: str, code: str, session: str = "", *, competes: bool = True
) -> Assignment | None:
    """The judge's relation to the work, assigned or not; None if there is no such judge, or no such work that competes.

    `judge` is a username. `session` is the requesting session (hex hash of its secret), if `acting` must describe it.
    `competes` False: the work may be out of the competition.
    """
    query = _ASSIGNMENT if competes else _ANY_ASSIGNMENT
    row = connection.execute(query, {"judge": judge, "code": code, "session": session}).first()
    return _assignment(row) if row else None


def assignments(connection: sa.Connection, judge: str) -> list[Assignment]:
    """All assignments of the judge (a username), in no order."""
    return [_assignment(row) for row in connection.execute(_ASSIGNMENTS, {"judge": judge, "session": ""})]


def work(connection: sa.Connection, code: str) -> Work | None:
    """The work with this code; None if there is none."""
    row = connection.execute(sa.select(t.entry).where(t.entry.c.code == code)).first()
    return _work(row, row.id) if row else None


def _assignment(row: sa.Row[*tuple[Any, ...]]) -> Assignment:
    return Assignment(
        row.judge_id,
        row.username,
        _work(row, row.entry_id),
        row.assigned is not None,
        row.recused is not None,
        SheetRow() if row.version is None else _sheet(row),
        None if row.intervals is None else Watched(intervals(row.intervals), row.budget_ms, row.credited_at),
        Facts(row.judging_closed_at, row.frozen_at),
        Acting(
            bool(row.active), bool(row.must_change), frozenset({row.role} if row.role else ()), row.waits is None,
            row.ended_at, row.expires_at,
        ),
        pseudonym(row.number, judge=True),
    )  # fmt: skip


def _work(row: sa.Row[*tuple[Any, ...]], entry_id: int) -> Work:
    files = (row.video, row.poster, row.milliseconds or 0, row.sha256)
    return Work(entry_id, row.code, row.title, row.author, row.unit, *files)


def _sheet(row: sa.Row[*tuple[Any, ...]]) -> SheetRow:
    marks, remarks = json.loads(row.marks), json.loads(row.remarks)
    return SheetRow(row.version, SheetState(row.state), marks, remarks, row.revision, row.return_reason, row.saved_at)


def intervals(text: str) -> tuple[Interval, ...]:
    """Parse stored intervals: JSON [[from_ms, to_ms], …]."""
    return tuple((int(start), int(end)) for start, end in json.loads(text))


def still_to_mark(connection: sa.Connection, judge: str) -> frozenset[str]:
    """The codes of the judge's assigned works without recusal and without a sealed sheet. `judge` is a username."""
    a, r, s = t.assignment.c, t.recusal.c, t.sheet.c
    rows = connection.execute(
        sa.select(t.entry.c.code)
        .join(t.assignment, a.entry_id == t.entry.c.id)
        .join(t.account, t.account.c.id == a.judge_id)
        .outerjoin(t.recusal, sa.and_(r.entry_id == a.entry_id, r.judge_id == a.judge_id))
        .outerjoin(t.sheet, sa.and_(s.entry_id == a.entry_id, s.judge_id == a.judge_id))
        .where(
            t.account.c.username == judge,
            COMPETES,
            r.judge_id.is_(None),
            sa.func.coalesce(s.state, SheetState.NONE) != SheetState.SEALED,
        )
    )
    return frozenset(rows.scalars())


def unsealed(connection: sa.Connection, judge_id: int) -> list[str]:
    """The codes of the judge's assigned works without recusal and without a sealed sheet. `judge_id`: account id."""
    rows = connection.execute(
        sa.select(t.entry.c.code)
        .join(t.assignment, sa.and_(t.assignment.c.entry_id == t.entry.c.id, t.assignment.c.judge_id == judge_id))
        .outerjoin(t.recusal, sa.and_(t.recusal.c.entry_id == t.entry.c.id, t.recusal.c.judge_id == judge_id))
        .outerjoin(t.sheet, sa.and_(t.sheet.c.entry_id == t.entry.c.id, t.sheet.c.judge_id == judge_id))
        .where(
            COMPETES,
            t.recusal.c.judge_id.is_(None),
            sa.or_(t.sheet.c.state.is_(None), t.sheet.c.state != SheetState.SEALED),
        )
    )
    return list(rows.scalars())
