"""Reads the value of a cell for its column, and says what is wrong with it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from core.desk.table_files.columns import Column, Kind
from core.desk.table_files.people_words import NO, YES
from core.desk.table_files.table import Cell, CellKind, shown
from core.desk.text_input.csv_header import Names
from core.desk.text_input.lost_letters import lost_letters, restored
from core.desk.text_input.strange_text import lost, lost_and_restored, odd, unseen
from core.rules.look_alikes import is_invisible
from core.rules.vietnamese import bare, identity
from core.rules.words import Sentence

Value = str | date | bool
EXACT_DIGITS = 15  # of a number; spreadsheet programs store zeros for the digits after them
FIRST_YEAR, LAST_YEAR = 1900, 2100
MAX_LISTED = 8  # choices in a message
_DATE = re.compile(r"(?:ngay )?(\d{1,2})(?:[/.-]| thang )(\d{1,2})(?:[/.-]| nam )(\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]00:00(?::00)?)?")
_PHONE_SIGNS = re.compile(r"[\s.()-]")
_PHONE = re.compile(r"0\d{9,10}")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a cell. A suggestion is a value that a person may agree to; it is never taken silently."""

    what: Sentence
    warning: bool = False
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The value of a cell, None if there is none, and what is wrong with it."""

    value: Value | None
    findings: tuple[Finding, ...] = ()

    @property
    def is_bad(self) -> bool:
        """True if the value cannot be used."""
        return not all(finding.warning for finding in self.findings)


def read_cell(cell: Cell | None, column: Column, title: str) -> Reading:
    """The value of a cell. `title` is the column's name as the file writes it; messages name it."""
    text = "" if cell is None else cell_text(cell)
    if cell is not None and cell.kind is CellKind.ERROR:
        return _bad(Sentence("Ô báo lỗi {error}; hãy sửa công thức hoặc ghi giá trị.", {"error": cell.text}))
    if cell is not None and cell.kind is CellKind.UNCOMPUTED:
        return _bad(Sentence("Công thức chưa được tính; hãy mở bằng Excel rồi lưu lại, hoặc dán giá trị."))
    if cell is None or _is_blank(text):
        return _bad(Sentence("Cột {column} trống.", {"column": title})) if column.required else Reading(None)
    if column.kind is Kind.TEXT:
        text = " ".join(text.split())
    if len(text) > column.max_length:
        facts: dict[str, object] = {"column": title, "length": len(text), "most": column.max_length}
        return _bad(Sentence("Cột {column} dài {length} ký tự, nhiều nhất {most}.", facts))
    return _READERS[column.kind](cell, text, column, title)


def _is_blank(text: str) -> bool:
    """True if nothing of the text is visible. `identity` decides; the first letter nearly always makes it needless."""
    is_letter = text[:1].isalnum() and not is_invisible(text[0])
    return not is_letter and not identity(text)


def cell_text(cell: Cell) -> str:
    """The contents of a cell as a person sees them: a date as day/month/year, a truth value as "có" or "không"."""
    match cell.kind:
        case CellKind.DATE:
            year, month, day = cell.text.split("-")
            return f"{day}/{month}/{year}"
        case CellKind.YES_NO:
            return "có" if cell.text == "1" else "không"
        case CellKind.TEXT | CellKind.NUMBER | CellKind.TIME | CellKind.ERROR | CellKind.UNCOMPUTED:
            return cell.text
        case _:
            assert_never(cell.kind)


def _bad(what: Sentence) -> Reading:
    return Reading(None, (Finding(what),))


def _text(cell: Cell, text: str, _column: Column, title: str) -> Reading:
    if characters := unseen(text):
        return Reading(None, (Finding(odd(title, text, characters)),))
    return Reading(text, (*_converted(cell, text), *_lost(text, title)))


def _verbatim(cell: Cell, text: str, _column: Column, _title: str) -> Reading:
    return Reading(text, _converted(cell, text))


