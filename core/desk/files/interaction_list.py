"""Reads files of interaction counts: readings, and problems by line (docs/design.md, Recount from files)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.desk.text_input.csv_lines import NoHeader, Problem, open_table
from core.desk.text_input.spellings import WORK_TWICE, Spellings
from core.rules.contest_file.toml_table import read_moment
from core.rules.ids import EntryId
from core.rules.interaction_kinds import INTERACTION_KINDS
from core.rules.interactions import Reading
from core.rules.look_alikes import visible
from core.rules.vietnamese import identity
from core.rules.words import Sentence

REQUIRED = tuple(kind.key for kind in INTERACTION_KINDS.values() if kind.required)
OPTIONAL = tuple(kind for kind in INTERACTION_KINDS if kind not in REQUIRED)
_WHOLE = re.compile(r"[0-9]{1,15}")


@dataclass(slots=True)
class Interactions:
    """A file of interaction counts: the works it names, its readings in the order of lines, and its problems."""

    works: Spellings = field(default_factory=lambda: Spellings("entry", WORK_TWICE))
    readings: list[Reading] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_interactions(text: str, name: str) -> Interactions:
    """The readings of a file `entry,taken_at,reactions,comments,shares[,views]`. Raises NoHeader, ColumnTwice.

    Two readings of a work at the same time are both returned, with problems: `core.rules.interactions.counted` uses the
    later one.
    """
    columns, read = ("entry", "taken_at", *REQUIRED), Interactions()
    opened = open_table(text, name, columns, OPTIONAL)
    if not set(columns) <= set(opened.columns):
        raise NoHeader(name, columns, opened.first_line)
    for column in opened.columns:
        if column and column not in (*columns, *OPTIONAL):
            what = Sentence("Không có cột nào là “{column}”.", {"column": visible(column)})
            read.problems.append(Problem(opened.header_line, what))
    lines: dict[tuple[EntryId, datetime], int] = {}
    for row in opened.rows(read.problems, lambda fields: isinstance(_reading(fields), Reading)):
        reading = _reading(row.fields)
        if isinstance(reading, Sentence):
            read.problems.append(Problem(row.line, reading))
            continue
        reading = replace(reading, entry=EntryId(read.works.key(reading.entry, row.line)))
        before = lines.get((reading.entry, reading.taken_at))
        if before is not None:
            read.problems += _twice(reading, before, row.line)
        lines[reading.entry, reading.taken_at] = row.line
        read.readings.append(reading)
    read.problems += read.works.problems()
    read.problems.sort(key=lambda problem: problem.line)
    return read


def _twice(reading: Reading, before: int, line: int) -> Iterator[Problem]:
    """Problems at both lines of two readings of a work at the same time."""
    facts = {"entry": visible(reading.entry), "before": before, "line": line}
    what = Sentence(
        "{entry} có hai số liệu ở cùng thời điểm, dòng {before} và dòng {line}: lấy số liệu ghi sau.", facts
    )
    yield from (Problem(before, what), Problem(line, what))


def _reading(fields: Mapping[str, str]) -> Reading | Sentence:
    """A line's reading, or its problem."""
    if not identity(fields["entry"]):
        return Sentence("Thiếu mã tác phẩm.")
    taken_at = read_moment(fields["taken_at"])
    if taken_at is None or taken_at.tzinfo is None:
        facts: dict[str, object] = {"taken_at": visible(fields["taken_at"]), "example": "2024-09-10T23:59:59+07:00"}
        return Sentence("“{taken_at}” không phải là thời điểm có múi giờ, ví dụ {example}.", facts)
    counts = {kind: fields.get(kind, "0") for kind in INTERACTION_KINDS}
    for column, count in counts.items():
        if not _WHOLE.fullmatch(count):
            facts = {"column": column, "count": visible(count)}
            return Sentence("{column}: “{count}” không phải là số nguyên không âm.", facts)
    return Reading(EntryId(fields["entry"]), taken_at, **{kind: int(count) for kind, count in counts.items()})
