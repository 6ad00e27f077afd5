"""The register of prize kinds: what a prize is given for, and in which order the works take it (plan V.1, V.2).

A new kind is one member of `core.rules.contest.PrizeBy` and one entry here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from core.rules.contest import Contest, PrizeBy
from core.rules.ids import EntryId
from core.rules.interactions import Count
from core.rules.prizes.prize_slots import Group
from core.rules.scoring.methods import score_sentence
from core.rules.scoring.placing import Standing
from core.rules.words import Moment, Number, Sentence


@dataclass(frozen=True, slots=True)
class Unfilled:
    """What is still missing when a prize finds no work: works without a score, and works without counts."""

    unscored: int
    uncounted: int
    any_counted: bool


@dataclass(frozen=True, slots=True)
class PrizeKind:
    """One kind of prize.

    `groups` gives the works in the order in which they take prizes, equal works in one group. `unfilled` says why a prize
    is left over, and whether a work may still take it.
    """

    key: PrizeBy
    basis: Sentence  # in the rule card, after "trao"
    groups: Callable[[Contest, Iterable[Standing], Mapping[EntryId, Count]], list[Group]]
    unfilled: Callable[[Unfilled], tuple[Sentence, bool]]
    needs_counts: bool = False  # decided by interactions: they are frozen before the awards are confirmed


def _by_place(contest: Contest, standings: Iterable[Standing], _counts: Mapping[EntryId, Count]) -> list[Group]:
    """Groups of works with the same place, or the same span of places, best first."""
    placed = sorted((_first_place(s), s.entry, s) for s in standings if s.place is not None or s.span is not None)
    groups = []
    for _, tied in groupby(placed, key=itemgetter(0)):
        members = [standing for _, _, standing in tied]
        why = {standing.entry: _by_place_why(contest, standing) for standing in members}
        groups.append(Group(tuple(why), why, equal=members[0].span is None))
    return groups


def _first_place(standing: Standing) -> int:
    return standing.place or (standing.span[0] if standing.span else 0)


def _by_place_why(contest: Contest, standing: Standing) -> Sentence:
    level = score_sentence(contest, standing.score or 0)
    if standing.span is not None:
        first, last = standing.span
        facts: dict[str, object] = {"first": first, "last": last, "level": level}
        return Sentence("Trong các hạng từ {first} đến {last}, chưa phân định thứ tự, với {level}.", facts)
    facts = {"place": standing.place, "level": level, "tie_break": standing.tie_break}
    if standing.tie_break is None:
        return Sentence("Hạng {place} với {level}.", facts)
    return Sentence("Hạng {place} với {level}. {tie_break}", facts)


def _by_count(_contest: Contest, _standings: Iterable[Standing], counts: Mapping[EntryId, Count]) -> list[Group]:
    """Groups of works with equal weighted interactions above 0, the most first. The tie-break ladder is not used."""
    rows = sorted((-count.weighted, entry) for entry, count in counts.items() if count.weighted > 0)
    groups, ahead = [], 0
    for _, equals in groupby(rows, key=lambda row: row[0]):
        why = {entry: _by_count_why(ahead + 1, counts[entry]) for _, entry in equals}
        groups.append(Group(tuple(why), why))
        ahead += len(why)
    return groups


def _by_count_why(place: int, count: Count) -> Sentence:
    facts = {"place": place, "weighted": Number(count.weighted), "at": Moment(count.reading.taken_at)}
    return Sentence("Hạng {place} về lượng tương tác: {weighted} lượt quy đổi, số liệu lúc {at}.", facts)


def _sheets_left(left: Unfilled) -> tuple[Sentence, bool]:
    if left.unscored:
        facts = {"count": left.unscored}
        return Sentence("Chưa có tác phẩm nhận giải: còn {count} tác phẩm chưa đủ phiếu.", facts), True
    return Sentence("Không còn tác phẩm nào được xếp hạng để nhận giải."), False


def _counts_left(left: Unfilled) -> tuple[Sentence, bool]:
    if not left.any_counted:
        return Sentence("Chưa có tác phẩm nhận giải: chưa có số liệu tương tác."), True
    if left.uncounted:
        facts = {"count": left.uncounted}
        return Sentence("Chưa có tác phẩm nhận giải: còn {count} tác phẩm chưa có số liệu tương tác.", facts), True
    return Sentence("Không còn tác phẩm nào có lượt tương tác được tính để nhận giải."), False


_REGISTER = (
    PrizeKind(PrizeBy.SCORE, Sentence("theo điểm của Ban Giám khảo"), _by_place, _sheets_left),
    PrizeKind(PrizeBy.INTERACTION, Sentence("theo lượng tương tác"), _by_count, _counts_left, needs_counts=True),
)
PRIZE_KINDS: Mapping[PrizeBy, PrizeKind] = {kind.key: kind for kind in _REGISTER}


def needs_counts(contest: Contest) -> bool:
    """True where a prize of this contest is decided by interactions."""
    return any(PRIZE_KINDS[prize.by].needs_counts for prize in contest.prizes)
