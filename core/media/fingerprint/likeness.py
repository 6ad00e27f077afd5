"""How alike two films are: what share of the shorter one looks and sounds like the other, and at which moments."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.media.fingerprint.alignment import NEAR_PICTURES, NEAR_SOUNDS, NO_LINE, Line, best_line, near
from core.media.fingerprint.film_fingerprint import Fingerprint
from core.media.fingerprint.hashes import CROPS, MIDDLE, MIRRORED, MIRRORED_MIDDLE, PER_SECOND, WHOLE

LEAST_S = 20.0  # a share is of so many seconds at least: of less, a few common pictures would be everything
MOMENTS = 4  # matching moments that are given
STEP = 2  # columns are every second hash, or every second word
RATIO = float(STEP)  # rows for one column of pictures
WORDS_PER_SECOND = 11025 / (4096 / 3)
LEAST_WORDS, LEAST_DIFFERENT = 40, 20  # a sound with fewer words, or fewer different ones, is silence or a tone
COARSE = 4  # of the columns, one is looked at first
PROMISING = 0.12  # the share found by that look from which all columns are compared
SHARED = 0.1  # share of the pictures from which two films are said to share scenes
COPY_PICTURE, COPY_SOUND = 0.5, 0.45  # shares of the shorter film from which it is called a near copy
AGREEING_S = 2.0  # by which the lines of pictures and of sound may differ and still be one
SURE = 0.8  # share from which no further framing is tried
PLAIN = ((WHOLE, WHOLE), (MIRRORED, WHOLE))
FRAMED = (
    *((crop, WHOLE) for crop in CROPS), *((WHOLE, crop) for crop in CROPS), *((crop, MIRRORED) for crop in CROPS),
    *((MIRRORED, crop) for crop in CROPS), (MIDDLE, MIDDLE), (MIRRORED_MIDDLE, MIDDLE),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PictureMatch:
    """A line along which the pictures of two films agree, and its share of the shorter film, from 0 to 1."""

    share: float = 0.0
    line: Line = NO_LINE
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class SoundMatch:
    """A line along which the sounds of two films agree, and its share of the shorter film, from 0 to 1."""

    share: float = 0.0
    line: Line = NO_LINE


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two films are. `film` time = `slope` × `other` time + `offset_ms`.

    `moments`: times (ms) of the film and of the other at which they agree, in order.
    """

    picture_share: float
    sound_share: float
    slope: float
    offset_ms: int
    mirrored: bool
    moments: tuple[tuple[int, int], ...]

    def inverted(self) -> "Likeness":
        """The same, seen from the other film."""
        moments = sorted((other, film) for film, other in self.moments)
        return replace(
            self, slope=round(1 / self.slope, 3), offset_ms=round(-self.offset_ms / self.slope), moments=tuple(moments)
        )


def picture_match(
    film: Fingerprint,
    other: Fingerprint,
    ways: Iterable[tuple[int, int]] = (*PLAIN, *FRAMED),
    telling: NDArray[np.bool_] | None = None,
    step: int = STEP,
) -> PictureMatch:
    """The best line of pictures in any of these framings (of the film, of the other).

    `telling`: which pictures of the film may match, if not all but the flat ones; the share is of all. `step`: every so many-th column.
    """
    counts = film.pictures.telling if telling is None else telling
    columns = other.pictures.telling[::step]
    shorter = max(LEAST_S, float(min(film.pictures.telling.sum(), other.pictures.telling.sum())) / PER_SECOND)
    best = PictureMatch()
    for mine, theirs in ways:
        rows = film.pictures.rows[mine]
        matches = near(rows, other.pictures.rows[theirs, ::step], NEAR_PICTURES) & counts[:, None] & columns[None, :]
        line = best_line(matches, step)
        share = min(1.0, line.count * step / PER_SECOND / shorter)
        if share > best.share:
            best = PictureMatch(share, line, MIRRORED in {mine, theirs} or mine == MIRRORED_MIDDLE)
        if best.share > SURE:
            break
    return best


def sound_match(film: Fingerprint, other: Fingerprint) -> SoundMatch:
    """The best line of sound words. Silence and single tones are alike everywhere and match nothing."""
    words = film.sound[::STEP], other.sound[::STEP]
    if any(len(each) < LEAST_WORDS / STEP or len(np.unique(each)) < LEAST_DIFFERENT for each in words):
        return SoundMatch()
    line = best_line(near(words[0], words[1], NEAR_SOUNDS))
    shorter = max(LEAST_S * WORDS_PER_SECOND / STEP, min(map(len, words)))
    return SoundMatch(min(1.0, line.count / shorter), line)


def framed_match(film: Fingerprint, other: Fingerprint, telling: NDArray[np.bool_]) -> PictureMatch:
    """The best line in the cropped framings. First a few columns are looked at; all only where that is promising."""
    if not any(_coarse_shares(film, other, telling)):
        return PictureMatch()
    return picture_match(film, other, FRAMED, telling)


def _coarse_shares(film: Fingerprint, other: Fingerprint, telling: NDArray[np.bool_]) -> Iterator[bool]:
    for way in FRAMED:
        yield picture_match(film, other, (way,), telling, STEP * COARSE).share >= PROMISING


def likeness(picture: PictureMatch, sound: SoundMatch) -> Likeness:
    """Both matches as one. Speed, offset and moments are the sound's where it agrees: a still shot has no exact time."""
    by_sound = _timed(sound.line, WORDS_PER_SECOND / STEP, WORDS_PER_SECOND / STEP)
    by_picture = _timed(picture.line, PER_SECOND, PER_SECOND / STEP)
    middle = by_picture.of_other[by_picture.count // 2] if by_picture.count else 0.0
    agree = abs(by_picture.at(middle) - by_sound.at(middle)) <= AGREEING_S
    chosen = by_sound if sound.share >= COPY_SOUND and (agree or sound.share > picture.share) else by_picture
    moments = [(round(1000 * chosen.of_film[at]), round(1000 * chosen.of_other[at])) for at in _spread(chosen.count)]
    return Likeness(
        picture.share, sound.share, round(chosen.slope, 2), round(1000 * chosen.offset),
        picture.mirrored and picture.share >= SHARED, tuple(moments),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _TimedLine:
    """A line in seconds: film = slope × other + offset, and the moments on it."""

    slope: float
    offset: float
    of_film: NDArray[np.float64]
    of_other: NDArray[np.float64]

    @property
    def count(self) -> int:
        return len(self.of_other)

    def at(self, second: float) -> float:
        """The second of the film that agrees with this second of the other."""
        return self.slope * second + self.offset


def _timed(line: Line, rows_per_second: float, columns_per_second: float) -> _TimedLine:
    slope = line.slope * columns_per_second / rows_per_second
    return _TimedLine(
        slope, line.offset / rows_per_second, line.rows / rows_per_second, line.columns / columns_per_second
    )


def _spread(count: int) -> list[int]:
    """At most MOMENTS positions of so many, spread evenly, none at the very ends."""
    return sorted({int(count * (2 * each + 1) / (2 * MOMENTS)) for each in range(MOMENTS)} if count else ())
