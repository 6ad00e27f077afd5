"""The moment of the best poster, from the pictures of one decoding."""

import numpy as np
from numpy.typing import NDArray

from core.media.full_decode import HEIGHT, WIDTH
from core.media.poster import poster_moment

CHANCE = np.random.default_rng(3)
BLACK = np.zeros((HEIGHT, WIDTH), np.uint8)
GREY = np.full((HEIGHT, WIDTH), 128, np.uint8)
LIVELY = CHANCE.integers(0, 256, (HEIGHT, WIDTH)).astype(np.uint8)
SOFT = np.tile(np.linspace(0, 255, WIDTH).astype(np.uint8), (HEIGHT, 1))  # much light and shade, but nothing sharp


def best(*pictures: NDArray[np.uint8]) -> float | None:
    return poster_moment(b"".join(picture.tobytes() for picture in pictures))


def test_it_is_neither_dark_nor_flat_nor_blurred() -> None:
    assert best(*[BLACK] * 10, GREY, SOFT, LIVELY, SOFT, GREY, *[BLACK] * 5) == (12 + 0.5) / 20


def test_it_is_not_in_the_first_second_and_not_at_the_edges_if_there_is_another() -> None:
    calmer = (LIVELY // 2 + 60).astype(np.uint8)
    assert best(LIVELY, LIVELY, *[BLACK] * 10, calmer, *[BLACK] * 12, LIVELY) == (12 + 0.5) / 26
    assert best(LIVELY, LIVELY, LIVELY) == (2 + 0.5) / 3


def test_a_film_without_a_good_picture_has_none() -> None:
    assert best() is best(*[BLACK] * 8) is best(*[GREY] * 8) is None
