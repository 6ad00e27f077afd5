"""R02, plan III.1: members of the contest's bodies may not enter. The table of the verdicts, and laws that hold for all."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.people.person import Person
from core.rules.people.same_person import SENTENCES, VERDICTS, Ground, Match, Verdict, compare
from core.rules.vietnamese import bare
from core.rules.words import Locale

DAY, OTHER_DAY = date(1990, 5, 7), date(1990, 7, 5)
PERSONS = st.builds(
    Person,
    st.sampled_from(["Lò Văn An", "LO VAN AN", "Lò Thị Hoà", "Lò Thị Hoa", "Đ/c Lò Văn An", "Hà Thị Thuý", "", "."]),
    st.sampled_from([None, DAY, OTHER_DAY]),
    st.sampled_from(["", "0912345678", "0391234567"]),
)
LIKENESS = st.integers(0, 100)


def strength(match: Match | None) -> Verdict:
    return match.verdict if match else Verdict.NONE


@pytest.mark.parametrize(
    "birth, other_birth, likeness, ground",
    [
        (DAY, DAY, 100, Ground.BIRTH), (DAY, DAY, 70, Ground.BIRTH), (DAY, DAY, 69, None),
        (DAY, None, 92, Ground.NAME), (None, DAY, 92, Ground.NAME), (None, None, 92, Ground.NAME),
        (DAY, None, 91, None), (None, None, 0, None),
        (DAY, OTHER_DAY, 92, Ground.OTHER_BIRTH), (DAY, OTHER_DAY, 91, None),
    ],
)  # fmt: skip
def test_what_names_and_dates_of_birth_decide(
    birth: date | None, other_birth: date | None, likeness: int, ground: Ground | None
) -> None:
    match = compare(Person("Lò Văn An", birth), Person("Lò Văn Ân Anh", other_birth), likeness)
    assert (match and match.ground) == ground


def test_the_same_phone_blocks_whatever_else_differs() -> None:
    author, official = Person("Lò Văn An", DAY, "0912345678"), Person("Hà Thị Mai", OTHER_DAY, "0912345678")
    assert compare(author, official, 0) == Match(Ground.PHONE, 0)
    assert compare(replace(author, phone=""), replace(official, phone=""), 0) is None


def test_equal_bare_names_are_alike_whatever_the_number_says() -> None:
    """Issue: "Nguyễn Văn Án" beside "NGUYEN VAN AN" goes to the queue."""
    assert compare(Person("Nguyễn Văn Án"), Person("NGUYEN VAN AN"), 0) == Match(Ground.NAME, 100)


@pytest.mark.parametrize("name", ["", "...", "\u200b"])
def test_a_name_without_letters_is_like_no_other(name: str) -> None:
    assert compare(Person(name), Person(name), 100) is None
    assert compare(Person(name), Person("Lò Văn An"), 100) is None


def test_each_ground_has_its_verdict_and_a_sentence_with_the_clause() -> None:
    assert set(VERDICTS) == set(SENTENCES) == set(Ground)
    assert all("III.1" in Match(ground, 92).sentence.text for ground in Ground)
    assert [Match(ground, 92).verdict for ground in Ground] == [
        Verdict.BLOCKS, Verdict.BLOCKS, Verdict.REVIEW, Verdict.NOTED,
    ]  # fmt: skip


def test_the_sentence_about_a_group_names_the_author_it_means() -> None:
    said = Match(Ground.PHONE, 92).about("Lò Thị Thuỷ").localize(Locale())
    assert said.startswith("Tác giả Lò Thị Thuỷ: Cùng số điện thoại.") and "III.1" in said


@given(PERSONS, PERSONS, LIKENESS)
def test_the_comparison_is_symmetric(one: Person, other: Person, likeness: int) -> None:
    assert compare(one, other, likeness) == compare(other, one, likeness)


@given(PERSONS, PERSONS, LIKENESS)
def test_a_spelling_without_marks_changes_nothing(one: Person, other: Person, likeness: int) -> None:
    assert compare(replace(one, name=bare(one.name)), other, likeness) == compare(one, other, likeness)


@given(PERSONS, PERSONS, LIKENESS, LIKENESS)
def test_more_likeness_never_weakens_a_verdict(one: Person, other: Person, less: int, more: int) -> None:
    less, more = sorted((less, more))
    assert strength(compare(one, other, less)) <= strength(compare(one, other, more))


@given(PERSONS, PERSONS, LIKENESS)
def test_giving_the_phone_of_the_other_never_weakens_a_verdict(one: Person, other: Person, likeness: int) -> None:
    with_phone = replace(one, phone=other.phone or one.phone)
    assert strength(compare(one, other, likeness)) <= strength(compare(with_phone, other, likeness))


@given(PERSONS, LIKENESS)
def test_everybody_with_letters_in_the_name_is_like_themselves(one: Person, likeness: int) -> None:
    match = compare(one, one, likeness)
    assert (strength(match) >= Verdict.REVIEW) is (bool(one.phone) or len(one.name) > 1)
