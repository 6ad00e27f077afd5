"""Saying one's password again: what is asked of a person before an act that nobody can undo (ASVS 5.0, 7.5.3).

A session left open at a desk may read and mark; it may not close a round, nor put a province's name under its awards.
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
    """It is not the password of whoever is signed in."""

    def __init__(self) -> None:
        super().__init__("Mật khẩu không đúng.")


@dataclass(frozen=True, slots=True)
class Reauthenticated:
    """A person who has said their password again, for one act: given by `sure`, asked for by that act."""

    who: Principal


def sure(store: Store, who: Principal, password: str, now: datetime) -> Reauthenticated:
    """The person, once their password is right. Raises TooSoon, WrongAgain."""
    account_of(store, who, password, now)
    return Reauthenticated(who)


def account_of(store: Store, who: Principal, password: str, now: datetime) -> accounts.Account:
    """The account whose password is said again. Whoever sits at an open desk guesses no faster than a stranger.
    Raises TooSoon, WrongAgain.
    """
    at, counts = millis(now), (f"account:{who.username}@{who.session}",)

    def count(unit: WriteTransaction) -> accounts.Account | None:
        throttling.one_more(unit, counts, at)
        return accounts.named(unit.connection, who.username)

    person = store.change(count)
    if person is None or not passwords.matching(password, person.password):
        raise WrongAgain
    store.change(lambda unit: rows.clear_delays(unit.connection, counts))
    return person
