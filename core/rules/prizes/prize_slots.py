"""Seats: equals sit down together, and a boundary that parts them is the committee's or is shared (`allocation`).

Works of open order (`Standing.span`) sit down together too, but never share: nothing shows that they are equal.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.rules.contest import Prize, Then
from core.rules.ids import EntryId, PrizeKey
from core.rules.words import Dong, Sentence


@dataclass(frozen=True, slots=True)
class Choice:
    """The committee gives an undecided prize to these of its works, as many as are undecided."""

    prize: PrizeKey
    entries: tuple[EntryId, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """Prizes pooled by equals: each takes `each`, and `remainder` đồng cannot be parted."""

    seats: tuple[tuple[PrizeKey, int], ...]
    entries: tuple[EntryId, ...]
    each: int
    remainder: int


@dataclass(frozen=True, slots=True)
class Award:
    """A work takes a prize, or its part of a pool, and why."""

    prize: PrizeKey
    entry: EntryId
    amount: int
    why: Sentence
    shared: Shared | None = None


@dataclass(frozen=True, slots=True)
class Undecided:
    """So many of a prize lie between works that are equal or of open order, for the committee to choose."""

    prize: PrizeKey
    quantity: int
    entries: tuple[EntryId, ...]
    why: Sentence


@dataclass(frozen=True, slots=True)
class Group:
    """Works that are equal, or whose order is open, and what is said of each of them."""

    entries: tuple[EntryId, ...]
    why: Mapping[EntryId, Sentence]
    equal: bool = True


@dataclass(slots=True)
class SlotAllocator:
    """The seats still free, and what has been given away."""

    seats: list[tuple[Prize, int]]
    choices: list[Choice]
    then: Then
    awards: list[Award] = field(default_factory=list)
    undecided: list[Undecided] = field(default_factory=list)

    def seat(self, group: Group) -> None:
        """Give a group what its places give it. Only works shown to be equal share a prize."""
        equals = list(group.entries)
        while equals and self.seats:
            prize, free = self.seats[0]
            if len(equals) <= free:
                self._award(prize, equals, group)
                return
            if self.then is Then.SHARE and group.equal:
                self._share(equals, self._straddled(len(equals)))
                return
            choice = self._choice(prize, free, equals)
            if choice is None:
                self._leave(equals, self._straddled(len(equals)), equal=group.equal)
                return
            self.choices.remove(choice)
            chosen = [entry for entry in equals if entry in choice.entries]
            self._award(prize, chosen, replace(group, why={e: _chosen(group, e, choice.reason) for e in chosen}))
            equals = [entry for entry in equals if entry not in choice.entries]

    def _award(self, prize: Prize, entries: Sequence[EntryId], group: Group) -> None:
        self._straddled(len(entries))
        self.awards += [Award(prize.key, entry, prize.amount, group.why[entry]) for entry in entries]

    def _choice(self, prize: Prize, free: int, equals: Collection[EntryId]) -> Choice | None:
        fitting = (
            c
            for c in self.choices
            if c.prize == prize.key and len(c.entries) == len(set(c.entries) & set(equals)) == free
        )
        return next(fitting, None)

    def _straddled(self, seats: int) -> list[tuple[Prize, int]]:
        """Take so many seats away, as far as there are."""
        taken: list[tuple[Prize, int]] = []
        while seats and self.seats:
            prize, free = self.seats.pop(0)
            sat = min(seats, free)
            if free > sat:
                self.seats.insert(0, (prize, free - sat))
            taken.append((prize, sat))
            seats -= sat
        return taken

    def _leave(self, entries: Sequence[EntryId], straddled: Sequence[tuple[Prize, int]], *, equal: bool) -> None:
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
        seats = tuple((prize.key, quantity) for prize, quantity in straddled)
        shared = Shared(seats, tuple(equals), each, remainder)
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
        self.awards += [Award(seats[0][0], entry, each, why, shared) for entry in equals]


def _chosen(group: Group, entry: EntryId, reason: str) -> Sentence:
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
