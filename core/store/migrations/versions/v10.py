"""Version 10: the final round. Copies of `core.store.tables` as it stood then."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.versions.v1 import Big, metadata
from core.store.migrations.versions.v3 import submission

revision = "v10"
down_revision = "v9"

CHANGES = "kind in ('correct', 'film', 'withdraw', 'disqualify', 'reinstate')"
OUTCOMES = "outcome in ('confirmed', 'declined')"
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
finalist_change = sa.Table(
    "finalist_change",
    made,
    sa.Column("id", Big, primary_key=True),
    sa.Column("code", sa.Text, sa.ForeignKey("finalist.code"), nullable=False, index=True),
    sa.Column("kind", sa.Text, sa.CheckConstraint(CHANGES, name="kind"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("form", sa.Text, nullable=False),
    sa.Column("film", sa.Text),
    sa.Column("poster", sa.Text),
    sa.Column("milliseconds", sa.Integer),
    sa.Column("width", sa.Integer),
    sa.Column("height", sa.Integer),
    sa.Column("past_rules", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("proposed_by", Big, sa.ForeignKey(account.c.id), nullable=False),
    sa.Column("proposed_at", Big, nullable=False),
    sa.Column("outcome", sa.Text, sa.CheckConstraint(OUTCOMES, name="outcome")),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("decided_by", Big, sa.ForeignKey(account.c.id)),
    sa.Column("decided_at", Big),
    sqlite_strict=True,
)
entry_out = sa.Table(
    "entry_out",
    made,
    sa.Column("entry_id", Big, sa.ForeignKey(metadata.tables["entry"].c.id), primary_key=True, autoincrement=False),
    sa.Column("out_at", Big, nullable=False),
    sqlite_strict=True,
)


def upgrade() -> None:
    """Add the tables."""
    for table in (finals_list, finals_draw, finalist, finalist_post, finalist_change, entry_out):
        table.create(op.get_bind(), checkfirst=False)
