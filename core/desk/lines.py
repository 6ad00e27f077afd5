"""A file of comma-separated values cut into lines: what is good beside what is not (DESIGN §4).

A record is one physical line, so that a stray quote spoils its own line and no other; the header is line 1.
The separator is `;` where the header has one, else `,`. Names are NFC.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.rules.vietnamese import nfc
from core.rules.words import Refusal, Sentence

_LINE_END = re.compile(r"\r\n|\n|\r")


class NoHeader(Refusal):
    """The first line does not say what the columns are."""

    def __init__(self, name: str, columns: Sequence[str]) -> None:
        super().__init__("{name}: dòng 1 phải là tên cột {columns}.", name=name, columns=", ".join(columns))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one line."""

    line: int
    what: Sentence


@dataclass(frozen=True, slots=True)
class Row:
    """One line's fields by their columns."""

    line: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class File:
    """A file cut into lines, its columns known."""

    columns: tuple[str, ...]
    separator: str
    lines: Sequence[str]

    def rows(self, problems: list[Problem]) -> Iterator[Row]:
        """The lines that have a field for every column; blank lines say nothing."""
        for number, text in enumerate(self.lines[1:], 2):
            if not text.strip():
                continue
            fields = _fields(text, self.separator)
            if fields is None:
                problems.append(Problem(number, Sentence("Dấu ngoặc kép trong dòng đặt sai hoặc chưa khép lại.")))
            elif len(fields) != len(self.columns):
                problems.append(Problem(number, self._uneven(len(fields))))
            else:
                yield Row(number, dict(zip(self.columns, fields, strict=True)))

    def _uneven(self, fields: int) -> Sentence:
        facts = {"fields": fields, "columns": len(self.columns), "separator": self.separator}
        return Sentence(
            "Dòng có {fields} ô, cần {columns} ô; ô nào có dấu “{separator}” thì đặt trong ngoặc kép.", facts
        )


def cut(text: str, name: str, columns: Sequence[str]) -> File:
    """The file, its header read. Raises NoHeader naming the `columns` that are asked for."""
    lines = _LINE_END.split(text.removeprefix("\ufeff"))
    separator = ";" if ";" in lines[0] else ","
    header = _fields(lines[0], separator)
    if header is None or not any(header) or len(set(header)) != len(header):
        raise NoHeader(name, columns)
    return File(tuple(header), separator, lines)


def _fields(line: str, separator: str) -> list[str] | None:
    try:
        return [
            nfc(field).strip()
            for field in next(csv.reader([line], delimiter=separator, skipinitialspace=True, strict=True), [])
        ]
    except csv.Error:
        return None
