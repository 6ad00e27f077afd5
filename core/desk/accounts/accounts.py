"""Accounts: creating and closing them, their roles, and changing one's own password."""

import hashlib
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from core.desk import assignments, authorization, context
from core.desk.accounts import account_refusals as refusals
from core.desk.accounts import confirmations, passwords, reauthentication, sessions
from core.desk.accounts.account_names import must_be_told_apart, name_of, username_of
from core.desk.context import moment, written_at
from core.desk.matching import author_review
from core.rules.access import Principal, Role
from core.rules.permissions import may_keep_accounts, must
from core.rules.vietnamese import name_key
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import (
    AccountAdded,
    AccountDeactivated,
    AccountReactivated,
    PasswordChanged,
    Payload,
    RolesSet,
)
from core.store.people import accounts as rows
from core.store.people import sessions as session_rows
from core.store.queries.contest_row import contest_row

SYSTEM = Principal("system", "", frozenset({Role.ADMIN}), "")  # the command line acts as this administrator
MARKING = frozenset({Role.JUDGE, Role.CHIEF})


@dataclass(frozen=True, slots=True)
class Listed:
    """An account as an administrator sees it."""

    username: str
    name: str
    roles: frozenset[Role]
    active: bool
    must_change: bool
    is_demo: bool
    created: datetime | None
    confirmed: bool = True  # False: set after the first sealed sheet, waiting for the chief or the committee to confirm


def listed(store: Store, who: Principal) -> tuple[Listed, ...]:
    """Every account, sorted by Vietnamese name. For administrators only; raises NotAllowed."""
    must(may_keep_accounts(who))
    with store.read() as connection:
        found = rows.all_accounts(connection)
    return tuple(
        Listed(
            a.username,
            a.name,
            frozenset(map(Role, a.roles)),
            a.active,
            a.must_change,
            a.is_demo,
            moment(a.created_at),
            a.confirmed,
        )
        for a in sorted(found, key=lambda account: (name_key(account.name), account.username))
    )


def demo_accounts(store: Store) -> tuple[Listed, ...]:
    """The demo's active accounts, for its sign-in page; empty outside a demo contest."""
    with store.read() as connection:
        row = contest_row(connection)
        found = rows.all_accounts(connection) if row is not None and row.is_demo else ()
    return tuple(
        Listed(a.username, a.name, frozenset(map(Role, a.roles)), a.active, a.must_change, True, moment(a.created_at))
        for a in found
        if a.is_demo and a.active
    )


def any_demo(store: Store) -> bool:
    """True if there is a demo account that can sign in."""
    with store.read() as connection:
        return rows.any_demo(connection)


def add(
    store: Store,
    who: Principal,
    username: str,
    name: str,
    roles: Collection[Role],
    now: datetime,
    *,
    demo_password: str | None = None,
) -> str:
    """Create an account and return its temporary password, which must be changed at the first sign-in.

    Before the first sealed sheet a new judge is assigned to every work at once. After it, only the chief assigns
    (`assignments.assign`).

    With `demo_password` it is a demo account, which keeps that password and is refused outside a demo contest.
    Raises NotAllowed, BadUsername, UsernameReserved, UsernameTaken, NameMissing, NameLong, NameUnreadable, NameTaken,
    NoRole, RolesApart, DemoOnly.
    """
    must(may_keep_accounts(who))
    username, name = username_of(username), name_of(name)
    _check_roles(roles)
    password = demo_password or passwords.temporary_password()
    hashed = passwords.hashed(password)
    author_review.prepare(store)

    def act(transaction: WriteTransaction) -> None:
        at = written_at(transaction, now)
        if rows.named(transaction.connection, username) is not None:
            raise refusals.UsernameTaken(username)
        must_be_told_apart(transaction.connection, name)
        contest = contest_row(transaction.connection)
        demo = demo_password is not None
        if demo and not (contest is not None and contest.is_demo):
            raise refusals.DemoOnly
        number = free_number(rows.numbers(transaction.connection))
        new = rows.Account(0, number, username, name, hashed, not demo, True, demo, at, frozenset(map(str, roles)))
        new = replace(new, id=rows.insert(transaction.connection, new))
        payload = AccountAdded(
            new.pseudonym, transaction.commit_text(username), transaction.commit_text(name), sorted(map(str, roles)), demo, digest_of(hashed),
            confirmations.require_confirmation(transaction, new, "added", now),
        )  # fmt: skip
        transaction.record(at=at, actor=who.username, payload=payload)
        assignments.assign_all(transaction, who.username, now)
        author_review.review_all(transaction, at)

    authorization.change(store, who, may_keep_accounts, now, act)
    return password


def set_roles(
    store: Store, who: Principal, username: str, roles: Collection[Role], now: datetime, *,
    seen: Collection[Role] | None = None,
) -> None:  # fmt: skip
    """Give an account exactly these roles. Its sessions end if it loses a role or has to be confirmed.

    `seen`: the roles that the page showed; None: whatever they are. Raises NotAllowed, NoRole, RolesApart,
    NoSuchAccount, RolesChanged, LastAdministrator.
    """
    must(may_keep_accounts(who))
    _check_roles(roles)

    def act(transaction: WriteTransaction) -> None:
        person = named(transaction, username)
        if seen is not None and person.roles != frozenset(map(str, seen)):
            raise refusals.RolesChanged(username)
        if Role.ADMIN not in roles:
            _must_not_be_last(transaction, person)
        given = frozenset(map(str, roles))
        rows.replace_roles(transaction.connection, person.id, roles)
        waits = (
            confirmations.require_confirmation(transaction, replace(person, roles=given), "roles", now)
            if given - person.roles
            else None
        )
        if person.roles - given or waits:
            session_rows.end(transaction.connection, person.id, written_at(transaction, now))
        payload = RolesSet(person.pseudonym, sorted(given), sorted(person.roles), waits)
        transaction.record(at=written_at(transaction, now), actor=who.username, payload=payload)
        if Role.JUDGE in person.roles and Role.JUDGE not in roles:
            assignments.unassign(transaction, person.username, who.username, now)
        assignments.assign_all(transaction, who.username, now)

    authorization.change(store, who, may_keep_accounts, now, act)
    sessions.notify_sessions_ended()


