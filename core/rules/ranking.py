"""Standings from sheets: once from all of them, or kept while they come in (DESIGN §3.3, §6)."""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Iterator, Mapping

from core.rules.contest import Contest, Method
from core.rules.ids import CriterionKey, EntryId, JudgeId
from core.rules.marks import Sheet
from core.rules.methods import more_is_better, score_of, shortage
from core.rules.placing import Standing, arrange, results_of, standings_of, unplaced
from core.rules.ties import Equals, Result, climb, ladder

__all__ = ["Standing", "Tally", "rank"]

Key = tuple[int, EntryId]  # less is better; equals by their codes


def rank(
    contest: Contest,
    entries: Iterable[EntryId],
    sheets: Iterable[Sheet],
    recusals: Collection[tuple[JudgeId, EntryId]] = (),
) -> tuple[Standing, ...]:
    """The standings of these works, best first, by the contest's own method; a recused judge's sheet does not count."""
    counted: dict[EntryId, dict[JudgeId, Sheet]] = {entry: {} for entry in entries}
    for sheet in sheets:
        if sheet.entry in counted and (sheet.judge, sheet.entry) not in recusals:
            if sheet.judge in counted[sheet.entry]:
                raise ValueError(f"two sheets of {sheet.judge} on {sheet.entry}")
            counted[sheet.entry][sheet.judge] = sheet
    totals = {work: {judge: contest.total(s.marks) for judge, s in panel.items()} for work, panel in counted.items()}
    sums = {work: _criterion_sums(contest, panel.values()) for work, panel in counted.items()}
    return arrange(contest, results_of(contest, totals, sums))


def _criterion_sums(contest: Contest, sheets: Collection[Sheet]) -> tuple[int, ...]:
    return tuple(sum(sheet.marks[criterion.key] for sheet in sheets) for criterion in contest.criteria)


class _Work:
    """One work's sheets that count."""

    __slots__ = ("panel", "score", "sums", "totals")

    def __init__(self, criteria: int) -> None:
        self.panel: dict[JudgeId, tuple[int, ...]] = {}
        self.totals: list[int] = []  # ascending
        self.sums = [0] * criteria
        self.score: int | None = None


