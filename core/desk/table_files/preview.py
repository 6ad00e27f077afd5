"""Checks a table against a list of columns before anything is written: each row's verdict, each cell's fault."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from core.desk.table_files.cell_values import Value, cell_text, read_cell
from core.desk.table_files.columns import Column, Header
from core.desk.table_files.table import Fault, Table, TableRow
from core.rules.look_alikes import visible
from core.rules.words import Sentence


class Verdict(Enum):
    """Whether a row can be taken."""

    GOOD = "good"
    WARNING = "warning"  # it can be taken, and a person should look at it
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One row: the usable values by column key, None for a blank cell, and the faults of its cells."""

    number: int
    values: Mapping[str, Value | None]
    faults: tuple[Fault, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of its faults decides."""
        if not self.faults:
            return Verdict.GOOD
        return Verdict.WARNING if all(fault.warning for fault in self.faults) else Verdict.BAD

    def text(self, key: str) -> str:
        """The value of a text column, "" without one."""
        value = self.values.get(key)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A checked table. `unread` are the names of its columns that mean none of the declared ones."""

    table: Table
    places: Mapping[str, int]  # column key -> column of the table
    rows: tuple[CheckedRow, ...]
    unread: tuple[str, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong, of the table first, then row by row."""
        return (*self.table.faults, *(fault for row in self.rows for fault in row.faults))


def preview(table: Table, columns: Sequence[Column]) -> Preview:
    """Check every row. Raises NoHeader if a required column is missing, ColumnTwice if one is there twice."""
    places = Header(columns).places(table.name, table.header_row, table.header)
    named = [(column, places[column.key]) for column in columns if column.key in places]
    rows = tuple(_checked(table, row, named) for row in table.rows)
    unread = tuple(title for at, title in table.header.items() if at not in places.values())
    return Preview(table, places, rows, unread)


def _checked(table: Table, row: TableRow, named: Sequence[tuple[Column, int]]) -> CheckedRow:
    values: dict[str, Value | None] = {}
    faults: list[Fault] = []
    for column, at in named:
        cell = row.cells.get(at)
        reading = read_cell(cell, column, table.header[at])
        if not reading.is_bad:
            values[column.key] = reading.value
        value = "" if cell is None else cell_text(cell)
        faults += [
            table.fault(each.what, row.number, at, value=value, suggestion=each.suggestion, warning=each.warning)
            for each in reading.findings
        ]
    return CheckedRow(row.number, values, (*faults, *_unnamed(table, row)))


def _unnamed(table: Table, row: TableRow) -> Iterator[Fault]:
    """A warning for each cell whose column has no name: it is not read."""
    for at, cell in row.cells.items():
        if at not in table.header:
            what = Sentence("Ô ghi “{text}” nhưng cột này không có tên.", {"text": visible(cell_text(cell))[:60]})
            yield table.fault(what, row.number, at, value=cell_text(cell), warning=True)
