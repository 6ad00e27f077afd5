"""The award table as one workbook: what is signed, what it rests on, and the rule it was judged by."""

from dataclasses import replace
from io import BytesIO

import xlsxwriter

from core.papers import award_page, rules_page, sheets_page, standings_page
from core.papers.document import AwardDocument, JudgeColumn, Section, by_number
from core.papers.layout.styles import FACE, Styles
from core.papers.layout.wording import in_vietnam, printable

# A text that looks like a formula, a number or a link stays a text, whichever way it is written.
_LITERAL = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}


def award_workbook(document: AwardDocument, *, names: bool) -> bytes:
    """The workbook's bytes; the same document gives the same bytes. `names`: may its reader see who gave which mark?

    Where not, the judges' columns stand in the order of their numbers, which the ledger names them by too.
    """
    file = BytesIO()
    shown = document if names else nameless(document)
    judges = [heads(section, names=names) for section in shown.sections]
    with xlsxwriter.Workbook(
        file, {**_LITERAL, "default_format_properties": {"font_name": FACE, "font_size": 12}}
    ) as book:
        _describe(book, document)
        styles = Styles(book)
        award_page.draw(book, styles, shown)
        standings_page.draw(book, styles, shown, judges)
        sheets_page.draw(book, styles, shown, judges)
        rules_page.draw(book, styles, shown)
    return file.getvalue()


def heads(section: Section, *, names: bool) -> tuple[str, ...]:
    """The judges' column heads: their names, or their numbers: GK07."""
    return tuple(each.name if names else each.number for each in section.judges)


def nameless(document: AwardDocument) -> AwardDocument:
    """The document with the judges' names gone, and their columns in the order of their numbers."""
    return document.with_sections(_nameless)


def _nameless(section: Section) -> Section:
    ordered = by_number(section)
    return replace(
        ordered,
        judges=tuple(JudgeColumn("", "", judge.number) for judge in ordered.judges),
        sheets=tuple(replace(row, sealed_at=None) for row in ordered.sheets),
    )


def _describe(book: xlsxwriter.Workbook, document: AwardDocument) -> None:
    """What the file says about itself: its moment is the document's, not the hour it was downloaded."""
    head = document.letterhead
    book.set_properties(
        {
            "title": printable(f"Bảng trao giải – {head.contest}")[:250],
            "author": printable(head.bodies[-1] if head.bodies else "")[:250],
            "comments": f"{document.proof.rule_card}; {document.proof.ledger_seq}; {document.proof.ledger_head}",
            "created": in_vietnam(document.drawn_at).replace(tzinfo=None, microsecond=0),
        }
    )
