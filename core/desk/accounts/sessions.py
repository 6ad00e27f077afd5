"""Signing in and out: a correct password gives a ticket, a ticket gives a session, and a session is a row that can end.

As in OWASP's session cheat sheet, no secret from before sign-in is valid after it, and only hashes of secrets are
stored (docs/security.md, Sessions).
"""

import hashlib
import logging
import secrets
import time
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.desk.accounts import devices, passwords, throttling
from core.desk.accounts.account_refusals import TooManyTries, TooSoon
from core.desk.accounts.passwords import Matches
from core.desk.context import millis, written_at
from core.rules.access import WITHHELD, NotAllowed, Principal, Role
from core.rules.words import Refusal
from core.settings import settings
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import OtherSessionsEnded, SessionBegan, SessionEnded, SignInDenied
from core.store.ledger import SYSTEM
from core.store.people import accounts
from core.store.people import sessions as rows

IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
TICKET = timedelta(seconds=30)
SEEN_EVERY = timedelta(seconds=30)
LONGEST_NAME = 64  # characters read of a typed username; no username is as long, but a request may hold megabytes
_log = logging.getLogger("judging-desk.security")  # only usernames that exist and networks; never what was typed

_callbacks: list[Callable[[], None]] = []


class WrongPassword(Refusal):
    """The username or the password is wrong; the message does not reveal which."""

    def __init__(self) -> None:
        super().__init__("Tên đăng nhập hoặc mật khẩu không đúng.")


class TicketSpent(Refusal):
    """The sign-in ticket was used, has expired, or was made for another browser."""

    def __init__(self) -> None:
        super().__init__("Lượt đăng nhập này đã hết hạn hoặc đã được dùng. Hãy đăng nhập lại.")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in attempt, with the values of its request."""

    username: str
    password: str
    address: str
    browser: str  # secret in the browser's cookie from before sign-in
    device: str = ""  # the cookie of a known browser (`core.desk.accounts.devices`)


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A session as shown to its owner."""

    session: str
    address: str
    agent: str
    began: datetime
    last_seen: datetime
    current: bool


