"""What is found while a contest file is read: problems that refuse it, and notices that are said and accepted."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.rules.contest_file.toml_lines import line_of
from core.rules.words import Sentence


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file.

    `unsound` marks what can be read but contradicts itself, such as prizes that rise down the list. A new file is refused
    for it; a contest that was opened before the check existed stays readable.
    """

    line: int | None
    key: str
    what: Sentence
    unsound: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader should know: a default that applies, or (`doubtful`) what was perhaps not meant."""

    line: int | None
    key: str
    what: Sentence
    doubtful: bool = False


@dataclass(slots=True)
class Findings:
    """Problems and notices by key, each with its line. A key has one problem at most, its first."""

    lines: Mapping[str, int]
    problems: list[Problem] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)  # keys with a problem, or whose line could not be read

    def problem(self, key: str, what: Sentence, *, unsound: bool = False) -> None:
        """Record what is wrong at a key; the sentence may use {key}."""
        if key not in self.settled:
            self.settled.add(key)
            self.problems.append(Problem(line_of(key, self.lines), key, _at(key, what), unsound))

    def notice(self, key: str, what: Sentence, *, doubtful: bool = False) -> None:
        """Record what should be known about a key; the sentence may use {key}."""
        self.notices.append(Notice(line_of(key, self.lines), key, _at(key, what), doubtful))

    def good(self, *keys: str) -> bool:
        """True where nothing is wrong at these keys, under them, or at a table they stand in."""
        return not any(_within(bad, key) or _within(key, bad) for key in keys for bad in self.settled)


def _within(key: str, table: str) -> bool:
    return key == table or key.startswith((f"{table}.", f"{table}["))


def _at(key: str, what: Sentence) -> Sentence:
    return replace(what, facts={"key": key, **what.facts})
