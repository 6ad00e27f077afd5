"""Phiếu chấm: every sealed sheet on one line, judge by work by criterion."""

import xlsxwriter

from core.papers.document import AwardTable, SheetRow
from core.papers.page import Page, parts
from core.papers.styles import MOMENT, Styles, points
from core.papers.wording import in_vietnam
from core.rules.words import Tongue

NAME, TITLE = "Phiếu chấm", "Tổng hợp phiếu chấm điểm"
BEFORE = ("STT", "Mã số", "Tên tác phẩm", "Giám khảo")
AFTER = ("Tổng điểm", "Lần nộp", "Thời điểm nộp")


WIDTHS_BEFORE, CRITERION_WIDTH, WIDTHS_AFTER = (5, 7, 22, 16), 8, (9, 6, 20)


def draw(book: xlsxwriter.Workbook, styles: Styles, document: AwardTable, judges: tuple[str, ...]) -> None:
    """The third sheet; `judges` are the judges' names as this reader may see them, in the document's order.

    Many criteria stand on several sheets, so that each can be read on A4: the totals stand on the last.
    """
    shown = parts(len(document.criteria), CRITERION_WIDTH, sum(WIDTHS_BEFORE), sum(WIDTHS_AFTER))
    for number, criteria in enumerate(shown, start=1):
        last = number == len(shown)
        widths = (*WIDTHS_BEFORE, *(CRITERION_WIDTH for _ in criteria), *(WIDTHS_AFTER if last else ()))
        page = Page(book, styles, NAME if number == 1 else f"{NAME} ({number})", widths, document)
        page.letterhead(TITLE if len(shown) == 1 else f"{TITLE} (phần {number}/{len(shown)})")
        asked = (
            f"{each.name} (tối đa {_maximum(each.maximum)})" for each in (document.criteria[at] for at in criteria)
        )
        page.heads((*BEFORE, *asked, *(AFTER if last else ())))
        page.sheet.freeze_panes(page.row, len(BEFORE))
        for row, sealed in enumerate(document.sheets, start=1):
            _sheet(page, row, sealed, judges[sealed.judge], criteria)
            if last:
                _total(page, len(BEFORE) + len(criteria), sealed)
            page.down()


def _sheet(page: Page, number: int, sealed: SheetRow, judge: str, criteria: range) -> None:
    page.ordinal(0, number)
    page.cell(1, sealed.code, "middle")
    page.cell(2, sealed.title, "text")
    page.cell(3, judge, "text")
    for column, criterion in enumerate(criteria, start=len(BEFORE)):
        page.number(column, sealed.marks[criterion] / 100, points(2))


def _total(page: Page, first: int, sealed: SheetRow) -> None:
    document = page.document
    page.number(first, sealed.total / document.total_scale, points(document.total_places), bold=True)
    page.ordinal(first + 1, sealed.revision)
    if sealed.sealed_at is None:
        page.blank(first + 2)
    else:
        moment = in_vietnam(sealed.sealed_at).replace(tzinfo=None, microsecond=0)
        page.sheet.write_datetime(page.row, first + 2, moment, page.styles.number(MOMENT, align="center"))


def _maximum(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    return Tongue().decimal(hundredths, 2) if rest else str(whole)
