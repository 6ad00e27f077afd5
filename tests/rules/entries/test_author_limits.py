"""R07, plan III.3: "Mỗi tác giả (nhóm tác giả) được dự thi không quá 03 tác phẩm"."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.entries.author_limits import (
    AuthoredWork,
    LimitFinding,
    WorksByPerson,
    is_same,
    may_be_same,
    past_limits,
)
from core.rules.people.person import Person
from core.rules.vietnamese import bare

MOST = 3
AN = Person("Lò Văn An", date(1990, 5, 7), "0912345678")
AN_AGAIN = Person("LO VAN AN", date(1990, 5, 7))
AN_BY_PHONE = Person("Lò V. An", None, "0912345678")
MAI = Person("Hà Thị Mai", date(1991, 1, 2))
BARE_AN, BARE_MAI = Person("Lò Văn An"), Person("Hà Thị Mai")
OTHER_AN = Person("Lò Văn An", date(2001, 5, 7), "0391234567")
PERSONS = st.sampled_from([AN, AN_AGAIN, AN_BY_PHONE, MAI, BARE_AN, BARE_MAI, OTHER_AN])
GROUPS = st.lists(PERSONS, min_size=1, max_size=3).map(tuple)


def works(*groups: tuple[Person, ...]) -> list[AuthoredWork]:
    return [AuthoredWork(f"CĐS24-{number:03}", persons) for number, persons in enumerate(groups, 1)]


def entered(*persons: Person) -> AuthoredWork:
    return AuthoredWork("CĐS24-900", persons)


def verdicts(found: tuple[LimitFinding, ...]) -> list[tuple[bool, int]]:
    return [(each.refused, len(each.works)) for each in found]


class TestOneAuthor:
    def test_three_works_pass_and_the_fourth_is_refused_with_the_three_named(self) -> None:
        assert past_limits(works((AN,), (AN_AGAIN,)), entered(AN), MOST) == ()
        (found,) = past_limits(works((AN,), (AN_AGAIN,), (AN_BY_PHONE,)), entered(AN), MOST)
        assert found.refused and found.works == ("CĐS24-001", "CĐS24-002", "CĐS24-003")
        text = found.sentence.text.format(**found.sentence.facts)
        assert "CĐS24-001, CĐS24-002, CĐS24-003" in text and "không quá 3 tác phẩm (Kế hoạch, mục III.3)" in text

    def test_equal_names_without_dates_of_birth_are_only_told(self) -> None:
        (found,) = past_limits(works((BARE_AN,), (BARE_AN,), (AN,)), entered(BARE_AN), MOST)
        assert not found.refused and "chưa đủ ngày sinh" in found.sentence.text

    def test_another_person_of_the_same_name_does_not_count(self) -> None:
        assert past_limits(works((OTHER_AN,), (OTHER_AN,), (OTHER_AN,)), entered(AN), MOST) == ()

    def test_a_work_that_is_corrected_does_not_count_against_itself(self) -> None:
        before = [*works((AN,), (AN,)), entered(AN)]
        assert past_limits(before, entered(AN), MOST) == ()


class TestGroups:
    def test_the_same_persons_in_any_order_are_the_same_group(self) -> None:
        found = past_limits(works((AN, MAI), (MAI, AN_AGAIN), (AN_BY_PHONE, MAI)), entered(MAI, AN), MOST)
        assert verdicts(found) == [(True, 3)]

    def test_one_person_more_or_fewer_is_another_group(self) -> None:
        """The fourth work of An is not refused in another group, and is told."""
        found = past_limits(works((AN, MAI), (AN, MAI), (AN, MAI)), entered(AN), MOST)
        assert verdicts(found) == [(False, 3)] and "Lò Văn An đã có tên" in _text(found[0])

    def test_a_person_across_groups_is_told_once_for_the_same_works(self) -> None:
        found = past_limits(works((AN,), (AN, MAI), (MAI, AN)), entered(AN, MAI, OTHER_AN), MOST)
        assert verdicts(found) == [(False, 3)]

    def test_a_person_across_groups_by_name_alone_is_told_so(self) -> None:
        (found,) = past_limits(works((BARE_AN,), (BARE_AN, MAI), (AN, MAI)), entered(AN, OTHER_AN), MOST)
        assert not found.refused and "có thể đã có tên" in found.sentence.text

    def test_two_persons_with_one_phone_stay_two(self) -> None:
        """A phone shared in a family: two persons of a group are never one."""
        child = Person("Lò Thị Bình", date(2008, 1, 1), "0912345678")
        assert past_limits(works((AN, child), (AN, child), (AN, child)), entered(AN, child), MOST)[0].refused
        assert not past_limits(works((AN,), (AN,), (AN,)), entered(AN, child), MOST)[0].refused

    def test_partners_are_found_where_the_first_choice_is_wrong(self) -> None:
        """AN fits both places, AN_AGAIN only the first: the first choice for AN has to move."""
        one, other = (AN, AN_AGAIN), (AN_AGAIN, AN_BY_PHONE)
        assert past_limits(works(one, one, one), entered(*other), MOST)[0].refused
        assert past_limits(works(other, other, other), entered(*one), MOST)[0].refused

    def test_works_without_persons_are_no_group(self) -> None:
        assert past_limits(works((), (), ()), entered(), MOST) == ()
        assert past_limits(works((Person(""),), (Person(""),), (Person(""),)), entered(Person("")), MOST) == ()


@given(st.lists(GROUPS, max_size=7), GROUPS, st.integers(1, 3), st.randoms(use_true_random=False))
def test_the_order_of_works_and_of_persons_changes_nothing(
    groups: list[tuple[Person, ...]], new: tuple[Person, ...], most: int, order: Random
) -> None:
    before = works(*groups)
    shuffled = [AuthoredWork(work.key, tuple(order.sample(work.persons, len(work.persons)))) for work in before]
    order.shuffle(shuffled)
    turned = entered(*order.sample(new, len(new)))
    assert past_limits(before, entered(*new), most) == past_limits(shuffled, turned, most)


@given(st.lists(GROUPS, max_size=6), GROUPS, GROUPS)
def test_one_more_work_never_lifts_a_refusal(
    groups: list[tuple[Person, ...]], more: tuple[Person, ...], new: tuple[Person, ...]
) -> None:
    refused = any(each.refused for each in past_limits(works(*groups), entered(*new), MOST))
    with_more = past_limits(works(*groups, more), entered(*new), MOST)
    assert not refused or any(each.refused for each in with_more)


@given(st.lists(GROUPS, max_size=6), GROUPS)
def test_a_spelling_without_marks_changes_no_verdict(groups: list[tuple[Person, ...]], new: tuple[Person, ...]) -> None:
    plain = entered(*(Person(bare(each.name), each.birth, each.phone) for each in new))
    assert verdicts(past_limits(works(*groups), entered(*new), MOST)) == verdicts(
        past_limits(works(*groups), plain, MOST)
    )


@given(PERSONS, PERSONS)
def test_sameness_is_symmetric_and_what_is_sure_may_be(one: Person, other: Person) -> None:
    assert is_same(one, other) is is_same(other, one)
    assert may_be_same(one, other) is may_be_same(other, one)
    assert may_be_same(one, other) or not is_same(one, other)


@pytest.mark.parametrize("most", [1, 2])
def test_the_limit_is_the_contests(most: int) -> None:
    assert past_limits(works(*[(AN,)] * most), entered(AN), most)[0].refused
    assert past_limits(works(*[(AN,)] * (most - 1)), entered(AN), most) == ()


def _text(found: LimitFinding) -> str:
    return found.sentence.text.format(**found.sentence.facts)


class TestWorksByPerson:
    @given(st.lists(GROUPS, max_size=9), GROUPS)
    def test_the_works_that_share_a_person_give_the_same_findings_as_all(
        self, groups: list[tuple[Person, ...]], new: tuple[Person, ...]
    ) -> None:
        every = works(*groups)
        sharing = WorksByPerson(every).sharing(entered(*new))
        assert past_limits(sharing, entered(*new), MOST) == past_limits(every, entered(*new), MOST)

    def test_strangers_are_left_out(self) -> None:
        assert WorksByPerson(works((AN,), (MAI,), (Person(""),))).sharing(entered(MAI)) == works((AN,), (MAI,))[1:]

    def test_a_corrected_work_stands_in_place_of_its_earlier_self(self) -> None:
        people = WorksByPerson(works((AN,)))
        people.put(AuthoredWork("CĐS24-001", (MAI,)))
        assert people.sharing(entered(AN)) == []
        assert people.sharing(entered(MAI)) == [AuthoredWork("CĐS24-001", (MAI,))]
