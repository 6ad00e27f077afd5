"""Changes of a finalist need two people: one proposes with a reason, another confirms or declines (DECISIONS 90).

A proposal holds for the version of the submission that its proposer read. It takes effect in the transaction that confirms
it, and the work of the jury follows: its texts are corrected, or it leaves the competition or comes back.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from core.desk import authorization, context, stored_forms
from core.desk.entries import author_limit
from core.desk.entries.entry_refusals import ChangedMeanwhile, NothingChanged, SameFilmEntered
from core.desk.entries.submission_history import differences
from core.desk.finals import finalist_films, proposed_film_checks
from core.desk.finals import finals_refusals as refusals
from core.desk.finals.finalists import NoFinalist
from core.desk.finals.proposed_film_checks import ProposedFilmCheck
from core.desk.judging.judge_assignment import clean_text, required_reason
from core.desk.matching import author_review
from core.desk.setup import contest_setup
from core.rules.access import Principal
from core.rules.entries.form import SubmissionForm, checked
from core.rules.entries.states import FINALIST_MOVES, FinalistChange, Mover, SubmissionState, target
from core.rules.permissions import may_confirm_finalist_change, may_register_works, may_see_finals, must
from core.rules.words import VIETNAM, Sentence
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import FinalistChangeConfirmed, FinalistChangeDeclined, FinalistChangeProposed
from core.store.finals import changes as rows
from core.store.finals.changes import ChangeRow, NewChange, ProposedFilm
from core.store.people import accounts
from core.store.queries import submissions
from core.store.queries.submissions import Submission

REASON_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class NewProposal:
    """What is proposed: of which finalist (judging code), against which version of its submission, and why."""

    code: str
    kind: FinalistChange
    version: int
    reason: str
    form: SubmissionForm | None = None  # of a correction
    film: ProposedFilm | None = None  # already in the library


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as the page shows it.

    `fields`: what it changes, as (field, before, after), while it waits, for readers who may confirm one: it may name
    authors with their phones.
    """

    id: int
    code: str
    kind: FinalistChange
    reason: str
    by: str
    at: datetime
    fields: tuple[tuple[Sentence, str, str], ...]
    may_decide: bool  # by this reader
    outcome: str | None  # "confirmed", "declined"; None: it waits
    answer: str
    decided_by: str
    film_check: ProposedFilmCheck | None  # of a film, while it waits


@dataclass(frozen=True, slots=True)
class Changeable:
    """A finalist's form, and its submission's version and state, for the form of a proposal."""

    version: int
    state: SubmissionState
    form: SubmissionForm


def changeable(store: Store, who: Principal, code: str) -> Changeable:
    """The finalist with this judging code. Raises NotAllowed, NoFinalist."""
    must(may_register_works(who))
    with store.read() as connection:
        found = _finalist(connection, code)
        return Changeable(found.version, found.state, stored_forms.decode(found.form))


def proposals(store: Store, who: Principal) -> tuple[Proposal, ...]:
    """All proposals: first those that wait, then the newest. Raises NotAllowed."""
    must(may_see_finals(who))
    with store.read() as connection:
        names = {each.username: each.name or each.username for each in accounts.all_accounts(connection)}
        found = [_proposal(connection, who, row, names) for row in rows.every(connection)]
    return tuple(sorted(found, key=lambda each: (each.outcome is not None, -each.id)))


def propose(store: Store, who: Principal, new: NewProposal, now: datetime) -> None:
    """Propose a change of a finalist, for another person to confirm. A film: `core.desk.finals.film_proposals`.

    Raises NotAllowed, NoFinalist, ChangedMeanwhile, ProposalWaits, WrongState, ReasonMissing, FormRefused,
    TooManyOfAuthor, NothingChanged, AwardsFixed, BadText.
    """
    authorization.change(store, who, may_register_works, now, lambda transaction: add(transaction, who, new, now))


