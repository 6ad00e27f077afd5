"""A lost password: an administrator hands out a temporary one, or a link that sets a new one once."""

import secrets
from datetime import datetime, timedelta

from core.desk import authorization
from core.desk.accounts import confirmations, passwords, sessions
from core.desk.accounts.account_refusals import AccountClosed, LinkSpent
from core.desk.accounts.accounts import digest_of, known_words, named, told
from core.desk.context import millis, written_at
from core.rules.access import Principal
from core.rules.permissions import may_keep_accounts, must
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import PasswordReset, ResetLinkMade, ResetLinkUsed
from core.store.people import accounts as rows
from core.store.people import sessions as session_rows

LINK = timedelta(hours=48)


def temporary(store: Store, who: Principal, username: str, now: datetime) -> str:
    """Replace a lost password with a temporary one, given back once; every session of the account ends."""
    must(may_keep_accounts(who))
    password = passwords.temporary_password()
    hashed = passwords.hashed(password)

    def act(unit: WriteTransaction) -> None:
        person = _open(unit, username)
        _password_set(unit, person, hashed, now, must_change=True)
        waits = confirmations.hold(unit, person, "password", now)
        told(unit, who, PasswordReset(person.pseudonym, digest_of(hashed), waits), now)

    authorization.change(store, who, may_keep_accounts, now, act)
    sessions.tell_ended()
    return password


def reset_link(store: Store, who: Principal, username: str, now: datetime) -> str:
    """The secret of a link that sets a new password once, within 48 hours. Sessions go on until it is used."""
    must(may_keep_accounts(who))
    secret = secrets.token_urlsafe(32)

    def act(unit: WriteTransaction) -> None:
        person = _open(unit, username)
        link, expires = sessions.hashed(secret), written_at(unit, now) + sessions.millis_of(LINK)
        rows.insert_reset_link(unit.connection, link, person.id, expires)
        told(unit, who, ResetLinkMade(person.pseudonym, link[:16]), now)

    authorization.change(store, who, may_keep_accounts, now, act)
    return secret


def link_owner(store: Store, secret: str, now: datetime) -> str:
    """The username a one-time link is for. Raises LinkSpent."""
    return _link_person(store, secret, now).username


def _link_person(store: Store, secret: str, now: datetime) -> rows.Account:
    with store.read() as connection:
        owner = rows.reset_link_owner(connection, sessions.hashed(secret), millis(now))
        person = rows.by_id(connection, owner) if owner is not None else None
    if person is None or not person.active:
        raise LinkSpent
    return person


def use_link(store: Store, secret: str, new: str, now: datetime) -> None:
    """Set a new password by a one-time link, which is then spent; every session of the account ends."""
    owner = _link_person(store, secret, now)
    passwords.acceptable(new, owner.username, *known_words(store, owner.name))
    hashed = passwords.hashed(new)

    def act(unit: WriteTransaction) -> None:
        owner = rows.reset_link_owner(unit.connection, sessions.hashed(secret), written_at(unit, now))
        person = rows.by_id(unit.connection, owner) if owner is not None else None
        if person is None or not person.active:
            raise LinkSpent
        _password_set(unit, person, hashed, now, must_change=False)
        waits = confirmations.hold(unit, person, "password", now)
        payload = ResetLinkUsed(person.pseudonym, digest_of(hashed), waits)
        unit.record(at=written_at(unit, now), actor=person.username, payload=payload)

    store.change(act)
    sessions.tell_ended()


def _open(unit: WriteTransaction, username: str) -> rows.Account:
    person = named(unit, username)
    if not person.active:
        raise AccountClosed(person.username)
    return person


def _password_set(
    unit: WriteTransaction, person: rows.Account, hashed: str, now: datetime, *, must_change: bool
) -> None:
    rows.set_password(unit.connection, person.id, hashed, must_change=must_change)
    rows.spend_reset_links(unit.connection, person.id, written_at(unit, now))
    session_rows.end(unit.connection, person.id, written_at(unit, now))
