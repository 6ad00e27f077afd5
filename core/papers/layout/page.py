"""One worksheet laid out for printing: A4 landscape, the letterhead, the table's header, the signatures.

Every text is written with `write_string`: nothing a person typed can become a formula (docs/security.md, Formulas).
"""

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.papers.document import AwardDocument
from core.papers.layout.printed_mark import PrintedMark
from core.papers.layout.styles import WHOLE, Styles
from core.papers.layout.wording import LONGEST, clock, place_and_day, printable

A4 = 9  # Excel's code of the paper size
INCH = 25.4  # mm
HIGHEST = 400.0  # points: an Excel row cannot be higher than 409
LINE = 16.0  # points: height of one line of 13-point type
MARGINS = {"top": 20 / INCH, "bottom": 22 / INCH, "left": 20 / INCH, "right": 15 / INCH}
DRAFT = "DỰ THẢO"
# Greatest width of a table's columns together: scaled to A4 landscape, 12-point type prints at 8 points or more, in wide
# fonts too.
WIDEST = 130.0
# A QR code of 26 mm: the height of its row, its pixels, and the least width of its column. It lies in one cell, because a
# spreadsheet stretches a picture over several columns when its font is wider than ours.
QR_POINTS, QR_PIXELS, QR_WIDTH = 78.0, 98, 15.0


