"""What happens to a submission after it is entered: corrections, moves between states, and new private links.

An author acts by the private link, inside the window; the office acts with a reason. `author_*` take the link's secret.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from core.desk import authorization, context, stored_forms
from core.desk.background import entry_mail
from core.desk.background.film_checks import request_missed
from core.desk.entries import author_limit
from core.desk.entries import entry_refusals as refusals
from core.desk.entries.registration import SHORT, link_hash, must_be_in_window
from core.desk.matching import author_review
from core.rules.access import Principal
from core.rules.entries.form import SubmissionForm, checked
from core.rules.entries.states import OPEN_STATES, Move, Mover, NeedsReason, target
from core.rules.permissions import may_register_works
from core.rules.words import VIETNAM
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import (
    Payload,
    SubmissionCorrected,
    SubmissionDisqualified,
    SubmissionLinkMade,
    SubmissionReinstated,
    SubmissionRescreened,
    SubmissionResubmitted,
    SubmissionReturned,
    SubmissionWithdrawn,
)
from core.store.finals import draws
from core.store.ledger import SYSTEM
from core.store.queries import submissions as rows
from core.store.queries.submissions import Submission

_OFFICE_PAYLOADS: dict[Move, Callable[..., Payload]] = {
    Move.RETURN: SubmissionReturned,
    Move.WITHDRAW: SubmissionWithdrawn,
    Move.DISQUALIFY: SubmissionDisqualified,
    Move.REINSTATE: SubmissionReinstated,
    Move.RESUBMIT: SubmissionResubmitted,
    Move.RESCREEN: SubmissionRescreened,
}
_SCREENED_ANEW = (Move.REINSTATE, Move.RESUBMIT, Move.RESCREEN)


@dataclass(frozen=True, slots=True)
class Read:
    """The submission's version that the person read: a change on an older one is refused."""

    code: str
    version: int


def author_correct(store: Store, secret: str, version: int, form: SubmissionForm, now: datetime) -> int:
    """Correct one's form; returns the new version.

    Raises UnknownLink, NotYetOpen, WindowClosed, CompletionOver, NotOpenForChanges, ChangedMeanwhile, FormRefused, NothingChanged.
    """

    def act(transaction: WriteTransaction) -> int:
        found = _by_link(transaction, secret, version, now)
        return _correct(transaction, found, form, now, by=SYSTEM, reason="")

    return store.change(act)


def author_withdraw(store: Store, secret: str, version: int, now: datetime) -> None:
    """Withdraw one's work. Raises UnknownLink, WindowClosed, ChangedMeanwhile, WrongState."""

    def act(transaction: WriteTransaction) -> None:
        withdraw(transaction, _by_link(transaction, secret, version, now), now, by=SYSTEM)

    store.change(act)


def author_resubmit(store: Store, secret: str, version: int, now: datetime) -> None:
    """Send a returned work, now completed, to be screened again.

    Raises UnknownLink, CompletionOver, ChangedMeanwhile, WrongState.
    """

    def act(transaction: WriteTransaction) -> None:
        found = _by_link(transaction, secret, version, now)
        after = target(Move.RESUBMIT, found.state, Mover.AUTHOR, "", has_film=found.film is not None)
        payload = SubmissionResubmitted(found.code, by_author=True)
        _apply(transaction, found, payload, now, SYSTEM, state=after, **renewed(found))

    store.change(act)


def renewed(found: Submission) -> dict[str, object]:
    """The column values of a submission of which every verdict is to be given anew."""
    return {"revision": found.revision + 1}


def withdraw(transaction: WriteTransaction, found: Submission, now: datetime, *, by: str, reason: str = "") -> None:
    """Withdraw a submission; `by` is SYSTEM for its author. Raises WrongState, NeedsReason."""
    mover = Mover.AUTHOR if by == SYSTEM else Mover.OFFICE
    after = target(Move.WITHDRAW, found.state, mover, reason, has_film=found.film is not None)
    committed = transaction.commit_text(reason.strip()) if reason.strip() else None
    payload = SubmissionWithdrawn(found.code, committed, by_author=mover is Mover.AUTHOR)
    _apply(transaction, found, payload, now, by, state=after)


def office_correct(store: Store, who: Principal, read: Read, form: SubmissionForm, reason: str, now: datetime) -> int:
    """Correct a form for the author, with a reason; returns the new version. What the author agreed to stays agreed.

    Raises NotAllowed, UnknownSubmission, ChangedMeanwhile, NotOpenForChanges, NeedsReason, FormRefused, NothingChanged.
    """

    def act(transaction: WriteTransaction) -> int:
        if not reason.strip():
            raise NeedsReason
        found = _read(transaction, read)
        agreed = stored_forms.decode(found.form).terms
        return _correct(transaction, found, replace(form, terms=agreed), now, by=who.username, reason=reason)

    return authorization.change(store, who, may_register_works, now, act)


