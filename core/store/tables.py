"""The tables; one contest per database. Times are UTC milliseconds since 1970, marks hundredths, money whole đồng."""

import sqlalchemy as sa

from core.store.table_groups import base, checkpoints, films, finals, officials, publications, readings, submissions

metadata, Big, Id, Millis = base.metadata, base.Big, base.Id, base.Millis
_table = base.table
submission, submission_change = submissions.submission, submissions.submission_change
screening_verdict, screening_recusal = submissions.screening_verdict, submissions.screening_recusal
entry_door = submissions.entry_door
film_copy = films.film_copy
official, author_match, match_decision = officials.official, officials.author_match, officials.match_decision
finals_list, finals_draw, finalist = finals.finals_list, finals.finals_draw, finals.finalist
finalist_post, finalist_change, entry_out = finals.finalist_post, finals.finalist_change, finals.entry_out
film_fingerprint, published_film = films.film_fingerprint, films.published_film
film_pair, film_pair_decision = films.film_pair, films.film_pair_decision
reading, reading_detail, reading_review = readings.reading, readings.reading_detail, readings.reading_review
interactions_freeze = readings.interactions_freeze
publication, retraction = publications.publication, publications.retraction
checkpoint = checkpoints.checkpoint


contest = _table(
    "contest",
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1", name="one"), primary_key=True, autoincrement=False),
    sa.Column("toml", sa.Text, nullable=False),
    sa.Column("rule_card", sa.Text, nullable=False),  # "sha256:…"
    sa.Column("rule_card_version", sa.Integer, nullable=False),  # version of the hashed document
    sa.Column("seed", sa.Text, nullable=False),  # public; the judges' viewing orders are derived from it
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
    sa.Column("username", sa.Text, nullable=False, unique=True),  # lower-case ASCII; identifies a judge in the papers
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
# Accounts that an administrator changed after the first sheet, until the chief or the committee confirms the person.
unconfirmed_account = _table(
    "unconfirmed_account",
    sa.Column("account_id", Id, sa.ForeignKey("account.id"), primary_key=True, autoincrement=False),
    sa.Column("cause", sa.Text, nullable=False),  # "added", "roles", "password", "reactivated"
    sa.Column("since", Millis, nullable=False),
)
auth_session = _table(
    "auth_session",
    sa.Column("secret_hash", sa.Text, primary_key=True),  # hex SHA-256; the secret itself is only in the cookie
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
    sa.Column("key", sa.Text, primary_key=True),  # core.desk.accounts.throttling; never the typed text
    sa.Column("failures", sa.Integer, nullable=False),  # consecutive, where they are counted
    sa.Column("not_before", Millis, nullable=False),  # next try; for a rate limit: allowance full again
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

# A judge's sheet. `version` increases at every change, so that a change from an outdated second tab is refused.
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
    sa.Column("revision", sa.Integer, nullable=False),  # the last sealed revision; 0 before the first
    sa.Column("return_reason", sa.Text),
    sa.Column("saved_at", Millis, nullable=False),
)
# Sealed sheets. The database refuses to change or delete a row.
sheet_revision = _table(
    "sheet_revision",
    sa.Column("judge_id", Id, sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("entry_id", Id, sa.ForeignKey("entry.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("marks", sa.Text, nullable=False),
    sa.Column("remarks", sa.Text, nullable=False),  # commitment to their JSON; the text is in `disclosure`
    sa.Column("watched_share", sa.Integer, nullable=False),  # basis points, when the sheet was sealed
    sa.Column("submit_key", sa.Text, nullable=False, unique=True),  # one revision per click, even if it is sent twice
    sa.Column("receipt", sa.Text, nullable=False),
    sa.Column("ledger_seq", Big, nullable=False),
    sa.Column("sealed_at", Millis, nullable=False),
)
# The marks that count now: of each sheet that is sealed, not returned, and whose judge is not recused.
mark = _table(
    "mark",
    sa.Column("entry_id", Id, sa.ForeignKey("entry.id"), primary_key=True),
    sa.Column("criterion", sa.Integer, primary_key=True),  # position in the rubric, from 0
    sa.Column("judge_id", Id, sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("hundredths", sa.Integer, sa.CheckConstraint("hundredths >= 0", name="not_negative"), nullable=False),
    sqlite_with_rowid=False,
)
note = _table(
    "note",
    sa.Column("id", Id, primary_key=True),
    sa.Column("judge_id", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("entry_id", Id, sa.ForeignKey("entry.id"), nullable=False),
    sa.Column("at_ms", Big, nullable=False),  # position in the film
    sa.Column("text", sa.Text, nullable=False),
    sa.Index("ix_note_judge_id_entry_id", "judge_id", "entry_id"),
)
watched = _table(
    "watched",
    sa.Column("judge_id", Id, sa.ForeignKey("account.id"), primary_key=True),
    sa.Column("entry_id", Id, sa.ForeignKey("entry.id"), primary_key=True),
    sa.Column("intervals", sa.Text, nullable=False),  # [[from_ms, to_ms], …] JSON, disjoint and ascending
    sa.Column("budget_ms", Big, nullable=False),  # film time that could still be credited at `credited_at`
    sa.Column("credited_at", Millis, nullable=False),
)

# The committee's choice where the rules leave a prize undecided, or its decision to withhold a prize.
decision = _table(
    "decision",
    sa.Column("id", Id, primary_key=True),
    sa.Column("prize", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, sa.CheckConstraint("kind in ('choose', 'withhold')", name="kind"), nullable=False),
    sa.Column("entries", sa.Text, nullable=False),  # JSON list of the chosen codes; empty for a withheld prize
    sa.Column("quantity", sa.Integer, nullable=False),  # how many are withheld; 0 for a choice
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("decided_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("decided_at", Millis, nullable=False),
    sa.Column("revoked_at", Millis),
)
award_table = _table(
    "award_table",  # the confirmed table; later prints use it, whatever changes afterwards
    sa.Column("id", Id, primary_key=True),
    sa.Column("document", sa.Text, nullable=False),  # canonical JSON
    sa.Column("rule_card", sa.Text, nullable=False),
    sa.Column("ledger_seq", Big, nullable=False),
    sa.Column("confirmed_by", Id, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("confirmed_at", Millis, nullable=False),
)

# One row, updated by each health check; its value is used for nothing else.
health_check = _table(
    "health_check",
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1", name="one"), primary_key=True, autoincrement=False),
    sa.Column("checked_at", Millis, nullable=False),
)

# Background work (docs/design.md, Background work). A finished job keeps its row, which is its report.
_LIVING = "state in ('waiting', 'running')"
job = _table(
    "job",
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),  # core.desk.background.job_kinds
    sa.Column("subject", sa.Text, nullable=False),  # what it is about, such as a work's code
    sa.Column(
        "state",
        sa.Text,
        sa.CheckConstraint("state in ('waiting', 'running', 'done', 'failed', 'parked', 'cancelled')", name="state"),
        nullable=False,
    ),
    sa.Column("progress", sa.Integer, sa.CheckConstraint("progress between 0 and 1000", name="progress"), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),  # how many workers have claimed it
    sa.Column("worker", sa.Text),  # the worker that has claimed it
    sa.Column("beats", Big, nullable=False),  # rises while its worker lives; a count, so that no clock decides
    sa.Column("cancel_requested", sa.Integer, nullable=False),
    sa.Column("report", sa.Text),  # {"good": …, "vi": […], "en": […]} JSON: its result, or why it has not succeeded
    sa.Column("requested_by", Id, sa.ForeignKey("account.id")),  # NULL: the desk itself
    sa.Column("requested_at", Millis, nullable=False),
    sa.Column("ended_at", Millis),
    sa.Index(
        "ix_job_kind_subject", "kind", "subject", unique=True,
        sqlite_where=sa.text(_LIVING), postgresql_where=sa.text(_LIVING),
    ),
    sa.Index("ix_job_state_id", "state", "id"),
)  # fmt: skip

# Films on their way (docs/design.md, Uploads). The row says what is safely on the disk; the file may be longer.
_KEPT, _UPLOAD_STATES = "kept_bytes >= 0 and kept_bytes <= declared_bytes", "state in ('open', 'complete', 'claimed')"
upload = _table(
    "upload",
    sa.Column("id", sa.Text, primary_key=True),  # random; the file's name
    *(sa.Column(name, sa.Text, nullable=False) for name in ("holder", "network", "name")),  # core.desk.uploads.uploads
    sa.Column("declared_bytes", Big, nullable=False),
    sa.Column("kept_bytes", Big, sa.CheckConstraint(_KEPT, name="kept_bytes"), nullable=False),
    sa.Column("state", sa.Text, sa.CheckConstraint(_UPLOAD_STATES, name="state"), nullable=False),
    sa.Column("sha256", sa.Text),  # hex, of a complete one
    sa.Column("created_at", Millis, nullable=False),
    sa.Column("expires_at", Millis, nullable=False),  # a claimed one does not expire
    sa.Index("ix_upload_state", "state"),
)

# Personal texts with their salts; the ledger holds only commitments. Deleting a row leaves the hash chains valid.
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
