"""Splits the lines of a text into records of separated values (RFC 4180), and limits the effect of bad quotation marks.

A record is one line, or several if a quoted cell contains line breaks. A quoted cell may have spaces around its
quotation marks. An unquoted cell may contain quotation marks, as in `Màn hình 24" cong`, in pairs or as an inch sign,
but not at its beginning or end.

A record is broken if a quotation mark is at another place or is never closed. The rules for a broken record:

* It covers the line where its quotation mark opens. If that line has too few cells, it continues to the first of the
  next `NEAR` lines that has exactly the missing cells.
* After it, the table resumes at the first record that has the form of one (`resumes`): enough cells, and codes, points,
  times and file names in the right columns. If the missing cells were not found, a record without quotation marks must
  be followed by another such record. The lines between belong to the broken record.
* A cell that was closed too early, or whose first quotation mark is lost, leaves lines with too few cells and a
  quotation mark that ends a cell but opened none. The record just above may contain the beginning of that cell, so it
  is broken too.
"""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

SPAN = 1_000  # lines that one record may cover
NEAR = 20  # lines that are searched for the rest of a broken record
Resumes = Callable[[Sequence[str]], bool]  # True if these cells surely are a record of the table
_INCHES = re.compile(r'(?<=[0-9])"(?!\w)')


@dataclass(frozen=True, slots=True)
class Whole:
    """A good record's cells, and the index of the line after it."""

    cells: list[str]
    after: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken record: the indexes of the line with its quotation mark, of its first line, and of the line after it."""

    at: int
    first: int
    after: int


class Records:
    """The records in `lines`. Positions are indexes into `lines`.

    A record has `widest` cells; those after the first `width` may be missing.
    """

    def __init__(self, lines: Sequence[str], separator: str, width: int, widest: int) -> None:
        self.lines, self.separator, self.width, self.widest = lines, separator, width, widest
        ends = re.escape(separator)
        self._cell = re.compile(
            rf' *"([^"]*+(?:""[^"]*+)*+)" *(?=[{ends}\n]|\Z)'  # quoted
            rf'|((?! *")[^{ends}\n]*)'  # unquoted
        )
        self._open_cell = re.compile(r' *"[^"]*+(?:""[^"]*+)*+\Z')
        self._rest_of_cell = re.compile(rf'[^"]*+(?:""[^"]*+)*+(?:\Z|(") *(?:[{ends}]|\Z))')  # of a quoted cell

    def record(self, at: int) -> Whole | None:
        """The record that begins at this line, without regard to the lines after it; None if it is broken."""
        if '"' not in self.lines[at]:
            return Whole(self.lines[at].split(self.separator), at + 1)
        for size in (1, NEAR, SPAN):
            text = "\n".join(self.lines[at : at + size])
            cells, end, whole = self._cells(text)
            if whole:
                return Whole(cells, at + 1 + text.count("\n", 0, end))
            if not self._open_cell.match(text, end):
                break
        return None

    def _cells(self, text: str) -> tuple[list[str], int, bool]:
        """The cells at the start of a text, the index where they end, and whether the record ends there.

        False means that the next cell is bad.
        """
        cells, at = list[str](), 0
        while (found := self._cell.match(text, at)) and not _is_stray(found[2] or ""):
            cells.append(found[2] if found[1] is None else found[1].replace('""', '"'))
            at = found.end()
            if text[at : at + 1] != self.separator:
                return cells, at, True
            at += 1
        return cells, at, False

    def columns(self, first: int, after: int) -> list[Sequence[str]] | None:
        """The columns of these lines, split all at once; None unless every line surely is one good record."""
        if self._torn(after) is not None:
            return None
        lines = self.lines[first:after]
        mark = f"{self.separator}\n{self.separator}"
        text = mark.join(lines)
        if '"' in text:
            return self._quoted_columns(lines)
        cells, stride = text.split(self.separator), self.widest + 1
        ends = cells[self.widest :: stride]
        if len(cells) != stride * len(lines) - 1 or ends.count("\n") != len(ends):
            return None
        return [cells[at::stride] for at in range(self.widest)]

    def _quoted_columns(self, lines: Sequence[str]) -> list[Sequence[str]] | None:
        """As `columns`, for lines with quotation marks; None if a cell contains one, since all must be around cells."""
        try:
            rows = list(csv.reader(lines, delimiter=self.separator, skipinitialspace=True, strict=True))
        except csv.Error:
            return None
        if len(rows) != len(lines) or set(map(len, rows)) != {self.widest} or '"' in "".join(chain.from_iterable(rows)):
            return None
        return list(zip(*rows, strict=True))

    def found(self, at: int, resumes: Resumes) -> Whole | Broken:
        """The record that begins at this line, judged together with the lines after it."""
        found = self.record(at)
        tail = self._torn(found.after) if found and len(found.cells) >= self.width else None
        if found is not None and tail is None:
            return found
        mark, after, is_sure = self._completed(at if tail is None else tail)
        return Broken(mark, at, self._resumed(after, is_sure, resumes))

    def _torn(self, after: int) -> int | None:
        """The index of the line that ends a torn cell, if the lines from `after` on may be part of one; else None.

        Such lines have too few cells.
        """
        at, last = after, min(after + NEAR, len(self.lines))
        while at < last and self.lines[at].count(self.separator) + 1 < self.width:
            found, rest = self.record(at), self._rest_of_cell.match(self.lines[at])
            if found is None and (rest is None or rest[1]):
                return at if rest else None
            if found is not None and len(found.cells) >= self.width:
                return None
            at = found.after if found else at + 1
        return None

    def _completed(self, at: int) -> tuple[int, int, bool]:
        """Where a broken record ends by its number of cells: the line of its bad cell, the line after it, whether sure.

        It ends with the line of the bad cell if no cells are missing, else with the first line that has the missing
        cells.
        """
        text = "\n".join(self.lines[at : at + SPAN])
        cells, bad, _ = self._cells(text)
        mark = at + text.count("\n", 0, bad)
        rest = text[bad:].partition("\n")[0]
        if len(cells) + rest.count(self.separator) + 1 >= self.width or not rest.lstrip(" ").startswith('"'):
            return mark, mark + 1, True
        for end in range(mark + 1, min(mark + NEAR, len(self.lines))):
            last = self.record(end) or Whole(self.lines[end].split(self.separator), end + 1)
            if self.width <= len(cells) + len(last.cells) <= self.widest:
                return mark, last.after, True
        return mark, mark + 1, False

    def _resumed(self, after: int, is_sure: bool, resumes: Resumes) -> int:
        """The first line from `after` on where the table resumes or another broken record begins."""
        while after < len(self.lines):
            found = self.record(after)
            if found is None:
                return after
            if resumes(found.cells) and (is_sure or self._is_confirmed(after, found, resumes)):
                return after
            after = found.after
        return after

    def _is_confirmed(self, at: int, found: Whole, resumes: Resumes) -> bool:
        """True if the record's first line has a quotation mark, or another good record of the table follows it.

        Such a record cannot be a part of a quoted text.
        """
        if '"' in self.lines[at]:
            return True
        second = self.record(found.after) if found.after < len(self.lines) else None
        return second is not None and resumes(second.cells)


def _is_stray(cell: str) -> bool:
    """True if an unquoted cell ends with a quotation mark, or has an odd number of them besides inch signs."""
    if '"' not in cell:
        return False
    cell = cell.strip(" ")
    return cell.endswith('"') or _INCHES.sub("", cell).count('"') % 2 == 1
