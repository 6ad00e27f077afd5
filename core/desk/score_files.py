"""Files of scores and of interactions, read line by line: what is good beside what is not (DESIGN §4).

A record is one physical line, so that a stray quote spoils its own line and no other; the header is line 1.
The separator is `;` where the header has one, else `,`. Names are NFC.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.rules.contest import Contest, Criterion
from core.rules.ids import CriterionKey, EntryId, JudgeId
from core.rules.interactions import Reading
from core.rules.marks import BadPoints, Sheet, missing, parse_points
from core.rules.toml_table import read_moment
from core.rules.vietnamese import nfc
from core.rules.words import Refusal, Sentence

LONG = ("entry", "judge", "criterion", "points")
COUNTS = ("reactions", "comments", "shares", "views")
_LINE_END = re.compile(r"\r\n|\n|\r")
_WHOLE = re.compile(r"[0-9]{1,15}")


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
class _File:
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
                problems.append(Problem(number, Sentence("Dấu ngoặc kép không khép lại trong dòng.")))
            elif len(fields) != len(self.columns):
                facts = {"fields": len(fields), "columns": len(self.columns)}
                problems.append(
                    Problem(
                        number,
                        Sentence(
                            "Dòng có {fields} trường, cần {columns}; số có dấu phẩy thì đặt trong ngoặc kép.", facts
                        ),
                    )
                )
            else:
                yield Row(number, dict(zip(self.columns, fields, strict=True)))


@dataclass(slots=True)
class _Pile:
    """The marks of one judge on one work, and where they begin."""

    line: int
    marks: dict[CriterionKey, int] = field(default_factory=dict)


@dataclass(slots=True)
class Scores:
    """What a file of scores says: complete sheets, every work it names, every problem."""

    sheets: list[Sheet] = field(default_factory=list)
    entries: dict[EntryId, None] = field(default_factory=dict)  # in the order they are named
    problems: list[Problem] = field(default_factory=list)


def _open(text: str, name: str, columns: Sequence[str]) -> _File:
    lines = _LINE_END.split(text.removeprefix("\ufeff"))
    separator = ";" if ";" in lines[0] else ","
    header = _fields(lines[0], separator)
    if header is None or not any(header) or len(set(header)) != len(header):
        raise NoHeader(name, columns)
    return _File(tuple(header), separator, lines)


def _fields(line: str, separator: str) -> list[str] | None:
    try:
        return [
            nfc(field).strip()
            for field in next(csv.reader([line], delimiter=separator, skipinitialspace=True, strict=True), [])
        ]
    except csv.Error:
        return None


def read_scores(text: str, name: str, contest: Contest) -> Scores:
    """The sheets of a long file (`entry,judge,criterion,points`) or of a wide one (a column for each criterion)."""
    opened, read = _open(text, name, LONG), Scores()
    criteria = {str(criterion.key): criterion for criterion in contest.criteria}
    named = set(opened.columns)
    is_long = named >= {"criterion", "points"}
    if not named >= {"entry", "judge"} or not (is_long or named & criteria.keys()):
        raise NoHeader(name, LONG)
    for column in opened.columns:
        if column not in (LONG if is_long else ("entry", "judge", *criteria)):
            read.problems.append(
                Problem(1, Sentence("Không có tiêu chí hoặc cột nào là “{column}”.", {"column": column}))
            )
    marks = _Marks(criteria, read)
    for row in opened.rows(read.problems):
        marks.take(row, is_long=is_long)
    marks.close(contest)
    read.problems.sort(key=lambda problem: problem.line)
    return read


class _Marks:
    """Marks piling up into sheets; the first of two stands."""

    def __init__(self, criteria: Mapping[str, Criterion], read: Scores) -> None:
        self.criteria, self.read = criteria, read
        self.piles: dict[tuple[JudgeId, EntryId], _Pile] = {}
        self.known: dict[tuple[str, str], int] = {}  # what has been parsed before

    def take(self, row: Row, *, is_long: bool) -> None:
        """One line: one mark of a long file, one sheet of a wide one."""
        entry, judge = EntryId(row.fields["entry"]), JudgeId(row.fields["judge"])
        if entry:
            self.read.entries.setdefault(entry)
        if not entry or not judge:
            self._note(row, Sentence("Thiếu mã tác phẩm hoặc tên giám khảo."))
            return
        if not is_long:
            self._take_sheet(row, judge, entry)
        elif criterion := self.criteria.get(row.fields["criterion"]):
            if not self._take_mark(row, self._pile(row, judge, entry), criterion, row.fields["points"]):
                self._second(row, judge, entry, [criterion.key])
        else:
            facts = {"criterion": row.fields["criterion"]}
            self._note(row, Sentence("Không có tiêu chí “{criterion}”.", facts))

    def close(self, contest: Contest) -> None:
        """What is complete is a sheet; what is not says so where it begins, and does not count."""
        for (judge, entry), pile in self.piles.items():
            lacking = missing(contest, pile.marks)
            if lacking:
                facts = {"judge": judge, "entry": entry, "criteria": ", ".join(lacking)}
                self.read.problems.append(
                    Problem(
                        pile.line,
                        Sentence("Phiếu của {judge} cho {entry} thiếu tiêu chí {criteria}: không được tính.", facts),
                    )
                )
            else:
                self.read.sheets.append(Sheet(judge, entry, pile.marks))

    def _take_sheet(self, row: Row, judge: JudgeId, entry: EntryId) -> None:
        pile = self._pile(row, judge, entry)
        written = [criterion for key, criterion in self.criteria.items() if row.fields.get(key)]
        again = [c.key for c in written if not self._take_mark(row, pile, c, row.fields[c.key])]
        if again:
            self._second(row, judge, entry, again)

    def _pile(self, row: Row, judge: JudgeId, entry: EntryId) -> _Pile:
        return self.piles.setdefault((judge, entry), _Pile(row.line))

    def _take_mark(self, row: Row, pile: _Pile, criterion: Criterion, points: str) -> bool:
        """False where this criterion has its mark already."""
        try:
            hundredths = self._parsed(points, criterion)
        except BadPoints as bad:
            self._note(row, bad.sentence)
            return True
        if criterion.key in pile.marks:
            return False
        pile.marks[criterion.key] = hundredths
        return True

    def _parsed(self, points: str, criterion: Criterion) -> int:
        known = self.known.get((points, criterion.key))
        if known is None:
            known = self.known[points, criterion.key] = parse_points(points, criterion)
        return known

    def _second(self, row: Row, judge: JudgeId, entry: EntryId, criteria: Sequence[str]) -> None:
        facts = {"judge": judge, "entry": entry, "criteria": ", ".join(criteria)}
        self._note(row, Sentence("{judge} đã có điểm {criteria} cho {entry} ở trên: lấy điểm ghi trước.", facts))

    def _note(self, row: Row, what: Sentence) -> None:
        self.read.problems.append(Problem(row.line, what))


def read_interactions(text: str, name: str) -> tuple[list[Reading], list[Problem]]:
    """The readings of a file `entry,taken_at,reactions,comments,shares[,views]`."""
    columns = ("entry", "taken_at", *COUNTS[:3])
    opened = _open(text, name, columns)
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
