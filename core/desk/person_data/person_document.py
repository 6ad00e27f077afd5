"""Everything that the desk has about one person, as one document: sections of labelled lines.

Of whoever is surely the person (`is_same`) it has everything; of who may be, by name alone, the name and where it stands,
for the office to look. Of other persons it has the names beside the person's own on a work.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.desk import authorization, context, stored_forms
from core.desk.entries import submission_views
from core.desk.entries.entry_refusals import UnknownSubmission
from core.desk.entries.submission_history import FIELD_NAMES, HistoryLine
from core.desk.entries.submission_views import SubmissionView
from core.desk.matching.author_review import SEPARATOR, person_of
from core.desk.person_data import person_requests
from core.rules.access import Principal
from core.rules.entries.author_limits import is_same, may_be_same
from core.rules.entries.person_requests import KIND_NAMES
from core.rules.entries.states import STATE_NAMES
from core.rules.entries.terms import TERMS
from core.rules.people.names import bare_name, names_in
from core.rules.people.person import Person
from core.rules.permissions import may_register_works, must
from core.rules.words import Locale, Moment, Refusal, Sentence
from core.store.engine import Connection, Store, WriteTransaction
from core.store.events.payloads import PersonDataExported
from core.store.people import accounts, matches, officials
from core.store.queries import submissions as rows

SURE = Sentence("chắc chắn: cùng số điện thoại, hoặc cùng họ tên và ngày sinh")
MAYBE = Sentence("có thể: chỉ cùng họ tên")
IDENTITY, FOUND = Sentence("Là người này"), Sentence("Trạng thái")
NAME, BIRTH, PHONE = Sentence("Họ và tên"), Sentence("Ngày sinh"), Sentence("Điện thoại")
LINKS = {"study": Sentence("Học tập"), "live": Sentence("Sinh sống"), "work": Sentence("Làm việc")}
Value = str | Sentence | Moment
Line = tuple[Sentence, Value]


@dataclass(frozen=True, slots=True)
class Section:
    """One thing that the desk has about the person; lines without a value are left out."""

    title: Sentence
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PersonDocument:
    """A document about one person. `name` is the person's, as entered."""

    name: str
    sections: tuple[Section, ...]

    def localized(self, locale: Locale) -> list[tuple[str, list[tuple[str, str]]]]:
        """The sections as texts: title, and lines of label and value."""
        return [
            (
                each.title.localize(locale),
                [(label.localize(locale), _text(value, locale)) for label, value in each.lines],
            )
            for each in self.sections
        ]


class NoSuchAuthor(Refusal):
    """The submission has no author at this place."""

    def __init__(self) -> None:
        super().__init__("Đơn này không có tác giả ở vị trí đó.")


def of_person(store: Store, who: Principal, code: str, place: int, now: datetime) -> PersonDocument:
    """Everything about the author at this place (from 1) of a submission; the audit chain records who took it.

    Raises NotAllowed, UnknownSubmission, NoSuchAuthor.
    """
    must(may_register_works(who))

    def act(transaction: WriteTransaction) -> None:
        _author_at(transaction.connection, code, place)
        payload = PersonDataExported(code, place)
        transaction.record(at=context.written_at(transaction, now), actor=who.username, payload=payload)

    authorization.change(store, who, may_register_works, now, act)
    with store.read() as connection:
        person = _author_at(connection, code, place)
        sections = (
            *_submissions(connection, person), *_officials(connection, person), *_accounts(connection, person),
            *_works(connection, person),
        )  # fmt: skip
    return PersonDocument(person.name, sections)


def _author_at(connection: Connection, code: str, place: int) -> Person:
    found = rows.find(connection, code)
    if found is None:
        raise UnknownSubmission
    people = stored_forms.people(found.form)
    if not 1 <= place <= len(people):
        raise NoSuchAuthor
    return people[place - 1]


def of_link(view: SubmissionView) -> PersonDocument:
    """Everything in one submission, for whoever has its private link: they entered it."""
    form = view.form
    authors = tuple(line for author in form.authors for line in _author(author.name, author.birth, author.phone))
    lines = (*_facts(view), *authors)
    return PersonDocument(form.author_names, (_section(_submission_title(view), lines), *_history(view)))


def _submissions(connection: Connection, person: Person) -> Iterator[Section]:
    for row in rows.every(connection):
        for place, each in enumerate(stored_forms.people(row.form), start=1):
            view = submission_views.in_transaction(connection, row) if may_be_same(person, each) else None
            if view is None:
                continue
            if is_same(person, each):
                yield from _own_submission(connection, view, place)
            else:
                lines: tuple[Line, ...] = (
                    (IDENTITY, MAYBE),
                    (NAME, each.name),
                    (FIELD_NAMES["title"], view.form.title),
                )
                yield _section(_submission_title(view), lines)


