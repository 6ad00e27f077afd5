"""The award document as one XLSX workbook: the award table, the summary of scores, the sheets and the rule card."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO

import xlsxwriter

from core.papers import award_page, rules_page, sheets_page, standings_page
from core.papers.document import AwardDocument, JudgeColumn, Section, by_number
from core.papers.layout.page import Printed
from core.papers.layout.printed_mark import PrintedMark
from core.papers.layout.styles import FONT, Styles
from core.papers.layout.wording import in_vietnam, printable

# A text that looks like a formula, a number or a link stays a text, whichever xlsxwriter method writes it.
_LITERAL = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}

# Draws a worksheet. The last argument: for each section the headings of its judges' columns.
Draw = Callable[[xlsxwriter.Workbook, Styles, Printed, Sequence[tuple[str, ...]]], None]
SHEETS: tuple[Draw, ...] = (  # the worksheets in their order
    lambda book, styles, printed, _heads: award_page.draw(book, styles, printed),
    standings_page.draw,
    sheets_page.draw,
    lambda book, styles, printed, _heads: rules_page.draw(book, styles, printed),
)


def award_workbook(document: AwardDocument, *, names: bool, mark: PrintedMark | None = None) -> bytes:
    """The workbook's bytes. The same document with the same mark always gives the same bytes.

    `names`: the reader may see which judge gave which mark. Otherwise the judges' columns have numbers for headings and
    are sorted by them; the ledger names judges by the same numbers.
    """
    file = BytesIO()
    reader_document = document if names else nameless(document)
    judges = [heads(section, names=names) for section in reader_document.sections]
    with xlsxwriter.Workbook(
        file, {**_LITERAL, "default_format_properties": {"font_name": FONT, "font_size": 12}}
    ) as book:
        _describe(book, document)
        styles = Styles(book)
        for draw in SHEETS:
            draw(book, styles, Printed(reader_document, mark), judges)
    return file.getvalue()


def heads(section: Section, *, names: bool) -> tuple[str, ...]:
    """The headings of the judges' columns: their names, or their numbers such as "GK07"."""
    return tuple(each.name if names else each.number for each in section.judges)


def nameless(document: AwardDocument) -> AwardDocument:
    """A copy without the judges' names and the sheets' sealing times, with the judges' columns sorted by number."""
    return document.with_sections(_nameless)


def _nameless(section: Section) -> Section:
    ordered = by_number(section)
    return replace(
        ordered,
        judges=tuple(JudgeColumn("", "", judge.number) for judge in ordered.judges),
        sheets=tuple(replace(row, sealed_at=None) for row in ordered.sheets),
    )


def _describe(book: xlsxwriter.Workbook, document: AwardDocument) -> None:
    """Set the file's properties. The creation time is the document's, not the time of the download."""
    head = document.letterhead
    book.set_properties(
        {
            "title": printable(f"Bảng trao giải – {head.contest}")[:250],
            "author": printable(head.bodies[-1] if head.bodies else "")[:250],
            "comments": f"{document.proof.rule_card}; {document.proof.ledger_seq}; {document.proof.ledger_head}",
            "created": in_vietnam(document.drawn_at).replace(tzinfo=None, microsecond=0),
        }
    )
