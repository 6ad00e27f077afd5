"""One row that a health check writes, so that "healthy" means that a change was made durable."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

Big = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # as in 0001
NAMES = {"ck": "ck_%(table_name)s_%(constraint_name)s", "pk": "pk_%(table_name)s"}

checks = sa.Table(
    "health_check",
    sa.MetaData(naming_convention=NAMES),
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1", name="one"), primary_key=True, autoincrement=False),
    sa.Column("checked_at", Big, nullable=False),
    sqlite_strict=True,
)


def upgrade() -> None:
    """Make the table with its one row."""
    checks.create(op.get_bind())
    op.execute("insert into health_check (id, checked_at) values (1, 0)")
