"""Queries that set up a contest: its row, its works, and the judges' assignments."""

from dataclasses import dataclass

import sqlalchemy as sa

from core.rules.judging.sheet_state import SheetState
from core.store import tables as t


@dataclass(frozen=True, slots=True)
class NewWork:
    """A work to be added. `video` and `poster` are file names in the library."""

    code: str
    title: str
    author: str
    unit: str
    video: str
    poster: str | None
    sha256: str
    milliseconds: int
    width: int
    height: int


def insert_contest(
    connection: sa.Connection,
    *,
    toml: str,
    rule_card: str,
    rule_card_version: int,
    seed: str,
    is_demo: bool,
    opened_at: int,
) -> None:
    """Insert the contest's row. `opened_at` in UTC ms."""
    values = {"toml": toml, "rule_card": rule_card, "rule_card_version": rule_card_version, "seed": seed}
    connection.execute(t.contest.insert().values(id=1, **values, is_demo=int(is_demo), opened_at=opened_at))


def insert_work(connection: sa.Connection, work: NewWork) -> None:
    """Add a work."""
    values = {name: getattr(work, name) for name in NewWork.__dataclass_fields__}
    connection.execute(t.entry.insert().values(**values))


@dataclass(frozen=True, slots=True)
class KnownWork:
    """The stored fields of a work that an import may correct."""

    title: str
    author: str
    unit: str
    sha256: str | None


def known_work(connection: sa.Connection, code: str) -> KnownWork | None:
    """The stored work with this code; None if there is none."""
    e = t.entry.c
    row = connection.execute(sa.select(e.title, e.author, e.unit, e.sha256).where(e.code == code)).first()
    return KnownWork(*row) if row else None


def work_of_film(connection: sa.Connection, sha256: str) -> str | None:
    """The code of the first work whose film has this SHA-256; None if there is none."""
    query = sa.select(t.entry.c.code).where(t.entry.c.sha256 == sha256).order_by(t.entry.c.id).limit(1)
    return connection.execute(query).scalar_one_or_none()


def put_texts(connection: sa.Connection, code: str, title: str, author: str, unit: str) -> None:
    """Set a work's title, author and unit."""
    texts = {"title": title, "author": author, "unit": unit}
    connection.execute(t.entry.update().where(t.entry.c.code == code).values(texts))


def sealed_sheets(connection: sa.Connection, code: str) -> int:
    """How many sheets of the work are sealed."""
    of_work = t.sheet.join(t.entry, t.entry.c.id == t.sheet.c.entry_id)
    query = (
        sa.select(sa.func.count())
        .select_from(of_work)
        .where(t.entry.c.code == code, t.sheet.c.state == SheetState.SEALED)
    )
    return int(connection.execute(query).scalar_one())


def forget_watched(connection: sa.Connection, code: str) -> None:
    """Clear what all judges have watched of the work's film."""
    entry = sa.select(t.entry.c.id).where(t.entry.c.code == code).scalar_subquery()
    connection.execute(t.watched.update().where(t.watched.c.entry_id == entry).values(intervals="[]"))


def files(connection: sa.Connection) -> dict[str, tuple[str | None, str | None]]:
    """Work code -> (film, poster): file names in the library, or None."""
    query = sa.select(t.entry.c.code, t.entry.c.video, t.entry.c.poster)
    return {row.code: (row.video, row.poster) for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class RegisteredFilm:
    """The film of a work: the work's code, the file's name in the library, and its SHA-256 (hex)."""

    code: str
    file: str
    sha256: str


def films(connection: sa.Connection) -> list[RegisteredFilm]:
    """The film of each work that has one, in the order the works were added."""
    query = sa.select(t.entry.c.code, t.entry.c.video, t.entry.c.sha256).order_by(t.entry.c.id)
    rows = connection.execute(query)
    return [RegisteredFilm(row.code, row.video, row.sha256) for row in rows if row.video and row.sha256]


def put_poster(connection: sa.Connection, code: str, film: str, poster: str) -> dict[str, int] | None:
    """Set the poster of the work with this code and film (hex SHA-256); returns the film's length and frame size, if there is one."""
    e = t.entry.c
    changed = t.entry.update().where(e.code == code, e.sha256 == film).values(poster=poster)
    row = connection.execute(changed.returning(e.milliseconds, e.width, e.height)).mappings().first()
    return dict(row) if row else None


def put_film(connection: sa.Connection, work: NewWork) -> None:
    """Set a work's film and poster, with hash, length and frame size."""
    names = ("video", "poster", "sha256", "milliseconds", "width", "height")
    values = {name: getattr(work, name) for name in names}
    connection.execute(t.entry.update().where(t.entry.c.code == work.code).values(**values))


def assign_all(
    connection: sa.Connection, *, judge: str | None = None, only_sitting: bool = False
) -> list[tuple[str, str]]:
    """Assign active judges to every work not yet assigned to them. Returns the new (username, work code) pairs.

    All judges; or only `judge` (a username); or with `only_sitting` only judges who have an assignment already.
    """
    judges = sa.and_(t.account_role.c.account_id == t.account.c.id, t.account_role.c.role == "judge")
    existing = sa.and_(t.assignment.c.judge_id == t.account.c.id, t.assignment.c.entry_id == t.entry.c.id)
    whom = [t.account.c.active == 1, t.assignment.c.judge_id.is_(None)]
    if judge is not None:
        whom.append(t.account.c.username == judge)
    if only_sitting:
        whom.append(t.account.c.id.in_(sa.select(t.assignment.c.judge_id)))
    free = connection.execute(
        sa.select(t.account.c.id, t.account.c.username, t.entry.c.id, t.entry.c.code)
        .select_from(t.account)
        .join(t.account_role, judges)
        .join(t.entry, sa.true())
        .outerjoin(t.assignment, existing)
        .where(*whom)
        .order_by(t.account.c.username, t.entry.c.code)
    ).all()
    if free:
        connection.execute(t.assignment.insert(), [{"judge_id": row[0], "entry_id": row[2]} for row in free])
    return [(row[1], row[3]) for row in free]


def unassigned(connection: sa.Connection) -> list[tuple[str, str]]:
    """The active judges who are not assigned to every work: (username, name), in no order."""
    works = sa.select(sa.func.count()).select_from(t.entry).scalar_subquery()
    mine = sa.select(sa.func.count()).where(t.assignment.c.judge_id == t.account.c.id).scalar_subquery()
    judges = sa.and_(t.account_role.c.account_id == t.account.c.id, t.account_role.c.role == "judge")
    query = sa.select(t.account.c.username, t.account.c.name).join(t.account_role, judges)
    return [(row.username, row.name) for row in connection.execute(query.where(t.account.c.active == 1, mine < works))]


def unassign(connection: sa.Connection, judge: str) -> list[str]:
    """Delete all assignments of a judge who never sealed a sheet. Returns their work codes; [] if one was sealed."""
    a, sealed = t.assignment.c, t.sheet_revision.c
    mine = sa.select(t.account.c.id).where(t.account.c.username == judge).scalar_subquery()
    if connection.execute(sa.select(sealed.judge_id).where(sealed.judge_id == mine).limit(1)).first():
        return []
    codes = sa.select(t.entry.c.code).join(t.assignment, a.entry_id == t.entry.c.id).where(a.judge_id == mine)
    found = list(connection.scalars(codes.order_by(t.entry.c.code)))
    connection.execute(t.assignment.delete().where(a.judge_id == mine))
    return found
