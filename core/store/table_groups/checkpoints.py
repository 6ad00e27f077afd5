"""The table of signed checkpoints. Rows are only added. Times are UTC ms."""

import sqlalchemy as sa

from core.store.table_groups.base import Id, Millis
from core.store.table_groups.base import table as _table

# A signed statement about the first `rows` rows of the result chain; the last of them is its `checkpoint.made`.
checkpoint = _table(
    "checkpoint",
    sa.Column("rows", Id, primary_key=True, autoincrement=False),
    sa.Column("made_at", Millis, nullable=False),
    sa.Column("occasion", sa.Text, nullable=False),  # `core.desk.checkpoints.Occasion`
    sa.Column("note", sa.Text, nullable=False),  # `core.store.signing.signed_notes`
)
