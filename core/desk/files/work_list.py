"""Files of works, line by line: works beside what is wrong (docs/design.md, Works from files)."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from core.desk.text_input.csv_lines import NoHeader, Problem, cut
from core.desk.text_input.lost_letters import lost_letters
from core.desk.text_input.spellings import WORK_TWICE, Spellings
from core.desk.text_input.strange_text import lost, odd
from core.rules.look_alikes import is_invisible, visible
from core.rules.words import Sentence

COLUMNS = ("code", "title", "author", "unit", "video")
TEXTS = ("title", "author", "unit")
CODE_LENGTH, TEXT_LENGTH = 20, 300
CODE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


@dataclass(frozen=True, slots=True)
class ListedWork:
    """One work of the file."""

    line: int
    code: str
    title: str
    author: str
    unit: str
    video: str


def read_works(text: str, name: str) -> tuple[list[ListedWork], list[Problem]]:
    """The works of a file `code,title,author,unit,video`. Raises NoHeader.

    A line with a problem is no work, unless the problem is a warning. A text whose letters were lost is one: the
    work is taken with that text, which a second import can correct, and the problem still counts.
    """
    opened = cut(text, name, COLUMNS)
    if not set(COLUMNS) <= set(opened.columns):
        raise NoHeader(name, COLUMNS, opened.first_line)
    codes, works = Spellings("code", WORK_TWICE), dict[str, ListedWork]()
    problems: list[Problem] = []
    for row in opened.rows(problems, _fits):
        work = ListedWork(row.line, *(_cleaned(column, row.fields[column]) for column in COLUMNS))
        codes.key(work.code, row.line)
        wrong = [Problem(row.line, what) for what in _wrong(work, works)]
        problems += [*wrong, *(Problem(row.line, what, warning=True) for what in _doubtful(work))]
        if not wrong:
            works[work.code] = work
    problems += [replace(problem, warning=True) for problem in codes.problems()]  # the first spelling stands
    return list(works.values()), sorted(problems, key=lambda problem: problem.line)


def _cleaned(column: str, text: str) -> str:
    """A cell as it is kept: in texts every run of spaces, whatever their kind, is one space."""
    return " ".join(text.split()) if column in TEXTS else text


def _fits(fields: Mapping[str, str]) -> bool:
    """True for a line that can only be a work's: a code, a file with its suffix, and texts."""
    is_file = _is_file(fields["video"]) and bool(Path(fields["video"]).suffix)
    return is_file and _is_code(fields["code"]) and all(fields[column] for column in TEXTS)


def _is_code(code: str) -> bool:
    return 0 < len(code) <= CODE_LENGTH and CODE.issuperset(code)


def _is_file(video: str) -> bool:
    return bool(video) and video == Path(video).name and "\n" not in video


def _wrong(work: ListedWork, above: Collection[str]) -> Iterator[Sentence]:
    if not _is_code(work.code):
        facts = {"code": json.dumps(visible(work.code), ensure_ascii=False)}
        yield Sentence("Mã {code} phải gồm 1–20 chữ in hoa không dấu, chữ số, gạch nối.", facts)
    elif work.code in above:
        yield Sentence("Mã {code} đã có ở dòng trên.", {"code": work.code})
    for column in TEXTS:
        value: str = getattr(work, column)
        if not value:
            yield Sentence("Cột {column} trống.", {"column": column})
        elif len(value) > TEXT_LENGTH:
            length: dict[str, object] = {"column": column, "length": len(value), "most": TEXT_LENGTH}
            yield Sentence("Cột {column} dài {length} ký tự, nhiều nhất {most}.", length)
        elif unseen := _unseen(value):
            yield odd(column, value, unseen)
    if not _is_file(work.video):
        yield Sentence("Cột video phải là tên tệp, không kèm thư mục.")


def _doubtful(work: ListedWork) -> Iterator[Sentence]:
    """What is to be looked at in a work that is taken all the same."""
    columns = [column for column in TEXTS if lost_letters(getattr(work, column))]
    if columns:
        yield lost(", ".join(columns), getattr(work, columns[0]))
    if unseen := _unseen(work.video):
        yield odd("video", work.video, unseen)


def _unseen(text: str) -> tuple[str, ...]:
    """The characters of a text that do not show, each once. Variation selectors belong to the sign before them."""
    return tuple(
        dict.fromkeys(
            each
            for each in text
            if not (each.isprintable() or each.isspace()) or (is_invisible(each) and not "\ufe00" <= each <= "\ufe0f")
        )
    )
