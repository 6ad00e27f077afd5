"""Compares one film with many. Cheap comparisons come first, and pictures that many works share are left out.

Films made from one template, or about one place, share maps, titles and landscapes. A picture that stands in
COMMON_IN other works says nothing about a copy. A work that is alike over most of its length does not count for that:
it is a copy itself, and several copies of one film must not hide each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.media.fingerprint.alignment import NEAR_PICTURES, near
from core.media.fingerprint.film_fingerprint import Fingerprint
from core.media.fingerprint.hashes import WHOLE
from core.media.fingerprint.likeness import (
    COPY_PICTURE,
    COPY_SOUND,
    PLAIN,
    SHARED,
    STEP,
    Likeness,
    PictureMatch,
    framed_match,
    likeness,
    picture_match,
    sound_match,
)
from core.media.monitor import UNMONITORED, ProgressMonitor

COMMON_IN = 3  # other works in which a common picture stands
PLAIN_PART = 0.3  # of the progress: the first, plain comparison


@dataclass(frozen=True, slots=True)
class Found:
    """A film that is alike: its position in the sequence that was searched, and how alike."""

    at: int
    likeness: Likeness

    @property
    def is_copy(self) -> bool:
        """Whether it is a near copy; otherwise the films share scenes."""
        return self.likeness.picture_share >= COPY_PICTURE or self.likeness.sound_share >= COPY_SOUND


def search(film: Fingerprint, others: Sequence[Fingerprint], monitor: ProgressMonitor = UNMONITORED) -> list[Found]:
    """The films among `others` that are near copies of `film`, or share scenes with it. `monitor` may stop it."""
    plain, telling = _plain(film, others, monitor.part(0, PLAIN_PART))
    framed = monitor.part(PLAIN_PART, 1)
    found = []
    for at, other in enumerate(others):
        framed.report(at / len(others))
        picture, sound = plain[at], sound_match(film, other)
        if picture.share < COPY_PICTURE:
            picture = max(picture, framed_match(film, other, telling), key=lambda match: match.share)
        if sound.share >= COPY_SOUND or picture.share >= SHARED:
            found.append(Found(at, likeness(picture, sound)))
    return found


def _plain(
    film: Fingerprint, others: Sequence[Fingerprint], monitor: ProgressMonitor
) -> tuple[list[PictureMatch], NDArray[np.bool_]]:
    """The matches of the uncropped pictures, and which pictures of the film count: neither flat nor common."""
    matches, works = [], np.zeros(film.pictures.count, np.int64)
    for at, other in enumerate(others):
        monitor.report(at / len(others))
        matches.append(picture_match(film, other, PLAIN))
        if matches[-1].share < COPY_PICTURE:
            works += _stands_in(film, other)
    telling = film.pictures.telling & (works < COMMON_IN)
    if telling.sum() < film.pictures.telling.sum():
        matches = [
            match if match.share >= COPY_PICTURE else picture_match(film, other, PLAIN, telling)
            for match, other in zip(matches, others, strict=True)
        ]
    return matches, telling


def _stands_in(film: Fingerprint, other: Fingerprint) -> NDArray[np.bool_]:
    """Which pictures of the film stand somewhere in the other one."""
    columns = other.pictures.rows[WHOLE, ::STEP][other.pictures.telling[::STEP]]
    return np.asarray(near(film.pictures.rows[WHOLE], columns, NEAR_PICTURES).any(axis=1))
