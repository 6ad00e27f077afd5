"""The contest and its works."""

from core.store.events.payloads.base import Commitment, Count, Digest, Payload


class ContestOpened(Payload, frozen=True):
    """The contest is opened in an empty database."""

    contest: str
    rule_card: str  # "sha256:…"
    rule_card_version: int
    file: Digest  # of the contest file
    seed: str  # public: the judges' viewing orders come from it
    demo: bool


class EntryAdded(Payload, frozen=True):
    """A work comes in with its film."""

    entry: str
    title: Commitment
    author: Commitment
    unit: Commitment
    film: Digest
    milliseconds: Count
    width: Count
    height: Count
    poster: str | None = None  # the name of its file


class EntryCorrected(Payload, frozen=True):
    """A work has another title, author or unit."""

    entry: str
    title: Commitment
    author: Commitment
    unit: Commitment


class FilmReplaced(Payload, frozen=True):
    """A work has another film, or another poster."""

    entry: str
    film: Digest
    milliseconds: Count
    width: Count
    height: Count
    poster: str | None = None


class DemoCompleted(Payload, frozen=True):
    """Everything of the demonstration is made."""

    works: Count
