"""Worksheet "Thể lệ chấm": the rule card in words, and the hashes against which the document can be checked."""

import xlsxwriter

from core.papers.layout.page import LINE, Page, Printed
from core.papers.layout.styles import Styles

NAME = "Thể lệ chấm"


def draw(book: xlsxwriter.Workbook, styles: Styles, printed: Printed) -> None:
    """Draw the last worksheet: the legal basis, the rule card sentence by sentence, and the proof."""
    page, document = Page(book, styles, NAME, (5, 70, 55), printed), printed.document
    page.letterhead(NAME)
    if document.letterhead.legal_basis:
        page.line("Căn cứ", "section")
        for basis in document.letterhead.legal_basis:
            page.line(f"- {basis}", "note")
        page.down(6)
    for number, rule in enumerate(document.rules, start=1):
        _rule(page, number, rule)
    page.down(10)
    page.line("Dấu xác thực", "section")
    page.line(f"Mã thể lệ chấm: {document.proof.rule_card}", "paragraph")
    page.line(f"Sổ cái: dòng {document.proof.ledger_seq}, mã {document.proof.ledger_head}", "paragraph")
    page.printed_mark()


def _rule(page: Page, number: int, rule: str) -> None:
    page.ordinal(0, number)
    page.across(1, page.last, rule, "text")
    page.down(LINE * page.lines(rule, sum(page.widths[1:])) + 6)
