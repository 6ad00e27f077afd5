"""The award document as values: everything that the papers print, one section for each category of works.

Text is Vietnamese, as printed. Scores and totals are integers with their scale next to them, money is whole đồng, moments
are UTC milliseconds. After confirmation, everything that is printed comes from this document alone. `document_text`
writes it as the text that is confirmed, and reads that text.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

VERSION = 1  # version of newly confirmed documents; `document_text` reads this one and every earlier one


@dataclass(frozen=True, slots=True)
class Signatory:
    """A person who signs below the table, and the body they sign for. An empty name is written by hand."""

    body: str  # the contest file's key: "committee", "jury", "secretariat"
    title: str
    name: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The contest, the issuing bodies, the place, the legal basis and the signatories."""

    contest: str
    bodies: tuple[str, ...]  # the superior body first, the issuing body last
    place: str
    legal_basis: tuple[str, ...]
    signatories: tuple[Signatory, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What the paper can be checked against: the rule card's fingerprint and the ledger's last row."""

    rule_card: str  # "sha256:…"
    ledger_seq: int
    ledger_head: str  # hex


@dataclass(frozen=True, slots=True)
class CriterionColumn:
    """A column for a criterion; the maximum is in hundredths."""

    key: str
    name: str
    maximum: int


@dataclass(frozen=True, slots=True)
class JudgeColumn:
    """A column for a judge."""

    username: str
    name: str
    number: str  # "GK03": printed where the judge's name must not be; "" where the judge has none


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
    """An undecided quantity of a prize, and the works that may take it."""

    prize_name: str
    quantity: int
    codes: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class WithheldPrize:
    """A quantity of a prize that is not given, and why."""

    prize_name: str
    quantity: int
    why: str


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One work's row in the summary of scores; `totals` and `recused` refer to the judges' columns."""

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
    """One judge's sealed sheet for one work; marks are in hundredths, in the order of the criteria's columns."""

    code: str
    title: str
    judge: int  # position of the judge's column
    marks: tuple[int, ...]
    total: int
    revision: int
    sealed_at: int | None  # None where the reader may not know whose sheet it is


@dataclass(frozen=True, slots=True)
class Section:
    """The results of one category of works: its criteria, judges, prizes, standings and sheets."""

    key: str  # of the category; "" where the contest has no categories
    name: str
    score_places: int
    score_name: str  # name of the official score: "Điểm trung bình"
    total_scale: int  # a judge's total is in units of 1/total_scale of a point
    criteria: tuple[CriterionColumn, ...]
    judges: tuple[JudgeColumn, ...]
    awards: tuple[AwardRow, ...]
    undecided: tuple[OpenPrize, ...]
    withheld: tuple[WithheldPrize, ...]
    standings: tuple[StandingRow, ...]
    sheets: tuple[SheetRow, ...]

    @property
    def total_places(self) -> int:
        """Decimals of a judge's total; with fractional weights as many as on the screens (`core.desk.judging.judge_sheets`)."""
        return 2 if self.total_scale == 100 else max(2, self.score_places)


@dataclass(frozen=True, slots=True)
class AwardDocument:
    """The awards of a contest and everything that explains them.

    Raises ValueError where a draft has a salt, or a confirmed document has none.
    """

    letterhead: Letterhead
    proof: Proof
    drawn_at: int
    confirmed_by: str | None  # None: a draft
    salt: str  # 32 random hex digits, so that guessed contents cannot be tested against the hash; "" in a draft
    rules: tuple[str, ...]  # the rule card in words
    sections: tuple[Section, ...]
    version: int = VERSION

    def __post_init__(self) -> None:
        if self.draft == bool(self.salt):
            raise ValueError("a confirmed award document has a salt, a draft has none")

    @property
    def draft(self) -> bool:
        """True until the committee has confirmed it."""
        return self.confirmed_by is None

    @property
    def not_given(self) -> str:
        """The heading of the prizes in `withheld`. In a draft some of them may still be given."""
        return "Chưa trao hoặc không trao" if self.draft else "Không trao"

    @property
    def awards(self) -> tuple[AwardRow, ...]:
        """The awards of all sections, in order."""
        return tuple(award for section in self.sections for award in section.awards)

    @property
    def undecided(self) -> tuple[OpenPrize, ...]:
        """The undecided prizes of all sections, in order."""
        return tuple(prize for section in self.sections for prize in section.undecided)

    @property
    def withheld(self) -> tuple[WithheldPrize, ...]:
        """The withheld prizes of all sections, in order."""
        return tuple(prize for section in self.sections for prize in section.withheld)

    @property
    def total(self) -> int:
        """The sum of all awards of all sections, in đồng."""
        return sum(award.amount for award in self.awards)

    def heading(self, section: Section) -> str:
        """The heading above a section's rows: its name, or "" where it is the only section."""
        return section.name if len(self.sections) > 1 else ""

    def with_sections(self, change: Callable[[Section], Section]) -> "AwardDocument":
        """A copy of the document with `change` applied to each section."""
        return replace(self, sections=tuple(map(change, self.sections)))


def by_number(section: Section) -> Section:
    """A copy of the section with its judges' columns sorted by number, and its sheets by standing, then by judge."""
    numbers = [judge.number for judge in section.judges]
    order = sorted(range(len(numbers)), key=lambda at: (len(numbers[at]), numbers[at]))
    now_at = {was: now for now, was in enumerate(order)}
    standings = tuple(
        replace(
            row,
            totals=tuple(row.totals[was] for was in order),
            recused=tuple(sorted(now_at[was] for was in row.recused)),
        )
        for row in section.standings
    )
    works = {row.code: number for number, row in enumerate(section.standings)}
    moved = (replace(row, judge=now_at[row.judge]) for row in section.sheets)
    return replace(
        section,
        judges=tuple(section.judges[was] for was in order),
        standings=standings,
        sheets=tuple(sorted(moved, key=lambda row: (works.get(row.code, len(works)), row.judge))),
    )
