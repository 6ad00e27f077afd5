"""Copies are found however they were altered, at matching times; strangers are not."""

import itertools

import numpy as np
import pytest

from core.media.fingerprint.film_fingerprint import Fingerprint
from core.media.fingerprint.hashes import CROPS, WHOLE, PictureHashes
from core.media.fingerprint.likeness import LEAST_S, picture_match
from core.media.fingerprint.search import Found, search
from tests.fixtures.natural_films import COPIES
from tests.media.fingerprint.conftest import STRANGERS

Prints = dict[str, Fingerprint]
SPEED = {"fast": 1.05}
LATER_MS = {"card": -6000}  # the copy's own title comes first


def found(prints: Prints, film: str, *others: str) -> dict[str, Found]:
    return {others[each.at]: each for each in search(prints[film], [prints[other] for other in others])}


class TestCopies:
    @pytest.mark.parametrize("how", COPIES)
    def test_each_is_found_among_strangers_from_either_side(self, prints: Prints, how: str) -> None:
        of_the_original = found(prints, "original", STRANGERS[0], how, STRANGERS[1])
        assert list(of_the_original) == [how] and of_the_original[how].is_copy
        of_the_copy = found(prints, how, *STRANGERS, "original")
        assert list(of_the_copy) == ["original"] and of_the_copy["original"].is_copy

    @pytest.mark.parametrize("how", COPIES)
    def test_the_moments_agree_within_half_a_second(self, prints: Prints, how: str) -> None:
        likeness = found(prints, "original", how)[how].likeness
        speed, later = SPEED.get(how, 1.0), LATER_MS.get(how, 0)
        assert likeness.slope == pytest.approx(speed, abs=0.011)
        assert len(likeness.moments) >= 3 and list(likeness.moments) == sorted(set(likeness.moments))
        for of_film, of_other in likeness.moments:
            assert abs(of_film - (speed * of_other + later)) <= 500

    def test_what_agrees_is_told_apart(self, prints: Prints) -> None:
        likeness = {how: found(prints, "original", how)[how].likeness for how in COPIES}
        assert likeness["renamed"].picture_share > 0.95 < likeness["renamed"].sound_share
        assert likeness["muted"].sound_share == likeness["cropped and muted"].sound_share == 0
        assert likeness["other picture"].picture_share < 0.1
        assert likeness["other picture"].sound_share > 0.9
        assert [how for how, each in likeness.items() if each.mirrored] == ["mirrored"]


class TestStrangers:
    def test_none_is_found(self, prints: Prints) -> None:
        for one, other in itertools.permutations(("original", *STRANGERS), 2):
            assert found(prints, one, other) == {}

    def test_a_film_without_pictures_or_sound_is_like_nothing(self, prints: Prints) -> None:
        original = prints["original"]
        nothing = Fingerprint(_only(original, slice(0, 0)), original.sound[:0])
        assert search(original, [nothing]) == search(nothing, [original]) == search(nothing, [nothing]) == []

    def test_a_few_seconds_in_common_are_not_a_copy(self, prints: Prints) -> None:
        original = prints["original"]
        excerpt = Fingerprint(_only(original, slice(10, 22)), original.sound[:0])
        (match,) = search(excerpt, [original])
        assert not match.is_copy and match.likeness.picture_share <= 6 / LEAST_S + 0.1


class TestCommonPictures:
    def test_pictures_that_stand_in_three_other_works_are_left_out(self, prints: Prints) -> None:
        film = prints["original"]
        works = [_with_part_of(film, prints[STRANGERS[0]], 16, seed) for seed in range(4)]
        assert [each.is_copy for each in search(works[0], works[1:3])] == [False, False]
        assert search(works[0], works[1:]) == []

    def test_several_copies_of_one_film_do_not_hide_each_other(self, prints: Prints) -> None:
        """The last one shows the middle of the original: it is found by one framing alone."""
        film, copies = prints["original"], ("renamed", "small", "scaled", "mirrored", "muted")
        middle = _with_part_of(film, film, 0, 1)
        middle.pictures.rows[WHOLE] = film.pictures.rows[CROPS[1]]
        matches = search(film, [*(prints[name] for name in copies), middle])
        assert [each.at for each in matches if each.is_copy] == [0, 1, 2, 3, 4, 5]


def test_a_share_is_of_the_shorter_whole_film(prints: Prints) -> None:
    film = prints["original"]
    telling = film.pictures.telling & (np.arange(film.pictures.count) < 10)
    assert picture_match(film, film, telling=telling).share == pytest.approx(10 / film.pictures.telling.sum(), abs=0.1)


def _only(film: Fingerprint, part: slice) -> PictureHashes:
    return PictureHashes(film.pictures.rows[:, part], film.pictures.telling[part])


def _with_part_of(film: Fingerprint, other: Fingerprint, count: int, seed: int) -> Fingerprint:
    """A film of its own pictures that begins with so many pictures of `film`."""
    chance = np.random.default_rng(seed)
    rows = chance.integers(0, 2**63, other.pictures.rows.shape, dtype=np.uint64)
    rows[:, :count] = film.pictures.rows[:, :count]
    return Fingerprint(PictureHashes(rows, np.ones(other.pictures.count, np.bool_)), film.sound[:0])
