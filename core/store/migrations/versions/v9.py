"""Version 9: what belongs to readings, and their confirmation. Copies of `core.store.tables` as it stood then."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.versions.v1 import Big, metadata

revision = "v9"
down_revision = "v8"

VERDICTS = "verdict in ('confirmed', 'rejected')"
reading, account = metadata.tables["reading"], metadata.tables["account"]
made = sa.MetaData(naming_convention=metadata.naming_convention)
reading_detail = sa.Table(
    "reading_detail",
    made,
    sa.Column("reading_id", Big, sa.ForeignKey(reading.c.id), primary_key=True, autoincrement=False),
    sa.Column("corrects", Big, sa.ForeignKey(reading.c.id)),
    sa.Column("questions", sa.Text, nullable=False),
    sa.Column("explanation", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("address", sa.Text),
    sa.Column("screenshot", sa.Text),
    sqlite_strict=True,
)
reading_review = sa.Table(
    "reading_review",
    made,
    sa.Column("reading_id", Big, sa.ForeignKey(reading.c.id), primary_key=True, autoincrement=False),
    sa.Column("verdict", sa.Text, sa.CheckConstraint(VERDICTS, name="verdict"), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("reviewed_by", Big, sa.ForeignKey(account.c.id), nullable=False),
    sa.Column("reviewed_at", Big, nullable=False),
    sqlite_strict=True,
)


def upgrade() -> None:
    """Add the two tables."""
    for table in (reading_detail, reading_review):
        table.create(op.get_bind(), checkfirst=False)
