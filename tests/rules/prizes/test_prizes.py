"""Prizes: none appears or disappears; ties at a boundary are for the committee, or shared."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.contest import Contest, Method, Prize, PrizeBy, Then
from core.rules.contest_file.reader import load
from core.rules.ids import EntryId, PrizeKey
from core.rules.interactions import Count, Reading
from core.rules.prizes.allocation import Allocation, Award, Choice, Decision, Withhold, allocate
from core.rules.rule_card.sentences import in_words
from core.rules.scoring.ranking import Standing
from core.rules.words import Locale, Sentence
from tests.rules import by_the_card, results_by_the_card
from tests.rules.sample_contest import contest, prize

LIKED = PrizeBy.INTERACTION
AT = datetime(2024, 9, 10, 16, 59, 59, tzinfo=UTC)
VIETNAMESE = Locale()


def table(*places: int) -> tuple[Standing, ...]:
    """Standings of works A, B, C, … with these places; 0 means no score; -2, -2 mean an open order of places 2 to 3."""

    def standing(at: int, p: int) -> Standing:
        span = (-p, -p + places.count(p) - 1) if p < 0 else None
        return Standing(max(p, 0) or None, EntryId(chr(65 + at)), 9000 - abs(p) if p else None, 5, span=span)

    return tuple(standing(at, p) for at, p in enumerate(places))


def counts(**weighted: int) -> dict[EntryId, Count]:
    return {EntryId(e): Count(w, Reading(EntryId(e), AT, w, 0, 0)) for e, w in weighted.items()}


def given_away(allocation: Allocation) -> list[tuple[str, str, int]]:
    return [(award.prize, award.entry, award.amount) for award in allocation.awards]


def fund(rules: Contest) -> int:
    return sum(p.quantity * p.amount for p in rules.prizes)


def accounted(rules: Contest, allocation: Allocation) -> tuple[Counter[PrizeKey], int]:
    """The number of every prize and the đồng accounted for by an allocation."""
    slots, money = Counter[PrizeKey](), sum(award.amount for award in allocation.awards)
    for award in allocation.awards:
        slots[award.prize] += award.shared is None
    for pool in {award.shared for award in allocation.awards if award.shared}:
        slots.update(dict(pool.slots))
        money += pool.remainder
    for part in (allocation.undecided, allocation.withheld, allocation.vacant):
        for left in part:
            slots[left.prize] += left.quantity
            money += left.quantity * rules.prize(left.prize).amount
    return slots, money


def ranked(sizes: Sequence[int]) -> list[int]:
    """Places of groups of these sizes; a negative size is a group of open order."""
    places = list[int]()
    for size in sizes:
        places += [(1 + len(places)) * (1 if size > 0 else -1)] * abs(size)
    return places


kinds = st.sampled_from([PrizeBy.SCORE, PrizeBy.SCORE, PrizeBy.INTERACTION])
prizes = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 5_000_000), kinds), min_size=1, max_size=5).map(
    lambda rows: tuple(prize(f"P{at}", quantity, amount, by) for at, (quantity, amount, by) in enumerate(rows))
)
rules_with_prizes = st.builds(contest, st.just(Method.RANK_SUM), then=st.sampled_from(Then), prizes=prizes)
sizes = st.sampled_from([1, 1, 2, 3, 4, -2, -3])
tables = st.lists(sizes, min_size=1, max_size=5).map(lambda sizes: table(*ranked(sizes), 0))
interactions = st.dictionaries(st.sampled_from("ABCDEFGZ"), st.integers(0, 3), max_size=8).map(
    lambda rows: counts(**rows)
)
strays = st.builds(
    lambda key, entries: Choice(PrizeKey(key), tuple(map(EntryId, entries))),
    st.sampled_from(["P0", "P1", "P2"]),
    st.lists(st.sampled_from("ABCDEFG"), max_size=3),
)
withholds = st.builds(lambda key, n: Withhold(PrizeKey(key), n), st.sampled_from(["P0", "P1", "PX"]), st.integers(0, 3))
noise: st.SearchStrategy[list[Decision]] = st.just([]) | st.lists(strays | withholds, max_size=3)


@dataclass(frozen=True)
class Case:
    """A contest, its standings and counts, and the committee's decisions so far."""

    rules: Contest
    standings: tuple[Standing, ...]
    liked: dict[EntryId, Count]
    decided: tuple[Decision, ...]

    def allocation(self) -> Allocation:
        return allocate(self.rules, self.standings, self.liked, self.decided)

    def settled(self, draw: Callable[[st.SearchStrategy[list[EntryId]]], list[EntryId]]) -> "Case":
        """Give the first undecided prize to as many of the tied works as it has slots."""
        first = self.allocation().undecided[0]
        chosen = draw(st.permutations(first.entries))[: first.quantity]
        return replace(self, decided=(*self.decided, Choice(first.prize, tuple(chosen))))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Cases in which a random number of the undecided prizes is settled."""
    case = Case(draw(rules_with_prizes), draw(tables), draw(interactions), tuple(draw(noise)))
    for _ in range(draw(st.integers(0, 3))):
        if case.allocation().undecided:
            case = case.settled(draw)
    return case


class TestProperties:
    @given(cases())
    def test_number_and_money_are_conserved(self, case: Case) -> None:
        slots, money = accounted(case.rules, case.allocation())
        assert slots == Counter({p.key: p.quantity for p in case.rules.prizes})
        assert money == fund(case.rules)

    @given(cases())
    def test_a_work_takes_at_most_one_prize_by_score_and_one_by_interaction(self, case: Case) -> None:
        taken = Counter((award.entry, case.rules.prize(award.prize).by) for award in case.allocation().awards)
        assert all(number == 1 for number in taken.values())

    @given(cases())
    def test_a_better_place_never_takes_a_lesser_prize(self, case: Case) -> None:
        order = {p.key: at for at, p in enumerate(case.rules.prizes)}
        place = {s.entry: s.place or (s.span or (0, 0))[0] for s in case.standings}
        allocation = sorted(
            (place[award.entry], order[award.prize]) for award in case.allocation().awards if _by_score(case, award)
        )
        assert all(lesser <= greater for (p, lesser), (q, greater) in pairwise(allocation) if p < q)

    @given(cases())
    def test_tied_works_without_a_choice_get_the_same(self, case: Case) -> None:
        case = replace(case, decided=())
        place = {s.entry: s.place or s.span for s in case.standings}
        taken = {(place[a.entry], a.prize, a.amount) for a in case.allocation().awards if _by_score(case, a)}
        assert len(taken) == len({place for place, _, _ in taken})

    @given(cases())
    def test_works_of_open_order_never_share_a_prize_by_score(self, case: Case) -> None:
        open_ = {s.entry for s in case.standings if s.span is not None}
        shared = [award for award in case.allocation().awards if award.shared and _by_score(case, award)]
        assert not [award for award in shared if award.entry in open_]

    @given(cases(), st.randoms(use_true_random=False))
    def test_the_order_of_rows_changes_nothing(self, case: Case, chance: object) -> None:
        rows = list(case.standings)
        chance.shuffle(rows)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
        assert allocate(case.rules, rows, case.liked, case.decided) == case.allocation()

    @given(cases())
    def test_a_decision_is_used_or_named(self, case: Case) -> None:
        allocation = case.allocation()
        withheld = sum(isinstance(d, Withhold) for d in case.decided) - sum(
            isinstance(d, Withhold) for d in allocation.unused
        )
        assert withheld == len(allocation.withheld)
        assert Counter(map(repr, allocation.unused)) <= Counter(map(repr, case.decided))

    @given(cases(), st.data())
    def test_the_committee_can_settle_everything_and_each_choice_is_kept(self, case: Case, data: st.DataObject) -> None:
        unused = case.allocation().unused
        while case.allocation().undecided:
            case = case.settled(data.draw)
            chosen = case.decided[-1]
            assert isinstance(chosen, Choice)
            took = {award.entry for award in case.allocation().awards if award.prize == chosen.prize}
            assert took >= set(chosen.entries)
        assert Counter(map(repr, case.allocation().unused)) <= Counter(map(repr, unused))

    @given(cases())
    def test_plain_loops_give_the_same_prizes(self, case: Case) -> None:
        """The loops follow the rule card's sentences and use no code of `core.rules`."""
        allocation, names = case.allocation(), {p.key: p.name for p in case.rules.prizes}
        scores = [None if s.score is None else Fraction(s.score) for s in case.standings]
        rows = [(s.place, s.entry, score, s.span) for s, score in zip(case.standings, scores, strict=True)]
        liked: dict[str, int] = {e: c.weighted for e, c in case.liked.items() if e in {s.entry for s in case.standings}}
        used = list(case.decided)
        for decision in allocation.unused:
            used.remove(decision)
        withheld = Counter[str]()
        for decision in used:
            if isinstance(decision, Withhold):
                withheld[names[decision.prize]] += decision.quantity
        chosen = [(names[d.prize], d.entries) for d in used if isinstance(d, Choice)]
        card = by_the_card.read(in_words(case.rules))
        expected = results_by_the_card.prizes(card, rows, liked, withheld, chosen)
        assert [(names[a.prize], a.entry, a.amount) for a in allocation.awards] == expected.awards
        assert [(names[u.prize], u.quantity, u.entries) for u in allocation.undecided] == expected.undecided
        assert [(names[v.prize], v.quantity) for v in allocation.vacant] == expected.empty


