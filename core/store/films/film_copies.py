"""Queries on the copies of films that judges are served."""

from dataclasses import asdict, dataclass
from enum import StrEnum

import sqlalchemy as sa

from core.store.tables import entry
from core.store.tables import film_copy as t


class CopyKind(StrEnum):
    """What a copy is for. A film has either an ANONYMOUS or, if its codecs need it, a PLAYABLE copy, and a LIGHT one."""

    ANONYMOUS = "anonymous"  # the same streams without tags
    LIGHT = "light"  # for slow connections
    PLAYABLE = "playable"  # with codecs that every browser plays


@dataclass(frozen=True, slots=True)
class FilmCopy:
    """A row of the table. `film` and `sha256` are hex SHA-256, of the film and of its copy."""

    film: str
    kind: CopyKind
    file: str  # file name in the library
    sha256: str
    bytes: int
    milliseconds: int
    width: int
    height: int


_COLUMNS = [column for column in t.c if column.name != "made_at"]


def of_film(connection: sa.Connection, film: str) -> dict[CopyKind, FilmCopy]:
    """The copies of the film with this SHA-256, by kind."""
    rows = connection.execute(sa.select(*_COLUMNS).where(t.c.film == film))
    return {copy.kind: copy for copy in map(_copy, rows)}


def of_works(connection: sa.Connection) -> list[tuple[str, FilmCopy]]:
    """The copies of the works' films as (work code, copy), in the order the works were added."""
    query = sa.select(entry.c.code, *_COLUMNS).join(t, t.c.film == entry.c.sha256).order_by(entry.c.id, t.c.kind)
    return [(row[0], FilmCopy(row[1], CopyKind(row[2]), *row[3:])) for row in connection.execute(query)]


def put(connection: sa.Connection, copy: FilmCopy, at: int) -> bool:
    """Store a copy in place of an earlier one of its film and kind. Returns False if the same one was stored already."""
    if of_film(connection, copy.film).get(copy.kind) == copy:
        return False
    values = asdict(copy) | {"made_at": at}
    where = (t.c.film == copy.film, t.c.kind == copy.kind)
    keys = ("film", "kind")
    changed = {name: value for name, value in values.items() if name not in keys}
    if not connection.execute(t.update().where(*where).values(**changed)).rowcount:
        connection.execute(t.insert().values(**values))
    return True


def _copy(row: sa.Row[*tuple[object, ...]]) -> FilmCopy:
    values = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's public name
    return FilmCopy(**(values | {"kind": CopyKind(str(values["kind"]))}))
