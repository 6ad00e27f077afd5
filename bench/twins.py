"""CPU time of comparing one new film with 500 others. python -m bench.twins [--quick]

The fingerprints are synthetic: films of 270 seconds, of 60 shots that come back, with sound. One of them is a cropped copy
of the new film, which has to be found. Compared with the plain way: every framing and the sound of every pair.
"""

import time
from collections.abc import Callable, Iterator

import numpy as np

from bench import table
from core.media.fingerprint.film_fingerprint import Fingerprint
from core.media.fingerprint.hashes import CROPS, FRAMINGS, WHOLE, Hashes, PictureHashes
from core.media.fingerprint.likeness import picture_match, sound_match
from core.media.fingerprint.search import search

FILMS, FEW = 500, 50
PICTURES, WORDS, SHOTS = 540, 2180, 60
MOST_S = 20.0


def measure(quick: bool) -> Iterator[table.Figure]:
    """The CPU time of one search, beside that of all framings for all pairs."""
    count, chance = FEW if quick else FILMS, np.random.default_rng(1)
    new = film(chance)
    others = [*(film(chance) for _ in range(count - 1)), cropped_copy(new, chance)]
    searched = cost_s(lambda: find(new, others))
    plain = cost_s(lambda: [(picture_match(new, other), sound_match(new, other)) for other in others])
    bound = MOST_S * count / FILMS
    yield table.Figure(
        f"processor's time to compare a new film of 270 s with {count} others", searched, "s", f"≤ {bound:g} s",
        searched <= bound, plain=plain, plain_is="all framings and the sound of all pairs",
    )  # fmt: skip


def find(new: Fingerprint, others: list[Fingerprint]) -> None:
    """Search. Raises RuntimeError unless exactly the planted copy is found."""
    found = [(each.at, each.is_copy) for each in search(new, others)]
    if found != [(len(others) - 1, True)]:
        raise RuntimeError(f"the search of the bench found {found}")


def film(chance: np.random.Generator) -> Fingerprint:
    """A film whose shots are held for a while, in each framing with hashes of their own."""
    shots = np.sort(chance.integers(0, SHOTS, PICTURES))
    rows = chance.integers(0, 2**63, (FRAMINGS, SHOTS), dtype=np.uint64)[:, shots]
    sound = np.repeat(chance.integers(0, 2**32, WORDS // 4, dtype=np.uint32), 4)
    return Fingerprint(PictureHashes(flipped(rows, chance), np.ones(PICTURES, np.bool_)), sound)


def cropped_copy(original: Fingerprint, chance: np.random.Generator) -> Fingerprint:
    """A film without sound that shows the middle of the original: only one framing of the original is like it."""
    copy = film(chance)
    copy.pictures.rows[WHOLE] = flipped(original.pictures.rows[CROPS[1]], chance)
    return Fingerprint(copy.pictures, copy.sound[:0])


def flipped(rows: Hashes, chance: np.random.Generator) -> Hashes:
    """The hashes with one bit of each flipped, as another encoding does."""
    return rows ^ (np.uint64(1) << chance.integers(0, 63, rows.shape).astype(np.uint64))


def cost_s(act: Callable[[], object]) -> float:
    """The CPU time of one run of `act`, in seconds."""
    before = time.process_time()
    act()
    return time.process_time() - before


if __name__ == "__main__":
    table.run(__doc__, measure)
