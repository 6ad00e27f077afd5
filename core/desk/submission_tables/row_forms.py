"""The form that a row of a table is, and the cells that the faults of a form are about."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from core.desk.submission_tables.submission_columns import LINKS, MOST_IN_TABLE, SIGNED, author_key
from core.desk.table_files.cell_values import Value
from core.desk.table_files.people_words import YES_NO
from core.desk.table_files.preview import CheckedRow, Preview
from core.desk.table_files.table import Fault
from core.rules.entries.form import TEXT_FIELDS, Author, FormRefused, SubmissionForm, from_fields
from core.rules.entries.terms import CURRENT
from core.rules.words import Sentence

NOT_SIGNED = Sentence(
    "Chưa ghi “{yes}”: tác giả phải ký đủ các điều đồng ý và cam kết trên đơn giấy.", {"yes": YES_NO[0]}
)
AGREED = tuple((key, term.version) for key, term in CURRENT.items())
_KEYS = {name: key for key, name in LINKS.items()}
_PARTS = ("name", "birth", "phone")
_AUTHOR_FIELD = re.compile(r"authors\.(\d+)\.(name|birth|phone)")


def row_form(row: CheckedRow, places: Mapping[str, int], stored: SubmissionForm | None) -> SubmissionForm:
    """The form of a row. What has no column stays as it is stored, and so does what the author agreed to."""
    before = stored or from_fields({}, (), ())
    fields = {name: _text(row.values.get(name)) if name in places else getattr(before, name) for name in TEXT_FIELDS}
    if "link" in places:
        fields["link"] = _KEYS.get(fields["link"], fields["link"])
    signed = AGREED if row.values.get(SIGNED) is True else ()
    terms = signed if stored is None else stored.terms
    return from_fields(fields, tuple(_authors(row, places, before)), terms)


def _authors(row: CheckedRow, places: Mapping[str, int], before: SubmissionForm) -> Iterator[Author]:
    """The authors of the columns that the table has, in order; beyond them the stored ones."""
    for number in range(1, max(MOST_IN_TABLE, len(before.authors)) + 1):
        old = before.authors[number - 1] if number <= len(before.authors) else Author("")
        if author_key("name", number) not in places:
            if old.name:
                yield old
        elif number in _filled(row):
            yield Author(*(_part(row, places, part, number, old) for part in _PARTS))


def _part(row: CheckedRow, places: Mapping[str, int], part: str, number: int, old: Author) -> str:
    key = author_key(part, number)
    return _text(row.values.get(key)) if key in places else str(getattr(old, part))


def _filled(row: CheckedRow) -> list[int]:
    """The numbers of the authors of whom the row says anything."""
    found = {int(key.partition(".")[2]) for key, value in row.values.items() if "." in key and value}
    return sorted(found)


def _text(value: Value | None) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else ""


def form_faults(checked: Preview, row: CheckedRow, refused: FormRefused) -> Iterator[Fault]:
    """The faults of the form, each at its cell. A cell that already has a fault of its own is not named twice."""
    bad = {fault.column for fault in row.faults if not fault.warning}
    told = set[tuple[int | None, str]]()
    for fault in refused.faults:
        key = _column(fault.field, row)
        at = checked.places.get(key)
        what = NOT_SIGNED if key == SIGNED else fault.what
        if (at is not None and at in bad) or (at, what.text) in told:
            continue
        told.add((at, what.text))
        yield checked.table.fault(what, row.number, at, value=_text(row.values.get(key)))


def _column(field: str, row: CheckedRow) -> str:
    """The column of a field of the form; the form numbers the authors without the blank ones between them."""
    if field.startswith("terms."):
        return SIGNED
    found, filled = _AUTHOR_FIELD.fullmatch(field), _filled(row)
    if found is None:
        return field
    at = int(found[1])
    return author_key(found[2], filled[at] if at < len(filled) else at + 1)
