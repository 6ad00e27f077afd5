"""Worksheet "Bảng tổng hợp điểm", which the jury signs: each work's totals by judge, its official score and its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import xlsxwriter

from core.papers.document import Section, StandingRow
from core.papers.layout.page import Page, Printed, parts, sheet_name
from core.papers.layout.styles import Styles, points
from core.rules.judging.sheet_state import SHEET_STATES, SheetState

NAME = "Bảng tổng hợp điểm"
BEFORE = ("STT", "Mã số", "Tên tác phẩm")
RECUSED = SHEET_STATES[SheetState.RECUSED].name.text.lower()
COMPILER = ("Người tổng hợp", "")
SIGNING_BODIES = ("secretariat", "jury")  # bodies that sign this table; the committee signs the award table instead
WIDTHS_BEFORE, JUDGE_WIDTH, WIDTHS_AFTER = (4, 7, 22), 8, (6, 8, 8, 6, 18)


def draw(book: xlsxwriter.Workbook, styles: Styles, printed: Printed, heads: Sequence[tuple[str, ...]]) -> None:
    """Draw the summary of each section; `heads` has, per section, the headings of its judges' columns in their order.

    With many judges a summary is divided over several worksheets, so that each is readable on A4. The results are on the
    last one.
    """
    sheets = count(1)
    for section, judges in zip(printed.document.sections, heads, strict=True):
        tables = parts(len(judges), JUDGE_WIDTH, sum(WIDTHS_BEFORE), sum(WIDTHS_AFTER))
        for number, columns in enumerate(tables, start=1):
            part = _Part(section, judges, columns, number, len(tables))
            _table(book, styles, printed, part, sheet_name(NAME, next(sheets)))


@dataclass(frozen=True, slots=True)
class _Part:
    """One printed table of a section, with some of its judges' columns."""

    section: Section
    heads: tuple[str, ...]  # of every judge of the section
    judges: range  # positions of the judges' columns in this table
    number: int  # of this table, from 1
    of: int  # how many tables the section has

    @property
    def last(self) -> bool:
        return self.number == self.of


def _table(book: xlsxwriter.Workbook, styles: Styles, printed: Printed, part: _Part, name: str) -> None:
    section, document = part.section, printed.document
    widths = (*WIDTHS_BEFORE, *(JUDGE_WIDTH for _ in part.judges), *(WIDTHS_AFTER if part.last else ()))
    page = Page(book, styles, name, widths, printed)
    title = NAME if part.of == 1 else f"{NAME} (phần {part.number}/{part.of})"
    page.letterhead(title, document.heading(section))
    after = ("Số phiếu", section.score_name, "Chênh lệch lớn nhất", "Xếp thứ", "Ghi chú") if part.last else ()
    page.heads((*BEFORE, *(part.heads[at] for at in part.judges), *after))
    for number, standing in enumerate(section.standings, start=1):
        _standing(page, number, standing, part)
    if part.last:
        signing = [(each.title, each.name) for each in document.letterhead.signatories if each.body in SIGNING_BODIES]
        page.signatures([COMPILER, *signing])
    page.printed_mark()


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
    _number_or_blank(page, first + 1, standing.score, 10**section.score_places, points(section.score_places))
    _number_or_blank(page, first + 2, standing.spread, section.total_scale, points(section.total_places))
    if standing.place is None:
        page.blank(first + 3)
    else:
        page.ordinal(first + 3, standing.place)
    page.cell(first + 4, standing.note, "text")


def _number_or_blank(page: Page, column: int, units: int | None, scale: int, form: str) -> None:
    """Write a number, or an empty cell where there is none: a missing number is not zero."""
    if units is None:
        page.blank(column)
    else:
        page.number(column, units / scale, form)
