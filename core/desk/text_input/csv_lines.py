"""Reads tables of separated values: rows, and problems by line (docs/design.md, Recount from files).

Accepted, as people save such tables: `,` `;` and tabs (whichever splits the header into known names), a first line
`sep=;`, a byte-order mark, any line ends, empty lines, rows and columns, column names in any case, and a header
repeated further down. Line numbers count from 1 as in the file. Cells are in NFC, without spaces around them.
`core.desk.text_input.csv_records` describes what happens at a misplaced quotation mark.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.desk.text_input.csv_header import ColumnTwice, Names, NoHeader, start
from core.desk.text_input.csv_records import Broken, Records, Whole
from core.desk.text_input.strange_text import odd_name
from core.rules.look_alikes import odd_characters, visible
from core.rules.vietnamese import nfc
from core.rules.words import Sentence

__all__ = ["Block", "ColumnTwice", "Columns", "File", "Fits", "NoHeader", "Problem", "Row", "open_table"]

BLOCK = 512  # lines read at once if all are ordinary
_GREEK_QUESTION_MARK = chr(0x037E)  # its NFC is a semicolon, which would split cells
_OTHER_HEADER = Sentence("Hàng tên cột ở đây khác hàng tên cột đầu bảng: từ dòng này trở đi không đọc.")

Columns = Mapping[str, Sequence[str]]
Block = Callable[[int, Columns], int]  # (number of the first line, each column's cells as written) -> lines taken
Fits = Callable[[Mapping[str, str]], bool]


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of one line. The line is used all the same if it is a warning."""

    line: int
    what: Sentence
    warning: bool = False
    cell: str = ""  # the address of the cell in a workbook


@dataclass(frozen=True, slots=True)
class Row:
    """One record's cells by column, and the number of its first line."""

    line: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class File:
    """A table whose header has been read. `columns` are the column names in order, "" for a column without a name."""

    columns: tuple[str, ...]
    separator: str
    lines: Sequence[str]
    header: tuple[str, ...]  # column names as written
    header_line: int
    after_header: int  # index of the line after the header
    first_line: int  # line number to name in NoHeader
    odd: tuple[Problem, ...] = ()  # problems of the header

    def rows(self, problems: list[Problem], fits: Fits = bool, block: Block | None = None) -> Iterator[Row]:
        """The records that have a cell for every column; the problems of the others are added to `problems`.

        `fits` returns True if the cells surely are a record of this table: reading resumes there after a broken record.
        `block` may take many ordinary lines at once; it returns how many of the first lines it took.
        """
        problems += self.odd
        return _Reader(self, problems, fits).rows(block)


