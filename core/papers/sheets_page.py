"""Phiếu chấm: every sealed sheet on one line, judge by work by criterion."""

import xlsxwriter

from core.papers.document import AwardTable, SheetRow
from core.papers.page import Page
from core.papers.styles import MOMENT, Styles, points
from core.papers.wording import in_vietnam
from core.rules.words import Tongue

NAME = "Phiếu chấm"
BEFORE = ("STT", "Mã số", "Tên tác phẩm", "Giám khảo")
AFTER = ("Tổng điểm", "Lần nộp", "Thời điểm nộp")


def draw(book: xlsxwriter.Workbook, styles: Styles, document: AwardTable, judges: tuple[str, ...]) -> None:
    """The third sheet; `judges` are the judges' names as this reader may see them, in the document's order."""
    widths = (5, 9, 36, 24, *(14 for _ in document.criteria), 11, 8, 20)
    page = Page(book, styles, NAME, widths, document)
    page.letterhead("Tổng hợp phiếu chấm điểm")
    asked = (f"{each.name} (tối đa {_maximum(each.maximum)})" for each in document.criteria)
    page.heads((*BEFORE, *asked, *AFTER))
    page.sheet.freeze_panes(page.row, len(BEFORE))
    for number, sealed in enumerate(document.sheets, start=1):
        _sheet(page, number, sealed, judges[sealed.judge])


def _sheet(page: Page, number: int, sealed: SheetRow, judge: str) -> None:
    page.ordinal(0, number)
    page.cell(1, sealed.code, "middle")
    page.cell(2, sealed.title, "text")
    page.cell(3, judge, "text")
    for column, mark in enumerate(sealed.marks, start=len(BEFORE)):
        page.number(column, mark / 100, points(2))
    after = len(BEFORE) + len(sealed.marks)
    page.number(after, sealed.total / page.document.total_scale, points(2), bold=True)
    page.ordinal(after + 1, sealed.revision)
    if sealed.sealed_at is None:
        page.blank(after + 2)
    else:
        moment = in_vietnam(sealed.sealed_at).replace(tzinfo=None, microsecond=0)
        page.sheet.write_datetime(page.row, after + 2, moment, page.styles.number(MOMENT, align="center"))
    page.down()


def _maximum(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    return Tongue().decimal(hundredths, 2) if rest else str(whole)