def _by_score(case: Case, award: Award) -> bool:
    return case.rules.prize(award.prize).by is PrizeBy.SCORE


class TestThePlan:
    """Plan V: 5, 3, 2 and 1 million; the numbers 1, 2, 3, 5 and the one separate prize make 23 million."""

    rules = load(Path("data/contests/son-la-2024.toml").read_text(encoding="utf-8"), "son-la-2024.toml")

    def test_the_fund(self) -> None:
        assert fund(self.rules) == 23_000_000

    def test_twelve_works_without_a_tie(self) -> None:
        allocation = allocate(self.rules, table(*range(1, 13)), counts(L=900, A=899))
        assert [award.prize for award in allocation.awards] == ["NHAT", *["NHI"] * 2, *["BA"] * 3, *["KK"] * 5, "PHU"]
        assert [award.entry for award in allocation.awards] == [*"ABCDEFGHIJK", "L"]
        assert sum(award.amount for award in allocation.awards) == 23_000_000

    def test_the_side_prize_may_be_taken_together_with_a_main_one(self) -> None:
        allocation = allocate(self.rules, table(1, 2), counts(A=5, B=4))
        assert given_away(allocation)[-1] == ("PHU", "A", 1_000_000)
        assert allocation.awards[-1].why.localize(VIETNAMESE) == (
            "Hạng 1 về lượng tương tác: 5 lượt quy đổi, số liệu lúc 23:59:59 ngày 10/09/2024."
        )

    def test_prizes_without_a_candidate_stay_vacant(self) -> None:
        allocation = allocate(self.rules, table(1, 0), counts(A=0))
        assert given_away(allocation) == [("NHAT", "A", 5_000_000)]
        assert [(left.prize, left.quantity) for left in allocation.vacant] == [
            ("NHI", 2),
            ("BA", 3),
            ("KK", 5),
            ("PHU", 1),
        ]


