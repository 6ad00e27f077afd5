"""The award table as one workbook: what is signed, what it rests on, and the rule it was judged by."""

from dataclasses import replace
from io import BytesIO

import xlsxwriter

from core.papers import award_page, rules_page, sheets_page, standings_page
from core.papers.document import AwardDocument, JudgeColumn, Section
from core.papers.styles import FACE, Styles
from core.papers.wording import in_vietnam, printable
from core.rules.judge_numbers import numbered

# A text that looks like a formula, a number or a link stays a text, whichever way it is written.
_LITERAL = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}


def award_workbook(document: AwardDocument, *, names: bool, salt: str = "") -> bytes:
    """The workbook's bytes; the same document gives the same bytes. `names`: may its reader see who gave which mark?

    Where not, `salt` is the contest's secret: the judges' columns stand in the order of their numbers.
    """
    file = BytesIO()
    shown = document if names else nameless(document, salt)
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
    """The judges' column heads: their names, or GK1, GK2, …"""
    return tuple(each.name if names else f"GK{number}" for number, each in enumerate(section.judges, start=1))


def nameless(document: AwardDocument, salt: str) -> AwardDocument:
    """The document with the judges' names gone, and their columns in the order of their numbers."""
    return document.with_sections(lambda section: _nameless(section, salt))


def _nameless(section: Section, salt: str) -> Section:
    usernames = [judge.username for judge in section.judges]
    order = [usernames.index(username) for username in numbered(usernames, salt)]
    now_at = {was: now for now, was in enumerate(order)}
    standings = tuple(
        replace(
            row,
            totals=tuple(row.totals[was] for was in order),
            recused=tuple(sorted(now_at[was] for was in row.recused)),
        )
        for row in section.standings
    )
    works = {row.code: number for number, row in enumerate(section.standings)}
    moved = (replace(row, judge=now_at[row.judge], sealed_at=None) for row in section.sheets)
    return replace(
        section,
        judges=tuple(JudgeColumn("", "", "") for _ in order),
        standings=standings,
        sheets=tuple(sorted(moved, key=lambda row: (works.get(row.code, len(works)), row.judge))),
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
