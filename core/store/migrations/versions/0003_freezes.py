"""The freezes of the interactions, each with who froze, and who opened them again and why. Earlier ones stand in the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

Big = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # as in 0001
NAMES = {"fk": "fk_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}

metadata = sa.MetaData(naming_convention=NAMES)
sa.Table("account", metadata, sa.Column("id", Big, primary_key=True))
freezes = sa.Table(
    "interactions_freeze",
    metadata,
    sa.Column("id", Big, primary_key=True),
    sa.Column("frozen_by", Big, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("frozen_at", Big, nullable=False),
    sa.Column("reopened_by", Big, sa.ForeignKey("account.id")),
    sa.Column("reopened_at", Big),
    sa.Column("reason", sa.Text),
    sqlite_strict=True,
)
KNOWN = """insert into interactions_freeze (frozen_by, frozen_at)
select a.id, l.at from ledger l join account a on a.username = l.actor where l.event = 'interactions.frozen' order by l.seq"""


def upgrade() -> None:
    """Make the table, and write down the freeze that the ledger knows."""
    freezes.create(op.get_bind())
    op.execute(KNOWN)
