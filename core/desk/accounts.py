"""Accounts: who makes them, what they may hold together, and how a password begins, changes and is lost."""

import secrets
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from core.desk import again, house, passwords, seats, sessions
from core.desk.account_refusals import (
    BadUsername,
    DemoOnly,
    LastAdministrator,
    NameMissing,
    NoRole,
    NoSuchAccount,
    RolesApart,
    SamePassword,
    UsernameTaken,
)
from core.desk.house import millis, moment
from core.rules.access import Principal, Role
from core.rules.permissions import may_keep_accounts, must
from core.rules.vietnamese import name_key
from core.store import accounts as rows
from core.store import sessions as session_rows
from core.store.circumstances import contest_row
from core.store.engine import Store, Unit

USERNAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")
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


def listed(store: Store, who: Principal) -> tuple[Listed, ...]:
    """Every account, in the order of a Vietnamese list of people; administrators only."""
    must(may_keep_accounts(who))
    with store.read() as connection:
        found = rows.all_accounts(connection)
    return tuple(
        Listed(
            a.username, a.name, frozenset(map(Role, a.roles)), a.active, a.must_change, a.is_demo, moment(a.created_at)
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
    """Make an account and give the temporary password to hand over; it must be changed at the first sign-in. A judge is
    seated before every work at once.

    With `demo_password` the account is the demo's, keeps that password, and is refused outside a demo contest.
    """
    must(may_keep_accounts(who))
    username, name = username.strip().lower(), unicodedata.normalize("NFC", name).strip()
    if not 3 <= len(username) <= 32 or not USERNAME.issuperset(username):
        raise BadUsername
    if not name:
        raise NameMissing
    _held_together(roles)
    password, at = demo_password or passwords.temporary_password(), millis(now)
    hashed = passwords.hashed(password)

    def act(unit: Unit) -> None:
        if rows.named(unit.connection, username) is not None:
            raise UsernameTaken(username)
        contest = contest_row(unit.connection)
        demo = demo_password is not None
        if demo and not (contest is not None and contest.is_demo):
            raise DemoOnly
        new = rows.Account(0, username, name, hashed, not demo, True, demo, at, frozenset(map(str, roles)))
        rows.insert(unit.connection, new)
        payload = {"username": username, "name": name, "roles": sorted(map(str, roles)), "demo": int(demo)}
        unit.record(at=at, actor=who.username, event="account.added", payload=payload)
        seats.seat_all(unit, who.username, now)

    store.change(act)
    return password


def set_roles(store: Store, who: Principal, username: str, roles: Collection[Role], now: datetime) -> None:
    """Give an account exactly these roles; its sessions end where it loses one."""
    must(may_keep_accounts(who))
    _held_together(roles)

    def act(unit: Unit) -> None:
        person = named(unit, username)
        if Role.ADMIN not in roles:
            _not_last(unit, person)
        rows.replace_roles(unit.connection, person.id, roles)
        if person.roles - set(map(str, roles)):
            session_rows.end(unit.connection, person.id, millis(now))
        payload = {"username": person.username, "roles": sorted(map(str, roles)), "before": sorted(person.roles)}
        unit.record(at=millis(now), actor=who.username, event="account.roles_set", payload=payload)
        seats.seat_all(unit, who.username, now)

    store.change(act)
    sessions.tell_ended()


def deactivate(store: Store, who: Principal, username: str, now: datetime) -> None:
    """Close an account: it signs in no more, and every session and open link of it ends at once."""
    must(may_keep_accounts(who))

    def act(unit: Unit) -> None:
        person = named(unit, username)
        _not_last(unit, person)
        rows.set_active(unit.connection, person.id, active=False)
        rows.spend_reset_links(unit.connection, person.id, millis(now))
        session_rows.end(unit.connection, person.id, millis(now))
        told(unit, who, "account.deactivated", person, now)

    store.change(act)
    sessions.tell_ended()


def reactivate(store: Store, who: Principal, username: str, now: datetime) -> None:
    """Open a closed account again."""
    must(may_keep_accounts(who))

    def act(unit: Unit) -> None:
        person = named(unit, username)
        rows.set_active(unit.connection, person.id, active=True)
        told(unit, who, "account.reactivated", person, now)
        seats.seat_all(unit, who.username, now)

    store.change(act)


def change_password(store: Store, who: Principal, current: str, new: str, browser: str, now: datetime) -> str:
    """Change one's own password, and give a ticket for the session that replaces this one in this browser.

    Every other session of the account ends at once; this one ends when the ticket is used, within 30 s in any case.
    """
    person = again.account_of(store, who, current, now)
    passwords.acceptable(new, who.username, *known_words(store, who.name))
    if passwords.matching(new, person.password):
        raise SamePassword
    hashed, ticket, at = passwords.hashed(new), secrets.token_urlsafe(32), millis(now)

    def act(unit: Unit) -> None:
        if named(unit, who.username).password != person.password:  # replaced by another while this one was compared
            raise again.WrongAgain
        rows.set_password(unit.connection, person.id, hashed, must_change=False)
        rows.spend_reset_links(unit.connection, person.id, at)
        session_rows.end(unit.connection, person.id, at, but=who.session)
        expires = at + sessions.millis_of(sessions.TICKET)
        session_rows.cut_short(unit.connection, who.session, expires)
        session_rows.insert_ticket(
            unit.connection, sessions.hashed(ticket), sessions.hashed(browser), person.id, expires
        )
        unit.record(at=at, actor=who.username, event="account.password_changed", payload={"username": who.username})

    store.change(act)
    sessions.tell_ended()
    return ticket


def known_words(store: Store, name: str) -> tuple[str, ...]:
    """What others know of a person besides their username, and so no password: their name, and the contest's."""
    try:
        return name, house.contest(store).name
    except house.NoContest:
        return (name,)


def _held_together(roles: Collection[Role]) -> None:
    held = frozenset(roles)
    if not held:
        raise NoRole
    if (held & MARKING and held - MARKING) or (Role.ADMIN in held and len(held) > 1):
        raise RolesApart


def named(unit: Unit, username: str) -> rows.Account:
    """The account of this username. Raises NoSuchAccount."""
    person = rows.named(unit.connection, username.strip().lower())
    if person is None:
        raise NoSuchAccount(username)
    return person


def _not_last(unit: Unit, person: rows.Account) -> None:
    if rows.active_holders(unit.connection, Role.ADMIN) == {person.username}:
        raise LastAdministrator


def told(unit: Unit, who: Principal, event: str, person: rows.Account, now: datetime) -> None:
    """Write in the ledger what was done to an account, and by whom."""
    unit.record(at=millis(now), actor=who.username, event=event, payload={"username": person.username})
