"""The sample tables of a track (ISO/IEC 14496-12 §8.6.1, §8.7): number, duration and position of its samples."""

import sys
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise, repeat

from core.media.mp4.boxes import BrokenIndex, fields, find, require

MAX_ENTRIES = 500_000  # entries of one table: enough for an hour at 120 frames a second


@dataclass(frozen=True, slots=True)
class Samples:
    """The summary of a track's sample tables. Times are in ticks of the track's timescale."""

    count: int
    ticks: int  # duration of all samples together
    longest_gap: int  # from one non-empty sample to the next, or to the end
    composition_offset: int  # from the decoding time of the first sample to its presentation time
    total_bytes: int
    first_offset: int  # byte of the file at which the first sample begins
    end_offset: int  # byte of the file at which the last one ends


@dataclass(frozen=True, slots=True)
class _SampleSizes:
    """The sizes of samples in bytes: one for all (`every`), or one for each (`each`)."""

    count: int
    every: int
    each: Sequence[int] | None

    def cumulative(self) -> Sequence[int]:
        """Cumulative sizes: element n is the bytes of the first n samples; empty if every size is 0."""
        if self.each is None:
            return range(0, self.count * self.every + 1, self.every) if self.every else range(0)
        return array("Q", accumulate(self.each, initial=0))


def read(table: memoryview) -> Samples:
    """Read the tables of one track; `table` is the content of its `stbl`. Raises BrokenIndex."""
    sizes = _sizes(table)
    count, total, first, end = _layout(table, sizes)
    ticks, longest = _times(require(table, "stts"), count, sizes)
    offsets = find(table, "ctts")
    delay = fields("i", offsets, 12)[0] if offsets is not None and fields("I", offsets, 4)[0] else 0
    return Samples(count, ticks, longest, delay, total, first, end)


def count(table: memoryview) -> int:
    """The number of samples that a track states. Raises BrokenIndex."""
    return _sizes(table).count


def _sizes(table: memoryview) -> _SampleSizes:
    body = find(table, "stsz")
    if body is None:
        return _compact(require(table, "stz2"))
    every, count = fields("II", body, 4)
    return _SampleSizes(count, every, None if every or not count else _entries(body, 12, count, "I"))


def _compact(body: memoryview) -> _SampleSizes:
    """Sizes of 4, 8 or 16 bits each (`stz2`)."""
    bits, count = fields("II", body, 4)
    if bits == 4:
        halves = _entries(body, 12, (count + 1) // 2, "B")
        each = chain.from_iterable((half >> 4, half & 15) for half in halves)
        return _SampleSizes(count, 0, array("I", each)[:count])
    if bits not in {8, 16}:
        raise BrokenIndex("stz2")
    return _SampleSizes(count, 0, array("I", _entries(body, 12, count, "B" if bits == 8 else "H")))


def _layout(table: memoryview, sizes: _SampleSizes) -> tuple[int, int, int, int]:
    """Samples in chunks: their number, their bytes, and the file offsets of their first byte and their end."""
    offsets, sums = _offsets(table), sizes.cumulative()
    sample = end = 0
    for offset, samples in zip(offsets, _chunks(require(table, "stsc"), len(offsets)), strict=False):
        following = min(sample + samples, sizes.count)
        if following > sample:
            end = max(end, offset + sums[following] - sums[sample])
        sample = following
    return sample, sums[sample] if sample else 0, offsets[0] if sample else 0, end


def _offsets(table: memoryview) -> Sequence[int]:
    """The file offset of each chunk."""
    body, code = find(table, "stco"), "I"
    if body is None:
        body, code = require(table, "co64"), "Q"
    return _entries(body, 8, fields("I", body, 4)[0], code)


def _chunks(body: memoryview, chunks: int) -> Iterator[int]:
    """The number of samples in each chunk, from the runs of `stsc`. Raises BrokenIndex."""
    runs = _entries(body, 8, 3 * fields("I", body, 4)[0], "I")
    begins = [*runs[0::3], chunks + 1]
    if chunks and (begins[0] != 1 or any(one >= other for one, other in pairwise(begins[:-1]))):
        raise BrokenIndex("stsc")
    lengths = (max(0, other - one) for one, other in pairwise(begins))
    return chain.from_iterable(map(repeat, runs[1::3], lengths))


def _times(body: memoryview, count: int, sizes: _SampleSizes) -> tuple[int, int]:
    """The total ticks of the first `count` samples, and the longest. An empty sample extends the one before it."""
    runs = _entries(body, 8, 2 * fields("I", body, 4)[0], "I")
    if sizes.each is not None and 0 in sizes.each:
        each = chain.from_iterable(map(repeat, runs[1::2], runs[0::2]))
        return _with_gaps(zip(sizes.each[:count], each, strict=False))
    total = longest = 0
    for samples, ticks in zip(runs[0::2], runs[1::2], strict=True):
        taken = min(samples, count)
        total, count = total + taken * ticks, count - taken
        longest = max(longest, ticks) if taken else longest
    return total, longest


def _with_gaps(samples: Iterator[tuple[int, int]]) -> tuple[int, int]:
    total = longest = gap = 0
    for size, ticks in samples:
        gap = ticks if size else gap + ticks
        total, longest = total + ticks, max(longest, gap)
    return total, longest


def _entries(body: memoryview, at: int, count: int, code: str) -> Sequence[int]:
    """A table of big-endian numbers of one size; `code` is their `array` type code.

    Raises BrokenIndex if the table does not fit in its box or has too many entries.
    """
    values = array(code)
    end = at + count * values.itemsize
    if count > 3 * MAX_ENTRIES or end > len(body):
        raise BrokenIndex("")
    values.frombytes(body[at:end])
    if sys.byteorder == "little":
        values.byteswap()
    return values
