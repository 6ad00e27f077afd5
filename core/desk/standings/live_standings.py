"""In-memory live standings: built once from the database, then updated from new ledger rows.

They can be dropped and rebuilt at any time. A build reads the database and the last ledger id in one snapshot. Each
update reads again the works that newer ledger rows name.
"""

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from core.desk import context
from core.desk.award_table import as_rule
from core.desk.interactions import counting
from core.desk.standings.allocation_window import projected_allocation
from core.desk.standings.visibility import NOTHING, CoveredStandings, hidden_works
from core.rules import permissions
from core.rules.access import Principal
from core.rules.contest import Contest
from core.rules.ids import EntryId, JudgeId
from core.rules.interactions import Count, counted
from core.rules.phases import judging_over
from core.rules.prizes.allocation import Allocation, Decision
from core.rules.scoring.ranking import Tally
from core.store import ledger_rows
from core.store.engine import Connection, Store
from core.store.events import EVENTS, Touches, entry_of, names_touching
from core.store.ledger import Row
from core.store.queries import awards
from core.store.queries import readings as posts
from core.store.queries import standings as rows

RECUSED = "recusal.declared"
DISPLAYED = names_touching(Touches.ENTRY, Touches.REBUILD, Touches.AWARDS)  # events that change the displayed data
PEOPLE = names_touching(Touches.PEOPLE)


@dataclass(slots=True)
class EntryState:
    """A work's data besides its rank."""

    title: str
    expected: int
    totals: Mapping[JudgeId, int] = field(default_factory=dict)  # totals of the counted sheets; replaced, never mutated


@dataclass(slots=True)
class Counts:
    """How complete the panel's work is, over all works."""

    sheets: int = 0
    expected: int = 0
    complete: int = 0  # works with all expected sheets submitted

    def add(self, work: EntryState, times: int = 1) -> None:
        """Add a work to the counts, or subtract it with `times` -1."""
        self.sheets += times * len(work.totals)
        self.expected += times * work.expected
        self.complete += times * (0 < work.expected <= len(work.totals))


@dataclass(slots=True)
class ProjectedPrizes:
    """Names of the prizes a work would get now, and of the undecided prizes whose tie it is part of."""

    prizes: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)


