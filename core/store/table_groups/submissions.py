"""The tables of submissions. Times are UTC milliseconds since 1970."""

import sqlalchemy as sa

from core.store.table_groups.base import Big, Id, Millis
from core.store.table_groups.base import table as _table

# Works as their authors enter them, before the jury has them: `entry` holds what the jury marks.
submission = _table(
    "submission",
    sa.Column("id", Id, primary_key=True),
    sa.Column("code", sa.Text, nullable=False, unique=True),  # in order of receipt: "TP-001"
    sa.Column(
        "state",
        sa.Text,
        sa.CheckConstraint(
            "state in ('awaiting_film', 'received', 'returned', 'accepted', 'rejected', 'finalist', 'withdrawn', "
            "'disqualified')",
            name="state",
        ),
        nullable=False,
    ),
    sa.Column("form", sa.Text, nullable=False),  # JSON with a version: core.desk.stored_forms
    sa.Column(
        "link_hash", sa.Text, unique=True
    ),  # hex SHA-256 of the private link's secret; NULL: entered by the office
    sa.Column("version", sa.Integer, nullable=False),  # rises at every change: an outdated second tab is refused
    sa.Column("film", sa.Text),  # hex SHA-256; its file in the library is named by it
    sa.Column("milliseconds", Big),
    sa.Column("width", sa.Integer),
    sa.Column("height", sa.Integer),
    sa.Column("poster", sa.Text),
    sa.Column("late", sa.Integer, nullable=False),  # entered or given its film after the window, by the office
    sa.Column("registered_at", Millis, nullable=False),
    sa.Column("film_at", Millis),
    sa.Index("ix_submission_film", "film"),
)
# Which ledger rows are about a submission: its history.
submission_change = _table(
    "submission_change",
    sa.Column("submission_id", Id, sa.ForeignKey("submission.id"), primary_key=True),
    sa.Column("ledger_id", Id, primary_key=True, autoincrement=False),
)
# Whether strangers may enter works online, and the code that the office asks for.
entry_door = _table(
    "entry_door",
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1", name="one"), primary_key=True, autoincrement=False),
    sa.Column("open", sa.Integer, nullable=False),
    sa.Column("code", sa.Text, nullable=False),  # empty: none is asked for
)
