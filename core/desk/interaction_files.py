"""Files of interaction counts, line by line: readings beside what is wrong (DESIGN §4)."""

import re
from datetime import datetime

from core.desk.lines import NoHeader, Problem, Row, cut
from core.rules.ids import EntryId
from core.rules.interactions import Reading
from core.rules.toml_table import read_moment
from core.rules.words import Sentence

COUNTS = ("reactions", "comments", "shares", "views")
_WHOLE = re.compile(r"[0-9]{1,15}")


def read_interactions(text: str, name: str) -> tuple[list[Reading], list[Problem]]:
    """The readings of a file `entry,taken_at,reactions,comments,shares[,views]`."""
    columns = ("entry", "taken_at", *COUNTS[:3])
    opened = cut(text, name, columns)
    if not set(columns) <= set(opened.columns):
        raise NoHeader(name, columns)
    readings: dict[tuple[EntryId, datetime], Reading] = {}
    problems = [
        Problem(1, Sentence("Không có cột nào là “{column}”.", {"column": column}))
        for column in opened.columns
        if column not in (*columns, "views")
    ]
    for row in opened.rows(problems):
        reading = _reading(row)
        if isinstance(reading, Sentence):
            problems.append(Problem(row.line, reading))
        elif (reading.entry, reading.taken_at) in readings:
            facts = {"entry": reading.entry}
            problems.append(
                Problem(row.line, Sentence("{entry} đã có số liệu ở cùng thời điểm: lấy số liệu ghi trước.", facts))
            )
        else:
            readings[reading.entry, reading.taken_at] = reading
    return list(readings.values()), sorted(problems, key=lambda problem: problem.line)


def _reading(row: Row) -> Reading | Sentence:
    """A line's reading, or what is wrong with it."""
    if not row.fields["entry"]:
        return Sentence("Thiếu mã tác phẩm.")
    taken_at = read_moment(row.fields["taken_at"])
    if taken_at is None or taken_at.tzinfo is None:
        facts: dict[str, object] = {"taken_at": row.fields["taken_at"], "example": "2024-09-10T23:59:59+07:00"}
        return Sentence("“{taken_at}” không phải là thời điểm có múi giờ, ví dụ {example}.", facts)
    counts = [row.fields.get(column, "0") for column in COUNTS]
    for column, count in zip(COUNTS, counts, strict=True):
        if not _WHOLE.fullmatch(count):
            return Sentence("{column}: “{count}” không phải là số nguyên không âm.", {"column": column, "count": count})
    return Reading(EntryId(row.fields["entry"]), taken_at, *map(int, counts))
