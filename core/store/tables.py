"""The tables, one contest to a database. Times are UTC milliseconds since 1970, marks hundredths, money whole đồng."""

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Big = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # STRICT tables know INTEGER, of 64 bits
Id = Big
Millis = Big  # UTC, since 1970


def _table(name: str, *parts: Any, **options: Any) -> sa.Table:
    return sa.Table(name, metadata, *parts, sqlite_strict=True, **options)


contest = _table(
    "contest",
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1", name="one"), primary_key=True, autoincrement=False),
    sa.Column("toml", sa.Text, nullable=False),
    sa.Column("rule_card", sa.Text, nullable=False),  # "sha256:…"
    sa.Column("rule_card_version", sa.Integer, nullable=False),  # of the document it is the hash of
    sa.Column("seed", sa.Text, nullable=False),  # public: the judges' viewing orders come from it
    sa.Column("is_demo", sa.Integer, nullable=False),
    sa.Column("opened_at", Millis, nullable=False),
    sa.Column("frozen_at", Millis),  # at the first submitted sheet
    sa.Column("judging_closed_at", Millis),
    sa.Column("interactions_frozen_at", Millis),
    sa.Column("awards_confirmed_at", Millis),
    sa.Column("published_at", Millis),
)

account = _table(
    "account",
    sa.Column("id", Id, primary_key=True),
    sa.Column(
        "number", sa.Integer, nullable=False, unique=True
    ),  # random: the account's pseudonym in the ledger, "GK07"
    sa.Column("username", sa.Text, nullable=False, unique=True),  # lower-case ASCII; a judge's key in every paper
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("password", sa.Text, nullable=False),  # bcrypt
    sa.Column("must_change", sa.Integer, nullable=False),
    sa.Column("active", sa.Integer, nullable=False),
    sa.Column("is_demo", sa.Integer, nullable=False),
    sa.Column("created_at", Millis, nullable=False),
)
account_role = _table(
    "account_role",
    sa.Column("account_id", Id, sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
)
# What an administrator set after the first sheet waits until the chief or the committee confirms that it is the person.
unconfirmed_account = _table(
    "unconfirmed_account",
    sa.Column("account_id", Id, sa.ForeignKey("account.id"), primary_key=True, autoincrement=False),
    sa.Column("cause", sa.Text, nullable=False),  # "added", "roles", "password", "reactivated"
    sa.Column("since", Millis, nullable=False),
)
auth_session = _table(
    "auth_session",
    sa.Column("secret_hash", sa.Text, primary_key=True),  # hex sha256; the secret itself lies only in the cookie
    sa.Column("account_id", Id, sa.ForeignKey("account.id"), nullable=False, index=True),
    sa.Column("created_at", Millis, nullable=False),
    sa.Column("last_seen_at", Millis, nullable=False),
    sa.Column("expires_at", Millis, nullable=False),
    sa.Column("ended_at", Millis),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("agent", sa.Text, nullable=False),
)
sign_in_ticket = _table(
    "sign_in_ticket",
    sa.Column("ticket_hash", sa.Text, primary_key=True),
    sa.Column("browser_hash", sa.Text, nullable=False),
    sa.Column("account_id", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("expires_at", Millis, nullable=False),
    sa.Column("used_at", Millis),
)
sign_in_delay = _table(
    "sign_in_delay",
    sa.Column("key", sa.Text, primary_key=True),  # core.desk.accounts.throttling; never what was typed
    sa.Column("failures", sa.Integer, nullable=False),  # in a row, where they are counted
    sa.Column("not_before", Millis, nullable=False),  # of the next try; or when a pace has its whole reserve again
)
reset_link = _table(
    "reset_link",
    sa.Column("secret_hash", sa.Text, primary_key=True),
    sa.Column("account_id", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("expires_at", Millis, nullable=False),
    sa.Column("used_at", Millis),
)

entry = _table(
    "entry",
    sa.Column("id", Id, primary_key=True),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("video", sa.Text),  # file name in the library, never a path
    sa.Column("poster", sa.Text),
    sa.Column("sha256", sa.Text),
    sa.Column("milliseconds", Big),
    sa.Column("width", sa.Integer),
    sa.Column("height", sa.Integer),
)
assignment = _table(
    "assignment",
    sa.Column("judge_id", Id, sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("entry_id", Id, sa.ForeignKey("entry.id"), primary_key=True),
)
recusal = _table(
    "recusal",
    sa.Column("judge_id", Id, sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("entry_id", Id, sa.ForeignKey("entry.id"), primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("declared_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("declared_at", Millis, nullable=False),
)

# The sheet a judge is writing. `version` grows at every change: a second tab that is behind is told.
sheet = _table(
    "sheet",
    sa.Column("judge_id", Id, sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("entry_id", Id, sa.ForeignKey("entry.id"), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column(
        "state", sa.Text, sa.CheckConstraint("state in ('draft', 'sealed', 'returned')", name="state"), nullable=False
    ),
    sa.Column("marks", sa.Text, nullable=False),  # {"ND": 3850}: JSON, hundredths
    sa.Column("remarks", sa.Text, nullable=False),  # {"ND": "…", "": "overall"}: JSON
    sa.Column("revision", sa.Integer, nullable=False),  # the last sealed one; 0 before the first
    sa.Column("return_reason", sa.Text),
    sa.Column("saved_at", Millis, nullable=False),
)
# What was sealed. The database refuses to change or delete a row.
sheet_revision = _table(
    "sheet_revision",
    sa.Column("judge_id", Id, sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("entry_id", Id, sa.ForeignKey("entry.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("marks", sa.Text, nullable=False),
    sa.Column("remarks", sa.Text, nullable=False),  # the commitment to their JSON; the words are a `disclosure`
    sa.Column("watched_share", sa.Integer, nullable=False),  # basis points at the moment of sealing
    sa.Column("submit_key", sa.Text, nullable=False, unique=True),  # the same click twice is the same revision
    sa.Column("receipt", sa.Text, nullable=False),
    sa.Column("ledger_seq", Big, nullable=False),
    sa.Column("sealed_at", Millis, nullable=False),
)
# The marks that count now: those of each judge's standing (sealed, not returned, not recused) revision.
mark = _table(
    "mark",
    sa.Column("entry_id", Id, sa.ForeignKey("entry.id"), primary_key=True),
    sa.Column("criterion", sa.Integer, primary_key=True),  # its position in the rubric
    sa.Column("judge_id", Id, sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("hundredths", sa.Integer, sa.CheckConstraint("hundredths >= 0", name="not_negative"), nullable=False),
    sqlite_with_rowid=False,
)
note = _table(
    "note",
    sa.Column("id", Id, primary_key=True),
    sa.Column("judge_id", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("entry_id", Id, sa.ForeignKey("entry.id"), nullable=False),
    sa.Column("at_ms", Big, nullable=False),  # the moment of the film
    sa.Column("text", sa.Text, nullable=False),
    sa.Index("ix_note_judge_id_entry_id", "judge_id", "entry_id"),
)
watched = _table(
    "watched",
    sa.Column("judge_id", Id, sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("entry_id", Id, sa.ForeignKey("entry.id"), primary_key=True),
    sa.Column("intervals", sa.Text, nullable=False),  # [[from_ms, to_ms], …] JSON, disjoint and ascending
    sa.Column("budget_ms", Big, nullable=False),  # film time that may still be credited at `credited_at`
    sa.Column("credited_at", Millis, nullable=False),
)

reading = _table(
    "reading",
    sa.Column("id", Id, primary_key=True),
    sa.Column("entry_id", Id, sa.ForeignKey("entry.id"), nullable=False, index=True),
    sa.Column("taken_at", Millis, nullable=False),
    sa.Column("reactions", Big, nullable=False),
    sa.Column("comments", Big, nullable=False),
    sa.Column("shares", Big, nullable=False),
    sa.Column("views", Big, nullable=False),
    sa.Column("entered_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("entered_at", Millis, nullable=False),
)
interactions_freeze = _table(
    "interactions_freeze",  # each time the interactions were frozen, and opened again by somebody else
    sa.Column("id", Id, primary_key=True),
    sa.Column("frozen_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("frozen_at", Millis, nullable=False),
    sa.Column("reopened_by", Id, sa.ForeignKey("account.id")),
    sa.Column("reopened_at", Millis),
    sa.Column("reason", sa.Text),  # why they were opened again
)
# The committee's choice where the regulation leaves a prize undecided, or its decision to withhold one.
decision = _table(
    "decision",
    sa.Column("id", Id, primary_key=True),
    sa.Column("prize", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, sa.CheckConstraint("kind in ('choose', 'withhold')", name="kind"), nullable=False),
    sa.Column("entries", sa.Text, nullable=False),  # JSON list of codes chosen; empty for a withheld prize
    sa.Column("quantity", sa.Integer, nullable=False),  # how many are withheld; 0 for a choice
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("decided_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("decided_at", Millis, nullable=False),
    sa.Column("revoked_at", Millis),
)
award_table = _table(
    "award_table",  # the table as confirmed: what is printed afterwards is this, whatever changes later
    sa.Column("id", Id, primary_key=True),
    sa.Column("document", sa.Text, nullable=False),  # canonical JSON
    sa.Column("rule_card", sa.Text, nullable=False),
    sa.Column("ledger_seq", Big, nullable=False),
    sa.Column("confirmed_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("confirmed_at", Millis, nullable=False),
)

# One row, written by each health check: what it holds matters to nobody.
health_check = _table(
    "health_check",
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1", name="one"), primary_key=True, autoincrement=False),
    sa.Column("checked_at", Millis, nullable=False),
)

# The personal texts that the ledger holds only commitments to, each with its salt. A row may be deleted: the chains stay whole.
disclosure = _table(
    "disclosure",
    sa.Column("commitment", sa.Text, primary_key=True),  # hex: core.store.ledger.commitment(salt, text)
    sa.Column("salt", sa.Text, nullable=False),  # 16 random bytes, hex
    sa.Column("text", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)

ledger = _table(
    "ledger",
    sa.Column("id", Id, primary_key=True, autoincrement=False),  # in the whole ledger, from 1
    sa.Column("chain", sa.Text, sa.CheckConstraint("chain in ('result', 'audit')", name="chain"), nullable=False),
    sa.Column("seq", Id, nullable=False),  # in its chain, from 1
    sa.Column("at", Millis, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),  # a person's pseudonym, or "system"
    sa.Column("event", sa.Text, nullable=False),  # "sheet.sealed": core.store.events
    sa.Column("version", sa.Integer, nullable=False),  # of the payload
    sa.Column("payload", sa.Text, nullable=False),  # canonical JSON (RFC 8785)
    sa.Column("prev", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False, unique=True),
    sa.UniqueConstraint("chain", "seq"),
)
