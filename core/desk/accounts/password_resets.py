"""Resetting a lost password: an administrator hands out a temporary password or a one-time link."""

import secrets
from datetime import datetime, timedelta

from core.desk import authorization
from core.desk.accounts import confirmations, passwords, sessions
from core.desk.accounts.account_refusals import AccountClosed, LinkSpent
from core.desk.accounts.accounts import digest_of, known_words, named, record
from core.desk.context import millis, written_at
from core.rules.access import Principal
from core.rules.permissions import may_keep_accounts, must
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import PasswordReset, ResetLinkMade, ResetLinkUsed
from core.store.people import accounts as rows
from core.store.people import sessions as session_rows

LINK = timedelta(hours=48)


def temporary(store: Store, who: Principal, username: str, now: datetime) -> str:
    """Replace a lost password with a temporary one and return it; every session of the account ends.

    Raises NotAllowed, NoSuchAccount, AccountClosed.
    """
    must(may_keep_accounts(who))
    password = passwords.temporary_password()
    hashed = passwords.hashed(password)

    def act(transaction: WriteTransaction) -> None:
        person = _open(transaction, username)
        _set_password(transaction, person, hashed, now, must_change=True)
        waits = confirmations.require_confirmation(transaction, person, "password", now)
        record(transaction, who, PasswordReset(person.pseudonym, digest_of(hashed), waits), now)

    authorization.change(store, who, may_keep_accounts, now, act)
    sessions.notify_sessions_ended()
    return password


def reset_link(store: Store, who: Principal, username: str, now: datetime) -> str:
    """Create a one-time link, valid for 48 hours, and return its secret. Sessions continue until it is used.

    Raises NotAllowed, NoSuchAccount, AccountClosed.
    """
    must(may_keep_accounts(who))
    secret = secrets.token_urlsafe(32)

    def act(transaction: WriteTransaction) -> None:
        person = _open(transaction, username)
        link, expires = sessions.hashed(secret), written_at(transaction, now) + sessions.millis_of(LINK)
        rows.insert_reset_link(transaction.connection, link, person.id, expires)
        record(transaction, who, ResetLinkMade(person.pseudonym, link[:16]), now)

    authorization.change(store, who, may_keep_accounts, now, act)
    return secret


def link_owner(store: Store, secret: str, now: datetime) -> str:
    """The username of the account that a one-time link belongs to. Raises LinkSpent."""
    return _link_person(store, secret, now).username


def _link_person(store: Store, secret: str, now: datetime) -> rows.Account:
    with store.read() as connection:
        owner = rows.reset_link_owner(connection, sessions.hashed(secret), millis(now))
        person = rows.by_id(connection, owner) if owner is not None else None
    if person is None or not person.active:
        raise LinkSpent
    return person


def use_link(store: Store, secret: str, new: str, now: datetime) -> None:
    """Set a new password with a one-time link, which is then used up; every session of the account ends.

    Raises LinkSpent, and what `passwords.acceptable` raises.
    """
    owner = _link_person(store, secret, now)
    passwords.acceptable(new, owner.username, *known_words(store, owner.name))
    hashed = passwords.hashed(new)

    def act(transaction: WriteTransaction) -> None:
        owner = rows.reset_link_owner(transaction.connection, sessions.hashed(secret), written_at(transaction, now))
        person = rows.by_id(transaction.connection, owner) if owner is not None else None
        if person is None or not person.active:
            raise LinkSpent
        _set_password(transaction, person, hashed, now, must_change=False)
        waits = confirmations.require_confirmation(transaction, person, "password", now)
        payload = ResetLinkUsed(person.pseudonym, digest_of(hashed), waits)
        transaction.record(at=written_at(transaction, now), actor=person.username, payload=payload)

    store.change(act)
    sessions.notify_sessions_ended()


def _open(transaction: WriteTransaction, username: str) -> rows.Account:
    person = named(transaction, username)
    if not person.active:
        raise AccountClosed(person.username)
    return person


def _set_password(
    transaction: WriteTransaction, person: rows.Account, hashed: str, now: datetime, *, must_change: bool
) -> None:
    rows.set_password(transaction.connection, person.id, hashed, must_change=must_change)
    rows.spend_reset_links(transaction.connection, person.id, written_at(transaction, now))
    session_rows.end(transaction.connection, person.id, written_at(transaction, now))
