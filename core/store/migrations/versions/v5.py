"""Version 5: uploads. The table is a copy of `core.store.tables` as it stood then; it never changes."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.versions.v1 import Big, metadata

revision = "v5"
down_revision = "v4"

KEPT_BYTES = "kept_bytes >= 0 and kept_bytes <= declared_bytes"
STATES = "state in ('open', 'complete', 'claimed')"
upload = sa.Table(
    "upload",
    sa.MetaData(naming_convention=metadata.naming_convention),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("network", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("declared_bytes", Big, nullable=False),
    sa.Column("kept_bytes", Big, sa.CheckConstraint(KEPT_BYTES, name="kept_bytes"), nullable=False),
    sa.Column("state", sa.Text, sa.CheckConstraint(STATES, name="state"), nullable=False),
    sa.Column("sha256", sa.Text),
    sa.Column("created_at", Big, nullable=False),
    sa.Column("expires_at", Big, nullable=False),
    sa.Index("ix_upload_state", "state"),
    sqlite_strict=True,
)


def upgrade() -> None:
    """Add the table `upload`."""
    upload.create(op.get_bind(), checkfirst=False)
