"""Marks from the lines of a file put together to sheets.

Ordinary lines are taken by blocks, a column at a time; any other line by itself. Both give the same sheets and problems.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from core.desk.text_input.csv_header import Names
from core.desk.text_input.csv_lines import Columns, Problem, Row
from core.desk.text_input.spellings import CRITERION_TWICE, Spellings
from core.rules.contest import Criterion
from core.rules.ids import JudgeId
from core.rules.look_alikes import visible
from core.rules.scoring.marks import BadPoints, is_points, parse_points
from core.rules.scoring.ranking import MarkRow
from core.rules.words import Sentence

Pair = tuple[str, str]  # a judge and a work
Keys = tuple[Sequence[str], Sequence[str]]  # works and judges of the same lines


class Marks(ABC):
    """Marks put together to sheets; the first of two stands."""

    def __init__(
        self, criteria: Sequence[Criterion], works: Spellings, judges: Spellings, problems: list[Problem]
    ) -> None:
        self.criteria = {str(criterion.key): criterion for criterion in criteria}
        self.works, self.judges, self.problems = works, judges, problems
        self.names = Names(tuple(self.criteria))
        self.spellings = Spellings("criterion", CRITERION_TWICE, self.names.of)
        self.sheets: dict[str, dict[JudgeId, MarkRow]] = {}  # those of each work that came complete
        self.piles: dict[Pair, dict[str, int]] = {}  # those that came mark by mark
        self.lines: dict[Pair, int] = {}  # where each of these begins
        self.unread: set[Pair] = set()  # those with a mark that cannot be read
        self.known: dict[str, dict[str, int]] = {key: {} for key in self.criteria}  # hundredths of what is written

    @abstractmethod
    def fits(self, fields: Mapping[str, str]) -> bool:
        """True for the cells of a line of marks beyond doubt."""

    @abstractmethod
    def block(self, first: int, columns: Columns) -> int:
        """Take lines that follow one another from this number on, all at once; how many, or 0 if one is not ordinary."""

    @abstractmethod
    def _written(self, row: Row) -> list[tuple[Criterion, str]] | None:
        """The marks written in a line; None where it is not known of what."""

    def take(self, row: Row) -> None:
        """Take one line."""
        work = self.works.key(row.fields["entry"], row.line)
        judge = self.judges.key(row.fields["judge"], row.line)
        if not work or not judge:
            self._note(row.line, Sentence("Thiếu mã tác phẩm hoặc tên giám khảo."))
        elif (written := self._written(row)) is not None:
            marks = dict[str, int]()
            for criterion, points in written:
                try:
                    marks[criterion.key] = self._hundredths(points, criterion)
                except BadPoints as bad:
                    self._note(row.line, bad.sentence)
                    self.unread.add((judge, work))
            self.put(row.line, (judge, work), marks)

    def put(self, line: int, pair: Pair, marks: Mapping[str, int]) -> None:
        """Add marks to a sheet, except those that it has."""
        if pair[0] in self.sheets.get(pair[1], ()):
            self._second(line, pair, list(marks))
            return
        pile = self.piles.setdefault(pair, {})
        again = [key for key in marks if key in pile]
        self.lines.setdefault(pair, line)
        if marks and not pile:
            self.lines[pair] = line
        pile |= {key: hundredths for key, hundredths in marks.items() if key not in pile}
        self._second(line, pair, again)

    def close(self) -> None:
        """What is complete is a sheet; what is not says so at its first mark, and does not count.

        Where no mark could be read there is no sheet, and what is wrong has been said.
        """
        for (judge, work), marks in self.piles.items():
            lacking = [key for key in self.criteria if key not in marks]
            if not lacking:
                self.sheets.setdefault(work, {})[JudgeId(judge)] = tuple([marks[key] for key in self.criteria])
            elif marks or (judge, work) not in self.unread:
                facts = {"judge": visible(judge), "entry": visible(work), "criteria": ", ".join(lacking)}
                what = Sentence("Phiếu của {judge} cho {entry} thiếu tiêu chí {criteria}: không được tính.", facts)
                self._note(self.lines[judge, work], what)

    def _second(self, line: int, pair: Pair, criteria: Sequence[str]) -> None:
        if criteria:
            facts = {"judge": visible(pair[0]), "entry": visible(pair[1]), "criteria": ", ".join(criteria)}
            self._note(line, Sentence("{judge} đã có điểm {criteria} cho {entry} ở trên: lấy điểm ghi trước.", facts))

    def _take_sheets(self, lines: range, keys: Keys, rows: Iterable[MarkRow], layout: Sequence[Sequence[str]]) -> None:
        """Take complete sheets. Each begins at one of `lines`, and its lines hold the criteria of `layout`."""
        before, panel = "", dict[JudgeId, MarkRow]()
        for line, work, judge, row in zip(lines, *keys, rows, strict=True):
            if work != before:
                before, panel = work, self.sheets.setdefault(work, {})
            if judge in panel or (judge, work) in self.piles:
                marks = dict(zip(self.criteria, row, strict=True))
                for at, criteria in enumerate(layout, line):
                    self.put(at, (judge, work), {key: marks[key] for key in criteria})
            else:
                panel[JudgeId(judge)] = row

    def _keys(self, lines: range, works: Sequence[str], judges: Sequence[str]) -> Keys | None:
        """The works and judges of these lines; None where one is missing."""
        keys = self.works.all(works, lines), self.judges.all(judges, lines)
        return None if "" in keys[0] or "" in keys[1] else keys

    def _rows(self, cells: Mapping[str, Sequence[str]]) -> list[MarkRow] | None:
        """Rows of marks from the cells of each criterion; None where one is no mark."""
        columns = [self._column(key, cells.get(key, ("",))) for key in self.criteria]
        return None if None in columns else list(zip(*filter(None, columns), strict=True))

    def _column(self, key: str, cells: Sequence[str]) -> list[int] | None:
        """The hundredths of marks of one criterion; None where a cell is no mark."""
        known = self.known[key]
        try:
            return list(map(known.__getitem__, cells))
        except KeyError:
            pass
        try:
            for cell in set(cells) - known.keys():
                self._hundredths(cell, self.criteria[key])
        except BadPoints:
            return None
        return list(map(known.__getitem__, cells))

    def _hundredths(self, points: str, criterion: Criterion) -> int:
        known = self.known[criterion.key]
        if points not in known:
            known[points] = parse_points(points.strip(), criterion)
        return known[points]

    def _note(self, line: int, what: Sentence) -> None:
        self.problems.append(Problem(line, what))


class WideMarks(Marks):
    """One sheet a line: `entry,judge` and a column for each criterion."""

    def fits(self, fields: Mapping[str, str]) -> bool:
        """A work, a judge, and numbers or nothing for the criteria."""
        written = [fields[key] for key in self.criteria if fields.get(key)]
        return bool(fields["entry"] and fields["judge"] and written) and all(map(is_points, written))

    def _written(self, row: Row) -> list[tuple[Criterion, str]] | None:
        return [(criterion, row.fields[key]) for key, criterion in self.criteria.items() if row.fields.get(key)]

    def block(self, first: int, columns: Columns) -> int:
        """Lines of complete sheets."""
        lines = range(first, first + len(columns["entry"]))
        rows = self._rows(columns)
        if rows is None or (keys := self._keys(lines, columns["entry"], columns["judge"])) is None:
            return 0
        self._take_sheets(lines, keys, rows, [list(self.criteria)])
        return len(lines)


class LongMarks(Marks):
    """One mark a line: `entry,judge,criterion,points`."""

    def __init__(
        self, criteria: Sequence[Criterion], works: Spellings, judges: Spellings, problems: list[Problem]
    ) -> None:
        super().__init__(criteria, works, judges, problems)
        self.marks: dict[tuple[str, str], tuple[str, int]] = {}  # what a criterion and its points mean

    def fits(self, fields: Mapping[str, str]) -> bool:
        """A work, a judge, a known criterion and a number."""
        is_known = self.names.of(fields["criterion"]) in self.criteria
        return bool(fields["entry"] and fields["judge"]) and is_known and is_points(fields["points"])

    def _written(self, row: Row) -> list[tuple[Criterion, str]] | None:
        spelled = row.fields["criterion"]
        criterion = self.criteria.get(self.names.of(spelled))
        if criterion is None:
            self._note(row.line, Sentence("Không có tiêu chí “{criterion}”.", {"criterion": visible(spelled)}))
            return None
        self.spellings.key(spelled, row.line)
        return [(criterion, row.fields["points"])]

    def block(self, first: int, columns: Columns) -> int:
        """Whole sheets, where each takes as many lines as there are criteria; else single marks, up to the last sheet."""
        return self._whole_sheets(first, columns) or self._single_marks(first, columns)

    def _whole_sheets(self, first: int, columns: Columns) -> int:
        """Lines whose criteria come again and again in one order, each time with one work and one judge."""
        size = len(self.criteria)
        count = len(columns["entry"]) // size * size
        spelled = list(columns["criterion"][:size])
        order = [self.names.of(each.strip()) for each in spelled]
        if set(order) != self.criteria.keys() or list(columns["criterion"][:count]) != spelled * (count // size):
            return 0
        works, judges, points = (columns[name][:count] for name in ("entry", "judge", "points"))
        if any(works[at::size] != works[::size] or judges[at::size] != judges[::size] for at in range(1, size)):
            return 0
        lines = range(first, first + count, size)
        rows = self._rows({key: points[at::size] for at, key in enumerate(order)})
        if rows is None or (keys := self._keys(lines, works[::size], judges[::size])) is None:
            return 0
        for line, each in enumerate(spelled, first):
            self.spellings.key(each, line)
        self._take_sheets(lines, keys, rows, [[key] for key in order])
        return count

    def _single_marks(self, first: int, columns: Columns) -> int:
        """Lines in any order. Those of the last sheet are left, for more of them may follow."""
        lines = range(first, first + len(columns["entry"]))
        written = list(zip(columns["criterion"], columns["points"], strict=True))
        fresh = {each: written.index(each) for each in dict.fromkeys(written) if each not in self.marks}
        if not all(map(self._learn, fresh)) or not (keys := self._keys(lines, columns["entry"], columns["judge"])):
            return 0
        for (spelled, _), at in fresh.items():
            self.spellings.key(spelled, first + at)
        count = _before_the_last(keys)
        marks = [self.marks[each] for each in written]
        for line, work, judge, (key, hundredths) in islice(zip(lines, *keys, marks, strict=True), count):
            pile = self.piles.get((judge, work))
            if pile and key not in pile:
                pile[key] = hundredths
            else:
                self.put(line, (judge, work), {key: hundredths})
        return count

    def _learn(self, written: tuple[str, str]) -> bool:
        """Note what a criterion and its points mean; False where they mean nothing."""
        criterion = self.criteria.get(self.names.of(written[0].strip()))
        try:
            if criterion is not None:
                self.marks[written] = criterion.key, self._hundredths(written[1], criterion)
        except BadPoints:
            return False
        return criterion is not None


def _before_the_last(keys: Keys) -> int:
    """How many lines there are before those of the last sheet; all, if it is the only one."""
    works, judges = keys
    count = len(works)
    while count and (works[count - 1], judges[count - 1]) == (works[-1], judges[-1]):
        count -= 1
    return count or len(works)
