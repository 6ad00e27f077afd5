"""Tables of submissions as a secretary fills them in."""

from collections.abc import Mapping
from datetime import date, datetime

from core.desk.submission_tables.submission_columns import IN_TEMPLATE, SHEET, columns
from core.desk.submission_tables.table_import import Chosen, Taken, take
from core.desk.submission_tables.table_preview import TablePreview, preview
from core.desk.table_files.cell_values import Value
from core.desk.table_files.template import write_template
from core.rules.contest import EntryRules
from core.rules.words import Locale
from core.store.engine import Store
from tests.desk.entries.entered import OFFICE, OPEN

ROW: dict[str, Value | None] = {
    "title": "Chợ phiên số", "form": "Tiểu phẩm", "category": "Nhân dân", "unit": "Xã Chiềng Xôm", "link": "Sinh sống",
    "name.1": "Lò Thị Thuỷ", "birth.1": date(1990, 3, 15), "phone.1": "0912345678", "signed": True,
}  # fmt: skip
SECOND: dict[str, Value | None] = {
    "name.1": "Cà Văn Pản",
    "birth.1": date(1985, 1, 2),
    "phone.1": "0987654321",
    "title": "Ví điện tử",
}


def table(*rows: Mapping[str, Value | None]) -> bytes:
    """A filled-in template; each row is ROW with what differs."""
    return write_template(columns(EntryRules(), (), IN_TEMPLATE), SHEET, Locale(), [{**ROW, **each} for each in rows])


def shown(store: Store, data: bytes, now: datetime = OPEN, name: str = "don.xlsx") -> TablePreview:
    return preview(store, OFFICE, data, name, now)


def taken(store: Store, data: bytes, *correct: int, now: datetime = OPEN, reason: str = "", late: str = "") -> Taken:
    """Preview and take at once."""
    chosen = Chosen(shown(store, data, now).seen, frozenset(correct), reason, late)
    return take(store, OFFICE, data, "don.xlsx", chosen, now)


def said(shown_table: TablePreview) -> list[tuple[int, str, list[str], list[str]]]:
    """Each row: its number, outcome, faults with their addresses, and notices."""
    return [
        (
            row.number,
            row.outcome.value,
            [f"{each.address}: {each.what.localize(Locale())}" for each in row.faults],
            [each.localize(Locale()) for each in row.notices],
        )
        for row in shown_table.rows
    ]
