"""How alike two names are: cases, the batch beside single pairs, and how many spellings and strangers a threshold finds."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.desk.matching.name_likeness import alike_pairs, likeness
from core.rules.people.names import bare_name
from core.rules.people.same_person import ALIKE, ALIKE_WITH_BIRTH
from core.rules.vietnamese import bare
from tests.desk.matching.invented_people import people, retyped

NAME = "Nguyễn Văn An"
_CHANCE = Random(2024)
AUTHORS, OFFICIALS = people(_CHANCE, 3000), people(_CHANCE, 60)
SPELLINGS = [(each.name, retyped(_CHANCE, each.name)) for each in OFFICIALS for _ in range(25)]
NAMES = st.lists(st.sampled_from(["Lò", "Văn", "V.", "An", "Thị", "Hoà", "Ông"]), max_size=4).map(" ".join) | st.text(
    max_size=8
)


@pytest.mark.parametrize(
    "other, least, most",
    [
        (NAME, 100, 100), ("NGUYEN VAN AN", 100, 100), ("Nguyễn Văn Án", 100, 100), ("An Nguyễn Văn", 100, 100),
        ("Nguyễn V. An", 95, 95), ("Nguyễn Văn Anh", 95, 97), ("Nguyễn Văn Ban", 95, 97), ("Đ/c Nguyễn Văn An", 100, 100),
        ("Nguуễn Vаn Аn", 100, 100),  # Cyrillic у, а, А
        ("Nguyễn\u200b Văn\u2060 An", 100, 100), ("Lò Thị Hoà", 0, 50), ("", 0, 0), ("...", 0, 0),
        ("N V An", 0, 91),  # the family name's initial is not enough
    ],
)  # fmt: skip
def test_how_alike_a_name_is(other: str, least: int, most: int) -> None:
    assert least <= likeness(NAME, other) <= most


def test_a_name_of_300_characters_is_compared_too() -> None:
    long = "Nguyễn " * 42
    assert likeness(long, long) == 100
    assert likeness(long, NAME) < ALIKE


@given(NAMES, NAMES)
def test_likeness_is_symmetric_and_ignores_marks(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one) == likeness(bare(one), other)


@given(st.lists(NAMES, max_size=6), st.lists(NAMES, max_size=6), st.sampled_from([ALIKE_WITH_BIRTH, ALIKE, 97]))
def test_the_batch_finds_the_pairs_that_are_alike_one_by_one(names: list[str], others: list[str], least: int) -> None:
    one_by_one = {
        (row, column)
        for row, name in enumerate(names)
        for column, other in enumerate(others)
        if likeness(name, other) >= least
    }
    found = list(alike_pairs(names, others, least))
    assert set(found) == one_by_one
    assert len(found) == len(one_by_one)


class TestThresholds:
    """DECISIONS 83: what the thresholds of `core.rules.people.same_person` find, among invented people."""

    def found(self, least: int) -> float:
        return sum(likeness(*pair) >= least for pair in SPELLINGS) / len(SPELLINGS)

    def flagged(self, least: int) -> int:
        pairs = alike_pairs([each.name for each in AUTHORS], [each.name for each in OFFICIALS], least)
        return len({author for author, _ in pairs})

    def test_equal_bare_names_find_about_three_of_four_spellings(self) -> None:
        equal = sum(bare_name(one) == bare_name(other) for one, other in SPELLINGS) / len(SPELLINGS)
        assert 0.64 <= equal <= 0.80
        assert self.flagged(100) <= 60

    def test_names_that_are_alike_find_nearly_all_and_few_innocent_authors(self) -> None:
        assert self.found(ALIKE) >= 0.92
        assert self.flagged(ALIKE) <= 180  # of 3,000: 6 %

    def test_with_the_date_of_birth_all_spellings_are_found_and_hardly_an_innocent_author(self) -> None:
        assert self.found(ALIKE_WITH_BIRTH) == 1
        born = {each.birth for each in OFFICIALS}
        same_day = [
            (author.name, official.name)
            for author in AUTHORS if author.birth in born
            for official in OFFICIALS if official.birth == author.birth
        ]  # fmt: skip
        assert sum(likeness(*pair) >= ALIKE_WITH_BIRTH for pair in same_day) <= 3
