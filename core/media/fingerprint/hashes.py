"""Picture hashes: 64 bits for each half second, from the small grey pictures of one decoding.

A hash says which of a picture's 64 lowest frequencies (DCT) are above their median. It survives another size, encoding,
brightness and noise. Bars that stand black through the whole film are cut off first. Each picture is hashed in several
framings, because a copy may show only the middle of the original, or the original mirrored.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.media.full_decode import HEIGHT, KEPT_MS, WIDTH

PER_SECOND = 1000 / KEPT_MS  # hashes for one second of film
FLAT = (
    8.0  # standard deviation of brightness, of 256, below which a picture is alike in all films (black, a plain title)
)
# The framings that are stored, in this order: how much of width and height is shown.
SHARES = ((1.0, 1.0), (0.92, 0.92), (0.84, 0.84), (0.75, 0.75), (0.75, 1.0))  # the last: 4:3 out of 16:9
WHOLE, CROPS = 0, (1, 2, 3, 4)
MIDDLE = 3  # the smallest framing: without logos and titles at the edges
MIRRORED, MIRRORED_MIDDLE = 5, 6  # framings WHOLE and MIDDLE, left and right exchanged
FRAMINGS = 7
BAR_LEVEL = 28  # brightness, of 256, that a bar never reaches
LEAST_ROWS, LEAST_COLUMNS = 30, 50  # of a picture between its bars
SIDE, KEPT = 32, 8  # pixels of the square that is transformed; frequencies of each direction that are kept
BLOCK = 256  # pictures that are hashed together: bounds the memory

Pictures = NDArray[np.uint8]
Floats = NDArray[np.float32]
Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class PictureHashes:
    """The hashes of a film: one row for each framing, one column for each half second."""

    rows: Hashes
    telling: NDArray[np.bool_]  # False: a flat picture, which says nothing

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return len(self.telling)


def pictures_of(levels: bytes) -> Pictures:
    """The small grey pictures of `FullDecode.pictures`, as an array (count, HEIGHT, WIDTH)."""
    count = len(levels) // (WIDTH * HEIGHT)
    return np.frombuffer(levels, np.uint8, count * WIDTH * HEIGHT).reshape(count, HEIGHT, WIDTH)


def picture_hashes(levels: bytes) -> PictureHashes:
    """Hash the pictures of one decoding (`FullDecode.pictures`)."""
    pictures = without_bars(pictures_of(levels))
    rows = np.zeros((FRAMINGS, len(pictures)), np.uint64)
    telling = np.zeros(len(pictures), np.bool_)
    for start in range(0, len(pictures), BLOCK):
        part = slice(start, start + BLOCK)
        squares = [_square(_middle(pictures[part], *share)) for share in SHARES]
        telling[part] = squares[WHOLE].std((1, 2)) > FLAT
        for framing, square in enumerate([*squares, squares[WHOLE][:, :, ::-1], squares[MIDDLE][:, :, ::-1]]):
            rows[framing, part] = _hashes(square)
    return PictureHashes(rows, telling)


def without_bars(pictures: Pictures) -> Pictures:
    """The pictures without the bars at their edges that stay black through the whole film."""
    if not len(pictures):
        return pictures
    brightest = np.percentile(pictures[:: max(1, len(pictures) // 60)], 97, axis=0)
    rows, columns = np.flatnonzero(brightest.max(1) > BAR_LEVEL), np.flatnonzero(brightest.max(0) > BAR_LEVEL)
    if len(rows) < LEAST_ROWS or len(columns) < LEAST_COLUMNS:
        return pictures
    return pictures[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _middle(pictures: Pictures, across: float, down: float) -> Pictures:
    """The middle of each picture: this share of its width and of its height."""
    height, width = pictures.shape[1:]
    left, top = round(width * (1 - across) / 2), round(height * (1 - down) / 2)
    return pictures[:, top : height - top, left : width - left]


def _square(pictures: Pictures) -> Floats:
    """Each picture reduced to SIDE × SIDE by area means, from any size."""
    count, height, width = pictures.shape
    sums = np.zeros((count, height + 1, width + 1), np.float32)
    np.cumsum(np.cumsum(pictures, 1, dtype=np.float32), 2, out=sums[:, 1:, 1:])
    rows = _between(sums, np.linspace(0, height, SIDE + 1), 1)
    both = _between(rows, np.linspace(0, width, SIDE + 1), 2)
    areas = both[:, 1:, 1:] - both[:, :-1, 1:] - both[:, 1:, :-1] + both[:, :-1, :-1]
    return areas / np.float32(height * width / SIDE**2)


def _between(sums: Floats, at: NDArray[np.float64], axis: int) -> Floats:
    """Values at these fractional positions along the axis, interpolated between the two nearest."""
    low = np.floor(at).astype(np.intp)
    high = np.minimum(low + 1, sums.shape[axis] - 1)
    weight = (at - low).astype(np.float32).reshape([-1 if each == axis else 1 for each in range(3)])
    between: Floats = sums.take(low, axis) * (1 - weight) + sums.take(high, axis) * weight
    return between


def _cosines() -> Floats:
    frequency, at = np.arange(KEPT + 1)[:, None], np.arange(SIDE)[None, :]
    return np.cos(np.pi * (2 * at + 1) * frequency / (2 * SIDE)).astype(np.float32)


_COSINES = _cosines()


def _hashes(squares: Floats) -> Hashes:
    """One 64-bit hash for each square: bits of the frequencies above the median, without the means."""
    parts = (_COSINES @ squares @ _COSINES.T)[:, 1:, 1:].reshape(len(squares), KEPT * KEPT)
    bits = parts > np.median(parts, axis=1, keepdims=True)
    return np.packbits(bits, axis=1).view(">u8").reshape(-1).astype(np.uint64)
