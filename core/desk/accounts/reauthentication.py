"""Entering one's password again before an act that cannot be undone (ASVS 5.0, 7.5.3).

A session alone is enough to read and mark. It is not enough to close a round or to confirm the awards.
"""

from dataclasses import dataclass
from datetime import datetime

from core.desk.accounts import passwords, throttling
from core.desk.context import millis
from core.rules.access import Principal
from core.rules.words import Refusal
from core.store.engine import Store, WriteTransaction
from core.store.people import accounts
from core.store.people import sessions as rows


class WrongAgain(Refusal):
    """The password is not that of the signed-in person."""

    def __init__(self) -> None:
        super().__init__("Mật khẩu không đúng.")


@dataclass(frozen=True, slots=True)
class Reauthenticated:
    """A person who has entered their password again, for one act. Made by `reauthenticate` and required by that act."""

    who: Principal


def reauthenticate(store: Store, who: Principal, password: str, now: datetime) -> Reauthenticated:
    """Check the person's password again. Raises TooSoon, WrongAgain."""
    account_of(store, who, password, now)
    return Reauthenticated(who)


def account_of(store: Store, who: Principal, password: str, now: datetime) -> accounts.Account:
    """The person's account, after checking the password. Failures are throttled, as at sign-in.

    Raises TooSoon, WrongAgain.
    """
    at, counts = millis(now), (f"account:{who.username}@{who.session}",)

    def count(transaction: WriteTransaction) -> accounts.Account | None:
        throttling.count_attempt(transaction, counts, at)
        return accounts.named(transaction.connection, who.username)

    person = store.change(count)
    if person is None or not passwords.matching(password, person.password):
        raise WrongAgain
    store.change(lambda transaction: rows.clear_delays(transaction.connection, counts))
    return person
