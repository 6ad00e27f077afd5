"""The line of each key of a TOML text, so that a problem can name its line."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

# Comments and the four kinds of string (TOML 1.0), which may contain brackets, quotes and line ends; then the brackets
# and line ends outside of them.
_TOKEN = re.compile(
    r"""\#[^\n]* | \"{3}(?:\\.|[^\\])*?\"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\\n])*" | '[^'\n]*' | [\[\]{}] | \n""",
    re.VERBOSE | re.DOTALL,
)
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]")
_KEY = re.compile(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'))*)\s*="""
)


def key_lines(text: str) -> dict[str, int]:
    """The line of every table header, every key that begins a statement, and every table in a list, by path; from 1.

    Example: {"scoring": 9, "scoring.trim": 11, "criteria[2].max": 20, "criteria[2].levels[1]": 22}
    """
    lines: dict[str, int] = {}
    counts: Counter[str] = Counter()
    table = ""
    for number, statement in _statements(text):
        if header := _HEADER.match(statement):
            table = _plain(header[2])
            if header[1] == "[[":
                counts[table] += 1
                table = f"{table}[{counts[table]}]"
            lines.setdefault(table, number)
        elif key := _KEY.match(statement):
            path = f"{table}.{_plain(key[1])}" if table else _plain(key[1])
            lines.setdefault(path, number)
            for at, below in enumerate(_listed_tables(statement), 1):
                lines.setdefault(f"{path}[{at}]", number + below)
    return lines


def line_of(path: str, lines: Mapping[str, int]) -> int | None:
    """The line of a path, or of the nearest table or list around it that has a line; else None."""
    while path:
        if path in lines:
            return lines[path]
        path = re.sub(r"(\.[^.\[]*|\[\d+\]|^[^.\[]*)$", "", path)
    return None


def is_header(line: str) -> bool:
    """True for a line that starts a table header."""
    return line.lstrip().startswith("[")


def left_open(text: str) -> int | None:
    """The line of the statement with a bracket that is never closed, or None. It is always the last statement."""
    number, statement = _statements(text)[-1]
    brackets = Counter(token[0] for token in _TOKEN.finditer(statement))
    begins = number + statement[: len(statement) - len(statement.lstrip())].count("\n")
    return begins if brackets["["] + brackets["{"] > brackets["]"] + brackets["}"] else None


def _listed_tables(statement: str) -> Iterator[int]:
    """For each inline table in a list: how many lines below its key it begins."""
    depth = 0
    for token in _TOKEN.finditer(statement):
        if token[0] in "[{":
            depth += 1
            if token[0] == "{" and depth == 2:
                yield statement.count("\n", 0, token.start())
        elif token[0] in "]}":
            depth -= 1


def _statements(text: str) -> list[tuple[int, str]]:
    """(line, text) of each statement: one line, or several lines where its value spans them."""
    statements, depth, start = [], 0, 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        elif token[0] == "\n" and depth == 0:
            statements.append((1 + text.count("\n", 0, start), text[start : token.start()]))
            start = token.end()
    return [*statements, (1 + text.count("\n", 0, start), text[start:])]


def _plain(dotted: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in dotted.split("."))
