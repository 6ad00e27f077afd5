"""docs/contest-file.md as data: its key tables, types, mistakes and example. Also edits a contest file key by key."""

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

PAGE = Path("docs/contest-file.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[-1]
KEYS_OF = re.compile(r"Keys of (.+):")
STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")
KEY_HEADS = ("key", "means", "type, limits", "unit", "default", "example")
TYPE_HEADS = ("type", "written as", "ways of writing")
MISTAKE_HEADS = ("mistake", "written", "printed")
SYNTAX_HEADS = ("instead of", "written", "printed")
LINK = re.compile(r"\[.+\]\(#.+\)")


@dataclass(frozen=True)
class Key:
    """One row of a key table. `default` is None where the key is required or has none."""

    path: str  # "criteria.levels.from"
    type: str
    default: str | None
    required: bool
    noticed: bool
    least: int | None  # of a whole number
    most: int | None
    example: str | None  # None for a table, whose keys have examples of their own

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True)
class Mistake:
    """One row of a table of mistakes: the keys that are set or removed (None), and the printed message."""

    written: tuple[tuple[str, str | None], ...]
    printed: str

    def __str__(self) -> str:
        return self.printed


@dataclass(frozen=True)
class Raw:
    """A value as it is written in TOML."""

    text: str


@dataclass(frozen=True)
class Row:
    """One row of any table: its cells, the latest "Keys of" heading above it, and the TOML tables that
    heading names.
    """

    tables: tuple[str, ...]
    heads: tuple[str, ...]
    cells: tuple[str, ...]


def rows(page: str = PAGE) -> Iterator[Row]:
    """Every row of every table of the page."""
    tables, heads = ("",), tuple[str, ...]()
    for line in page.splitlines():
        if found := KEYS_OF.fullmatch(line):
            names = re.findall(r"`\[+([\w.]+)\]+`", found[1])
            tables = tuple(names) or ("",)
        if not line.startswith("|"):
            heads = ()
            continue
        cells = tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1])
        if not heads:
            heads = cells
        elif set("".join(cells)) != {"-"}:
            yield Row(tables, heads, cells)


def keys(page: str = PAGE) -> list[Key]:
    """Every documented key, once for each TOML table that has it."""
    return [
        _key(f"{table}.{row.cells[0].strip('`')}".strip("."), row.cells)
        for row in rows(page)
        if row.heads == KEY_HEADS
        for table in row.tables
    ]


def _key(path: str, cells: Sequence[str]) -> Key:
    default, noticed = cells[4].removesuffix(", noticed"), cells[4].endswith(", noticed")
    assert default in {"required", "none"} or re.fullmatch("`.+`", default), cells
    assert LINK.fullmatch(cells[5]) or re.fullmatch("`.+`", cells[5]), cells
    bounds = re.search(r", (\d+) (?:to (\d+)|or more)", cells[2])
    return Key(
        path=path,
        type=re.split("[,:;]", cells[2])[0],
        default=default.strip("`") if default.startswith("`") else None,
        required=default == "required",
        noticed=noticed,
        least=int(bounds[1]) if bounds else None,
        most=int(bounds[2]) if bounds and bounds[2] else None,
        example=None if LINK.fullmatch(cells[5]) else cells[5].strip("`"),
    )


def types(page: str = PAGE) -> dict[str, tuple[tuple[str, str], ...]]:
    """Every type, with (path, value) for each way to write it."""
    found = {}
    for row in rows(page):
        if row.heads == TYPE_HEADS:
            ways = [assignment.split(" = ", 1) for assignment in re.findall("`([^`]+)`", row.cells[2])]
            found[row.cells[0]] = tuple((path, value) for path, value in ways)
    return found


def mistakes(page: str = PAGE) -> list[Mistake]:
    """Every mistake that is made by setting or removing keys."""
    return [
        Mistake(tuple(_written(row.tables[0], row.cells[1])), row.cells[2])
        for row in rows(page)
        if row.heads == MISTAKE_HEADS
    ]


def _written(table: str, cell: str) -> Iterator[tuple[str, str | None]]:
    for text, left_out in re.findall("`([^`]+)`( left out)?", cell):
        key, _, value = text.partition(" = ")
        yield key if "[" in key else f"{table}.{key}".strip("."), None if left_out else value


def slips() -> list[tuple[str, str, str]]:
    """Every mistake that is made in the text: the original text, its replacement, and the printed message."""
    return [
        (row.cells[0].strip("`"), row.cells[1].strip("`"), row.cells[2]) for row in rows() if row.heads == SYNTAX_HEADS
    ]


def edited(*changes: tuple[str, str | None], start: str = EXAMPLE) -> str:
    """The example with these keys set, or removed where the value is None. For an array it edits the first table."""
    values = tomllib.loads(start)
    for path, value in changes:
        table, name = _place(values, path)
        if value is None:
            del table[name]
        else:
            table[name] = Raw(value)
    return "\n".join(_lines(values))


def _place(values: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    *steps, last = path.split(".")
    here: Any = values
    for step in steps:
        found = STEP.fullmatch(step)
        assert found, path
        here = here[found[1]]
        if isinstance(here, list):
            here = here[int(found[2] or 1) - 1]
    return here, last


def written_keys(text: str) -> set[str]:
    """The path of every key of a TOML text, without array indexes."""

    def walk(path: str, value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for name, inner in value.items():
                yield f"{path}.{name}".strip(".")
                yield from walk(f"{path}.{name}".strip("."), inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(path, inner)

    return set(walk("", tomllib.loads(text)))


def _lines(table: dict[str, Any], path: str = "") -> Iterator[str]:
    """A table as TOML lines, every value on one line, with its sub-tables after its values."""
    below = {key: value for key, value in table.items() if isinstance(value, dict) or _is_rows(value)}
    for key, value in table.items():
        if key not in below:
            yield f"{key} = {_value(value)}"
    for key, value in below.items():
        name = f"{path}.{key}".strip(".")
        if isinstance(value, dict):
            yield from (f"[{name}]", *_lines(value, name))
        else:
            for row in value:
                yield from (f"[[{name}]]", *_lines(row, name))


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _value(value: object) -> str:
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, datetime):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


class Recorded(dict[str, object]):
    """A table that records the path of every key that is looked up, present or not."""

    def __init__(self, raw: dict[str, Any], looked_up: set[str], path: str = "") -> None:
        self._looked_up, self._path = looked_up, path
        super().__init__({key: self._within(key, value) for key, value in deepcopy(raw).items()})

    def _within(self, key: str, value: object) -> object:
        path = f"{self._path}.{key}".strip(".")
        if isinstance(value, dict):
            return Recorded(value, self._looked_up, path)
        return [self._within(key, each) for each in value] if isinstance(value, list) else value

    def _note(self, key: object) -> None:
        self._looked_up.add(f"{self._path}.{key}".strip("."))

    def __getitem__(self, key: str) -> object:
        self._note(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._note(key)
        return super().__contains__(key)

    def get(self, key: str, default: object = None) -> object:
        self._note(key)
        return super().get(key, default)
