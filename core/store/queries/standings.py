"""Queries for the standings: the marks that count now, and how many sheets are expected and missing."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from core.rules.ids import EntryId, JudgeId
from core.rules.judging.sheet_state import SheetState
from core.rules.vietnamese import name_key
from core.store.ledger import pseudonym
from core.store.queries.entries import COMPETES
from core.store.tables import account, account_role, assignment, contest, entry, mark, recusal, sheet, sheet_revision


@dataclass(frozen=True, slots=True)
class Work:
    """A work as the standings show it, without its author."""

    code: EntryId
    title: str
    expected: int  # number of sheets: judges assigned and not recused


@dataclass(frozen=True, slots=True)
class Panellist:
    """A judge of the panel."""

    username: JudgeId
    name: str
    pseudonym: str  # "GK07"; used where the name must not appear
    sits: bool = True  # active account with role judge: can still submit sheets


class CountedSheet(NamedTuple):
    """The marks of one sheet that counts, in hundredths, in the rubric's order."""

    judge: JudgeId
    entry: EntryId
    marks: tuple[int, ...]


def works(connection: sa.Connection, codes: Collection[str] | None = None) -> tuple[Work, ...]:
    """All works that compete, or those of `codes`, in the order they were added."""
    is_recused = sa.and_(recusal.c.judge_id == assignment.c.judge_id, recusal.c.entry_id == assignment.c.entry_id)
    query = (
        sa.select(entry.c.code, entry.c.title, sa.func.count(assignment.c.judge_id) - sa.func.count(recusal.c.judge_id))
        .select_from(entry.outerjoin(assignment, assignment.c.entry_id == entry.c.id).outerjoin(recusal, is_recused))
        .where(COMPETES)
        .group_by(entry.c.id, entry.c.code, entry.c.title)
        .order_by(entry.c.id)
    )
    if codes is not None:
        query = query.where(entry.c.code.in_(list(codes)))
    return tuple(Work(EntryId(code), title, expected) for code, title, expected in connection.execute(query))


def panel(connection: sa.Connection) -> tuple[Panellist, ...]:
    """Everybody with an assignment, in Vietnamese name order (given name first)."""
    sitting = sa.select(assignment.c.judge_id).distinct()
    judges = sa.select(account_role.c.account_id).where(account_role.c.role == "judge")
    sits = sa.and_(account.c.active == 1, account.c.id.in_(judges))
    query = sa.select(account.c.username, account.c.name, account.c.number, sits).where(account.c.id.in_(sitting))
    found = (
        Panellist(JudgeId(username), name, pseudonym(number, judge=True), bool(open_))
        for username, name, number, open_ in connection.execute(query)
    )
    return tuple(sorted(found, key=lambda judge: (name_key(judge.name), judge.username)))


def sheets(connection: sa.Connection, criteria: int, codes: Collection[str] | None = None) -> Iterator[CountedSheet]:
    """The sheets that count now, of all works or of `codes`. A sheet without a mark for every criterion is left out."""
    names = {row.id: JudgeId(row.username) for row in connection.execute(sa.select(account.c.id, account.c.username))}
    named = sa.select(entry.c.id, entry.c.code).where(COMPETES)
    if codes is not None:
        named = named.where(entry.c.code.in_(list(codes)))
    entries = {row.id: EntryId(row.code) for row in connection.execute(named)}
    first, *others = (mark.alias(f"mark{at}") for at in range(criteria))
    joined: sa.FromClause = first
    for at, other in enumerate(others, start=1):
        same = sa.and_(
            other.c.entry_id == first.c.entry_id, other.c.judge_id == first.c.judge_id, other.c.criterion == at
        )
        joined = joined.join(other, same)
    columns = [each.c.hundredths for each in (first, *others)]
    joined = joined.join(entry, entry.c.id == first.c.entry_id)
    query = sa.select(first.c.entry_id, first.c.judge_id, *columns).select_from(joined)
    query = query.where(first.c.criterion == 0, COMPETES)
    if codes is not None:
        query = query.where(first.c.entry_id.in_(list(entries)))
    for number, judge, *marks in connection.execute(query.execution_options(yield_per=5000)):
        yield CountedSheet(names[judge], entries[number], tuple(marks))


def recusals(connection: sa.Connection) -> frozenset[tuple[JudgeId, EntryId]]:
    """All recusals: (judge's username, work code)."""
    query = (
        sa.select(account.c.username, entry.c.code)
        .select_from(
            recusal.join(account, account.c.id == recusal.c.judge_id).join(entry, entry.c.id == recusal.c.entry_id)
        )
        .where(COMPETES)
    )
    return frozenset((JudgeId(username), EntryId(code)) for username, code in connection.execute(query))


@dataclass(frozen=True, slots=True)
class AssignmentState:
    """The state of one judge's sheet on one entry, for the progress page; never a mark."""

    judge: JudgeId
    entry: EntryId
    state: SheetState


def state_counts(connection: sa.Connection) -> dict[JudgeId, dict[SheetState, int]]:
    """Judge's username -> state -> number of assigned works in that state."""
    query = _sheet_states(account.c.username, sa.func.count()).group_by(account.c.username, STATE)
    found: dict[JudgeId, dict[SheetState, int]] = {}
    for username, number, state in connection.execute(query):
        found.setdefault(JudgeId(username), {})[SheetState(state)] = number
    return found


