"""Text for papers: replacing what no file can hold, escaping formulas, and the official form of place and date."""

import re
from datetime import UTC, date, datetime

from core.rules.words import VIETNAM

LONGEST = 32_000  # Excel holds 32,767 characters in a cell and silently drops a longer text
# Characters that XML 1.0 §2.2 does not allow; CR is replaced by LF before.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# ASVS 1.2.10 lists the ASCII characters; an East Asian Excel reads their full-width forms as the same signs.
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n\0＝＋－＠]")


def printable(text: str) -> str:
    """The text with LF line ends and U+FFFD for characters that XML does not allow, cut to LONGEST characters."""
    ended = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = _UNPRINTABLE.sub("\ufffd", ended)
    return clean if len(clean) <= LONGEST else clean[: LONGEST - 1] + "…"


def escape_formula(text: str) -> str:
    """The text with a leading ' where a spreadsheet would read it as a formula (ASVS 1.2.10)."""
    return "'" + text if _FORMULA.match(text) else text


def day_in_words(day: date) -> str:
    """A date as "ngày 05 tháng 02 năm 2024": a leading 0 only for days under 10 and months 1 and 2.

    The rule is from Decree 30/2020, Annex I.
    """
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def place_and_day(place: str, millis: int) -> str:
    """Place and date as "Sơn La, ngày 05 tháng 02 năm 2024"; without a place "Ngày 05 tháng 02 năm 2024".

    `millis` is in UTC milliseconds.
    """
    return (
        f"{place}, {day_in_words(in_vietnam(millis).date())}"
        if place
        else day_in_words(in_vietnam(millis).date()).capitalize()
    )


def clock(millis: int) -> str:
    """A moment in UTC milliseconds as "23:59:59 ngày 10/09/2024", in Vietnam's time."""
    at = in_vietnam(millis)
    return f"{at:%H:%M:%S} ngày {at:%d/%m/%Y}"


def in_vietnam(millis: int) -> datetime:
    """A moment in UTC milliseconds as a datetime in Vietnam's time zone."""
    return datetime.fromtimestamp(millis / 1000, UTC).astimezone(VIETNAM)
