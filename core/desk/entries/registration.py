"""Entering a work: by its author on the public page, or by the office (plan III.5, R16).

An author has no account. Their browser makes the secret of a private link; the desk stores its hash. The same secret
sent twice, by a double click or a repeated request, is one submission.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime

from core.desk import authorization, context, stored_forms
from core.desk.accounts.throttling import RateLimit
from core.desk.background import entry_mail
from core.desk.entries import author_limit
from core.desk.entries import entry_refusals as refusals
from core.desk.matching import author_review
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.entries.author_window import author_in_time, window_of_author
from core.rules.entries.form import SubmissionForm, checked
from core.rules.entries.states import SubmissionState
from core.rules.permissions import may_register_works
from core.rules.vietnamese import identity
from core.rules.words import VIETNAM
from core.store import ledger_rows
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import SubmissionRegistered
from core.store.ledger import SYSTEM, receipt
from core.store.people import sessions as delays
from core.store.queries import submissions as rows
from core.store.queries.submissions import Submission

# Submissions, and wrong codes of units, of one network: a school's computer room at once, then 40 an hour.
NETWORK_LIMIT = RateLimit(burst=40, every=90_000)
SHORT = 16  # hex digits of the link's hash in the ledger
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 random bytes, base64url


@dataclass(frozen=True, slots=True)
class EntryReceipt:
    """What the author keeps: the code, the time of receipt, and the ledger row's number and hash as printed."""

    code: str
    at: datetime
    receipt: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """Who sends the public form: the private link's secret, the network, and the unit's code as typed."""

    secret: str
    network: str
    unit_code: str = ""


def link_hash(secret: str) -> str:
    """The hash under which a private link is stored (hex SHA-256). Raises UnknownLink for what is no secret of ours."""
    if not _SECRET.fullmatch(secret):
        raise refusals.UnknownLink
    return hashlib.sha256(secret.encode()).hexdigest()


def register_online(store: Store, stranger: Stranger, form: SubmissionForm, now: datetime) -> EntryReceipt:
    """Enter a work on the public page; the same secret again returns the same receipt.

    Raises FormRefused, DoorClosed, NotYetOpen, WindowClosed, WrongUnitCode, ContestFull, TooManyFromHere, UnknownLink,
    TooManyOfAuthor.
    """
    hashed = link_hash(stranger.secret)

    def act(transaction: WriteTransaction) -> EntryReceipt:
        connection = transaction.connection
        existing = rows.by_link(connection, hashed)
        if existing is not None:
            return receipt_of(connection, existing)
        contest, at = context.contest_state_in(connection).contest, context.ledger_time(transaction, now)
        _network_turn(connection, stranger.network, context.written_at(transaction, now))
        _must_be_open(connection, contest, stranger, at)
        tidy = checked(form, contest, at.astimezone(VIETNAM).date())
        author_limit.check(connection, contest, "", tidy)
        _count_network(transaction, stranger.network, context.written_at(transaction, now))
        return _reviewed(transaction, insert(transaction, contest, tidy, now, hashed=hashed))

    try:
        return store.change(act)
    except refusals.WrongUnitCode:
        store.change(lambda each: _count_network(each, stranger.network, context.written_at(each, now)))
        raise


def register_by_office(
    store: Store, who: Principal, form: SubmissionForm, now: datetime, *, late_reason: str = ""
) -> EntryReceipt:
    """Enter a work for an author who sent it on paper or by mail. Outside the window with a reason only.

    Raises NotAllowed, FormRefused, LateNeedsReason, TooManyOfAuthor.
    """

    def act(transaction: WriteTransaction) -> EntryReceipt:
        contest = context.contest_state_in(transaction.connection).contest
        at = context.ledger_time(transaction, now)
        late = not author_in_time(contest, None, at)
        if late and not late_reason.strip():
            raise refusals.LateNeedsReason
        tidy = checked(form, contest, at.astimezone(VIETNAM).date())
        author_limit.check(transaction.connection, contest, "", tidy)
        reason = late_reason if late else ""
        return _reviewed(transaction, insert(transaction, contest, tidy, now, by=who.username, late_reason=reason))

    return authorization.change(store, who, may_register_works, now, act)


