"""The papers' cell formats, after Decree 30/2020, Annex I: Times New Roman, thin black borders, one coloured text (draft)."""

from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

FONT = "Times New Roman"
VIETNAMESE = "[$-42A]"  # locale code: the spreadsheet uses the Vietnamese thousands and decimal separators
MONEY = VIETNAMESE + "#,##0"
WHOLE = VIETNAMESE + "0"
MOMENT = "hh:mm:ss dd/mm/yyyy"

_CELL = {"border": 1, "valign": "vcenter"}
_FORMATS: dict[str, dict[str, Any]] = {
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
    """The formats of one workbook. Each is created on first use and then reused."""

    book: xlsxwriter.Workbook
    _created: dict[tuple[str, str, str, bool], Format] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Format:
        """The format of this name."""
        return self._format(name)

    def number(self, num_format: str, *, align: str = "right", bold: bool = False) -> Format:
        """The format of a table cell with a number, with this Excel number format."""
        return self._format("number", num_format, align, bold)

    def _format(self, name: str, num_format: str = "", align: str = "", bold: bool = False) -> Format:
        key = (name, num_format, align, bold)
        if key not in self._created:
            properties: dict[str, Any] = {"font_name": FONT, "font_size": 12, **_FORMATS[name]}
            if num_format:
                properties |= {"num_format": num_format, "align": align, "bold": bold, "indent": int(align == "right")}
            self._created[key] = self.book.add_format(properties)
        return self._created[key]


def points(places: int) -> str:
    """The Excel number format with so many decimals: 88,50."""
    return WHOLE + ("." + "0" * places if places else "")
