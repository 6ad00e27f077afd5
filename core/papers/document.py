"""The award table as a value: everything its papers print, and the canonical text that is confirmed.

Text is Vietnamese as it will be printed. Scores and totals are whole numbers with their scale beside them, money is
whole đồng, moments are UTC milliseconds. Nothing printed after the confirmation is read from anywhere else.
"""

import hashlib
import json
import types
from dataclasses import dataclass, is_dataclass
from functools import cache
from typing import Any, cast, get_args, get_origin, get_type_hints

import rfc8785


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs beneath the table, and for which body. The name may be empty: it is then written by hand."""

    body: str  # the contest file's key: "committee", "jury", "secretariat"
    title: str
    name: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues the paper, about which contest, and where."""

    contest: str
    bodies: tuple[str, ...]  # the superior body first, the issuing body last
    place: str
    legal_basis: tuple[str, ...]
    signatories: tuple[Signatory, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What the paper can be checked against: the rule card and the ledger's last row."""

    rule_card: str  # "sha256:…"
    ledger_seq: int
    ledger_head: str  # hex


@dataclass(frozen=True, slots=True)
class CriterionColumn:
    """A criterion as the head of a column; the maximum in hundredths."""

    key: str
    name: str
    maximum: int


@dataclass(frozen=True, slots=True)
class JudgeColumn:
    """A judge as the head of a column."""

    username: str
    name: str


@dataclass(frozen=True, slots=True)
class AwardRow:
    """One prize and the work that takes it."""

    prize: str
    prize_name: str
    certificate: str
    code: str
    title: str
    author: str
    unit: str
    place: int | None
    score: int | None  # in units of 10**-score_places
    amount: int  # đồng
    why: str


@dataclass(frozen=True, slots=True)
class OpenPrize:
    """Prizes that nobody has taken yet, and the works that may."""

    prize_name: str
    quantity: int
    codes: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class WithheldPrize:
    """Prizes the committee does not give, and why."""

    prize_name: str
    quantity: int
    why: str


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One work's line in the summary of scores; `totals` and `recused` go by the judges' columns."""

    code: str
    title: str
    place: int | None
    score: int | None
    sheets: int
    totals: tuple[int | None, ...]
    recused: tuple[int, ...]  # positions of judges' columns
    spread: int | None
    note: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One judge's sealed sheet for one work; marks in hundredths, by the criteria's columns."""

    code: str
    title: str
    judge: int  # position of the judge's column
    marks: tuple[int, ...]
    total: int
    revision: int
    sealed_at: int | None  # None where the reader may not know whose sheet it is


@dataclass(frozen=True, slots=True)
class AwardTable:
    """The award table and all that explains it."""

    letterhead: Letterhead
    proof: Proof
    drawn_at: int
    confirmed_by: str | None  # None: a draft
    score_places: int
    score_name: str  # how the official score is called: "Điểm trung bình"
    total_scale: int  # a judge's total is in units of 1/total_scale of a point
    criteria: tuple[CriterionColumn, ...]
    judges: tuple[JudgeColumn, ...]
    awards: tuple[AwardRow, ...]
    undecided: tuple[OpenPrize, ...]
    withheld: tuple[WithheldPrize, ...]
    standings: tuple[StandingRow, ...]
    sheets: tuple[SheetRow, ...]
    rules: tuple[str, ...]

    @property
    def draft(self) -> bool:
        """True until the committee has confirmed it."""
        return self.confirmed_by is None

    @property
    def not_given(self) -> str:
        """What is said of the prizes in `withheld`: in a draft some may still be given."""
        return "Chưa trao hoặc không trao" if self.draft else "Không trao"

    @property
    def total_places(self) -> int:
        """Decimals of a judge's total: with fractional weights as many as on the screens (`core.desk.judging`)."""
        return 2 if self.total_scale == 100 else max(2, self.score_places)

    @property
    def total(self) -> int:
        """The money of every award together, in đồng."""
        return sum(award.amount for award in self.awards)


def canonical(document: AwardTable) -> str:
    """The document as canonical JSON (RFC 8785): the same document, the same text."""
    return rfc8785.dumps(cast("dict[str, Any]", _plain(document))).decode()


def read(text: str) -> AwardTable:
    """The document that `canonical` wrote."""
    return cast("AwardTable", _built(AwardTable, json.loads(text)))


def fingerprint(text: str) -> str:
    """SHA-256 of the canonical text, as "sha256:…"."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in _hints(cast("Any", type(value)))}
    return value


def _built(kind: Any, value: Any) -> Any:
    if is_dataclass(kind):
        return cast("Any", kind)(
            **{name: _built(hint, value[name]) for name, hint in _hints(cast("Any", kind)).items()}
        )
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return tuple(_built(inner, part) for part in value)
    if isinstance(kind, types.UnionType):
        inner = next(part for part in get_args(kind) if part is not type(None))
        return None if value is None else _built(inner, value)
    if type(value) is not kind:
        raise ValueError(f"{kind.__name__} expected, found {type(value).__name__}")
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    """The fields of a dataclass, in their order, each with its type."""
    return get_type_hints(kind)
