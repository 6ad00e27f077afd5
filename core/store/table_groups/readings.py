"""The tables of interaction counts: readings, what belongs to them, and their freezes."""

import sqlalchemy as sa

from core.rules.interaction_kinds import INTERACTION_KINDS
from core.store.table_groups.base import Big, Id, Millis
from core.store.table_groups.base import table as _table

reading = _table(
    "reading",
    sa.Column("id", Id, primary_key=True),
    sa.Column("entry_id", Id, sa.ForeignKey("entry.id"), nullable=False, index=True),
    sa.Column("taken_at", Millis, nullable=False),
    *(sa.Column(kind, Big, nullable=False) for kind in INTERACTION_KINDS),
    sa.Column("entered_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("entered_at", Millis, nullable=False),
)
# What belongs to a reading. One without such a row was entered by a release without confirmation: it is confirmed.
reading_detail = _table(
    "reading_detail",
    sa.Column("reading_id", Id, sa.ForeignKey("reading.id"), primary_key=True, autoincrement=False),
    sa.Column("corrects", Id, sa.ForeignKey("reading.id")),  # the reading that it corrects
    sa.Column(
        "questions", sa.Text, nullable=False
    ),  # what was asked about it: core.rules.readings.reading_questions, JSON
    sa.Column("explanation", sa.Text),  # the answer
    sa.Column("reason", sa.Text),  # why it corrects another
    sa.Column("address", sa.Text),  # of the post
    sa.Column("screenshot", sa.Text),  # hex SHA-256 of the picture in the library
)
# What another person decided about a reading, once.
reading_review = _table(
    "reading_review",
    sa.Column("reading_id", Id, sa.ForeignKey("reading.id"), primary_key=True, autoincrement=False),
    sa.Column(
        "verdict", sa.Text, sa.CheckConstraint("verdict in ('confirmed', 'rejected')", name="verdict"), nullable=False
    ),
    sa.Column("reason", sa.Text),  # why it was rejected
    sa.Column("reviewed_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("reviewed_at", Millis, nullable=False),
)
interactions_freeze = _table(
    "interactions_freeze",  # one row per freeze of the interactions, and who reopened it
    sa.Column("id", Id, primary_key=True),
    sa.Column("frozen_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("frozen_at", Millis, nullable=False),
    sa.Column("reopened_by", Id, sa.ForeignKey("account.id")),
    sa.Column("reopened_at", Millis),
    sa.Column("reason", sa.Text),  # why it was reopened
)
