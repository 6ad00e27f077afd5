"""Lays one film along another: a copy is a straight line in the matrix of moments that look, or sound, alike.

The line's slope is the difference of speed, its offset a difference of start: `film` time = slope × `other` time + offset.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEAR_PICTURES = 12  # of 64 bits, that two hashes of one picture may differ
NEAR_SOUNDS = 7  # of 32 bits, that two words of one sound may differ
SLOPES = np.arange(90, 111) / 100
EQUAL = 10  # the position of slope 1
OTHERS_NEED = (
    1.05,
    1,
)  # another slope than 1 needs so many times the moments, and so many more: more slopes, more chance
MOST_MATCHES = 400_000  # matches that are looked at; more stand in a still picture, and every second one is enough

Matches = NDArray[np.bool_]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Line:
    """A line in a matrix of matches: row = slope × column + offset, and the columns that lie on it."""

    slope: float
    offset: float  # in rows
    columns: Whole
    rows: Whole

    @property
    def count(self) -> int:
        """How many moments agree along the line."""
        return len(self.columns)


NO_LINE = Line(1.0, 0.0, np.zeros(0, np.int64), np.zeros(0, np.int64))


def near(rows: NDArray[np.unsignedinteger], columns: NDArray[np.unsignedinteger], most: int) -> Matches:
    """The matrix that is True where a row's word and a column's word differ in at most so many bits."""
    return np.asarray(np.bitwise_count(rows[:, None] ^ columns[None, :]) <= most)


def best_line(matches: Matches, ratio: float = 1.0) -> Line:
    """The line with the most moments on it, at most one step beside it. `ratio`: rows for one column at slope 1."""
    rows, columns = np.nonzero(matches)
    if len(rows) > MOST_MATCHES:
        step = -(-len(rows) // MOST_MATCHES)
        rows, columns = rows[::step], columns[::step]
    if not len(rows):
        return NO_LINE
    offsets = np.rint(rows[None, :] - columns[None, :] * (SLOPES * ratio)[:, None]).astype(np.int64)
    peaks = np.array([_peak(each) for each in offsets])
    counts = np.array(
        [len(np.unique(columns[np.abs(each - peak) <= 1])) for each, peak in zip(offsets, peaks, strict=True)]
    )
    chosen = _chosen(counts)
    beside = np.abs(offsets[chosen] - peaks[chosen]) <= 1
    return _fitted(rows[beside], columns[beside], float(SLOPES[chosen] * ratio), float(peaks[chosen]))


def _peak(offsets: Whole) -> int:
    """The offset with the most matches, counting a step either way."""
    lowest = int(offsets.min())
    counts = np.bincount(offsets - lowest)
    wide = counts.copy()
    wide[:-1] += counts[1:]
    wide[1:] += counts[:-1]
    return lowest + int(wide.argmax())


def _chosen(counts: Whole) -> int:
    """The position of the best slope: 1 unless another has clearly more moments; of equally good ones the middle."""
    most = counts.max()
    times, more = OTHERS_NEED
    if counts[EQUAL] * times + more >= most:
        return EQUAL
    best = np.flatnonzero(counts == most)
    return int(best[len(best) // 2])


def _fitted(rows: Whole, columns: Whole, slope: float, offset: float) -> Line:
    """The line through these matches, each column once (its nearest row), with the offset that fits them best."""
    distance = np.abs(rows - columns * slope - offset)
    order = np.lexsort((distance, columns))
    rows, columns = rows[order], columns[order]
    first = np.ones(len(columns), np.bool_)
    first[1:] = columns[1:] != columns[:-1]
    rows, columns = rows[first], columns[first]
    return Line(slope, float(np.median(rows - columns * slope)), columns, rows)
