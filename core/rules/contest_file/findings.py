"""Findings while a contest file is read: problems, for which it is refused, and notices, with which it is accepted."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.rules.contest_file.toml_lines import line_of
from core.rules.words import Sentence


@dataclass(frozen=True, slots=True)
class Problem:
    """One error in a contest file.

    `unsound` marks a value that can be read but contradicts another, such as prizes that rise down the list. A new file
    is refused for it; a contest that was opened before the check existed stays readable.
    """

    line: int | None
    key: str
    what: Sentence
    unsound: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """Information for the user: a default that applies, or (`doubtful`) a setting that was perhaps not meant."""

    line: int | None
    key: str
    what: Sentence
    doubtful: bool = False


@dataclass(slots=True)
class Findings:
    """The problems and notices of a file, each with its key and line. Only the first problem of a key is recorded."""

    lines: Mapping[str, int]
    problems: list[Problem] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)  # keys with a problem, or whose line could not be read

    def problem(self, key: str, what: Sentence, *, unsound: bool = False) -> None:
        """Record a problem at a key, unless the key is settled; the sentence may use {key}."""
        if key not in self.settled:
            self.settled.add(key)
            self.problems.append(Problem(line_of(key, self.lines), key, _at(key, what), unsound))

    def notice(self, key: str, what: Sentence, *, doubtful: bool = False) -> None:
        """Record a notice about a key; the sentence may use {key}."""
        self.notices.append(Notice(line_of(key, self.lines), key, _at(key, what), doubtful))

    def good(self, *keys: str) -> bool:
        """True where no settled key is one of these keys, a key under them, or a table that contains them."""
        return not any(_within(bad, key) or _within(key, bad) for key in keys for bad in self.settled)


def _within(key: str, table: str) -> bool:
    return key == table or key.startswith((f"{table}.", f"{table}["))


def _at(key: str, what: Sentence) -> Sentence:
    return replace(what, facts={"key": key, **what.facts})
