"""One table of a contest file, read key by key; the first thing wrong with it is a refusal that names the key."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from core.rules.vietnamese import nfc
from core.rules.words import VIETNAM, Sentence

Choice = TypeVar("Choice", bound=StrEnum)

_DECIMAL = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,6})?")
_RATIO = re.compile(r"([0-9]{1,6})/([1-9][0-9]{0,5})")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)


class BadKey(Exception):
    """Something is wrong at one key of the file."""

    def __init__(self, key: str, what: Sentence) -> None:
        self.key, self.what = key, what
        super().__init__(key)


def read_moment(text: str) -> datetime | None:
    """An ISO 8601 moment written out to the second, aware or not; None where it is none, or lies beyond the calendar."""
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
    """A text as it is kept: NFC, without spaces around it."""
    return nfc(text).strip()


@dataclass(frozen=True, slots=True)
class Table:
    """A table and the path that leads to it; the tables of an array are counted from 1."""

    raw: Mapping[str, object]
    path: str = ""

    def at(self, key: str) -> str:
        """The path of one of its keys."""
        return f"{self.path}.{key}" if self.path else key

    def bad(self, key: str, what: Sentence) -> BadKey:
        """A refusal at one of its keys; the sentence may use {key}."""
        return BadKey(self.at(key), replace(what, facts={"key": self.at(key), **what.facts}))

    def only(self, *known: str) -> None:
        """Refuse the first key that is not known."""
        for key in self.raw:
            if key not in known:
                raise self.bad(key, Sentence("Khóa {key} không có trong mẫu tệp cuộc thi."))

    def has(self, key: str) -> bool:
        """True where the key is written."""
        return key in self.raw

    def need(self, key: str) -> object:
        """The value of a key that must be written."""
        if key not in self.raw:
            raise self.bad(key, Sentence("Thiếu khóa {key}."))
        return self.raw[key]

    def text(self, key: str, default: str | None = None) -> str:
        """A text, in NFC; a key without a default must be written and not empty."""
        if default is not None and key not in self.raw:
            return default
        value = self.need(key)
        if not isinstance(value, str):
            raise self.bad(key, Sentence("{key} phải là một chuỗi chữ trong ngoặc kép."))
        if default is None and not value.strip():
            raise self.bad(key, Sentence("{key} không được để trống."))
        return cleaned(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; none where it is not written."""
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.bad(key, Sentence("{key} phải là một danh sách chuỗi chữ."))
        return tuple(cleaned(item) for item in value)

    def flag(self, key: str, *, default: bool) -> bool:
        """Yes or no: true or false."""
        value = self.raw.get(key, default)
        if not isinstance(value, bool):
            raise self.bad(key, Sentence("{key} phải là true hoặc false."))
        return value

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """One word of a closed list."""
        word = self.text(key, default)
        if word not in set(kind):
            raise self.bad(
                key,
                Sentence(
                    "{key} phải là một trong: {words}; không nhận “{word}”.", {"words": ", ".join(kind), "word": word}
                ),
            )
        return kind(word)

    def exact(self, key: str, default: int | str | None = None) -> Fraction:
        """An exact number: an integer, or a text such as "0.5", "0,5"; never a float."""
        value = self.need(key) if default is None else self.raw.get(key, default)
        if isinstance(value, float):
            raise self.bad(
                key,
                Sentence(
                    '{key} phải viết chính xác: số nguyên hoặc chuỗi như "0.5", không viết số thực {value}.',
                    {"value": value},
                ),
            )
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12:
            return Fraction(value)
        if isinstance(value, str) and _DECIMAL.fullmatch(value):
            return Fraction(value.replace(",", "."))
        raise self.bad(
            key, Sentence('{key} không phải là một số hợp lệ: viết số nguyên không âm hoặc chuỗi như "0.5".')
        )

    def ratio(self, key: str, default: int) -> Fraction:
        """An exact number that may also be written as a fraction, such as "1/3"."""
        value = self.raw.get(key, default)
        if isinstance(value, str) and (parts := _RATIO.fullmatch(value)):
            return Fraction(int(parts[1]), int(parts[2]))
        return self.exact(key, default)

    def hundredths(self, key: str, default: int | str | None = None) -> int:
        """Points, as whole hundredths."""
        value = self.exact(key, default) * 100
        if value.denominator != 1:
            raise self.bad(key, Sentence("{key} có nhiều hơn hai chữ số thập phân."))
        return int(value)

    def whole(self, key: str, default: int | None = None, *, least: int = 0, most: int = 10**12) -> int:
        """A whole number within bounds."""
        value = self.exact(key, default)
        if value.denominator != 1 or not least <= value <= most:
            if most < 10**12:
                raise self.bad(
                    key, Sentence("{key} phải là số nguyên từ {least} đến {most}.", {"least": least, "most": most})
                )
            raise self.bad(key, Sentence("{key} phải là số nguyên không nhỏ hơn {least}.", {"least": least}))
        return int(value)

    def moment(self, key: str) -> datetime:
        """A moment with its offset; naive times are refused."""
        value = self.need(key)
        if isinstance(value, str | datetime):
            value = read_moment(str(value))
        if not isinstance(value, datetime):
            example = "2024-07-31T23:59:59+07:00"
            if isinstance(value, date | time):
                raise self.bad(
                    key, Sentence("{key} phải ghi đủ ngày, giờ và múi giờ, ví dụ {example}.", {"example": example})
                )
            raise self.bad(key, Sentence("{key} không phải là một thời điểm, ví dụ {example}.", {"example": example}))
        if value.tzinfo is None:
            raise self.bad(key, Sentence("{key} thiếu múi giờ: viết thêm +07:00."))
        return value

    def table(self, key: str) -> "Table":
        """A table under this one; an empty one where it is not written."""
        value = self.raw.get(key, {})
        if not isinstance(value, dict):
            raise self.bad(key, Sentence("{key} phải là một bảng."))
        return Table(value, self.at(key))

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables of an array, in their order."""
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.bad(key, Sentence("{key} phải là một danh sách bảng, viết [[{key}]]."))
        return (Table(item, f"{self.at(key)}[{number}]") for number, item in enumerate(value, 1))
