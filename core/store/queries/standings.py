"""What the standings are made of: the marks that count now, how many sheets are expected, and which are missing."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from core.rules.ids import EntryId, JudgeId
from core.rules.vietnamese import name_key
from core.store.ledger import pseudonym
from core.store.tables import account, account_role, assignment, contest, entry, mark, recusal, sheet


@dataclass(frozen=True, slots=True)
class Work:
    """A work as the board names it: never its author."""

    code: EntryId
    title: str
    expected: int  # sheets: judges assigned and not recused


@dataclass(frozen=True, slots=True)
class Panellist:
    """A judge of the panel."""

    username: JudgeId
    name: str
    pseudonym: str  # "GK07": where the name must not stand
    sits: bool = True  # the account is open and a judge's: sheets may still come


class CountedSheet(NamedTuple):
    """The marks of one sheet that counts, in the rubric's order, hundredths."""

    judge: JudgeId
    entry: EntryId
    marks: tuple[int, ...]


def works(connection: sa.Connection, codes: Collection[str] | None = None) -> tuple[Work, ...]:
    """All works, or those of these codes, in the order they were entered."""
    away = sa.and_(recusal.c.judge_id == assignment.c.judge_id, recusal.c.entry_id == assignment.c.entry_id)
    asked = (
        sa.select(entry.c.code, entry.c.title, sa.func.count(assignment.c.judge_id) - sa.func.count(recusal.c.judge_id))
        .select_from(entry.outerjoin(assignment, assignment.c.entry_id == entry.c.id).outerjoin(recusal, away))
        .group_by(entry.c.id, entry.c.code, entry.c.title)
        .order_by(entry.c.id)
    )
    if codes is not None:
        asked = asked.where(entry.c.code.in_(list(codes)))
    return tuple(Work(EntryId(code), title, expected) for code, title, expected in connection.execute(asked))


def panel(connection: sa.Connection) -> tuple[Panellist, ...]:
    """Everybody who has been given works to mark, in the order of a Vietnamese list of people."""
    sitting = sa.select(assignment.c.judge_id).distinct()
    judges = sa.select(account_role.c.account_id).where(account_role.c.role == "judge")
    sits = sa.and_(account.c.active == 1, account.c.id.in_(judges))
    asked = sa.select(account.c.username, account.c.name, account.c.number, sits).where(account.c.id.in_(sitting))
    found = (
        Panellist(JudgeId(username), name, pseudonym(number, judge=True), bool(open_))
        for username, name, number, open_ in connection.execute(asked)
    )
    return tuple(sorted(found, key=lambda judge: (name_key(judge.name), judge.username)))


def sheets(connection: sa.Connection, criteria: int, codes: Collection[str] | None = None) -> Iterator[CountedSheet]:
    """The sheets that count now: of every work, or of the works of these codes. A sheet in pieces is none."""
    names = {row.id: JudgeId(row.username) for row in connection.execute(sa.select(account.c.id, account.c.username))}
    named = sa.select(entry.c.id, entry.c.code)
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
    asked = sa.select(first.c.entry_id, first.c.judge_id, *columns).select_from(joined).where(first.c.criterion == 0)
    if codes is not None:
        asked = asked.where(first.c.entry_id.in_(list(entries)))
    for number, judge, *marks in connection.execute(asked.execution_options(yield_per=5000)):
        yield CountedSheet(names[judge], entries[number], tuple(marks))


def recusals(connection: sa.Connection) -> frozenset[tuple[JudgeId, EntryId]]:
    """Who does not mark which work."""
    asked = sa.select(account.c.username, entry.c.code).select_from(
        recusal.join(account, account.c.id == recusal.c.judge_id).join(entry, entry.c.id == recusal.c.entry_id)
    )
    return frozenset((JudgeId(username), EntryId(code)) for username, code in connection.execute(asked))


@dataclass(frozen=True, slots=True)
class Desk:
    """One judge's work on one entry: what the progress shows of it, and never a mark."""

    judge: JudgeId
    entry: EntryId
    state: str  # "none", "draft", "sealed", "returned", "recused"


