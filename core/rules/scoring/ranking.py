"""Standings from sheets: once from all of them, or kept while they come in (docs/design.md, Scores)."""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from operator import add, mul, sub

from core.rules.contest import Contest
from core.rules.ids import CriterionKey, EntryId, JudgeId
from core.rules.scoring.marks import Sheet
from core.rules.scoring.methods import method_of, score_of, shortage
from core.rules.scoring.placing import Standing, arrange, results_of, standings_of, unplaced
from core.rules.scoring.ties import Result, TiedGroup, break_ties, rung_values

__all__ = ["MarkRow", "Standing", "Tally", "rank", "rank_panels"]

MarkRow = tuple[int, ...]  # the marks of a complete sheet in the rubric's order, hundredths


def rank(
    contest: Contest,
    entries: Iterable[EntryId],
    sheets: Iterable[Sheet],
    recusals: Collection[tuple[JudgeId, EntryId]] = (),
) -> tuple[Standing, ...]:
    """The standings of these works, best first, by the contest's own method; a recused judge's sheet does not count."""
    panels: dict[EntryId, dict[JudgeId, MarkRow]] = {entry: {} for entry in entries}
    keys = tuple(criterion.key for criterion in contest.criteria)
    for sheet in sheets:
        panel = panels.get(sheet.entry)
        if panel is not None and (sheet.judge, sheet.entry) not in recusals:
            if sheet.judge in panel:
                raise ValueError(f"two sheets of {sheet.judge} on {sheet.entry}")
            panel[sheet.judge] = tuple([sheet.marks[key] for key in keys])
    return rank_panels(contest, panels)


def rank_panels(contest: Contest, panels: Mapping[EntryId, Mapping[JudgeId, MarkRow]]) -> tuple[Standing, ...]:
    """The standings of works, best first, from the marks of their judges."""
    weights, none = contest.weights, (0,) * len(contest.criteria)
    totals = {
        entry: {judge: sum(map(mul, weights, row)) for judge, row in panel.items()} for entry, panel in panels.items()
    }
    sums = {entry: tuple(map(sum, zip(none, *panel.values(), strict=True))) for entry, panel in panels.items()}
    return arrange(contest, results_of(contest, totals, sums))


class _Work:
    """One work's sheets that count, and what they say of it."""

    __slots__ = ("key", "panel", "result", "sums", "totals")

    def __init__(self, entry: EntryId, criteria: int) -> None:
        self.panel: dict[JudgeId, tuple[int, ...]] = {}
        self.totals: list[int] = []  # ascending
        self.sums = [0] * criteria
        self.result = Result(entry, 0, None)
        self.key: tuple[int, ...] = ()  # where it stands among the scored: less is better


