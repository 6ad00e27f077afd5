"""Parse TOML and report all syntax errors at once, each with its line and a hint at what was probably meant."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass

from core.rules.contest_file.toml_lines import is_header, left_open
from core.rules.words import Sentence

MOST_ERRORS = 50
SHOWN = 60  # most characters of a broken line that are quoted
_PLACE = re.compile(r"(.*) \(at line (\d+), column \d+\)", re.DOTALL)
_TWICE = ("Cannot overwrite", "Cannot declare")
_LIST_HEADER = re.compile(r"\s*\[\s*(criteria|prizes)\s*\]")
_HINTS = (  # pattern of a broken line -> hint; the first pattern that matches is used
    (r".*[=,\[{]\s*[“”„«‘’]", Sentence('Dấu ngoặc kép phải là dấu thẳng ("), không phải dấu cong.')),
    (r"\s*[\w.-]*[^\W\x00-\x7f][\w.-]*\s*=", Sentence("Tên khóa chỉ gồm chữ không dấu, số, dấu - và dấu _.")),
    (r"[^=]*=\s*\d+,\d", Sentence('Số thập phân viết trong ngoặc kép, ví dụ "0.5".')),
    (r"[^=]*=\s*\d{1,2}[/-]\d{1,2}[/-]\d{4}", Sentence("Thời điểm viết như 2024-07-31T23:59:59+07:00.")),
    (r"[^=]*=\s*$", Sentence("Thiếu giá trị sau dấu =.")),
    (r"[^=]*=\s*\"[^\"]*$", Sentence("Chuỗi chữ chưa đóng ngoặc kép.")),
    (r"[^=]*=\s*[^\W\d]", Sentence("Chuỗi chữ phải đặt trong ngoặc kép.")),
    (r"[^=]*$", Sentence("Mỗi dòng phải viết: khóa = giá trị.")),
)


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line that is not valid TOML, and the message about it."""

    line: int
    what: Sentence


@dataclass(frozen=True, slots=True)
class Parsed:
    """The values of the lines that could be read, or None where an error makes the other lines unreadable."""

    values: dict[str, object] | None
    broken: tuple[BrokenLine, ...] = ()


def parse_toml(text: str) -> Parsed:
    """The values of a TOML text, and its broken lines. After an error the line is blanked and the rest is parsed again.

    The search ends at a broken table header, an unclosed bracket, or an error without a line number: the lines after it
    would be misread. `values` is then None.
    """
    lines, broken = text.split("\n"), list[BrokenLine]()
    while len(broken) < MOST_ERRORS:
        try:
            return Parsed(tomllib.loads("\n".join([*lines, ""])), tuple(broken))
        except (ValueError, RecursionError) as error:
            broken_line, ends = _locate(str(error), lines)
        if broken and (broken_line is None or broken_line.line <= broken[-1].line):
            break  # a blanked line had opened or closed a bracket or a string
        broken.append(broken_line or BrokenLine(len(lines), _no_toml(lines[-1], None)))
        if ends:
            break
        lines[broken[-1].line - 1] = ""
    return Parsed(None, tuple(broken))


def _locate(error: str, lines: list[str]) -> tuple[BrokenLine | None, bool]:
    """The broken line that a `tomllib` error names, or None; and True where the lines after it cannot be read."""
    place, opened = _PLACE.fullmatch(error), left_open("\n".join(lines))
    number = int(place[2]) if place else len(lines)
    if opened is not None and opened <= number:
        return BrokenLine(opened, _no_toml(lines[opened - 1], Sentence("Ngoặc mở ở đây không được đóng lại."))), True
    if place is None:
        return None, True
    return BrokenLine(number, _what(place[1], lines[number - 1])), is_header(lines[number - 1])


def _what(reason: str, line: str) -> Sentence:
    if reason.startswith(_TWICE):
        if named := _LIST_HEADER.match(line):
            return Sentence("{key} phải là một danh sách bảng, viết [[{key}]].", {"key": named[1]})
        return Sentence("Một khóa hoặc một bảng được viết hai lần.")
    return _no_toml(line, _hint(line))


def _no_toml(line: str, hint: Sentence | None) -> Sentence:
    facts: dict[str, object] = {"text": _quoted(line)}
    if hint is None:
        return Sentence("Tệp không đúng cú pháp TOML. Dòng này: {text}", facts)
    return Sentence("Tệp không đúng cú pháp TOML. {hint} Dòng này: {text}", {"hint": hint, **facts})


def _quoted(line: str) -> str:
    """A line for a message: at most SHOWN characters, with U+FFFD for control characters."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in line.strip()[:SHOWN])


def _hint(line: str) -> Sentence | None:
    for column, character in enumerate(line, 1):
        if ord(character) > 127 and unicodedata.category(character) in {"Zs", "Cf"}:
            facts = {"code": f"U+{ord(character):04X}", "column": column}
            return Sentence("Có ký tự lạ {code} ở cột {column}.", facts)
    return next((what for pattern, what in _HINTS if re.match(pattern, line)), None)
