"""Writes a table to be filled in: a workbook with a header, lists to choose from, and a sheet of explanations.

Validation in a spreadsheet program helps the person who types; pasting goes round it, so every value is checked again.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.desk.table_files.cell_values import FIRST_YEAR, LAST_YEAR, Value
from core.desk.table_files.columns import Column, Kind
from core.desk.table_files.people_words import GUIDE, LISTS, YES_NO
from core.desk.table_files.table import letters
from core.rules.words import Locale, Sentence

ROWS = 2_000  # rows with formats and validation
MAX_PROMPT = 250  # characters; Excel's limit is 255
_LITERAL = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}


def write_template(
    columns: Sequence[Column], sheet: str, locale: Locale, rows: Sequence[Mapping[str, Value | None]] = (),
    notes: Sequence[Sentence] = (),
) -> bytes:  # fmt: skip
    """The bytes of a workbook whose first sheet has these columns, and these rows by column key.

    `notes`: what the second sheet says below its lines about the columns.
    """
    file = BytesIO()
    with xlsxwriter.Workbook(file, _LITERAL) as book:
        table, guide, lists = (book.add_worksheet(name) for name in (sheet, GUIDE, LISTS))
        lists.hide()
        _Writer(book, table, lists, locale).write(columns, rows)
        text = book.add_format({"num_format": "@", "text_wrap": True})
        _write_guide(guide, book.add_format(_HEADER), text, columns, locale)
        for row, note in enumerate(notes, start=len(columns) + 2):
            guide.merge_range(row, 0, row, 3, note.localize(locale), text)
            guide.set_row(row, 32)
    return file.getvalue()


_HEADER = {"bold": True, "bg_color": "#F4F4F2", "border": 1, "text_wrap": True, "valign": "top"}


class _Writer:
    """Writes the sheet to be filled in."""

    def __init__(self, book: xlsxwriter.Workbook, table: Worksheet, lists: Worksheet, locale: Locale) -> None:
        self.table, self.lists, self.locale = table, lists, locale
        self.header = book.add_format(_HEADER)
        self.text = book.add_format({"num_format": "@"})
        self.date = book.add_format({"num_format": "dd/mm/yyyy"})

    def write(self, columns: Sequence[Column], rows: Sequence[Mapping[str, Value | None]]) -> None:
        """Write the header, the formats, the validation and the rows."""
        for at, column in enumerate(columns):
            self.table.set_column(at, at, _width(column), self._format(column))
            self.table.write_string(0, at, column.title, self.header)
            if column.help:
                self.table.write_comment(0, at, column.help.localize(self.locale), {"x_scale": 2})
            self._validate(at, column)
            for number, row in enumerate(rows, start=1):
                self._write_value(number, at, column, row.get(column.key))
        self.table.freeze_panes(1, 0)

    def _format(self, column: Column) -> Format:
        """Text for all but dates: a phone number keeps its zero, and a code such as 1-2 becomes no date."""
        return self.date if column.kind is Kind.DATE else self.text

    def _write_value(self, row: int, at: int, column: Column, value: Value | None) -> None:
        if isinstance(value, bool):
            self.table.write_string(row, at, YES_NO[not value], self.text)
        elif isinstance(value, date):
            self.table.write_datetime(row, at, value, self.date)
        elif value is not None:
            self.table.write_string(row, at, value, self._format(column))

    def _validate(self, at: int, column: Column) -> None:
        rule: dict[str, object]
        if column.kind is Kind.DATE:
            days = {"minimum": date(FIRST_YEAR, 1, 1), "maximum": date(LAST_YEAR, 12, 31)}
            rule = {"validate": "date", "criteria": "between", **days}
        elif choices := column.choices or column.suggestions or (YES_NO if column.kind is Kind.YES_NO else ()):
            for row, choice in enumerate(choices):
                self.lists.write_string(row, at, choice, self.text)
            name = letters(at)
            rule = {"validate": "list", "source": f"='{LISTS}'!${name}$1:${name}${len(choices)}"}
            rule |= {"show_error": False} if column.suggestions else {}
        else:
            rule = {"validate": "any"}
        if column.help:
            rule |= {"input_title": column.title[:32], "input_message": column.help.localize(self.locale)[:MAX_PROMPT]}
        if rule["validate"] != "any" or column.help:
            self.table.data_validation(
                1, at, ROWS, at, {**rule, "error_title": column.title[:32], "ignore_blank": True}
            )


def _width(column: Column) -> int:
    """The width of a column, in characters."""
    return max(len(column.title) + 2, 40 if column.kind is Kind.TEXT else 18)


def _write_guide(guide: Worksheet, header: Format, text: Format, columns: Sequence[Column], locale: Locale) -> None:
    """One line for each column: whether a value is required, what it is, an example."""
    heads = (Sentence("Cột"), Sentence("Bắt buộc"), Sentence("Cách ghi"), Sentence("Ví dụ"))
    for at, (head, width) in enumerate(zip(heads, (28, 12, 70, 40), strict=True)):
        guide.set_column(at, at, width, text)
        guide.write_string(0, at, head.localize(locale), header)
    for row, column in enumerate(columns, start=1):
        is_required = Sentence("có") if column.required else Sentence("không")
        how = column.help.localize(locale) if column.help else ""
        cells = (column.title, is_required.localize(locale), how, column.example)
        for at, cell in enumerate(cells):
            guide.write_string(row, at, cell, text)
    guide.freeze_panes(1, 0)
