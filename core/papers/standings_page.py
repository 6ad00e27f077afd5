"""Bảng tổng hợp điểm: every work, every judge's total, the official score and the place (the summary a jury signs)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import xlsxwriter

from core.papers.document import AwardDocument, Section, StandingRow
from core.papers.layout.page import Page, parts, sheet_name
from core.papers.layout.styles import Styles, points

NAME = "Bảng tổng hợp điểm"
BEFORE = ("STT", "Mã số", "Tên tác phẩm")
RECUSED = "không chấm"
COMPILER = ("Người tổng hợp", "")
SIGN_HERE = ("secretariat", "jury")  # the committee signs the award table, not the jury's sums
WIDTHS_BEFORE, JUDGE_WIDTH, WIDTHS_AFTER = (4, 7, 22), 8, (6, 8, 8, 6, 18)


def draw(book: xlsxwriter.Workbook, styles: Styles, document: AwardDocument, heads: Sequence[tuple[str, ...]]) -> None:
    """The summary of each section; `heads`: of each section the heads of its judges' columns, in their order.

    Many judges stand on several sheets, so that each can be read on A4: what they add up to stands on the last.
    """
    sheets = count(1)
    for section, judges in zip(document.sections, heads, strict=True):
        shown = parts(len(judges), JUDGE_WIDTH, sum(WIDTHS_BEFORE), sum(WIDTHS_AFTER))
        for number, columns in enumerate(shown, start=1):
            part = _Part(section, judges, columns, number, len(shown))
            _table(book, styles, document, part, sheet_name(NAME, next(sheets)))


@dataclass(frozen=True, slots=True)
class _Part:
    """One printed table: of which section, which judges' columns it has, and which of how many tables it is."""

    section: Section
    heads: tuple[str, ...]  # of every judge of the section
    judges: range
    number: int
    of: int

    @property
    def last(self) -> bool:
        return self.number == self.of


def _table(book: xlsxwriter.Workbook, styles: Styles, document: AwardDocument, part: _Part, name: str) -> None:
    section = part.section
    widths = (*WIDTHS_BEFORE, *(JUDGE_WIDTH for _ in part.judges), *(WIDTHS_AFTER if part.last else ()))
    page = Page(book, styles, name, widths, document)
    title = NAME if part.of == 1 else f"{NAME} (phần {part.number}/{part.of})"
    page.letterhead(title, document.heading(section))
    after = ("Số phiếu", section.score_name, "Chênh lệch lớn nhất", "Xếp thứ", "Ghi chú") if part.last else ()
    page.heads((*BEFORE, *(part.heads[at] for at in part.judges), *after))
    for number, standing in enumerate(section.standings, start=1):
        _standing(page, number, standing, part)
    if part.last:
        signing = [(each.title, each.name) for each in document.letterhead.signatories if each.body in SIGN_HERE]
        page.signatures([COMPILER, *signing])


def _standing(page: Page, number: int, standing: StandingRow, part: _Part) -> None:
    page.ordinal(0, number)
    page.cell(1, standing.code, "middle")
    page.cell(2, standing.title, "text")
    for column, judge in enumerate(part.judges, start=len(BEFORE)):
        total = standing.totals[judge]
        if total is not None:
            page.number(column, total / part.section.total_scale, points(part.section.total_places))
        elif judge in standing.recused:
            page.cell(column, RECUSED, "aside")
        else:
            page.blank(column)
    if part.last:
        _result(page, len(BEFORE) + len(part.judges), part.section, standing)
    page.down()


def _result(page: Page, first: int, section: Section, standing: StandingRow) -> None:
    page.ordinal(first, standing.sheets)
    _maybe(page, first + 1, standing.score, 10**section.score_places, points(section.score_places))
    _maybe(page, first + 2, standing.spread, section.total_scale, points(section.total_places))
    if standing.place is None:
        page.blank(first + 3)
    else:
        page.ordinal(first + 3, standing.place)
    page.cell(first + 4, standing.note, "text")


def _maybe(page: Page, column: int, units: int | None, scale: int, form: str) -> None:
    """A number, or an empty cell where there is none: absence is not zero."""
    if units is None:
        page.blank(column)
    else:
        page.number(column, units / scale, form)
