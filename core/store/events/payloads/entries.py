"""Payloads: works as their authors enter them. The form and every reason are personal texts."""

from core.store.events.payloads.base import Commitment, Count, Digest, Payload, Session


class SubmissionRegistered(Payload, frozen=True):
    """A work was entered with its form."""

    submission: str
    form: Commitment
    link: Session | None = None  # of the author's private link
    late: bool = False
    reason: Commitment | None = None  # why the office took it late
    by_author: bool = False


class SubmissionCorrected(Payload, frozen=True):
    """The form was corrected."""

    submission: str
    form: Commitment
    reason: Commitment | None = None
    by_author: bool = False


class SubmissionFilmReceived(Payload, frozen=True):
    """The work's film arrived, the first or another one."""

    submission: str
    film: Digest
    sent_at: Count  # when its last byte came; the row is written when the film has been checked
    milliseconds: Count
    width: Count
    height: Count
    poster: str | None = None
    late: bool = False
    reason: Commitment | None = None
    by_author: bool = False
    past_rules: tuple[str, ...] = ()  # rules of the film's check that it breaks and the office overrode


class SubmissionPosterMade(Payload, frozen=True):
    """The check of the whole film found a better poster than the one that was made when the film came."""

    submission: str
    film: Digest
    poster: str


class SubmissionReturned(Payload, frozen=True):
    """The work went back to its author, to be completed."""

    submission: str
    reason: Commitment
    by_screeners: bool = False


class SubmissionWithdrawn(Payload, frozen=True):
    """The work was withdrawn."""

    submission: str
    reason: Commitment | None = None
    by_author: bool = False


class SubmissionDisqualified(Payload, frozen=True):
    """The work was put out of the competition."""

    submission: str
    reason: Commitment


class SubmissionReinstated(Payload, frozen=True):
    """A withdrawn or disqualified work came back."""

    submission: str
    reason: Commitment


class SubmissionLinkMade(Payload, frozen=True):
    """A new private link was made; the earlier one no longer works."""

    submission: str
    link: Session


class EntryDoorSet(Payload, frozen=True):
    """The office opened or closed the public form, or set the code it asks for."""

    open: bool
    code: Commitment | None = None


class PersonRequestReceived(Payload, frozen=True):
    """An author asks about their data: to see, correct or erase it, or withdraws consent. `reason`: in their words."""

    request: Count
    submission: str
    kind: str
    received_at: Count  # a paper may have come before the row is written
    reason: Commitment | None = None
    by_author: bool = False


class PersonRequestClosed(Payload, frozen=True):
    """The office carried out or answered a request. `reason`: what it did."""

    request: Count
    submission: str
    reason: Commitment


class PersonDataExported(Payload, frozen=True):
    """The office took everything that the desk has about an author; `place`: of the author in the form, from 1."""

    submission: str
    place: Count