class Tally:
    """Standings that follow each sheet; `rank` over the same sheets says the same.

    The order holds the scored by score and by the rungs before the chief's, which every scored work has a number on; what is
    equal so far is parted by the whole ladder when it is looked at. By ranks one sheet moves every work of that judge: there
    the standings are made anew when next read.
    """

    def __init__(self, contest: Contest, entries: Iterable[EntryId] = ()) -> None:
        self.contest = contest
        self._works: dict[EntryId, _Work] = {}
        self._order: list[tuple[tuple[int, ...], EntryId]] = []  # the scored, best first
        self._unscored: list[EntryId] = []
        self._keys = tuple(criterion.key for criterion in contest.criteria)
        self._known = contest.rungs.index(None) if None in contest.rungs else len(contest.rungs)
        self._once: dict[int, int] = {}  # one object for each number that occurs
        self._made: tuple[Standing, ...] | None = None  # by ranks, as last read
        self._by_ranks = method_of(contest).by_ranks
        for entry in entries:
            self.add(entry)

    def __len__(self) -> int:
        return len(self._works)

    def entries(self) -> Collection[EntryId]:
        """The works that stand here, in no order."""
        return self._works.keys()

    @property
    def unscored(self) -> int:
        """How many works have too few sheets for a score."""
        if self._by_ranks:
            return sum(standing.score is None for standing in self._anew())
        return len(self._unscored)

    def add(self, entry: EntryId) -> None:
        """A work without sheets joins; one that is here stays as it is."""
        if entry not in self._works:
            work = self._works[entry] = _Work(entry, len(self._keys))
            insort(self._unscored, entry)
            self._say(work)

    def remove(self, entry: EntryId) -> None:
        """A work leaves, with its sheets."""
        work = self._works.pop(entry)
        self._made = None
        if work.key:
            del self._order[bisect_left(self._order, (work.key, entry))]
        else:
            del self._unscored[bisect_left(self._unscored, entry)]

    def mirror(self, other: "Tally", entry: EntryId) -> None:
        """A work of `other` stands here with the sheets it has there, in place of what stood here of it."""
        if entry in self._works:
            self.remove(entry)
        self.add(entry)
        work, theirs = self._works[entry], other._works[entry]  # noqa: SLF001  # this class's own
        work.panel, work.totals, work.sums = dict(theirs.panel), list(theirs.totals), list(theirs.sums)
        self._say(work)

    def put(self, judge: JudgeId, entry: EntryId, marks: Mapping[CriterionKey, int]) -> None:
        """A judge's complete sheet on a work stands, in place of an earlier one."""
        self.put_all(entry, {judge: marks})

    def put_all(self, entry: EntryId, sheets: Mapping[JudgeId, Mapping[CriterionKey, int]]) -> None:
        """These judges' complete sheets on a work stand, in place of their earlier ones."""
        work = self._works[entry]
        for judge, marks in sheets.items():
            row = tuple([self._once.setdefault(marks[key], marks[key]) for key in self._keys])
            self._take(work, judge)
            work.panel[judge] = row
            insort(work.totals, self._total(row))
            work.sums = list(map(add, work.sums, row))
        self._say(work)

    def drop(self, judge: JudgeId, entry: EntryId) -> None:
        """A judge's sheet on a work no longer counts: returned, or the judge is recused."""
        work = self._works[entry]
        self._take(work, judge)
        self._say(work)

    def score(self, entry: EntryId) -> int | None:
        """A work's published score, in units of 10**-decimals."""
        return self.standing(entry).score if self._by_ranks else self._works[entry].result.score

    def standing(self, entry: EntryId) -> Standing:
        """A work's standing, its tie-break told."""
        if self._by_ranks:
            return next(standing for standing in self._anew() if standing.entry == entry)
        work = self._works[entry]
        if not work.key:
            return next(unplaced([work.result]))
        begin, end = self._stretch(work.key[:1])
        told = standings_of(self.contest, self._parted(begin, end), begin, {})
        return next(standing for standing in told if standing.entry == entry)

    def placed(self, entry: EntryId) -> Standing:
        """A work's standing without a word of its ties: quicker, for those who ask after every sheet."""
        work = self._works[entry]
        if self._by_ranks or not work.key:
            return self.standing(entry)
        begin, end = self._stretch(work.key)
        parted = self._parted(begin, end)
        at = next(at for at, equals in enumerate(parted) if any(result.entry == entry for result in equals.results))
        ahead = begin + sum(len(equals.results) for equals in parted[:at])
        return Standing(ahead + 1, entry, work.result.score, work.result.sheets)

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
        return (*scored, *unplaced(self._works[entry].result for entry in rest))

    def _scored(self, first: int, count: int) -> Iterator[Standing]:
        at, last = first, min(first + count, len(self._order))
        while at < last:
            begin, end = self._stretch(self._order[at][0][:1])
            told = standings_of(self.contest, self._parted(begin, end), begin, {})
            yield from islice(told, at - begin, min(end, last) - begin)
            at = end

    def _stretch(self, key: tuple[int, ...]) -> tuple[int, int]:
        """From where to where the order holds works whose keys begin so."""
        after = (*key[:-1], key[-1] + 1)
        return bisect_left(self._order, (key,)), bisect_left(self._order, (after,))

    def _parted(self, begin: int, end: int) -> list[TiedGroup]:
        return break_ties([self._works[entry].result for _, entry in self._order[begin:end]])

    def _take(self, work: _Work, judge: JudgeId) -> None:
        old = work.panel.pop(judge, None)
        if old is not None:
            del work.totals[bisect_left(work.totals, self._total(old))]
            work.sums = list(map(sub, work.sums, old))

    def _say(self, work: _Work) -> None:
        """The work's result follows its sheets, and its place in the order follows the result."""
        self._made = None
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
        return (-result.score, *(-(value or 0) for value in result.rungs[: self._known]))

    def _total(self, row: tuple[int, ...]) -> int:
        total = sum(map(mul, self.contest.weights, row))
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
