"""Worksheet "Bảng trao giải": each prize and its work, the money in figures and words, withheld and undecided prizes."""

from itertools import count

import xlsxwriter

from core.papers.document import AwardRow, Section
from core.papers.layout.page import Page, Printed
from core.papers.layout.styles import MONEY, Styles, points
from core.rules.vietnamese import money_in_words

NAME = "Bảng trao giải"
HEADS = (
    "STT", "Giải", "Mã số", "Tên tác phẩm", "Tác giả, nhóm tác giả", "Đơn vị, địa phương", "Xếp thứ", "Điểm",
    "Tiền thưởng (đồng)", "Bằng chữ", "Căn cứ, ghi chú",
)  # fmt: skip
WIDTHS = (4, 10, 7, 21, 15, 15, 5, 7, 12, 10, 24)
MONEY_COLUMN = HEADS.index("Tiền thưởng (đồng)")


def draw(book: xlsxwriter.Workbook, styles: Styles, printed: Printed) -> None:
    """Draw the first worksheet, the award table that is signed."""
    page, document = Page(book, styles, NAME, WIDTHS, printed), printed.document
    page.letterhead("Bảng trao giải")
    page.heads(HEADS)
    numbers = count(1)
    for section in document.sections:
        if heading := document.heading(section):
            page.line(heading, "strong")
        for award in section.awards:
            _award(page, next(numbers), section, award)
    _total(page)
    _withheld(page)
    _undecided(page)
    page.signatures([(each.title, each.name) for each in document.letterhead.signatories])
    page.printed_mark()


def _award(page: Page, number: int, section: Section, award: AwardRow) -> None:
    page.ordinal(0, number)
    page.cell(1, award.prize_name, "strong")
    page.cell(2, award.code, "middle")
    for column, words in enumerate((award.title, award.author, award.unit), start=3):
        page.cell(column, words, "text")
    if award.place is None:
        page.blank(6)
    else:
        page.ordinal(6, award.place)
    if award.score is None:
        page.blank(7)
    else:
        page.number(7, award.score / 10**section.score_places, points(section.score_places))
    page.number(MONEY_COLUMN, award.amount, MONEY)
    page.cell(9, money_in_words(award.amount), "text")
    page.cell(10, remark(award), "text")
    page.down()


def remark(award: AwardRow) -> str:
    """Why the work takes the prize, and on a second line the certificate that comes with the money, if any."""
    return "\n".join(part for part in (award.why, f"Kèm {award.certificate}." if award.certificate else "") if part)


def _total(page: Page) -> None:
    page.across(0, MONEY_COLUMN - 1, f"Tổng cộng: {len(page.document.awards):02d} giải", "sum")
    page.number(MONEY_COLUMN, page.document.total, MONEY, bold=True)
    page.across(MONEY_COLUMN + 1, page.last, "", "sum")
    page.down(22)
    page.line(f"Bằng chữ: {money_in_words(page.document.total)}.", "words", size=1.2)


def _withheld(page: Page) -> None:
    for section in page.document.sections:
        if section.withheld:
            _headed(page, page.document.not_given, section)
            for prize in section.withheld:
                page.line(f"- {prize.prize_name} ({prize.quantity:02d} giải): {prize.why}", "note")


def _undecided(page: Page) -> None:
    for section in page.document.sections:
        if section.undecided:
            _headed(page, "Giải còn chờ Ban Tổ chức quyết định", section)
            for prize in section.undecided:
                among = ", ".join(prize.codes)
                page.line(f"- {prize.prize_name} ({prize.quantity:02d} giải): {among}. {prize.why}", "note")


def _headed(page: Page, words: str, section: Section) -> None:
    page.down(8)
    page.line(" – ".join(filter(None, (words, page.document.heading(section)))), "section")
