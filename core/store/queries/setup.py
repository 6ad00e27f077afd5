"""Opening a contest: its own row, its works, and who sits before them."""

from dataclasses import dataclass

import sqlalchemy as sa

from core.store import tables as t


@dataclass(frozen=True, slots=True)
class NewWork:
    """A work to be added. Its files are named as the library names them."""

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
    """The one row of this database's contest."""
    values = {"toml": toml, "rule_card": rule_card, "rule_card_version": rule_card_version, "seed": seed}
    connection.execute(t.contest.insert().values(id=1, **values, is_demo=int(is_demo), opened_at=opened_at))


def insert_work(connection: sa.Connection, work: NewWork) -> None:
    """Add a work."""
    values = {name: getattr(work, name) for name in NewWork.__dataclass_fields__}
    connection.execute(t.entry.insert().values(**values))


@dataclass(frozen=True, slots=True)
class KnownWork:
    """What is kept of a work that an import may correct."""

    title: str
    author: str
    unit: str
    sha256: str | None


def known_work(connection: sa.Connection, code: str) -> KnownWork | None:
    """The work of this code."""
    e = t.entry.c
    row = connection.execute(sa.select(e.title, e.author, e.unit, e.sha256).where(e.code == code)).first()
    return KnownWork(*row) if row else None


def work_of_film(connection: sa.Connection, sha256: str) -> str | None:
    """The code of the work that has this very film."""
    asked = sa.select(t.entry.c.code).where(t.entry.c.sha256 == sha256).order_by(t.entry.c.id).limit(1)
    return connection.execute(asked).scalar_one_or_none()


def put_texts(connection: sa.Connection, code: str, title: str, author: str, unit: str) -> None:
    """Give a work another title, author and unit."""
    texts = {"title": title, "author": author, "unit": unit}
    connection.execute(t.entry.update().where(t.entry.c.code == code).values(texts))


def sealed_sheets(connection: sa.Connection, code: str) -> int:
    """How many sheets of the work are sealed now."""
    of_work = t.sheet.join(t.entry, t.entry.c.id == t.sheet.c.entry_id)
    asked = sa.select(sa.func.count()).select_from(of_work).where(t.entry.c.code == code, t.sheet.c.state == "sealed")
    return int(connection.execute(asked).scalar_one())


def forget_watched(connection: sa.Connection, code: str) -> None:
    """Nothing of the work's film counts as watched any more."""
    entry = sa.select(t.entry.c.id).where(t.entry.c.code == code).scalar_subquery()
    connection.execute(t.watched.update().where(t.watched.c.entry_id == entry).values(intervals="[]"))


def files(connection: sa.Connection) -> dict[str, tuple[str | None, str | None]]:
    """The codes of the works, and the film and the poster each has in the library."""
    asked = sa.select(t.entry.c.code, t.entry.c.video, t.entry.c.poster)
    return {row.code: (row.video, row.poster) for row in connection.execute(asked)}


def film_hashes(connection: sa.Connection) -> list[tuple[str, str]]:
    """The films' names in the library and their hashes, in the order of the works."""
    asked = sa.select(t.entry.c.video, t.entry.c.sha256).order_by(t.entry.c.id)
    return [(row.video, row.sha256) for row in connection.execute(asked) if row.video and row.sha256]


def put_film(connection: sa.Connection, work: NewWork) -> None:
    """Give a work other files."""
    names = ("video", "poster", "sha256", "milliseconds", "width", "height")
    values = {name: getattr(work, name) for name in names}
    connection.execute(t.entry.update().where(t.entry.c.code == work.code).values(**values))


def seat_all(
    connection: sa.Connection, *, judge: str | None = None, only_sitting: bool = False
) -> list[tuple[str, str]]:
    """Assign active judges to every work not yet assigned to them; gives the new (judge, work) pairs.

    Everybody who is a judge; or `judge` alone; or only those who have a work already.
    """
    judges = sa.and_(t.account_role.c.account_id == t.account.c.id, t.account_role.c.role == "judge")
    taken = sa.and_(t.assignment.c.judge_id == t.account.c.id, t.assignment.c.entry_id == t.entry.c.id)
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
        .outerjoin(t.assignment, taken)
        .where(*whom)
        .order_by(t.account.c.username, t.entry.c.code)
    ).all()
    if free:
        connection.execute(t.assignment.insert(), [{"judge_id": row[0], "entry_id": row[2]} for row in free])
    return [(row[1], row[3]) for row in free]


def unassigned(connection: sa.Connection) -> list[tuple[str, str]]:
    """The active judges who are not assigned to every work: username and name, in no order."""
    works = sa.select(sa.func.count()).select_from(t.entry).scalar_subquery()
    mine = sa.select(sa.func.count()).where(t.assignment.c.judge_id == t.account.c.id).scalar_subquery()
    judges = sa.and_(t.account_role.c.account_id == t.account.c.id, t.account_role.c.role == "judge")
    asked = sa.select(t.account.c.username, t.account.c.name).join(t.account_role, judges)
    return [(row.username, row.name) for row in connection.execute(asked.where(t.account.c.active == 1, mine < works))]


def unseat(connection: sa.Connection, judge: str) -> list[str]:
    """Take a judge who never sealed a sheet from all their works; gives the works' codes, none where a sheet is sealed."""
    a, sealed = t.assignment.c, t.sheet_revision.c
    mine = sa.select(t.account.c.id).where(t.account.c.username == judge).scalar_subquery()
    if connection.execute(sa.select(sealed.judge_id).where(sealed.judge_id == mine).limit(1)).first():
        return []
    codes = sa.select(t.entry.c.code).join(t.assignment, a.entry_id == t.entry.c.id).where(a.judge_id == mine)
    found = list(connection.scalars(codes.order_by(t.entry.c.code)))
    connection.execute(t.assignment.delete().where(a.judge_id == mine))
    return found
