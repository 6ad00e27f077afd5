"""Which marks a reader may see: a judge who still marks a work, the chief included, sees no other judge's marks of it.

A work is hidden from its judge until their own sheet is sealed, they are recused from it, or the round is over.
"""

from dataclasses import dataclass, field
from datetime import datetime

from core.desk.context import ContestState
from core.rules import permissions
from core.rules.access import NotAllowed, Principal
from core.rules.contest import Contest
from core.rules.ids import EntryId
from core.rules.scoring.ranking import Standing, Tally
from core.store.engine import Connection
from core.store.queries import entries

NOTHING: frozenset[EntryId] = frozenset()


class StillMarking(NotAllowed):
    """A judge may not see the award table, which shows all marks, before their last sheet is sealed."""

    def __init__(self, left: int) -> None:
        super().__init__(
            "Bạn còn {left} tác phẩm chưa nộp phiếu. Bảng trao giải mở cho bạn khi phiếu cuối cùng đã nộp hoặc vòng chấm đã đóng.",
            left=left,
        )


def hidden_works(connection: Connection, who: Principal, facts: ContestState, now: datetime) -> frozenset[EntryId]:
    """The works whose marks this reader may not see now."""
    if not permissions.still_marks(who, facts.contest, now, facts):
        return NOTHING
    return frozenset(map(EntryId, entries.still_to_mark(connection, who.username)))


def must_not_mark(connection: Connection, who: Principal, facts: ContestState, now: datetime) -> None:
    """Raises StillMarking for a reader who still marks; called before showing all marks at once."""
    hidden = hidden_works(connection, who, facts, now)
    if hidden:
        raise StillMarking(len(hidden))


@dataclass(slots=True)
class CoveredStandings:
    """The standings of the works that one reader who still marks may see, updated from the standings of all works."""

    tally: Tally
    hidden: frozenset[EntryId] = NOTHING
    stale: set[EntryId] = field(default_factory=set)  # works whose sheets changed since the last `follow`

    @classmethod
    def of(cls, contest: Contest) -> "CoveredStandings":
        """Standings without any work yet."""
        return cls(Tally(contest))

    def follow(self, whole: Tally, works: frozenset[EntryId], hidden: frozenset[EntryId]) -> None:
        """Apply changes from `whole`: add works now visible, update `stale` works, remove works now hidden."""
        covered = works - hidden
        for entry in frozenset(self.tally.entries()) - covered:
            self.tally.remove(entry)
        for entry in (covered - frozenset(self.tally.entries())) | (self.stale & covered):
            self.tally.mirror(whole, entry)
        self.hidden, self.stale = hidden, set()

    def window(self, first: int, count: int) -> tuple[Standing, ...]:
        """`count` standings from index `first`; the hidden works come last, by code, without place or score."""
        visible = self.tally.window(first, count)
        beyond = max(0, first - len(self.tally))
        rest = sorted(self.hidden)[beyond : beyond + count - len(visible)]
        return (*visible, *(Standing(None, entry, None, 0) for entry in rest))
