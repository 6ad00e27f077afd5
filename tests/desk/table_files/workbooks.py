"""Workbooks for tests: ordinary ones, and ones that no spreadsheet program would write."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter

from core.desk.table_files import workbook_parser
from core.desk.table_files.columns import Column, Kind
from core.desk.table_files.table import Table
from core.rules.words import Locale, Sentence
from core.sandbox.run import Outcome

COLUMNS = (
    Column(
        "title",
        ("Tên tác phẩm", "Tác phẩm"),
        required=True,
        max_length=200,
        example="Chợ phiên",
        help=Sentence("Như in."),
    ),
    Column("kind", ("Thể loại",), Kind.CHOICE, choices=("Hoạt cảnh", "Tiểu phẩm", "Tình huống", "Khác")),
    Column("author", ("Tác giả",), required=True),
    Column("born", ("Ngày sinh", "Date of birth"), Kind.DATE),
    Column("phone", ("Điện thoại", "Số điện thoại"), Kind.PHONE),
    Column("unit", ("Đơn vị",), Kind.CHOICE, choices=tuple(f"Huyện số {n}, tỉnh Sơn La" for n in range(1, 60))),
    Column("agreed", ("Đồng ý", "Cam kết"), Kind.YES_NO),
)
Draw = Callable[[xlsxwriter.Workbook], None]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SPREADSHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SPREADSHEET}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Tác phẩm" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>Tên tác phẩm</t></is></c><c r="B1" t="inlineStr"><is><t>Tác giả</t></is></c></row>'


def drawn(draw: Draw) -> bytes:
    """The workbook that this function draws."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        draw(book)
    return file.getvalue()


def of_rows(*rows: Sequence[object], sheet: str = "Tác phẩm") -> bytes:
    """A workbook with one sheet: texts, numbers, truth values and days as spreadsheet programs store them."""

    def draw(book: xlsxwriter.Workbook) -> None:
        page, day = book.add_worksheet(sheet), book.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate(rows):
            for at, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(number, at, value, day)
                elif isinstance(value, str):
                    page.write_string(number, at, value)
                else:
                    page.write(number, at, value)

    return drawn(draw)


def raw(
    sheet_rows: str | Iterable[str], *, before: str = "", dimension: str = "", parts: Mapping[str, bytes] | None = None
) -> bytes:
    """A workbook whose sheet has this XML in `sheetData`; `before` comes before its root element."""
    file = io.BytesIO()
    rows = [sheet_rows] if isinstance(sheet_rows, str) else sheet_rows
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'<?xml version="1.0"?>{before}<worksheet xmlns="{MAIN}">{dimension}<sheetData>'.encode())
            for each in rows:
                part.write(each.encode())
            part.write(b"</sheetData></worksheet>")
        for name, data in (parts or {}).items():
            archive.writestr(name, data)
    return file.getvalue()


def texts(table: Table) -> list[tuple[int, dict[int, str]]]:
    """The rows of a table: their numbers, and the text of each cell by column."""
    return [(row.number, {at: cell.text for at, cell in row.cells.items()}) for row in table.rows]


def said(table_or_preview: object) -> list[tuple[str, bool, str]]:
    """Each fault: its address, True for a warning, its sentence."""
    faults = table_or_preview.faults  # type: ignore[attr-defined]
    return [(fault.address, fault.warning, fault.what.localize(Locale())) for fault in faults]


def run_here(command: Sequence[str | Path], **_: object) -> Outcome:
    """In place of `core.sandbox.run.run`: parses in this process, for tests that parse very often."""
    return Outcome(0, json.dumps(workbook_parser.parse(str(command[-1]))).encode(), "")
