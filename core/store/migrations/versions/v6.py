"""Version 6: copies of films. The table is a copy of `core.store.tables` as it stood then; it never changes."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.versions.v1 import Big, metadata

revision = "v6"
down_revision = "v5"

KINDS = "kind in ('anonymous', 'light', 'playable')"
film_copy = sa.Table(
    "film_copy",
    sa.MetaData(naming_convention=metadata.naming_convention),
    sa.Column("film", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, sa.CheckConstraint(KINDS, name="kind"), primary_key=True),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("bytes", Big, nullable=False),
    sa.Column("milliseconds", Big, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("made_at", Big, nullable=False),
    sqlite_strict=True,
)


def upgrade() -> None:
    """Add the table `film_copy`."""
    film_copy.create(op.get_bind(), checkfirst=False)
