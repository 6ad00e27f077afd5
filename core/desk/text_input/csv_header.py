"""Finds the header row of a table, and the known columns that its cells mean."""

import re
from collections.abc import Sequence

from core.rules.look_alikes import visible
from core.rules.vietnamese import identity
from core.rules.words import Refusal

SEPARATORS = (",", ";", "\t")
_DECLARED = re.compile(r'\s*"?sep=(\t|[^\s"])"?[\s,;]*', re.IGNORECASE)


class NoHeader(Refusal):
    """The header row is missing or does not name the required columns."""

    def __init__(self, name: str, columns: Sequence[str], line: int = 1) -> None:
        super().__init__(
            "{name}: dòng {line} phải là tên cột {columns}.", name=name, line=line, columns=", ".join(columns)
        )


class ColumnTwice(Refusal):
    """Two columns have the same name in two spellings."""

    def __init__(self, name: str, line: int, one: str, other: str) -> None:
        super().__init__(
            "{name}, dòng {line}: cột “{one}” và cột “{other}” trùng tên.",
            name=name, line=line, one=visible(one), other=visible(other),
        )  # fmt: skip


class Names:
    """Known names. A cell means the name it equals, else the only name with the same `identity`."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = set(names)
        keys = [identity(name) for name in names]
        self.meant = {key: name for key, name in zip(keys, names, strict=True) if keys.count(key) == 1}

    def of(self, cell: str) -> str:
        """The name that a cell means, or the cell unchanged if it means none."""
        return cell if cell in self.names else self.meant.get(identity(cell), cell)

    def count(self, cells: Sequence[str]) -> int:
        """The number of different known names among these cells."""
        return len({self.of(cell.strip()) for cell in cells} & self.names)


def start(lines: Sequence[str]) -> tuple[int, Sequence[str], int]:
    """The index of the header, the separators to try, and the number of the line to name if there is no header.

    Empty lines above the header are skipped. A separator declared by a line `sep=` is tried first.
    """
    at, line = 0, 1
    separators: Sequence[str] = SEPARATORS
    while at < len(lines):
        if declared := _DECLARED.fullmatch(lines[at]):
            separators, line = (declared[1], *SEPARATORS), at + 2
        elif lines[at].strip(" \t,;"):
            break
        at += 1
    return at, separators, line