def office_move(store: Store, who: Principal, read: Read, move: Move, reason: str, now: datetime) -> None:
    """Return, withdraw, disqualify, reinstate or rescreen a work, or resubmit it for its author; with a reason.

    Raises NotAllowed, UnknownSubmission, ChangedMeanwhile, NotTheirs, WrongState, NeedsReason, SameFilmEntered,
    TooManyOfAuthor, NeedsTwoPeople.
    """

    def act(transaction: WriteTransaction) -> None:
        found = _read(transaction, read)
        code = draws.judging_code(transaction.connection, found.id)
        if code is not None:
            raise refusals.NeedsTwoPeople(code)
        after = target(move, found.state, Mover.OFFICE, reason, has_film=found.film is not None)
        if move is Move.REINSTATE:
            _must_fit_again(transaction, found)
        payload = _OFFICE_PAYLOADS[move](found.code, reason=transaction.commit_text(reason.strip()))
        anew = renewed(found) if move in _SCREENED_ANEW else {}
        _apply(transaction, found, payload, now, who.username, state=after, **anew)
        if move is Move.REINSTATE and found.film is not None:
            request_missed(transaction, found.code, found.film, context.written_at(transaction, now))
        if move is Move.RETURN:
            entry_mail.request(transaction, entry_mail.MAIL_RETURNED, found.code, context.written_at(transaction, now))

    authorization.change(store, who, may_register_works, now, act)


def _must_fit_again(transaction: WriteTransaction, found: Submission) -> None:
    """What holds for a new work holds for one that comes back: the authors' limit, and one film for one work."""
    contest = context.contest_state_in(transaction.connection).contest
    author_limit.check(transaction.connection, contest, found.code, stored_forms.decode(found.form))
    same = rows.with_film(transaction.connection, found.film) if found.film is not None else None
    if same is not None:
        raise refusals.SameFilmEntered(same)


def new_link(store: Store, who: Principal, read: Read, now: datetime) -> str:
    """Make a new private link for an author who lost theirs; returns its secret. The earlier link no longer works.

    Raises NotAllowed, UnknownSubmission, ChangedMeanwhile.
    """
    secret = secrets.token_urlsafe(32)

    def act(transaction: WriteTransaction) -> None:
        found, hashed = _read(transaction, read), link_hash(secret)
        payload = SubmissionLinkMade(found.code, hashed[:SHORT])
        _apply(transaction, found, payload, now, who.username, link_hash=hashed)

    authorization.change(store, who, may_register_works, now, act)
    return secret


def _correct(
    transaction: WriteTransaction, found: Submission, form: SubmissionForm, now: datetime, *, by: str, reason: str
) -> int:
    if found.state not in OPEN_STATES:
        raise refusals.NotOpenForChanges
    contest = context.contest_state_in(transaction.connection).contest
    tidy = checked(form, contest, context.ledger_time(transaction, now).astimezone(VIETNAM).date())
    author_limit.check(transaction.connection, contest, found.code, tidy)
    store_correction(transaction, found, tidy, now, by=by, reason=reason)
    author_review.review_submission(transaction, found.code, context.written_at(transaction, now))
    return found.version + 1


def store_correction(
    transaction: WriteTransaction, found: Submission, form: SubmissionForm, now: datetime, *, by: str, reason: str
) -> None:
    """Store a checked form in place of the stored one; its authors are not reviewed yet. Raises NothingChanged."""
    text = stored_forms.encode(form)
    if text == found.form:
        raise refusals.NothingChanged
    payload = SubmissionCorrected(
        found.code, transaction.commit_text(text), by_author=by == SYSTEM,
        reason=transaction.commit_text(reason.strip()) if reason.strip() else None,
    )  # fmt: skip
    row = transaction.record(at=context.written_at(transaction, now), actor=by, payload=payload)
    rows.change(transaction.connection, found, row.id, {"form": text, **renewed(found)})


def _by_link(transaction: WriteTransaction, secret: str, version: int, now: datetime) -> Submission:
    found = rows.by_link(transaction.connection, link_hash(secret))
    if found is None:
        raise refusals.UnknownLink
    contest = context.contest_state_in(transaction.connection).contest
    must_be_in_window(contest, context.ledger_time(transaction, now), found.state)
    return _current(found, version)


def _read(transaction: WriteTransaction, read: Read) -> Submission:
    found = rows.find(transaction.connection, read.code)
    if found is None:
        raise refusals.UnknownSubmission
    return _current(found, read.version)


def _current(found: Submission, version: int) -> Submission:
    if found.version != version:
        raise refusals.ChangedMeanwhile
    return found


def _apply(
    transaction: WriteTransaction, found: Submission, payload: Payload, now: datetime, by: str, **values: object
) -> None:
    row = transaction.record(at=context.written_at(transaction, now), actor=by, payload=payload)
    rows.change(transaction.connection, found, row.id, values)
    author_review.review_submission(transaction, found.code, row.at)
