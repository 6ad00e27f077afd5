"""Version 7: fingerprints of films, and pairs of films that are alike. Copies of `core.store.tables` as it stood then."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.versions.v1 import Big, metadata

revision = "v7"
down_revision = "v6"

made = sa.MetaData(naming_convention=metadata.naming_convention)
FINDINGS = "finding in ('near_copy', 'shared_scenes')"
VERDICTS = "verdict in ('different', 'same_work', 'copied')"
film_fingerprint = sa.Table(
    "film_fingerprint",
    made,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("pictures", sa.LargeBinary, nullable=False),
    sa.Column("sounds", sa.LargeBinary, nullable=False),
    sa.Column("milliseconds", Big, nullable=False),
    sa.Column("made_at", Big, nullable=False),
    sqlite_strict=True,
)
published_film = sa.Table(
    "published_film",
    made,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("bytes", Big, nullable=False),
    sa.Column("modified_ns", Big, nullable=False),
    sqlite_strict=True,
)
film_pair = sa.Table(
    "film_pair",
    made,
    sa.Column("id", Big, primary_key=True),
    sa.Column("film", sa.Text, nullable=False),
    sa.Column("other", sa.Text, nullable=False),
    sa.Column("published", sa.Integer, nullable=False),
    sa.Column("picture_share", sa.Integer, nullable=False),
    sa.Column("sound_share", sa.Integer, nullable=False),
    sa.Column("slope", sa.Integer, nullable=False),
    sa.Column("offset_ms", Big, nullable=False),
    sa.Column("mirrored", sa.Integer, nullable=False),
    sa.Column("moments", sa.Text, nullable=False),
    sa.Column("finding", sa.Text, sa.CheckConstraint(FINDINGS, name="finding"), nullable=False),
    sa.Column("found_at", Big, nullable=False),
    sa.UniqueConstraint("film", "other", "published"),
    sqlite_strict=True,
)
film_pair_decision = sa.Table(
    "film_pair_decision",
    made,
    sa.Column("id", Big, primary_key=True),
    sa.Column("film", sa.Text, nullable=False),
    sa.Column("other", sa.Text, nullable=False),
    sa.Column("published", sa.Integer, nullable=False),
    sa.Column("verdict", sa.Text, sa.CheckConstraint(VERDICTS, name="verdict"), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("decided_by", Big, sa.ForeignKey(metadata.tables["account"].c.id), nullable=False),
    sa.Column("decided_at", Big, nullable=False),
    sa.Index("ix_film_pair_decision_film_other", "film", "other"),
    sqlite_strict=True,
)


def upgrade() -> None:
    """Add the four tables."""
    for table in (film_fingerprint, published_film, film_pair, film_pair_decision):
        table.create(op.get_bind(), checkfirst=False)
