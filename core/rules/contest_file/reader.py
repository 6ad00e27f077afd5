"""A contest file read strictly: a contest, or every problem with its key and line; and notices of what applies (docs/design.md, Contest file)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from core.rules.contest import Contest, PrizeBy
from core.rules.contest_file.consistency import check
from core.rules.contest_file.findings import Findings, Notice, Problem
from core.rules.contest_file.rows import ProjectedPrizes, read_criterion, read_prize
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
from core.rules.contest_file.toml_syntax import parsed
from core.rules.contest_file.toml_table import Table, cleaned
from core.rules.words import Refusal, Sentence

__all__ = ["BadContestFile", "Notice", "Problem", "Reviewed", "load", "read", "review", "said", "stored"]

Part = TypeVar("Part")

PARTS = ("contest", "phases", "entries", "criteria", "scoring", "ties", "prizes", "interactions", "judging")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A contest file as it was read. There is a contest only where there is no problem; both lists go by line."""

    contest: Contest | None
    problems: tuple[Problem, ...]
    notices: tuple[Notice, ...] = ()


class BadContestFile(Refusal):
    """The file does not state a contest. The sentence names the first problem; `sentences` are all of them, a line each."""

    def __init__(self, name: str, problems: tuple[Problem, ...], notices: Iterable[Notice] = ()) -> None:
        first, others = problems[0], len(problems) - 1
        self.problems = problems
        self._lines = (*(said(name, each) for each in problems), *(said(name, each) for each in notices))
        facts: dict[str, object] = {"file": name, "line": first.line, "what": first.what, "others": others}
        if first.line is None:
            super().__init__("{file}: {what}", **facts)
        elif others:
            super().__init__("{file}, dòng {line}: {what} (còn {others} lỗi khác)", **facts)
        else:
            super().__init__("{file}, dòng {line}: {what}", **facts)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every problem, then the notices it was made with: "FILE, dòng N: …"."""
        return self._lines


def said(name: str, found: Problem | Notice) -> Sentence:
    """One line about a file: "FILE, dòng N: …"; a notice says that it is one."""
    facts = {"file": name, "line": found.line, "what": found.what}
    if isinstance(found, Notice):
        if found.line is None:
            return Sentence("{file}: lưu ý: {what}", facts)
        return Sentence("{file}, dòng {line}: lưu ý: {what}", facts)
    return Sentence("{file}: {what}", facts) if found.line is None else Sentence("{file}, dòng {line}: {what}", facts)


def load(text: str, name: str) -> Contest:
    """The contest of a file's text. Raises `BadContestFile` with every problem and the doubtful notices."""
    reviewed = review(text, name)
    if reviewed.contest is None:
        raise BadContestFile(name, reviewed.problems, [each for each in reviewed.notices if each.doubtful])
    return reviewed.contest


def stored(text: str, name: str) -> Contest:
    """The contest of a text that was accepted when a contest was opened with it. Raises `BadContestFile`.

    Problems that are merely unsound do not refuse it: checks that were added since must not close a running contest.
    """
    contest, findings = _found(text, for_desk=False)
    if contest is None or not all(problem.unsound for problem in findings.problems):
        raise BadContestFile(name, _by_line(findings.problems))
    return contest


def read(text: str, name: str) -> tuple[Contest | None, tuple[Problem, ...]]:
    """The contest and no problem, or None and every problem of the file."""
    reviewed = review(text, name)
    return reviewed.contest, reviewed.problems


def review(text: str, name: str, *, for_desk: bool = False) -> Reviewed:  # noqa: ARG001  # named as it is opened
    """The contest with everything there is to say of its file. A desk, unlike a recount, cannot do without [phases]."""
    contest, findings = _found(text, for_desk=for_desk)
    problems, notices = _by_line(findings.problems), _by_line(findings.notices)
    return Reviewed(None if problems else contest, problems, notices)


Found = TypeVar("Found", Problem, Notice)


def _by_line(found: Iterable[Found]) -> tuple[Found, ...]:
    return tuple(sorted(found, key=lambda each: each.line or 0))


def _found(text: str, *, for_desk: bool) -> tuple[Contest | None, Findings]:
    """The contest, made with stand-ins where there are problems, and what was found."""
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
    """The values of the text; None where there is nothing to read on."""
    read_lines = parsed(text)
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
    )


def _written_keys(root: Table) -> set[str]:
    """The criteria the file names, whatever else may be wrong with them."""
    rows = root.raw.get("criteria")
    keys = (row.get("key") for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()
    return {cleaned(key) for key in keys if isinstance(key, str)}


def _rows(root: Table, key: str, read_row: Callable[[Table, ProjectedPrizes], Part]) -> tuple[Part, ...]:
    """The rows of an array of tables, no two with the same key or name."""
    taken = ProjectedPrizes()
    return tuple(read_row(row, taken) for row in root.tables(key))
