"""Files of scores, line by line: complete sheets beside what is wrong (DESIGN §4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.desk.lines import NoHeader, Problem, Row, cut
from core.rules.contest import Contest, Criterion
from core.rules.ids import CriterionKey, EntryId, JudgeId
from core.rules.marks import BadPoints, Sheet, missing, parse_points
from core.rules.words import Sentence

LONG = ("entry", "judge", "criterion", "points")


@dataclass(slots=True)
class _Pile:
    """The marks of one judge on one work: where they begin, and whether a bad one has been said already."""

    line: int
    said: bool = False
    marks: dict[CriterionKey, int] = field(default_factory=dict)


@dataclass(slots=True)
class Scores:
    """What a file of scores says: complete sheets, every work it names, every problem."""

    sheets: list[Sheet] = field(default_factory=list)
    entries: dict[EntryId, None] = field(default_factory=dict)  # in the order they are named
    problems: list[Problem] = field(default_factory=list)


def read_scores(text: str, name: str, contest: Contest) -> Scores:
    """The sheets of a long file (`entry,judge,criterion,points`) or of a wide one (a column for each criterion)."""
    opened, read = cut(text, name, LONG), Scores()
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
        """What is complete is a sheet; what is not says so at its first mark, and does not count.

        Where no mark could be read there is no sheet, and what is wrong has been said.
        """
        for (judge, entry), pile in self.piles.items():
            lacking = missing(contest, pile.marks)
            if lacking and not pile.marks and pile.said:
                continue
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
            pile.said = True
            return True
        if criterion.key in pile.marks:
            return False
        if not pile.marks:
            pile.line = row.line
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