FIRST_SECOND_THIRD = (prize("P1", 1, 500), prize("P2", 2, 300), prize("P3", 2, 100))


def by(then: Then, *prizes: Prize) -> Contest:
    return contest(then=then, prizes=prizes or FIRST_SECOND_THIRD)


class TestCommittee:
    """A tie across a boundary is undecided and its works are named."""

    def test_two_at_the_top_leave_the_first_and_one_second_open(self) -> None:
        allocation = allocate(by(Then.COMMITTEE), table(1, 1, 3), {})
        assert [(u.prize, u.quantity, u.entries) for u in allocation.undecided] == [
            ("P1", 1, ("A", "B")),
            ("P2", 1, ("A", "B")),
        ]
        assert given_away(allocation) == [("P2", "C", 300)]
        assert allocation.undecided[0].why.localize(VIETNAMESE) == (
            "2 tác phẩm vẫn bằng nhau (A, B) trong khi còn 1 suất Giải P1: chờ Ban Tổ chức quyết định."
        )

    def test_equals_who_fit_into_one_prize_take_it(self) -> None:
        allocation = allocate(by(Then.COMMITTEE), table(1, 2, 2), {})
        assert given_away(allocation) == [("P1", "A", 500), ("P2", "B", 300), ("P2", "C", 300)]
        assert allocation.awards[1].why.localize(VIETNAMESE) == "Hạng 2 với 89,98 điểm."

    def test_a_score_of_zero_is_written_as_zero(self) -> None:
        allocation = allocate(by(Then.COMMITTEE), [replace(table(1)[0], score=0)], {})
        assert allocation.awards[0].why.localize(VIETNAMESE) == "Hạng 1 với 0,00 điểm."

    def test_a_choice_lets_the_other_move_on(self) -> None:
        chosen = Choice(PrizeKey("P1"), (EntryId("B"),), "hội ý của Ban Giám khảo")
        allocation = allocate(by(Then.COMMITTEE), table(1, 1, 3), {}, [chosen])
        assert given_away(allocation) == [("P1", "B", 500), ("P2", "A", 300), ("P2", "C", 300)]
        assert (allocation.undecided, allocation.unused) == ((), ())
        assert allocation.awards[0].why.localize(VIETNAMESE) == (
            "Hạng 1 với 89,99 điểm. Ban Tổ chức chọn trong các tác phẩm bằng nhau (A, B): hội ý của Ban Giám khảo"
        )

    def test_a_choice_without_a_reason_is_written_without_one(self) -> None:
        allocation = allocate(
            by(Then.COMMITTEE, prize("P1", 1, 9)), table(1, 1), {}, [Choice(PrizeKey("P1"), (EntryId("A"),))]
        )
        assert allocation.awards[0].why.localize(VIETNAMESE).endswith("các tác phẩm bằng nhau (A, B).")
        assert given_away(allocation) == [("P1", "A", 9)]

    def test_one_choice_may_leave_the_next_prize_open(self) -> None:
        rules = by(Then.COMMITTEE, prize("P1", 1, 500), prize("P2", 1, 300), prize("P3", 1, 100))
        first = Choice(PrizeKey("P1"), (EntryId("C"),))
        allocation = allocate(rules, table(1, 1, 1), {}, [first])
        assert [(u.prize, u.entries) for u in allocation.undecided] == [("P2", ("A", "B")), ("P3", ("A", "B"))]
        allocation = allocate(rules, table(1, 1, 1), {}, [first, Choice(PrizeKey("P2"), (EntryId("B"),))])
        assert given_away(allocation) == [("P1", "C", 500), ("P2", "B", 300), ("P3", "A", 100)]

    def test_a_choice_that_no_longer_fits_is_named(self) -> None:
        stale = Choice(PrizeKey("P1"), (EntryId("C"),))
        twice = Choice(PrizeKey("P1"), (EntryId("A"), EntryId("A")))
        allocation = allocate(by(Then.COMMITTEE), table(1, 1, 3), {}, [stale, twice])
        assert allocation.unused == (stale, twice) and allocation.undecided

    def test_a_choice_of_too_few_does_not_fit(self) -> None:
        rules, short = by(Then.COMMITTEE, prize("P1", 2, 500)), Choice(PrizeKey("P1"), (EntryId("A"),))
        allocation = allocate(rules, table(1, 1, 1), {}, [short])
        assert [(u.prize, u.quantity, u.entries) for u in allocation.undecided] == [("P1", 2, ("A", "B", "C"))]
        assert (allocation.awards, allocation.unused) == ((), (short,))

    def test_interactions_have_no_ladder(self) -> None:
        rules = by(Then.COMMITTEE, prize("P1", 1, 9), prize("YT", 1, 5, LIKED))
        allocation = allocate(rules, table(1, 2, 3), counts(B=7, C=7, A=1))
        assert [(u.prize, u.quantity, u.entries) for u in allocation.undecided] == [("YT", 1, ("B", "C"))]

    def test_a_work_that_is_not_in_the_standings_takes_nothing(self) -> None:
        allocation = allocate(by(Then.COMMITTEE, prize("YT", 1, 5, LIKED)), table(1), counts(Z=9, A=1))
        assert given_away(allocation) == [("YT", "A", 5)]