def add(transaction: WriteTransaction, who: Principal, new: NewProposal, now: datetime) -> None:
    """The same in the caller's transaction, of a film too. Raises also FilmMarked, SameFilmEntered."""
    reason, connection, at = required_reason(new.reason), transaction.connection, context.written_at(transaction, now)
    contest_setup.must_be_unconfirmed(transaction)
    found = _finalist(connection, new.code)
    if found.version != new.version:
        raise ChangedMeanwhile
    if any(each.outcome is None for each in rows.every(connection, new.code)):
        raise refusals.ProposalWaits(new.code)
    text = _checked_form(transaction, found, new, now)
    proposed = NewChange(new.code, new.kind, new.version, text, reason, new.film)
    number = rows.insert(connection, proposed, by=who.username, at=at)
    payload = FinalistChangeProposed(
        number, new.code, new.kind, new.version, transaction.commit_text(reason),
        transaction.commit_text(text) if text else None, **(asdict(new.film) if new.film else {}),
    )  # fmt: skip
    transaction.record(at=at, actor=who.username, payload=payload)
    if new.film is not None:
        proposed_film_checks.request(transaction, new.code, number, new.film, at)


def decline(store: Store, who: Principal, number: int, reason: str, now: datetime) -> None:
    """Decline what another person proposed, with a reason.

    Raises NotAllowed, NoProposal, AlreadyDecided, OwnProposal, ReasonMissing, BadText.
    """
    why = required_reason(reason)

    def act(transaction: WriteTransaction) -> None:
        change, at = _open_proposal(transaction.connection, who, number), context.written_at(transaction, now)
        rows.decide(transaction.connection, number, "declined", why, by=who.username, at=at)
        proposed_film_checks.cancel(transaction, change, at)
        payload = FinalistChangeDeclined(number, change.code, transaction.commit_text(why))
        transaction.record(at=at, actor=who.username, payload=payload)

    authorization.change(store, who, may_confirm_finalist_change, now, act)


def confirm(store: Store, who: Principal, number: int, reason: str, now: datetime) -> None:
    """Confirm what another person proposed: it takes effect now. A reason may be given.

    Raises NotAllowed, NoProposal, AlreadyDecided, OwnProposal, ChangedMeanwhile, WrongState, SameFilmEntered,
    TooManyOfAuthor, AwardsFixed, BadText.
    """
    why = clean_text(reason, limit=REASON_LENGTH)

    def act(transaction: WriteTransaction) -> None:
        connection, at = transaction.connection, context.written_at(transaction, now)
        contest_setup.must_be_unconfirmed(transaction)
        change = _open_proposal(connection, who, number)
        found = _finalist(connection, change.code)
        if found.version != change.version:
            raise ChangedMeanwhile
        values = _values(transaction, found, change)
        rows.decide(connection, number, "confirmed", why, by=who.username, at=at)
        proposed_film_checks.cancel(transaction, change, at)
        answer = transaction.commit_text(why) if why else None
        payload = FinalistChangeConfirmed(number, change.code, found.code, change.kind, answer)
        row = transaction.record(at=at, actor=who.username, payload=payload)
        submissions.change(connection, found, row.id, values)
        _follow(transaction, change, row.at, now)
        author_review.review_submission(transaction, found.code, row.at)

    authorization.change(store, who, may_confirm_finalist_change, now, act)


@dataclass(frozen=True, slots=True)
class _Texts:
    code: str
    title: str
    author: str
    unit: str


def _follow(transaction: WriteTransaction, change: ChangeRow, at: int, now: datetime) -> None:
    """Let the work of the jury follow: its texts, its film, or whether it competes."""
    if change.film is not None:
        finalist_films.put(transaction, change.code, change.film, now)
    elif change.kind == FinalistChange.CORRECT:
        form = stored_forms.decode(change.form)
        texts = _Texts(change.code, form.title, form.author_names, form.unit)
        contest_setup.correct_texts(transaction, texts, now)
    else:
        rows.put_out(transaction.connection, change.code, None if change.kind == FinalistChange.REINSTATE else at)


