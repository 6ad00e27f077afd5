"""The tables of publication: each act of it, and the requests to take one back. Times are UTC ms."""

import sqlalchemy as sa

from core.store.table_groups.base import Id, Millis
from core.store.table_groups.base import table as _table

# The result was made public. The last row counts, until it is retracted; `contest.published_at` says the same.
publication = _table(
    "publication",
    sa.Column("id", Id, primary_key=True),
    sa.Column("document", sa.Text, nullable=False),  # "sha256:…" of the confirmed award table
    sa.Column("text", sa.Text, nullable=False),  # the published document: canonical JSON, judges by number
    sa.Column("published_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("published_at", Millis, nullable=False),
    sa.Column("retracted_at", Millis),
)
# What somebody proposes: that a publication is taken back. Another person confirms or declines it.
_OUTCOMES = "outcome in ('confirmed', 'declined')"
retraction = _table(
    "retraction",
    sa.Column("id", Id, primary_key=True),
    sa.Column("publication_id", Id, sa.ForeignKey("publication.id"), nullable=False, index=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("proposed_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("proposed_at", Millis, nullable=False),
    sa.Column("outcome", sa.Text, sa.CheckConstraint(_OUTCOMES, name="outcome")),  # NULL: it waits
    sa.Column("answer", sa.Text, nullable=False),  # of who decided it; a reason where it was declined
    sa.Column("decided_by", Id, sa.ForeignKey("account.id")),
    sa.Column("decided_at", Millis),
)
