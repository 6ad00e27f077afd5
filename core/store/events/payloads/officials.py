"""Payloads: the list of officials, and what people decide about authors who are like them."""

from core.store.events.payloads.base import Commitment, Count, Payload, Person


class OfficialAdded(Payload, frozen=True):
    """A member of a body was added to the list. `birth_date` as "1990-05-07"; None for what is unknown."""

    official: Count
    body: str
    name: Commitment
    birth_date: Commitment | None = None
    phone: Commitment | None = None
    note: Commitment | None = None


class OfficialCorrected(Payload, frozen=True):
    """What the list says of an official was corrected; all texts as they are now."""

    official: Count
    body: str
    name: Commitment
    birth_date: Commitment | None = None
    phone: Commitment | None = None
    note: Commitment | None = None


class OfficialRemoved(Payload, frozen=True):
    """An official left the list."""

    official: Count


class MatchDecided(Payload, frozen=True):
    """Somebody decided whether an author and an official (or an account's person) are one person.

    `number`: of the decision. `author_key`: a work's code and the author's place in it. `outcome`: "same" or "different". `ground`: what they have in
    common.
    """

    number: Count
    author_key: str
    ground: str
    outcome: str
    reason: Commitment
    official: Count | None = None
    account: Person | None = None
