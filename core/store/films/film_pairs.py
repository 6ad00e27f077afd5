"""Queries on fingerprints of films, on pairs of films that are alike, and on what was decided about them."""

from collections.abc import Collection
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from core.store import tables as t


@dataclass(frozen=True, slots=True)
class FingerprintRow:
    """A stored fingerprint: its film (SHA-256), the version of its format, its two parts, and the film's length."""

    sha256: str
    version: int
    pictures: bytes
    sounds: bytes
    milliseconds: int


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """What was last read of a file in the folder of published films. `bytes` and `modified_ns` show a change."""

    name: str
    sha256: str
    bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class PairKey:
    """Two films (SHA-256). Of two works `film` is the smaller one; else `other` is a published film."""

    film: str
    other: str
    published: bool


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two films that are alike, as a job found them: shares in basis points, the slope in thousandths, JSON moments."""

    key: PairKey
    picture_share: int
    sound_share: int
    slope: int
    offset_ms: int
    mirrored: bool
    moments: str
    finding: str  # "near_copy" or "shared_scenes"
    found_at: int
    id: int = 0


@dataclass(frozen=True, slots=True)
class PairDecision:
    """What a person decided about a pair: "different", "same_work" or "copied". `decided_by` is the person's name."""

    id: int
    key: PairKey
    verdict: str
    reason: str
    decided_by: str
    decided_at: int


@dataclass(frozen=True, slots=True)
class FilmOfWork:
    """A film of the contest (SHA-256), the file's name in the library, and its work.

    `proposal`: the proposal by which the film is to replace the one of a finalist; 0 for the work's own film.
    """

    sha256: str
    file: str
    code: str
    title: str
    author: str
    unit: str
    milliseconds: int
    proposal: int = 0

    @property
    def subject(self) -> str:
        """The subject of the jobs about this film."""
        return proposal_subject(self.code, self.proposal) if self.proposal else self.code


def proposal_subject(code: str, proposal: int) -> str:
    """The subject of the jobs about the film that a proposal has for the finalist with this code: "T-401 #3"."""
    return f"{code} #{proposal}"


def fingerprints(connection: sa.Connection, films: Collection[str] | None = None) -> dict[str, FingerprintRow]:
    """The stored fingerprints of these films (all, if None), by the film's SHA-256."""
    f = t.film_fingerprint.c
    query = sa.select(f.sha256, f.version, f.pictures, f.sounds, f.milliseconds)
    if films is not None:
        query = query.where(f.sha256.in_(list(films)))
    return {row.sha256: FingerprintRow(*row) for row in connection.execute(query)}


def put_fingerprint(connection: sa.Connection, row: FingerprintRow, at: int) -> bool:
    """Store a fingerprint in place of another one of its film. False if the same is stored already."""
    if fingerprints(connection, [row.sha256]).get(row.sha256) == row:
        return False
    table, values = t.film_fingerprint, asdict(row) | {"made_at": at}
    if not connection.execute(
        table.update().where(table.c.sha256 == row.sha256).values(**_changed(values, "sha256"))
    ).rowcount:
        connection.execute(table.insert().values(**values))
    return True


def published_files(connection: sa.Connection) -> dict[str, PublishedFile]:
    """What was last read of the folder of published films, by file name."""
    p = t.published_film.c
    rows = connection.execute(sa.select(p.name, p.sha256, p.bytes, p.modified_ns).order_by(p.name))
    return {row.name: PublishedFile(*row) for row in rows}


def put_published_file(connection: sa.Connection, file: PublishedFile) -> None:
    """Store what was read of a file in the folder of published films."""
    table, values = t.published_film, asdict(file)
    if not connection.execute(
        table.update().where(table.c.name == file.name).values(**_changed(values, "name"))
    ).rowcount:
        connection.execute(table.insert().values(**values))


def drop_published_files(connection: sa.Connection, names: Collection[str]) -> None:
    """Forget files that are no longer in the folder of published films."""
    connection.execute(t.published_film.delete().where(t.published_film.c.name.in_(list(names))))


def films_of_works(connection: sa.Connection) -> list[FilmOfWork]:
    """The film of each work that has one, in the order the works were added."""
    e = t.entry.c
    query = sa.select(e.sha256, e.video, e.code, e.title, e.author, e.unit, e.milliseconds).order_by(e.id)
    return [FilmOfWork(*row) for row in connection.execute(query.where(e.sha256.is_not(None), e.video.is_not(None)))]


def pairs(connection: sa.Connection, number: int | None = None) -> list[PairRow]:
    """All pairs, or the one with this id; near copies first, then by what is most alike."""
    p = t.film_pair.c
    alike = sa.case((p.picture_share > p.sound_share, p.picture_share), else_=p.sound_share)
    query = sa.select(t.film_pair).order_by(p.finding, alike.desc(), p.id)
    if number is not None:
        query = query.where(p.id == number)
    return [_pair(row) for row in connection.execute(query)]


def put_pair(connection: sa.Connection, pair: PairRow) -> None:
    """Store a pair in place of an earlier finding about it."""
    table = t.film_pair
    values = {
        "picture_share": pair.picture_share, "sound_share": pair.sound_share, "slope": pair.slope,
        "offset_ms": pair.offset_ms, "mirrored": int(pair.mirrored), "moments": pair.moments, "finding": pair.finding,
        "found_at": pair.found_at,
    }  # fmt: skip
    if not connection.execute(table.update().where(_of(table, pair.key)).values(**values)).rowcount:
        connection.execute(table.insert().values(**_key(pair.key), **values))


def decisions(connection: sa.Connection, key: PairKey | None = None) -> list[PairDecision]:
    """All decisions, or those about this pair, oldest first."""
    table = t.film_pair_decision
    d = table.c
    query = (
        sa.select(d.id, d.film, d.other, d.published, d.verdict, d.reason, t.account.c.name, d.decided_at)
        .select_from(table.join(t.account, t.account.c.id == d.decided_by))
        .order_by(d.id)
    )
    if key is not None:
        query = query.where(_of(table, key))
    rows = connection.execute(query)
    return [PairDecision(row.id, PairKey(row.film, row.other, bool(row.published)), *row[4:]) for row in rows]


def decide(connection: sa.Connection, key: PairKey, verdict: str, reason: str, username: str, at: int) -> int:
    """Insert a decision about a pair, made by the account `username`. Returns its id."""
    by = sa.select(t.account.c.id).where(t.account.c.username == username).scalar_subquery()
    values = {"verdict": verdict, "reason": reason, "decided_by": by, "decided_at": at}
    made = t.film_pair_decision.insert().values(**_key(key), **values).returning(t.film_pair_decision.c.id)
    return int(connection.execute(made).scalar_one())


def _key(key: PairKey) -> dict[str, object]:
    return {"film": key.film, "other": key.other, "published": int(key.published)}


def _of(table: sa.Table, key: PairKey) -> sa.ColumnElement[bool]:
    return sa.and_(*(table.c[name] == value for name, value in _key(key).items()))


def _changed(values: dict[str, object], key: str) -> dict[str, object]:
    return {name: value for name, value in values.items() if name != key}


def _pair(row: sa.Row[tuple[object, ...]]) -> PairRow:
    values = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's public name
    key = PairKey(str(values.pop("film")), str(values.pop("other")), bool(values.pop("published")))
    values["mirrored"] = bool(values["mirrored"])
    return PairRow(key=key, **values)
