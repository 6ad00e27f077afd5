"""Bảng tổng hợp điểm: every work, every judge's total, the official score and the place (the summary a jury signs)."""

import xlsxwriter

from core.papers.document import AwardTable, StandingRow
from core.papers.page import Page
from core.papers.styles import Styles, points

NAME = "Bảng tổng hợp điểm"
BEFORE = ("STT", "Mã số", "Tên tác phẩm")
RECUSED = "không chấm"
COMPILER = ("Người tổng hợp", "")
SIGN_HERE = ("secretariat", "jury")  # the committee signs the award table, not the jury's sums
JUDGE_WIDTH = 11


def draw(book: xlsxwriter.Workbook, styles: Styles, document: AwardTable, judges: tuple[str, ...]) -> None:
    """The second sheet; `judges` are the heads of the judges' columns, in the document's order."""
    widths = (5, 9, 30, *(JUDGE_WIDTH for _ in judges), 7, 10, 10, 7, 28)
    page = Page(book, styles, NAME, widths, document)
    page.letterhead(NAME)
    page.heads((*BEFORE, *judges, "Số phiếu", document.score_name, "Chênh lệch lớn nhất", "Xếp thứ", "Ghi chú"))
    for number, standing in enumerate(document.standings, start=1):
        _standing(page, number, standing)
    signing = [(each.title, each.name) for each in document.letterhead.signatories if each.body in SIGN_HERE]
    page.signatures([COMPILER, *signing])


def _standing(page: Page, number: int, standing: StandingRow) -> None:
    document = page.document
    page.ordinal(0, number)
    page.cell(1, standing.code, "middle")
    page.cell(2, standing.title, "text")
    for column, total in enumerate(standing.totals):
        if total is not None:
            page.number(len(BEFORE) + column, total / document.total_scale, points(2))
        elif column in standing.recused:
            page.cell(len(BEFORE) + column, RECUSED, "aside")
        else:
            page.blank(len(BEFORE) + column)
    after = len(BEFORE) + len(standing.totals)
    page.ordinal(after, standing.sheets)
    _maybe(page, after + 1, standing.score, 10**document.score_places, points(document.score_places))
    _maybe(page, after + 2, standing.spread, document.total_scale, points(2))
    if standing.place is None:
        page.blank(after + 3)
    else:
        page.ordinal(after + 3, standing.place)
    page.cell(after + 4, standing.note, "text")
    page.down()


def _maybe(page: Page, column: int, units: int | None, scale: int, form: str) -> None:
    """A number, or an empty cell where there is none: absence is not zero."""
    if units is None:
        page.blank(column)
    else:
        page.number(column, units / scale, form)
