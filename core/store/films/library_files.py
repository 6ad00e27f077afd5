"""The files that the film library must have: films and posters of works and of submissions."""

import sqlalchemy as sa

from core.store import tables as t


def library_files(connection: sa.Connection) -> list[tuple[str, str | None, str | None, str | None]]:
    """One row per work and submission: code, film file name, film SHA-256, poster file name; None where there is none."""
    e, s = t.entry.c, t.submission.c
    works = sa.select(e.code, e.video, e.sha256, e.poster)
    entered = sa.select(s.code, s.film + ".mp4", s.film, s.poster).where(s.film.is_not(None))
    has = sa.inspect(connection).has_table("submission")  # a restored older schema has none
    query = sa.union_all(works, entered) if has else sa.union_all(works)
    return [tuple(row) for row in connection.execute(query.order_by("code"))]
