"""Parses one typed count of a post: digits alone, or grouped in threes by points or spaces."""

import re

from core.rules.words import Refusal

MOST = 10**12
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]{0,2}(?:[ \u00a0\u202f][0-9]{3})+")
_SEPARATORS = re.compile(r"[. \u00a0\u202f]")


class BadCount(Refusal):
    """A count that is not a whole number, or is too large."""


def parse_count(text: str) -> int:
    """Parse a count: "1204", "1.204" and "1 204" are 1,204; never "1.23", "1,2k" or "-3". Raises BadCount.

    A comma is refused: it is a decimal comma in Vietnamese and a separator of thousands in English.
    """
    typed = text.strip()
    if not typed:
        raise BadCount("Còn ô chưa nhập; nếu không có lượt nào, hãy nhập 0.")
    digits = _SEPARATORS.sub("", typed) if _GROUPED.fullmatch(typed) else typed
    if not (digits.isascii() and digits.isdigit()):
        raise BadCount("“{typed}” không phải số nguyên không âm; hãy nhập như 1204 hoặc 1.204.", typed=typed[:40])
    if len(digits) > len(str(MOST)) or int(digits) > MOST:
        raise BadCount("“{typed}” quá lớn, không thể là số lượt tương tác.", typed=typed[:40])
    return int(digits)
