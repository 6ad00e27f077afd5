"""Version 11: publication of the result. Copies of `core.store.tables` as it stood then."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.versions.v1 import Big, metadata

revision = "v11"
down_revision = "v10"

OUTCOMES = "outcome in ('confirmed', 'declined')"
account = metadata.tables["account"]
made = sa.MetaData(naming_convention=metadata.naming_convention)
publication = sa.Table(
    "publication",
    made,
    sa.Column("id", Big, primary_key=True),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("published_by", Big, sa.ForeignKey(account.c.id), nullable=False),
    sa.Column("published_at", Big, nullable=False),
    sa.Column("retracted_at", Big),
    sqlite_strict=True,
)
retraction = sa.Table(
    "retraction",
    made,
    sa.Column("id", Big, primary_key=True),
    sa.Column("publication_id", Big, sa.ForeignKey("publication.id"), nullable=False, index=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("proposed_by", Big, sa.ForeignKey(account.c.id), nullable=False),
    sa.Column("proposed_at", Big, nullable=False),
    sa.Column("outcome", sa.Text, sa.CheckConstraint(OUTCOMES, name="outcome")),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("decided_by", Big, sa.ForeignKey(account.c.id)),
    sa.Column("decided_at", Big),
    sqlite_strict=True,
)


def upgrade() -> None:
    """Add the tables."""
    for table in (publication, retraction):
        table.create(op.get_bind(), checkfirst=False)
