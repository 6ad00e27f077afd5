"""Payloads: the publication of the result, and its retraction by two people."""

from core.store.events.payloads.base import Commitment, Count, Payload


class ResultPublished(Payload, frozen=True):
    """The committee made the confirmed result public.

    `document`: the SHA-256 of the confirmed award table's canonical text; `public`: that of the published document.
    """

    publication: Count
    document: str  # "sha256:…"
    public: str  # "sha256:…"


class RetractionProposed(Payload, frozen=True):
    """A member of the committee proposed to take a publication back."""

    retraction: Count
    publication: Count
    reason: Commitment


class RetractionDeclined(Payload, frozen=True):
    """Another member declined the proposal: the result stays public."""

    retraction: Count
    answer: Commitment


class ResultRetracted(Payload, frozen=True):
    """Another member confirmed the proposal: the result is not public any more."""

    retraction: Count
    publication: Count
    answer: Commitment | None
