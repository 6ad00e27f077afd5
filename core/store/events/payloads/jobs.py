"""Payloads: what people did about background jobs and their findings. What the jobs themselves do to works has events of its own."""

from core.store.events.payloads.base import Commitment, Count, Digest, Payload


class FilmChecksRequested(Payload, frozen=True):
    """Somebody requested a check of every film."""

    count: Count  # films that were not being checked already


class FilmCopiesRequested(Payload, frozen=True):
    """Somebody requested the missing copies of every film."""

    count: Count  # films that lacked a copy and had no such job


class JobCancelled(Payload, frozen=True):
    """Somebody cancelled a job."""

    job: Count
    kind: str
    entry: str | None = None  # the work that the job is about


class JobRetried(Payload, frozen=True):
    """Somebody requested an ended job again."""

    job: Count  # the ended one
    kind: str
    entry: str | None = None


class FilmComparisonsRequested(Payload, frozen=True):
    """Somebody requested that every film is compared with all others again."""

    count: Count  # films that were not being compared already


class FilmPairDecided(Payload, frozen=True):
    """Somebody decided what it means that two films are alike. The last decision of a pair stands."""

    decision: Count
    entry: str  # the work whose film it is
    film: Digest
    other: Digest
    verdict: str  # "different", "same_work" or "copied"
    reason: Commitment
    published: bool = False  # the other one is a published film, not a work's
    other_entry: str | None = None  # the other work
