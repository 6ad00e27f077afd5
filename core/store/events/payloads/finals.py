"""Payloads: the final round. Codes of works, hashes and the seed are public; every typed text is a commitment."""

from core.store.events.payloads.base import Commitment, Count, Digest, Payload


class FinalsListClosed(Payload, frozen=True):
    """The list of accepted works was closed, before the seed of the draw is known."""

    number: Count  # 1 for the first; a later one replaces the earlier ones
    works: list[str]
    taken: list[str]  # codes that the jury's works had already
    left_out: list[str]  # works that still waited for screening
    sha256: Digest  # of the list's canonical text
    source: Commitment  # where the seed will come from
    reason: Commitment | None = None


class FinalsDrawn(Payload, frozen=True):
    """The judging codes were drawn: every work of the list became a finalist."""

    number: Count  # of the list
    sha256: Digest  # of the list
    seed: str  # public
    codes: dict[str, str]  # submission -> judging code


class FinalistPosted(Payload, frozen=True):
    """Where and when a finalist was posted was entered or corrected. Without an address there is no post any more."""

    number: Count
    entry: str  # judging code
    address: Commitment | None = None
    posted_at: Count | None = None
    reason: Commitment | None = None


class FinalistChangeProposed(Payload, frozen=True):
    """Somebody proposed to correct, withdraw, disqualify or reinstate a finalist, or to replace its film."""

    number: Count
    entry: str  # judging code
    kind: str
    version: Count  # of the submission, as it was read
    reason: Commitment
    form: Commitment | None = None
    film: Digest | None = None  # of a replaced film, with what follows
    poster: str | None = None
    milliseconds: Count | None = None
    width: Count | None = None
    height: Count | None = None
    past_rules: tuple[str, ...] = ()  # rules of the film's check that it breaks and the office overrides


class FinalistChangeDeclined(Payload, frozen=True):
    """Another person declined the proposal."""

    number: Count
    entry: str
    reason: Commitment


class FinalistChangeConfirmed(Payload, frozen=True):
    """Another person confirmed the proposal, which took effect."""

    number: Count
    entry: str
    submission: str
    kind: str
    reason: Commitment | None = None
