"""Reads files of works: works, and problems by line or cell (docs/design.md, Works from files)."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from core.desk.files.work_columns import COLUMNS, SHEET
from core.desk.table_files.csv_table import read_csv
from core.desk.table_files.preview import CheckedRow, Preview, Verdict, preview
from core.desk.table_files.reader import read_table
from core.desk.table_files.table import Fault, Table
from core.desk.table_files.template import write_template
from core.desk.text_input.csv_lines import Problem
from core.desk.text_input.spellings import WORK_TWICE, Spellings
from core.desk.text_input.strange_text import odd, unseen
from core.rules.look_alikes import visible
from core.rules.words import Locale, Sentence

TEXTS = ("title", "author", "unit")
CODE_LENGTH = 20
CODE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


@dataclass(frozen=True, slots=True)
class ListedWork:
    """One work of the file."""

    line: int
    code: str
    title: str
    author: str
    unit: str
    video: str


def read_works(text: str, name: str) -> tuple[list[ListedWork], list[Problem]]:
    """The works of a CSV text, and its problems. Raises NoHeader, ColumnTwice.

    A line with a problem gives no work, unless the problem is a warning. Lost letters in a text are a warning: the work
    is taken with that text, which a second import can correct, and the problem still counts.
    """
    return _works(read_csv(text, name, COLUMNS, _fits))


def read_works_file(data: bytes, name: str) -> tuple[list[ListedWork], list[Problem]]:
    """The same for a file, XLSX or CSV. Raises NotATable, NotUtf8, NoSafeParser too."""
    return _works(read_table(data, name, COLUMNS, _fits))


def work_template(locale: Locale) -> bytes:
    """A workbook to be filled in with works."""
    return write_template(COLUMNS, SHEET, locale)


def _works(table: Table) -> tuple[list[ListedWork], list[Problem]]:
    checked = preview(table, COLUMNS)
    codes, works = Spellings("code", WORK_TWICE), dict[str, ListedWork]()
    problems = [_problem(fault) for fault in checked.faults]
    for row in checked.rows:
        work = ListedWork(row.number, *(row.text(column.key) for column in COLUMNS))
        codes.key(work.code, row.number)
        wrong = list(_wrong(checked, row, works))
        problems += map(_problem, (*wrong, *_doubtful(checked, row)))
        if not wrong and row.verdict is not Verdict.BAD:
            works[work.code] = work
    problems += [replace(problem, warning=True) for problem in codes.problems()]  # the first spelling stands
    return list(works.values()), sorted(problems, key=lambda problem: problem.line)


def _problem(fault: Fault) -> Problem:
    """The fault of a table as a problem of a line; line 0 is the whole table."""
    return Problem(fault.row or 0, fault.what, fault.warning, fault.address if fault.sheet else "")


def _fits(fields: Mapping[str, str]) -> bool:
    """True if these cells surely are a work: a valid code, a file name with a suffix, and all texts."""
    is_file = _is_file(fields["video"]) and bool(Path(fields["video"]).suffix)
    return is_file and _is_code(fields["code"]) and all(fields[column] for column in TEXTS)


def _is_code(code: str) -> bool:
    return 0 < len(code) <= CODE_LENGTH and CODE.issuperset(code)


def _is_file(video: str) -> bool:
    return bool(video) and video == Path(video).name and "\n" not in video


def _wrong(checked: Preview, row: CheckedRow, above: Collection[str]) -> Iterator[Fault]:
    """What is wrong with the code and the film's name of a row."""
    code, video = row.text("code"), row.text("video")
    if code and not _is_code(code):
        facts = {"code": json.dumps(visible(code), ensure_ascii=False)}
        yield _fault(
            checked, row, "code", Sentence("Mã {code} phải gồm 1–20 chữ in hoa không dấu, chữ số, gạch nối.", facts)
        )
    elif code in above:
        yield _fault(checked, row, "code", Sentence("Mã {code} đã có ở dòng trên.", {"code": code}))
    if video and not _is_file(video):
        yield _fault(checked, row, "video", Sentence("Cột video phải là tên tệp, không kèm thư mục."))


def _doubtful(checked: Preview, row: CheckedRow) -> Iterator[Fault]:
    """A warning about invisible characters in a film's name."""
    video = row.text("video")
    if characters := unseen(video):
        yield replace(_fault(checked, row, "video", odd("video", video, characters)), warning=True)


def _fault(checked: Preview, row: CheckedRow, key: str, what: Sentence) -> Fault:
    return checked.table.fault(what, row.number, checked.places[key], value=row.text(key))
