"""Standings from sheets: computed once from all of them (`rank`), or incrementally (`Tally`) (docs/design.md, Scores)."""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from operator import add, mul, sub

from core.rules.contest import Contest
from core.rules.ids import CriterionKey, EntryId, JudgeId
from core.rules.scoring.methods import method_of, score_of, shortage
from core.rules.scoring.placing import Standing, arrange, results_of, standings_of, unplaced
from core.rules.scoring.ties import Result, TiedGroup, break_ties, rung_values

__all__ = ["MarkRow", "Standing", "Tally", "rank_panels"]

MarkRow = tuple[int, ...]  # the marks of a complete sheet in the rubric's order, in hundredths


def rank_panels(contest: Contest, panels: Mapping[EntryId, Mapping[JudgeId, MarkRow]]) -> tuple[Standing, ...]:
    """The standings of works, best first, from the marks of each judge for each work."""
    weights, none = contest.weights, (0,) * len(contest.criteria)
    totals = {
        entry: {judge: sum(map(mul, weights, row)) for judge, row in panel.items()} for entry, panel in panels.items()
    }
    sums = {entry: tuple(map(sum, zip(none, *panel.values(), strict=True))) for entry, panel in panels.items()}
    return arrange(contest, results_of(contest, totals, sums))


class _Work:
    """One work in a `Tally`: its sheets that count, and its result."""

    __slots__ = ("key", "panel", "result", "sums", "totals")

    def __init__(self, entry: EntryId, criteria: int) -> None:
        self.panel: dict[JudgeId, tuple[int, ...]] = {}
        self.totals: list[int] = []  # ascending
        self.sums = [0] * criteria
        self.result = Result(entry, 0, None)
        self.key: tuple[int, ...] = ()  # sort key among the scored works, less is better; () without a score


