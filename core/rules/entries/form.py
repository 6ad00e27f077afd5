"""The form of a submission: its fields, and the faults of what was typed, each with its field (plan III.1–III.4).

`SubmissionForm` is stored as JSON with a version (`core.desk.stored_forms`): a released class never changes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from core.rules.contest import Contest, EntryRules
from core.rules.entries.terms import CURRENT
from core.rules.look_alikes import is_invisible
from core.rules.people.person import Person
from core.rules.people.phones import NotAPhone, phone_key
from core.rules.vietnamese import nfc
from core.rules.words import VIETNAM, Refusal, Sentence

MOST_AUTHORS = 20
ADULT = 18  # years
LENGTHS = {"title": 200, "name": 80, "unit": 200, "group": 120, "email": 120, "summary": 1000, "published_where": 200}
LINKS = ("study", "live", "work")  # what ties an author to the province (plan III.1)
_PHONE = re.compile(r"(?:\+?84|0)[0-9]{9,10}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_SPACES = re.compile(r"[ \t\u00a0]+")


@dataclass(frozen=True, slots=True)
class Author:
    """One author as typed; `birth` is an ISO date or empty."""

    name: str
    birth: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionForm:
    """Everything an author says about a work. The first author is the one to contact."""

    title: str
    form: str  # hoạt cảnh, tiểu phẩm, …: one of the contest's `forms`
    summary: str
    category: str  # one of the contest's `categories` (plan III.1)
    link: str  # one of LINKS
    unit: str
    group: str  # the group's name; empty for one person
    authors: tuple[Author, ...]
    email: str = ""
    guardian: str = ""  # the guardian's name, where an author is a minor
    guardian_phone: str = ""
    published_on: str = ""  # ISO date of the first publication, if there was one
    published_where: str = ""
    terms: tuple[tuple[str, int], ...] = ()  # accepted texts: key and version

    @property
    def author_names(self) -> str:
        """The group's name, or the authors' names, as the papers print them."""
        return self.group or ", ".join(author.name for author in self.authors)

    @property
    def people(self) -> tuple[Person, ...]:
        """The authors as the rules compare them."""
        return tuple(Person(a.name, _day(a.birth), _phone_key(a.phone)) for a in self.authors)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field; `field` is its path, such as "authors.1.phone"."""

    field: str
    what: Sentence