class LiveStandings:
    """The live standings of one process. Readers hold `lock`, so one thread at a time reads or updates them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.seq = 0  # id of the last ledger row applied
        self.revision = 0  # id of the last row that could change the displayed data
        self.accounts_seq = 0  # id of the last row about an account
        self.works: dict[EntryId, EntryState] = {}
        self.counts = Counts()
        self.tally: Tally | None = None
        self.facts: context.ContestState | None = None
        self.lock = threading.RLock()
        self._interaction_counts: Mapping[EntryId, Count] = {}
        self._decisions: tuple[Decision, ...] = ()
        self._prizes: dict[EntryId, ProjectedPrizes] | None = None
        self._covered: dict[str, CoveredStandings] = {}  # by username, for readers who still mark
        self._hidden: dict[str, tuple[int, frozenset[EntryId]]] = {}  # by username: revision, hidden works

    @property
    def contest_state(self) -> context.ContestState:
        """The contest and the times of its phases, as of the last update."""
        if self.facts is None:
            self.catch_up()
        assert self.facts is not None
        return self.facts

    @property
    def contest(self) -> Contest:
        """The contest."""
        return self.contest_state.contest

    def standing(self) -> Tally:
        """The current tally; built first if needed."""
        if self.tally is None:
            self.catch_up()
        assert self.tally is not None
        return self.tally

    def prizes(self, entry: EntryId) -> ProjectedPrizes:
        """The prizes the work would get now."""
        if self._prizes is None:
            self._prizes = self._allocated()
        return self._prizes.get(entry) or ProjectedPrizes()

    def covering(self, who: Principal | None, now: datetime) -> CoveredStandings:
        """The standings of the works that this reader may see: all works, unless the reader still marks."""
        with self.lock:
            whole, hidden = self.standing(), NOTHING if who is None else self._hidden_from(who, now)
            if who is None or not hidden:
                return CoveredStandings(whole)
            covered = self._covered.setdefault(who.username, CoveredStandings.of(self.contest))
            covered.follow(whole, frozenset(self.works), hidden)
            return covered

    def _hidden_from(self, who: Principal, now: datetime) -> frozenset[EntryId]:
        if not permissions.still_marks(who, self.contest, now, self.contest_state):
            return NOTHING
        revision, hidden = self._hidden.get(who.username, (-1, NOTHING))
        if revision != self.revision:
            with self.store.read() as connection:
                hidden = hidden_works(connection, who, self.contest_state, now)
            self._hidden[who.username] = self.revision, hidden
        return hidden

    def catch_up(self) -> None:
        """Apply the ledger rows committed since the last call; the first call builds the standings."""
        with self.lock:
            if self.tally is None:
                self._build()
                return
            with self.store.read() as connection:
                last = ledger_rows.last_id(connection)
                news = list(ledger_rows.news(connection, self.seq, (*DISPLAYED, *PEOPLE))) if last > self.seq else []
                displayed = [row for row in news if row.event in DISPLAYED]
                if displayed:
                    self._read(connection, displayed)
                    self.revision, self._prizes = displayed[-1].id, None
                self.seq = last
                self.accounts_seq = max([self.accounts_seq, *(row.id for row in news if row.event in PEOPLE)])

    def _read(self, connection: Connection, news: Iterable[Row]) -> None:
        self.facts = context.contest_state_in(connection)
        touched = {EVENTS[row.event].touches for row in news}
        if Touches.REBUILD in touched:
            self._rebuild(connection)
            return
        if Touches.AWARDS in touched:
            self._read_awarding(connection)
        self._refresh(connection, [row for row in news if EVENTS[row.event].touches is Touches.ENTRY])

    def _build(self) -> None:
        with self.store.read() as connection:
            last = ledger_rows.last_id(connection)
            self._rebuild(connection)
            self.seq = self.revision = last

    def _rebuild(self, connection: Connection) -> None:
        """Read everything again; the displayed standings are replaced only after the sheets have been read."""
        facts = context.contest_state_in(connection)
        works = {work.code: EntryState(work.title, work.expected) for work in rows.works(connection)}
        tally = Tally(facts.contest, tuple(works))
        _take(facts.contest, works, tally, rows.sheets(connection, len(facts.contest.criteria)))
        self.facts, self.works, self.tally, self.counts = facts, works, tally, Counts()
        self._covered.clear()
        for work in works.values():
            self.counts.add(work)
        self._read_awarding(connection)

    def _read_awarding(self, connection: Connection) -> None:
        assert self.facts is not None
        self._interaction_counts = counted(self.facts.contest, counting(posts.readings(connection)))
        self._decisions = tuple(map(as_rule, awards.decisions(connection)))

    def allocation(self, *, with_interactions: bool) -> Allocation:
        """The allocation of all prizes now. With `with_interactions` False, prizes by interaction go to nobody."""
        counts = self._interaction_counts if with_interactions else {}
        return projected_allocation(self.contest, self.standing(), counts, self._decisions)

    def _allocated(self) -> dict[EntryId, ProjectedPrizes]:
        names = {prize.key: prize.name for prize in self.contest.prizes}
        given, projected = self.allocation(with_interactions=self._marking_is_over), dict[EntryId, ProjectedPrizes]()
        for award in given.awards:
            projected.setdefault(award.entry, ProjectedPrizes()).prizes.append(names[award.prize])
        for tie in given.undecided:
            for entry in tie.entries:
                projected.setdefault(entry, ProjectedPrizes()).undecided.append(names[tie.prize])
        return projected

    @property
    def _marking_is_over(self) -> bool:
        """True once the board may show prizes by interaction, to every reader at the same time.

        A reader who marks must not learn interaction counts before. Recorded acts decide, not the clock: the round was
        closed, or the interactions were frozen after the round's last second.
        """
        state = self.contest_state
        at = state.judging_closed_at or state.interactions_frozen_at
        return at is not None and judging_over(self.contest, at, state.judging_closed_at)

    def _refresh(self, connection: Connection, news: Iterable[Row]) -> None:
        touched = {EntryId(entry_of(row)) for row in news}
        if not self.works.keys() >= touched:
            self._rebuild(connection)
        elif touched:
            recused = any(row.event == RECUSED for row in news)
            found = rows.works(connection, touched) if recused else ()
            self._replace(touched, found, tuple(rows.sheets(connection, len(self.contest.criteria), touched)))

    def _replace(
        self, touched: Collection[EntryId], found: Iterable[rows.Work], counted: Sequence[rows.CountedSheet]
    ) -> None:
        """Replace the data of the touched works with what was read: `found` works and `counted` sheets."""
        tally, stand = self.standing(), {(sheet.judge, sheet.entry) for sheet in counted}
        for entry in touched:
            self.counts.add(self.works[entry], -1)
            seen = self.works[entry]
            for judge in [one for one in seen.totals if (one, entry) not in stand]:
                seen.totals = {one: total for one, total in seen.totals.items() if one != judge}
                tally.drop(judge, entry)
        for work in found:
            self.works[work.code].expected = work.expected
        _take(self.contest, self.works, tally, counted)
        for entry in touched:
            self.counts.add(self.works[entry])
        for covered in self._covered.values():
            covered.stale.update(touched)


def _take(
    contest: Contest, works: Mapping[EntryId, EntryState], tally: Tally, counted: Iterable[rows.CountedSheet]
) -> None:
    keys = tuple(criterion.key for criterion in contest.criteria)
    for entry, sheets in groupby(counted, key=attrgetter("entry")):
        panel = {sheet.judge: dict(zip(keys, sheet.marks, strict=True)) for sheet in sheets}
        totals = {judge: contest.total(marks) for judge, marks in panel.items()}
        works[entry].totals = {**works[entry].totals, **totals}
        tally.put_all(entry, panel)


@lru_cache(maxsize=4)
def live_standings_of(store: Store) -> LiveStandings:
    """The live standings of a database: one object per process."""
    return LiveStandings(store)