class Tally:
    """Incremental standings, updated with each sheet. They equal `rank_panels` over the same sheets.

    The scored works are kept sorted by score, then by the rungs before the chief's: every scored work has a number on
    these. Works that are still equal are separated by the whole ladder when they are read. With a method by ranks one
    sheet moves every work of that judge, so the standings are recomputed when they are next read.
    """

    def __init__(self, contest: Contest, entries: Iterable[EntryId] = ()) -> None:
        self.contest = contest
        self._works: dict[EntryId, _Work] = {}
        self._order: list[tuple[tuple[int, ...], EntryId]] = []  # (key, work) of the scored works, best first
        self._unscored: list[EntryId] = []
        self._keys = tuple(criterion.key for criterion in contest.criteria)
        self._common_rungs = contest.rungs.index(None) if None in contest.rungs else len(contest.rungs)
        self._interned: dict[int, int] = {}  # interned integers: one object for each number, to save memory
        self._cached: tuple[Standing, ...] | None = None  # cached standings of a method by ranks
        self._by_ranks = method_of(contest).by_ranks
        for entry in entries:
            self.add(entry)

    def __len__(self) -> int:
        return len(self._works)

    def entries(self) -> Collection[EntryId]:
        """The works in the tally, in no particular order."""
        return self._works.keys()

    @property
    def unscored(self) -> int:
        """The number of works with too few sheets for a score."""
        if self._by_ranks:
            return sum(standing.score is None for standing in self._recomputed())
        return len(self._unscored)

    def add(self, entry: EntryId) -> None:
        """Add a work without sheets. A work that is already in the tally stays as it is."""
        if entry not in self._works:
            work = self._works[entry] = _Work(entry, len(self._keys))
            insort(self._unscored, entry)
            self._update(work)

    def remove(self, entry: EntryId) -> None:
        """Remove a work and its sheets. Raises KeyError where it is not in the tally."""
        work = self._works.pop(entry)
        self._cached = None
        if work.key:
            del self._order[bisect_left(self._order, (work.key, entry))]
        else:
            del self._unscored[bisect_left(self._unscored, entry)]

    def mirror(self, other: "Tally", entry: EntryId) -> None:
        """Copy a work and its sheets from `other`, replacing its sheets here."""
        if entry in self._works:
            self.remove(entry)
        self.add(entry)
        work, theirs = self._works[entry], other._works[entry]  # noqa: SLF001  # this class's own
        work.panel, work.totals, work.sums = dict(theirs.panel), list(theirs.totals), list(theirs.sums)
        self._update(work)

    def put(self, judge: JudgeId, entry: EntryId, marks: Mapping[CriterionKey, int]) -> None:
        """Add a judge's complete sheet on a work, or replace the earlier one. Marks are in hundredths."""
        self.put_all(entry, {judge: marks})

    def put_all(self, entry: EntryId, sheets: Mapping[JudgeId, Mapping[CriterionKey, int]]) -> None:
        """Add these judges' complete sheets on a work, or replace their earlier ones. Marks are in hundredths."""
        work = self._works[entry]
        for judge, marks in sheets.items():
            row = tuple([self._interned.setdefault(marks[key], marks[key]) for key in self._keys])
            self._remove_sheet(work, judge)
            work.panel[judge] = row
            insort(work.totals, self._total(row))
            work.sums = list(map(add, work.sums, row))
        self._update(work)

    def drop(self, judge: JudgeId, entry: EntryId) -> None:
        """Remove a judge's sheet on a work, if there is one: it was returned, or the judge is recused."""
        work = self._works[entry]
        self._remove_sheet(work, judge)
        self._update(work)

    def score(self, entry: EntryId) -> int | None:
        """A work's published score in units of 10**-decimals, or None without one."""
        return self.standing(entry).score if self._by_ranks else self._works[entry].result.score

    def standing(self, entry: EntryId) -> Standing:
        """A work's standing, with the explanation of its tie-break."""
        if self._by_ranks:
            return next(standing for standing in self._recomputed() if standing.entry == entry)
        work = self._works[entry]
        if not work.key:
            return next(unplaced([work.result]))
        begin, end = self._range(work.key[:1])
        standings = standings_of(self.contest, self._break_ties(begin, end), begin, {})
        return next(standing for standing in standings if standing.entry == entry)

    def standing_unexplained(self, entry: EntryId) -> Standing:
        """A work's standing without the explanation of its tie-break: faster, for calls after every sheet.

        With a method by ranks it is the same as `standing`.
        """
        work = self._works[entry]
        if self._by_ranks or not work.key:
            return self.standing(entry)
        begin, end = self._range(work.key)
        groups = self._break_ties(begin, end)
        at = next(at for at, equals in enumerate(groups) if any(result.entry == entry for result in equals.results))
        ahead = begin + sum(len(equals.results) for equals in groups[:at])
        return Standing(ahead + 1, entry, work.result.score, work.result.sheets)

    def standings(self) -> tuple[Standing, ...]:
        """All standings, best first, works without a score last."""
        return self.window(0, len(self._works))

    def window(self, first: int, count: int) -> tuple[Standing, ...]:
        """Up to `count` standings from position `first` on, counted from 0. Only ties in this window are explained."""
        if self._by_ranks:
            return self._recomputed()[first : first + count]
        scored = tuple(self._scored(first, count))
        start = max(0, first - len(self._order))
        rest = self._unscored[start : start + count - len(scored)]
        return (*scored, *unplaced(self._works[entry].result for entry in rest))

    def _scored(self, first: int, count: int) -> Iterator[Standing]:
        at, last = first, min(first + count, len(self._order))
        while at < last:
            begin, end = self._range(self._order[at][0][:1])
            standings = standings_of(self.contest, self._break_ties(begin, end), begin, {})
            yield from islice(standings, at - begin, min(end, last) - begin)
            at = end

    def _range(self, key: tuple[int, ...]) -> tuple[int, int]:
        """The range (begin, end) in `_order` of the works whose keys start with `key`."""
        after = (*key[:-1], key[-1] + 1)
        return bisect_left(self._order, (key,)), bisect_left(self._order, (after,))

    def _break_ties(self, begin: int, end: int) -> list[TiedGroup]:
        return break_ties([self._works[entry].result for _, entry in self._order[begin:end]])

    def _remove_sheet(self, work: _Work, judge: JudgeId) -> None:
        old = work.panel.pop(judge, None)
        if old is not None:
            del work.totals[bisect_left(work.totals, self._total(old))]
            work.sums = list(map(sub, work.sums, old))

    def _update(self, work: _Work) -> None:
        """Recompute a work's result from its sheets, and move it in the order where its key changed."""
        self._cached = None
        if self._by_ranks:
            return
        entry, before = work.result.entry, work.key
        work.result = self._result(work)
        work.key = self._key(work.result)
        if work.key == before:
            return
        if before:
            del self._order[bisect_left(self._order, (before, entry))]
        else:
            del self._unscored[bisect_left(self._unscored, entry)]
        if work.key:
            insort(self._order, (work.key, entry))
        else:
            insort(self._unscored, entry)

    def _result(self, work: _Work) -> Result:
        contest, sheets = self.contest, len(work.panel)
        score = score_of(contest, work.totals)
        if score is None:
            return Result(work.result.entry, sheets, None, (), shortage(contest, sheets))
        row = work.panel.get(contest.ties.chief) if contest.ties.chief else None
        rungs = rung_values(contest, work.sums, sheets, None if row is None else self._total(row))
        return Result(work.result.entry, sheets, score, rungs)

    def _key(self, result: Result) -> tuple[int, ...]:
        if result.score is None:
            return ()
        return (-result.score, *(-(value or 0) for value in result.rungs[: self._common_rungs]))

    def _total(self, row: tuple[int, ...]) -> int:
        total = sum(map(mul, self.contest.weights, row))
        return self._interned.setdefault(total, total)

    def _recomputed(self) -> tuple[Standing, ...]:
        if self._cached is None:
            totals = {
                entry: {judge: self._total(row) for judge, row in work.panel.items()}
                for entry, work in self._works.items()
            }
            sums = {entry: tuple(work.sums) for entry, work in self._works.items()}
            self._cached = arrange(self.contest, results_of(self.contest, totals, sums))
        return self._cached