def _values(transaction: WriteTransaction, found: Submission, change: ChangeRow) -> dict[str, object]:
    """The columns of the submission that the proposal sets; what must hold is checked again."""
    contest = context.contest_state_in(transaction.connection).contest
    if change.kind == FinalistChange.CORRECT:
        author_limit.check(transaction.connection, contest, found.code, stored_forms.decode(change.form))
        return {"form": change.form}
    if change.film is not None:
        finalist_films.check(transaction, found, change.code, change.film)
    after = target(
        FINALIST_MOVES[FinalistChange(change.kind)], found.state, Mover.PAIR, change.reason or "–", has_film=True
    )
    if change.kind == FinalistChange.REINSTATE:
        author_limit.check(transaction.connection, contest, found.code, stored_forms.decode(found.form))
        same = submissions.with_film(transaction.connection, str(found.film))
        if same is not None:
            raise SameFilmEntered(same)
    return {"state": after, **(finalist_films.columns(change.film, change.proposed_at) if change.film else {})}


def _checked_form(transaction: WriteTransaction, found: Submission, new: NewProposal, now: datetime) -> str:
    """The corrected form as it is stored, or "" for another kind, whose move is checked."""
    if new.kind is not FinalistChange.CORRECT or new.form is None:
        kind = FINALIST_MOVES.get(new.kind)
        if kind is None:
            raise NothingChanged
        target(kind, found.state, Mover.PAIR, new.reason, has_film=True)
        if new.kind is FinalistChange.FILM:
            finalist_films.check(transaction, found, new.code, new.film)
        return ""
    if found.state is not SubmissionState.FINALIST:
        raise refusals.OutOfCompetition(new.code)
    contest = context.contest_state_in(transaction.connection).contest
    tidy = checked(new.form, contest, context.ledger_time(transaction, now).astimezone(VIETNAM).date())
    author_limit.check(transaction.connection, contest, found.code, tidy)
    text = stored_forms.encode(tidy)
    if text == found.form:
        raise NothingChanged
    return text


def _finalist(connection: Connection, code: str) -> Submission:
    submission = rows.submission_of(connection, code)
    found = submissions.find(connection, submission) if submission is not None else None
    if found is None:
        raise NoFinalist
    return found


def _open_proposal(connection: Connection, who: Principal, number: int) -> ChangeRow:
    change = next((each for each in rows.every(connection) if each.id == number), None)
    if change is None:
        raise refusals.NoProposal
    if change.outcome is not None:
        raise refusals.AlreadyDecided(change.decided_by or "–")
    if change.proposed_by == who.username:
        raise refusals.OwnProposal
    return change


def _proposal(connection: Connection, who: Principal, row: ChangeRow, names: dict[str, str]) -> Proposal:
    at = context.moment(row.proposed_at)
    assert at is not None
    return Proposal(
        row.id, row.code, FinalistChange(row.kind), row.reason, names.get(row.proposed_by, row.proposed_by), at,
        tuple(_fields(connection, row)) if row.outcome is None and may_confirm_finalist_change(who) else (),
        row.outcome is None and may_confirm_finalist_change(who, row.proposed_by), row.outcome, row.answer,
        names.get(row.decided_by or "", row.decided_by or ""),
        proposed_film_checks.of_proposal(connection, row, row.film) if row.film and row.outcome is None else None,
    )  # fmt: skip


def _fields(connection: Connection, row: ChangeRow) -> Iterator[tuple[Sentence, str, str]]:
    before = _finalist(connection, row.code)
    if row.film is not None:
        yield from finalist_films.differences(before, row.film)
    elif row.form:
        for each in differences(stored_forms.decode(before.form), stored_forms.decode(row.form)):
            yield each.field, each.before, each.after