class TestShare:
    """Tied works pool the prizes of their places and divide the money; an indivisible remainder is reported."""

    def test_two_at_the_top(self) -> None:
        allocation = allocate(by(Then.SHARE), table(1, 1, 3), {})
        assert given_away(allocation) == [("P1", "A", 400), ("P1", "B", 400), ("P2", "C", 300)]
        assert allocation.awards[0].why.localize(VIETNAMESE) == (
            "Đồng hạng (A, B): gộp 1 Giải P1, 1 Giải P2, tổng 800 đồng, chia đều mỗi tác phẩm 400 đồng."
        )

    def test_three_for_the_last_two(self) -> None:
        allocation = allocate(by(Then.SHARE), table(1, 2, 3, 4, 4, 4), {})
        assert given_away(allocation)[3:] == [("P3", "D", 66), ("P3", "E", 66), ("P3", "F", 66)]
        pool = allocation.awards[-1].shared
        assert pool is not None and (pool.slots, pool.remainder) == ((("P3", 2),), 2)
        assert "còn dư 2 đồng không chia" in allocation.awards[-1].why.localize(VIETNAMESE)

    def test_the_committee_has_nothing_to_choose(self) -> None:
        choice = Choice(PrizeKey("P1"), (EntryId("A"),))
        allocation = allocate(by(Then.SHARE), table(1, 1), {}, [choice])
        assert allocation.unused == (choice,)


