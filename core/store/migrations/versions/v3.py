"""Version 3: submissions. The tables are a copy of `core.store.tables` as it stood then; they never change."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.versions.v1 import Big
from core.store.migrations.versions.v1 import metadata as v1

revision = "v3"
down_revision = "v2"

STATES = "state in ('awaiting_film', 'received', 'returned', 'accepted', 'rejected', 'finalist', 'withdrawn', 'disqualified')"
metadata = sa.MetaData(naming_convention=v1.naming_convention)
submission = sa.Table(
    "submission",
    metadata,
    sa.Column("id", Big, primary_key=True),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("state", sa.Text, sa.CheckConstraint(STATES, name="state"), nullable=False),
    sa.Column("form", sa.Text, nullable=False),
    sa.Column("link_hash", sa.Text, unique=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("film", sa.Text),
    sa.Column("milliseconds", Big),
    sa.Column("width", sa.Integer),
    sa.Column("height", sa.Integer),
    sa.Column("poster", sa.Text),
    sa.Column("late", sa.Integer, nullable=False),
    sa.Column("registered_at", Big, nullable=False),
    sa.Column("film_at", Big),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Index("ix_submission_film", "film"),
    sqlite_strict=True,
)
submission_change = sa.Table(
    "submission_change",
    metadata,
    sa.Column("submission_id", Big, sa.ForeignKey("submission.id"), primary_key=True),
    sa.Column("ledger_id", Big, primary_key=True, autoincrement=False),
    sqlite_strict=True,
)
entry_door = sa.Table(
    "entry_door",
    metadata,
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1", name="one"), primary_key=True, autoincrement=False),
    sa.Column("open", sa.Integer, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sqlite_strict=True,
)


def upgrade() -> None:
    """Add the tables."""
    for table in (submission, submission_change, entry_door):
        table.create(op.get_bind(), checkfirst=False)