def parts(columns: int, width: float, before: float, after: float) -> tuple[range, ...]:
    """Divide the columns of one kind over several printed tables, so that no table is wider than WIDEST.

    Args:
        columns: the number of columns.
        width: the width of each of them.
        before: the total width of the columns before them, on every table.
        after: the total width of the columns after them, on the last table only.

    Returns:
        The positions of the columns of each table, in order; the last is the shortest. `parts(9, 8, 35, 50)` is (0–4, 5–8).
    """
    most, most_of_last = (max(1, int((WIDEST - before - rest) // width)) for rest in (0, after))
    tables = 1 if columns <= most_of_last else 1 + -(-(columns - most_of_last) // most)
    first = columns - min(most_of_last, columns // tables)  # of the last table
    starts = [-(-first * at // max(1, tables - 1)) for at in range(tables)] if tables > 1 else [0]
    return tuple(range(start, end) for start, end in zip(starts, [*starts[1:], columns], strict=True))


def sheet_name(name: str, number: int) -> str:
    """The name of the number-th worksheet of its kind: the first one has no number."""
    return name if number == 1 else f"{name} ({number})"


@dataclass(frozen=True, slots=True)
class Printed:
    """What a workbook is drawn from: the document, and the mark that is printed on each of its pages, if there is one."""

    document: AwardDocument
    mark: PrintedMark | None


class Page:
    """A worksheet and the current row. Text and numbers go into the current row; `down` finishes it."""

    def __init__(
        self, book: xlsxwriter.Workbook, styles: Styles, name: str, widths: Sequence[float], printed: Printed
    ) -> None:
        self.sheet: Worksheet = book.add_worksheet(name)
        self.styles, self.widths, self.document, self.mark = styles, tuple(widths), printed.document, printed.mark
        self.row, self._lines_needed = 0, 1
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width, styles["plain"])
        self._print_set_up()

    @property
    def last(self) -> int:
        """The index of the last column."""
        return len(self.widths) - 1

    def text(self, column: int, words: str, style: Format | str) -> None:
        """Write a text as a text, never as a formula, a number or a link."""
        cell_format = self.styles[style] if isinstance(style, str) else style
        self.sheet.write_string(self.row, column, printable(words), cell_format)

    def cell(self, column: int, words: str, style: str = "text") -> None:
        """Write a text into a table cell with borders. The row becomes high enough for it."""
        self.text(column, words, style)
        self._lines_needed = max(self._lines_needed, self.lines(words, self.widths[column] * 1.08 - 1))

    def ordinal(self, column: int, value: int) -> None:
        """Write a whole number that counts or ranks, centred in its cell."""
        self.sheet.write_number(self.row, column, value, self.styles.number(WHOLE, align="center"))

    def number(self, column: int, value: float, form: str, *, bold: bool = False) -> None:
        """Write a number; `form` is its Excel number format."""
        self.sheet.write_number(self.row, column, value, self.styles.number(form, bold=bold))

    def blank(self, column: int, style: str = "text") -> None:
        """Format an empty cell, so that it has its borders."""
        self.sheet.write_blank(self.row, column, None, self.styles[style])

    def across(self, first: int, last: int, words: str, style: str) -> None:
        """Write one text over the columns from `first` to `last`, merged."""
        if last > first:
            self.sheet.merge_range(self.row, first, self.row, last, "", self.styles[style])
        self.text(first, words, style)

    def down(self, height: float | None = None) -> None:
        """Finish the row and go to the next one. Its height is `height` in points, or what its cells need."""
        self.sheet.set_row(self.row, height if height is not None else min(HIGHEST, LINE * self._lines_needed + 5))
        self.row, self._lines_needed = self.row + 1, 1

    def line(self, words: str, style: str, *, size: float = 1.0) -> None:
        """Write one text over the whole width, in a row of its own that is high enough for it."""
        self.across(0, self.last, words, style)
        self.down(min(HIGHEST, LINE * size * self.lines(words, sum(self.widths))))

    def letterhead(self, title: str, section: str = "") -> None:
        """Write the bodies at the left, the place and day at the right; below the title, the contest and the section."""
        head, middle = self.document.letterhead, self._half()
        for number, body in enumerate(head.bodies or ("",)):  # the day is written even where there is no body
            last = number >= len(head.bodies) - 1
            self.across(0, middle, body.upper(), "issuer" if last else "body")
            if number == 0:
                self.across(middle + 1, self.last, place_and_day(head.place, self.document.drawn_at), "day")
            self.down(LINE * self.lines(body.upper(), sum(self.widths[: middle + 1]) / 1.25))
        self.across(0, middle, "—" * 12 if head.bodies else "", "rule")
        self.down(LINE)
        self.line(title.upper(), "title", size=1.3)
        for subject in filter(None, (head.contest, section)):
            self.line(subject, "subject", size=1.1)
        self._status()
        self.down(6)

    def _status(self) -> None:
        if self.document.confirmed_by is None:
            self.line(f"{DRAFT} – chưa được Ban Tổ chức xác nhận, lập lúc {clock(self.document.drawn_at)}", "draft")
        else:
            moment = clock(self.document.drawn_at)
            self.line(
                f"(Được Ban Tổ chức xác nhận lúc {moment}; người xác nhận: {self.document.confirmed_by})", "status"
            )

    def heads(self, names: Sequence[str], *, style: str = "head", height: float | None = None) -> None:
        """Write the table's header row, which is repeated at the top of every printed page."""
        for column, name in enumerate(names):
            self.text(column, name, style)
        self.sheet.repeat_rows(self.row)
        lines = max(self.lines(name, width / 1.1) for name, width in zip(names, self.widths, strict=True))
        self.down(height or LINE * lines + 4)

    def signatures(self, titles: Sequence[tuple[str, str]]) -> None:
        """Write the (title, name) pairs of who signs side by side, with space for the signatures."""
        if not titles:
            return
        self.down(10)
        spans = self._spans(len(titles))
        for (first, last), (title, _) in zip(spans, titles, strict=True):
            self.across(first, last, title.upper(), "signature")
        wide = sum(self.widths) / len(titles) / 1.35
        self.down(LINE * max(self.lines(title.upper(), wide) for title, _ in titles))
        for first, last in spans:
            self.across(first, last, "(Ký, ghi rõ họ tên)", "hand")
        self.down(LINE)
        self.down(LINE * 4)
        for (first, last), (_, name) in zip(spans, titles, strict=True):
            self.across(first, last, name, "signature")
        self.down(LINE)

    def printed_mark(self) -> None:
        """Write the paper's mark, if it has one, and beside it the QR code of its address, if that is known."""
        if self.mark is None:
            return
        self.down(10)
        words = f"Dấu xác thực {self.mark.text}"
        if not self.mark.address:
            self.line(words, "note")
            return
        column = next(at for at, width in enumerate(self.widths) if width >= QR_WIDTH)
        insert_qr(self.sheet, self.row, column, self.mark)
        self.across(column + 1, self.last, f"{words}\nKiểm tra tại {self.mark.address}", "note")
        self.down(QR_POINTS)

    def _spans(self, parts: int) -> list[tuple[int, int]]:
        """Divide the columns into so many adjacent groups of about the same width, as (first, last) pairs."""
        spans: list[tuple[int, int]] = []
        whole, reached, first = sum(self.widths), 0.0, 0
        for column, width in enumerate(self.widths):
            reached += width
            left = parts - len(spans)
            if left > 1 and (reached >= whole * (len(spans) + 1) / parts or self.last - column < left):
                spans.append((first, column))
                first = column + 1
        return [*spans, (first, self.last)]

    def _half(self) -> int:
        return self._spans(2)[0][1]

    def lines(self, words: str, width: float) -> int:
        """The number of lines that a text takes in a column of this width (one character is about one unit wide)."""
        return _wrapped(printable(words), max(1, int(width)))

    def _print_set_up(self) -> None:
        proof = self.document.proof
        self.sheet.set_paper(A4)
        self.sheet.set_landscape()
        self.sheet.set_margins(**MARGINS)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.center_horizontally()
        self.sheet.hide_gridlines(2)
        row = f"Sổ cái dòng {proof.ledger_seq}, mã {proof.ledger_head}"
        marks = f"Thể lệ chấm {proof.rule_card}\n{row if self.mark is None else f'Dấu xác thực {self.mark.text}'}"
        small = '&"Times New Roman,Regular"&8'
        self.sheet.set_footer(
            f"&L{small}{marks.replace('&', '&&')}&R{small}&9Trang &P/&N", {"margin": 8 / INCH, "scale_with_doc": False}
        )
        if self.document.draft:
            self.sheet.set_header(f'&R&"Times New Roman,Bold"&11{DRAFT}', {"margin": 8 / INCH, "scale_with_doc": False})


def insert_qr(sheet: Worksheet, row: int, column: int, mark: PrintedMark) -> None:
    """Put the QR code of the mark's address into this cell, QR_PIXELS wide; the row is at least QR_POINTS high."""
    picture = mark.png()
    scale = QR_PIXELS / int.from_bytes(picture[16:20])  # the width in a PNG's header
    options = {"image_data": io.BytesIO(picture), "x_scale": scale, "y_scale": scale, "description": mark.address}
    sheet.insert_image(row, column, "qr.png", options)


@lru_cache(maxsize=4096)  # a work's title is written once for each judge
def _wrapped(words: str, room: int) -> int:
    return sum(max(1, len(textwrap.wrap(line[:LONGEST], room))) for line in words.split("\n"))
