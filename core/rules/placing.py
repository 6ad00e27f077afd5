"""Places from results: 1, 2, 2, 4; what is not scored has no place and says why (DESIGN §3.2–3.4)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from core.rules.contest import Contest, Method
from core.rules.ids import EntryId, JudgeId
from core.rules.methods import more_is_better, published, rank_sums, score_of, sheets_needed, shortage
from core.rules.ties import Equals, Result, climb, explain, rung_values
from core.rules.words import Sentence


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a work stands."""

    place: int | None
    entry: EntryId
    score: int | None  # units of 10**-decimals
    sheets: int
    tie_break: Sentence | None = None
    note: Sentence | None = None


class Sums(NamedTuple):
    """What the sheets of one work add up to."""

    entry: EntryId
    sheets: int
    total: int  # of the sheets' totals, units of the contest's total
    rungs: tuple[int, ...]  # of the marks each rung of the ladder asks for, hundredths


class Place(NamedTuple):
    """Where a work stands; which rung broke its tie is told by the standings that are shown."""

    place: int | None
    entry: EntryId
    score: int | None  # units of 10**-decimals
    sheets: int


def results_of(
    contest: Contest, totals: Mapping[EntryId, Mapping[JudgeId, int]], criterion_sums: Mapping[EntryId, tuple[int, ...]]
) -> list[Result]:
    """The result of each work from its judges' totals and the sums of its criteria."""
    scores = _scores(contest, totals)
    chief = contest.ties.chief

    def chief_of(panel: Mapping[JudgeId, int]) -> int | None:
        return None if chief is None else panel.get(chief)

    return [
        Result(
            entry=entry,
            sheets=len(panel),
            score=scores[entry],
            rungs=()
            if scores[entry] is None
            else rung_values(contest, criterion_sums[entry], len(panel), chief_of(panel)),
            note=shortage(contest, len(panel)) if scores[entry] is None else None,
        )
        for entry, panel in totals.items()
    ]


def arrange(contest: Contest, results: Iterable[Result]) -> tuple[Standing, ...]:
    """Results in their places; equals stand in the order of their codes."""
    results = list(results)
    scored = [(result.score, result) for result in results if result.score is not None]
    scored.sort(key=lambda pair: pair[0], reverse=more_is_better(contest))
    placed = list[Standing]()
    uneven = _uneven(contest, [result for _, result in scored])
    for _, tied in groupby(scored, key=lambda pair: pair[0]):
        parted = climb([result for _, result in tied])
        placed += standings_of(contest, parted, len(placed), uneven)
    return (*placed, *unplaced(result for result in results if result.score is None))


def sums_suffice(contest: Contest) -> bool:
    """True where no single sheet need be known: by the mean, and no rung asks for the chief's."""
    return contest.scoring.method is Method.MEAN and None not in contest.rungs


def places(contest: Contest, works: Iterable[Sums]) -> tuple[Place, ...]:
    """The places of `rank` over the same sheets, where their sums suffice: every scored work has a number on every rung."""
    needed, scale = sheets_needed(contest), contest.weight_scale
    # the score and the rungs, less is better; then the work and its sheets
    scored: list[tuple[*tuple[int, ...], EntryId, int]] = []
    unscored: list[Place] = []
    for entry, sheets, total, rungs in works:
        if sheets < needed:
            unscored.append(Place(None, entry, None, sheets))
            continue
        score = published(contest, total, sheets * scale)
        key: tuple[int, ...] = (-score, *[-published(contest, rung, sheets) for rung in rungs])
        scored.append((*key, entry, sheets))
    scored.sort()
    placed = list[Place]()
    place, before = 0, tuple[int, ...]()
    for at, row in enumerate(scored, start=1):
        key = row[:-2]
        if key != before:
            place, before = at, key
        placed.append(Place(place, row[-2], -key[0], row[-1]))
    return (*placed, *sorted(unscored, key=itemgetter(1)))


def standings_of(
    contest: Contest, parted: Sequence[Equals], ahead: int, uneven: Mapping[EntryId, Sentence]
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


def _scores(contest: Contest, totals: Mapping[EntryId, Mapping[JudgeId, int]]) -> dict[EntryId, int | None]:
    if contest.scoring.method is not Method.RANK_SUM:
        return {entry: score_of(contest, sorted(panel.values())) for entry, panel in totals.items()}
    by_judge: dict[JudgeId, dict[EntryId, int]] = {}
    for entry, panel in totals.items():
        for judge, total in panel.items():
            by_judge.setdefault(judge, {})[entry] = total
    sums, needed = rank_sums(contest, by_judge.values()), sheets_needed(contest)
    return {entry: sums[entry] if len(panel) >= needed else None for entry, panel in totals.items()}


def _uneven(contest: Contest, scored: Sequence[Result]) -> dict[EntryId, Sentence]:
    """Sums of ranks over fewer sheets are smaller for that alone: the table says so rather than hide it."""
    most = max((result.sheets for result in scored), default=0)
    if more_is_better(contest):
        return {}
    return {
        r.entry: Sentence(
            "Tổng thứ hạng cộng từ {sheets} phiếu, trong khi có tác phẩm được cộng {most} phiếu.",
            {"sheets": r.sheets, "most": most},
        )
        for r in scored
        if r.sheets < most
    }
