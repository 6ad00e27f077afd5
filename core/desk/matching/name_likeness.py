"""How alike two names are, 0–100, on their bare names (`core.rules.people.names`).

The best of three: the ratio of common letters in order (Indel), the same with the words sorted, and 95 where only the
middle names differ, and one has their initials: "Nguyễn V. An" for "Nguyễn Văn An". Other measures of `rapidfuzz` find
more strangers for the same number of spellings: WRatio and Jaro-Winkler ten times as many (DECISIONS 83).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from core.rules.people.names import bare_name

INITIALS_AGREE = 95
LEAST_WORDS = 3  # of names whose middle names may be initials


def likeness(one: str, other: str) -> int:
    """How alike two persons' names are, 0–100, rounded down. 0 for a name without letters."""
    ours, theirs = bare_name(one), bare_name(other)
    if not ours or not theirs:
        return 0
    best = max(fuzz.ratio(ours, theirs), fuzz.ratio(_sorted(ours), _sorted(theirs)))
    return max(int(best), INITIALS_AGREE if _initials_agree(ours, theirs) else 0)


def alike_pairs(names: Sequence[str], others: Sequence[str], least: int) -> Iterator[tuple[int, int]]:
    """The positions (in `names`, in `others`) of each pair whose likeness is at least `least`, in no order.

    Compares every name with every other one, each bare name once.
    """
    rows, columns = _by_bare_name(names), _by_bare_name(others)
    if not rows or not columns:
        return
    ours, theirs = list(rows), list(columns)
    found = _likely(ours, theirs, least) | _likely([*map(_sorted, ours)], [*map(_sorted, theirs)], least)
    if least <= INITIALS_AGREE:
        found |= _with_initials(ours, theirs)
    for row, column in found:
        yield from ((one, other) for one in rows[ours[row]] for other in columns[theirs[column]])


def _likely(ours: Sequence[str], theirs: Sequence[str], least: int) -> set[tuple[int, int]]:
    scores = process.cdist(ours, theirs, scorer=fuzz.ratio, score_cutoff=least, dtype=np.float32)
    return {(int(row), int(column)) for row, column in np.argwhere(scores >= least)}


def _with_initials(ours: Sequence[str], theirs: Sequence[str]) -> set[tuple[int, int]]:
    """The pairs whose middle names agree by their initials, found by first name, last name and number of words."""
    by_ends: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for column, name in enumerate(theirs):
        by_ends[_ends(name)].append(column)
    return {
        (row, column)
        for row, name in enumerate(ours)
        for column in by_ends.get(_ends(name), ())
        if _initials_agree(name, theirs[column])
    }


def _ends(name: str) -> tuple[str, str, int]:
    words = name.split()
    return words[0], words[-1], len(words)


def _initials_agree(one: str, other: str) -> bool:
    """Whether first and last words are equal, and each middle word equals the other's or is its initial."""
    ours, theirs = one.split(), other.split()
    if len(ours) != len(theirs) or len(ours) < LEAST_WORDS or (ours[0], ours[-1]) != (theirs[0], theirs[-1]):
        return False
    middles = zip(ours[1:-1], theirs[1:-1], strict=True)
    return all(a == b or (a[0] == b[0] and 1 in (len(a), len(b))) for a, b in middles)


def _by_bare_name(names: Sequence[str]) -> dict[str, list[int]]:
    """The bare names that have letters, each with the positions of its names."""
    found: dict[str, list[int]] = defaultdict(list)
    for position, name in enumerate(names):
        found[bare_name(name)].append(position)
    found.pop("", None)
    return found


def _sorted(name: str) -> str:
    return " ".join(sorted(name.split()))
