"""A contest file read strictly: a contest and no problems, or every problem with its key and line (DESIGN §4)."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from core.rules.contest import Contest
from core.rules.contest_rows import read_criterion, read_prize
from core.rules.contest_tables import (
    read_entries,
    read_interactions,
    read_judging,
    read_named,
    read_phases,
    read_scoring,
    read_ties,
)
from core.rules.toml_lines import key_lines, line_of
from core.rules.toml_table import BadKey, Table, cleaned
from core.rules.words import Refusal, Sentence

Part = TypeVar("Part")

PARTS = ("contest", "phases", "entries", "criteria", "scoring", "ties", "prizes", "interactions", "judging")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file."""

    line: int | None
    key: str
    what: Sentence


class BadContestFile(Refusal):
    """The file does not state a contest; the first problem is named, the others are counted."""

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        first, others = problems[0], len(problems) - 1
        self.problems = problems
        facts: dict[str, object] = {"file": name, "line": first.line, "what": first.what, "others": others}
        if first.line is None:
            super().__init__("{file}: {what}", **facts)
        elif others:
            super().__init__("{file}, dòng {line}: {what} (còn {others} lỗi khác)", **facts)
        else:
            super().__init__("{file}, dòng {line}: {what}", **facts)


@dataclass(slots=True)
class _Findings:
    """What is wrong so far."""

    lines: dict[str, int]
    problems: list[Problem] = field(default_factory=list)

    def attempt(self, read: Callable[[], Part]) -> Part | None:
        """What was read, or None and one more problem."""
        try:
            return read()
        except BadKey as bad:
            self.problems.append(Problem(line_of(bad.key, self.lines), bad.key, bad.what))
            return None


def load(text: str, name: str) -> Contest:
    """The contest of a file's text, or `BadContestFile`."""
    contest, problems = read(text, name)
    if contest is None:
        raise BadContestFile(name, problems)
    return contest


def read(text: str, name: str) -> tuple[Contest | None, tuple[Problem, ...]]:  # noqa: ARG001  # named as it is opened
    """The contest, or None and every problem, one for each table at most."""
    text = text.removeprefix("\ufeff")
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return None, (_syntax(error, last_line=1 + text.count("\n")),)
    root = Table(raw)
    found = _Findings(key_lines(text))
    found.attempt(lambda: root.only(*PARTS))
    contest = _contest(root, found)
    problems = tuple(sorted(found.problems, key=lambda problem: problem.line or 0))
    return (None, problems) if problems else (contest, ())


def _syntax(error: Exception, last_line: int) -> Problem:
    reason, _, place = str(error).partition(" (at line ")
    line = int(place.split(",")[0]) if place else last_line
    if reason.startswith(("Cannot overwrite", "Cannot declare")):
        return Problem(line, "", Sentence("Một khóa hoặc một bảng được viết hai lần."))
    return Problem(line, "", Sentence("Tệp không đúng cú pháp TOML."))


def _contest(root: Table, found: _Findings) -> Contest | None:
    named = found.attempt(lambda: read_named(root))
    criteria = _rows(root, "criteria", read_criterion, found)
    if not criteria and not found.problems:
        found.attempt(lambda: _refuse_no_criteria(root))
    scoring = found.attempt(lambda: read_scoring(root))
    ties = found.attempt(lambda: read_ties(root.table("ties"), _written_keys(root)))
    prizes = _rows(root, "prizes", read_prize, found)
    interactions = found.attempt(lambda: read_interactions(root.table("interactions")))
    phases = found.attempt(lambda: read_phases(root.table("phases"))) if root.has("phases") else None
    entries = found.attempt(lambda: read_entries(root.table("entries")))
    judging = found.attempt(lambda: read_judging(root.table("judging")))
    if not (named and scoring and ties and interactions and entries and judging):
        return None
    return Contest(
        key=named.key,
        name=named.name,
        theme=named.theme,
        place=named.place,
        legal_basis=named.legal_basis,
        bodies=named.bodies,
        signatories=named.signatories,
        criteria=criteria,
        scoring=scoring,
        ties=ties,
        prizes=prizes,
        interactions=interactions,
        phases=phases,
        entries=entries,
        judging=judging,
    )


def _written_keys(root: Table) -> set[str]:
    """The criteria the file names, whatever else may be wrong with them."""
    rows = root.raw.get("criteria")
    keys = (row.get("key") for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()
    return {cleaned(key) for key in keys if isinstance(key, str)}


def _rows(root: Table, key: str, read_row: Callable[[Table, set[str]], Part], found: _Findings) -> tuple[Part, ...]:
    """The rows of an array of tables, each of which may have its own problem; no row's key twice."""
    taken: set[str] = set()
    rows = found.attempt(lambda: tuple(root.tables(key))) or ()
    kept = (found.attempt(partial(read_row, row, taken)) for row in rows)
    return tuple(row for row in kept if row is not None)


def _refuse_no_criteria(root: Table) -> None:
    raise root.bad("criteria", Sentence("Thiếu khóa {key}: cuộc thi cần ít nhất một tiêu chí."))