def desk_counts(connection: sa.Connection) -> dict[JudgeId, dict[str, int]]:
    """How many of each judge's works are in each state, over all works."""
    asked = _desks(account.c.username, sa.func.count()).group_by(account.c.username, STATE)
    found: dict[JudgeId, dict[str, int]] = {}
    for username, number, state in connection.execute(asked):
        found.setdefault(JudgeId(username), {})[state] = number
    return found


def desks(connection: sa.Connection, codes: Collection[str]) -> tuple[Desk, ...]:
    """How far every assigned judge is with each of these works."""
    asked = _desks(account.c.username, entry.c.code).where(entry.c.code.in_(list(codes)))
    asked = asked.order_by(entry.c.id, account.c.username)
    return tuple(Desk(JudgeId(username), EntryId(code), state) for username, code, state in connection.execute(asked))


def missing(connection: sa.Connection) -> int:
    """How many expected sheets are not in."""
    away = sa.and_(recusal.c.judge_id == assignment.c.judge_id, recusal.c.entry_id == assignment.c.entry_id)
    written = sa.and_(sheet.c.judge_id == assignment.c.judge_id, sheet.c.entry_id == assignment.c.entry_id)
    asked = (
        sa.select(sa.func.count())
        .select_from(assignment.outerjoin(recusal, away).outerjoin(sheet, written))
        .where(recusal.c.judge_id.is_(None), sa.func.coalesce(sheet.c.state, "none") != "sealed")
    )
    return int(connection.execute(asked).scalar_one())


def reachable(connection: sa.Connection) -> tuple[tuple[EntryId, str, int], ...]:
    """Each work's code, title and the sheets it can still count: those sealed, and while the round is open those of the
    judges who still sit; nobody's who has withdrawn.
    """
    away = sa.and_(recusal.c.judge_id == assignment.c.judge_id, recusal.c.entry_id == assignment.c.entry_id)
    written = sa.and_(sheet.c.judge_id == assignment.c.judge_id, sheet.c.entry_id == assignment.c.entry_id)
    judges = sa.select(account_role.c.account_id).where(account_role.c.role == "judge")
    open_ = sa.select(contest.c.id).where(contest.c.judging_closed_at.is_(None)).exists()
    may_come = sa.and_(open_, account.c.active == 1, account.c.id.in_(judges))
    counts = sa.and_(recusal.c.judge_id.is_(None), sa.or_(sheet.c.state == "sealed", may_come))
    asked = (
        sa.select(entry.c.code, entry.c.title, sa.func.count(sa.case((counts, 1))))
        .select_from(entry.outerjoin(assignment, assignment.c.entry_id == entry.c.id).outerjoin(recusal, away))
        .outerjoin(sheet, written)
        .outerjoin(account, account.c.id == assignment.c.judge_id)
        .group_by(entry.c.id, entry.c.code, entry.c.title)
        .order_by(entry.c.code)
    )
    return tuple((EntryId(code), title, sheets) for code, title, sheets in connection.execute(asked))


def close_judging(connection: sa.Connection, at: int) -> bool:
    """Close the round; False where it was closed before."""
    closing = contest.update().where(contest.c.judging_closed_at.is_(None)).values(judging_closed_at=at)
    return bool(connection.execute(closing).rowcount)


RECUSED = sa.case((recusal.c.judge_id.is_not(None), "recused"))
STATE = sa.func.coalesce(RECUSED, sheet.c.state, "none")


def _desks(*columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Every seat with what stands there; the state is the last column."""
    away = sa.and_(recusal.c.judge_id == assignment.c.judge_id, recusal.c.entry_id == assignment.c.entry_id)
    written = sa.and_(sheet.c.judge_id == assignment.c.judge_id, sheet.c.entry_id == assignment.c.entry_id)
    return sa.select(*columns, STATE).select_from(
        assignment.join(account, account.c.id == assignment.c.judge_id)
        .join(entry, entry.c.id == assignment.c.entry_id)
        .outerjoin(recusal, away)
        .outerjoin(sheet, written)
    )
