"""Messages to the user: a sentence is a value with facts, and becomes text only in the reader's language.

The source language is Vietnamese; the English catalogue translates the same sentences (DECISIONS 4).
Nothing here opens a catalogue: the translation is passed in as a function.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # no daylight saving time since 1975

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Language(StrEnum):
    """A language of the user interface."""

    VI = "vi"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Locale:
    """A language, and the function that translates a Vietnamese source text into it."""

    language: Language = Language.VI
    translate: Callable[[str], str] = str

    def decimal(self, units: int, places: int) -> str:
        """`units` times 10**-places as a decimal number: (850, 2) is "8,50" in Vietnamese, "8.50" in English."""
        sign, digits = ("-" if units < 0 else ""), str(abs(units)).rjust(places + 1, "0")
        if places == 0:
            return sign + digits
        return f"{sign}{digits[:-places]}{',' if self.language is Language.VI else '.'}{digits[-places:]}"

    def count(self, number: int) -> str:
        """A whole number with thousands separators: "5.000.000" in Vietnamese, "5,000,000" in English."""
        parted = f"{number:,}"
        return parted.replace(",", ".") if self.language is Language.VI else parted


class Localizable(Protocol):
    """A fact that can be written in a given language."""

    def localize(self, locale: Locale) -> str: ...


@dataclass(frozen=True, slots=True)
class Points:
    """Points as a fact of a sentence, in units of 10**-places of a point."""

    units: int
    places: int = 2

    def localize(self, locale: Locale) -> str:
        return locale.decimal(self.units, self.places)


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound of the rubric as a fact, in hundredths; written without trailing zeros: "40", "0,5"."""

    hundredths: int

    def localize(self, locale: Locale) -> str:
        units, places = self.hundredths, 2
        while places and units % 10 == 0:
            units, places = units // 10, places - 1
        return locale.decimal(units, places)


@dataclass(frozen=True, slots=True)
class Exact:
    """A non-negative exact number as a fact: "100", "1,5", or a fraction where no finite decimal exists: "25/3"."""

    number: Fraction

    def localize(self, locale: Locale) -> str:
        places, rest = 0, self.number.denominator
        while rest % 10 == 0 or rest % 5 == 0 or rest % 2 == 0:
            rest //= 10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2
            places += 1
        return str(self.number) if rest > 1 else locale.decimal(int(self.number * 10**places), places)


def film_time(milliseconds: int) -> str:
    """A position in a film, or its length, as minutes and seconds: "4:07"."""
    return f"{milliseconds // 60_000}:{milliseconds // 1000 % 60:02}"


def seconds(milliseconds: int) -> Exact:
    """A length of time in seconds as a fact: "3", "299,5"."""
    return Exact(Fraction(milliseconds, 1000))


@dataclass(frozen=True, slots=True)
class Dong:
    """Money as a fact of a sentence, in whole đồng."""

    amount: int

    def localize(self, locale: Locale) -> str:
        return locale.count(self.amount) + locale.translate(" đồng")


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number as a fact, written with thousands separators."""

    number: int

    def localize(self, locale: Locale) -> str:
        return locale.count(self.number)


@dataclass(frozen=True, slots=True)
class Day:
    """A date as a fact: "10/09/2024", in English "10 Sep 2024"."""

    day: date

    def localize(self, locale: Locale) -> str:
        if locale.language is Language.VI:
            return f"{self.day:%d/%m/%Y}"
        return f"{self.day.day} {_MONTHS[self.day.month - 1]} {self.day.year}"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as a fact, in Vietnam's time: "23:59:59 ngày 10/09/2024", in English "23:59:59, 10 Sep 2024".

    `localize` raises ValueError where the moment has no time zone.
    """

    at: datetime
    seconds: bool = True

    def localize(self, locale: Locale) -> str:
        if self.at.tzinfo is None:
            raise ValueError("a moment without a time zone")
        at = self.at.astimezone(VIETNAM)
        hour = at.strftime("%H:%M:%S" if self.seconds else "%H:%M")
        return locale.translate("{hour} ngày {day}").format(hour=hour, day=Day(at.date()).localize(locale))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its facts: `Sentence("Thiếu {left} phiếu.", {"left": 2})`."""

    text: str  # the Vietnamese source, with str.format fields
    facts: Mapping[str, object] = field(default_factory=dict)

    def localize(self, locale: Locale, escape: Callable[[str], str] = str) -> str:
        """The sentence in the reader's language, with its facts written in that language's format.

        `escape` is applied to each fact, for output where text from users could be read as markup.
        """
        read = {
            name: fact.localize(locale) if hasattr(fact, "localize") else str(fact) for name, fact in self.facts.items()
        }
        return locale.translate(self.text).format(**{name: escape(text) for name, text in read.items()})


class Refusal(Exception):
    """A request that is refused, with the reason as one sentence a person can act on. One subclass for each reason."""

    def __init__(self, text: str, /, **facts: object) -> None:
        self.sentence = Sentence(text, facts)
        super().__init__(self.sentence.localize(Locale()))

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All reasons, one line each; here the one sentence."""
        return (self.sentence,)


class UnusableText(Refusal):
    """The text cannot be stored in every database: it has a NUL or a lone surrogate."""

    def __init__(self) -> None:
        super().__init__("Trong chữ bạn gửi có ký tự không lưu được. Hãy xóa đoạn đó rồi gõ lại.")


def usable(text: str) -> str:
    """The text unchanged, where every database can store it. Raises UnusableText otherwise."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text if not character.isprintable()):
        raise UnusableText
    return text


class Unavailable(Refusal):
    """The request is valid but cannot be answered now; it can be repeated later."""

    @property
    def why(self) -> str:
        """The text of the innermost cause in parentheses, or "" without one. For the operator, never for a page."""
        cause: BaseException = self
        while cause.__cause__ is not None:
            cause = cause.__cause__
        return "" if cause is self else f"({' '.join(str(cause).split())})"