def sign_in(
    store: Store,
    attempt: Attempt,
    now: datetime,
    matches: Matches | None = None,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Check a password and return a ticket for a session, valid once, for 30 s, in this browser.

    May sleep until throttling allows the attempt. Raises TooSoon, TooManyTries, WrongPassword. A wrong password takes
    the same time whether or not the account exists.
    """
    at = millis(now)
    try:
        known, turn = store.change(lambda transaction: _admit(transaction, attempt, at))
    except (TooSoon, TooManyTries):
        _log.warning("sign-in delayed, from %s", throttling.network(attempt.address))
        raise
    sleep(turn.wait / 1000)
    at += turn.wait
    usable = known is not None and known.active
    stored = known.password if usable and known else passwords.decoy()
    right = passwords.matching(attempt.password, stored, matches, known_browser=not turn.shared)
    if not (usable and known and right):
        store.change(lambda transaction: _record_denied(transaction, known, at))
        name = known.username if known else "(no such account)"
        _log.warning("sign-in failed: %s from %s", name, throttling.network(attempt.address))
        raise WrongPassword
    ticket = secrets.token_urlsafe(32)

    def issue(transaction: WriteTransaction) -> None:
        current = accounts.by_id(transaction.connection, known.id)
        if current is None or not current.active or current.password != known.password:  # changed during the comparison
            raise WrongPassword
        throttling.record_success(transaction, turn)
        expires = at + millis_of(TICKET)
        rows.insert_ticket(transaction.connection, hashed(ticket), hashed(attempt.browser), known.id, expires)

    store.change(issue)
    return ticket


def establish(
    store: Store, ticket: str, browser: str, address: str, agent: str, now: datetime, *, replaced: str | None = None
) -> str:
    """Exchange a ticket for a session and return the session's secret.

    `replaced` is the browser's earlier session (hex of its secret's hash), which ends. Raises TicketSpent.
    """
    secret = secrets.token_urlsafe(32)

    def begin(transaction: WriteTransaction) -> str | None:
        at = written_at(transaction, now)
        owner = rows.spend_ticket(transaction.connection, hashed(ticket), hashed(browser), at)
        person = accounts.by_id(transaction.connection, owner) if owner is not None else None
        if person is None or not person.active:
            return None
        if replaced is not None:
            rows.end_one(transaction.connection, replaced, at)
        session = rows.Session(hashed(secret), at, at, at + millis_of(ABSOLUTE), address, agent[:200])
        rows.insert(transaction.connection, person.id, session)
        payload = SessionBegan(person.pseudonym, session.secret_hash[:16], replaced[:16] if replaced else None)
        transaction.record(at=at, actor=person.username, payload=payload, pseudonym=person.pseudonym)
        return person.username

    username = store.change(begin)
    if username is None:
        raise TicketSpent
    _log.info("signed in: %s from %s", username, throttling.network(address))
    if replaced is not None:
        notify_sessions_ended()
    return secret


def principal(store: Store, secret: str, now: datetime) -> Principal | None:
    """The person whose session has this secret, with their current roles; None if it has ended or is unknown."""
    return principal_of(store, hashed(secret), now) if 0 < len(secret) <= 128 else None


def principal_of(store: Store, session: str, now: datetime) -> Principal | None:
    """The person whose session this is (hex of its secret's hash), or None if it has ended or is unknown.

    The call counts as use of the session, so it restarts the idle timeout. Roles in WITHHELD are left out while the
    account waits for confirmation.
    """
    at = millis(now)
    with store.read() as connection:
        found = rows.holder(connection, session, at, millis_of(IDLE))
    if found is None:
        return None
    if at - found.last_seen_at >= millis_of(SEEN_EVERY):
        store.change(lambda transaction: rows.seen(transaction.connection, session, at))
    roles = frozenset(map(Role, found.roles))
    if not found.confirmed:
        roles -= WITHHELD
    return Principal(found.username, found.name, roles, session, found.must_change, found.confirmed)


def open_sessions(store: Store, sessions: Collection[str], now: datetime) -> frozenset[str]:
    """Those of these sessions that have neither ended nor expired."""
    with store.read() as connection:
        return rows.living(connection, sessions, millis(now), millis_of(IDLE))


def own(store: Store, who: Principal, now: datetime) -> tuple[OwnSession, ...]:
    """A person's open sessions, the last used first."""
    with store.read() as connection:
        person = accounts.named(connection, who.username)
        found = rows.of_account(connection, person.id, millis(now), millis_of(IDLE)) if person else ()
    return tuple(
        OwnSession(
            each.secret_hash,
            each.address,
            each.agent,
            now - timedelta(milliseconds=millis(now) - each.created_at),
            now - timedelta(milliseconds=millis(now) - each.last_seen_at),
            each.secret_hash == who.session,
        )
        for each in found
    )


def end(store: Store, who: Principal, session: str, now: datetime) -> None:
    """End one of the person's own sessions at once. Raises NotAllowed for any other session."""

    def act(transaction: WriteTransaction) -> None:
        at = written_at(transaction, now)
        person = accounts.named(transaction.connection, who.username)
        if person is None or not rows.end(transaction.connection, person.id, at, only=session):
            raise NotAllowed
        payload = SessionEnded(person.pseudonym, session[:16])
        transaction.record(at=at, actor=who.username, payload=payload, pseudonym=person.pseudonym)

    store.change(act)
    _log.info("session ended by %s: one of their own", who.username)
    notify_sessions_ended()


def end_all(store: Store, who: Principal, now: datetime) -> int:
    """End all of the person's sessions except the current one; returns how many ended."""

    def act(transaction: WriteTransaction) -> int:
        at = written_at(transaction, now)
        person = accounts.named(transaction.connection, who.username)
        ended = rows.end(transaction.connection, person.id, at, but=who.session) if person else 0
        if person and ended:
            payload = OtherSessionsEnded(person.pseudonym, who.session[:16])
            transaction.record(at=at, actor=who.username, payload=payload, pseudonym=person.pseudonym)
        return ended

    ended = store.change(act)
    _log.info("sessions ended by %s: %d others of their own", who.username, ended)
    notify_sessions_ended()
    return ended


def device(agent: str) -> str:
    """Browser and operating system for people, from a User-Agent header: "Firefox, Linux"; "" if neither is known."""
    browsers = {"Edg/": "Edge", "OPR/": "Opera", "Chrome/": "Chrome", "Firefox/": "Firefox", "Safari/": "Safari"}
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    browser = next((name for mark, name in browsers.items() if mark in agent), "")
    system = next((name for name in systems if name in agent), "").replace("Mac OS", "macOS")
    return ", ".join(filter(None, (browser, system)))


def on_ending(callback: Callable[[], None]) -> None:
    """Register a callback that this process calls whenever sessions may have ended."""
    _callbacks.append(callback)


def notify_sessions_ended() -> None:
    """Call the registered callbacks: sessions may have ended."""
    for callback in _callbacks:
        callback()


def hashed(secret: str) -> str:
    """SHA-256 in hex, the form in which a secret of 256 random bits is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def millis_of(span: timedelta) -> int:
    """A timedelta in whole milliseconds."""
    return span // timedelta(milliseconds=1)


def _username(text: str) -> str:
    return unicodedata.normalize("NFC", text[:LONGEST_NAME]).strip().lower()


def _admit(transaction: WriteTransaction, attempt: Attempt, at: int) -> tuple[accounts.Account | None, throttling.Turn]:
    """The account with the typed username, or None, and the attempt's turn. Raises TooSoon, TooManyTries."""
    username = _username(attempt.username)
    known = accounts.named(transaction.connection, username) if username.isascii() and username.isprintable() else None
    name = known.username if known else throttling.unknown_name(username)
    device = devices.of_account(settings().secret(), attempt.device, username) if known and attempt.device else ""
    who = throttling.Who(name, throttling.network(attempt.address), attempt.browser, device)
    return known, throttling.admit(transaction, who, at)


def _record_denied(transaction: WriteTransaction, known: accounts.Account | None, at: int) -> None:
    """Record a failed sign-in. The typed username is not stored: it may be a password in the wrong field."""
    transaction.record(at=at, actor=SYSTEM, payload=SignInDenied(known.pseudonym if known else None))