class TestOpenOrder:
    """Works whose order depends on missing ranks: only the committee decides between them."""

    def test_prizes_across_their_places_are_for_the_committee(self) -> None:
        allocation = allocate(by(Then.COMMITTEE), table(-1, -1, 3), {})
        assert [(u.prize, u.quantity, u.entries) for u in allocation.undecided] == [
            ("P1", 1, ("A", "B")),
            ("P2", 1, ("A", "B")),
        ]
        assert allocation.undecided[0].why.localize(VIETNAMESE) == (
            "2 tác phẩm chưa phân định được thứ tự vì còn thiếu thứ hạng (A, B) trong khi còn 1 suất Giải P1: chờ Ban Tổ chức quyết định."
        )
        assert given_away(allocation) == [("P2", "C", 300)]

    def test_nothing_is_shared_where_equality_was_not_shown(self) -> None:
        allocation = allocate(by(Then.SHARE), table(-1, -1, 3), {})
        assert {u.prize for u in allocation.undecided} == {"P1", "P2"}
        assert given_away(allocation) == [("P2", "C", 300)]

    def test_all_in_one_prize_take_it(self) -> None:
        allocation = allocate(by(Then.SHARE), table(1, -2, -2), {})
        assert given_away(allocation) == [("P1", "A", 500), ("P2", "B", 300), ("P2", "C", 300)]
        assert allocation.awards[1].why.localize(VIETNAMESE) == (
            "Trong các hạng từ 2 đến 3, chưa phân định thứ tự, với 89,98 điểm."
        )

    def test_two_groups_side_by_side_stay_two(self) -> None:
        allocation = allocate(by(Then.COMMITTEE, prize("P1", 2, 5), prize("P2", 1, 3)), table(-1, -1, -3, -3), {})
        assert given_away(allocation) == [("P1", "A", 5), ("P1", "B", 5)]
        assert [u.entries for u in allocation.undecided] == [("C", "D")]

    @pytest.mark.parametrize("reason", ["hội ý của Ban Giám khảo", ""])
    def test_the_committee_chooses_and_the_reason_names_the_tied_works(self, reason: str) -> None:
        chosen = Choice(PrizeKey("P1"), (EntryId("B"),), reason)
        allocation = allocate(by(Then.SHARE), table(-1, -1, 3), {}, [chosen])
        assert given_away(allocation) == [("P1", "B", 500), ("P2", "A", 300), ("P2", "C", 300)]
        why = allocation.awards[0].why.localize(VIETNAMESE)
        assert "Ban Tổ chức chọn trong các tác phẩm chưa phân định được thứ tự (A, B)" in why
        assert why.endswith(reason or "(A, B).")