def must_be_in_window(contest: Contest, at: datetime, state: SubmissionState | None = None) -> None:
    """Raise NotYetOpen, WindowClosed or CompletionOver outside the time in which an author may act.

    `state`: the submission's; None for a new one.
    """
    window = window_of_author(contest, state)
    if window is None or window.holds(at):
        return
    if at < window.opens:
        raise refusals.NotYetOpen(window.opens)
    if state is SubmissionState.RETURNED:
        raise refusals.CompletionOver(window.closes)
    raise refusals.WindowClosed(window.closes)


def receipt_of(connection: Connection, submission: Submission) -> EntryReceipt:
    """The receipt of a submission's first ledger row."""
    [row] = ledger_rows.some(connection, rows.history(connection, submission.id)[:1])
    at = context.moment(submission.registered_at)
    assert at is not None
    return EntryReceipt(submission.code, at, receipt(row.seq, row.hash))


def _must_be_open(connection: Connection, contest: Contest, stranger: Stranger, at: datetime) -> None:
    door = rows.door(connection)
    if not door.open:
        raise refusals.DoorClosed
    must_be_in_window(contest, at)
    typed, expected = identity(stranger.unit_code).encode(), identity(door.code).encode()
    if door.code and not hmac.compare_digest(typed, expected):
        raise refusals.WrongUnitCode
    if rows.number_of(connection) >= contest.entries.most_works:
        raise refusals.ContestFull(contest.entries.most_works)


def _network_turn(connection: Connection, network: str, at: int) -> int:
    """When the network's whole allowance is there again, UTC ms. Raises TooManyFromHere if it has no turn now."""
    key = _network_key(network)
    full_at = delays.delays(connection, (key,)).get(key, delays.Delay()).not_before
    wait = NETWORK_LIMIT.wait(full_at, at)
    if wait:
        raise refusals.TooManyFromHere(-(-wait // 1000))
    return full_at


def _count_network(transaction: WriteTransaction, network: str, at: int) -> None:
    full_at = _network_turn(transaction.connection, network, at)
    after = NETWORK_LIMIT.after_turn(full_at, at)
    delays.set_delay(transaction.connection, _network_key(network), delays.Delay(0, after))


def _network_key(network: str) -> str:
    return f"entry:{network}"


def insert(
    transaction: WriteTransaction, contest: Contest, form: SubmissionForm, now: datetime, *, hashed: str | None = None,
    by: str = SYSTEM, late_reason: str = "",
) -> EntryReceipt:  # fmt: skip
    """Store a checked form as a new submission; its authors are not compared with the officials yet."""
    at, text = context.written_at(transaction, now), stored_forms.encode(form)
    late = bool(late_reason)
    added = rows.insert(
        transaction.connection, prefix=contest.entries.code_prefix, form=text, link_hash=hashed, late=late, at=at
    )
    payload = SubmissionRegistered(
        added.code, transaction.commit_text(text), link=hashed and hashed[:SHORT], late=late,
        reason=transaction.commit_text(late_reason.strip()) if late else None, by_author=hashed is not None,
    )  # fmt: skip
    row = transaction.record(at=at, actor=by, payload=payload)
    rows.add_history(transaction.connection, added.id, row.id)
    written = context.moment(at)
    assert written is not None
    return EntryReceipt(added.code, written, receipt(row.seq, row.hash))


def _reviewed(transaction: WriteTransaction, done: EntryReceipt) -> EntryReceipt:
    """The receipt, once the authors have been compared with the officials, and it goes to them by mail."""
    at = context.millis(done.at)
    author_review.review_submission(transaction, done.code, at)
    entry_mail.request(transaction, entry_mail.MAIL_RECEIPT, done.code, at)
    return done
