"""Random judging codes of the finalists, from a public seed (docs/contest-rules.md, Judging codes).

What each step protects against:

* The list is closed first and its SHA-256 made public: nobody can add or exchange a work once the seed is known.
* The source of the seed is announced with the list (a lottery of a later day, dice thrown in public): nobody can try
  many seeds and keep the one whose codes they like.
* The codes follow from the SHA-256 of both: anybody can draw them again, and nobody can guess one from another.
* Numbers are drawn one work at a time in the order of the list: a code says nothing of the order of receipt.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from core.rules.words import Refusal

SEED = re.compile(r"[0-9A-Za-z][0-9A-Za-z .,:/-]{3,199}")
LEAST_DIGITS = 3


class BadSeed(Refusal):
    """The seed is too short, too long, or has signs that not everybody can type in the same way."""

    def __init__(self) -> None:
        super().__init__("Con số bốc thăm gồm 4 đến 200 chữ không dấu, chữ số, dấu cách và các dấu . , : / -")


@dataclass(frozen=True, slots=True)
class FinalsList:
    """A closed list: the codes of the accepted submissions, and the codes that the jury's works have already."""

    works: tuple[str, ...]
    taken: tuple[str, ...] = ()

    @classmethod
    def of(cls, works: Iterable[str], taken: Iterable[str] = ()) -> "FinalsList":
        """The list of these codes, each sorted by code points."""
        return cls(tuple(sorted(works)), tuple(sorted(taken)))

    @property
    def text(self) -> str:
        """The canonical text, of which the SHA-256 is made public: one line for each code."""
        lines = ["finals list 1", *(f"work {code}" for code in self.works), *(f"taken {code}" for code in self.taken)]
        return "".join(f"{line}\n" for line in lines)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the canonical text in UTF-8, hex."""
        return _sha256(self.text)


def clean_seed(text: str) -> str:
    """The typed seed with single spaces. Raises BadSeed."""
    seed = " ".join(text.split())
    if not SEED.fullmatch(seed):
        raise BadSeed
    return seed


def drawn_codes(closed: FinalsList, seed: str, prefix: str) -> dict[str, str]:
    r"""Submission code -> judging code, such as "T-417". `seed` as `clean_seed` returns it.

    A number is SHA-256("judging code 1\n" + list's hash + "\n" + seed + "\n" + work + "\n" + attempt + "\n") modulo
    the count of numbers; a code that is taken is drawn again with the next attempt, from 0.
    """
    first, given = first_number(len(closed.works)), dict[str, str]()
    for work in closed.works:
        given[work] = _code_of(work, f"{closed.sha256}\n{seed}\n", first, prefix, {*given.values(), *closed.taken})
    return given


def first_number(works: int) -> int:
    """The smallest number for so many works: 100, or more digits where half of the numbers were not enough."""
    first: int = 10 ** (LEAST_DIGITS - 1)
    while 2 * works > 9 * first:
        first *= 10
    return first


def in_drawn_order(codes: Mapping[str, str]) -> list[tuple[str, str]]:
    """The (submission code, judging code) pairs in the order of the judging codes, which the jury's works are added in."""
    return sorted(codes.items(), key=lambda pair: pair[1])


def _code_of(work: str, public: str, first: int, prefix: str, used: Collection[str]) -> str:
    attempt = 0
    while (code := f"{prefix}-{_number(work, public, first, attempt)}") in used:
        attempt += 1
    return code


def _number(work: str, public: str, first: int, attempt: int) -> int:
    return first + int(_sha256(f"judging code 1\n{public}{work}\n{attempt}\n"), 16) % (9 * first)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