class Tally:
    """Standings that follow each sheet; `rank` over the same sheets says the same.

    For the sum of ranks one sheet moves every work that judge has marked: there the standings are made anew when next read.
    """

    def __init__(self, contest: Contest, entries: Iterable[EntryId] = ()) -> None:
        self.contest = contest
        self._works: dict[EntryId, _Work] = {}
        self._order: list[Key] = []  # the scored
        self._unscored: list[EntryId] = []
        self._rungs = ladder(contest)
        self._keys = tuple(criterion.key for criterion in contest.criteria)
        self._sign = -1 if more_is_better(contest) else 1
        self._once: dict[int, int] = {}  # one object for each number that occurs
        self._made: tuple[Standing, ...] | None = None  # the sum of ranks, as last read
        for entry in entries:
            self.add(entry)

    def __len__(self) -> int:
        return len(self._works)

    def add(self, entry: EntryId) -> None:
        """A work without sheets joins; one that is here stays as it is."""
        if entry not in self._works:
            self._works[entry] = _Work(len(self._keys))
            insort(self._unscored, entry)
            self._made = None

    def put(self, judge: JudgeId, entry: EntryId, marks: Mapping[CriterionKey, int]) -> None:
        """A judge's complete sheet on a work stands, in place of an earlier one."""
        work = self._works[entry]
        row = tuple(self._once.setdefault(marks[key], marks[key]) for key in self._keys)
        self._take(work, judge)
        work.panel[judge] = row
        insort(work.totals, self._total(row))
        for at, mark in enumerate(row):
            work.sums[at] += mark
        self._move(entry, work)

    def drop(self, judge: JudgeId, entry: EntryId) -> None:
        """A judge's sheet on a work no longer counts: returned, or the judge is recused."""
        work = self._works[entry]
        self._take(work, judge)
        self._move(entry, work)

    def score(self, entry: EntryId) -> int | None:
        """A work's published score, in units of 10**-decimals."""
        standing = self.standing(entry) if self._by_ranks else None
        return standing.score if standing else self._works[entry].score

    def place_of(self, entry: EntryId) -> int | None:
        """A work's place, or None while it has no score."""
        return self.standing(entry).place if self._by_ranks else self._place(entry)

    def standing(self, entry: EntryId) -> Standing:
        """A work's standing, its tie-break told."""
        if self._by_ranks:
            return next(standing for standing in self._anew() if standing.entry == entry)
        work = self._works[entry]
        if work.score is None:
            return next(unplaced([self._result(entry)]))
        ahead, parted = self._tied(work.score)
        return next(found for found in standings_of(self.contest, parted, ahead, {}) if found.entry == entry)

    def standings(self) -> tuple[Standing, ...]:
        """All standings, best first, the unscored last."""
        return self.window(0, len(self._works))

    def window(self, first: int, count: int) -> tuple[Standing, ...]:
        """So many standings from the first-th on, counted from 0; only their ties are told."""
        if self._by_ranks:
            return self._anew()[first : first + count]
        scored = tuple(self._scored(first, count))
        start = max(0, first - len(self._order))
        rest = self._unscored[start : start + count - len(scored)]
        return (*scored, *unplaced(self._result(entry) for entry in rest))

    @property
    def _by_ranks(self) -> bool:
        return self.contest.scoring.method is Method.RANK_SUM

    def _place(self, entry: EntryId) -> int | None:
        score = self._works[entry].score
        if score is None:
            return None
        place, parted = self._tied(score)
        for equals in parted:
            if any(result.entry == entry for result in equals.results):
                break
            place += len(equals.results)
        return place + 1

    def _scored(self, first: int, count: int) -> Iterator[Standing]:
        last = min(first + count, len(self._order))
        begin = bisect_left(self._order, (self._order[first][0],)) if first < last else first
        at = begin
        while at < last:
            ahead, parted = self._tied(self._sign * self._order[at][0])
            for standing in standings_of(self.contest, parted, ahead, {}):
                if first <= at < last:
                    yield standing
                at += 1

    def _tied(self, score: int) -> tuple[int, list[Equals]]:
        """How many works are strictly ahead of this score, and the works of this score as the ladder parts them."""
        key = self._sign * score
        begin, end = bisect_left(self._order, (key,)), bisect_left(self._order, (key + 1,))
        return begin, climb([self._result(entry) for _, entry in self._order[begin:end]], self._rungs)

    def _result(self, entry: EntryId) -> Result:
        work, chief = self._works[entry], self.contest.ties.chief
        row = None if chief is None else work.panel.get(chief)
        sheets = len(work.panel)
        note = shortage(self.contest, sheets) if work.score is None else None
        return Result(entry, sheets, work.score, tuple(work.sums), None if row is None else self._total(row), note)

    def _take(self, work: _Work, judge: JudgeId) -> None:
        old = work.panel.pop(judge, None)
        if old is not None:
            del work.totals[bisect_left(work.totals, self._total(old))]
            for at, mark in enumerate(old):
                work.sums[at] -= mark

    def _move(self, entry: EntryId, work: _Work) -> None:
        self._made = None
        if self._by_ranks:
            return
        before, work.score = work.score, score_of(self.contest, work.totals)
        if before == work.score:
            return
        if before is None:
            del self._unscored[bisect_left(self._unscored, entry)]
        else:
            del self._order[bisect_left(self._order, (self._sign * before, entry))]
        if work.score is None:
            insort(self._unscored, entry)
        else:
            insort(self._order, (self._sign * work.score, entry))

    def _total(self, row: tuple[int, ...]) -> int:
        total = sum(weight * mark for weight, mark in zip(self.contest.weights, row, strict=True))
        return self._once.setdefault(total, total)

    def _anew(self) -> tuple[Standing, ...]:
        if self._made is None:
            totals = {
                entry: {judge: self._total(row) for judge, row in work.panel.items()}
                for entry, work in self._works.items()
            }
            sums = {entry: tuple(work.sums) for entry, work in self._works.items()}
            self._made = arrange(self.contest, results_of(self.contest, totals, sums))
        return self._made