def sheet_states(connection: sa.Connection, codes: Collection[str]) -> tuple[AssignmentState, ...]:
    """The state of every assigned judge's sheet on each of these works."""
    query = _sheet_states(account.c.username, entry.c.code).where(entry.c.code.in_(list(codes)))
    query = query.order_by(entry.c.id, account.c.username)
    return tuple(
        AssignmentState(JudgeId(username), EntryId(code), SheetState(state))
        for username, code, state in connection.execute(query)
    )


class UnwatchedSheet(NamedTuple):
    """A sheet that counts, sealed by a judge who watched less of the film than usual. `share`: basis points."""

    judge: JudgeId
    entry: EntryId
    share: int


def unwatched(connection: sa.Connection, below: int) -> tuple[UnwatchedSheet, ...]:
    """The sealed sheets that count whose judges had watched less than `below` (basis points), by work and judge."""
    is_recused = sa.and_(recusal.c.judge_id == sheet.c.judge_id, recusal.c.entry_id == sheet.c.entry_id)
    r = sheet_revision.c
    sealed = sa.and_(r.judge_id == sheet.c.judge_id, r.entry_id == sheet.c.entry_id, r.number == sheet.c.revision)
    query = (
        sa.select(account.c.username, entry.c.code, r.watched_share)
        .select_from(
            sheet.join(sheet_revision, sealed)
            .join(account, account.c.id == sheet.c.judge_id)
            .join(entry, entry.c.id == sheet.c.entry_id)
            .outerjoin(recusal, is_recused)
        )
        .where(COMPETES, sheet.c.state == SheetState.SEALED, recusal.c.judge_id.is_(None), r.watched_share < below)
        .order_by(entry.c.code, account.c.number)
    )
    found = connection.execute(query)
    return tuple(UnwatchedSheet(JudgeId(judge), EntryId(code), share) for judge, code, share in found)


def missing(connection: sa.Connection) -> int:
    """How many expected sheets are not sealed."""
    is_recused = sa.and_(recusal.c.judge_id == assignment.c.judge_id, recusal.c.entry_id == assignment.c.entry_id)
    has_sheet = sa.and_(sheet.c.judge_id == assignment.c.judge_id, sheet.c.entry_id == assignment.c.entry_id)
    query = (
        sa.select(sa.func.count())
        .select_from(
            assignment.join(entry, entry.c.id == assignment.c.entry_id)
            .outerjoin(recusal, is_recused)
            .outerjoin(sheet, has_sheet)
        )
        .where(
            COMPETES,
            recusal.c.judge_id.is_(None),
            sa.func.coalesce(sheet.c.state, SheetState.NONE) != SheetState.SEALED,
        )
    )
    return int(connection.execute(query).scalar_one())


def reachable(connection: sa.Connection) -> tuple[tuple[EntryId, str, int], ...]:
    """Each work's code, title and the largest number of sheets it can still reach.

    Counts sealed sheets, and while the round is open those of active judges; never those of recused judges.
    """
    is_recused = sa.and_(recusal.c.judge_id == assignment.c.judge_id, recusal.c.entry_id == assignment.c.entry_id)
    has_sheet = sa.and_(sheet.c.judge_id == assignment.c.judge_id, sheet.c.entry_id == assignment.c.entry_id)
    judges = sa.select(account_role.c.account_id).where(account_role.c.role == "judge")
    open_ = sa.select(contest.c.id).where(contest.c.judging_closed_at.is_(None)).exists()
    may_come = sa.and_(open_, account.c.active == 1, account.c.id.in_(judges))
    counts = sa.and_(recusal.c.judge_id.is_(None), sa.or_(sheet.c.state == SheetState.SEALED, may_come))
    query = (
        sa.select(entry.c.code, entry.c.title, sa.func.count(sa.case((counts, 1))))
        .select_from(entry.outerjoin(assignment, assignment.c.entry_id == entry.c.id).outerjoin(recusal, is_recused))
        .outerjoin(sheet, has_sheet)
        .outerjoin(account, account.c.id == assignment.c.judge_id)
        .where(COMPETES)
        .group_by(entry.c.id, entry.c.code, entry.c.title)
        .order_by(entry.c.code)
    )
    return tuple((EntryId(code), title, sheets) for code, title, sheets in connection.execute(query))


def close_judging(connection: sa.Connection, at: int) -> bool:
    """Close the round at `at` (UTC ms); False if it was closed before."""
    closing = contest.update().where(contest.c.judging_closed_at.is_(None)).values(judging_closed_at=at)
    return bool(connection.execute(closing).rowcount)


RECUSED = sa.case((recusal.c.judge_id.is_not(None), SheetState.RECUSED))
STATE = sa.func.coalesce(RECUSED, sheet.c.state, SheetState.NONE)


def _sheet_states(*columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Select `columns` and the sheet's state, as last column, for every assignment to a work that competes."""
    is_recused = sa.and_(recusal.c.judge_id == assignment.c.judge_id, recusal.c.entry_id == assignment.c.entry_id)
    has_sheet = sa.and_(sheet.c.judge_id == assignment.c.judge_id, sheet.c.entry_id == assignment.c.entry_id)
    return (
        sa.select(*columns, STATE)
        .select_from(
            assignment.join(account, account.c.id == assignment.c.judge_id)
            .join(entry, entry.c.id == assignment.c.entry_id)
            .outerjoin(recusal, is_recused)
            .outerjoin(sheet, has_sheet)
        )
        .where(COMPETES)
    )
