"""What every row of a table of submissions would do, before anything is written.

`outcomes` decides it from the file's rows and the database. The preview shows it, and the transaction that takes the
rows decides it again: `TablePreview.seen` tells whether both came to the same.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.desk import context, stored_forms
from core.desk.entries.entry_refusals import NotOpenForChanges
from core.desk.entries.submission_history import FieldChange, differences
from core.desk.matching import author_review
from core.desk.matching.author_review import SEPARATOR, AuthorRef
from core.desk.submission_tables.row_forms import form_faults, row_form
from core.desk.submission_tables.submission_columns import CODE, author_key, columns
from core.desk.table_files import preview as table_check
from core.desk.table_files.preview import CheckedRow, Preview, Verdict
from core.desk.table_files.reader import read_table
from core.desk.table_files.table import Fault
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.entries.author_limits import AuthoredWork, WorksByPerson, past_limits
from core.rules.entries.author_window import author_in_time
from core.rules.entries.form import FormRefused, checked
from core.rules.entries.form import SubmissionForm as Form
from core.rules.entries.states import STATE_NAMES
from core.rules.entries.table_rows import RowOutcome, StoredWork, WorkKey, stored_work, work_key
from core.rules.people.same_person import Verdict as MatchVerdict
from core.rules.permissions import may_register_works, must
from core.rules.vietnamese import identity
from core.rules.words import VIETNAM, Locale, Refusal, Sentence
from core.store.engine import Connection, Store
from core.store.people import matches
from core.store.queries import submissions as rows

MOST_ROWS = 2_000
NOT_COMPETING = Sentence("Đơn này đang ở trạng thái “{state}”.")
TWICE = Sentence("Cùng một đơn với dòng {row}.")


class TooManyRows(Refusal):
    """The table has more rows than are taken at once."""

    def __init__(self, rows: int) -> None:
        super().__init__("Bảng có {rows} dòng; mỗi lần nhập nhiều nhất {most} dòng.", rows=rows, most=MOST_ROWS)


@dataclass(frozen=True, slots=True)
class RowPreview:
    """One row: what taking it would do, and why. `form` is the complete, checked form of a row without faults.

    `code` and `version` are those of the stored submission, "" and 0 for a new one. `notices` do not hinder: R07
    across groups, and authors who are like officials (R02).
    """

    number: int
    title: str
    authors: str
    outcome: RowOutcome
    form: Form | None = None
    code: str = ""
    version: int = 0
    changes: tuple[FieldChange, ...] = ()
    faults: tuple[Fault, ...] = ()
    notices: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class TablePreview:
    """A table beside the database as it is now. `late`: outside the window, so that new works need a reason."""

    table: Preview
    rows: tuple[RowPreview, ...]
    late: bool
    sha256: str  # of the file

    @property
    def seen(self) -> str:
        """A hash of what the rows would do (hex). It differs once anything of it changes."""
        told = [
            [row.number, row.outcome, row.code, row.version, [each.what.text for each in row.faults],
             [[each.text, sorted(map(str, each.facts.items()))] for each in row.notices]]
            for row in self.rows
        ]  # fmt: skip
        return hashlib.sha256(json.dumps([self.sha256, self.late, told]).encode()).hexdigest()

    def count(self, outcome: RowOutcome) -> int:
        """How many rows have this outcome."""
        return sum(row.outcome is outcome for row in self.rows)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read, not compared with the database yet."""

    table: Preview
    sha256: str


def read_file(store: Store, who: Principal, data: bytes, name: str) -> ReadFile:
    """The rows of a file. Raises NotAllowed, NotATable, NotUtf8, NoHeader, ColumnTwice, NoSafeParser, TooManyRows."""
    must(may_register_works(who))
    declared = columns(context.contest(store).entries)
    table = read_table(data, name, declared)
    if len(table.rows) > MOST_ROWS:
        raise TooManyRows(len(table.rows))
    return ReadFile(table_check.preview(table, declared), hashlib.sha256(data).hexdigest())


def preview(store: Store, who: Principal, data: bytes, name: str, now: datetime) -> TablePreview:
    """What every row would do. Writes nothing. Raises NotAllowed, and what `read_file` raises."""
    read = read_file(store, who, data, name)
    with store.read() as connection:
        return compared(connection, read, now)


def compared(connection: Connection, read: ReadFile, at: datetime) -> TablePreview:
    """The rows of a file beside the database as this connection sees it."""
    contest = context.contest_state_in(connection).contest
    late = not author_in_time(contest, None, at)
    decided = _Decision(contest, at, read.table, _stored(connection)).rows()
    return TablePreview(read.table, tuple(_with_officials(connection, decided)), late, read.sha256)


def _stored(connection: Connection) -> list[StoredWork]:
    found = rows.every(connection)
    return [StoredWork(each.code, each.state, each.version, stored_forms.decode(each.form)) for each in found]


