"""Read a contest file strictly (docs/design.md, Contest file).

The result is a contest, or every problem with its key and line; in both cases with notices about defaults and doubts.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from core.rules.contest import Contest, PrizeBy
from core.rules.contest_file.consistency import check
from core.rules.contest_file.findings import Findings, Notice, Problem
from core.rules.contest_file.rows import UsedNames, read_criterion, read_prize
from core.rules.contest_file.screening_table import read_screening
from core.rules.contest_file.tables import (
    read_entries,
    read_interactions,
    read_judging,
    read_named,
    read_phases,
    read_scoring,
    read_ties,
)
from core.rules.contest_file.toml_lines import key_lines
from core.rules.contest_file.toml_syntax import parse_toml
from core.rules.contest_file.toml_table import Table, cleaned
from core.rules.words import Refusal, Sentence

__all__ = [
    "BadContestFile",
    "Notice",
    "Problem",
    "Reviewed",
    "finding_sentence",
    "load",
    "load_stored",
    "read",
    "review",
]

Part = TypeVar("Part")

PARTS = (
    "contest",
    "phases",
    "entries",
    "criteria",
    "scoring",
    "ties",
    "prizes",
    "interactions",
    "judging",
    "screening",
)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The result of reading a contest file. `contest` is None where there are problems; both lists are sorted by line."""

    contest: Contest | None
    problems: tuple[Problem, ...]
    notices: tuple[Notice, ...] = ()


class BadContestFile(Refusal):
    """The contest file has problems. The sentence names the first one; `sentences` has all, one line each."""

    def __init__(self, name: str, problems: tuple[Problem, ...], notices: Iterable[Notice] = ()) -> None:
        first, others = problems[0], len(problems) - 1
        self.problems = problems
        self._lines = (
            *(finding_sentence(name, each) for each in problems),
            *(finding_sentence(name, each) for each in notices),
        )
        facts: dict[str, object] = {"file": name, "line": first.line, "what": first.what, "others": others}
        if first.line is None:
            super().__init__("{file}: {what}", **facts)
        elif others:
            super().__init__("{file}, dòng {line}: {what} (còn {others} lỗi khác)", **facts)
        else:
            super().__init__("{file}, dòng {line}: {what}", **facts)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every problem, then the notices that were passed in, one line each: "FILE, dòng N: …"."""
        return self._lines


def finding_sentence(name: str, finding: Problem | Notice) -> Sentence:
    """A problem or a notice as one line: "FILE, dòng N: …"; a notice has "lưu ý:" before its text."""
    facts = {"file": name, "line": finding.line, "what": finding.what}
    if isinstance(finding, Notice):
        if finding.line is None:
            return Sentence("{file}: lưu ý: {what}", facts)
        return Sentence("{file}, dòng {line}: lưu ý: {what}", facts)
    return Sentence("{file}: {what}", facts) if finding.line is None else Sentence("{file}, dòng {line}: {what}", facts)


def load(text: str, name: str) -> Contest:
    """The contest in a file's text. Raises `BadContestFile` with every problem and the doubtful notices."""
    reviewed = review(text, name)
    if reviewed.contest is None:
        raise BadContestFile(name, reviewed.problems, [each for each in reviewed.notices if each.doubtful])
    return reviewed.contest


def load_stored(text: str, name: str) -> Contest:
    """The contest in the text of a contest that is already open. Raises `BadContestFile`.

    Problems that are only `unsound` are accepted: checks added in a later release must not close a running contest.
    """
    contest, findings = _review(text, for_desk=False)
    if contest is None or not all(problem.unsound for problem in findings.problems):
        raise BadContestFile(name, _by_line(findings.problems))
    return contest


def read(text: str, name: str) -> tuple[Contest | None, tuple[Problem, ...]]:
    """(contest, ()) where the file is good, else (None, every problem)."""
    reviewed = review(text, name)
    return reviewed.contest, reviewed.problems


