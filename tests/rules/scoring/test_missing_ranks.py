"""Sums of ranks where judges have not marked all the works: no place is given that a missing sheet could contradict."""

from collections.abc import Iterable, Mapping
from itertools import combinations, permutations, product
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from core.rules.contest import Contest, Method
from core.rules.ids import EntryId, JudgeId
from core.rules.scoring.methods import doubled_ranks
from core.rules.scoring.missing_ranks import Block, blocks, missing_by_judge
from core.rules.words import Locale
from tests.rules.results_by_the_card import completions
from tests.rules.sample_contest import ENTRIES, JUDGES, ND, ST, Panel, contest, ladders, panels, sheet, sheets
from tests.rules.sheets import Sheet, rank

Totals = Mapping[JudgeId, Mapping[EntryId, int]]
WORKS = ENTRIES[:4]

few = st.sampled_from([None, 1, 2, 3])
totals = st.lists(few, min_size=12, max_size=12).map(
    lambda marks: {
        judge: {w: m for w, m in zip(WORKS, marks[4 * at : 4 * at + 4], strict=True) if m is not None}
        for at, judge in enumerate(JUDGES[:3])
    }
)
whole_panels = st.lists(st.tuples(*[st.sampled_from([700, 750, 800])] * 2), min_size=24, max_size=24).map(
    lambda rows: dict(zip(product(JUDGES, ENTRIES), rows, strict=True))
)
sum_contests = st.builds(
    contest, st.just(Method.RANK_SUM), ladder=ladders, min_sheets=st.integers(1, 2), decimals=st.integers(0, 2)
)


def by_work(given: Totals) -> dict[EntryId, dict[JudgeId, int]]:
    """Twice the ranks of each work that anybody marked."""
    ranks: dict[EntryId, dict[JudgeId, int]] = {}
    for judge, marked in given.items():
        for work, doubled in doubled_ranks(marked).items():
            ranks.setdefault(work, {})[judge] = doubled
    return ranks


def completed_sums(given: Totals) -> list[dict[EntryId, int]]:
    """Twice the sums of ranks in every completion of every judge together."""
    works = tuple(sorted(by_work(given)))
    each: list[list[dict[EntryId, int]]] = []
    for marked in given.values():
        if marked:
            order = tuple(
                frozenset(w for w in marked if marked[w] == t) for t in sorted({*marked.values()}, reverse=True)
            )
            missing = tuple(w for w in works if w not in marked)
            each.append(
                [
                    doubled_ranks({EntryId(w): -at for at, equals in enumerate(made) for w in equals})
                    for made in completions(order, missing)
                ]
            )
    return [{w: sum(ranks[w] for ranks in chosen) for w in works} for chosen in product(*each)]


class TestBlocks:
    @given(totals, st.sampled_from([1, 2]))
    def test_no_completion_contradicts_the_blocks(self, given: Totals, gap: int) -> None:
        assume(sum(4 - len(marked) for marked in given.values() if marked) <= 4)
        sums = completed_sums(given)
        found = blocks(by_work(given), gap)
        for at, block in enumerate(found):
            for better, worse in product(block.entries, (w for later in found[at + 1 :] for w in later.entries)):
                assert all(each[better] + gap <= each[worse] for each in sums)
            if block.equal:
                assert all(len({each[work] for work in block.entries}) == 1 for each in sums)

    @given(totals, st.sampled_from([1, 2]))
    def test_no_block_can_be_divided_further(self, given: Totals, gap: int) -> None:
        """So the blocks refuse no order that holds in every completion: the bounds are exact."""
        assume(sum(4 - len(marked) for marked in given.values() if marked) <= 4)
        sums = completed_sums(given)
        for block in blocks(by_work(given), gap):
            parts = (set(part) for size in range(1, len(block.entries)) for part in combinations(block.entries, size))
            for better in [] if block.equal else parts:
                worse = set(block.entries) - better
                assert not all(each[a] + gap <= each[b] for each in sums for a in better for b in worse)

    @given(totals)
    def test_every_work_is_listed_once(self, given: Totals) -> None:
        ranks = by_work(given)
        assert sorted(work for block in blocks(ranks, 1) for work in block.entries) == sorted(ranks)

    def test_no_work_at_all(self) -> None:
        assert blocks({}, 1) == [] and missing_by_judge({}) == {}

    def test_equal_works_that_everybody_has_marked_stay_equal_beside_open_ones(self) -> None:
        an, binh = JudgeId("an"), JudgeId("binh")
        given = {an: dict(zip(ENTRIES, (9, 9, 5, 4), strict=False)), binh: dict(zip(ENTRIES, (9, 9, 5), strict=False))}
        assert blocks(by_work(given), 1) == [Block(ENTRIES[:2], equal=True), Block(ENTRIES[2:4], equal=False)]


