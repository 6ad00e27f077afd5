"""The list of finalists as a workbook: code, title, state, and where it was posted. Every cell is a text or a date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from core.papers.layout.page import QR_POINTS, insert_qr
from core.papers.layout.printed_mark import PrintedMark
from core.papers.layout.styles import FONT
from core.papers.layout.wording import printable
from core.rules.words import VIETNAM

HEADS = ("STT", "Mã chấm", "Tên tác phẩm", "Trạng thái", "Địa chỉ bài đăng", "Thời điểm đăng", "Ghi chú")
WIDTHS = (5, 12, 44, 18, 48, 18, 16)
SAME_TIME = datetime(1980, 1, 1)  # noqa: DTZ001  # a workbook has a time of its making: the same state gives the same bytes
_LITERAL = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}


@dataclass(frozen=True, slots=True)
class FinalsRow:
    """One finalist; `posted_at` is None where it is not posted."""

    code: str
    title: str
    state: str
    address: str
    posted_at: datetime | None
    competes: bool
    late: bool  # posted after the window of R17

    @property
    def note(self) -> str:
        """What somebody has to look at."""
        if self.posted_at is None:
            return "Chưa đăng" if self.competes else ""
        return "Đăng sau hạn" if self.late else ""


def finals_workbook(contest: str, rows: Sequence[FinalsRow], mark: PrintedMark | None = None) -> bytes:
    """The workbook's bytes. A text that looks like a formula or a link stays a text."""
    file = BytesIO()
    options = {**_LITERAL, "default_format_properties": {"font_name": FONT, "font_size": 12}}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": SAME_TIME})
        sheet = book.add_worksheet("Danh sách chung kết")
        head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@", "border": 1, "text_wrap": True, "valign": "top"})
        time = book.add_format({"num_format": "hh:mm dd/mm/yyyy", "border": 1, "align": "left", "valign": "top"})
        number = book.add_format({"border": 1, "valign": "top"})
        sheet.write_string(0, 0, printable(contest), book.add_format({"bold": True}))
        for at, (name, width) in enumerate(zip(HEADS, WIDTHS, strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(2, at, name, head)
        for line, row in enumerate(rows, start=3):
            sheet.write_number(line, 0, line - 2, number)
            for at, value in ((1, row.code), (2, row.title), (3, row.state), (4, row.address), (6, row.note)):
                sheet.write_string(line, at, printable(value), text)
            if row.posted_at is None:
                sheet.write_string(line, 5, "", text)
            else:
                sheet.write_datetime(
                    line, 5, row.posted_at.astimezone(VIETNAM).replace(tzinfo=None, microsecond=0), time
                )
        sheet.freeze_panes(3, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
        if mark is not None:
            _mark(sheet, len(rows) + 4, mark)
    return file.getvalue()


def _mark(sheet: Worksheet, row: int, mark: PrintedMark) -> None:
    """The mark in the footer of every page; below the table again, with its QR code where its address is known."""
    words = f"Dấu xác thực {mark.text}"
    sheet.set_footer(f"&L&9{words}&R&9Trang &P/&N")
    sheet.write_string(row, 2, words)
    if mark.address:
        sheet.write_string(row + 1, 2, f"Kiểm tra tại {mark.address}")
        sheet.set_row(row + 2, QR_POINTS)
        insert_qr(sheet, row + 2, 2, mark)
