"""Payloads: closing the round, interaction counts, decisions and awards."""

from msgspec import Struct

from core.store.events.payloads.base import Commitment, Count, Digest, Payload, Person, PublicKey, Word


class RoundClosed(Payload, frozen=True):
    """The chief judge closed the round: how many sheets are missing, and which works (codes) have no score."""

    missing: Count
    without_score: list[str]
    reason: Commitment | None = None


class ReadingEnteredV1(Payload, frozen=True):
    """Version 1, of releases without confirmation: the reading counts."""

    entry: str
    taken_at: Count
    reactions: Count
    comments: Count
    shares: Count
    views: Count


class ReadingEntered(Payload, frozen=True):
    """Somebody entered a work's interaction counts as read from its post; they wait for another person.

    `corrects`: the number of the reading of this work that it corrects, from 1. `questions`: what was asked about it.
    `screenshot`: of the picture in the library.
    """

    entry: str
    taken_at: Count
    reactions: Count
    comments: Count
    shares: Count
    views: Count
    corrects: Count | None
    questions: list[str]
    explanation: Commitment | None
    reason: Commitment | None
    address: Commitment | None
    screenshot: Digest | None


class ReadingConfirmed(Payload, frozen=True):
    """Another person confirmed a reading: it counts from now on. `reading`: its number in the work, from 1."""

    entry: str
    reading: Count


class ReadingRejected(Payload, frozen=True):
    """Another person rejected a reading. `reading`: its number in the work, from 1."""

    entry: str
    reading: Count
    reason: Commitment


class CountsFrozenV1(Payload, frozen=True):
    """Version 1, of releases without confirmation."""

    counted: list[tuple[str, Count]]


class CountsFrozen(Payload, frozen=True):
    """The interactions were frozen.

    `counted`: each work's code and its weighted count. `waiting`: the readings that were not confirmed, by the work's
    code and their number in it.
    """

    counted: list[tuple[str, Count]]
    waiting: list[tuple[str, Count]]


class CountsReopened(Payload, frozen=True):
    """The frozen interactions were reopened; `decisions` are revoked by it."""

    frozen_by: Person
    frozen_at: Count
    counted: list[tuple[str, Count]]
    decisions: list[Count]
    reason: Commitment


class DecisionMade(Payload, frozen=True):
    """The committee chose among tied works (`kind` "choose") or withheld prizes ("withhold")."""

    decision: Count
    prize: str
    kind: str
    entries: list[str]
    quantity: Count
    reason: Commitment


class DecisionRevoked(Payload, frozen=True):
    """A decision was revoked."""

    decision: Count


class GivenAward(Struct, frozen=True, forbid_unknown_fields=True):
    """A prize, the code of the work that gets it, and the amount in đồng."""

    prize: str
    entry: str
    amount: Count


class AwardsConfirmed(Payload, frozen=True):
    """The award table was confirmed; `document` is the SHA-256 of its canonical text."""

    document: str  # "sha256:…"
    rule_card: str
    awards: list[GivenAward]


class AwardsExported(Payload, frozen=True):
    """Somebody downloaded a file of the award table."""

    file: str
    sha256: Digest


class CheckpointMadeV1(Payload, frozen=True):
    """Version 1, of releases that signed nothing."""

    rows: Count
    head: Digest


class CheckpointMade(Payload, frozen=True):
    """The head of the audit chain, written into the result chain: its number of rows and its last hash.

    The result chain up to this row is signed. `occasion`: why, such as "closing".
    """

    rows: Count
    head: Digest
    occasion: Word


class SigningKeyRecorded(Payload, frozen=True):
    """The checkpoints after this row are signed with the key whose public half is `key`."""

    key: PublicKey
