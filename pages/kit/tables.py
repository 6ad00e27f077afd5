"""Tables a person reads: numbers to the right and in the reader's own decimals, everything typed by others escaped.

On a phone a row of a wide table becomes a card whose cells bear their headings.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from core.rules.words import Localizable
from pages.kit.speech import _, locale

PAGE = 50  # rows on one screen
NARROW = 3  # columns that fit a phone as they are


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, and whether it holds numbers, or what must stay on one line."""

    heading: str
    number: bool = False
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Two things of one kind, each on its line."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A state in a word; `look` only repeats it in colour: done, doing, warn, bad."""

    word: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """What a row is about: its name, strong, its state beside it, and what is said of it in small, in lines."""

    name: str
    small: str = ""
    chip: Chip | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """So many done of so many."""

    done: int
    of: int


Cell = str | int | Localizable | Named | Lines | Chip | Bar | None


def table(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, caption: str, empty: str) -> None:
    """Draw rows under headings; `caption` is for those who hear the page, `empty` says what will fill it."""
    body = "".join(_row(columns, row) for row in rows)
    if not body:
        st.html(f'<p class="desk-empty">{escape(empty)}</p>')
        return
    head = "".join(
        f'<th role="columnheader" scope="col"{_side(column)}>{escape(column.heading)}</th>' for column in columns
    )
    wide = " cards" if len(columns) > NARROW else ""
    st.html(
        f'<div class="desk-table-wrap" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table role="table" class="desk-table{wide}" aria-label="{escape(caption)}">'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table></div>'
    )


def paged(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, caption: str, empty: str, key: str, page: int = PAGE
) -> None:
    """Draw a long table a page at a time, the choice of the page below it."""
    pages = -(-len(rows) // page)
    place = st.container()
    at = st.pagination(pages, key=key) if pages > 1 else 1
    first = (at - 1) * page
    with place:
        table(columns, rows[first : first + page], caption=caption, empty=empty)
        if pages > 1:
            facts = {"from": first + 1, "to": min(first + page, len(rows)), "all": len(rows)}
            shown = {name: locale().count(number) for name, number in facts.items()}
            st.caption(_("Dòng {from} đến {to} trong {all}").format(**shown))


def _row(columns: Sequence[Column], row: Sequence[Cell]) -> str:
    cells = (
        f'<td role="cell" data-name="{escape(column.heading)}"{_side(column)}>{_cell(cell)}</td>'
        for column, cell in zip(columns, row, strict=True)
    )
    return f'<tr role="row">{"".join(cells)}</tr>'


def _side(column: Column) -> str:
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
        case Chip(word, look):
            return f'<span class="state-chip {look}">{escape(word)}</span>'
        case Bar(done, of):
            told = f"{locale().count(done)}/{locale().count(of)}"
            return f'<span class="desk-bar">{told}<progress aria-hidden="true" max="{max(of, 1)}" value="{done}"></progress></span>'
    return (
        locale().count(cell)
        if isinstance(cell, int)
        else escape(cell if isinstance(cell, str) else cell.localize(locale()))
    )
