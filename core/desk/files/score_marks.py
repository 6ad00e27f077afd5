"""Groups the marks in the lines of a file into sheets.

Ordinary lines are processed in blocks, column by column; any other line by itself. Both ways give the same sheets and
problems.
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

Pair = tuple[str, str]  # (judge, work)
Keys = tuple[Sequence[str], Sequence[str]]  # (works, judges) of the same lines


class Marks(ABC):
    """Groups marks into sheets. Of two marks for the same judge, work and criterion the first counts."""

    def __init__(
        self, criteria: Sequence[Criterion], works: Spellings, judges: Spellings, problems: list[Problem]
    ) -> None:
        self.criteria = {str(criterion.key): criterion for criterion in criteria}
        self.works, self.judges, self.problems = works, judges, problems
        self.names = Names(tuple(self.criteria))
        self.spellings = Spellings("criterion", CRITERION_TWICE, self.names.of)
        self.sheets: dict[str, dict[JudgeId, MarkRow]] = {}  # complete sheets of each work
        self.partial: dict[Pair, dict[str, int]] = {}  # sheets collected mark by mark
        self.lines: dict[Pair, int] = {}  # number of the first line of each of these
        self.unread: set[Pair] = set()  # sheets with a mark that cannot be read
        self.known: dict[str, dict[str, int]] = {key: {} for key in self.criteria}  # text of points -> hundredths

    @abstractmethod
    def fits(self, fields: Mapping[str, str]) -> bool:
        """True if these cells surely are a line of marks."""

    @abstractmethod
    def block(self, first: int, columns: Columns) -> int:
        """Take consecutive lines from number `first` on, all at once; returns how many, 0 if one is not ordinary."""

    @abstractmethod
    def _written(self, row: Row) -> list[tuple[Criterion, str]] | None:
        """The marks of a line as (criterion, text of points); None if its criterion is not known."""

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
        """Add marks (hundredths by criterion) to a sheet, except for criteria that it has already."""
        if pair[0] in self.sheets.get(pair[1], ()):
            self._note_repeated(line, pair, list(marks))
            return
        collected = self.partial.setdefault(pair, {})
        repeated = [key for key in marks if key in collected]
        self.lines.setdefault(pair, line)
        if marks and not collected:
            self.lines[pair] = line
        collected |= {key: hundredths for key, hundredths in marks.items() if key not in collected}
        self._note_repeated(line, pair, repeated)

    def close(self) -> None:
        """Store the sheets that are complete. An incomplete one does not count and gets a problem at its first mark.

        A sheet without any readable mark gets no further problem, because its marks have been reported already.
        """
        for (judge, work), marks in self.partial.items():
            lacking = [key for key in self.criteria if key not in marks]
            if not lacking:
                self.sheets.setdefault(work, {})[JudgeId(judge)] = tuple([marks[key] for key in self.criteria])
            elif marks or (judge, work) not in self.unread:
                facts = {"judge": visible(judge), "entry": visible(work), "criteria": ", ".join(lacking)}
                what = Sentence("Phiếu của {judge} cho {entry} thiếu tiêu chí {criteria}: không được tính.", facts)
                self._note(self.lines[judge, work], what)

    def _note_repeated(self, line: int, pair: Pair, criteria: Sequence[str]) -> None:
        if criteria:
            facts = {"judge": visible(pair[0]), "entry": visible(pair[1]), "criteria": ", ".join(criteria)}
            self._note(line, Sentence("{judge} đã có điểm {criteria} cho {entry} ở trên: lấy điểm ghi trước.", facts))

    def _take_sheets(self, lines: range, keys: Keys, rows: Iterable[MarkRow], layout: Sequence[Sequence[str]]) -> None:
        """Take complete sheets. Each begins at one of `lines`; `layout` gives the criteria in each of its lines."""
        before, panel = "", dict[JudgeId, MarkRow]()
        for line, work, judge, row in zip(lines, *keys, rows, strict=True):
            if work != before:
                before, panel = work, self.sheets.setdefault(work, {})
            if judge in panel or (judge, work) in self.partial:
                marks = dict(zip(self.criteria, row, strict=True))
                for at, criteria in enumerate(layout, line):
                    self.put(at, (judge, work), {key: marks[key] for key in criteria})
            else:
                panel[JudgeId(judge)] = row

    def _keys(self, lines: range, works: Sequence[str], judges: Sequence[str]) -> Keys | None:
        """The works and judges of these lines; None if one is missing."""
        keys = self.works.all(works, lines), self.judges.all(judges, lines)
        return None if "" in keys[0] or "" in keys[1] else keys

    def _rows(self, cells: Mapping[str, Sequence[str]]) -> list[MarkRow] | None:
        """Rows of marks from the cells of each criterion; None if a cell is not a mark."""
        columns = [self._column(key, cells.get(key, ("",))) for key in self.criteria]
        return None if None in columns else list(zip(*filter(None, columns), strict=True))

    def _column(self, key: str, cells: Sequence[str]) -> list[int] | None:
        """The marks of one criterion in hundredths; None if a cell is not a mark."""
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
    """One sheet per line: `entry,judge` and a column for each criterion."""

    def fits(self, fields: Mapping[str, str]) -> bool:
        """True for a work, a judge, and numbers or empty cells for the criteria, at least one number."""
        written = [fields[key] for key in self.criteria if fields.get(key)]
        return bool(fields["entry"] and fields["judge"] and written) and all(map(is_points, written))

    def _written(self, row: Row) -> list[tuple[Criterion, str]] | None:
        return [(criterion, row.fields[key]) for key, criterion in self.criteria.items() if row.fields.get(key)]

    def block(self, first: int, columns: Columns) -> int:
        """Take lines that are all complete sheets."""
        lines = range(first, first + len(columns["entry"]))
        rows = self._rows(columns)
        if rows is None or (keys := self._keys(lines, columns["entry"], columns["judge"])) is None:
            return 0
        self._take_sheets(lines, keys, rows, [list(self.criteria)])
        return len(lines)


class LongMarks(Marks):
    """One mark per line: `entry,judge,criterion,points`."""

    def __init__(
        self, criteria: Sequence[Criterion], works: Spellings, judges: Spellings, problems: list[Problem]
    ) -> None:
        super().__init__(criteria, works, judges, problems)
        self.marks: dict[tuple[str, str], tuple[str, int]] = {}  # (criterion, points) as written -> (key, hundredths)

    def fits(self, fields: Mapping[str, str]) -> bool:
        """True for a work, a judge, a known criterion and a number."""
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
        """Take whole sheets if each has one line for each criterion; else single marks, up to the last sheet."""
        return self._whole_sheets(first, columns) or self._single_marks(first, columns)

    def _whole_sheets(self, first: int, columns: Columns) -> int:
        """Take lines that repeat all criteria in one order, each time for one work and one judge; else 0."""
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
        """Take lines in any order, except those of the last sheet, because more of its lines may follow."""
        lines = range(first, first + len(columns["entry"]))
        written = list(zip(columns["criterion"], columns["points"], strict=True))
        new = {each: written.index(each) for each in dict.fromkeys(written) if each not in self.marks}
        if not all(map(self._learn, new)) or not (keys := self._keys(lines, columns["entry"], columns["judge"])):
            return 0
        for (spelled, _), at in new.items():
            self.spellings.key(spelled, first + at)
        count = _before_the_last(keys)
        marks = [self.marks[each] for each in written]
        for line, work, judge, (key, hundredths) in islice(zip(lines, *keys, marks, strict=True), count):
            collected = self.partial.get((judge, work))
            if collected and key not in collected:
                collected[key] = hundredths
            else:
                self.put(line, (judge, work), {key: hundredths})
        return count

    def _learn(self, written: tuple[str, str]) -> bool:
        """Store the meaning of a criterion and its points in `marks`; False if they cannot be read."""
        criterion = self.criteria.get(self.names.of(written[0].strip()))
        try:
            if criterion is not None:
                self.marks[written] = criterion.key, self._hundredths(written[1], criterion)
        except BadPoints:
            return False
        return criterion is not None


def _before_the_last(keys: Keys) -> int:
    """The number of lines before those of the last sheet; all lines if it is the only sheet."""
    works, judges = keys
    count = len(works)
    while count and (works[count - 1], judges[count - 1]) == (works[-1], judges[-1]):
        count -= 1
    return count or len(works)
