"""Prize slots: tied works take slots as one group, and the committee decides or they share at a boundary (`allocation`).

Works of open order (`Standing.span`) form one group too, but never share: nothing shows that they are equal.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.rules.contest import Prize, Then
from core.rules.ids import EntryId, PrizeKey
from core.rules.words import Dong, Sentence


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision of the committee to give an undecided prize to these works, as many as its undecided quantity."""

    prize: PrizeKey
    entries: tuple[EntryId, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """Prizes pooled by equal works: each work takes `each` đồng; `remainder` đồng cannot be divided and are not paid."""

    slots: tuple[tuple[PrizeKey, int], ...]
    entries: tuple[EntryId, ...]
    each: int
    remainder: int


@dataclass(frozen=True, slots=True)
class Award:
    """A prize, or a part of a pool, that a work takes, and why. `amount` is in đồng."""

    prize: PrizeKey
    entry: EntryId
    amount: int
    why: Sentence
    shared: Shared | None = None


@dataclass(frozen=True, slots=True)
class Undecided:
    """A quantity of a prize that the committee must decide among works that are equal or of open order."""

    prize: PrizeKey
    quantity: int
    entries: tuple[EntryId, ...]
    why: Sentence


@dataclass(frozen=True, slots=True)
class Group:
    """Works that are equal, or whose order is open (`equal` is False), and the reason for each."""

    entries: tuple[EntryId, ...]
    why: Mapping[EntryId, Sentence]
    equal: bool = True


@dataclass(slots=True)
class SlotAllocator:
    """Gives prize slots to groups, best first: the free slots, the committee's unused choices, and the results so far."""

    slots: list[tuple[Prize, int]]
    choices: list[Choice]
    then: Then
    awards: list[Award] = field(default_factory=list)
    undecided: list[Undecided] = field(default_factory=list)

    def give(self, group: Group) -> None:
        """Give a group the next free slots. Works share a prize only where they are shown to be equal."""
        equals = list(group.entries)
        while equals and self.slots:
            prize, free = self.slots[0]
            if len(equals) <= free:
                self._award(prize, equals, group)
                return
            if self.then is Then.SHARE and group.equal:
                self._share(equals, self._remove_slots(len(equals)))
                return
            choice = self._choice(prize, free, equals)
            if choice is None:
                self._leave_undecided(equals, self._remove_slots(len(equals)), equal=group.equal)
                return
            self.choices.remove(choice)
            chosen = [entry for entry in equals if entry in choice.entries]
            self._award(prize, chosen, replace(group, why={e: _chosen_reason(group, e, choice.reason) for e in chosen}))
            equals = [entry for entry in equals if entry not in choice.entries]

    def _award(self, prize: Prize, entries: Sequence[EntryId], group: Group) -> None:
        self._remove_slots(len(entries))
        self.awards += [Award(prize.key, entry, prize.amount, group.why[entry]) for entry in entries]

    def _choice(self, prize: Prize, free: int, equals: Collection[EntryId]) -> Choice | None:
        fitting = (
            c
            for c in self.choices
            if c.prize == prize.key and len(c.entries) == len(set(c.entries) & set(equals)) == free
        )
        return next(fitting, None)

    def _remove_slots(self, slots: int) -> list[tuple[Prize, int]]:
        """Remove and return up to so many slots, as (prize, number of its slots) pairs."""
        removed: list[tuple[Prize, int]] = []
        while slots and self.slots:
            prize, free = self.slots.pop(0)
            quantity = min(slots, free)
            if free > quantity:
                self.slots.insert(0, (prize, free - quantity))
            removed.append((prize, quantity))
            slots -= quantity
        return removed

    def _leave_undecided(
        self, entries: Sequence[EntryId], straddled: Sequence[tuple[Prize, int]], *, equal: bool
    ) -> None:
        for prize, quantity in straddled:
            facts = {"count": len(entries), "entries": ", ".join(entries), "quantity": quantity, "prize": prize.name}
            why = (
                Sentence(
                    "{count} tác phẩm vẫn bằng nhau ({entries}) trong khi còn {quantity} suất {prize}: chờ Ban Tổ chức quyết định.",
                    facts,
                )
                if equal
                else Sentence(
                    "{count} tác phẩm chưa phân định được thứ tự vì còn thiếu thứ hạng ({entries}) trong khi còn {quantity} suất {prize}: chờ Ban Tổ chức quyết định.",
                    facts,
                )
            )
            self.undecided.append(Undecided(prize.key, quantity, tuple(entries), why))

    def _share(self, equals: Sequence[EntryId], straddled: Sequence[tuple[Prize, int]]) -> None:
        pool = sum(prize.amount * quantity for prize, quantity in straddled)
        each, remainder = divmod(pool, len(equals))
        slots = tuple((prize.key, quantity) for prize, quantity in straddled)
        shared = Shared(slots, tuple(equals), each, remainder)
        facts = {
            "entries": ", ".join(equals),
            "pool": Dong(pool),
            "prizes": ", ".join(f"{quantity} {prize.name}" for prize, quantity in straddled),
            "each": Dong(each),
            "remainder": Dong(remainder),
        }
        why = Sentence("Đồng hạng ({entries}): gộp {prizes}, tổng {pool}, chia đều mỗi tác phẩm {each}.", facts)
        if remainder:
            why = Sentence(
                "Đồng hạng ({entries}): gộp {prizes}, tổng {pool}, chia đều mỗi tác phẩm {each}, còn dư {remainder} không chia.",
                facts,
            )
        self.awards += [Award(slots[0][0], entry, each, why, shared) for entry in equals]


def _chosen_reason(group: Group, entry: EntryId, reason: str) -> Sentence:
    facts = {"why": group.why[entry], "entries": ", ".join(group.entries), "reason": reason}
    if not group.equal and reason:
        return Sentence(
            "{why} Ban Tổ chức chọn trong các tác phẩm chưa phân định được thứ tự ({entries}): {reason}", facts
        )
    if not group.equal:
        return Sentence("{why} Ban Tổ chức chọn trong các tác phẩm chưa phân định được thứ tự ({entries}).", facts)
    if reason:
        return Sentence("{why} Ban Tổ chức chọn trong các tác phẩm bằng nhau ({entries}): {reason}", facts)
    return Sentence("{why} Ban Tổ chức chọn trong các tác phẩm bằng nhau ({entries}).", facts)
