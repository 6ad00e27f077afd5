"""Worksheet "Phiếu chấm": one row for each sealed sheet, with its mark in each criterion."""

from collections.abc import Sequence
from itertools import count

import xlsxwriter

from core.papers.document import Section, SheetRow
from core.papers.layout.page import Page, Printed, parts, sheet_name
from core.papers.layout.styles import MOMENT, Styles, points
from core.papers.layout.wording import in_vietnam
from core.rules.words import Locale

NAME, TITLE = "Phiếu chấm", "Tổng hợp phiếu chấm điểm"
BEFORE = ("STT", "Mã số", "Tên tác phẩm", "Giám khảo")
AFTER = ("Tổng điểm", "Lần nộp", "Thời điểm nộp")


WIDTHS_BEFORE, CRITERION_WIDTH, WIDTHS_AFTER = (5, 7, 22, 16), 8, (9, 6, 20)


def draw(book: xlsxwriter.Workbook, styles: Styles, printed: Printed, heads: Sequence[tuple[str, ...]]) -> None:
    """Draw every sheet of each section; `heads` has, per section, its judges as this reader may see them, in their order.

    With many criteria a table is divided over several worksheets, so that each is readable on A4. The totals are on the
    last one.
    """
    sheets, document = count(1), printed.document
    for section, judges in zip(document.sections, heads, strict=True):
        tables = parts(len(section.criteria), CRITERION_WIDTH, sum(WIDTHS_BEFORE), sum(WIDTHS_AFTER))
        for number, criteria in enumerate(tables, start=1):
            last = number == len(tables)
            widths = (*WIDTHS_BEFORE, *(CRITERION_WIDTH for _ in criteria), *(WIDTHS_AFTER if last else ()))
            page = Page(book, styles, sheet_name(NAME, next(sheets)), widths, printed)
            title = TITLE if len(tables) == 1 else f"{TITLE} (phần {number}/{len(tables)})"
            page.letterhead(title, document.heading(section))
            _table(page, section, judges, criteria, last=last)
            page.printed_mark()


def _table(page: Page, section: Section, judges: tuple[str, ...], criteria: range, *, last: bool) -> None:
    headings = (f"{each.name} (tối đa {_maximum(each.maximum)})" for each in (section.criteria[at] for at in criteria))
    page.heads((*BEFORE, *headings, *(AFTER if last else ())))
    page.sheet.freeze_panes(page.row, len(BEFORE))
    for row, sealed in enumerate(section.sheets, start=1):
        _sheet(page, row, sealed, judges[sealed.judge], criteria)
        if last:
            _total(page, len(BEFORE) + len(criteria), section, sealed)
        page.down()


def _sheet(page: Page, number: int, sealed: SheetRow, judge: str, criteria: range) -> None:
    page.ordinal(0, number)
    page.cell(1, sealed.code, "middle")
    page.cell(2, sealed.title, "text")
    page.cell(3, judge, "text")
    for column, criterion in enumerate(criteria, start=len(BEFORE)):
        page.number(column, sealed.marks[criterion] / 100, points(2))


def _total(page: Page, first: int, section: Section, sealed: SheetRow) -> None:
    page.number(first, sealed.total / section.total_scale, points(section.total_places), bold=True)
    page.ordinal(first + 1, sealed.revision)
    if sealed.sealed_at is None:
        page.blank(first + 2)
    else:
        moment = in_vietnam(sealed.sealed_at).replace(tzinfo=None, microsecond=0)
        page.sheet.write_datetime(page.row, first + 2, moment, page.styles.number(MOMENT, align="center"))


def _maximum(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    return Locale().decimal(hundredths, 2) if rest else str(whole)
