"""Reads an XLSX workbook of a user as a table, in a limited process (docs/security.md, Tables from users).

The first visible sheet with a value is read; hidden sheets are passed over. Whatever is not read is said: rows beyond
the limit, columns beyond it, other sheets, rows above the header, values hidden by merged cells.
"""

import os
import re
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import msgspec

from core.desk.table_files import workbook_parser
from core.desk.table_files.columns import Column, Header, required
from core.desk.table_files.people_words import GUIDE
from core.desk.table_files.table import Cell, CellKind, Fault, NotATable, Table, TableRow
from core.desk.table_files.workbook_safety import DAMAGED, check_archive
from core.desk.text_input.csv_header import NoHeader
from core.rules.vietnamese import identity, nfc
from core.rules.words import Sentence, Unavailable
from core.sandbox.run import Limits, run

LIMITS = Limits(wall_seconds=60, cpu_seconds=20, memory_bytes=1 << 30, output_bytes=48 << 20)
HEADER_WITHIN = 10  # the header is one of so many first rows with values


class NoSafeParser(Unavailable):
    """The machine has no defusedxml: no workbook can be read without danger."""

    def __init__(self) -> None:
        super().__init__("Máy chủ thiếu thư viện để đọc bảng tính một cách an toàn; hãy dùng tệp .csv.")


class _Parsed(msgspec.Struct, forbid_unknown_fields=True):
    """The output of `workbook_parser`."""

    refused: Literal["", "xml", "broken", "unsafe", "empty"] = ""
    sheet: str = ""
    others: list[str] = []
    rows: list[tuple[int, list[tuple[int, CellKind, str]]]] = []
    has_more: bool = False
    merged: list[str] = []
    far: list[str] = []
    uncomputed: list[tuple[int, int]] = []


def read_workbook(data: bytes, name: str, columns: Sequence[Column]) -> Table:
    """The table in a workbook. Raises NotATable, NoHeader, NoSafeParser."""
    check_archive(data, name)
    parsed = _parsed(data, name)
    rows = {number: {column: _cell(kind, text) for column, kind, text in cells} for number, cells in parsed.rows}
    for number, column in parsed.uncomputed:
        rows.setdefault(number, {})[column] = Cell(CellKind.UNCOMPUTED, "")
    ordered = [TableRow(number, rows[number]) for number in sorted(rows)]
    at = _header(ordered, columns, name)
    header = {column: " ".join(cell.text.split()) for column, cell in ordered[at].cells.items() if cell.text}
    names = {identity(text) for text in header.values()}
    body = tuple(row for row in ordered[at + 1 :] if not _is_header(row, names))
    table = Table(name, nfc(parsed.sheet), ordered[at].number, header, body)
    return replace(table, faults=tuple(_unread(table, parsed, above=at)))


def _parsed(data: bytes, name: str) -> _Parsed:
    """Parse the workbook in a limited process. Raises NotATable, NoSafeParser."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "table.xlsx")
        path.write_bytes(data)
        packages, readable = _interpreter()
        command: list[str | Path] = [
            os.path.realpath(sys.executable),
            "-I",
            "-S",
            workbook_parser.__file__,
            packages,
            path,
        ]
        outcome = run(command, limits=LIMITS, readable=[*readable, path])
    if outcome.status != 0:
        raise NotATable("{file} quá lớn hoặc quá phức tạp để đọc.", file=name)
    parsed = msgspec.json.decode(outcome.out, type=_Parsed)
    match parsed.refused:
        case "unsafe":
            raise NoSafeParser
        case "xml":
            raise NotATable("{file} có khai báo XML không được phép trong bảng tính.", file=name)
        case "broken":
            raise NotATable(DAMAGED.text, file=name)
        case "empty":
            raise NotATable("{file} không có ô nào có chữ trong các trang tính đang hiện.", file=name)
    return parsed


@cache
def _interpreter() -> tuple[str, tuple[Path, ...]]:
    """The folder with the installed packages, and everything that the parser's interpreter reads."""
    paths = sysconfig.get_paths()
    readable = {paths["stdlib"], paths["platstdlib"], paths["purelib"], workbook_parser.__file__}
    return paths["purelib"], tuple(Path(each) for each in sorted(readable) if Path(each).exists())


def _cell(kind: CellKind, text: str) -> Cell:
    text = nfc(text.replace("_x000D_", "\n")).strip() if kind is CellKind.TEXT else text
    return Cell(kind, text)


def _header(rows: Sequence[TableRow], columns: Sequence[Column], name: str) -> int:
    """The index of the header: of the first rows the one that names the most columns. Raises NoHeader."""
    header = Header(columns)
    counts = [header.count([cell.text for cell in row.cells.values()]) for row in rows[:HEADER_WITHIN]]
    if not any(counts):
        raise NoHeader(name, required(columns), rows[0].number if rows else 1)
    return counts.index(max(counts))


def _is_header(row: TableRow, names: set[str]) -> bool:
    """True for a header that is repeated further down; `names` are the identities of its cells."""
    if not all(identity(cell.text) in names for cell in row.cells.values()):
        return False
    return {identity(cell.text) for cell in row.cells.values()} == names


def _unread(table: Table, parsed: _Parsed, *, above: int) -> list[Fault]:
    """What of the workbook was not read."""
    faults = []
    if parsed.has_more:
        facts: dict[str, object] = {"most": workbook_parser.MAX_ROWS}
        faults.append(table.fault(Sentence("Bảng dài hơn {most} dòng: các dòng sau không được đọc.", facts)))
    if above:
        facts = {"count": above, "row": table.header_row}
        what = Sentence("{count} dòng phía trên hàng tên cột (dòng {row}) không được đọc.", facts)
        faults.append(table.fault(what, warning=True))
    others = [nfc(each) for each in parsed.others if identity(each) != identity(GUIDE)]
    if others:
        what = Sentence("Trang tính khác có dữ liệu nhưng không được đọc: {sheets}.", {"sheets": ", ".join(others)})
        faults.append(table.fault(what, warning=True))
    for each in parsed.far:
        facts = {"cell": each, "columns": workbook_parser.MAX_COLUMNS}
        faults.append(table.fault(Sentence("Ô {cell} nằm ngoài {columns} cột đầu nên không được đọc.", facts)))
    for area in parsed.merged:
        what = Sentence("Các ô {area} gộp lại: chỉ ô đầu có giá trị, các ô khác tính là trống.", {"area": area})
        if (end := re.search(r"\d+$", area)) and int(end[0]) > table.header_row:
            faults.append(table.fault(what, warning=True))
    return faults
