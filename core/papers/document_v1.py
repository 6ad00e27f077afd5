"""Version 1 of the confirmed award document: the fields of its text with their types.

Confirmed documents of this version are stored for ever, so nothing here changes. A field that a later release adds to
`core.papers.document` gets its default when a text of version 1 is read, and is left out when one is written.
"""

from typing import Annotated, Literal

import msgspec

from core.papers import document as values


class _Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base class: a JSON object with exactly these fields."""


class Signatory(_Shape, frozen=True):
    """A person who signs, and the body they sign for."""

    body: str
    title: str
    name: str


class Letterhead(_Shape, frozen=True):
    """The contest, the issuing bodies, the place, the legal basis and the signatories."""

    contest: str
    bodies: tuple[str, ...]
    place: str
    legal_basis: tuple[str, ...]
    signatories: tuple[Signatory, ...]


class Proof(_Shape, frozen=True):
    """The rule card's fingerprint and the ledger's last row."""

    rule_card: str
    ledger_seq: int
    ledger_head: str


class CriterionColumn(_Shape, frozen=True):
    """A criterion; the maximum in hundredths of a point."""

    key: str
    name: str
    maximum: int


class JudgeColumn(_Shape, frozen=True):
    """A judge."""

    username: str
    name: str
    number: str


class AwardRow(_Shape, frozen=True):
    """One prize and the work that takes it; `amount` in đồng, `score` in units of 10**-score_places."""

    prize: str
    prize_name: str
    certificate: str
    code: str
    title: str
    author: str
    unit: str
    place: int | None
    score: int | None
    amount: int
    why: str


class OpenPrize(_Shape, frozen=True):
    """An undecided quantity of a prize, and the works that may take it."""

    prize_name: str
    quantity: int
    codes: tuple[str, ...]
    why: str


class WithheldPrize(_Shape, frozen=True):
    """A quantity of a prize that is not given, and why."""

    prize_name: str
    quantity: int
    why: str


class StandingRow(_Shape, frozen=True):
    """One work's result; `totals` and `recused` refer to the judges' positions."""

    code: str
    title: str
    place: int | None
    score: int | None
    sheets: int
    totals: tuple[int | None, ...]
    recused: tuple[int, ...]
    spread: int | None
    note: str


class SheetRow(_Shape, frozen=True):
    """One judge's sealed sheet for one work; `judge` is a position, `marks` are in hundredths, in the criteria's order."""

    code: str
    title: str
    judge: int
    marks: tuple[int, ...]
    total: int
    revision: int
    sealed_at: int | None


class Section(_Shape, frozen=True):
    """One category of works."""

    key: str
    name: str
    score_places: int
    score_name: str
    total_scale: int
    criteria: tuple[CriterionColumn, ...]
    judges: tuple[JudgeColumn, ...]
    awards: tuple[AwardRow, ...]
    undecided: tuple[OpenPrize, ...]
    withheld: tuple[WithheldPrize, ...]
    standings: tuple[StandingRow, ...]
    sheets: tuple[SheetRow, ...]


class AwardDocument(_Shape, frozen=True):
    """The whole document; `salt` is 16 bytes in hex, or "" in a draft."""

    version: Literal[1]
    salt: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{32})?\Z")]
    letterhead: Letterhead
    proof: Proof
    drawn_at: int
    confirmed_by: str | None
    rules: tuple[str, ...]
    sections: tuple[Section, ...]


def read(text: str) -> values.AwardDocument:
    """Parse a text of version 1. Raises msgspec.MsgspecError where it has other fields or types."""
    stored = msgspec.json.decode(text, type=AwardDocument)
    return msgspec.convert(stored, values.AwardDocument, from_attributes=True)


def fields(document: values.AwardDocument) -> object:
    """The document as the JSON value of version 1. Raises msgspec.MsgspecError where a value has the wrong type."""
    return msgspec.to_builtins(msgspec.convert(document, AwardDocument, from_attributes=True))
