"""Closings, counts of interactions, decisions and awards."""

from msgspec import Struct

from core.store.events.payloads.base import Commitment, Count, Digest, Payload, Person


class RoundClosed(Payload, frozen=True):
    """The chief judge closes the round: how many sheets are missing, and which works are left without a score."""

    missing: Count
    without_score: list[str]
    reason: Commitment | None = None


class ReadingEntered(Payload, frozen=True):
    """A work's interactions as somebody read them."""

    entry: str
    taken_at: Count
    reactions: Count
    comments: Count
    shares: Count
    views: Count


class CountsFrozen(Payload, frozen=True):
    """The interactions are final: what each work's count for, by code."""

    counted: list[tuple[str, Count]]


class CountsReopened(Payload, frozen=True):
    """Frozen interactions are opened again; these decisions fall with them."""

    frozen_by: Person
    frozen_at: Count
    counted: list[tuple[str, Count]]
    decisions: list[Count]
    reason: Commitment


class DecisionMade(Payload, frozen=True):
    """The committee chooses among equals (`kind` "choose") or withholds prizes ("withhold")."""

    decision: Count
    prize: str
    kind: str
    entries: list[str]
    quantity: Count
    reason: Commitment


class DecisionRevoked(Payload, frozen=True):
    """A decision is taken back."""

    decision: Count


class GivenAward(Struct, frozen=True, forbid_unknown_fields=True):
    """A prize, the work that takes it, and its money in đồng."""

    prize: str
    entry: str
    amount: Count


class AwardsConfirmed(Payload, frozen=True):
    """The award table is fixed; `document` is the fingerprint of its canonical text."""

    document: str  # "sha256:…"
    rule_card: str
    awards: list[GivenAward]


class AwardsExported(Payload, frozen=True):
    """Somebody took a file of the award table away."""

    file: str
    sha256: Digest


class CheckpointMade(Payload, frozen=True):
    """The head of the audit chain, written into the result chain."""

    rows: Count
    head: Digest
