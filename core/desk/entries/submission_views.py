"""Submissions as people see them: the author behind the private link, and the office with the whole history."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from core.desk import context, stored_forms
from core.desk.background.film_checks import FilmCheck, film_check_of
from core.desk.entries import author_limit
from core.desk.entries import entry_refusals as refusals
from core.desk.entries.registration import EntryReceipt, link_hash, receipt_of
from core.desk.matching import match_decisions
from core.rules.access import Principal
from core.rules.entries.author_window import window_of_author
from core.rules.entries.film_rules import FILM_RULES, FilmRule
from core.rules.entries.form import SubmissionForm
from core.rules.entries.screening import VERDICT_NAMES, Answer, Verdict
from core.rules.entries.states import OPEN_STATES, Move, Mover, SubmissionState, allowed
from core.rules.permissions import may_register_works, must
from core.rules.words import Points, Sentence
from core.store import ledger_rows
from core.store.engine import Connection, Store
from core.store.events import EVENTS, commitments, decode
from core.store.events.payloads import (
    Payload,
    ScreeningRecused,
    ScreeningVerdictGiven,
    SubmissionAccepted,
    SubmissionCorrected,
    SubmissionFilmReceived,
    SubmissionRegistered,
    SubmissionRejected,
    SubmissionReturned,
)
from core.store.finals import draws
from core.store.ledger import SYSTEM, Row, account_number
from core.store.people import accounts, disclosures
from core.store.queries import screening
from core.store.queries import submissions as rows
from core.store.queries.screening import VerdictRow
from core.store.queries.submissions import Submission

AUTHOR, DESK, OFFICE = Sentence("Tác giả"), Sentence("Hệ thống"), Sentence("Tổ Thư ký")
PAST_RULES = Sentence("Nhận dù phim chưa đúng")
SCREENER = Sentence("Người sơ loại")
INSIDE = (ScreeningVerdictGiven, ScreeningRecused)  # what screeners do, which the author does not see
FIELD_NAMES = {
    "title": Sentence("Tên tác phẩm"),
    "form": Sentence("Thể loại"),
    "summary": Sentence("Tóm tắt nội dung"),
    "category": Sentence("Đối tượng dự thi"),
    "link": Sentence("Gắn với tỉnh"),
    "unit": Sentence("Đơn vị hoặc nơi ở"),
    "group": Sentence("Tên nhóm tác giả"),
    "authors": Sentence("Tác giả"),
    "email": Sentence("Thư điện tử"),
    "guardian": Sentence("Người giám hộ"),
    "guardian_phone": Sentence("Điện thoại người giám hộ"),
    "published_on": Sentence("Ngày công bố"),
    "published_where": Sentence("Nơi công bố"),
    "terms": Sentence("Điều đã đồng ý"),
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after a correction."""

    field: Sentence
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act about a submission."""

    at: datetime
    act: Sentence  # with what a screener said, once the work is decided
    person: str | Sentence
    reason: str
    changes: tuple[FieldChange, ...]
    returned: bool = False  # the act sent the work back to its author


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
    until: datetime | None = None  # the author's time ends; None for the office, and without a calendar

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
        return replace(view, check=check, until=window.closes if window is not None else None)


def of_office(store: Store, who: Principal, code: str) -> SubmissionView:
    """The submission with this code. Raises NotAllowed, UnknownSubmission."""
    must(may_register_works(who))
    with store.read() as connection:
        found = rows.find(connection, code)
        if found is None:
            raise refusals.UnknownSubmission
        names = {each.number: each.name or each.username for each in accounts.all_accounts(connection)}
        alone = draws.judging_code(connection, found.id) is None  # else two people act: core.desk.finals
        moves = tuple(allowed(found.state, Mover.OFFICE)) if alone else ()
        view = _view(connection, found, moves, may_correct=found.state in OPEN_STATES, names=names)
        return replace(view, notices=_notices(connection, found, view.form))


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
    return SubmissionView(
        row, stored_forms.decode(row.form), receipt_of(connection, row), tuple(_history(row, ledger, texts, names)), moves,
        may_correct,
    )  # fmt: skip


def _history(
    submission: Submission, ledger: Sequence[Row], texts: Mapping[str, str], names: Mapping[int, str] | None
) -> Iterator[HistoryLine]:
    form = stored_forms.ERASED
    for row in ledger:
        payload, changes = decode(row), tuple[FieldChange, ...]()
        if isinstance(payload, INSIDE) and names is None:
            continue
        if isinstance(payload, SubmissionRegistered | SubmissionCorrected):
            before, form = form, stored_forms.decode(texts.get(payload.form, ""))
            if isinstance(payload, SubmissionCorrected):
                changes = tuple(differences(before, form))
        elif isinstance(payload, SubmissionFilmReceived) and payload.past_rules:
            numbers = ", ".join(FILM_RULES[FilmRule(rule)].number for rule in payload.past_rules)
            changes = (FieldChange(PAST_RULES, "", numbers),)
        at = context.moment(row.at)
        assert at is not None
        reason = texts.get(getattr(payload, "reason", None) or "", "")
        if isinstance(payload, ScreeningVerdictGiven) and _undisclosed(payload, submission):
            yield HistoryLine(at, EVENTS[row.event].title, _person(row, payload, names), "", ())
        else:
            returned = isinstance(payload, SubmissionReturned)
            yield HistoryLine(at, _act(row, payload), _person(row, payload, names), reason, changes, returned)


def _undisclosed(payload: ScreeningVerdictGiven, submission: Submission) -> bool:
    """Whether other screeners are still to say what they think of this revision: until then nobody reads the verdict."""
    return submission.state is SubmissionState.RECEIVED and payload.revision == submission.revision


def _act(row: Row, payload: Payload) -> Sentence:
    title = EVENTS[row.event].title
    if not isinstance(payload, ScreeningVerdictGiven):
        return title
    said: list[object] = [VERDICT_NAMES[Verdict(payload.verdict)]]
    if payload.points is not None:
        said = [Sentence("{points} điểm", {"points": Points(payload.points, 2)})]
    unmet = [key for key, answer in payload.answers.items() if answer == Answer.NO]
    if unmet:
        said.append(Sentence("chưa đạt {items}", {"items": ", ".join(unmet)}))
    if payload.names_author:
        said.append(Sentence("hình ảnh nêu tên tác giả"))
    text = "{title}: " + "; ".join(f"{{said{number}}}" for number in range(len(said)))
    return Sentence(text, {"title": title, **{f"said{number}": each for number, each in enumerate(said)}})


def _person(row: Row, payload: Payload, names: Mapping[int, str] | None) -> str | Sentence:
    if getattr(payload, "by_author", False):
        return AUTHOR
    if row.actor == SYSTEM:
        return DESK
    if names is not None:
        return names.get(account_number(row.actor), row.actor)
    screened = isinstance(payload, SubmissionAccepted | SubmissionRejected) or getattr(payload, "by_screeners", False)
    return SCREENER if screened else OFFICE


def differences(before: SubmissionForm, after: SubmissionForm) -> Iterator[FieldChange]:
    """The fields that a correction changed, in the form's order."""
    for field in fields(SubmissionForm):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old != new:
            yield FieldChange(FIELD_NAMES[field.name], _shown(old), _shown(new))


def _shown(value: object) -> str:
    """A field's value as one text: authors with birth date and phone, terms with their version."""
    if isinstance(value, str):
        return value
    assert isinstance(value, tuple)
    return "; ".join(
        f"{each[0]} ({each[1]})"
        if isinstance(each, tuple)
        else " · ".join(filter(None, (each.name, each.birth, each.phone)))
        for each in value
    )
