"""Parses an XLSX workbook with openpyxl and writes its cells to stdout as JSON.

`core/desk/table_files/workbook_reader.py` runs this file as a script in `core.sandbox`, in a fresh interpreter
(`python -I -S`). So it imports nothing of the project. Numbers of rows count from 1, of columns from 0.

openpyxl without defusedxml would expand XML entities without a word: the script refuses to run then. lxml, numpy and
Pillow are hidden from it: with lxml it would take another XML parser, and the other two only cost time.
"""

import datetime as dt
import json
import mimetypes
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

MAX_ROWS = 10_000  # rows with values
MAX_COLUMNS = 60
MAX_CELL = 2_000  # characters of one cell; of a longer one the first MAX_CELL + 1 are passed on
MAX_NOTED = 20  # merged ranges, and cells beyond MAX_COLUMNS
PEEK_ROWS = 50  # rows of another sheet that are searched for a value
HIDDEN = ("lxml", "numpy", "PIL")
# In the XML of a sheet: a formula, a merged range, and a cell with contents whose column has two or three letters.
_NOTED = re.compile(
    rb"<(?:\w+:)?(?:(f)[\s>/]|mergeCell\s[^>]*?ref=\"([A-Z0-9:]+)\"|c\s[^>]*?r=\"([A-Z]{2,3}[0-9]+)\"(?=[^>]*[^/]>))"
)

Parsed = dict[str, Any]
Sheet = Any  # openpyxl's ReadOnlyWorksheet; its types are wrong for it


def main(arguments: list[str]) -> None:
    """Parse one workbook. `arguments`: the folder with the installed packages, the workbook's path."""
    packages, path = arguments
    sys.path.append(packages)
    mimetypes.knownfiles.clear()  # openpyxl asks for types; the sandbox lets nothing read /etc/mime.types
    sys.modules.update(dict.fromkeys(HIDDEN))  # type: ignore[arg-type]  # None: the import fails
    try:
        parsed = parse(path)
    except Exception as error:  # noqa: BLE001  # whatever a hostile file leads to is that file's fault
        sys.stderr.write(f"{type(error).__name__}: {error}")
        modules = {type(each).__module__.partition(".")[0] for each in (error, error.__cause__)}
        parsed = {"refused": "xml" if "defusedxml" in modules else "broken"}
    sys.stdout.buffer.write(json.dumps(parsed).encode())


def parse(path: str) -> Parsed:
    """The first visible sheet that has a value: its name, its rows, and what the reader has to say about it."""
    import warnings

    import openpyxl
    import openpyxl.xml

    if not openpyxl.xml.DEFUSEDXML:
        return {"refused": "unsafe"}
    warnings.simplefilter("ignore")  # about styles and validations that openpyxl does not know
    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    filled = [sheet for sheet in visible if _has_a_value(sheet)]
    if not filled:
        return {"refused": "empty"}
    sheet = filled[0]
    has_formula, merged, far = _noted(path, sheet)
    rows, has_more = _rows(sheet)
    formulas = openpyxl.load_workbook(path, read_only=True, keep_links=False) if has_formula else None
    uncomputed = _uncomputed(formulas, sheet.title, rows) if formulas else []
    return {
        "sheet": sheet.title, "others": [each.title for each in filled[1:]], "rows": rows, "has_more": has_more,
        "merged": merged, "far": far, "uncomputed": uncomputed,
    }  # fmt: skip


def _has_a_value(sheet: Sheet) -> bool:
    """True if one of the first rows has a value. (Not a blank row far below, which would be long to reach.)"""
    sheet.reset_dimensions()  # the size that a file states may be wrong
    rows = sheet.iter_rows(max_row=PEEK_ROWS, max_col=MAX_COLUMNS, values_only=True)
    return any(value not in (None, "") for row in rows for value in row)


def _noted(path: str, sheet: Sheet) -> tuple[bool, list[str], list[str]]:
    """Whether the sheet has a formula; its merged ranges; its cells with contents beyond MAX_COLUMNS."""
    with zipfile.ZipFile(path) as file:
        text = file.read(sheet._worksheet_path.lstrip("/"))  # noqa: SLF001  # the part's name is nowhere else
    has_formula, merged, far = False, list[str](), list[str]()
    for formula, area, cell in _NOTED.findall(text):
        if formula:
            has_formula = True
        elif area and len(merged) < MAX_NOTED:
            merged.append(area.decode())
        elif cell and len(far) < MAX_NOTED and _column(cell.decode()) >= MAX_COLUMNS:
            far.append(cell.decode())
    return has_formula, merged, far


def _column(address: str) -> int:
    """The column of an address: 0 for "A1", 27 for "AB3"."""
    number = 0
    for letter in address.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _rows(sheet: Sheet) -> tuple[list[Any], bool]:
    """At most MAX_ROWS rows with values, [number, [[column, kind, text], …]], and whether there are more."""
    rows: list[Any] = []
    blank: object = None
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        if row is blank:  # openpyxl gives the same tuple for every row that is not in the file
            continue
        cells = list(_cells(row))
        if not cells:
            blank = row
        elif len(rows) == MAX_ROWS:
            return rows, True
        else:
            rows.append([number, cells])
    return rows, False


def _cells(row: Any) -> Iterator[tuple[int, str, str]]:
    for column, cell in enumerate(row):
        value = cell.value
        if value is not None and value != "":
            yield column, *(("error", str(value)) if cell.data_type == "e" else _typed(value))


def _typed(value: object) -> tuple[str, str]:
    """The kind of a value, and its text: an ISO date, "1" or "0", a number without a needless ".0"."""
    if isinstance(value, bool):
        return "yes_no", str(int(value))
    if isinstance(value, int | float):
        is_whole = isinstance(value, int) or (value.is_integer() and abs(value) < 1e15)
        return "number", str(int(value)) if is_whole else repr(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return "date", value.date().isoformat()
    if isinstance(value, dt.datetime | dt.time | dt.timedelta):
        return "time", str(value)
    return ("date", value.isoformat()) if isinstance(value, dt.date) else ("text", str(value)[: MAX_CELL + 1])


def _uncomputed(book: "Workbook", title: str, rows: list[Any]) -> list[tuple[int, int]]:
    """The cells, [row, column], whose formula has no stored value: no program has ever computed it."""
    found: list[tuple[int, int]] = []
    known = {(number, cell[0]) for number, cells in rows for cell in cells}
    sheet: Sheet = book[title]
    sheet.reset_dimensions()
    blank: object = None
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        if row is not blank:
            cells = [column for column, cell in enumerate(row) if cell.value is not None]
            blank = blank if cells else row
            found += [(number, at) for at in cells if row[at].data_type == "f" and (number, at) not in known]
        if len(found) > MAX_ROWS:
            break
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
