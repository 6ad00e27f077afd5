"""Prizes go to places: a tie across a boundary is the committee's, or shared, as the regulation said beforehand (docs/design.md, Ties).

The prizes by score, best first, are laid out as so many seats; the works sit down in the order of their places.
Equals who all fit into one prize take it. Equals whom a boundary parts (two prizes, or the last prize and none) are decided by
`Ties.then`:

* `committee`: the prizes they straddle stay undecided, with the equals named, until the committee chooses; those it does not
  choose move on to the next seat;
* `share`: they pool the prizes they straddle and part the money equally in whole đồng, as equals share prize money in
  tournaments; each is named after the best prize of the pool, and the few đồng that cannot be parted stay unpaid and are stated.

Works of open order (`Standing.span`) are seated like equals, but what they straddle is always the committee's: that they
are equal was not shown. A withheld prize takes its seat away: the best work then takes the next prize ("không có giải Nhất").
A seat that stays free says why: no sheets or no counts yet, or no work left. Nothing appears or disappears:
awarded + shared + undecided + withheld + vacant is the fund, in number and in money.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from core.rules.contest import Contest, PrizeBy
from core.rules.ids import EntryId, PrizeKey
from core.rules.interactions import Count
from core.rules.prizes.prize_slots import Award, Choice, Group, Shared, SlotAllocator, Undecided
from core.rules.scoring.methods import score_said
from core.rules.scoring.placing import Standing
from core.rules.words import Moment, Number, Sentence

__all__ = ["Allocation", "Award", "Choice", "Decision", "NotGiven", "Shared", "Undecided", "Withhold", "allocate"]


@dataclass(frozen=True, slots=True)
class Withhold:
    """The committee does not give so many of a prize."""

    prize: PrizeKey
    quantity: int
    reason: str = ""


Decision = Choice | Withhold


@dataclass(frozen=True, slots=True)
class NotGiven:
    """So many of a prize that nobody takes, and why."""

    prize: PrizeKey
    quantity: int
    why: Sentence
    pending: bool = False  # sheets or counts are missing, so a work may still take it


@dataclass(frozen=True, slots=True)
class Allocation:
    """Where every prize of the contest goes."""

    awards: tuple[Award, ...]
    undecided: tuple[Undecided, ...] = ()
    withheld: tuple[NotGiven, ...] = ()
    vacant: tuple[NotGiven, ...] = ()  # no work takes it, or none yet
    unused: tuple[Decision, ...] = ()  # decisions that fit nothing, named rather than dropped


def allocate(
    contest: Contest,
    standings: Iterable[Standing],
    interactions: Mapping[EntryId, Count],
    decisions: Iterable[Decision] = (),
    *,
    works: int | None = None,
    unscored: int | None = None,
) -> Allocation:
    """Every prize of the contest, by the standings, the counted interactions and the committee's decisions.

    `works` and `unscored` are the numbers of all works and of those without a score. They are given where `standings`
    leaves works out, and counted from it otherwise.
    """
    standings, decisions = tuple(standings), tuple(decisions)
    withheld, void = _withheld(contest, [d for d in decisions if isinstance(d, Withhold)])
    choices = [decision for decision in decisions if isinstance(decision, Choice)]
    entries = {standing.entry for standing in standings}
    counts = {entry: count for entry, count in interactions.items() if entry in entries}
    unscored = sum(standing.score is None for standing in standings) if unscored is None else unscored
    uncounted = (len(entries) if works is None else works) - len(counts)
    table = SlotAllocator([], choices, contest.ties.then)
    vacant: list[NotGiven] = []
    for by, groups, (why, pending) in (
        (PrizeBy.SCORE, _by_place(contest, standings), _sheets_left(unscored)),
        (PrizeBy.INTERACTION, _by_count(counts), _counts_left(uncounted, any_counted=bool(counts))),
    ):
        table.seats = [
            (prize, left)
            for prize in contest.prizes
            if prize.by is by and (left := prize.quantity - sum(w.quantity for w in withheld if w.prize == prize.key))
        ]
        for group in groups:
            table.seat(group)
        vacant += [NotGiven(prize.key, left, why, pending) for prize, left in table.seats]
    return Allocation(
        awards=tuple(table.awards),
        undecided=tuple(table.undecided),
        withheld=tuple(NotGiven(w.prize, w.quantity, _withheld_why(w)) for w in withheld),
        vacant=tuple(vacant),
        unused=(*void, *table.choices),
    )


def _sheets_left(unscored: int) -> tuple[Sentence, bool]:
    """Why a prize by score is left over, and whether a work may still take it."""
    if unscored:
        return Sentence("Chưa có tác phẩm nhận giải: còn {count} tác phẩm chưa đủ phiếu.", {"count": unscored}), True
    return Sentence("Không còn tác phẩm nào được xếp hạng để nhận giải."), False


def _counts_left(uncounted: int, *, any_counted: bool) -> tuple[Sentence, bool]:
    """Why a prize by interactions is left over, and whether a work may still take it."""
    if not any_counted:
        return Sentence("Chưa có tác phẩm nhận giải: chưa có số liệu tương tác."), True
    if uncounted:
        facts = {"count": uncounted}
        return Sentence("Chưa có tác phẩm nhận giải: còn {count} tác phẩm chưa có số liệu tương tác.", facts), True
    return Sentence("Không còn tác phẩm nào có lượt tương tác được tính để nhận giải."), False


def _withheld(contest: Contest, decisions: Iterable[Withhold]) -> tuple[list[Withhold], list[Withhold]]:
    """The decisions to withhold that fit, and those that would withhold what is not there."""
    left = {prize.key: prize.quantity for prize in contest.prizes}
    fit, void = list[Withhold](), list[Withhold]()
    for decision in decisions:
        if 0 < decision.quantity <= left.get(decision.prize, 0):
            left[decision.prize] -= decision.quantity
            fit.append(decision)
        else:
            void.append(decision)
    return fit, void


def _withheld_why(decision: Withhold) -> Sentence:
    if decision.reason:
        return Sentence("Ban Tổ chức quyết định không trao: {reason}", {"reason": decision.reason})
    return Sentence("Ban Tổ chức quyết định không trao.")


def _by_place(contest: Contest, standings: Iterable[Standing]) -> list[Group]:
    """Works with a place, or a span of places, the best first."""
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
    level = score_said(contest, standing.score or 0)
    if standing.span is not None:
        first, last = standing.span
        facts: dict[str, object] = {"first": first, "last": last, "level": level}
        return Sentence("Trong các hạng từ {first} đến {last}, chưa phân định thứ tự, với {level}.", facts)
    facts = {"place": standing.place, "level": level, "tie_break": standing.tie_break}
    if standing.tie_break is None:
        return Sentence("Hạng {place} với {level}.", facts)
    return Sentence("Hạng {place} với {level}. {tie_break}", facts)


def _by_count(counts: Mapping[EntryId, Count]) -> list[Group]:
    """Works with any interactions, the most first; no rung parts their ties."""
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
