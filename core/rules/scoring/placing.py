"""Places from results: 1, 2, 2, 4; what is not scored has no place and says why (docs/design.md, Ties).

By the sum of ranks a missing sheet makes a sum smaller for that alone. Where judges have not marked all the scored works,
works stand in the blocks that hold whatever the missing ranks are (`core.rules.scoring.missing_ranks`). A block of several open
works has no places: it takes up a span of them, as in 1, 2, -, -, 5.
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

NAMED = 12  # works named one by one in a note

Panel = Mapping[JudgeId, int]  # judges' totals of one work


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a work stands. A work has a place, or a span, or no score."""

    place: int | None
    entry: EntryId
    score: int | None  # units of 10**-decimals
    sheets: int
    tie_break: Sentence | None = None
    note: Sentence | None = None
    span: tuple[int, int] | None = None  # first and last place of the works of open order it belongs to


def results_of(
    contest: Contest, totals: Mapping[EntryId, Panel], criterion_sums: Mapping[EntryId, tuple[int, ...]]
) -> list[Result]:
    """The result of each work from its judges' totals and the sums of its criteria."""
    ranks = _ranks(contest, totals) if method_of(contest).by_ranks else None
    return [_result(contest, entry, panel, criterion_sums[entry], ranks) for entry, panel in totals.items()]


def _result(
    contest: Contest,
    entry: EntryId,
    panel: Panel,
    sums: tuple[int, ...],
    ranks: Mapping[EntryId, Ranks] | None,
) -> Result:
    given: Ranks = {}
    if len(panel) < sheets_needed(contest):
        score = None
    elif ranks is None:
        score = score_of(contest, sorted(panel.values()))
    else:
        given = ranks[entry]
        score = rank_score(contest, given.values())
    if score is None:
        return Result(entry, len(panel), None, note=shortage(contest, len(panel)))
    chief = contest.ties.chief
    rungs = rung_values(contest, sums, len(panel), None if chief is None else panel.get(chief))
    return Result(entry, len(panel), score, rungs, ranks=given)


def _ranks(contest: Contest, totals: Mapping[EntryId, Panel]) -> dict[EntryId, dict[JudgeId, int]]:
    """Twice the ranks that each judge gives the works with enough sheets; the others take no part."""
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
    """Results in their places; equals, and works of open order, stand in the order of their codes."""
    results = list(results)
    scored = {result.entry: result for result in results if result.score is not None}
    uneven = method_of(contest).needs_every_rank and missing_by_judge({e: r.ranks for e, r in scored.items()})
    placed = _by_blocks(contest, scored) if uneven else _by_score(contest, scored.values())
    return (*placed, *unplaced(result for result in results if result.score is None))


def _by_score(contest: Contest, scored: Iterable[Result]) -> list[Standing]:
    pairs = [(result.score or 0, result) for result in scored]
    pairs.sort(key=itemgetter(0), reverse=more_is_better(contest))
    placed = list[Standing]()
    for _, tied in groupby(pairs, key=itemgetter(0)):
        placed += standings_of(contest, break_ties([result for _, result in tied]), len(placed), {})
    return placed


def _by_blocks(contest: Contest, scored: Mapping[EntryId, Result]) -> list[Standing]:
    """Places that no missing rank could change. Doubled sums differ as published by 1 (half a rank), or 2 without decimals."""
    most = max(result.sheets for result in scored.values())
    placed = list[Standing]()
    for block in blocks({e: r.ranks for e, r in scored.items()}, gap=1 if contest.scoring.decimals else 2):
        results = [scored[entry] for entry in block.entries]
        if block.equal:
            notes = {r.entry: _fewer_sheets(r.sheets, most) for r in results if r.sheets < most}
            placed += standings_of(contest, break_ties(results), len(placed), notes)
        else:
            placed += _of_open_order(results, len(placed))
    return placed


def _fewer_sheets(sheets: int, most: int) -> Sentence:
    """A sum of ranks over fewer sheets is smaller for that alone."""
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
    contest: Contest, parted: Sequence[TiedGroup], ahead: int, uneven: Mapping[EntryId, Sentence]
) -> Iterator[Standing]:
    """The places of one score's works, with so many works strictly ahead of them all."""
    for at, equals in enumerate(parted):
        why = explain(contest, parted, at)
        for result in equals.results:
            yield Standing(ahead + 1, result.entry, result.score, result.sheets, why, uneven.get(result.entry))
        ahead += len(equals.results)


def unplaced(results: Iterable[Result]) -> Iterator[Standing]:
    """Works without a score, in the order of their codes."""
    for result in sorted(results, key=lambda result: result.entry):
        yield Standing(None, result.entry, None, result.sheets, None, result.note)
