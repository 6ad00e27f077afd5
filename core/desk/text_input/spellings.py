"""Spellings of the keys in a table: two spellings of one key count as one key, and both lines get a problem."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from core.desk.text_input.csv_lines import Problem
from core.desk.text_input.lost_letters import lost_letters
from core.desk.text_input.strange_text import lost, odd
from core.rules.look_alikes import odd_characters, visible
from core.rules.vietnamese import identity
from core.rules.words import Sentence

WORK_TWICE = Sentence(
    "Một tác phẩm viết hai cách: “{one}” ở dòng {line} và “{other}” ở dòng {at}; tính là một, theo cách viết trước."
)
JUDGE_TWICE = Sentence(
    "Một giám khảo viết hai cách: “{one}” ở dòng {line} và “{other}” ở dòng {at}; tính là một, theo cách viết trước."
)
CRITERION_TWICE = Sentence("Một tiêu chí viết hai cách: “{one}” ở dòng {line} và “{other}” ở dòng {at}; tính là một.")


@dataclass(slots=True)
class Spellings:
    """The keys of one column of a file. The first spelling of a key is its name."""

    column: str
    twice: Sentence  # says that {one} in line {line} and {other} in line {at} are the same; the facts are added here
    same: Callable[[str], str] = identity  # returns equal values for spellings of one key
    keys: dict[str, str] = field(default_factory=dict)  # spelling, also with spaces around it -> key
    lines: dict[str, int] = field(default_factory=dict)  # spelling -> number of its first line
    firsts: dict[str, str] = field(default_factory=dict)  # value of `same` -> key

    def key(self, text: str, line: int) -> str:
        """The key for a spelling in a line, added if new; "" for a text without visible characters."""
        known = self.keys.get(text)
        if known is None:
            spelled = text.replace("\n", " ").strip()
            same = self.same(spelled)
            known = self.keys[text] = self.keys[spelled] = self.firsts.setdefault(same, spelled) if same else ""
            if known:
                self.lines.setdefault(spelled, line)
        return known

    def all(self, cells: Sequence[str], lines: Sequence[int]) -> list[str]:
        """The keys for many cells at once; `lines` are the cells' line numbers."""
        try:
            return list(map(self.keys.__getitem__, cells))
        except KeyError:
            for cell in dict.fromkeys(cells):
                if cell not in self.keys:
                    self.key(cell, lines[cells.index(cell)])
            return list(map(self.keys.__getitem__, cells))

    def found(self, spelling: str) -> str | None:
        """The key that a spelling from another file means, or None."""
        return self.firsts.get(self.same(spelling))

    def problems(self) -> Iterator[Problem]:
        """A problem at both lines for two spellings of one key; one for strange characters or lost letters in a key."""
        for spelled, line in self.lines.items():
            first = self.keys[spelled]
            if spelled != first:
                facts = {"one": visible(first), "line": self.lines[first], "other": visible(spelled), "at": line}
                what = replace(self.twice, facts=facts)
                yield from (Problem(self.lines[first], what), Problem(line, what))
        several = {self.keys[spelled] for spelled in self.lines if spelled != self.keys[spelled]}
        for key in self.firsts.values():
            if key not in several and (characters := odd_characters(key)):
                yield Problem(self.lines[key], odd(self.column, key, characters))
            if lost_letters(key):
                yield Problem(self.lines[key], lost(self.column, key))
