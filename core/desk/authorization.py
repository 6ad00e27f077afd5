"""Who acts is asked again inside the transaction that writes: a request dies with its session (ASVS 5.0, 8.3.2).

A page or a route knows who asks from the moment the request came. Until the change is written the person may have signed out,
lost a role, had the account closed or the password replaced. What is decided counts by what is true then.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from core.desk.context import millis
from core.rules.access import NotAllowed, NotConfirmed, Principal, Role, SessionOver
from core.rules.permissions import must
from core.store.engine import Connection, Store, WriteTransaction
from core.store.people import accounts
from core.store.people.accounts import Acting

T = TypeVar("T")


def change(
    store: Store, who: Principal, may: Callable[[Principal], bool], now: datetime, act: Callable[[WriteTransaction], T]
) -> T:
    """`Store.change` for a person: `may` is asked of the person as the database knows them when it is written.

    Raises NotAllowed, NotConfirmed, SessionOver, and what `act` raises.
    """

    def checked(unit: WriteTransaction) -> T:
        must(may(as_known(unit.connection, who, unit.not_before(millis(now)))))
        return act(unit)

    return store.change(checked)


def as_known(connection: Connection, who: Principal, at: int) -> Principal:
    """The person with the roles they have at this time (UTC ms). Raises NotAllowed, NotConfirmed, SessionOver.

    A principal without a session is whoever holds the machine: the command line, and the demonstration's own people.
    """
    if not who.session:
        return who
    found = accounts.acting(connection, who.username, who.session)
    if found is None:
        raise NotAllowed
    person = living(who, found, at)
    if not found.confirmed:
        raise NotConfirmed
    return person


def session_must_live(connection: Connection, who: Principal, at: int) -> None:
    """The part of `as_known` that also binds whoever has still to replace a temporary password."""
    found = accounts.acting(connection, who.username, who.session)
    if found is None or found.session_over(at):
        raise SessionOver


def living(who: Principal, found: Acting, at: int) -> Principal:
    """The person with what the database says of them. Raises NotAllowed, SessionOver."""
    if found.session_over(at):
        raise SessionOver
    if found.must_change and found.session_expires_at is not None:  # set by an administrator during this session
        raise NotAllowed
    return who if who.roles == found.roles else replace(who, roles=frozenset(map(Role, found.roles)))
