"""Version 11: the final round. Copies of `core.store.tables` as it stood then."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.versions.v1 import Big, metadata
from core.store.migrations.versions.v3 import submission

revision = "v11"
down_revision = "v7"

account = metadata.tables["account"]
made = sa.MetaData(naming_convention=metadata.naming_convention)
finals_list = sa.Table(
    "finals_list",
    made,
    sa.Column("id", Big, primary_key=True),
    sa.Column("works", sa.Text, nullable=False),
    sa.Column("taken", sa.Text, nullable=False),
    sa.Column("left_out", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("closed_by", Big, sa.ForeignKey(account.c.id), nullable=False),
    sa.Column("closed_at", Big, nullable=False),
    sqlite_strict=True,
)
finals_draw = sa.Table(
    "finals_draw",
    made,
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1", name="one"), primary_key=True, autoincrement=False),
    sa.Column("list_id", Big, sa.ForeignKey("finals_list.id"), nullable=False),
    sa.Column("seed", sa.Text, nullable=False),
    sa.Column("drawn_by", Big, sa.ForeignKey(account.c.id), nullable=False),
    sa.Column("drawn_at", Big, nullable=False),
    sqlite_strict=True,
)
finalist = sa.Table(
    "finalist",
    made,
    sa.Column("submission_id", Big, sa.ForeignKey(submission.c.id), primary_key=True, autoincrement=False),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sqlite_strict=True,
)
finalist_post = sa.Table(
    "finalist_post",
    made,
    sa.Column("id", Big, primary_key=True),
    sa.Column("code", sa.Text, sa.ForeignKey("finalist.code"), nullable=False, index=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("posted_at", Big),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("entered_by", Big, sa.ForeignKey(account.c.id), nullable=False),
    sa.Column("entered_at", Big, nullable=False),
    sqlite_strict=True,
)


def upgrade() -> None:
    """Add the tables."""
    for table in (finals_list, finals_draw, finalist, finalist_post):
        table.create(op.get_bind(), checkfirst=False)
