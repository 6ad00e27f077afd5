"""The settings of a contest as values, read from a file by `contest_file` (docs/design.md, Contest file).

Points are integers in hundredths, money is in whole đồng, times have a time zone. Nothing here is a float.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import lcm
from operator import mul

from core.rules.access import Role
from core.rules.ids import CriterionKey, JudgeId, PrizeKey
from core.rules.interaction_kinds import INTERACTION_KINDS


class Method(StrEnum):
    """How the judges' totals of one work become its score."""

    MEAN = "mean"
    MEDIAN = "median"
    TRIMMED_MEAN = "trimmed_mean"
    RANK_SUM = "rank_sum"
    RANK_MEAN = "rank_mean"


class Then(StrEnum):
    """How prizes are given where a tie that no rung broke decides who gets a prize."""

    COMMITTEE = "committee"
    SHARE = "share"


class PrizeBy(StrEnum):
    """What a prize is given for."""

    SCORE = "score"
    INTERACTION = "interaction"


class ScreeningMethod(StrEnum):
    """What a screener says about a work."""

    VERDICTS = "verdicts"
    MARKS = "marks"


class StandingsForJudges(StrEnum):
    """When judges may see the standings."""

    NEVER = "never"
    AFTER_JUDGING = "after_judging"
    AFTER_PUBLICATION = "after_publication"


@dataclass(frozen=True, slots=True)
class Level:
    """A description of the works that deserve at least `least` points of a criterion."""

    least: int  # hundredths
    says: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the rubric: marks run from 0 to `maximum` by `step`, in hundredths of a point."""

    key: CriterionKey
    name: str
    maximum: int
    step: int
    weight: Fraction = Fraction(1)
    levels: tuple[Level, ...] = ()  # best first


@dataclass(frozen=True, slots=True)
class Scoring:
    """How the published score is computed from sheets."""

    method: Method = Method.MEAN
    trim: int = 1  # totals dropped at each end by trimmed_mean; unused by the other methods
    decimals: int = 2
    min_sheets: int = 3
    gap_alert: int | None = None  # hundredths; sheets further from the panel's mean are flagged for discussion


@dataclass(frozen=True, slots=True)
class Ties:
    """The tie-break ladder, fixed before the first mark, and what applies after its last rung."""

    ladder: tuple[str, ...] = ()  # "criterion:ND" or "chief"
    chief: JudgeId | None = None
    then: Then = Then.COMMITTEE


@dataclass(frozen=True, slots=True)
class Prize:
    """A prize, its quantity, and the money of each."""

    key: PrizeKey
    name: str
    quantity: int
    amount: int  # đồng each
    by: PrizeBy = PrizeBy.SCORE
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Interactions:
    """The weights of one reaction, comment, share and view."""

    reactions: int = 1
    comments: int = 1
    shares: int = 2
    views: int = 0

    @property
    def weights(self) -> dict[str, int]:
        """The weight of each kind of interaction."""
        return {kind: getattr(self, kind) for kind in INTERACTION_KINDS}

    def needs(self, kind: str) -> bool:
        """Whether a reading must have this count: every required kind, and each one with a weight."""
        return INTERACTION_KINDS[kind].required or self.weights[kind] > 0


@dataclass(frozen=True, slots=True)
class Window:
    """A period of time. Its first and last second both belong to it."""

    opens: datetime
    closes: datetime

    def holds(self, now: datetime) -> bool:
        """True from the first second to the end of the last second."""
        return self.opens <= now.replace(microsecond=0) <= self.closes


@dataclass(frozen=True, slots=True)
class Phases:
    """The contest's calendar."""

    submission: Window
    screening: Window
    judging: Window
    interactions_close: datetime
    award_meeting: datetime
    ceremony: datetime


@dataclass(frozen=True, slots=True)
class VideoRules:
    """The requirements for a work's video file."""

    container: str = "mp4"
    sizes: tuple[tuple[int, int], ...] = ((1280, 720), (1920, 1080))
    seconds: tuple[int, int] = (240, 300)
    tolerance_s: int = 0
    audio: bool = True


