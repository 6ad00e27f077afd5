"""Queries on the list of officials: members of the contest's bodies."""

from dataclasses import dataclass, fields

import sqlalchemy as sa

from core.store.people.erasure import NOTHING
from core.store.tables import account, official


@dataclass(frozen=True, slots=True)
class OfficialTexts:
    """What the list says of an official. `birth_date` as "1990-05-07"; "" for what is unknown."""

    name: str
    body: str
    birth_date: str = ""
    phone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class OfficialRow:
    """An official. Times are UTC ms; `removed_at` None while the person is on the list."""

    id: int
    texts: OfficialTexts
    added_by: str  # username
    added_at: int
    removed_at: int | None


_TEXTS = tuple(official.c[field.name] for field in fields(OfficialTexts))
_ROWS = sa.select(*_TEXTS, official.c.id, account.c.username, official.c.added_at, official.c.removed_at).join(
    account, account.c.id == official.c.added_by
)


def listed(connection: sa.Connection) -> tuple[OfficialRow, ...]:
    """The officials on the list, in the order they were added."""
    return _rows(connection, official.c.removed_at.is_(None))


def every(connection: sa.Connection) -> tuple[OfficialRow, ...]:
    """The officials on the list and those removed from it, in the order they were added."""
    return _rows(connection, sa.true())


def find(connection: sa.Connection, official_id: int) -> OfficialRow | None:
    """The official with this id, on the list or removed from it."""
    found = _rows(connection, official.c.id == official_id)
    return found[0] if found else None


def insert(connection: sa.Connection, texts: OfficialTexts, *, by: str, at: int) -> int:
    """Add an official and return the id. `by`: a username; `at` in UTC ms."""
    adder = sa.select(account.c.id).where(account.c.username == by).scalar_subquery()
    values = {**_values(texts), "added_by": adder, "added_at": at}
    return int(connection.execute(official.insert().values(values).returning(official.c.id)).scalar_one())


def correct(connection: sa.Connection, official_id: int, texts: OfficialTexts) -> None:
    """Set what the list says of an official."""
    connection.execute(official.update().where(official.c.id == official_id).values(_values(texts)))


def remove(connection: sa.Connection, official_id: int, at: int) -> bool:
    """Take an official off the list. False if there is none on it with this id. `at` in UTC ms."""
    on_list = sa.and_(official.c.id == official_id, official.c.removed_at.is_(None))
    return bool(connection.execute(official.update().where(on_list).values(removed_at=at)).rowcount)


def clear(connection: sa.Connection, official_id: int) -> None:
    """Clear an official's personal texts; the body stays."""
    texts = dict.fromkeys(("name", "birth_date", "phone", "note"), NOTHING)
    connection.execute(official.update().where(official.c.id == official_id).values(texts))


def _rows(connection: sa.Connection, which: sa.ColumnElement[bool]) -> tuple[OfficialRow, ...]:
    rows = connection.execute(_ROWS.where(which).order_by(official.c.id))
    count = len(_TEXTS)
    return tuple(OfficialRow(row[count], OfficialTexts(*row[:count]), *row[count + 1 :]) for row in rows)


def _values(texts: OfficialTexts) -> dict[str, str]:
    return {field.name: getattr(texts, field.name) for field in fields(texts)}
