"""The tables of officials and of authors who are like them; `core.store.tables` has all tables."""

import sqlalchemy as sa

from core.store.table_groups.base import Id, Millis
from core.store.table_groups.base import table as _table

# Members of the contest's bodies, who may not enter it (plan III.1). Accounts are officials too, by their names.
official = _table(
    "official",
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),  # a key of the contest's bodies, or another body's name
    sa.Column("birth_date", sa.Text, nullable=False),  # "1990-05-07"; "" if unknown
    sa.Column("phone", sa.Text, nullable=False),  # as `phone_key` writes it; "" if unknown
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("added_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("added_at", Millis, nullable=False),
    sa.Column("removed_at", Millis),
)
# An author who is like an official: found by comparing them, found again at every change of either side.
_ONE_SIDE = "(official_id is null) <> (account_id is null)"
author_match = _table(
    "author_match",
    sa.Column("id", Id, primary_key=True),
    sa.Column("author", sa.Text, nullable=False),  # the author's key: a work's code and the author's place in it
    sa.Column("official_id", Id, sa.ForeignKey("official.id")),
    sa.Column("account_id", Id, sa.ForeignKey("account.id"), sa.CheckConstraint(_ONE_SIDE, name="one_side")),
    sa.Column(
        "ground",
        sa.Text,
        sa.CheckConstraint("ground in ('phone', 'birth', 'name', 'other_birth')", name="ground"),
        nullable=False,
    ),
    sa.Column("likeness", sa.Integer, nullable=False),  # of the names, 0-100
    sa.Column("found_at", Millis, nullable=False),
    sa.UniqueConstraint("author", "official_id"),
    sa.UniqueConstraint("author", "account_id"),
)
# What people decided about such a match. The newest decision of an author and an official counts.
match_decision = _table(
    "match_decision",
    sa.Column("id", Id, primary_key=True),
    sa.Column("author", sa.Text, nullable=False, index=True),
    sa.Column("official_id", Id, sa.ForeignKey("official.id")),
    sa.Column("account_id", Id, sa.ForeignKey("account.id"), sa.CheckConstraint(_ONE_SIDE, name="one_side")),
    sa.Column("ground", sa.Text, nullable=False),  # of the match that was decided
    sa.Column(
        "outcome", sa.Text, sa.CheckConstraint("outcome in ('same', 'different')", name="outcome"), nullable=False
    ),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("decided_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("decided_at", Millis, nullable=False),
)
