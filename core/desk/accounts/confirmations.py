"""Confirmation of accounts: no administrator alone can mark, decide or read marks.

The rule starts with the first sealed sheet. It applies to an account that an administrator creates, reactivates, or
gives a role of the contest or a password. Such an account cannot seal a sheet, decide, or read with an organiser's
role until the chief judge or the committee confirms that it belongs to the person it names. Before the first sealed
sheet the panel is being set up, and the chief is shown everybody on it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from core.desk import authorization
from core.desk.accounts.account_refusals import NoSuchAccount, NotWaiting, OwnAccount
from core.desk.context import written_at
from core.rules.access import GUARDED, Principal, Role
from core.rules.permissions import may_confirm_accounts, must
from core.rules.vietnamese import name_key
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import AccountConfirmed
from core.store.people import accounts as rows
from core.store.queries.contest_row import contest_row


@dataclass(frozen=True, slots=True)
class Waiting:
    """An account that waits for confirmation."""

    username: str
    name: str
    roles: frozenset[Role]
    cause: str  # "added", "roles", "password", "reactivated"
    since: datetime
    own: bool  # True for the reader's own account: somebody else has to confirm it


def require_confirmation(transaction: WriteTransaction, person: rows.Account, cause: str, now: datetime) -> str | None:
    """Mark the account as waiting for confirmation if the rule applies to it.

    Returns the cause, which the caller puts in the ledger payload, or None if the account does not have to wait.
    """
    contest = contest_row(transaction.connection)
    if contest is None or contest.frozen_at is None or person.is_demo or not GUARDED & set(map(Role, person.roles)):
        return None
    rows.hold(transaction.connection, person.id, cause, written_at(transaction, now))
    return cause


def waiting(store: Store, who: Principal) -> tuple[Waiting, ...]:
    """The active accounts that wait for confirmation, sorted by Vietnamese name. Raises NotAllowed."""
    must(may_confirm_accounts(who))
    with store.read() as connection:
        causes = rows.waiting(connection)
        people = [person for person in rows.all_accounts(connection) if person.username in causes and person.active]
    return tuple(
        Waiting(
            person.username,
            person.name,
            frozenset(map(Role, person.roles)),
            causes[person.username][0],
            datetime.fromtimestamp(causes[person.username][1] / 1000, UTC),
            person.username == who.username,
        )
        for person in sorted(people, key=lambda each: (name_key(each.name), each.username))
    )


def confirm(store: Store, who: Principal, username: str, now: datetime) -> None:
    """The chief judge or the committee confirms that an account, not their own, belongs to the person it names.

    Raises NotAllowed, OwnAccount, NoSuchAccount, NotWaiting.
    """
    must(may_confirm_accounts(who))
    if who.username == username:
        raise OwnAccount

    def act(transaction: WriteTransaction) -> None:
        person = rows.named(transaction.connection, username)
        if person is None:
            raise NoSuchAccount(username)
        if not rows.release(transaction.connection, person.id):
            raise NotWaiting(username)
        transaction.record(
            at=written_at(transaction, now), actor=who.username, payload=AccountConfirmed(person.pseudonym)
        )

    authorization.change(store, who, may_confirm_accounts, now, act)
