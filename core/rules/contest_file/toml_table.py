"""One table of a contest file, read key by key.

A problem with a key is recorded in `Findings` and a stand-in value is returned, so that every other key is read too.
A contest with stand-ins is never returned to callers: see `reader`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from core.rules.contest_file.findings import Findings
from core.rules.vietnamese import bare, nfc
from core.rules.words import VIETNAM, Sentence

Choice = TypeVar("Choice", bound=StrEnum)

LARGEST = 10**12  # every number in a file must be smaller
SIMILAR = 0.61  # difflib ratio of two keys: "judges" is near "judging", "likes" is not near "views"
VERY_SIMILAR = 0.8
STAND_IN = datetime.fromtimestamp(0, UTC)
_DECIMAL = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,6})?")
_RATIO = re.compile(r"([0-9]{1,6})/([1-9][0-9]{0,5})")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)


def read_moment(text: str) -> datetime | None:
    """An ISO 8601 date and time with seconds, with or without an offset; None where it is invalid or out of range."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            moment.astimezone(VIETNAM)
    except (ValueError, OverflowError):
        return None
    return moment


def cleaned(text: str) -> str:
    """The text in NFC, without leading or trailing whitespace."""
    return nfc(text).strip()


@dataclass(frozen=True, slots=True)
class Table:
    """A table and its path, such as "criteria[2]"; the tables of an array are numbered from 1."""

    raw: Mapping[str, object]
    findings: Findings
    path: str = ""

    def at(self, key: str) -> str:
        """The path of one of its keys, or of the table itself."""
        return f"{self.path}.{key}" if self.path and key else key or self.path

    def bad(self, key: str, what: Sentence, *, unsound: bool = False) -> None:
        """Record a problem at one of its keys; the sentence may use {key}."""
        self.findings.problem(self.at(key), what, unsound=unsound)

    def notice(self, key: str, what: Sentence, *, doubtful: bool = False) -> None:
        """Record a notice about one of its keys; the sentence may use {key}."""
        self.findings.notice(self.at(key), what, doubtful=doubtful)

    def good(self, *keys: str) -> bool:
        """True where nothing is wrong at these keys."""
        return self.findings.good(*map(self.at, keys))

    def defaults(self, **values: object) -> None:
        """Record a notice for each of these keys that is not written, with the default value that applies."""
        for key, value in values.items():
            if key not in self.raw and self.good(key):
                facts = {"table": self.path, "name": key, "value": value}
                self.findings.notice(self.at(key), Sentence("[{table}] {name} không ghi: dùng {value}.", facts))

    def only(self, *known: str) -> None:
        """Record a problem for every unknown key, with the known key that was probably meant."""
        for key in self.raw:
            if key in known:
                continue
            likely = self._likely(key, known)
            if likely is None:
                self.bad(key, Sentence("Khóa {key} không có trong mẫu tệp cuộc thi."))
                continue
            facts = {"likely": likely}
            self.bad(key, Sentence("Khóa {key} không có trong mẫu tệp cuộc thi. Có phải là {likely}?", facts))
            if likely not in self.raw:
                self.findings.settled.add(self.at(likely))  # do not also report it as missing

    def _likely(self, key: str, known: Iterable[str]) -> str | None:
        """The known key that was probably meant: a near one that is not written, else any very near one, else None."""
        plain = bare(key).replace(" ", "_").replace("-", "_")
        unwritten = get_close_matches(plain, [name for name in known if name not in self.raw], n=1, cutoff=SIMILAR)
        return next(iter([*unwritten, *get_close_matches(plain, list(known), n=1, cutoff=VERY_SIMILAR)]), None)

    def has(self, key: str) -> bool:
        """True where the key is written."""
        return key in self.raw

    def need(self, key: str) -> bool:
        """True where the key is written; otherwise record a problem."""
        if key not in self.raw:
            self.bad(key, Sentence("Thiếu khóa {key}."))
        return key in self.raw

    def text(self, key: str, default: str | None = None) -> str:
        """A text in NFC, stripped. A key without a default must be written and not empty."""
        if key not in self.raw:
            if default is None:
                self.need(key)
            return default or ""
        value = self.raw[key]
        if not isinstance(value, str):
            self.bad(key, Sentence("{key} phải là một chuỗi chữ trong ngoặc kép."))
            return default or ""
        if default is None and not value.strip():
            self.bad(key, Sentence("{key} không được để trống."))
        return cleaned(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; () where it is not written."""
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.bad(key, Sentence("{key} phải là một danh sách chuỗi chữ."))
            return ()
        return tuple(cleaned(item) for item in value)

    def flag(self, key: str, *, default: bool) -> bool:
        """A boolean."""
        value = self.raw.get(key, default)
        if not isinstance(value, bool):
            self.bad(key, Sentence("{key} phải là true hoặc false."))
            return default
        return value

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """One value of an enumeration."""
        word = self.text(key, default)
        if word in set(kind):
            return kind(word)
        facts = {"words": ", ".join(kind), "word": word}
        self.bad(key, Sentence("{key} phải là một trong: {words}; không nhận “{word}”.", facts))
        return default or next(iter(kind))

    def exact(self, key: str, default: int | str | None = None) -> Fraction:
        """A non-negative exact number: an integer, or a text such as "0.5" or "0,5"; never a float."""
        if key not in self.raw:
            if default is None:
                self.need(key)
            return Fraction(default or 0)
        value = self.raw[key]
        if isinstance(value, str) and _DECIMAL.fullmatch(value):
            return Fraction(value.replace(",", "."))
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < LARGEST:
            return Fraction(value)
        self.bad(key, _no_number(value))
        return Fraction(default or 0)

    def ratio(self, key: str, default: int) -> Fraction:
        """An exact number that may also be written as a fraction, such as "1/3"."""
        value = self.raw.get(key, default)
        if isinstance(value, str) and (parts := _RATIO.fullmatch(value)):
            return Fraction(int(parts[1]), int(parts[2]))
        return self.exact(key, default)

    def hundredths(self, key: str, default: int | str | None = None) -> int:
        """Points, as an integer in hundredths."""
        value = self.exact(key, default) * 100
        if value.denominator != 1:
            self.bad(key, Sentence("{key} có nhiều hơn hai chữ số thập phân."))
        return int(value)

    def whole(self, key: str, default: int | None = None, *, least: int = 0, most: int = LARGEST) -> int:
        """An integer from `least` to `most`."""
        value = self.exact(key, default)
        if value.denominator == 1 and least <= value <= most:
            return int(value)
        if most < LARGEST:
            facts = {"least": least, "most": most}
            self.bad(key, Sentence("{key} phải là số nguyên từ {least} đến {most}.", facts))
        else:
            self.bad(key, Sentence("{key} phải là số nguyên không nhỏ hơn {least}.", {"least": least}))
        return least if default is None else default

    def moment(self, key: str) -> datetime:
        """A moment with a UTC offset. A time without an offset is recorded as a problem."""
        if not self.need(key):
            return STAND_IN
        value, example = self.raw[key], {"example": "2024-07-31T23:59:59+07:00"}
        if isinstance(value, str | datetime):
            value = read_moment(str(value))
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value
        if isinstance(value, datetime):
            self.bad(key, Sentence("{key} thiếu múi giờ: viết thêm +07:00."))
        elif isinstance(value, date | time):
            self.bad(key, Sentence("{key} phải ghi đủ ngày, giờ và múi giờ, ví dụ {example}.", example))
        else:
            self.bad(key, Sentence("{key} không phải là một thời điểm, ví dụ {example}.", example))
        return STAND_IN

    def table(self, key: str) -> "Table":
        """A table under this one; an empty one where it is not written."""
        value = self.raw.get(key, {})
        if isinstance(value, dict):
            return Table(value, self.findings, self.at(key))
        self.bad(key, Sentence("{key} phải là một bảng."))
        return Table({}, self.findings, self.at(key))

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables of an array, in the file's order."""
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.bad(key, Sentence("{key} phải là một danh sách bảng, viết [[{key}]]."))
            return iter(())
        return (Table(item, self.findings, f"{self.at(key)}[{number}]") for number, item in enumerate(value, 1))


def _no_number(value: object) -> Sentence:
    if isinstance(value, float):
        return Sentence(
            '{key} phải viết chính xác: số nguyên hoặc chuỗi như "0.5", không viết số thực {value}.', {"value": value}
        )
    if isinstance(value, int) and value >= LARGEST:
        return Sentence("{key} quá lớn: phải nhỏ hơn một nghìn tỷ.")
    return Sentence('{key} không phải là một số hợp lệ: viết số nguyên không âm hoặc chuỗi như "0.5".')
