"""What a paper may carry as text, and the official way to write a place and a day."""

import re
from datetime import UTC, date, datetime

from core.rules.words import VIETNAM

LONGEST = 32_000  # Excel holds 32,767 characters in a cell and drops a longer one without a word
# XML 1.0 §2.2 has no place for these; a line's end is written as one kind only.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# ASVS 1.2.10 names the ASCII ones; their full-width twins are read as the same signs by an East Asian Excel.
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n\0＝＋－＠]")


def printable(text: str) -> str:
    """The text as a paper can carry it: what no file can hold is shown as U+FFFD, a longer text than a cell is cut."""
    ended = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = _UNPRINTABLE.sub("\ufffd", ended)
    return clean if len(clean) <= LONGEST else clean[: LONGEST - 1] + "…"


def beyond_formula(text: str) -> str:
    """The text with a leading ' where a spreadsheet would take it for a formula (ASVS 1.2.10)."""
    return "'" + text if _FORMULA.match(text) else text


def day_in_words(day: date) -> str:
    """ngày 05 tháng 02 năm 2024: a leading 0 only for days under 10 and months 1 and 2 (Decree 30/2020, Annex I)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def place_and_day(place: str, millis: int) -> str:
    """Sơn La, ngày 05 tháng 02 năm 2024."""
    return (
        f"{place}, {day_in_words(in_vietnam(millis).date())}"
        if place
        else day_in_words(in_vietnam(millis).date()).capitalize()
    )


def clock(millis: int) -> str:
    """23:59:59 ngày 10/09/2024, in Vietnam's time."""
    at = in_vietnam(millis)
    return f"{at:%H:%M:%S} ngày {at:%d/%m/%Y}"


def in_vietnam(millis: int) -> datetime:
    """A moment of the database as Vietnam's clocks show it."""
    return datetime.fromtimestamp(millis / 1000, UTC).astimezone(VIETNAM)
