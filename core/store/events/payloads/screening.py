"""Payloads: the screening of submissions. Reasons are personal texts."""

from msgspec import field

from core.store.events.payloads.base import Commitment, Count, Digest, Payload, Person


class ScreeningVerdictGiven(Payload, frozen=True):
    """A screener gave a verdict about a revision of a work: answers are "yes" or "no", points hundredths."""

    submission: str
    number: Count  # in the order of all verdicts
    screener: Person
    revision: Count
    film: Digest
    verdict: str  # "accept", "reject", "return" or "mark"
    answers: dict[str, str] = field(default_factory=dict)
    points: Count | None = None
    reason: Commitment | None = None
    names_author: bool = False


class ScreeningRecused(Payload, frozen=True):
    """A screener does not screen this work."""

    submission: str
    screener: Person
    reason: Commitment


class SubmissionAccepted(Payload, frozen=True):
    """The work passed the screening."""

    submission: str


class SubmissionRejected(Payload, frozen=True):
    """The work did not pass the screening."""

    submission: str
    reason: Commitment


class SubmissionResubmitted(Payload, frozen=True):
    """A returned work was completed and is to be screened again."""

    submission: str
    reason: Commitment | None = None
    by_author: bool = False


class SubmissionRescreened(Payload, frozen=True):
    """A screened work is to be screened anew."""

    submission: str
    reason: Commitment
