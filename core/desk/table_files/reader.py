"""Reads a table from a user, whatever program saved it: XLSX, or CSV in Unicode, TCVN3 or Windows-1258."""

from collections.abc import Sequence
from dataclasses import replace

from core.desk.table_files.columns import Column
from core.desk.table_files.csv_table import read_csv
from core.desk.table_files.table import NotATable, Table
from core.desk.table_files.workbook_reader import read_workbook
from core.desk.table_files.workbook_safety import MAX_FILE, is_workbook
from core.desk.text_input.csv_lines import Fits
from core.desk.text_input.text_files import decoded
from core.rules.words import Sentence


def read_table(data: bytes, name: str, columns: Sequence[Column], fits: Fits = bool) -> Table:
    """The table in a file `name`. Its first bytes decide the format, not its name.

    `fits` is for CSV (`core.desk.table_files.csv_table.read_csv`). Raises NotATable, NotUtf8, NoHeader, ColumnTwice,
    NoSafeParser.
    """
    if is_workbook(data):
        return read_workbook(data, name, columns)
    if len(data) > MAX_FILE:
        raise NotATable("{file} lớn hơn {most} MB.", file=name, most=MAX_FILE >> 20)
    text = decoded(data, name)
    table = read_csv(text.text, name, columns, fits)
    if text.legacy is None:
        return table
    what = Sentence(
        "Tệp dùng bảng mã {encoding}, đã đổi sang Unicode; hãy xem lại chữ có dấu, nhất là chữ hoa.",
        {"encoding": text.legacy.value},
    )
    return replace(table, faults=(table.fault(what, warning=True), *table.faults))
