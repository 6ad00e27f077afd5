"""Version 2: background jobs. The table is a copy of `core.store.tables` as it stood then; it never changes."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.versions.v1 import Big, metadata

revision = "v2"
down_revision = "v1"

LIVING = "state in ('waiting', 'running')"
STATES = "state in ('waiting', 'running', 'done', 'failed', 'parked', 'cancelled')"
job = sa.Table(
    "job",
    sa.MetaData(naming_convention=metadata.naming_convention),
    sa.Column("id", Big, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("state", sa.Text, sa.CheckConstraint(STATES, name="state"), nullable=False),
    sa.Column(
        "progress", sa.Integer, sa.CheckConstraint("progress between 0 and 1000", name="progress"), nullable=False
    ),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("worker", sa.Text),
    sa.Column("beats", Big, nullable=False),
    sa.Column("cancel_requested", sa.Integer, nullable=False),
    sa.Column("report", sa.Text),
    sa.Column("requested_by", Big, sa.ForeignKey(metadata.tables["account"].c.id)),
    sa.Column("requested_at", Big, nullable=False),
    sa.Column("ended_at", Big),
    sa.Index(
        "ix_job_kind_subject",
        "kind",
        "subject",
        unique=True,
        sqlite_where=sa.text(LIVING),
        postgresql_where=sa.text(LIVING),
    ),
    sa.Index("ix_job_state_id", "state", "id"),
    sqlite_strict=True,
)


def upgrade() -> None:
    """Add the table `job`."""
    job.create(op.get_bind(), checkfirst=False)
