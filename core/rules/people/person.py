"""A natural person as the contest's rules compare them: an author or an official."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Person:
    """Name as typed (NFC), date of birth if known, phone as `phone_key` writes it or empty."""

    name: str
    birth: date | None = None
    phone: str = ""
