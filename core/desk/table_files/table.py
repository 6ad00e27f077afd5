"""A table that was read from a file: its cells with their addresses, and what is wrong with them.

The same for XLSX and CSV. Rows are numbered from 1 as in the file, columns from 0. A blank cell is not there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.rules.look_alikes import visible
from core.rules.words import Refusal, Sentence

MAX_SHOWN = 60  # characters of a cell's value in a fault


class CellKind(StrEnum):
    """What a program stored in a cell. Every cell of a CSV file is TEXT."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"  # a day, as an ISO date
    TIME = "time"  # a time, with or without a day
    YES_NO = "yes_no"  # "1" or "0"
    ERROR = "error"  # "#DIV/0!"
    UNCOMPUTED = "uncomputed"  # a formula without a stored value


@dataclass(frozen=True, slots=True)
class Cell:
    """The contents of one cell. A text is in NFC, without whitespace at its ends."""

    kind: CellKind
    text: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of one row by column."""

    number: int
    cells: Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, a row (`column` is None) or the whole table (`row` is None too).

    The row is used all the same if it is a warning.
    """

    what: Sentence
    row: int | None = None
    column: int | None = None
    sheet: str = ""  # "" for CSV, which has no sheets
    title: str = ""  # the column's name as written
    value: str = ""  # of the cell, at most MAX_SHOWN characters, invisible characters by their code points
    suggestion: str = ""  # a value to put in its place if a person agrees
    warning: bool = False

    @property
    def address(self) -> str:
        """The cell or the row as spreadsheet programs write it: "Tác phẩm!H2", "H2", "Tác phẩm!2"; "" for the table."""
        if self.row is None:
            return self.sheet
        place = f"{letters(self.column) if self.column is not None else ''}{self.row}"
        return f"{self.sheet}!{place}" if self.sheet else place


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header has been read: `header` is the columns' names as written, without blank ones."""

    name: str  # of the file
    sheet: str
    header_row: int
    header: Mapping[int, str]
    rows: tuple[TableRow, ...]
    faults: tuple[Fault, ...] = field(default=())

    def fault(
        self,
        what: Sentence,
        row: int | None = None,
        column: int | None = None,
        *,
        value: str = "",
        suggestion: str = "",
        warning: bool = False,
    ) -> Fault:
        """A fault of this table."""
        title = "" if column is None else self.header.get(column, "")
        return Fault(what, row, column, self.sheet, title, shown(value), suggestion, warning)


class NotATable(Refusal):
    """The file is no table that can be read; the sentence says why."""


def letters(column: int) -> str:
    """A column's letters: "A" for 0, "AB" for 27."""
    name = ""
    while column >= 0:
        column, digit = divmod(column, 26)
        name, column = chr(ord("A") + digit) + name, column - 1
    return name


def shown(text: str) -> str:
    """A value for a message: one line of at most MAX_SHOWN characters, invisible characters by their code points."""
    text = visible(" ".join(text.split()))
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
