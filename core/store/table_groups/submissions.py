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
    # Rises with every new form or film, and when the work is to be screened anew: a verdict is about one revision.
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Index("ix_submission_film", "film"),
)
# Which ledger rows are about a submission: its history.
submission_change = _table(
    "submission_change",
    sa.Column("submission_id", Id, sa.ForeignKey("submission.id"), primary_key=True),
    sa.Column("ledger_id", Id, primary_key=True, autoincrement=False),
)
# What screeners said about a revision of a work. The order of the ids is the order in which they said it.
screening_verdict = _table(
    "screening_verdict",
    sa.Column("id", Id, primary_key=True),
    sa.Column("submission_id", Id, sa.ForeignKey("submission.id"), nullable=False),
    sa.Column("screener_id", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("film", sa.Text, nullable=False),  # hex SHA-256
    sa.Column(
        "verdict",
        sa.Text,
        sa.CheckConstraint("verdict in ('accept', 'reject', 'return', 'mark')", name="verdict"),
        nullable=False,
    ),
    sa.Column("points", sa.Integer),  # hundredths; of a mark only
    sa.Column("answers", sa.Text, nullable=False),  # JSON: item key -> "yes" or "no"
    sa.Column("reason", sa.Text, nullable=False),  # empty: none
    sa.Column("names_author", sa.Integer, nullable=False),  # the picture itself names the author
    sa.Column("given_at", Millis, nullable=False),
    sa.UniqueConstraint("submission_id", "screener_id", "revision"),
)
# Screeners who know the author of a work.
screening_recusal = _table(
    "screening_recusal",
    sa.Column("submission_id", Id, sa.ForeignKey("submission.id"), primary_key=True),
    sa.Column("screener_id", Id, sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("declared_at", Millis, nullable=False),
)
# Whether strangers may enter works online, and the code that the office asks for.
entry_door = _table(
    "entry_door",
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1", name="one"), primary_key=True, autoincrement=False),
    sa.Column("open", sa.Integer, nullable=False),
    sa.Column("code", sa.Text, nullable=False),  # empty: none is asked for
)