class FormRefused(Refusal):
    """The form has faults; nothing is stored."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("Đơn dự thi còn {count} chỗ cần sửa.", count=len(faults))
        self.faults = faults

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """One line for each fault."""
        return (self.sentence, *(fault.what for fault in self.faults))


def cleaned(text: str) -> str:
    """The text in NFC, with single spaces and without invisible characters or spaces at the ends of lines."""
    composed = nfc(text)
    hidden = {character for character in set(composed) if is_invisible(character)}
    visible = "".join(character for character in composed if character not in hidden) if hidden else composed
    return "\n".join(_SPACES.sub(" ", line).strip() for line in visible.splitlines()).strip()


def checked(form: SubmissionForm, contest: Contest, today: date) -> SubmissionForm:
    """The form with every text cleaned and phones in national form. `today` is the day in Vietnam. Raises FormRefused."""
    tidy = _tidied(form)
    faults = tuple(faults_of(tidy, contest, today))
    if faults:
        raise FormRefused(faults)
    return tidy


def faults_of(form: SubmissionForm, contest: Contest, today: date) -> Iterator[Fault]:
    """Every fault of a cleaned form, in the order of the fields on the page."""
    yield from _work_faults(form, contest.entries)
    yield from _published_faults(form, contest, today)
    yield from _author_faults(form, today)
    yield from _contact_faults(form, today)
    for key, term in CURRENT.items():
        if (key, term.version) not in form.terms:
            yield Fault(f"terms.{key}", Sentence("Cần đánh dấu đồng ý: {term}.", {"term": term.title}))


def minors(form: SubmissionForm, today: date) -> tuple[str, ...]:
    """The names of the authors who are under 18 on this day."""
    births = ((author.name, _day(author.birth)) for author in form.authors)
    return tuple(name for name, born in births if born is not None and _age(born, today) < ADULT)


def _tidied(form: SubmissionForm) -> SubmissionForm:
    authors = (Author(cleaned(a.name), a.birth.strip(), _phone(a.phone)) for a in form.authors)
    texts = {name: cleaned(getattr(form, name)) for name in _TEXTS}
    return SubmissionForm(
        **texts,
        authors=tuple(author for author in authors if author != Author("")),
        guardian_phone=_phone(form.guardian_phone),
        terms=tuple(sorted(form.terms)),
    )


_TEXTS = (
    "title", "form", "summary", "category", "link", "unit", "group", "email", "guardian", "published_on", "published_where"
)  # fmt: skip


def _phone(text: str) -> str:
    """A phone number in national form, digits only; other text comes back cleaned."""
    digits = re.sub(r"[ .()\-]", "", cleaned(text))
    return re.sub(r"^\+?84", "0", digits) if _PHONE.fullmatch(digits) else cleaned(text)


def _phone_key(phone: str) -> str:
    try:
        return phone_key(phone)
    except NotAPhone:
        return ""


def _work_faults(form: SubmissionForm, rules: EntryRules) -> Iterator[Fault]:
    yield from _text_faults("title", form.title, Sentence("Hãy ghi tên tác phẩm."))
    yield from _choice_fault("form", form.form, rules.forms, Sentence("Hãy chọn thể loại."))
    yield from _long("summary", form.summary)
    yield from _choice_fault("category", form.category, rules.categories, Sentence("Hãy chọn đối tượng dự thi."))


def _published_faults(form: SubmissionForm, contest: Contest, today: date) -> Iterator[Fault]:
    """R15: a work published before the launch may not enter."""
    if not form.published_on:
        return
    day = _day(form.published_on)
    if day is None or day > today:
        yield Fault("published_on", Sentence("Ngày công bố không đúng."))
    elif contest.phases is not None and day < contest.phases.submission.opens.astimezone(VIETNAM).date():
        yield Fault(
            "published_on",
            Sentence("Tác phẩm đã công bố trước ngày phát động nên không dự thi được (kế hoạch III.4)."),
        )
    yield from _text_faults("published_where", form.published_where, Sentence("Hãy ghi nơi đã công bố."))


def _author_faults(form: SubmissionForm, today: date) -> Iterator[Fault]:
    if len(form.authors) > MOST_AUTHORS:
        yield Fault("authors", Sentence("Một nhóm có nhiều nhất {most} người.", {"most": MOST_AUTHORS}))
    if len(form.authors) > 1 and not form.group:
        yield Fault("group", Sentence("Hãy ghi tên nhóm tác giả."))
    yield from _long("group", form.group)
    for at, author in enumerate(form.authors[:MOST_AUTHORS] or (Author(""),)):
        yield from _one_author(f"authors.{at}", author, today, first=at == 0)


def _one_author(path: str, author: Author, today: date, *, first: bool) -> Iterator[Fault]:
    for fault in _text_faults("name", author.name, Sentence("Hãy ghi họ và tên tác giả.")):
        yield Fault(f"{path}.name", fault.what)
    born = _day(author.birth)
    if (author.birth or first) and (born is None or not 5 <= _age(born, today) <= 120):
        yield Fault(f"{path}.birth", Sentence("Hãy ghi ngày sinh đúng, ví dụ 15/03/1990."))
    if (author.phone or first) and not _PHONE.fullmatch(author.phone):
        yield Fault(f"{path}.phone", Sentence("Hãy ghi số điện thoại Việt Nam, ví dụ 0912 345 678."))


def _contact_faults(form: SubmissionForm, today: date) -> Iterator[Fault]:
    yield from _text_faults("unit", form.unit, Sentence("Hãy ghi đơn vị hoặc nơi ở."))
    if form.link not in LINKS:
        yield Fault("link", Sentence("Hãy cho biết bạn học tập, sinh sống hay làm việc trong tỉnh (kế hoạch III.1)."))
    if form.email and not (_EMAIL.fullmatch(form.email) and len(form.email) <= LENGTHS["email"]):
        yield Fault("email", Sentence("Địa chỉ thư điện tử không đúng."))
    young = minors(form, today)
    if young and not form.guardian:
        facts = {"names": ", ".join(young)}
        yield Fault("guardian", Sentence("{names} dưới 18 tuổi: hãy ghi người giám hộ đồng ý cho dự thi.", facts))
    if young and not _PHONE.fullmatch(form.guardian_phone):
        yield Fault("guardian_phone", Sentence("Hãy ghi số điện thoại của người giám hộ."))


def _choice_fault(field: str, value: str, choices: tuple[str, ...], what: Sentence) -> Iterator[Fault]:
    if choices and value not in choices:
        yield Fault(field, what)


def _text_faults(field: str, value: str, what: Sentence) -> Iterator[Fault]:
    if not any(character.isalnum() for character in value):
        yield Fault(field, what)
    yield from _long(field, value)


def _long(field: str, value: str) -> Iterator[Fault]:
    most = LENGTHS[field]
    if len(value) > most:
        yield Fault(field, Sentence("Dài quá: nhiều nhất {most} ký tự.", {"most": most}))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def from_fields(
    fields: Mapping[str, str], authors: tuple[Author, ...], terms: tuple[tuple[str, int], ...]
) -> SubmissionForm:
    """A form from its text fields by name; fields that are not given are empty."""
    return SubmissionForm(
        **{name: fields.get(name, "") for name in _TEXTS},
        authors=authors,
        guardian_phone=fields.get("guardian_phone", ""),
        terms=terms,
    )


TEXT_FIELDS = (*_TEXTS, "guardian_phone")
