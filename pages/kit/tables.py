"""HTML tables: numbers right-aligned and in the reader's locale, all text escaped.

On a phone each row of a wide table becomes a card whose cells show their headings.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from core.rules.words import Localizable
from pages.kit.i18n import _, locale, localized

PAGE = 50  # rows on one screen
NARROW = 3  # up to this many columns fit a phone


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, whether it holds numbers, and whether its cells must stay on one line (`tight`)."""

    heading: str
    number: bool = False
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """A cell of two lines."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A state as a word; `look` only repeats it as a colour: done, doing, warn, bad or ""."""

    word: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """The cell that names a row: bold name, optional state chip beside it, small text of one or more lines below."""

    name: str
    small: str = ""
    chip: Chip | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A web address as text: no link, and broken anywhere so that it fits its column."""

    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A progress bar: `done` of `of`."""

    done: int
    of: int


Cell = str | int | Localizable | Named | Lines | Chip | Address | Bar | None


def table(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, caption: str, empty: str) -> None:
    """Draw a table. `caption` is its label for screen readers; `empty` is shown instead if there are no rows."""
    body = "".join(_row(columns, row) for row in rows)
    if not body:
        st.html(f'<p class="desk-empty">{escape(empty)}</p>')
        return
    head = "".join(
        f'<th role="columnheader" scope="col"{_class_attribute(column)}>{escape(column.heading)}</th>'
        for column in columns
    )
    wide = " cards" if len(columns) > NARROW else ""
    st.html(
        f'<div class="desk-table-wrap" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table role="table" class="desk-table{wide}" aria-label="{escape(caption)}">'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table></div>'
    )


def paged_table(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, caption: str, empty: str, key: str, page: int = PAGE
) -> None:
    """Draw a table of `page` rows per page, with the page selector below; `key` is the selector's widget key."""
    pages = -(-len(rows) // page)
    table_container = st.container()
    current = st.pagination(pages, key=key) if pages > 1 else 1
    first = (current - 1) * page
    with table_container:
        table(columns, rows[first : first + page], caption=caption, empty=empty)
        if pages > 1:
            facts = {"from": first + 1, "to": min(first + page, len(rows)), "all": len(rows)}
            numbers = {name: locale().count(number) for name, number in facts.items()}
            st.caption(_("Dòng {from} đến {to} trong {all}").format(**numbers))


def _row(columns: Sequence[Column], row: Sequence[Cell]) -> str:
    cells = (
        f'<td role="cell" data-name="{escape(column.heading)}"{_class_attribute(column)}>{_cell(cell)}</td>'
        for column, cell in zip(columns, row, strict=True)
    )
    return f'<tr role="row">{"".join(cells)}</tr>'


def _class_attribute(column: Column) -> str:
    return ' class="number"' if column.number else ' class="tight"' if column.tight else ""


def _cell(cell: Cell) -> str:
    match cell:
        case None | "":
            return "–"
        case Named(name, small, chip):
            beside = f" {_cell(chip)}" if chip else ""
            return f"<b>{escape(name)}</b>{beside}" + (f"<small>{escape(small)}</small>" if small else "")
        case Lines(first, second):
            return f"<span>{escape(first)}<br>{escape(second)}</span>"
        case Chip() | Address():
            return _span(cell)
        case Bar(done, of):
            share = f"{locale().count(done)}/{locale().count(of)}"
            return f'<span class="desk-bar">{share}<progress aria-hidden="true" max="{max(of, 1)}" value="{done}"></progress></span>'
    return locale().count(cell) if isinstance(cell, int) else escape(cell if isinstance(cell, str) else localized(cell))


def _span(cell: Chip | Address) -> str:
    if isinstance(cell, Address):
        return f'<span class="desk-address">{escape(cell.text)}</span>'
    return f'<span class="state-chip {cell.look}">{escape(cell.word)}</span>'
