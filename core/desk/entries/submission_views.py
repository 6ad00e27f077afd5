"""Submissions as people see them: the author behind the private link, and the office with the whole history."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from core.desk import context, stored_forms
from core.desk.entries import author_limit
from core.desk.entries import entry_refusals as refusals
from core.desk.entries.registration import EntryReceipt, in_window, link_hash, receipt_of
from core.desk.matching import match_decisions
from core.rules.access import Principal
from core.rules.entries.form import SubmissionForm
from core.rules.entries.states import OPEN_STATES, Move, Mover, SubmissionState, allowed
from core.rules.permissions import may_register_works, must
from core.rules.words import Sentence
from core.store import ledger_rows
from core.store.engine import Connection, Store
from core.store.events import EVENTS, commitments, decode
from core.store.events.payloads import SubmissionCorrected, SubmissionRegistered
from core.store.finals import draws
from core.store.ledger import SYSTEM, Row, account_number
from core.store.people import accounts, disclosures
from core.store.queries import submissions as rows
from core.store.queries.submissions import Submission

AUTHOR, DESK, OFFICE = Sentence("Tác giả"), Sentence("Hệ thống"), Sentence("Tổ Thư ký")
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
    act: Sentence
    person: str | Sentence
    reason: str
    changes: tuple[FieldChange, ...]


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


def of_author(store: Store, secret: str, now: datetime) -> SubmissionView:
    """The submission behind a private link; people of the office are not named. Raises UnknownLink."""
    with store.read() as connection:
        found = rows.by_link(connection, link_hash(secret))
        if found is None:
            raise refusals.UnknownLink
        open_now = in_window(context.contest_state_in(connection).contest, now)
        moves = tuple(move for move in allowed(found.state, Mover.AUTHOR) if open_now)
        return _view(connection, found, moves, may_correct=open_now and found.state in OPEN_STATES, names=None)


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


def _notices(connection: Connection, row: Submission, form: SubmissionForm) -> tuple[Sentence, ...]:
    contest = context.contest_state_in(connection).contest
    limits = (each.sentence for each in author_limit.findings(connection, contest, row.code, form))
    return (*limits, *match_decisions.open_sentences(connection, row.code))


def listed(store: Store, who: Principal) -> tuple[SubmissionLine, ...]:
    """All submissions, the newest first. Raises NotAllowed."""
    must(may_register_works(who))
    with store.read() as connection:
        return tuple(_line(each) for each in reversed(rows.every(connection)))


def _line(row: Submission) -> SubmissionLine:
    form, at = stored_forms.decode(row.form), context.moment(row.registered_at)
    assert at is not None
    return SubmissionLine(
        row.code, row.state, form.title, form.author_names, form.unit, row.late, at, row.film is not None
    )


def _view(
    connection: Connection, row: Submission, moves: tuple[Move, ...], *, may_correct: bool,
    names: Mapping[int, str] | None,
) -> SubmissionView:  # fmt: skip
    ledger = list(ledger_rows.some(connection, rows.history(connection, row.id)))
    texts = disclosures.texts(connection, [each for line in ledger for each in commitments(decode(line))])
    return SubmissionView(
        row, stored_forms.decode(row.form), receipt_of(connection, row), tuple(_history(ledger, texts, names)), moves,
        may_correct,
    )  # fmt: skip


def _history(ledger: Sequence[Row], texts: Mapping[str, str], names: Mapping[int, str] | None) -> Iterator[HistoryLine]:
    form = stored_forms.ERASED
    for row in ledger:
        payload, changes = decode(row), tuple[FieldChange, ...]()
        if isinstance(payload, SubmissionRegistered | SubmissionCorrected):
            before, form = form, stored_forms.decode(texts.get(payload.form, ""))
            if isinstance(payload, SubmissionCorrected):
                changes = tuple(differences(before, form))
        at = context.moment(row.at)
        assert at is not None
        reason = texts.get(getattr(payload, "reason", None) or "", "")
        by_author = bool(getattr(payload, "by_author", False))
        yield HistoryLine(at, EVENTS[row.event].title, _person(row, names, by_author=by_author), reason, changes)


def _person(row: Row, names: Mapping[int, str] | None, *, by_author: bool) -> str | Sentence:
    if by_author:
        return AUTHOR
    if row.actor == SYSTEM:
        return DESK
    return OFFICE if names is None else names.get(account_number(row.actor), row.actor)


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
