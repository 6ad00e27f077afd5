"""Reads a CSV file of a user as a table."""

from collections.abc import Sequence
from dataclasses import replace

from core.desk.table_files.columns import Column, Header, required, titles
from core.desk.table_files.table import Cell, CellKind, Fault, Table, TableRow
from core.desk.text_input.csv_lines import Fits, Problem, Row, open_table


def read_csv(text: str, name: str, columns: Sequence[Column], fits: Fits = bool) -> Table:
    """The table in a CSV text; its bad lines are faults. Raises NoHeader, ColumnTwice.

    `fits` gets a line's cells by the columns' keys (`core.desk.text_input.csv_lines.File.rows`).
    """
    opened = open_table(text, name, required(columns), titles(columns))
    header = {at: written for at, written in enumerate(opened.header) if written}
    places = Header(columns).places(name, opened.first_line, header)
    called = {key: opened.columns[at] for key, at in places.items()}
    problems: list[Problem] = []
    rows = opened.rows(problems, lambda cells: fits({key: cells[column] for key, column in called.items()}))
    read = tuple(_table_row(row, opened.columns) for row in rows)
    table = Table(name, "", opened.header_line, header, read)
    return replace(table, faults=tuple(_fault(table, problem) for problem in problems))


def _table_row(row: Row, columns: Sequence[str]) -> TableRow:
    cells = {at: row.fields[column] for at, column in enumerate(columns) if column}
    return TableRow(row.line, {at: Cell(CellKind.TEXT, text) for at, text in cells.items() if text})


def _fault(table: Table, problem: Problem) -> Fault:
    return table.fault(problem.what, problem.line, warning=problem.warning)
