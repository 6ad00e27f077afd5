"""Queries on authors who are like officials: what was found, and what people decided about it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from core.store.people.erasure import NOTHING
from core.store.tables import account, author_match, entry, finalist, match_decision

MANY = 500  # most keys named in one statement


@dataclass(frozen=True, slots=True)
class Side:
    """The official's side: a row of the list, or an account. Exactly one id is set."""

    official_id: int | None = None
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A match that was found. `likeness` 0-100; `found_at` in UTC ms."""

    id: int
    author: str
    side: Side
    ground: str
    likeness: int
    found_at: int


@dataclass(frozen=True, slots=True)
class NewMatch:
    """A match to be stored."""

    author: str
    side: Side
    ground: str
    likeness: int


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision about an author and an official. `outcome`: "same" or "different"; `decided_at` in UTC ms."""

    id: int
    author: str
    side: Side
    ground: str
    outcome: str
    reason: str
    decided_by: str  # username
    decided_at: int


def matches(connection: sa.Connection, authors: Collection[str] | None = None) -> list[MatchRow]:
    """The matches of these authors, or all of them, in the order they were found."""
    query = sa.select(author_match).order_by(author_match.c.id)
    rows = [row for which in _among(author_match.c.author, authors) for row in connection.execute(query.where(which))]
    return [_match(row) for row in rows]


def of_work(connection: sa.Connection, prefix: str) -> list[MatchRow]:
    """The matches of the authors whose keys begin with `prefix`, such as those of one work."""
    query = sa.select(author_match).where(author_match.c.author.startswith(prefix, autoescape=True))
    return [_match(row) for row in connection.execute(query.order_by(author_match.c.id))]


def find(connection: sa.Connection, match_id: int) -> MatchRow | None:
    """The match with this id; None if it was not found again since."""
    row = connection.execute(sa.select(author_match).where(author_match.c.id == match_id)).first()
    return None if row is None else _match(row)


def insert(connection: sa.Connection, new: Iterable[NewMatch], at: int) -> None:
    """Store new matches. `at` in UTC ms."""
    rows = [
        {
            "author": match.author, "official_id": match.side.official_id, "account_id": match.side.account_id,
            "ground": match.ground, "likeness": match.likeness, "found_at": at,
        }
        for match in new
    ]  # fmt: skip
    if rows:
        connection.execute(author_match.insert(), rows)


def change(connection: sa.Connection, match_id: int, ground: str, likeness: int) -> None:
    """Set what an author and an official have in common now."""
    changed = author_match.update().where(author_match.c.id == match_id)
    connection.execute(changed.values(ground=ground, likeness=likeness))


def delete(connection: sa.Connection, match_ids: Collection[int]) -> None:
    """Delete matches that no longer hold."""
    ids = sorted(match_ids)
    for start in range(0, len(ids), MANY):
        connection.execute(author_match.delete().where(author_match.c.id.in_(ids[start : start + MANY])))


def decisions(connection: sa.Connection, authors: Collection[str] | None = None) -> list[DecisionRow]:
    """The decisions about these authors, or all of them, oldest first."""
    d = match_decision.c
    query = sa.select(match_decision, account.c.username).join(account, account.c.id == d.decided_by).order_by(d.id)
    rows = [row for which in _among(d.author, authors) for row in connection.execute(query.where(which))]
    return [
        DecisionRow(
            row.id, row.author, Side(row.official_id, row.account_id), row.ground, row.outcome, row.reason,
            row.username, row.decided_at,
        )
        for row in rows
    ]  # fmt: skip


def decide(connection: sa.Connection, match: MatchRow, outcome: str, reason: str, *, by: str, at: int) -> int:
    """Store a decision about a match and return its id. `by`: a username; `at` in UTC ms."""
    decider = sa.select(account.c.id).where(account.c.username == by).scalar_subquery()
    values = {
        "author": match.author, "official_id": match.side.official_id, "account_id": match.side.account_id,
        "ground": match.ground, "outcome": outcome, "reason": reason, "decided_by": decider, "decided_at": at,
    }  # fmt: skip
    return int(connection.execute(match_decision.insert().values(values).returning(match_decision.c.id)).scalar_one())


def clear_reasons(connection: sa.Connection, decision_ids: Collection[int]) -> None:
    """Clear the reasons of these decisions."""
    ids = sorted(decision_ids)
    for start in range(0, len(ids), MANY):
        some = match_decision.c.id.in_(ids[start : start + MANY])
        connection.execute(match_decision.update().where(some).values(reason=NOTHING))


def work_authors(connection: sa.Connection, codes: Collection[str] | None = None) -> dict[str, str]:
    """The authors of the works with these codes, or of all works, as typed: code -> text.

    The authors of finalists are those of their submissions, which are compared with what their forms say.
    """
    entered = sa.select(finalist.c.code)
    query = sa.select(entry.c.code, entry.c.author).where(entry.c.code.not_in(entered)).order_by(entry.c.id)
    return {
        row.code: row.author for which in _among(entry.c.code, codes) for row in connection.execute(query.where(which))
    }


def work_titles(connection: sa.Connection) -> dict[str, str]:
    """The titles of all works: code -> title."""
    return dict(connection.execute(sa.select(entry.c.code, entry.c.title)).all())


def account_names(connection: sa.Connection) -> list[tuple[int, str]]:
    """Every account, closed ones too: (id, name)."""
    return [(row.id, row.name) for row in connection.execute(sa.select(account.c.id, account.c.name))]


def _match(row: sa.Row[tuple[object, ...]]) -> MatchRow:
    return MatchRow(row.id, row.author, Side(row.official_id, row.account_id), row.ground, row.likeness, row.found_at)


def _among(column: "sa.ColumnElement[str]", values: Collection[str] | None) -> Iterable[sa.ColumnElement[bool]]:
    """Conditions that together admit these values of a column, each with few enough of them; all values for None."""
    if values is None:
        yield sa.true()
        return
    names = sorted(values)
    for start in range(0, len(names), MANY):
        yield column.in_(names[start : start + MANY])
