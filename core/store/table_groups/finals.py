"""The tables of the final round: closed lists, the draw of judging codes, and the finalists. Times are UTC ms."""

import sqlalchemy as sa

from core.store.table_groups.base import Id, Millis
from core.store.table_groups.base import table as _table

# The list of accepted submissions, closed before the draw. A later row replaces an earlier one until the draw.
finals_list = _table(
    "finals_list",
    sa.Column("id", Id, primary_key=True),
    sa.Column("works", sa.Text, nullable=False),  # JSON list of submission codes
    sa.Column("taken", sa.Text, nullable=False),  # JSON list of the codes that the jury's works had then
    sa.Column("left_out", sa.Text, nullable=False),  # JSON list of the submissions that still waited for screening
    sa.Column("sha256", sa.Text, nullable=False),  # of the list's canonical text
    sa.Column("source", sa.Text, nullable=False),  # where the seed will come from
    sa.Column("reason", sa.Text, nullable=False),  # why works are left out, or why the list is closed again
    sa.Column("closed_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("closed_at", Millis, nullable=False),
)
finals_draw = _table(
    "finals_draw",
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1", name="one"), primary_key=True, autoincrement=False),
    sa.Column("list_id", Id, sa.ForeignKey("finals_list.id"), nullable=False),
    sa.Column("seed", sa.Text, nullable=False),
    sa.Column("drawn_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("drawn_at", Millis, nullable=False),
)
# Which work of the jury's a submission has become.
finalist = _table(
    "finalist",
    sa.Column("submission_id", Id, sa.ForeignKey("submission.id"), primary_key=True, autoincrement=False),
    sa.Column("code", sa.Text, nullable=False, unique=True),  # the judging code: `entry.code`
)
# Where and when a finalist was posted. The last row of a finalist counts; an empty address says that there is no post.
finalist_post = _table(
    "finalist_post",
    sa.Column("id", Id, primary_key=True),
    sa.Column("code", sa.Text, sa.ForeignKey("finalist.code"), nullable=False, index=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("posted_at", Millis),
    sa.Column("reason", sa.Text, nullable=False),  # of a correction
    sa.Column("entered_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("entered_at", Millis, nullable=False),
)
# What somebody proposes to change about a finalist, until another person confirms or declines it.
_CHANGES = "kind in ('correct', 'film', 'withdraw', 'disqualify', 'reinstate')"
_OUTCOMES = "outcome in ('confirmed', 'declined')"
finalist_change = _table(
    "finalist_change",
    sa.Column("id", Id, primary_key=True),
    sa.Column("code", sa.Text, sa.ForeignKey("finalist.code"), nullable=False, index=True),
    sa.Column("kind", sa.Text, sa.CheckConstraint(_CHANGES, name="kind"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),  # of the submission, as the proposer read it
    sa.Column("form", sa.Text, nullable=False),  # the corrected form, as in `submission`; empty for other kinds
    sa.Column("film", sa.Text),  # SHA-256 of the film that is to replace the finalist's; NULL for other kinds
    sa.Column("poster", sa.Text),
    sa.Column("milliseconds", sa.Integer),
    sa.Column("width", sa.Integer),
    sa.Column("height", sa.Integer),
    sa.Column(
        "past_rules", sa.Text, nullable=False
    ),  # rules that the film breaks and the office overrides, with commas
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("proposed_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("proposed_at", Millis, nullable=False),
    sa.Column("outcome", sa.Text, sa.CheckConstraint(_OUTCOMES, name="outcome")),  # NULL: waits for the second person
    sa.Column("answer", sa.Text, nullable=False),  # why it was declined; may be empty otherwise
    sa.Column("decided_by", Id, sa.ForeignKey("account.id")),
    sa.Column("decided_at", Millis),
)
# The works of the jury that are out of the competition: in no queue, place or count.
entry_out = _table(
    "entry_out",
    sa.Column("entry_id", Id, sa.ForeignKey("entry.id"), primary_key=True, autoincrement=False),
    sa.Column("out_at", Millis, nullable=False),
)
