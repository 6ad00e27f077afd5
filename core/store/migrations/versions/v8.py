"""Version 8: the screening of submissions. Copies of `core.store.tables` as it stood then."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.versions.v1 import Big, metadata

revision = "v8"
down_revision = "v7"

made = sa.MetaData(naming_convention=metadata.naming_convention)
VERDICTS = "verdict in ('accept', 'reject', 'return', 'mark')"
account = metadata.tables["account"]
submission = sa.Table("submission", made, sa.Column("id", Big, primary_key=True))  # only for the foreign keys
screening_verdict = sa.Table(
    "screening_verdict",
    made,
    sa.Column("id", Big, primary_key=True),
    sa.Column("submission_id", Big, sa.ForeignKey(submission.c.id), nullable=False),
    sa.Column("screener_id", Big, sa.ForeignKey(account.c.id), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("film", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, sa.CheckConstraint(VERDICTS, name="verdict"), nullable=False),
    sa.Column("points", sa.Integer),
    sa.Column("answers", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("names_author", sa.Integer, nullable=False),
    sa.Column("given_at", Big, nullable=False),
    sa.UniqueConstraint("submission_id", "screener_id", "revision"),
    sqlite_strict=True,
)
screening_recusal = sa.Table(
    "screening_recusal",
    made,
    sa.Column("submission_id", Big, sa.ForeignKey(submission.c.id), primary_key=True),
    sa.Column("screener_id", Big, sa.ForeignKey(account.c.id), primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("declared_at", Big, nullable=False),
    sqlite_strict=True,
)


def upgrade() -> None:
    """Add the two tables."""
    for table in (screening_verdict, screening_recusal):
        table.create(op.get_bind(), checkfirst=False)
