"""Places from results, such as 1, 2, 2, 4. A work without a score has no place, and a note says why (docs/design.md, Ties).

With sums of ranks, a missing sheet alone makes a sum smaller. So where judges have not marked all scored works, works
are placed in blocks whose order holds whatever the missing ranks are (`core.rules.scoring.missing_ranks`). A block of
works in open order has no places but occupies a span of them, as in 1, 2, -, -, 5.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from core.rules.contest import Contest
from core.rules.ids import EntryId, JudgeId
from core.rules.scoring.methods import (
    doubled_ranks,
    method_of,
    more_is_better,
    rank_score,
    score_of,
    sheets_needed,
    shortage,
)
from core.rules.scoring.missing_ranks import Ranks, blocks, missing_by_judge
from core.rules.scoring.ties import Result, TiedGroup, break_ties, explain, rung_values
from core.rules.words import Sentence

NAMED = 12  # most works that a note names one by one

Panel = Mapping[JudgeId, int]  # the judges' totals for one work (`Contest.total`)


@dataclass(frozen=True, slots=True)
class Standing:
    """The place of one work. A work has a place, or a span, or no score."""

    place: int | None
    entry: EntryId
    score: int | None  # units of 10**-decimals
    sheets: int
    tie_break: Sentence | None = None
    note: Sentence | None = None
    span: tuple[int, int] | None = None  # first and last place of its block, where the block's order is open


def results_of(
    contest: Contest, totals: Mapping[EntryId, Panel], criterion_sums: Mapping[EntryId, tuple[int, ...]]
) -> list[Result]:
    """The result of each work, from its judges' totals and the sum of its marks in each criterion (hundredths)."""
    ranks = _ranks(contest, totals) if method_of(contest).by_ranks else None
    return [_result(contest, entry, panel, criterion_sums[entry], ranks) for entry, panel in totals.items()]


def _result(
    contest: Contest,
    entry: EntryId,
    panel: Panel,
    sums: tuple[int, ...],
    ranks: Mapping[EntryId, Ranks] | None,
) -> Result:
    given_ranks: Ranks = {}
    if len(panel) < sheets_needed(contest):
        score = None
    elif ranks is None:
        score = score_of(contest, sorted(panel.values()))
    else:
        given_ranks = ranks[entry]
        score = rank_score(contest, given_ranks.values())
    if score is None:
        return Result(entry, len(panel), None, note=shortage(contest, len(panel)))
    chief = contest.ties.chief
    rungs = rung_values(contest, sums, len(panel), None if chief is None else panel.get(chief))
    return Result(entry, len(panel), score, rungs, ranks=given_ranks)


def _ranks(contest: Contest, totals: Mapping[EntryId, Panel]) -> dict[EntryId, dict[JudgeId, int]]:
    """Twice the ranks that each judge gives the works with enough sheets. Other works have no rank."""
    needed = sheets_needed(contest)
    by_judge: dict[JudgeId, dict[EntryId, int]] = {}
    for entry, panel in totals.items():
        if len(panel) >= needed:
            for judge, total in panel.items():
                by_judge.setdefault(judge, {})[entry] = total
    ranks: dict[EntryId, dict[JudgeId, int]] = {}
    for judge, marked in by_judge.items():
        for entry, rank in doubled_ranks(marked).items():
            ranks.setdefault(entry, {})[judge] = rank
    return ranks


def arrange(contest: Contest, results: Iterable[Result]) -> tuple[Standing, ...]:
    """The standings of these results, best first, works without a score last.

    Equal works, and works of one open block, are in the order of their codes.
    """
    results = list(results)
    scored = {result.entry: result for result in results if result.score is not None}
    uneven = method_of(contest).needs_every_rank and missing_by_judge({e: r.ranks for e, r in scored.items()})
    standings = _by_blocks(contest, scored) if uneven else _by_score(contest, scored.values())
    return (*standings, *unplaced(result for result in results if result.score is None))


def _by_score(contest: Contest, scored: Iterable[Result]) -> list[Standing]:
    pairs = [(result.score or 0, result) for result in scored]
    pairs.sort(key=itemgetter(0), reverse=more_is_better(contest))
    standings = list[Standing]()
    for _, tied in groupby(pairs, key=itemgetter(0)):
        standings += standings_of(contest, break_ties([result for _, result in tied]), len(standings), {})
    return standings


def _by_blocks(contest: Contest, scored: Mapping[EntryId, Result]) -> list[Standing]:
    """Standings with only those places that no missing rank could change.

    The least difference of doubled sums that shows in the published score is 1 (half a rank), or 2 without decimals.
    """
    most = max(result.sheets for result in scored.values())
    standings = list[Standing]()
    for block in blocks({e: r.ranks for e, r in scored.items()}, gap=1 if contest.scoring.decimals else 2):
        results = [scored[entry] for entry in block.entries]
        if block.equal:
            notes = {r.entry: _fewer_sheets(r.sheets, most) for r in results if r.sheets < most}
            standings += standings_of(contest, break_ties(results), len(standings), notes)
        else:
            standings += _of_open_order(results, len(standings))
    return standings


def _fewer_sheets(sheets: int, most: int) -> Sentence:
    """The note for a work with fewer sheets than another: its sum of ranks is smaller for that reason alone."""
    return Sentence(
        "Tổng thứ hạng cộng từ {sheets} phiếu, trong khi có tác phẩm được cộng {most} phiếu; hạng này không đổi dù các thứ hạng còn thiếu là bao nhiêu.",
        {"sheets": sheets, "most": most},
    )


def _of_open_order(results: Sequence[Result], ahead: int) -> Iterator[Standing]:
    span = ahead + 1, ahead + len(results)
    facts = {
        "first": span[0],
        "last": span[1],
        "entries": ", ".join(result.entry for result in results[:NAMED]),
        "more": len(results) - NAMED,
    }
    text = (
        "Chưa phân định được các hạng từ {first} đến {last} giữa {entries}: có giám khảo không chấm hết các tác phẩm được xếp hạng, và thứ hạng còn thiếu có thể làm đổi thứ tự này."
        if len(results) <= NAMED
        else "Chưa phân định được các hạng từ {first} đến {last} giữa {entries} và {more} tác phẩm khác: có giám khảo không chấm hết các tác phẩm được xếp hạng, và thứ hạng còn thiếu có thể làm đổi thứ tự này."
    )
    note = Sentence(text, facts)
    for result in results:
        yield Standing(None, result.entry, result.score, result.sheets, None, note, span)


def standings_of(
    contest: Contest, groups: Sequence[TiedGroup], ahead: int, uneven: Mapping[EntryId, Sentence]
) -> Iterator[Standing]:
    """The standings of works with one score, in the groups of `break_ties`.

    `ahead` is the number of works placed before all of them. `uneven` has the notes of works with fewer sheets.
    """
    for at, equals in enumerate(groups):
        why = explain(contest, groups, at)
        for result in equals.results:
            yield Standing(ahead + 1, result.entry, result.score, result.sheets, why, uneven.get(result.entry))
        ahead += len(equals.results)


def unplaced(results: Iterable[Result]) -> Iterator[Standing]:
    """The standings of works without a score, in the order of their codes."""
    for result in sorted(results, key=lambda result: result.entry):
        yield Standing(None, result.entry, None, result.sheets, None, result.note)
