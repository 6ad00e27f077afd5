"""Payloads: the contest and its works."""

from core.store.events.payloads.base import Commitment, Count, Digest, Payload


class ContestOpened(Payload, frozen=True):
    """The contest was opened in an empty database."""

    contest: str
    rule_card: str  # "sha256:…"
    rule_card_version: int
    file: Digest  # of the contest file
    seed: str  # public; the judges' viewing orders are derived from it
    demo: bool


class EntryAdded(Payload, frozen=True):
    """A work was added with its film."""

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
    """A work's title, author or unit was corrected."""

    entry: str
    title: Commitment
    author: Commitment
    unit: Commitment


class FilmReplaced(Payload, frozen=True):
    """A work's film or poster was replaced."""

    entry: str
    film: Digest
    milliseconds: Count
    width: Count
    height: Count
    poster: str | None = None


class FilmCopied(Payload, frozen=True):
    """A copy of a work's film was made for its judges, or made again."""

    entry: str
    film: Digest
    kind: str  # "anonymous", "light", "playable"
    copy: Digest
    bytes: Count
    milliseconds: Count
    width: Count
    height: Count


class DemoCompleted(Payload, frozen=True):
    """The demo contest was built completely."""

    works: Count
