"""Accounts: who makes them, what they may hold together, and how a password begins, changes and is lost."""

import hashlib
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from core.desk import assignments, authorization, context
from core.desk.accounts import confirmations, passwords, reauthentication, sessions
from core.desk.accounts.account_names import must_be_told_apart, name_of, username_of
from core.desk.accounts.account_refusals import (
    DemoOnly,
    LastAdministrator,
    NoRole,
    NoSuchAccount,
    RolesApart,
    SamePassword,
    UsernameTaken,
)
from core.desk.context import moment, written_at
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

SYSTEM = Principal("system", "", frozenset({Role.ADMIN}), "")  # the command line: whoever has the machine
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
    confirmed: bool = True  # False: set after the first sheet, and waiting for the chief or the committee


def listed(store: Store, who: Principal) -> tuple[Listed, ...]:
    """Every account, in the order of a Vietnamese list of people; administrators only."""
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
    """The demo's accounts, for its sign-in page; none outside a demo contest."""
    with store.read() as connection:
        row = contest_row(connection)
        found = rows.all_accounts(connection) if row is not None and row.is_demo else ()
    return tuple(
        Listed(a.username, a.name, frozenset(map(Role, a.roles)), a.active, a.must_change, True, moment(a.created_at))
        for a in found
        if a.is_demo and a.active
    )


def any_demo(store: Store) -> bool:
    """True where a demo account could sign in."""
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
    """Make an account and give the temporary password to hand over; it must be changed at the first sign-in.

    Before the first sheet a judge is seated before every work at once; after it, by the chief alone (`assignments.assign`).

    With `demo_password` the account is the demo's, keeps that password, and is refused outside a demo contest.
    """
    must(may_keep_accounts(who))
    username, name = username_of(username), name_of(name)
    _held_together(roles)
    password = demo_password or passwords.temporary_password()
    hashed = passwords.hashed(password)

    def act(unit: WriteTransaction) -> None:
        at = written_at(unit, now)
        if rows.named(unit.connection, username) is not None:
            raise UsernameTaken(username)
        must_be_told_apart(unit.connection, name)
        contest = contest_row(unit.connection)
        demo = demo_password is not None
        if demo and not (contest is not None and contest.is_demo):
            raise DemoOnly
        number = free_number(rows.numbers(unit.connection))
        new = rows.Account(0, number, username, name, hashed, not demo, True, demo, at, frozenset(map(str, roles)))
        new = replace(new, id=rows.insert(unit.connection, new))
        payload = AccountAdded(
            new.pseudonym, unit.commit(username), unit.commit(name), sorted(map(str, roles)), demo, digest_of(hashed),
            confirmations.hold(unit, new, "added", now),
        )  # fmt: skip
        unit.record(at=at, actor=who.username, payload=payload)
        assignments.seat_all(unit, who.username, now)

    authorization.change(store, who, may_keep_accounts, now, act)
    return password


def set_roles(store: Store, who: Principal, username: str, roles: Collection[Role], now: datetime) -> None:
    """Give an account exactly these roles; its sessions end where it loses one or has to be confirmed."""
    must(may_keep_accounts(who))
    _held_together(roles)

    def act(unit: WriteTransaction) -> None:
        person = named(unit, username)
        if Role.ADMIN not in roles:
            _not_last(unit, person)
        given = frozenset(map(str, roles))
        rows.replace_roles(unit.connection, person.id, roles)
        waits = confirmations.hold(unit, replace(person, roles=given), "roles", now) if given - person.roles else None
        if person.roles - given or waits:
            session_rows.end(unit.connection, person.id, written_at(unit, now))
        payload = RolesSet(person.pseudonym, sorted(given), sorted(person.roles), waits)
        unit.record(at=written_at(unit, now), actor=who.username, payload=payload)
        if Role.JUDGE in person.roles and Role.JUDGE not in roles:
            assignments.unseat(unit, person.username, who.username, now)
        assignments.seat_all(unit, who.username, now)

    authorization.change(store, who, may_keep_accounts, now, act)
    sessions.tell_ended()