class TestPlaces:
    @given(sum_contests, whole_panels, st.sets(st.sampled_from(list(product(JUDGES, ENTRIES))), max_size=6))
    def test_a_place_is_that_of_the_whole_panel_whatever_the_missing_sheets_were(
        self, rules: Contest, whole: Panel, missing: set[tuple[JudgeId, EntryId]]
    ) -> None:
        standings = rank(rules, ENTRIES, [s for s in sheets(whole) if (s.judge, s.entry) not in missing])
        assume(all(standing.score is not None for standing in standings))
        assume({judge for judge, _ in whole if any((judge, e) not in missing for e in ENTRIES)} == set(JUDGES))
        true = {standing.entry: standing.place or 0 for standing in rank(rules, ENTRIES, sheets(whole))}
        for standing in standings:
            if standing.span is None:
                assert standing.place == true[standing.entry]
            else:
                assert standing.place is None and standing.note is not None
                assert standing.span[0] <= true[standing.entry] <= standing.span[1]

    @given(sum_contests, panels, st.sets(st.sampled_from(list(product(JUDGES, ENTRIES))), max_size=3))
    def test_no_recusal_lifts_a_work_past_another_that_every_common_judge_put_above_it(
        self, rules: Contest, panel: Panel, recused: set[tuple[JudgeId, EntryId]]
    ) -> None:
        place = {s.entry: s.place for s in rank(rules, ENTRIES, sheets(panel), recused)}
        counted = {seat: rules.total({ND: nd, ST: st_}) for seat, (nd, st_) in panel.items() if seat not in recused}
        for lower, upper in permutations(ENTRIES, 2):
            common = [judge for judge in JUDGES if (judge, lower) in counted and (judge, upper) in counted]
            if common and all(counted[judge, upper] > counted[judge, lower] for judge in common):
                mine, theirs = place[lower], place[upper]
                assert mine is None or theirs is None or mine > theirs

    @given(sum_contests, whole_panels)
    def test_whole_panels_are_placed_by_the_sums_alone(self, rules: Contest, whole: Panel) -> None:
        standings = rank(rules, ENTRIES, sheets(whole))
        assert all(standing.place is not None and standing.span is None for standing in standings)
        scores = [standing.score or 0 for standing in standings]
        assert scores == sorted(scores)

    FIVE = tuple(
        sheet(f"j{j}", f"W{w}", 1000 - 50 * w, 0) for j in range(1, 6) for w in range(1, 8) if (j, w) != (5, 6)
    )  # five judges agree on W1 … W7, one is recused from W6

    def places(self, given: Iterable[Sheet], **rules: Any) -> list[tuple[int | None, str, tuple[int, int] | None]]:
        given = list(given)
        works = sorted({s.entry for s in given})
        return [(s.place, s.entry, s.span) for s in rank(contest(Method.RANK_SUM, ladder=(), **rules), works, given)]

    def test_one_recusal_among_five_judges_who_agree(self) -> None:
        """W6 sums to 24 and W5 to 25; the fifth judge might have put W6 first of all, or last."""
        assert self.places(self.FIVE, min_sheets=3) == [
            (1, "W1", None), (2, "W2", None), (3, "W3", None), (4, "W4", None),
            (None, "W5", (5, 6)), (None, "W6", (5, 6)), (7, "W7", None),
        ]  # fmt: skip

    def test_the_reason_names_the_works_and_the_places(self) -> None:
        works = [EntryId(f"W{w}") for w in range(1, 8)]
        notes = [
            s.note.localize(Locale()) if s.note else None for s in rank(contest(Method.RANK_SUM), works, self.FIVE)
        ]
        why = "Chưa phân định được các hạng từ 5 đến 6 giữa W5, W6: có giám khảo không chấm hết các tác phẩm được xếp hạng, và thứ hạng còn thiếu có thể làm đổi thứ tự này."
        assert notes == [None] * 4 + [why, why, None]

    def test_a_place_that_no_missing_rank_changes_is_given_with_its_number_of_sheets(self) -> None:
        given = [sheet("an", "A", 900, 0), sheet("binh", "A", 900, 0)]
        given += [sheet(judge, "B", 500, 0) for judge in ("an", "binh", "chi")]
        first, second = rank(contest(Method.RANK_SUM), [EntryId("A"), EntryId("B")], given)
        assert (first.place, first.entry, second.place, second.note) == (1, "A", 2, None)
        assert first.note is not None and first.note.localize(Locale()) == (
            "Tổng thứ hạng cộng từ 2 phiếu, trong khi có tác phẩm được cộng 3 phiếu; hạng này không đổi dù các thứ hạng còn thiếu là bao nhiêu."
        )

    def test_many_works_of_open_order_are_counted_and_not_all_named(self) -> None:
        given = [sheet(f"j{w}", f"W{w:02}", 500, 0) for w in range(20)]  # each work has one sheet, by another judge
        standings = rank(contest(Method.RANK_SUM), sorted({s.entry for s in given}), given)
        assert {standing.span for standing in standings} == {(1, 20)}
        assert standings[0].note is not None and "W11 và 8 tác phẩm khác" in standings[0].note.localize(Locale())