class _Reader:
    """Reads the records of a table in order."""

    def __init__(self, file: File, problems: list[Problem], fits: Fits) -> None:
        self.file, self.problems, self.fits = file, problems, fits
        self.named = [(name, at) for at, name in enumerate(file.columns) if name]
        self.width = self.named[-1][1] + 1
        self.records = Records(file.lines, file.separator, self.width, len(file.columns))
        self.names = {name for name in file.header if name}

    def rows(self, block: Block | None) -> Iterator[Row]:
        """The rows that `block` does not take; each is read by itself."""
        at, end = self.file.after_header, len(self.file.lines)
        while at < end:
            after = min(at + BLOCK, end)
            columns = self._columns(at, after) if block else None
            if block and columns and (count := block(at + 1, columns)):
                at += count
                continue
            while at < after:
                found = self.records.found(at, self._resumes)
                what = self._broken(found) if isinstance(found, Broken) else self._checked(at, found)
                if isinstance(what, Row):
                    yield what
                elif what is not None:
                    self.problems.append(what)
                    if what.what is _OTHER_HEADER:
                        return
                at = found.after

    def _columns(self, first: int, after: int) -> Columns | None:
        """The cells of these lines by column; None if one of the lines is not ordinary."""
        cells = self.records.columns(first, after)
        if cells is None or any(any(cells[at]) for at, name in enumerate(self.file.columns) if not name):
            return None
        return {name: cells[at] for name, at in self.named}

    def _checked(self, at: int, found: Whole) -> Row | Problem | None:
        """The row of a record, its problem, or None for a record to skip."""
        row = self._row(found.cells)
        if row is None:
            return None
        if isinstance(row, Sentence):
            return Problem(at + 1, row)
        for inner in range(at + 1, found.after):
            if self._resumes(self.file.lines[inner].split(self.file.separator)):
                self.problems.append(Problem(at + 1, _holds_a_row(inner + 1)))
        return Row(at + 1, row)

    def _resumes(self, cells: Sequence[str]) -> bool:
        row = self._row(cells)
        return isinstance(row, dict) and self.fits(row)

    def _row(self, cells: Sequence[str]) -> dict[str, str] | Sentence | None:
        """The cells of a record by column, or its problem; None for an empty record and for a repeated header."""
        cells = [cell.strip() for cell in cells]
        written = list(filter(None, cells))
        if not written:
            return None
        if written[0] in self.names and set(written) == self.names:
            return None if tuple(cells[: self.width]) == self.file.header[: self.width] else _OTHER_HEADER
        if len(cells) < self.width or any(cells[len(self.file.columns) :]):
            return self._uneven(len(cells))
        for at, cell in enumerate(cells[: len(self.file.columns)]):
            if cell and not self.file.columns[at]:
                facts = {"cell": at + 1, "text": visible(cell)}
                return Sentence("Ô thứ {cell} ghi “{text}” nhưng cột này không có tên.", facts)
        return {name: cells[at] for name, at in self.named}

    def _broken(self, found: Broken) -> Problem:
        after = found.after
        while after > found.at + 1 and not self.file.lines[after - 1].strip():
            after -= 1
        if after - found.first == 1:
            return Problem(found.at + 1, Sentence("Dấu ngoặc kép trong dòng đặt sai hoặc chưa khép lại."))
        facts = {"first": found.first + 1, "last": after}
        return Problem(
            found.at + 1,
            Sentence("Dấu ngoặc kép trong dòng đặt sai hoặc chưa khép lại: bỏ từ dòng {first} đến dòng {last}.", facts),
        )

    def _uneven(self, fields: int) -> Sentence:
        facts = {"fields": fields, "columns": self.width, "separator": _separator_name(self.file.separator)}
        return Sentence(
            "Dòng có {fields} ô, cần {columns} ô; ô nào có dấu “{separator}” thì đặt trong ngoặc kép.", facts
        )


def _holds_a_row(line: int) -> Sentence:
    return Sentence(
        "Ô trong ngoặc kép mở ở dòng này gồm cả dòng {line}, giống một dòng riêng của bảng; hãy kiểm tra dấu ngoặc kép.",
        {"line": line},
    )


def _separator_name(separator: str) -> str:
    return "tab" if separator == "\t" else separator


def open_table(text: str, name: str, columns: Sequence[str], also: Sequence[str] = ()) -> File:
    """Read the header of a table. A column gets its name from `columns` or `also` if its header cell means one of them.

    Raises NoHeader, which names `columns`, if the header cannot be read or has a name twice. Raises ColumnTwice if a
    name is there in two spellings.
    """
    lines = _lines(text)
    at, separators, first = start(lines)
    known, line = Names((*columns, *also)), at + 1
    found = [(each, Records(lines, each, 1, 1).record(at)) for each in separators if at < len(lines)]
    headers = [(each, record) for each, record in found if record is not None]
    if not headers:
        raise NoHeader(name, columns, first)
    separator, record = max(headers, key=lambda header: known.count(header[1].cells))
    header = tuple(cell.replace("\n", " ").strip() for cell in record.cells)
    called = tuple(known.of(cell) for cell in header)
    if not any(called):
        raise NoHeader(name, columns, first)
    for nth, each in enumerate(called):
        if each in known.names and each in called[:nth]:
            one, other = header[called.index(each)], header[nth]
            raise NoHeader(name, columns, line) if one == other else ColumnTwice(name, line, one, other)
    odd = tuple(
        Problem(line, odd_name(cell, odd_characters(cell)))
        for cell in header
        if known.of(cell) != cell and odd_characters(cell)
    )
    return File(called, separator, lines, header, line, record.after, first, odd)


def _lines(text: str) -> list[str]:
    """The lines of a text in NFC, without empty lines at the end."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = _GREEK_QUESTION_MARK.join(nfc(part) for part in text.split(_GREEK_QUESTION_MARK))
    lines = text.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    return lines