@dataclass(slots=True)
class _Decision:
    """One decision about a table: the stored submissions by key and by person, and the rows above."""

    contest: Contest
    at: datetime
    table: Preview
    stored: list[StoredWork]
    by_key: dict[WorkKey | None, list[StoredWork]] = field(default_factory=lambda: defaultdict(list))
    by_code: dict[str, list[StoredWork]] = field(default_factory=dict)
    above: dict[str | WorkKey, int] = field(default_factory=dict)

    def rows(self) -> list[RowPreview]:
        """What each row would do, R02 left out."""
        for work in self.stored:
            self.by_code[identity(work.code)] = [work]
            if work.form.authors and (key := work_key(work.form.title, work.form.authors[0].name)):
                self.by_key[key].append(work)
        people = WorksByPerson(AuthoredWork(work.code, work.form.people) for work in self.stored if work.open)
        return [self._row(row, people) for row in self.table.rows]

    def _row(self, row: CheckedRow, people: WorksByPerson) -> RowPreview:
        title, author, code = row.text("title"), row.text(author_key("name", 1)), row.text(CODE)
        shown = RowPreview(row.number, title, author, RowOutcome.FAULTY, faults=row.faults)
        key = work_key(title, author)
        try:
            found = stored_work(code, key, self.by_code.get(identity(code), []) if code else self.by_key.get(key, []))
        except Refusal as refusal:
            return self._bad(row, shown, refusal.sentence, CODE)
        same: str | WorkKey | None = found.code if found else key
        if same is not None and self.above.setdefault(same, row.number) != row.number:
            return self._bad(row, shown, Sentence(TWICE.text, {"row": self.above[same]}))
        try:
            form = row_form(row, self.table.places, found.form if found else None)
            tidy = checked(form, self.contest, self.at.astimezone(VIETNAM).date())
        except FormRefused as refused:
            return replace(shown, faults=(*row.faults, *form_faults(self.table, row, refused)))
        if row.verdict is Verdict.BAD:
            return shown
        return self._beside(row, replace(shown, form=tidy, authors=tidy.author_names), found, people)

    def _beside(
        self, row: CheckedRow, shown: RowPreview, found: StoredWork | None, people: WorksByPerson
    ) -> RowPreview:
        """A row with a good form beside the submission that it is about, if there is one."""
        form = shown.form
        assert form is not None
        if found is not None:
            shown = replace(shown, code=found.code, version=found.version, changes=tuple(differences(found.form, form)))
            if not shown.changes:
                note = Sentence(NOT_COMPETING.text, {"state": STATE_NAMES[found.state]})
                return replace(shown, outcome=RowOutcome.SAME, notices=() if found.open else (note,))
            if not found.open:
                return self._bad(row, shown, NotOpenForChanges().sentence)
        work = AuthoredWork(found.code if found else row_name(row.number), form.people)
        findings = past_limits(people.sharing(work), work, self.contest.entries.max_per_author)
        refused = next((each.sentence for each in findings if each.refused), None)
        if refused is not None:
            return self._bad(row, shown, refused, author_key("name", 1))
        if found is None:
            people.put(work)
        outcome = RowOutcome.DIFFERS if found else RowOutcome.NEW
        return replace(shown, outcome=outcome, notices=tuple(each.sentence for each in findings))

    def _bad(self, row: CheckedRow, shown: RowPreview, what: Sentence, key: str = "") -> RowPreview:
        fault = self.table.table.fault(what, row.number, self.table.places.get(key), value=row.text(key))
        return replace(shown, outcome=RowOutcome.FAULTY, faults=(*shown.faults, fault))


def row_name(number: int) -> str:
    """How the findings name a row that has no code yet."""
    return f"#{number}"


def _with_officials(connection: Connection, decided: Sequence[RowPreview]) -> Iterator[RowPreview]:
    """The rows with what R02 finds about their authors and has not been found before."""
    authors = [
        AuthorRef(f"{row.code or row_name(row.number)}{SEPARATOR}{place}", person)
        for row in decided
        if row.outcome in {RowOutcome.NEW, RowOutcome.DIFFERS} and row.form is not None
        for place, person in enumerate(row.form.people, start=1)
    ]
    names = {each.key: each.person.name for each in authors}
    known = {(each.author, each.side, each.ground) for each in matches.matches(connection, _keys(authors))}
    told: dict[str, list[Sentence]] = defaultdict(list)
    for (key, side), match in author_review.found_matches(authors, author_review.all_officials(connection)).items():
        if match.verdict >= MatchVerdict.REVIEW and (key, side, match.ground) not in known:
            told[key.rpartition(SEPARATOR)[0]].append(match.about(names[key]))
    for row in decided:
        found = told.get(row.code or row_name(row.number), [])
        once = {each.localize(Locale()): each for each in found}  # an author may be like two officials
        yield replace(row, notices=(*row.notices, *(once[text] for text in sorted(once)))) if found else row


def _keys(authors: Collection[AuthorRef]) -> list[str]:
    return [author.key for author in authors]
