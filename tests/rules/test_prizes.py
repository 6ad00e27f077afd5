"""Prizes: nothing appears or disappears; boundaries are the committee's, or shared."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from core.rules.contest import Contest, Prize, PrizeBy, Then
from core.rules.contest_file import load
from core.rules.ids import EntryId, PrizeKey
from core.rules.interactions import Count, Reading
from core.rules.prizes import Allocation, Award, Choice, Decision, Withhold, allocate
from core.rules.ranking import Standing
from core.rules.words import Sentence, Tongue
from tests.rules import by_the_text
from tests.rules.a_contest import contest, prize

LIKED = PrizeBy.INTERACTION
AT = datetime(2024, 9, 10, 16, 59, 59, tzinfo=UTC)
VIETNAMESE = Tongue()


def table(*places: int) -> tuple[Standing, ...]:
    """Standings of works A, B, C, … with these places; 0 is no place."""
    return tuple(Standing(p or None, EntryId(chr(65 + at)), 9000 - p if p else None, 5) for at, p in enumerate(places))


def counts(**weighted: int) -> dict[EntryId, Count]:
    return {EntryId(e): Count(w, Reading(EntryId(e), AT, w, 0, 0)) for e, w in weighted.items()}


def given_away(told: Allocation) -> list[tuple[str, str, int]]:
    return [(award.prize, award.entry, award.amount) for award in told.awards]


def fund(rules: Contest) -> int:
    return sum(p.quantity * p.amount for p in rules.prizes)


def accounted(rules: Contest, told: Allocation) -> tuple[Counter[PrizeKey], int]:
    """Where every prize and every đồng of the fund is."""
    seats, money = Counter[PrizeKey](), sum(award.amount for award in told.awards)
    for award in told.awards:
        seats[award.prize] += award.shared is None
    for pool in {award.shared for award in told.awards if award.shared}:
        seats.update(dict(pool.seats))
        money += pool.remainder
    for part in (told.undecided, told.withheld, told.vacant):
        for left in part:
            seats[left.prize] += left.quantity
            money += left.quantity * rules.prize(left.prize).amount
    return seats, money


def ranked(sizes: Sequence[int]) -> list[int]:
    places = list[int]()
    for size in sizes:
        places += [len(places) + 1] * size
    return places


kinds = st.sampled_from([PrizeBy.SCORE, PrizeBy.SCORE, PrizeBy.INTERACTION])
prizes = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 5_000_000), kinds), min_size=1, max_size=5).map(
    lambda rows: tuple(prize(f"P{at}", quantity, amount, by) for at, (quantity, amount, by) in enumerate(rows))
)
rules_with_prizes = st.builds(contest, then=st.sampled_from(Then), prizes=prizes)
tables = st.lists(st.integers(1, 4), min_size=1, max_size=5).map(lambda sizes: table(*ranked(sizes), 0))
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
    """A contest, its standings and counts, and what the committee has decided so far."""

    rules: Contest
    standings: tuple[Standing, ...]
    liked: dict[EntryId, Count]
    decided: tuple[Decision, ...]

    def told(self) -> Allocation:
        return allocate(self.rules, self.standings, self.liked, self.decided)

    def settled(self, draw: Callable[[st.SearchStrategy[list[EntryId]]], list[EntryId]]) -> "Case":
        """The first prize that lies between equals given to as many of them as there are of it."""
        first = self.told().undecided[0]
        chosen = draw(st.permutations(first.entries))[: first.quantity]
        return replace(self, decided=(*self.decided, Choice(first.prize, tuple(chosen))))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """As many of the undecided prizes settled as chance will have it."""
    case = Case(draw(rules_with_prizes), draw(tables), draw(interactions), tuple(draw(noise)))
    for _ in range(draw(st.integers(0, 3))):
        if case.told().undecided:
            case = case.settled(draw)
    return case


class TestLaws:
    @given(cases())
    def test_number_and_money_are_conserved(self, case: Case) -> None:
        seats, money = accounted(case.rules, case.told())
        assert seats == Counter({p.key: p.quantity for p in case.rules.prizes})
        assert money == fund(case.rules)

    @given(cases())
    def test_a_work_takes_at_most_one_prize_by_score_and_one_by_interaction(self, case: Case) -> None:
        taken = Counter((award.entry, case.rules.prize(award.prize).by) for award in case.told().awards)
        assert all(number == 1 for number in taken.values())

    @given(cases())
    def test_a_better_place_never_takes_a_lesser_prize(self, case: Case) -> None:
        order = {p.key: at for at, p in enumerate(case.rules.prizes)}
        place = {s.entry: s.place or 0 for s in case.standings}
        told = sorted(
            (place[award.entry], order[award.prize]) for award in case.told().awards if _by_score(case, award)
        )
        assert all(lesser <= greater for (p, lesser), (q, greater) in pairwise(told) if p < q)

    @given(cases())
    def test_equals_whom_nobody_chose_between_take_the_same(self, case: Case) -> None:
        case = replace(case, decided=())
        place = {s.entry: s.place for s in case.standings}
        taken = {(place[a.entry], a.prize, a.amount) for a in case.told().awards if _by_score(case, a)}
        assert len(taken) == len({place for place, _, _ in taken})

    @given(cases(), st.randoms(use_true_random=False))
    def test_the_order_of_rows_changes_nothing(self, case: Case, chance: object) -> None:
        rows = list(case.standings)
        chance.shuffle(rows)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
        assert allocate(case.rules, rows, case.liked, case.decided) == case.told()

    @given(cases())
    def test_a_decision_is_used_or_named(self, case: Case) -> None:
        told = case.told()
        withheld = sum(isinstance(d, Withhold) for d in case.decided) - sum(
            isinstance(d, Withhold) for d in told.unused
        )
        assert withheld == len(told.withheld)
        assert Counter(map(repr, told.unused)) <= Counter(map(repr, case.decided))

    @given(cases(), st.data())
    def test_the_committee_can_settle_everything_and_each_choice_is_kept(self, case: Case, data: st.DataObject) -> None:
        unused = case.told().unused
        while case.told().undecided:
            case = case.settled(data.draw)
            chosen = case.decided[-1]
            assert isinstance(chosen, Choice)
            took = {award.entry for award in case.told().awards if award.prize == chosen.prize}
            assert took >= set(chosen.entries)
        assert Counter(map(repr, case.told().unused)) <= Counter(map(repr, unused))

    @given(cases())
    def test_plain_loops_say_the_same(self, case: Case) -> None:
        case = replace(case, decided=())
        told, among = case.told(), [s.entry for s in case.standings]
        places = {s.place for s in case.standings if s.place is not None}
        by_place = [[s.entry for s in case.standings if s.place == place] for place in sorted(places)]
        liked = {entry: count.weighted for entry, count in case.liked.items() if entry in among and count.weighted}
        by_count = [sorted(e for e in liked if liked[e] == most) for most in sorted(set(liked.values()), reverse=True)]
        given, left = by_the_text.prizes(case.rules, PrizeBy.SCORE, by_place)
        more, open_ = by_the_text.prizes(case.rules, PrizeBy.INTERACTION, by_count)
        assert given_away(told) == given + more
        assert [(u.prize, u.quantity, u.entries) for u in told.undecided] == left + open_


def _by_score(case: Case, award: Award) -> bool:
    return case.rules.prize(award.prize).by is PrizeBy.SCORE


class TestThePlan:
    """Plan V: 5, 3, 2 and 1 million; the numbers 1, 2, 3, 5 and the one side prize make 23 million (practice §0.10)."""

    rules = load(Path("data/contests/son-la-2024.toml").read_text(encoding="utf-8"), "son-la-2024.toml")

    def test_the_fund(self) -> None:
        assert fund(self.rules) == 23_000_000

    def test_twelve_works_without_a_tie(self) -> None:
        told = allocate(self.rules, table(*range(1, 13)), counts(L=900, A=899))
        assert [award.prize for award in told.awards] == ["NHAT", *["NHI"] * 2, *["BA"] * 3, *["KK"] * 5, "PHU"]
        assert [award.entry for award in told.awards] == [*"ABCDEFGHIJK", "L"]
        assert sum(award.amount for award in told.awards) == 23_000_000

    def test_the_side_prize_may_be_taken_together_with_a_main_one(self) -> None:
        told = allocate(self.rules, table(1, 2), counts(A=5, B=4))
        assert given_away(told)[-1] == ("PHU", "A", 1_000_000)
        assert told.awards[-1].why.said(VIETNAMESE) == (
            "Hạng 1 về lượng tương tác: 5 lượt quy đổi, số liệu lúc 23:59:59 ngày 10/09/2024."
        )

    def test_what_nobody_is_left_to_take_stays(self) -> None:
        told = allocate(self.rules, table(1, 0), counts(A=0))
        assert given_away(told) == [("NHAT", "A", 5_000_000)]
        assert [(left.prize, left.quantity) for left in told.vacant] == [("NHI", 2), ("BA", 3), ("KK", 5), ("PHU", 1)]


FIRST_SECOND_THIRD = (prize("P1", 1, 500), prize("P2", 2, 300), prize("P3", 2, 100))


def by(then: Then, *prizes: Prize) -> Contest:
    return contest(then=then, prizes=prizes or FIRST_SECOND_THIRD)


class TestCommittee:
    """A tie across a boundary is undecided, its works named."""

    def test_two_at_the_top_leave_the_first_and_one_second_open(self) -> None:
        told = allocate(by(Then.COMMITTEE), table(1, 1, 3), {})
        assert [(u.prize, u.quantity, u.entries) for u in told.undecided] == [
            ("P1", 1, ("A", "B")),
            ("P2", 1, ("A", "B")),
        ]
        assert given_away(told) == [("P2", "C", 300)]
        assert told.undecided[0].why.said(VIETNAMESE) == (
            "2 tác phẩm vẫn bằng nhau (A, B) trong khi còn 1 suất Giải P1: chờ Ban Tổ chức quyết định."
        )

    def test_equals_who_fit_into_one_prize_take_it(self) -> None:
        told = allocate(by(Then.COMMITTEE), table(1, 2, 2), {})
        assert given_away(told) == [("P1", "A", 500), ("P2", "B", 300), ("P2", "C", 300)]
        assert told.awards[1].why.said(VIETNAMESE) == "Hạng 2 với 89,98 điểm."

    def test_a_score_of_nothing_is_said_as_it_is(self) -> None:
        told = allocate(by(Then.COMMITTEE), [replace(table(1)[0], score=0)], {})
        assert told.awards[0].why.said(VIETNAMESE) == "Hạng 1 với 0,00 điểm."

    def test_a_choice_lets_the_other_move_on(self) -> None:
        chosen = Choice(PrizeKey("P1"), (EntryId("B"),), "hội ý của Ban Giám khảo")
        told = allocate(by(Then.COMMITTEE), table(1, 1, 3), {}, [chosen])
        assert given_away(told) == [("P1", "B", 500), ("P2", "A", 300), ("P2", "C", 300)]
        assert (told.undecided, told.unused) == ((), ())
        assert told.awards[0].why.said(VIETNAMESE) == (
            "Hạng 1 với 89,99 điểm. Ban Tổ chức chọn trong các tác phẩm bằng nhau (A, B): hội ý của Ban Giám khảo"
        )

    def test_a_choice_without_a_word_of_reason_is_told_without_one(self) -> None:
        told = allocate(
            by(Then.COMMITTEE, prize("P1", 1, 9)), table(1, 1), {}, [Choice(PrizeKey("P1"), (EntryId("A"),))]
        )
        assert told.awards[0].why.said(VIETNAMESE).endswith("các tác phẩm bằng nhau (A, B).")
        assert given_away(told) == [("P1", "A", 9)]

    def test_one_choice_may_leave_the_next_prize_open(self) -> None:
        rules = by(Then.COMMITTEE, prize("P1", 1, 500), prize("P2", 1, 300), prize("P3", 1, 100))
        first = Choice(PrizeKey("P1"), (EntryId("C"),))
        told = allocate(rules, table(1, 1, 1), {}, [first])
        assert [(u.prize, u.entries) for u in told.undecided] == [("P2", ("A", "B")), ("P3", ("A", "B"))]
        told = allocate(rules, table(1, 1, 1), {}, [first, Choice(PrizeKey("P2"), (EntryId("B"),))])
        assert given_away(told) == [("P1", "C", 500), ("P2", "B", 300), ("P3", "A", 100)]

    def test_a_choice_that_no_longer_fits_is_named(self) -> None:
        stale = Choice(PrizeKey("P1"), (EntryId("C"),))
        twice = Choice(PrizeKey("P1"), (EntryId("A"), EntryId("A")))
        told = allocate(by(Then.COMMITTEE), table(1, 1, 3), {}, [stale, twice])
        assert told.unused == (stale, twice) and told.undecided

    def test_a_choice_of_too_few_does_not_fit(self) -> None:
        rules, short = by(Then.COMMITTEE, prize("P1", 2, 500)), Choice(PrizeKey("P1"), (EntryId("A"),))
        told = allocate(rules, table(1, 1, 1), {}, [short])
        assert [(u.prize, u.quantity, u.entries) for u in told.undecided] == [("P1", 2, ("A", "B", "C"))]
        assert (told.awards, told.unused) == ((), (short,))

    def test_interactions_have_no_ladder(self) -> None:
        rules = by(Then.COMMITTEE, prize("P1", 1, 9), prize("YT", 1, 5, LIKED))
        told = allocate(rules, table(1, 2, 3), counts(B=7, C=7, A=1))
        assert [(u.prize, u.quantity, u.entries) for u in told.undecided] == [("YT", 1, ("B", "C"))]

    def test_a_work_that_is_not_in_the_standings_takes_nothing(self) -> None:
        told = allocate(by(Then.COMMITTEE, prize("YT", 1, 5, LIKED)), table(1), counts(Z=9, A=1))
        assert given_away(told) == [("YT", "A", 5)]


class TestShare:
    """Equals pool the prizes they straddle and part the money; what cannot be parted is stated."""

    def test_two_at_the_top(self) -> None:
        told = allocate(by(Then.SHARE), table(1, 1, 3), {})
        assert given_away(told) == [("P1", "A", 400), ("P1", "B", 400), ("P2", "C", 300)]
        assert told.awards[0].why.said(VIETNAMESE) == (
            "Đồng hạng (A, B): gộp 1 Giải P1, 1 Giải P2, tổng 800 đồng, chia đều mỗi tác phẩm 400 đồng."
        )

    def test_three_for_the_last_two(self) -> None:
        told = allocate(by(Then.SHARE), table(1, 2, 3, 4, 4, 4), {})
        assert given_away(told)[3:] == [("P3", "D", 66), ("P3", "E", 66), ("P3", "F", 66)]
        pool = told.awards[-1].shared
        assert pool is not None and (pool.seats, pool.remainder) == ((("P3", 2),), 2)
        assert "còn dư 2 đồng không chia" in told.awards[-1].why.said(VIETNAMESE)

    def test_the_committee_has_nothing_to_choose(self) -> None:
        choice = Choice(PrizeKey("P1"), (EntryId("A"),))
        told = allocate(by(Then.SHARE), table(1, 1), {}, [choice])
        assert told.unused == (choice,)


class TestWithheld:
    """practice §6.3: not every prize must be given."""

    def test_no_first_prize_and_the_best_takes_the_second(self) -> None:
        told = allocate(by(Then.COMMITTEE), table(1, 2), {}, [Withhold(PrizeKey("P1"), 1, "chưa có tác phẩm xuất sắc")])
        assert given_away(told) == [("P2", "A", 300), ("P2", "B", 300)]
        assert [(w.prize, w.quantity) for w in told.withheld] == [("P1", 1)]
        assert told.withheld[0].why.said(VIETNAMESE) == "Ban Tổ chức quyết định không trao: chưa có tác phẩm xuất sắc"

    def test_one_of_two(self) -> None:
        told = allocate(by(Then.COMMITTEE), table(1, 2, 3), {}, [Withhold(PrizeKey("P2"), 1)])
        assert given_away(told) == [("P1", "A", 500), ("P2", "B", 300), ("P3", "C", 100)]
        assert told.withheld[0].why.said(VIETNAMESE) == "Ban Tổ chức quyết định không trao."

    def test_more_than_there_are_is_named(self) -> None:
        too_many = Withhold(PrizeKey("P1"), 2)
        assert allocate(by(Then.COMMITTEE), table(1), {}, [too_many]).unused == (too_many,)

    def test_a_broken_tie_is_told_in_the_reason(self) -> None:
        broken = replace(table(1)[0], tie_break=Sentence("Bậc thứ nhất."))
        told = allocate(by(Then.COMMITTEE), [broken], {})
        assert told.awards[0].why.said(VIETNAMESE) == "Hạng 1 với 89,99 điểm. Bậc thứ nhất."
