"""Allocate prizes to works by place, with ties across a prize boundary handled as `Ties.then` says (docs/design.md, Ties).

Each prize by score has as many slots as its quantity, best prize first. Works take the slots in the order of their
places. Equal works that all fit into one prize take it. Equal works may straddle a boundary between two prizes, or
between the last prize and none. `Ties.then` then decides:

* `committee`: the prizes that they straddle stay undecided, with the equal works named, until the committee chooses.
  Works that it does not choose are considered for the next slot.
* `share`: the prizes that they straddle are pooled and the money is divided equally in whole đồng, as tied players share
  prize money in tournaments. Each work is named after the best prize of the pool. The few đồng that cannot be divided
  stay unpaid and are stated.

Works of open order (`Standing.span`) are treated like equal works, but the committee always decides the prizes that they
straddle: it was not shown that they are equal. A withheld prize loses its slot, so the best work takes the next prize
("không có giải Nhất"). A slot that stays free has a reason: no sheets or no counts yet, or no work left.
Invariant: awarded + shared + undecided + withheld + vacant is the fund, in number and in money.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.rules.contest import Contest
from core.rules.ids import EntryId, PrizeKey
from core.rules.interactions import Count
from core.rules.prizes.prize_kinds import PRIZE_KINDS, Unfilled
from core.rules.prizes.prize_slots import Award, Choice, Shared, SlotAllocator, Undecided
from core.rules.scoring.placing import Standing
from core.rules.words import Sentence

__all__ = ["Allocation", "Award", "Choice", "Decision", "NotGiven", "Shared", "Undecided", "Withhold", "allocate"]


@dataclass(frozen=True, slots=True)
class Withhold:
    """A decision of the committee not to give `quantity` of a prize."""

    prize: PrizeKey
    quantity: int
    reason: str = ""


Decision = Choice | Withhold


@dataclass(frozen=True, slots=True)
class NotGiven:
    """A quantity of a prize that no work takes, and why."""

    prize: PrizeKey
    quantity: int
    why: Sentence
    pending: bool = False  # sheets or counts are missing, so a work may still take it


@dataclass(frozen=True, slots=True)
class Allocation:
    """What happens to every prize of the contest."""

    awards: tuple[Award, ...]
    undecided: tuple[Undecided, ...] = ()
    withheld: tuple[NotGiven, ...] = ()
    vacant: tuple[NotGiven, ...] = ()  # no work takes it, or none yet
    unused: tuple[Decision, ...] = ()  # decisions that match no prize or no tie; reported, not dropped


def allocate(
    contest: Contest,
    standings: Iterable[Standing],
    interactions: Mapping[EntryId, Count],
    decisions: Iterable[Decision] = (),
    *,
    works: int | None = None,
    unscored: int | None = None,
) -> Allocation:
    """Allocate every prize of the contest by the standings, the counted interactions and the committee's decisions.

    `works` and `unscored` are the numbers of all works and of the works without a score. Pass them where `standings`
    leaves works out; otherwise they are counted from it.
    """
    standings, decisions = tuple(standings), tuple(decisions)
    withheld, void = _withheld(contest, [d for d in decisions if isinstance(d, Withhold)])
    choices = [decision for decision in decisions if isinstance(decision, Choice)]
    entries = {standing.entry for standing in standings}
    counts = {entry: count for entry, count in interactions.items() if entry in entries}
    unfilled = Unfilled(
        unscored=sum(standing.score is None for standing in standings) if unscored is None else unscored,
        uncounted=(len(entries) if works is None else works) - len(counts),
        any_counted=bool(counts),
    )
    table = SlotAllocator([], choices, contest.ties.then)
    vacant: list[NotGiven] = []
    for kind in PRIZE_KINDS.values():
        table.slots = [
            (prize, left)
            for prize in contest.prizes
            if prize.by is kind.key
            and (left := prize.quantity - sum(w.quantity for w in withheld if w.prize == prize.key))
        ]
        for group in kind.groups(contest, standings, counts):
            table.give(group)
        why, pending = kind.unfilled(unfilled)
        vacant += [NotGiven(prize.key, left, why, pending) for prize, left in table.slots]
    return Allocation(
        awards=tuple(table.awards),
        undecided=tuple(table.undecided),
        withheld=tuple(NotGiven(w.prize, w.quantity, _withheld_why(w)) for w in withheld),
        vacant=tuple(vacant),
        unused=(*void, *table.choices),
    )


def _withheld(contest: Contest, decisions: Iterable[Withhold]) -> tuple[list[Withhold], list[Withhold]]:
    """(valid, void): the decisions to withhold, and those that would withhold more than there is of the prize."""
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