def _lost(text: str, title: str) -> tuple[Finding, ...]:
    if not lost_letters(text):
        return ()
    instead = restored(text)
    if instead is None:
        return (Finding(lost(title, text), warning=True),)
    return (Finding(lost_and_restored(title, text, instead), warning=True, suggestion=instead),)


def _converted(cell: Cell, text: str) -> tuple[Finding, ...]:
    """A warning for a text that a spreadsheet program has changed to a date, or to a number with fewer digits."""
    if cell.kind in {CellKind.DATE, CellKind.TIME}:
        what = Sentence("Chương trình bảng tính đã đổi ô này thành ngày giờ: “{text}”.", {"text": text})
    elif cell.kind is CellKind.NUMBER and len(text.strip("-").partition(".")[0]) > EXACT_DIGITS:
        what = Sentence(
            "Số dài hơn {most} chữ số: chương trình bảng tính không giữ các chữ số sau.", {"most": EXACT_DIGITS}
        )
    else:
        return ()
    return (Finding(what, warning=True),)


def _date(cell: Cell, text: str, _column: Column, _title: str) -> Reading:
    day = _day(cell.text if cell.kind is CellKind.DATE else bare(text))
    if day is None:
        return _bad(
            Sentence("“{text}” không phải là ngày; hãy ghi ngày/tháng/năm, ví dụ 07/05/1990.", {"text": shown(text)})
        )
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return _bad(
            Sentence("Năm {year} nằm ngoài {first}–{last}.", {"year": day.year, "first": FIRST_YEAR, "last": LAST_YEAR})
        )
    return Reading(day)


def _day(text: str) -> date | None:
    if found := _DATE.fullmatch(text):
        numbers = (found[3], found[2], found[1])
    elif found := _ISO_DATE.fullmatch(text):
        numbers = (found[1], found[2], found[3])
    else:
        return None
    try:
        return date(*map(int, numbers))
    except ValueError:
        return None


def _phone(_cell: Cell, text: str, _column: Column, _title: str) -> Reading:
    digits = re.sub(r"^(\+|00)84", "0", _PHONE_SIGNS.sub("", identity(text)))
    if re.fullmatch(r"84\d{9}", digits):
        digits = "0" + digits.removeprefix("84")
    if re.fullmatch(r"[1-9]\d{8}", digits):
        what = Sentence(
            "Số điện thoại “{text}” thiếu số 0 ở đầu; đọc là {phone}.", {"text": text, "phone": f"0{digits}"}
        )
        return Reading(f"0{digits}", (Finding(what, warning=True),))
    if not _PHONE.fullmatch(digits):
        return _bad(Sentence("“{text}” không phải là số điện thoại 10 hoặc 11 chữ số.", {"text": shown(text)}))
    return Reading(digits)


def _choice(_cell: Cell, text: str, column: Column, _title: str) -> Reading:
    known = Names(column.choices)
    meant = known.of(text)
    if meant in known.names:
        return Reading(meant)
    near = [choice for choice in column.choices if bare(choice) == bare(text)]
    listed = ", ".join(column.choices[:MAX_LISTED]) + (", …" if len(column.choices) > MAX_LISTED else "")
    what = Sentence("“{text}” không có trong danh mục: {choices}.", {"text": shown(text), "choices": listed})
    return Reading(None, (Finding(what, suggestion=near[0] if len(near) == 1 else ""),))


def _yes_no(_cell: Cell, text: str, _column: Column, _title: str) -> Reading:
    answer = identity(text)
    if answer in YES or answer in NO:
        return Reading(answer in YES)
    return _bad(Sentence("“{text}” không phải là có hay không.", {"text": shown(text)}))


_READERS: dict[Kind, Callable[[Cell, str, Column, str], Reading]] = {
    Kind.TEXT: _text,
    Kind.VERBATIM: _verbatim,
    Kind.DATE: _date,
    Kind.PHONE: _phone,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
}
