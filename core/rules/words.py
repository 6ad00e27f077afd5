"""How the desk speaks: a sentence is a value until somebody reads it.

The source language is Vietnamese; the English catalogue translates the same sentences (DECISIONS 4).
Nothing here opens a catalogue: the translation is handed in as a function.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # no daylight saving time since 1975

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Language(StrEnum):
    """A language the desk speaks."""

    VI = "vi"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Locale:
    """A language and the catalogue that speaks it."""

    language: Language = Language.VI
    translate: Callable[[str], str] = str

    def decimal(self, units: int, places: int) -> str:
        """An integer of 10**-places units as a decimal: (850, 2) is "8,50" in Vietnamese, "8.50" in English."""
        sign, digits = ("-" if units < 0 else ""), str(abs(units)).rjust(places + 1, "0")
        if places == 0:
            return sign + digits
        return f"{sign}{digits[:-places]}{',' if self.language is Language.VI else '.'}{digits[-places:]}"

    def count(self, number: int) -> str:
        """A whole number with the thousands parted: "5.000.000" in Vietnamese, "5,000,000" in English."""
        parted = f"{number:,}"
        return parted.replace(",", ".") if self.language is Language.VI else parted


class Localizable(Protocol):
    """A fact that knows how it is written in a language."""

    def localize(self, locale: Locale) -> str: ...


@dataclass(frozen=True, slots=True)
class Points:
    """Points to be read, in units of 10**-places of a point."""

    units: int
    places: int = 2

    def localize(self, locale: Locale) -> str:
        return locale.decimal(self.units, self.places)


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound of the rubric to be read, in hundredths, as short as it can be written: "40", "0,5"."""

    hundredths: int

    def localize(self, locale: Locale) -> str:
        units, places = self.hundredths, 2
        while places and units % 10 == 0:
            units, places = units // 10, places - 1
        return locale.decimal(units, places)


@dataclass(frozen=True, slots=True)
class Exact:
    """A non-negative number to be read exactly: "100", "1,5", or a fraction where no decimal ends: "25/3"."""

    number: Fraction

    def localize(self, locale: Locale) -> str:
        places, rest = 0, self.number.denominator
        while rest % 10 == 0 or rest % 5 == 0 or rest % 2 == 0:
            rest //= 10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2
            places += 1
        return str(self.number) if rest > 1 else locale.decimal(int(self.number * 10**places), places)


@dataclass(frozen=True, slots=True)
class Dong:
    """Money to be read, in whole đồng."""

    amount: int

    def localize(self, locale: Locale) -> str:
        return locale.count(self.amount) + locale.translate(" đồng")


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number to be read, its thousands parted."""

    number: int

    def localize(self, locale: Locale) -> str:
        return locale.count(self.number)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment to be read, in Vietnam's time: "23:59:59 ngày 10/09/2024", in English "23:59:59, 10 Sep 2024"."""

    at: datetime
    seconds: bool = True

    def localize(self, locale: Locale) -> str:
        if self.at.tzinfo is None:
            raise ValueError("a moment without a time zone")
        at = self.at.astimezone(VIETNAM)
        hour = at.strftime("%H:%M:%S" if self.seconds else "%H:%M")
        vietnamese = locale.language is Language.VI
        day = f"{at:%d/%m/%Y}" if vietnamese else f"{at.day} {_MONTHS[at.month - 1]} {at.year}"
        return locale.translate("{hour} ngày {day}").format(hour=hour, day=day)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its facts: `Sentence("Thiếu {left} phiếu.", {"left": 2})`."""

    text: str  # the Vietnamese source, with str.format fields
    facts: Mapping[str, object] = field(default_factory=dict)

    def localize(self, locale: Locale, escape: Callable[[str], str] = str) -> str:
        """The sentence in the reader's language, its facts written by that language's habits.

        `escape` is applied to each fact, for a place where people's words could be read as markup.
        """
        read = {
            name: fact.localize(locale) if hasattr(fact, "localize") else str(fact) for name, fact in self.facts.items()
        }
        return locale.translate(self.text).format(**{name: escape(text) for name, text in read.items()})


class Refusal(Exception):
    """What was asked is not done, and why, as one sentence a person can act on. One subclass for each reason."""

    def __init__(self, text: str, /, **facts: object) -> None:
        self.sentence = Sentence(text, facts)
        super().__init__(self.sentence.localize(Locale()))

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every reason there is, one line each; the sentence alone where there is one."""
        return (self.sentence,)


class UnusableText(Refusal):
    """A text that no database can hold: it has a NUL, or half of a character of two parts."""

    def __init__(self) -> None:
        super().__init__("Trong chữ bạn gửi có ký tự không lưu được. Hãy xóa đoạn đó rồi gõ lại.")


def usable(text: str) -> str:
    """The text as it is, where every database can hold it. Raises UnusableText."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text if not character.isprintable()):
        raise UnusableText
    return text


class Unavailable(Refusal):
    """Nothing is wrong with what was asked: it cannot be answered now, and later it can."""

    @property
    def why(self) -> str:
        """What it comes from, in its own words: for whoever holds the machine, never for a page."""
        cause: BaseException = self
        while cause.__cause__ is not None:
            cause = cause.__cause__
        return "" if cause is self else f"({' '.join(str(cause).split())})"