class TestVacant:
    """A prize without a winner states the true reason, and whether a work can still get it."""

    def vacant(self, standings: tuple[Standing, ...], liked: dict[EntryId, Count]) -> list[tuple[str, int, str, bool]]:
        rules = by(Then.COMMITTEE, prize("P1", 2, 500), prize("YT", 1, 50, LIKED))
        vacant = allocate(rules, standings, liked).vacant
        return [(v.prize, v.quantity, v.why.localize(VIETNAMESE), v.pending) for v in vacant]

    def test_sheets_are_missing(self) -> None:
        vacant = self.vacant(table(1, 0, 0), counts(A=1))
        assert vacant == [("P1", 1, "Chưa có tác phẩm nhận giải: còn 2 tác phẩm chưa đủ phiếu.", True)]

    def test_no_work_is_left(self) -> None:
        vacant = self.vacant(table(1), counts(A=1))
        assert vacant == [("P1", 1, "Không còn tác phẩm nào được xếp hạng để nhận giải.", False)]

    @pytest.mark.parametrize("liked", [{}, counts(Z=9)])
    def test_no_counts_were_given(self, liked: dict[EntryId, Count]) -> None:
        vacant = self.vacant(table(1, 2), liked)
        assert vacant == [("YT", 1, "Chưa có tác phẩm nhận giải: chưa có số liệu tương tác.", True)]

    def test_some_works_have_no_counts(self) -> None:
        vacant = self.vacant(table(1, 2, 3), counts(A=0, B=0))
        assert vacant == [("YT", 1, "Chưa có tác phẩm nhận giải: còn 1 tác phẩm chưa có số liệu tương tác.", True)]

    def test_all_counts_are_zero(self) -> None:
        vacant = self.vacant(table(1, 2), counts(A=0, B=0))
        assert vacant == [("YT", 1, "Không còn tác phẩm nào có lượt tương tác được tính để nhận giải.", False)]

    def test_works_left_out_of_the_table_are_counted_where_their_number_is_given(self) -> None:
        rules = by(Then.COMMITTEE, prize("P1", 2, 500))
        (left,) = allocate(rules, table(1), {}, works=8, unscored=7).vacant
        assert "còn 7 tác phẩm chưa đủ phiếu" in left.why.localize(VIETNAMESE)
        rules = by(Then.COMMITTEE, prize("YT", 2, 50, LIKED))
        (left,) = allocate(rules, table(1), counts(A=1), works=8, unscored=7).vacant
        assert "còn 7 tác phẩm chưa có số liệu tương tác" in left.why.localize(VIETNAMESE)


class TestWithheld:
    """DECISIONS 12: not every prize must be given."""

    def test_without_a_first_prize_the_best_work_gets_the_second(self) -> None:
        allocation = allocate(
            by(Then.COMMITTEE), table(1, 2), {}, [Withhold(PrizeKey("P1"), 1, "chưa có tác phẩm xuất sắc")]
        )
        assert given_away(allocation) == [("P2", "A", 300), ("P2", "B", 300)]
        assert [(w.prize, w.quantity) for w in allocation.withheld] == [("P1", 1)]
        assert (
            allocation.withheld[0].why.localize(VIETNAMESE)
            == "Ban Tổ chức quyết định không trao: chưa có tác phẩm xuất sắc"
        )

    def test_one_of_two(self) -> None:
        allocation = allocate(by(Then.COMMITTEE), table(1, 2, 3), {}, [Withhold(PrizeKey("P2"), 1)])
        assert given_away(allocation) == [("P1", "A", 500), ("P2", "B", 300), ("P3", "C", 100)]
        assert allocation.withheld[0].why.localize(VIETNAMESE) == "Ban Tổ chức quyết định không trao."

    def test_more_than_there_are_is_named(self) -> None:
        too_many = Withhold(PrizeKey("P1"), 2)
        assert allocate(by(Then.COMMITTEE), table(1), {}, [too_many]).unused == (too_many,)

    def test_a_broken_tie_is_explained_in_the_reason(self) -> None:
        broken = replace(table(1)[0], tie_break=Sentence("Bậc thứ nhất."))
        allocation = allocate(by(Then.COMMITTEE), [broken], {})
        assert allocation.awards[0].why.localize(VIETNAMESE) == "Hạng 1 với 89,99 điểm. Bậc thứ nhất."