@dataclass(frozen=True, slots=True)
class EntryRules:
    """The rules for entering works."""

    max_per_author: int = 3
    video: VideoRules = VideoRules()
    code_prefix: str = "TP"  # a work's number in order of receipt: "TP-001"
    judging_code_prefix: str = "T"  # a finalist's random code: "T-417"
    categories: tuple[str, ...] = ()  # groups of authors (plan III.1); empty: any text
    forms: tuple[str, ...] = ()  # kinds of works (plan II.2); empty: any text
    most_works: int = 2000  # submissions that the public page takes


@dataclass(frozen=True, slots=True)
class ScreeningItem:
    """One question of the screeners' checklist."""

    key: str
    text: str
    clause: str = ""  # of the plan


@dataclass(frozen=True, slots=True)
class ScreeningRules:
    """How works are screened before the jury has them (plan III.2). A mark is out of 100 points."""

    screeners: int = 1
    method: ScreeningMethod = ScreeningMethod.VERDICTS
    pass_mark: int = 5000  # hundredths; unused by verdicts
    blind: bool = True
    items: tuple[ScreeningItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Judging:
    """Settings of the judging: what judges see, what they must have watched, who sees their names beside marks."""

    blind: bool = True
    watched_share: int = 0  # basis points of the film that must have been played before a sheet is submitted
    names_beside_marks: frozenset[Role] = frozenset({Role.CHIEF, Role.SECRETARY, Role.COMMITTEE})
    standings_for_judges: StandingsForJudges = StandingsForJudges.AFTER_PUBLICATION


@dataclass(frozen=True)  # without slots: cached_property needs a __dict__
class Contest:
    """All settings of one contest."""

    key: str
    name: str
    criteria: tuple[Criterion, ...]
    scoring: Scoring = Scoring()
    ties: Ties = Ties()
    prizes: tuple[Prize, ...] = ()
    interactions: Interactions = Interactions()
    theme: str = ""
    timezone: str = "Asia/Ho_Chi_Minh"
    legal_basis: tuple[str, ...] = ()
    place: str = ""
    bodies: tuple[tuple[str, str], ...] = ()  # (the body's key, its name), in the file's order
    signatories: tuple[tuple[str, str], ...] = ()
    phases: Phases | None = None
    entries: EntryRules = EntryRules()
    judging: Judging = field(default_factory=Judging)
    screening: ScreeningRules = ScreeningRules()

    @cached_property
    def weight_scale(self) -> int:
        """The smallest integer that makes every weight an integer when multiplied by it."""
        return lcm(*(criterion.weight.denominator for criterion in self.criteria))

    @cached_property
    def weights(self) -> tuple[int, ...]:
        """The weights times `weight_scale`, in the rubric's order."""
        return tuple(int(criterion.weight * self.weight_scale) for criterion in self.criteria)

    @cached_property
    def rungs(self) -> tuple[int | None, ...]:
        """The ladder as positions of criteria in the rubric; None stands for the chief's rung."""
        at = {f"criterion:{criterion.key}": position for position, criterion in enumerate(self.criteria)}
        return tuple(None if rung == "chief" else at[rung] for rung in self.ties.ladder)

    @cached_property
    def maximum_total(self) -> int:
        """The total of a sheet with every mark at its maximum, in units of 1/(100·weight_scale) point."""
        return sum(weight * c.maximum for weight, c in zip(self.weights, self.criteria, strict=True))

    def total(self, marks: Mapping[CriterionKey, int]) -> int:
        """The weighted total of a complete sheet, in units of 1/(100·weight_scale) point."""
        return sum(weight * marks[c.key] for weight, c in zip(self.weights, self.criteria, strict=True))

    def weighted(self, marks: Iterable[int]) -> int:
        """Like `total`, for marks given in the rubric's order."""
        return sum(map(mul, self.weights, marks))

    def criterion(self, key: CriterionKey) -> Criterion:
        """The criterion with this key. Raises StopIteration where there is none."""
        return next(criterion for criterion in self.criteria if criterion.key == key)

    def prize(self, key: PrizeKey) -> Prize:
        """The prize with this key. Raises StopIteration where there is none."""
        return next(prize for prize in self.prizes if prize.key == key)
