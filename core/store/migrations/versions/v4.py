"""Version 4: officials, and authors who are like them. The tables are copies of `core.store.tables`; they never change."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.versions.v1 import Big, metadata

revision = "v4"
down_revision = "v3"

ONE_SIDE = "(official_id is null) <> (account_id is null)"
GROUNDS = "ground in ('phone', 'birth', 'name', 'other_birth')"
OUTCOMES = "outcome in ('same', 'different')"
account = metadata.tables["account"]
tables = sa.MetaData(naming_convention=metadata.naming_convention)
official = sa.Table(
    "official",
    tables,
    sa.Column("id", Big, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("birth_date", sa.Text, nullable=False),
    sa.Column("phone", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("added_by", Big, sa.ForeignKey(account.c.id), nullable=False),
    sa.Column("added_at", Big, nullable=False),
    sa.Column("removed_at", Big),
    sqlite_strict=True,
)
author_match = sa.Table(
    "author_match",
    tables,
    sa.Column("id", Big, primary_key=True),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("official_id", Big, sa.ForeignKey("official.id")),
    sa.Column("account_id", Big, sa.ForeignKey(account.c.id), sa.CheckConstraint(ONE_SIDE, name="one_side")),
    sa.Column("ground", sa.Text, sa.CheckConstraint(GROUNDS, name="ground"), nullable=False),
    sa.Column("likeness", sa.Integer, nullable=False),
    sa.Column("found_at", Big, nullable=False),
    sa.UniqueConstraint("author", "official_id"),
    sa.UniqueConstraint("author", "account_id"),
    sqlite_strict=True,
)
match_decision = sa.Table(
    "match_decision",
    tables,
    sa.Column("id", Big, primary_key=True),
    sa.Column("author", sa.Text, nullable=False, index=True),
    sa.Column("official_id", Big, sa.ForeignKey("official.id")),
    sa.Column("account_id", Big, sa.ForeignKey(account.c.id), sa.CheckConstraint(ONE_SIDE, name="one_side")),
    sa.Column("ground", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, sa.CheckConstraint(OUTCOMES, name="outcome"), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("decided_by", Big, sa.ForeignKey(account.c.id), nullable=False),
    sa.Column("decided_at", Big, nullable=False),
    sqlite_strict=True,
)


def upgrade() -> None:
    """Add the tables `official`, `author_match` and `match_decision`."""
    for table in (official, author_match, match_decision):
        table.create(op.get_bind(), checkfirst=False)