def review(text: str, name: str, *, for_desk: bool = False) -> Reviewed:  # noqa: ARG001  # named as it is opened
    """Read a contest file; return the contest, every problem and every notice.

    `for_desk`: a missing [phases] is a problem. Otherwise, as for a recount, it is a notice.
    """
    contest, findings = _review(text, for_desk=for_desk)
    problems, notices = _by_line(findings.problems), _by_line(findings.notices)
    return Reviewed(None if problems else contest, problems, notices)


Found = TypeVar("Found", Problem, Notice)


def _by_line(findings: Iterable[Found]) -> tuple[Found, ...]:
    return tuple(sorted(findings, key=lambda each: each.line or 0))


def _review(text: str, *, for_desk: bool) -> tuple[Contest | None, Findings]:
    """The contest and the findings. Values with problems are replaced by stand-ins; None where no value can be read."""
    text = text.removeprefix("\ufeff")
    lines = key_lines(text)
    findings = Findings(lines)
    values = _values(text, findings)
    if values is None:
        return None, findings
    contest = _contest(Table(values, findings), findings, for_desk=for_desk)
    if contest.criteria:
        check(contest, findings)
    return contest, findings


def _values(text: str, findings: Findings) -> Mapping[str, object] | None:
    """The values of the TOML text, with its broken lines recorded as problems; None where no value can be read."""
    read_lines = parse_toml(text)
    values, broken = read_lines.values, read_lines.broken
    if not values and not broken:
        findings.problem("", Sentence("Tệp trống: chưa ghi gì về cuộc thi."))
        return None
    if values == {}:
        broken = broken[:1]  # no line of it is TOML
    findings.problems += [Problem(each.line, "", each.what) for each in broken]
    unread = {each.line for each in broken}
    findings.settled |= {key for key, line in findings.lines.items() if line in unread}
    return values or None


def _contest(root: Table, findings: Findings, *, for_desk: bool) -> Contest:
    root.only(*PARTS)
    named = read_named(root)
    criteria = _rows(root, "criteria", read_criterion)
    if not criteria and findings.good("criteria"):
        root.bad("criteria", Sentence("Thiếu khóa {key}: cuộc thi cần ít nhất một tiêu chí."))
    prizes = _rows(root, "prizes", read_prize)
    if not prizes and findings.good("prizes"):
        root.notice("prizes", Sentence("Không có [[prizes]]: cuộc thi không trao giải nào."))
    if not root.has("phases") and for_desk:
        root.need("phases")
    elif not root.has("phases"):
        root.notice(
            "phases", Sentence("Không có [phases]: không có hạn lấy số liệu tương tác, lần ghi cuối cùng được tính.")
        )
    return Contest(
        key=named.key,
        name=named.name,
        theme=named.theme,
        place=named.place,
        legal_basis=named.legal_basis,
        bodies=named.bodies,
        signatories=named.signatories,
        criteria=criteria,
        scoring=read_scoring(root),
        ties=read_ties(root.table("ties"), _written_keys(root)),
        prizes=prizes,
        interactions=read_interactions(
            root.table("interactions"), wanted=any(prize.by is PrizeBy.INTERACTION for prize in prizes)
        ),
        phases=read_phases(root.table("phases")) if root.has("phases") else None,
        entries=read_entries(root.table("entries")),
        judging=read_judging(root.table("judging")),
        screening=read_screening(root.table("screening")),
    )


def _written_keys(root: Table) -> set[str]:
    """The keys of the file's criteria, including criteria that have other problems."""
    rows = root.raw.get("criteria")
    keys = (row.get("key") for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()
    return {cleaned(key) for key in keys if isinstance(key, str)}


def _rows(root: Table, key: str, read_row: Callable[[Table, UsedNames], Part]) -> tuple[Part, ...]:
    """The rows of an array of tables. Two rows with the same key or name are recorded as a problem."""
    used = UsedNames()
    return tuple(read_row(row, used) for row in root.tables(key))
