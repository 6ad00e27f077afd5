"""Reads files of scores: complete sheets, and problems by line (docs/design.md, Recount from files).

A long file has one mark per line, a wide file one sheet per line. `core.desk.files.score_marks` makes sheets of marks.
"""

from dataclasses import dataclass

from core.desk.files.score_marks import LongMarks, WideMarks
from core.desk.text_input.csv_lines import NoHeader, Problem, open_table
from core.desk.text_input.spellings import JUDGE_TWICE, WORK_TWICE, Spellings
from core.rules.contest import Contest
from core.rules.ids import EntryId, JudgeId
from core.rules.look_alikes import visible
from core.rules.scoring.ranking import MarkRow
from core.rules.words import Sentence

LONG = ("entry", "judge", "criterion", "points")


@dataclass(slots=True)
class Scores:
    """A file of scores: every work and judge it names, the complete sheets of each work, and all problems."""

    works: Spellings
    judges: Spellings
    panels: dict[EntryId, dict[JudgeId, MarkRow]]
    problems: list[Problem]


def read_scores(text: str, name: str, contest: Contest) -> Scores:
    """The sheets of a long file (`entry,judge,criterion,points`) or a wide one (a column for each criterion).

    Raises NoHeader, ColumnTwice.
    """
    criteria = [str(criterion.key) for criterion in contest.criteria]
    opened = open_table(text, name, LONG, criteria)
    named = {column for column in opened.columns if column}
    is_long = named >= {"criterion", "points"}
    if not named >= {"entry", "judge"} or not (is_long or named & set(criteria)):
        raise NoHeader(name, LONG, opened.first_line)
    problems = list[Problem]()
    for column in opened.columns:
        if column and column not in (LONG if is_long else ("entry", "judge", *criteria)):
            what = Sentence("Không có tiêu chí hoặc cột nào là “{column}”.", {"column": visible(column)})
            problems.append(Problem(opened.header_line, what))
    works, judges = Spellings("entry", WORK_TWICE), Spellings("judge", JUDGE_TWICE)
    marks = (LongMarks if is_long else WideMarks)(contest.criteria, works, judges, problems)
    for row in opened.rows(problems, marks.fits, marks.block):
        marks.take(row)
    marks.close()
    for spellings in (works, judges, marks.spellings):
        problems += spellings.problems()
    problems.sort(key=lambda problem: problem.line)
    panels = {EntryId(work): marks.sheets.get(work, {}) for work in works.firsts.values()}
    return Scores(works, judges, panels, problems)
