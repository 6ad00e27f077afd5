"""Hashes of ledger rows as people noted them: from a receipt, a paper, or the output of a command."""

import re
import unicodedata

from core.rules.words import Refusal
from core.store.verification.verify import Noted

LEAST_DIGITS = 16  # hex digits of a noted hash
MOST_ROW_DIGITS = 12  # of a row's number; more is no row, and too large for the database
# A row with its hash: a receipt or "187:7f3a…".
# The second: as papers and `verify` print it, in either language: "… 187, … 7f3a…".
_ROW = re.compile(r"\W*#\s*(?P<row>\d+)\W+(?P<hash>.*)|\W*(?P<row2>\d+)\s*[·•‧∙⋅:]\s*(?P<hash2>.*)", re.DOTALL)
_MARK = re.compile(r"(?:^|\W)(?P<row>\d+):(?P<hash>[0-9a-fA-F]{16,64})\b")  # as papers carry it, with words around it
_PRINTED = re.compile(r"(?P<row>\d+)(?: \w+)?, (?:\w+ ){1,3}(?P<hash>[0-9a-fA-F]{16,64})\b")


class TooLittleNoted(Refusal):
    """The noted text is not a hash, or too few digits of one: some row could match by chance."""

    def __init__(self, noted: str) -> None:
        super().__init__(
            "“{noted}” không phải là mã sổ cái; cần số dòng và mã như trên biên nhận (ví dụ #187 · 7f3a-91c2-08d4-5be1), "
            "hoặc ít nhất {least} chữ số đầu của mã, gồm 0–9 và a–f.",
            noted=noted[:80],
            least=LEAST_DIGITS,
        )


def noted_hash(text: str) -> Noted:
    """Parse a ledger hash in any printed form: `#187 · 7f3a-91c2-08d4-5be1`, or its digits in any grouping and case.

    Spaces, dashes, dots and invisible characters between the digits are ignored. Raises TooLittleNoted for fewer than
    LEAST_DIGITS digits, more than 64, other letters, or a row's number of more than MOST_ROW_DIGITS.
    """
    plain = unicodedata.normalize("NFKC", "".join(each for each in text if unicodedata.category(each) != "Cf"))
    number, rest = _row_and_hash(plain)
    digits = "".join(each for each in rest.lower() if not _is_separator(each))
    if not re.fullmatch(f"[0-9a-f]{{{LEAST_DIGITS},64}}", digits) or len(number or "") > MOST_ROW_DIGITS:
        raise TooLittleNoted(text)
    return Noted(None if number is None else int(number), digits)


def _row_and_hash(text: str) -> tuple[str | None, str]:
    """The number of the first row in the text, or None if it names none, and the text that should be its hash."""
    words = " ".join(text.split())
    if printed := _PRINTED.search(words) or _MARK.search(words):
        return printed["row"], printed["hash"]
    if found := _ROW.fullmatch(text):
        return found["row"] or found["row2"], found["hash"] or found["hash2"] or ""
    return None, text


def _is_separator(letter: str) -> bool:
    """True for a character that only separates the digits of a hash: a space, a dash, a dot, a quotation mark."""
    kind = unicodedata.category(letter)
    return letter != "#" and (kind in {"Zs", "Cc", "Pd", "Pc", "Po", "Ps", "Pe", "Pi", "Pf"} or letter in "−⋅∙")
