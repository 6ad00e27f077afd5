"""The files that the film library must have: films and posters of works and submissions, proposed ones, and screenshots."""

import json

import sqlalchemy as sa

from core.store import tables as t


def library_files(connection: sa.Connection) -> list[tuple[str, str | None, str | None, str | None]]:
    """One row per work, submission and film that is proposed for a finalist: code, film file name, film SHA-256, poster file name; None where there is none.

    A screenshot of a post is a row with a poster alone: its name is its hash too.
    """
    e, s = t.entry.c, t.submission.c
    works = sa.select(e.code, e.video, e.sha256, e.poster)
    entered = sa.select(s.code, s.film + ".mp4", s.film, s.poster).where(s.film.is_not(None))
    has = sa.inspect(connection).has_table  # a restored older schema has fewer tables
    detail = t.reading_detail.c
    nothing = sa.null()
    pictures = (
        sa.select(e.code, nothing, nothing, detail.screenshot + ".jpg")
        .join(t.reading, t.reading.c.id == detail.reading_id)
        .join(t.entry, e.id == t.reading.c.entry_id)
        .where(detail.screenshot.is_not(None))
        .distinct()
    )
    c = t.finalist_change.c
    proposed = sa.select(c.code, c.film + ".mp4", c.film, c.poster).where(c.film.is_not(None), c.outcome.is_(None))
    query = sa.union_all(
        works, *([entered] if has("submission") else []), *([proposed] if has("finalist_change") else []),
        *([pictures] if has("reading_detail") else []),
    )  # fmt: skip
    return [tuple(row) for row in connection.execute(query.order_by("code"))]


def pictures(connection: sa.Connection) -> frozenset[str]:
    """The names of the library's pictures that a row names: posters, screenshots, and stills of films that are alike."""
    named = {poster for *_, poster in library_files(connection) if poster}
    for moments in connection.scalars(sa.select(t.film_pair.c.moments)):
        named.update(still for _, _, *stills in json.loads(moments) for still in stills if still)
    return frozenset(named)