def _own_submission(connection: Connection, view: SubmissionView, place: int) -> Iterator[Section]:
    author, code = view.form.authors[place - 1], view.row.code
    lines = ((IDENTITY, SURE), *_author(author.name, author.birth, author.phone), *_facts(view, contact=place == 1))
    yield _section(_submission_title(view), lines)
    yield from _history(view)
    yield from map(_request, person_requests.of_submission(connection, code))
    for decision in matches.decisions(connection, [f"{code}{SEPARATOR}{place}"]):
        title = Sentence("Quyết định về việc giống một thành viên các ban ({code})", {"code": code})
        yield _section(title, ((Sentence("Quyết định"), decision.outcome), (Sentence("Lý do"), decision.reason)))


def _officials(connection: Connection, person: Person) -> Iterator[Section]:
    for row in officials.every(connection):
        listed, texts = person_of(row.texts), row.texts
        if not may_be_same(person, listed):
            continue
        lines: tuple[Line, ...] = ((IDENTITY, MAYBE), (NAME, texts.name))
        if is_same(person, listed):
            own = _author(texts.name, texts.birth_date, texts.phone)
            lines = ((IDENTITY, SURE), *own, (Sentence("Ghi chú"), texts.note))
        yield _section(Sentence("Thành viên các ban"), (*lines, (Sentence("Ban"), texts.body)))


def _accounts(connection: Connection, person: Person) -> Iterator[Section]:
    for account in accounts.all_accounts(connection):
        if bare_name(account.name) and bare_name(account.name) == bare_name(person.name):
            lines: tuple[Line, ...] = (
                (IDENTITY, MAYBE), (NAME, account.name), (Sentence("Tên tài khoản"), account.username),
            )  # fmt: skip
            yield _section(Sentence("Tài khoản"), lines)


def _works(connection: Connection, person: Person) -> Iterator[Section]:
    titles = matches.work_titles(connection)
    for code, authors in matches.work_authors(connection).items():
        if bare_name(person.name) in {bare_name(name) for name in names_in(authors)}:
            lines: tuple[Line, ...] = (
                (IDENTITY, MAYBE), (FIELD_NAMES["title"], titles.get(code, "")), (FIELD_NAMES["authors"], authors),
            )  # fmt: skip
            yield _section(Sentence("Tác phẩm được chấm {code}", {"code": code}), lines)


def _submission_title(view: SubmissionView) -> Sentence:
    return Sentence("Đơn dự thi {code}", {"code": view.row.code})


def _author(name: str, birth: str, phone: str) -> tuple[Line, ...]:
    return (NAME, name), (BIRTH, birth), (PHONE, phone)


def _facts(view: SubmissionView, *, contact: bool = True) -> Iterator[Line]:
    """The submission's own facts; the contact's mail and guardian only for the contact."""
    form = view.form
    yield FOUND, STATE_NAMES[view.row.state]
    yield Sentence("Nhận lúc"), Moment(view.receipt.at)
    private = ("email", "guardian", "guardian_phone") if contact else ()
    for name in (
        "title",
        "form",
        "summary",
        "category",
        "link",
        "unit",
        "group",
        "published_on",
        "published_where",
        *private,
    ):
        value = getattr(form, name)
        yield FIELD_NAMES[name], LINKS.get(value, value) if name == "link" else value
    yield Sentence("Các tác giả của tác phẩm"), ", ".join(author.name for author in form.authors)
    yield Sentence("Phim (SHA-256)"), view.row.film or ""
    for term in filter(None, map(TERMS.get, form.terms)):
        yield Sentence("Đã đồng ý, bản {version}", {"version": term.version}), term.title


def _history(view: SubmissionView) -> Iterator[Section]:
    lines = tuple(_act(line) for line in view.history)
    yield _section(Sentence("Lịch sử đơn {code}", {"code": view.row.code}), lines)


def _act(line: HistoryLine) -> Line:
    label = Sentence("{at}, {act}", {"at": Moment(line.at), "act": line.act})
    return label, line.reason or Sentence("không ghi lý do")


def _request(request: person_requests.PersonRequest) -> Section:
    lines: tuple[Line, ...] = (
        (Sentence("Nội dung"), request.text), (Sentence("Nhận lúc"), Moment(request.received_at)),
        (Sentence("Hạn trả lời"), Moment(request.due_at)), (Sentence("Trả lời"), request.answer),
    )  # fmt: skip
    return _section(
        Sentence("Yêu cầu số {number}: {kind}", {"number": request.number, "kind": KIND_NAMES[request.kind]}), lines
    )


def _section(title: Sentence, lines: tuple[Line, ...]) -> Section:
    return Section(title, tuple(line for line in lines if line[1] != ""))


def _text(value: Value, locale: Locale) -> str:
    return value if isinstance(value, str) else value.localize(locale)
