"""The faces a paper has: Times New Roman throughout, thin black rules, colour for one word alone (Decree 30/2020, Annex I)."""

from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

FACE = "Times New Roman"
VIETNAMESE = "[$-42A]"  # the reader's spreadsheet parts thousands and decimals as Vietnamese does
MONEY = VIETNAMESE + "#,##0"
WHOLE = VIETNAMESE + "0"
MOMENT = "hh:mm:ss dd/mm/yyyy"

_CELL = {"border": 1, "valign": "vcenter"}
_MADE: dict[str, dict[str, Any]] = {
    "plain": {},
    "body": {"align": "center", "font_size": 13, "text_wrap": True, "valign": "vcenter"},
    "issuer": {"align": "center", "font_size": 13, "bold": True, "text_wrap": True, "valign": "vcenter"},
    "rule": {"align": "center", "font_size": 8, "valign": "top"},
    "day": {"align": "center", "italic": True, "font_size": 13, "valign": "vcenter"},
    "title": {"align": "center", "bold": True, "font_size": 14, "valign": "vcenter"},
    "subject": {"align": "center", "bold": True, "font_size": 13, "text_wrap": True, "valign": "vcenter"},
    "status": {"align": "center", "italic": True, "valign": "vcenter"},
    "draft": {"align": "center", "bold": True, "font_color": "#B3202A", "valign": "vcenter"},
    "head": {**_CELL, "align": "center", "bold": True, "text_wrap": True},
    "text": {**_CELL, "text_wrap": True, "align": "left", "indent": 1},
    "strong": {**_CELL, "text_wrap": True, "align": "left", "indent": 1, "bold": True},
    "number": {**_CELL},
    "middle": {**_CELL, "align": "center"},
    "aside": {**_CELL, "align": "center", "italic": True, "text_wrap": True},
    "sum": {**_CELL, "bold": True},
    "words": {"bold": True, "italic": True, "valign": "vcenter", "text_wrap": True},
    "section": {"bold": True, "valign": "vcenter"},
    "note": {"italic": True, "text_wrap": True, "valign": "top"},
    "paragraph": {"text_wrap": True, "valign": "top"},
    "signature": {"align": "center", "bold": True, "font_size": 13, "text_wrap": True, "valign": "top"},
    "hand": {"align": "center", "italic": True, "valign": "top"},
}


@dataclass(slots=True)
class Styles:
    """A workbook's formats, each made once, when first asked for."""

    book: xlsxwriter.Workbook
    _made: dict[tuple[str, str, str, bool], Format] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Format:
        """The format of this name."""
        return self._format(name)

    def number(self, num_format: str, *, align: str = "right", bold: bool = False) -> Format:
        """A table's cell holding a number, shown in this form."""
        return self._format("number", num_format, align, bold)

    def _format(self, name: str, num_format: str = "", align: str = "", bold: bool = False) -> Format:
        asked = (name, num_format, align, bold)
        if asked not in self._made:
            look: dict[str, Any] = {"font_name": FACE, "font_size": 12, **_MADE[name]}
            if num_format:
                look |= {"num_format": num_format, "align": align, "bold": bold, "indent": int(align == "right")}
            self._made[asked] = self.book.add_format(look)
        return self._made[asked]


def points(places: int) -> str:
    """The form of a number with so many decimals: 88,50."""
    return WHOLE + ("." + "0" * places if places else "")
