"""Checks permission again inside the writing transaction (ASVS 5.0, 8.3.2).

A page or a route knows the person as they were when the request arrived. Before the change is written they may sign
out, lose a role, or have the account closed or the password replaced. The check in the transaction decides.
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
    """Run `act` in a writing transaction after checking `may` there, on the person's current roles in the database.

    Returns what `act` returns. Raises NotAllowed, NotConfirmed, SessionOver, and what `act` raises.
    """

    def checked(transaction: WriteTransaction) -> T:
        must(may(current_principal(transaction.connection, who, transaction.not_before(millis(now)))))
        return act(transaction)

    return store.change(checked)


def current_principal(connection: Connection, who: Principal, at: int) -> Principal:
    """The person with their current roles in the database; `at` is the time in UTC ms.

    A principal without a session is returned as it is: the command line and the demo's builder use such principals.
    Raises NotAllowed, NotConfirmed, SessionOver.
    """
    if not who.session:
        return who
    found = accounts.acting(connection, who.username, who.session)
    if found is None:
        raise NotAllowed
    person = with_current_roles(who, found, at)
    if not found.confirmed:
        raise NotConfirmed
    return person


def must_have_session(connection: Connection, who: Principal, at: int) -> None:
    """Raise SessionOver where the session has ended or expired, or the account is closed; `at` in UTC ms.

    Unlike `current_principal` it checks no roles, so somebody who still has to replace a temporary password passes.
    """
    found = accounts.acting(connection, who.username, who.session)
    if found is None or found.session_over(at):
        raise SessionOver


def with_current_roles(who: Principal, found: Acting, at: int) -> Principal:
    """`who` with the roles in `found`, the account as it is now; `at` in UTC ms. Raises NotAllowed, SessionOver."""
    if found.session_over(at):
        raise SessionOver
    if found.must_change and found.session_expires_at is not None:  # an administrator reset the password meanwhile
        raise NotAllowed
    return who if who.roles == found.roles else replace(who, roles=frozenset(map(Role, found.roles)))