def deactivate(store: Store, who: Principal, username: str, now: datetime) -> None:
    """Close an account: it signs in no more, and every session and open link of it ends at once."""
    must(may_keep_accounts(who))

    def act(unit: WriteTransaction) -> None:
        person = named(unit, username)
        _not_last(unit, person)
        rows.set_active(unit.connection, person.id, active=False)
        rows.spend_reset_links(unit.connection, person.id, written_at(unit, now))
        session_rows.end(unit.connection, person.id, written_at(unit, now))
        told(unit, who, AccountDeactivated(person.pseudonym), now)
        assignments.unseat(unit, person.username, who.username, now)

    authorization.change(store, who, may_keep_accounts, now, act)
    sessions.tell_ended()


def reactivate(store: Store, who: Principal, username: str, now: datetime) -> None:
    """Open a closed account again."""
    must(may_keep_accounts(who))

    def act(unit: WriteTransaction) -> None:
        person = named(unit, username)
        if not person.active:
            must_be_told_apart(unit.connection, person.name)
        rows.set_active(unit.connection, person.id, active=True)
        waits = confirmations.hold(unit, person, "reactivated", now)
        told(unit, who, AccountReactivated(person.pseudonym, waits), now)
        assignments.seat_all(unit, who.username, now)

    authorization.change(store, who, may_keep_accounts, now, act)


def change_password(store: Store, who: Principal, current: str, new: str, browser: str, now: datetime) -> str:
    """Change one's own password, and give a ticket for the session that replaces this one in this browser.

    Every other session of the account ends at once; this one ends when the ticket is used, within 30 s in any case.
    """
    person = reauthentication.account_of(store, who, current, now)
    passwords.acceptable(new, who.username, *known_words(store, who.name))
    if passwords.matching(new, person.password):
        raise SamePassword
    hashed, ticket = passwords.hashed(new), secrets.token_urlsafe(32)

    def act(unit: WriteTransaction) -> None:
        at = written_at(unit, now)
        if named(unit, who.username).password != person.password:  # replaced by another while this one was compared
            raise reauthentication.WrongAgain
        authorization.session_must_live(unit.connection, who, at)
        rows.set_password(unit.connection, person.id, hashed, must_change=False)
        rows.spend_reset_links(unit.connection, person.id, at)
        session_rows.end(unit.connection, person.id, at, but=who.session)
        expires = at + sessions.millis_of(sessions.TICKET)
        session_rows.cut_short(unit.connection, who.session, expires)
        session_rows.insert_ticket(
            unit.connection, sessions.hashed(ticket), sessions.hashed(browser), person.id, expires
        )
        payload = PasswordChanged(unit.pseudonym(who.username), digest_of(hashed), who.session[:16])
        unit.record(at=at, actor=who.username, payload=payload)

    store.change(act)
    sessions.tell_ended()
    return ticket


def known_words(store: Store, name: str) -> tuple[str, ...]:
    """What others know of a person besides their username, and so no password: their name, and the contest's."""
    try:
        return name, context.contest(store).name
    except context.NoContest:
        return (name,)


def _held_together(roles: Collection[Role]) -> None:
    held = frozenset(roles)
    if not held:
        raise NoRole
    if (held & MARKING and held - MARKING) or (Role.ADMIN in held and len(held) > 1):
        raise RolesApart


def named(unit: WriteTransaction, username: str) -> rows.Account:
    """The account of this username. Raises NoSuchAccount."""
    person = rows.named(unit.connection, username.strip().lower())
    if person is None:
        raise NoSuchAccount(username)
    return person


def _not_last(unit: WriteTransaction, person: rows.Account) -> None:
    if rows.active_holders(unit.connection, Role.ADMIN) == {person.username}:
        raise LastAdministrator


def told(unit: WriteTransaction, who: Principal, payload: Payload, now: datetime) -> None:
    """Write in the ledger what was done to an account, and by whom."""
    unit.record(at=written_at(unit, now), actor=who.username, payload=payload)


def free_number(taken: Collection[int], draw: Callable[[int], int] = secrets.randbelow) -> int:
    """A number that no account has, drawn at random: neither the order of the accounts nor a name leads to it.

    Of two digits while fewer than half of those are taken, then of three, and so on. `draw(n)` gives 0 to n - 1.
    """
    least, most = 1, 99
    while len(taken) * 2 > most:
        least, most = most + 1, most * 10 + 9
    free = [number for number in range(least, most + 1) if number not in taken]
    return free[draw(len(free))]


def digest_of(hashed: str) -> str:
    """What the ledger holds of a password's salted hash: another put in its place is seen, and nothing can be guessed by it."""
    return hashlib.sha256(hashed.encode()).hexdigest()
