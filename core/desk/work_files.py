"""Files of works, line by line: works beside what is wrong (DESIGN §4)."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.desk.lines import NoHeader, Problem, cut
from core.rules.words import Sentence

COLUMNS = ("code", "title", "author", "unit", "video")
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
    """The works of a file `code,title,author,unit,video`. Raises NoHeader."""
    opened = cut(text, name, COLUMNS)
    if not set(COLUMNS) <= set(opened.columns):
        raise NoHeader(name, COLUMNS)
    works: dict[str, ListedWork] = {}
    problems: list[Problem] = []
    for row in opened.rows(problems):
        work = ListedWork(row.line, *(row.fields[column] for column in COLUMNS))
        wrong = [Problem(row.line, what) for what in _wrong(work, works)]
        problems += wrong
        if not wrong:
            works[work.code] = work
    return list(works.values()), problems


def _wrong(work: ListedWork, above: Collection[str]) -> Iterator[Sentence]:
    facts = {"code": json.dumps(work.code, ensure_ascii=False)}
    if not 0 < len(work.code) <= CODE_LENGTH or not CODE.issuperset(work.code):
        yield Sentence("Mã {code} phải gồm 1–20 chữ in hoa không dấu, chữ số, gạch nối.", facts)
    elif work.code in above:
        yield Sentence("Mã {code} đã có ở dòng trên.", {"code": work.code})
    for column in ("title", "author", "unit"):
        value = getattr(work, column)
        if not value or len(value) > TEXT_LENGTH or not value.isprintable():
            yield Sentence("Cột {column} trống, quá dài hoặc có ký tự lạ.", {"column": column})
    if not work.video or work.video != Path(work.video).name:
        yield Sentence("Cột video phải là tên tệp, không kèm thư mục.")