def deactivate(store: Store, who: Principal, username: str, now: datetime) -> None:
    """Close an account: it can no longer sign in, and its sessions and one-time links end at once.

    Raises NotAllowed, NoSuchAccount, LastAdministrator.
    """
    must(may_keep_accounts(who))

    def act(transaction: WriteTransaction) -> None:
        person = named(transaction, username)
        _must_not_be_last(transaction, person)
        rows.set_active(transaction.connection, person.id, active=False)
        rows.spend_reset_links(transaction.connection, person.id, written_at(transaction, now))
        session_rows.end(transaction.connection, person.id, written_at(transaction, now))
        record(transaction, who, AccountDeactivated(person.pseudonym), now)
        assignments.unassign(transaction, person.username, who.username, now)

    authorization.change(store, who, may_keep_accounts, now, act)
    sessions.notify_sessions_ended()


def reactivate(store: Store, who: Principal, username: str, now: datetime) -> None:
    """Reactivate a closed account. Raises NotAllowed, NoSuchAccount, NameTaken."""
    must(may_keep_accounts(who))

    def act(transaction: WriteTransaction) -> None:
        person = named(transaction, username)
        if not person.active:
            must_be_told_apart(transaction.connection, person.name)
        rows.set_active(transaction.connection, person.id, active=True)
        waits = confirmations.require_confirmation(transaction, person, "reactivated", now)
        record(transaction, who, AccountReactivated(person.pseudonym, waits), now)
        assignments.assign_all(transaction, who.username, now)

    authorization.change(store, who, may_keep_accounts, now, act)


def change_password(store: Store, who: Principal, current: str, new: str, browser: str, now: datetime) -> str:
    """Change one's own password; returns a ticket for the session that replaces this one in this browser.

    Every other session of the account ends at once. This one ends when the ticket is used, at the latest after 30 s.
    Raises TooSoon, WrongAgain, SamePassword, SessionOver, and what `passwords.acceptable` raises.
    """
    person = reauthentication.account_of(store, who, current, now)
    passwords.acceptable(new, who.username, *known_words(store, who.name))
    if passwords.matching(new, person.password):
        raise refusals.SamePassword
    hashed, ticket = passwords.hashed(new), secrets.token_urlsafe(32)

    def act(transaction: WriteTransaction) -> None:
        at = written_at(transaction, now)
        if (
            named(transaction, who.username).password != person.password
        ):  # the password was replaced during the comparison
            raise reauthentication.WrongAgain
        authorization.must_have_session(transaction.connection, who, at)
        rows.set_password(transaction.connection, person.id, hashed, must_change=False)
        rows.spend_reset_links(transaction.connection, person.id, at)
        session_rows.end(transaction.connection, person.id, at, but=who.session)
        expires = at + sessions.millis_of(sessions.TICKET)
        session_rows.cut_short(transaction.connection, who.session, expires)
        session_rows.insert_ticket(
            transaction.connection, sessions.hashed(ticket), sessions.hashed(browser), person.id, expires
        )
        payload = PasswordChanged(transaction.pseudonym(who.username), digest_of(hashed), who.session[:16])
        transaction.record(at=at, actor=who.username, payload=payload)

    store.change(act)
    sessions.notify_sessions_ended()
    return ticket


def known_words(store: Store, name: str) -> tuple[str, ...]:
    """Texts that a password must not be built from, besides the username: the person's name and the contest's."""
    try:
        return name, context.contest(store).name
    except context.NoContest:
        return (name,)


def _check_roles(roles: Collection[Role]) -> None:
    chosen = frozenset(roles)
    if not chosen:
        raise refusals.NoRole
    if (chosen & MARKING and chosen - MARKING) or (Role.ADMIN in chosen and len(chosen) > 1):
        raise refusals.RolesApart


def named(transaction: WriteTransaction, username: str) -> rows.Account:
    """The account of this username. Raises NoSuchAccount."""
    person = rows.named(transaction.connection, username.strip().lower())
    if person is None:
        raise refusals.NoSuchAccount(username)
    return person


def _must_not_be_last(transaction: WriteTransaction, person: rows.Account) -> None:
    if rows.active_holders(transaction.connection, Role.ADMIN) == {person.username}:
        raise refusals.LastAdministrator


def record(transaction: WriteTransaction, who: Principal, payload: Payload, now: datetime) -> None:
    """Record a payload about an account in the ledger, with `who` as the actor."""
    transaction.record(at=written_at(transaction, now), actor=who.username, payload=payload)


def free_number(used: Collection[int], draw: Callable[[int], int] = secrets.randbelow) -> int:
    """A random number that no account has, so that it reveals neither a name nor the order of the accounts.

    It is from 1 to 99 while fewer than half of those are taken, then from 100 to 999, and so on. `draw(n)` returns a
    number from 0 to n - 1.
    """
    least, most = 1, 99
    while len(used) * 2 > most:
        least, most = most + 1, most * 10 + 9
    free = [number for number in range(least, most + 1) if number not in used]
    return free[draw(len(free))]


def digest_of(hashed: str) -> str:
    """SHA-256 in hex of a password's salted hash, for the ledger.

    It reveals a hash replaced in the database, and does not help to guess the password.
    """
    return hashlib.sha256(hashed.encode()).hexdigest()
