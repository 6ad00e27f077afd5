"""Rank sums with missing sheets: which order of works holds whatever the missing ranks are.

A judge who has not marked all works could have put the others anywhere into their own order, equal to others or not. The
order of the works they did mark stays. One such choice for every judge is a completion. Judges complete their orders
independently. So the most by which one work's sum exceeds another's, over all completions, is the sum of each judge's
most. This is exact:

| this judge marked          | most of (rank of a - rank of b)                                               |
|----------------------------|-------------------------------------------------------------------------------|
| both, a at least as good   | the ranks as given: unmarked works between them only make it smaller          |
| both, a behind             | the ranks as given, and every unmarked work between them                      |
| only a                     | every unmarked work comes before a, and b before all                          |
| only b                     | a comes last, and no unmarked work before b                                   |
| neither                    | a comes last and b first                                                      |

Two works are *separated* where one is ahead by at least `gap` in every completion, and *equal* where their sums are the
same in every completion. Every other pair is open. Works linked by open pairs form one block; blocks have a total order.
Blocks are conservative: works linked by open pairs have no place, even where a place would be the same every time.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.rules.ids import EntryId, JudgeId

Ranks = Mapping[JudgeId, int]  # twice the ranks that judges gave one work


@dataclass(frozen=True, slots=True)
class Block:
    """Works whose order the sums do not decide: they are equal in every completion, or their order is open."""

    entries: tuple[EntryId, ...]  # in the order of their codes
    equal: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Works with the same sums in every completion, or a single work. All numbers are doubled ranks."""

    entries: tuple[EntryId, ...]
    sure: int  # sum of the ranks by judges who marked all works
    open: tuple[int | None, ...]  # the ranks by the other judges; None where the judge did not mark the work
    least: int  # sum in the best case
    most: int  # sum in the worst case


def missing_by_judge(works: Mapping[EntryId, Ranks]) -> dict[JudgeId, int]:
    """How many of these works each judge has not marked. Judges who marked all of them are left out."""
    marked = Counter(judge for ranks in works.values() for judge in ranks)
    return {judge: len(works) - count for judge, count in marked.items() if count < len(works)}


def blocks(works: Mapping[EntryId, Ranks], gap: int) -> list[Block]:
    """The works in blocks, best first. `gap` is the least difference of doubled sums that separates two works."""
    missing = missing_by_judge(works)
    absent, last = tuple(missing.values()), 2 * len(works)
    candidates = _candidates(works, missing, last)
    result, block, reach = list[Block](), list[_Candidate](), -1
    for at, candidate in enumerate(candidates):
        if at > reach and block:
            result.append(_block(block))
            block = []
        block.append(candidate)
        reach = max(reach, at)
        end = bisect_left(candidates, candidate.most + gap, lo=at, key=lambda other: other.least)
        for other in range(end - 1, reach, -1):
            if _most_behind(candidate, candidates[other], absent, last) > -gap:
                reach = other
                break
    return [*result, _block(block)] if block else result


def _candidates(works: Mapping[EntryId, Ranks], missing: Mapping[JudgeId, int], last: int) -> list[_Candidate]:
    """The candidates sorted by best case, so that a work ahead of another in every completion comes before it.

    Works with the same `sure` and the same ranks in `open`, none of them missing, form one candidate. `missing` is the
    result of `missing_by_judge`, `last` the doubled rank of the last place.
    """
    alike: dict[tuple[int, tuple[int | None, ...], EntryId | None], list[EntryId]] = {}
    for entry in sorted(works):
        ranks = works[entry]
        open_ = tuple(ranks.get(judge) for judge in missing)
        sure = sum(rank for judge, rank in ranks.items() if judge not in missing)
        alike.setdefault((sure, open_, entry if None in open_ else None), []).append(entry)
    result = [
        _Candidate(
            tuple(entries),
            sure,
            open_,
            least=sure + sum(2 if rank is None else rank for rank in open_),
            most=sure
            + sum(last if rank is None else rank + 2 * n for rank, n in zip(open_, missing.values(), strict=True)),
        )
        for (sure, open_, _), entries in alike.items()
    ]
    return sorted(result, key=lambda candidate: (candidate.least, candidate.entries))


def _block(candidates: Sequence[_Candidate]) -> Block:
    return Block(tuple(sorted(e for each in candidates for e in each.entries)), equal=len(candidates) == 1)


def _most_behind(one: _Candidate, other: _Candidate, absent: Sequence[int], last: int) -> int:
    """The most by which the sum of `one` exceeds that of `other` over all completions, in doubled ranks.

    `absent` is the number of works that each judge with missing sheets has not marked, `last` twice the number of works.
    """
    behind = one.sure - other.sure
    for mine, theirs, unmarked in zip(one.open, other.open, absent, strict=True):
        if mine is None:
            behind += last - (2 if theirs is None else theirs)
        elif theirs is None:
            behind += mine + 2 * unmarked - 2
        else:
            behind += mine - theirs + (2 * unmarked if mine > theirs else 0)
    return behind
