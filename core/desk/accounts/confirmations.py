"""An administrator alone can neither mark, decide nor read marks: what they set after the first sheet waits for somebody else.

From the first sealed sheet on, an account that an administrator makes, opens again, or gives a role of the contest or a
password cannot seal a sheet, decide anything, or read by an organiser's role, until the chief judge or the committee has
confirmed that it is the person it names. Before the first sheet the panel is being set up, and everybody on it is named to the chief.
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
    """An account that waits to be confirmed."""

    username: str
    name: str
    roles: frozenset[Role]
    cause: str  # "added", "roles", "password", "reactivated"
    since: datetime
    own: bool  # the reader's: somebody else has to confirm it


def hold(unit: WriteTransaction, person: rows.Account, cause: str, now: datetime) -> str | None:
    """Let the account wait where it must; gives what its ledger row says of that: the cause, or None."""
    contest = contest_row(unit.connection)
    if contest is None or contest.frozen_at is None or person.is_demo or not GUARDED & set(map(Role, person.roles)):
        return None
    rows.hold(unit.connection, person.id, cause, written_at(unit, now))
    return cause


def waiting(store: Store, who: Principal) -> tuple[Waiting, ...]:
    """The accounts that wait, in the order of a Vietnamese list of people."""
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
    """The chief judge or the committee confirms that the account is the person it names; never their own.

    Raises NotAllowed, OwnAccount, NoSuchAccount, NotWaiting.
    """
    must(may_confirm_accounts(who))
    if who.username == username:
        raise OwnAccount

    def act(unit: WriteTransaction) -> None:
        person = rows.named(unit.connection, username)
        if person is None:
            raise NoSuchAccount(username)
        if not rows.release(unit.connection, person.id):
            raise NotWaiting(username)
        unit.record(at=written_at(unit, now), actor=who.username, payload=AccountConfirmed(person.pseudonym))

    authorization.change(store, who, may_confirm_accounts, now, act)
