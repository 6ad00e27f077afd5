"""Submissions as people see them: the author behind the private link, and the office with the whole history."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from core.desk import context, stored_forms
from core.desk.background.film_checks import FilmCheck, film_check_of
from core.desk.entries import author_limit
from core.desk.entries import entry_refusals as refusals
from core.desk.entries.registration import EntryReceipt, link_hash, receipt_of
from core.desk.entries.submission_history import HistoryLine, history
from core.desk.matching import match_decisions
from core.rules.access import Principal
from core.rules.entries.author_window import window_of_author
from core.rules.entries.form import SubmissionForm
from core.rules.entries.states import OPEN_STATES, Move, Mover, SubmissionState, allowed
from core.rules.permissions import may_register_works, must
from core.rules.words import Sentence
from core.store import ledger_rows
from core.store.engine import Connection, Store
from core.store.events import commitments, decode
from core.store.finals import changes, draws
from core.store.people import accounts, disclosures
from core.store.queries import screening
from core.store.queries import submissions as rows
from core.store.queries.screening import VerdictRow
from core.store.queries.submissions import Submission


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """A submission with its form, its receipt, its history, and what this reader may do now.

    `notices` are for the office: works of one person across groups, and authors who are like officials.
    """

    row: Submission
    form: SubmissionForm
    receipt: EntryReceipt
    history: tuple[HistoryLine, ...]
    moves: tuple[Move, ...]
    may_correct: bool
    notices: tuple[Sentence, ...] = ()
    check: FilmCheck | None = None  # of the film, for its author; None for the office, and before it is requested
    until: datetime | None = None  # when the author's time ends; None once nothing can be done, and without a calendar
    finalist: bool = False  # what the office changes is a proposal, which another person confirms
    waits: bool = False  # such a proposal waits
    proposed_film: str = ""  # SHA-256 of its film

    @property
    def to_complete(self) -> str:
        """Why the work was returned; empty unless it waits for its author to complete it."""
        if self.row.state is not SubmissionState.RETURNED:
            return ""
        return next((line.reason for line in reversed(self.history) if line.returned), "")


@dataclass(frozen=True, slots=True)
class SubmissionLine:
    """A submission in the office's list."""

    code: str
    state: SubmissionState
    title: str
    authors: str
    unit: str
    late: bool
    registered_at: datetime
    has_film: bool
    screening: Sentence | None = None  # how many verdicts there are, or what screeners have seen


def of_author(store: Store, secret: str, now: datetime) -> SubmissionView:
    """The submission behind a private link; people of the office are not named. Raises UnknownLink."""
    with store.read() as connection:
        found = rows.by_link(connection, link_hash(secret))
        if found is None:
            raise refusals.UnknownLink
        window = window_of_author(context.contest_state_in(connection).contest, found.state)
        open_now = window is None or window.holds(now)
        moves = tuple(move for move in allowed(found.state, Mover.AUTHOR) if open_now)
        view = _view(connection, found, moves, may_correct=open_now and found.state in OPEN_STATES, names=None)
        check = film_check_of(connection, found.code) if found.film is not None else None
        may_act = bool(moves) or view.may_correct
        return replace(view, check=check, until=window.closes if window is not None and may_act else None)


def of_office(store: Store, who: Principal, code: str) -> SubmissionView:
    """The submission with this code. Raises NotAllowed, UnknownSubmission."""
    must(may_register_works(who))
    with store.read() as connection:
        found = rows.find(connection, code)
        if found is None:
            raise refusals.UnknownSubmission
        names = {each.number: each.name or each.username for each in accounts.all_accounts(connection)}
        code_of_jury = draws.judging_code(connection, found.id)
        if code_of_jury is None:
            moves = tuple(allowed(found.state, Mover.OFFICE))
            view = _view(connection, found, moves, may_correct=found.state in OPEN_STATES, names=names)
        else:
            view = _finalist(connection, found, code_of_jury, names)
        return replace(view, notices=_notices(connection, found, view.form))


def _finalist(connection: Connection, found: Submission, code: str, names: Mapping[int, str]) -> SubmissionView:
    """A finalist is changed by two people (`core.desk.finals`): here one of them proposes a film, or a corrected form."""
    moves = tuple(move for move in allowed(found.state, Mover.PAIR) if move is Move.REPLACE_FINALIST_FILM)
    waiting = [each for each in changes.every(connection, code) if each.outcome is None]
    may_correct = found.state is SubmissionState.FINALIST and not waiting
    film = next((each.film.film for each in waiting if each.film is not None), "")
    view = _view(connection, found, moves, may_correct=may_correct, names=names)
    return replace(view, finalist=True, waits=bool(waiting), proposed_film=film)


def in_transaction(connection: Connection, row: Submission) -> SubmissionView:
    """A submission as it stands, for what reads several at once: without names of the office, moves and notices."""
    return _view(connection, row, (), may_correct=False, names=None)


def _notices(connection: Connection, row: Submission, form: SubmissionForm) -> tuple[Sentence, ...]:
    contest = context.contest_state_in(connection).contest
    limits = (each.sentence for each in author_limit.findings(connection, contest, row.code, form))
    return (*limits, *match_decisions.open_sentences(connection, row.code))


def listed(store: Store, who: Principal) -> tuple[SubmissionLine, ...]:
    """All submissions, the newest first. Raises NotAllowed."""
    must(may_register_works(who))
    with store.read() as connection:
        given = screening.verdicts(connection)
        return tuple(_line(each, given) for each in reversed(rows.every(connection)))


def _line(row: Submission, given: list[VerdictRow]) -> SubmissionLine:
    form, at = stored_forms.decode(row.form), context.moment(row.registered_at)
    assert at is not None
    return SubmissionLine(
        row.code, row.state, form.title, form.author_names, form.unit, row.late, at, row.film is not None,
        _screening(row, [each for each in given if (each.submission_id, each.revision) == (row.id, row.revision)]),
    )  # fmt: skip


def _screening(row: Submission, given: list[VerdictRow]) -> Sentence | None:
    """How many verdicts a work has that still waits for others; of a decided one, whether the picture names the author."""
    if row.state is SubmissionState.RECEIVED and given:
        return Sentence("{count} đánh giá, chờ người khác", {"count": len(given)})
    if row.state is not SubmissionState.RECEIVED and any(each.names_author for each in given):
        return Sentence("hình ảnh nêu tên tác giả")
    return None


def _view(
    connection: Connection, row: Submission, moves: tuple[Move, ...], *, may_correct: bool,
    names: Mapping[int, str] | None,
) -> SubmissionView:  # fmt: skip
    ledger = list(ledger_rows.some(connection, rows.history(connection, row.id)))
    texts = disclosures.texts(connection, [each for line in ledger for each in commitments(decode(line))])
    code = draws.judging_code(connection, row.id)
    proposed = {each.id: each for each in changes.every(connection, code)} if code is not None else {}
    return SubmissionView(
        row, stored_forms.decode(row.form), receipt_of(connection, row), tuple(history(row, ledger, texts, proposed, names)), moves,
        may_correct,
    )  # fmt: skip
