"""Tables a person reads: numbers to the right and in the reader's own decimals, everything typed by others escaped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from core.rules.words import Said
from pages.kit.speech import tongue

Cell = str | int | Said | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, and whether it holds numbers."""

    heading: str
    number: bool = False


def table(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, caption: str, empty: str) -> None:
    """Draw rows under headings; `caption` is for those who hear the page, `empty` says what will fill it."""
    body = "".join(_row(columns, row) for row in rows)
    if not body:
        st.html(f'<p class="desk-empty">{escape(empty)}</p>')
        return
    head = "".join(f'<th scope="col"{_side(column)}>{escape(column.heading)}</th>' for column in columns)
    wrapped = f'<table class="desk-table" aria-label="{escape(caption)}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    st.html(f'<div class="desk-table-wrap" tabindex="0" role="region" aria-label="{escape(caption)}">{wrapped}</div>')


def _row(columns: Sequence[Column], row: Sequence[Cell]) -> str:
    cells = (f"<td{_side(column)}>{_cell(cell)}</td>" for column, cell in zip(columns, row, strict=True))
    return f"<tr>{''.join(cells)}</tr>"


def _side(column: Column) -> str:
    return ' class="number"' if column.number else ""


def _cell(cell: Cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, int):
        return tongue().count(cell)
    return escape(cell if isinstance(cell, str) else cell.said(tongue()))
