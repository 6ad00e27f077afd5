"""Where each key of a TOML text stands, so that a refusal can name the line."""

import re
from collections import Counter

# What may hide a bracket, a quote or the end of a line: comments and the four kinds of string (TOML 1.0).
_TOKEN = re.compile(
    r"""\#[^\n]* | \"{3}(?:\\.|[^\\])*?\"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\\n])*" | '[^'\n]*' | [\[\]{}] | \n""",
    re.VERBOSE | re.DOTALL,
)
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]")
_KEY = re.compile(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'))*)\s*="""
)


def key_lines(text: str) -> dict[str, int]:
    """The line of every table header and top-level key: {"scoring": 9, "scoring.trim": 11, "criteria[2].max": 20}."""
    lines: dict[str, int] = {}
    seen: Counter[str] = Counter()
    table = ""
    for number, statement in _statements(text):
        if header := _HEADER.match(statement):
            table = _plain(header[2])
            if header[1] == "[[":
                seen[table] += 1
                table = f"{table}[{seen[table]}]"
            lines.setdefault(table, number)
        elif key := _KEY.match(statement):
            lines.setdefault(f"{table}.{_plain(key[1])}" if table else _plain(key[1]), number)
    return lines


def line_of(path: str, lines: dict[str, int]) -> int | None:
    """The line of a path, or of the nearest thing around it that has one."""
    while path:
        if path in lines:
            return lines[path]
        path = re.sub(r"(\.[^.\[]*|\[\d+\]|^[^.\[]*)$", "", path)
    return None


def _statements(text: str) -> list[tuple[int, str]]:
    """(line, text) of each statement: a line, or the several lines a value covers."""
    found, depth, start = [], 0, 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        elif token[0] == "\n" and depth == 0:
            found.append((1 + text.count("\n", 0, start), text[start : token.start()]))
            start = token.end()
    return [*found, (1 + text.count("\n", 0, start), text[start:])]


def _plain(dotted: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in dotted.split("."))
