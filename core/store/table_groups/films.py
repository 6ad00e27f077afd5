"""The tables of films: what belongs to a film and not to a work. Films are named by the SHA-256 of their content."""

import sqlalchemy as sa

from core.store.table_groups.base import Big, Id, Millis
from core.store.table_groups.base import table as _table

# Copies of a film for its judges (docs/security.md, Copies for judges). They belong to the film, not to a work.
_COPY_KINDS = "kind in ('anonymous', 'light', 'playable')"
film_copy = _table(
    "film_copy",
    sa.Column("film", sa.Text, primary_key=True),  # hex SHA-256 of the film
    sa.Column("kind", sa.Text, sa.CheckConstraint(_COPY_KINDS, name="kind"), primary_key=True),
    sa.Column("file", sa.Text, nullable=False),  # file name in the library
    sa.Column("sha256", sa.Text, nullable=False),  # hex, of the copy
    sa.Column("bytes", Big, nullable=False),
    sa.Column("milliseconds", Big, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("made_at", Millis, nullable=False),
)
# Fingerprints of films, the contest's and published ones, by the SHA-256 of the file (core.media.fingerprint).
film_fingerprint = _table(
    "film_fingerprint",
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),  # of the format of the next two
    sa.Column("pictures", sa.LargeBinary, nullable=False),
    sa.Column("sounds", sa.LargeBinary, nullable=False),
    sa.Column("milliseconds", Big, nullable=False),
    sa.Column("made_at", Millis, nullable=False),
)
# Films that were published elsewhere, as the files in the office's folder: what was last read of each.
published_film = _table(
    "published_film",
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("bytes", Big, nullable=False),
    sa.Column("modified_ns", Big, nullable=False),
)
# Two films that are alike, as a job found them. What a person decides about them is in `film_pair_decision`.
film_pair = _table(
    "film_pair",
    sa.Column("id", Id, primary_key=True),
    sa.Column("film", sa.Text, nullable=False),  # SHA-256; of two works the smaller one
    sa.Column("other", sa.Text, nullable=False),
    sa.Column("published", sa.Integer, nullable=False),  # 1: the other one is a published film
    sa.Column("picture_share", sa.Integer, nullable=False),  # basis points of the shorter film
    sa.Column("sound_share", sa.Integer, nullable=False),
    sa.Column("slope", sa.Integer, nullable=False),  # thousandths: film time = slope * other time + offset
    sa.Column("offset_ms", Big, nullable=False),
    sa.Column("mirrored", sa.Integer, nullable=False),
    sa.Column("moments", sa.Text, nullable=False),  # [[film ms, other ms, still or null, still or null], …] JSON
    sa.Column(
        "finding",
        sa.Text,
        sa.CheckConstraint("finding in ('near_copy', 'shared_scenes')", name="finding"),
        nullable=False,
    ),
    sa.Column("found_at", Millis, nullable=False),
    sa.UniqueConstraint("film", "other", "published"),
)
film_pair_decision = _table(
    "film_pair_decision",  # the last one of a pair stands; the earlier ones are its history
    sa.Column("id", Id, primary_key=True),
    sa.Column("film", sa.Text, nullable=False),
    sa.Column("other", sa.Text, nullable=False),
    sa.Column("published", sa.Integer, nullable=False),
    sa.Column(
        "verdict",
        sa.Text,
        sa.CheckConstraint("verdict in ('different', 'same_work', 'copied')", name="verdict"),
        nullable=False,
    ),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("decided_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("decided_at", Millis, nullable=False),
    sa.Index("ix_film_pair_decision_film_other", "film", "other"),
)
