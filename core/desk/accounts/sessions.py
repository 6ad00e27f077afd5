"""Signing in and out: a checked password becomes a ticket, a ticket a session, and a session is a row that can end.

The order of OWASP's session cheat sheet: nothing of before sign-in survives it; only hashes of secrets are kept
(docs/security.md, Sessions).
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
LONGEST_NAME = 64  # no username is as long; a stranger may send megabytes
_log = logging.getLogger("judging-desk.security")  # account names that exist and networks; never what was typed

_endings: list[Callable[[], None]] = []


class WrongPassword(Refusal):
    """The pair of username and password is not one of ours; which of the two is not said."""

    def __init__(self) -> None:
        super().__init__("Tên đăng nhập hoặc mật khẩu không đúng.")


class TicketSpent(Refusal):
    """The sign-in ticket was used, came late, or was made for another browser."""

    def __init__(self) -> None:
        super().__init__("Lượt đăng nhập này đã hết hạn hoặc đã được dùng. Hãy đăng nhập lại.")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in, as it arrived."""

    username: str
    password: str
    address: str
    browser: str  # the secret of the browser's cookie before sign-in
    device: str = ""  # the cookie of a browser in which somebody has signed in (`core.desk.accounts.devices`)


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A session as its owner sees it."""

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
    """Check a password and give a ticket for a session, good once, for 30 s, in this browser. May wait for its turn.

    Raises TooSoon, TooManyTries, or WrongPassword after the same work whether or not the account exists.
    """
    at = millis(now)
    try:
        known, turn = store.change(lambda unit: _admitted(unit, attempt, at))
    except (TooSoon, TooManyTries):
        _log.warning("sign-in delayed, from %s", throttling.network(attempt.address))
        raise
    sleep(turn.wait / 1000)
    at += turn.wait
    usable = known is not None and known.active
    stored = known.password if usable and known else passwords.decoy()
    right = passwords.matching(attempt.password, stored, matches, known_browser=not turn.shared)
    if not (usable and known and right):
        store.change(lambda unit: _denied(unit, known, at))
        name = known.username if known else "(no such account)"
        _log.warning("sign-in failed: %s from %s", name, throttling.network(attempt.address))
        raise WrongPassword
    ticket = secrets.token_urlsafe(32)

    def issue(unit: WriteTransaction) -> None:
        still = accounts.by_id(unit.connection, known.id)
        if still is None or not still.active or still.password != known.password:  # while it was being compared
            raise WrongPassword
        throttling.succeeded(unit, turn)
        expires = at + millis_of(TICKET)
        rows.insert_ticket(unit.connection, hashed(ticket), hashed(attempt.browser), known.id, expires)

    store.change(issue)
    return ticket


def establish(
    store: Store, ticket: str, browser: str, address: str, agent: str, now: datetime, *, replaced: str | None = None
) -> str:
    """Exchange a ticket for a session, and give the session's secret; the browser's earlier session ends.

    Raises TicketSpent.
    """
    secret = secrets.token_urlsafe(32)

    def begin(unit: WriteTransaction) -> str | None:
        at = written_at(unit, now)
        owner = rows.spend_ticket(unit.connection, hashed(ticket), hashed(browser), at)
        person = accounts.by_id(unit.connection, owner) if owner is not None else None
        if person is None or not person.active:
            return None
        if replaced is not None:
            rows.end_one(unit.connection, replaced, at)
        session = rows.Session(hashed(secret), at, at, at + millis_of(ABSOLUTE), address, agent[:200])
        rows.insert(unit.connection, person.id, session)
        told = SessionBegan(person.pseudonym, session.secret_hash[:16], replaced[:16] if replaced else None)
        unit.record(at=at, actor=person.username, payload=told, pseudonym=person.pseudonym)
        return person.username

    username = store.change(begin)
    if username is None:
        raise TicketSpent
    _log.info("signed in: %s from %s", username, throttling.network(address))
    if replaced is not None:
        tell_ended()
    return secret


def principal(store: Store, secret: str, now: datetime) -> Principal | None:
    """Who holds this secret, as the database knows them now; None where the session ended or never was."""
    return principal_of(store, hashed(secret), now) if 0 < len(secret) <= 128 else None


def principal_of(store: Store, session: str, now: datetime) -> Principal | None:
    """Who this session (the hex of its secret's hash) belongs to now; being asked for keeps it from idling out."""
    at = millis(now)
    with store.read() as connection:
        found = rows.holder(connection, session, at, millis_of(IDLE))
    if found is None:
        return None
    if at - found.last_seen_at >= millis_of(SEEN_EVERY):
        store.change(lambda unit: rows.seen(unit.connection, session, at))
    roles = frozenset(map(Role, found.roles))
    if not found.confirmed:
        roles -= WITHHELD
    return Principal(found.username, found.name, roles, session, found.must_change, found.confirmed)


def living(store: Store, sessions: Collection[str], now: datetime) -> frozenset[str]:
    """Which of these sessions have neither ended nor expired."""
    with store.read() as connection:
        return rows.living(connection, sessions, millis(now), millis_of(IDLE))


def own(store: Store, who: Principal, now: datetime) -> tuple[OwnSession, ...]:
    """A person's living sessions, the latest seen first."""
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
    """End one of one's own sessions, everywhere and at once. Another person's session is refused."""

    def act(unit: WriteTransaction) -> None:
        at = written_at(unit, now)
        person = accounts.named(unit.connection, who.username)
        if person is None or not rows.end(unit.connection, person.id, at, only=session):
            raise NotAllowed
        payload = SessionEnded(person.pseudonym, session[:16])
        unit.record(at=at, actor=who.username, payload=payload, pseudonym=person.pseudonym)

    store.change(act)
    _log.info("session ended by %s: one of their own", who.username)
    tell_ended()


def end_all(store: Store, who: Principal, now: datetime) -> int:
    """End all of one's own sessions but the one that asks; says how many."""

    def act(unit: WriteTransaction) -> int:
        at = written_at(unit, now)
        person = accounts.named(unit.connection, who.username)
        ended = rows.end(unit.connection, person.id, at, but=who.session) if person else 0
        if person and ended:
            payload = OtherSessionsEnded(person.pseudonym, who.session[:16])
            unit.record(at=at, actor=who.username, payload=payload, pseudonym=person.pseudonym)
        return ended

    ended = store.change(act)
    _log.info("sessions ended by %s: %d others of their own", who.username, ended)
    tell_ended()
    return ended


def device(agent: str) -> str:
    """A browser and a system a person recognises, from what the browser says of itself; nothing where it says nothing."""
    browsers = {"Edg/": "Edge", "OPR/": "Opera", "Chrome/": "Chrome", "Firefox/": "Firefox", "Safari/": "Safari"}
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    browser = next((name for mark, name in browsers.items() if mark in agent), "")
    system = next((name for name in systems if name in agent), "").replace("Mac OS", "macOS")
    return ", ".join(filter(None, (browser, system)))


def on_ending(told: Callable[[], None]) -> None:
    """Be told, in this process, whenever sessions may have ended."""
    _endings.append(told)


def tell_ended() -> None:
    """Tell those who asked that sessions may have ended."""
    for told in _endings:
        told()


def hashed(secret: str) -> str:
    """The hex of SHA-256: how a secret of 256 random bits is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def millis_of(span: timedelta) -> int:
    """A span of time in milliseconds."""
    return span // timedelta(milliseconds=1)


def _username(text: str) -> str:
    return unicodedata.normalize("NFC", text[:LONGEST_NAME]).strip().lower()


def _admitted(unit: WriteTransaction, attempt: Attempt, at: int) -> tuple[accounts.Account | None, throttling.Turn]:
    """The account tried, and when it may be looked at. Raises TooSoon, TooManyTries."""
    username = _username(attempt.username)
    known = accounts.named(unit.connection, username) if username.isascii() and username.isprintable() else None
    name = known.username if known else throttling.stand_in(username)
    device = devices.of_account(settings().secret(), attempt.device, username) if known and attempt.device else ""
    who = throttling.Who(name, throttling.network(attempt.address), attempt.browser, device)
    return known, throttling.admitted(unit, who, at)


def _denied(unit: WriteTransaction, known: accounts.Account | None, at: int) -> None:
    """What was typed is not kept: it may be a password in the wrong field."""
    unit.record(at=at, actor=SYSTEM, payload=SignInDenied(known.pseudonym if known else None))
