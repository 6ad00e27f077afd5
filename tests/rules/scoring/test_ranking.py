"""Standings: properties first, then tables that can be checked by eye."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.rules.contest import Contest, Method
from core.rules.ids import EntryId
from core.rules.rule_card.sentences import in_words
from core.rules.scoring.methods import doubled_ranks, more_is_better
from core.rules.scoring.ranking import Standing, Tally
from core.rules.words import Locale
from tests.rules import by_the_card, results_by_the_card
from tests.rules.sample_contest import (
    CHIEF,
    ENTRIES,
    JUDGES,
    ND,
    ST,
    Panel,
    contest,
    contests,
    ladders,
    marks,
    panels,
    sheet,
    sheets,
)
from tests.rules.sheets import Sheet, rank


class TestProperties:
    @given(contests, panels, st.randoms(use_true_random=False))
    def test_the_order_in_which_sheets_come_in_changes_nothing(
        self, rules: Contest, panel: Panel, chance: object
    ) -> None:
        shuffled = sheets(panel)
        chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
        entries = list(ENTRIES)
        chance.shuffle(entries)  # type: ignore[attr-defined]
        assert rank(rules, ENTRIES, sheets(panel)) == rank(rules, entries, shuffled)

    @given(contests, panels, st.data())
    def test_a_higher_mark_never_costs_a_place(self, rules: Contest, panel: Panel, data: st.DataObject) -> None:
        """Exceptions: ranks that are rounded where a chief's sheet is missing (DECISIONS 22, and the table under
        `TestRankMean`).

        With the sum of ranks, places over uneven panels may also become open: see `test_missing_ranks`.
        """
        assume(panel)
        if more_is_better(rules) is False:
            rules = replace(rules, scoring=replace(rules.scoring, decimals=max(1, rules.scoring.decimals)))
        if rules.scoring.method is Method.RANK_SUM:
            panel = {pair: panel.get(pair, (700, 700)) for pair in product(JUDGES, ENTRIES)}
        judge, entry = data.draw(st.sampled_from(sorted(panel)))
        nd, st_ = panel[judge, entry]
        higher = {**panel, (judge, entry): (max(nd, data.draw(marks)), max(st_, data.draw(marks)))}
        before = {s.entry: s.place for s in rank(rules, ENTRIES, sheets(panel))}[entry]
        after = {s.entry: s.place for s in rank(rules, ENTRIES, sheets(higher))}[entry]
        assert (before is None) == (after is None)
        assert before is None or after is None or after <= before

    @given(ladders, panels, st.integers(2, 9))
    def test_multiplying_all_marks_changes_no_place(self, ladder: tuple[str, ...], panel: Panel, times: int) -> None:
        """With the sum of ranks only the ladder's values are rounded, and here these are exact: hundredths of at most
        two sheets.
        """
        rules = contest(Method.RANK_SUM, ladder=ladder)
        few = {(judge, entry): given for (judge, entry), given in panel.items() if judge in JUDGES[:2]}
        scaled = {key: (times * nd, times * st_) for key, (nd, st_) in few.items()}
        places = [(s.place, s.entry, s.score) for s in rank(rules, ENTRIES, sheets(few))]
        assert [(s.place, s.entry, s.score) for s in rank(rules, ENTRIES, sheets(scaled))] == places

    @given(contests, panels)
    def test_a_place_is_one_more_than_the_number_strictly_ahead(self, rules: Contest, panel: Panel) -> None:
        placed = [s.place for s in rank(rules, ENTRIES, sheets(panel)) if s.place is not None]
        assert placed == sorted(placed)
        spans = [s.span[0] for s in rank(rules, ENTRIES, sheets(panel)) if s.span is not None]
        assert all(place == 1 + sum(other < place for other in (*placed, *spans)) for place in placed)

    @given(contests, panels)
    def test_the_score_alone_orders_where_scores_differ(self, rules: Contest, panel: Panel) -> None:
        assume(rules.scoring.method is not Method.RANK_SUM)  # over uneven panels its sums are not compared
        scores = [s.score for s in rank(rules, ENTRIES, sheets(panel)) if s.score is not None]
        assert scores == sorted(scores, reverse=more_is_better(rules))

    @given(contests, panels)
    def test_a_recused_sheet_is_as_if_it_were_not_there(self, rules: Contest, panel: Panel) -> None:
        assume(panel)
        out = min(panel)
        without = {key: given for key, given in panel.items() if key != out}
        assert rank(rules, ENTRIES, sheets(panel), recusals={out}) == rank(rules, ENTRIES, sheets(without))

    @given(contests, panels)
    def test_every_broken_tie_and_every_missing_place_is_explained(self, rules: Contest, panel: Panel) -> None:
        standings = rank(rules, ENTRIES, sheets(panel))
        for standing in standings:
            equal = [s for s in standings if s.score == standing.score and s.score is not None]
            if rules.scoring.method is not Method.RANK_SUM:  # over uneven panels equal sums may be no tie
                assert (standing.tie_break is not None) == (len({s.place for s in equal}) > 1)
            assert standing.place is not None or standing.note is not None
            assert [standing.place is None, standing.span is None, standing.score is None].count(False) in {0, 2}

    @given(contests, panels, st.data())
    def test_a_work_without_enough_sheets_changes_nobody_elses_standing(
        self, rules: Contest, panel: Panel, data: st.DataObject
    ) -> None:
        standings = rank(rules, ENTRIES, sheets(panel))
        short = [s.entry for s in standings if s.score is None and s.sheets]
        assume(short)
        out = data.draw(st.sampled_from(short))
        others = {pair: given for pair, given in panel.items() if pair[1] != out}
        assert [s for s in rank(rules, ENTRIES, sheets(others)) if s.entry != out] == [
            s for s in standings if s.entry != out
        ]

    @given(contests, panels)
    def test_plain_loops_give_the_same_standings(self, rules: Contest, panel: Panel) -> None:
        """The loops follow the rule card's sentences and use no code of `core.rules`."""
        unit = 10**rules.scoring.decimals
        standings = [
            (s.place, s.entry, None if s.score is None else Fraction(s.score, unit), s.span)
            for s in rank(rules, ENTRIES, sheets(panel))
        ]
        given: dict[tuple[str, str], list[Fraction]] = {
            pair: [Fraction(mark, 100) for mark in marks] for pair, marks in panel.items()
        }
        card = by_the_card.read(in_words(rules))
        assert standings == results_by_the_card.standings(
            card, results_by_the_card.Sheets(ENTRIES, given, chief=rules.ties.chief)
        )


class TestTally:
    @given(contests, panels, st.data())
    def test_agrees_with_the_recount_after_every_change(
        self, rules: Contest, panel: Panel, data: st.DataObject
    ) -> None:
        tally, standing = Tally(rules, ENTRIES[:3]), dict[object, Sheet]()
        for entry in ENTRIES:  # the first three are already tested here
            tally.add(entry)
        for put in sheets(panel):
            tally.put(put.judge, put.entry, put.marks)
            standing[put.judge, put.entry] = put
            if data.draw(st.booleans()):
                judge, entry = data.draw(st.sampled_from(JUDGES)), data.draw(st.sampled_from(ENTRIES))
                tally.drop(judge, entry)
                standing.pop((judge, entry), None)
            if data.draw(st.booleans()):
                again = data.draw(marks)
                tally.put(put.judge, put.entry, {ND: again, ST: again})
                standing[put.judge, put.entry] = replace(put, marks={ND: again, ST: again})
            assert tally.standings() == rank(rules, ENTRIES, standing.values())

    @given(contests, panels, st.integers(0, 7), st.integers(0, 7))
    def test_a_window_is_a_piece_of_the_whole(self, rules: Contest, panel: Panel, first: int, count: int) -> None:
        tally = Tally(rules, ENTRIES)
        for put in sheets(panel):
            tally.put(put.judge, put.entry, put.marks)
        whole = rank(rules, ENTRIES, sheets(panel))
        assert tally.window(first, count) == whole[first : first + count]
        for standing in whole:
            assert tally.standing(standing.entry) == standing
            placed = tally.standing_unexplained(standing.entry)
            assert (placed.place, placed.score, placed.sheets) == (standing.place, standing.score, standing.sheets)
            assert tally.score(standing.entry) == standing.score
        assert len(tally) == len(ENTRIES)

    @given(contests, panels, st.sets(st.sampled_from(ENTRIES)), st.data())
    def test_a_part_that_mirrors_the_whole_agrees_with_a_recount_of_that_part(
        self, rules: Contest, panel: Panel, covered: set[EntryId], data: st.DataObject
    ) -> None:
        whole, part = Tally(rules, ENTRIES), Tally(rules, ENTRIES[:3])
        for entry in set(ENTRIES[:3]) - covered:
            part.remove(entry)
        for put in sheets(panel):
            whole.put(put.judge, put.entry, put.marks)
            if put.entry in covered and data.draw(st.booleans()):
                part.mirror(whole, put.entry)
        for entry in covered:
            part.mirror(whole, entry)
        recounted = rank(rules, sorted(covered), [put for put in sheets(panel) if put.entry in covered])
        assert part.standings() == recounted
        assert set(part.entries()) == covered
        assert part.unscored == sum(standing.score is None for standing in recounted)

    @pytest.mark.parametrize("method", [Method.MEAN, Method.RANK_SUM])
    def test_every_kind_of_change_in_one_table(self, method: Method) -> None:
        """The properties above try more. Here each change happens whatever examples they draw."""
        rules, works = contest(method), ENTRIES[:4]  # nobody marks the fourth
        given = {(s.judge, s.entry): s for s in (
            sheet("an", "T-1", 900, 800), sheet("an", "T-2", 800, 900), sheet("an", "T-3", 800, 900), sheet(CHIEF, "T-2", 700, 700),
        )}  # fmt: skip
        tally = Tally(rules, works)
        for put in given.values():
            tally.put(put.judge, put.entry, put.marks)
        tally.add(works[0])  # it is there, with its sheet
        self.agrees(tally, rank(rules, works, given.values()))
        again = sheet(CHIEF, "T-2", 900, 900)
        tally.put(again.judge, again.entry, again.marks)
        given[again.judge, again.entry] = again
        self.agrees(tally, rank(rules, works, given.values()))
        tally.drop(JUDGES[1], works[0])  # the only sheet on T-1, which now has no score
        given = {pair: put for pair, put in given.items() if put.entry != "T-1"}
        self.agrees(tally, rank(rules, works, given.values()))
        part = Tally(rules, works[1:])
        for entry in (works[1], works[0]):
            part.mirror(tally, entry)
        part.remove(works[3])
        part.mirror(tally, works[2])
        self.agrees(part, rank(rules, works[:3], given.values()))
        part.remove(works[1])
        self.agrees(part, rank(rules, (works[0], works[2]), [given[pair] for pair in given if pair[1] == works[2]]))

    @staticmethod
    def agrees(tally: Tally, recounted: Sequence[Standing]) -> None:
        """Compare all that a tally answers with a recount."""
        assert tally.standings() == tuple(recounted)
        assert set(tally.entries()) == {standing.entry for standing in recounted} and len(tally) == len(recounted)
        assert tally.unscored == sum(standing.score is None for standing in recounted)
        for at, standing in enumerate(recounted):
            assert tally.window(at, 2) == tuple(recounted[at : at + 2])
            assert tally.standing(standing.entry) == standing
            placed = tally.standing_unexplained(standing.entry)
            assert (placed.place, placed.score, placed.sheets) == (standing.place, standing.score, standing.sheets)
            assert tally.score(standing.entry) == standing.score


def places(rules: Contest, given: list[Sheet]) -> list[tuple[int | None, str, int | None]]:
    return [(s.place, s.entry, s.score) for s in rank(rules, sorted({s.entry for s in given}), given)]


class TestPlaces:
    """docs/design.md, Ties: a tie is a value, places are 1, 2, 2, 4."""

    def test_equals_share_the_better_place_and_leave_a_gap(self) -> None:
        given = [
            sheet("an", "A", 900, 900),
            sheet("an", "B", 800, 800),
            sheet("an", "C", 800, 800),
            sheet("an", "D", 700, 0),
        ]
        assert places(contest(ladder=()), given) == [(1, "A", 1800), (2, "B", 1600), (2, "C", 1600), (4, "D", 700)]

    def test_a_broken_tie_names_the_rung_and_both_numbers(self) -> None:
        given = [sheet("an", "A", 800, 900), sheet("an", "B", 900, 800)]
        first, second = rank(contest(), [EntryId("A"), EntryId("B")], given)
        assert (first.place, first.entry, second.place, second.entry) == (1, "B", 2, "A")
        assert first.tie_break is not None and second.tie_break is not None
        assert first.tie_break.localize(Locale()) == (
            "Cùng 17,00 điểm với A; xếp trước nhờ điểm trung bình tiêu chí “Nội dung” là 9,00 so với 8,00."
        )
        assert second.tie_break.localize(Locale()) == (
            "Cùng 17,00 điểm với B; xếp sau vì điểm trung bình tiêu chí “Nội dung” là 8,00 so với 9,00."
        )

    def test_nothing_on_a_rung_is_less_than_the_least_that_is_published(self) -> None:
        given = [sheet("an", "A", 0, 100), sheet("an", "B", 100, 0)]
        assert places(contest(decimals=0), given) == [(1, "B", 1), (2, "A", 1)]

    def test_the_chief_decides_what_the_criteria_leave_equal(self) -> None:
        given = [
            sheet(CHIEF, "A", 800, 800),
            sheet("an", "A", 900, 900),
            sheet(CHIEF, "B", 900, 900),
            sheet("an", "B", 800, 800),
        ]
        first, _ = rank(contest(), [EntryId("A"), EntryId("B")], given)
        assert first.entry == "B"
        assert first.tie_break is not None
        assert first.tie_break.localize(Locale()).endswith("nhờ điểm của Trưởng Ban Giám khảo là 18,00 so với 16,00.")

    def test_a_chief_without_a_sheet_on_one_of_them_decides_nothing(self) -> None:
        given = [sheet(CHIEF, "A", 900, 900), sheet("an", "B", 900, 900)]
        assert places(contest(ladder=("chief",)), given) == [(1, "A", 1800), (1, "B", 1800)]

    def test_a_rung_skipped_for_three_works_may_separate_the_two_that_are_left(self) -> None:
        given = [
            sheet(CHIEF, "A", 700, 900), sheet("an", "A", 900, 700),
            sheet(CHIEF, "B", 900, 700), sheet("an", "B", 700, 900),
            sheet("an", "C", 750, 850), sheet("binh", "C", 750, 850),
        ]  # fmt: skip  # all 16.00; the chief has none on C; ND parts C (7.5) from A and B (8.0), equal with the chief too
        placed = places(contest(ladder=("chief", "criterion:ND")), given)
        assert placed == [(1, "A", 1600), (1, "B", 1600), (3, "C", 1600)]
        given[0], given[1] = sheet(CHIEF, "A", 750, 900), sheet("an", "A", 850, 700)
        placed = places(contest(ladder=("chief", "criterion:ND")), given)
        assert placed == [(1, "A", 1600), (2, "B", 1600), (3, "C", 1600)]

    def test_compared_as_published(self) -> None:
        """docs/design.md, Scores: 16.333… and 16.30 are both 16.3 where one decimal is published."""
        given = [sheet(j, "A", nd, 800) for j, nd in (("an", 850), ("binh", 800), ("chi", 850))]  # 49.0/3 = 16.33
        given += [sheet(j, "B", 800, 850) for j in ("an", "binh", "chi")]  # 16.50
        given += [sheet(j, "C", 850, st_) for j, st_ in (("an", 750), ("binh", 800), ("chi", 800))]  # 49.0/3 = 16.33
        assert places(contest(ladder=(), decimals=1), given) == [(1, "B", 165), (2, "A", 163), (2, "C", 163)]


class TestMinimumOfSheets:
    """docs/design.md, Missing marks: a work under the minimum has no score and no place, and says why."""

    def test_too_few_sheets(self) -> None:
        (only,) = rank(
            contest(min_sheets=3), [EntryId("A")], [sheet("an", "A", 500, 500), sheet("binh", "A", 500, 500)]
        )
        assert (only.place, only.score, only.sheets) == (None, None, 2)
        assert (
            only.note is not None and only.note.localize(Locale()) == "Chưa có điểm: có 2 phiếu, cần ít nhất 3 phiếu."
        )

    def test_too_few_to_trim(self) -> None:
        (only,) = rank(contest(Method.TRIMMED_MEAN, min_sheets=1), [EntryId("A")], [sheet("an", "A", 500, 500)] * 1)
        assert only.note is not None and only.note.localize(Locale()) == (
            "Chưa có điểm: có 1 phiếu; bỏ 1 phiếu cao nhất và 1 phiếu thấp nhất thì cần ít nhất 3 phiếu."
        )

    def test_enough_to_trim_may_still_be_too_few(self) -> None:
        given = [sheet(judge, "A", 500, 500) for judge in ("an", "binh", "chi", "dung")]
        (only,) = rank(contest(Method.TRIMMED_MEAN, min_sheets=5), [EntryId("A")], given)
        assert (only.place, only.score) == (None, None)
        assert only.note is not None and only.note.localize(Locale()).endswith("cần ít nhất 5 phiếu.")

    def test_a_mark_of_zero_is_a_mark(self) -> None:
        (only,) = rank(contest(), [EntryId("A")], [sheet("an", "A", 0, 0)])
        assert (only.place, only.score) == (1, 0)

    def test_a_work_of_another_contest_does_not_count(self) -> None:
        assert rank(contest(), [], [sheet("an", "A", 0, 0)]) == ()

    def test_two_sheets_of_one_judge_on_one_work_are_a_fault_of_the_caller(self) -> None:
        with pytest.raises(ValueError, match="two sheets of an on A"):
            rank(contest(), [EntryId("A")], [sheet("an", "A", 0, 0)] * 2)


class TestRankSum:
    """docs/design.md, Scores: the works are ranked within each judge, ties share the mean rank, the ranks are added; fewer is better."""

    def test_equals_share_the_mean_rank(self) -> None:
        assert doubled_ranks({"A": 90, "B": 80, "C": 80, "D": 70}) == {"A": 2, "B": 5, "C": 5, "D": 8}

    def test_a_table_by_hand(self) -> None:
        given = [
            sheet("an", "A", 900, 900), sheet("an", "B", 800, 800), sheet("an", "C", 800, 800),  # 1, 2.5, 2.5
            sheet("binh", "A", 500, 500), sheet("binh", "B", 900, 500), sheet("binh", "C", 600, 500),  # 3, 1, 2
        ]  # fmt: skip
        assert places(contest(Method.RANK_SUM, ladder=(), decimals=1), given) == [
            (1, "B", 35),
            (2, "A", 40),
            (3, "C", 45),
        ]

    def test_a_tie_of_sums_is_reported_as_one(self) -> None:
        given = [sheet("an", "A", 900, 700), sheet("an", "B", 700, 900)]
        first, _ = rank(contest(Method.RANK_SUM), [EntryId("A"), EntryId("B")], given)
        assert first.tie_break is not None
        assert first.tie_break.localize(Locale()).startswith("Cùng tổng thứ hạng 1,50 với B; xếp trước nhờ")


class TestRankMean:
    """The mean of the ranks given by the judges who marked the work; fewer is better."""

    def test_a_table_by_hand(self) -> None:
        given = [
            sheet("an", "A", 900, 900), sheet("an", "B", 800, 800), sheet("an", "C", 800, 800),  # 1, 2.5, 2.5
            sheet("binh", "B", 900, 500), sheet("binh", "C", 600, 500),  # 1, 2
            sheet("chi", "A", 500, 500), sheet("chi", "C", 400, 400),  # 1, 2
        ]  # fmt: skip  # A 2/2, B 3.5/2, C 6.5/3 = 2.1666…
        assert places(contest(Method.RANK_MEAN, ladder=()), given) == [(1, "A", 100), (2, "B", 175), (3, "C", 217)]

    def test_a_recusal_does_not_lift_a_work(self) -> None:
        """Five judges agree and one of them is recused from W6: the sum of ranks would be smaller for that reason
        alone.
        """
        given = [sheet(f"j{j}", f"W{w}", 1000 - 50 * w, 0) for j in range(5) for w in range(1, 8) if (j, w) != (4, 6)]
        assert [(place, work) for place, work, _ in places(contest(Method.RANK_MEAN), given)] == [
            (w, f"W{w}") for w in range(1, 8)
        ]

    def test_a_broken_tie_and_a_score_are_written_with_their_unit(self) -> None:
        given = [sheet("an", "A", 900, 700), sheet("an", "B", 700, 900)]
        first, _ = rank(contest(Method.RANK_MEAN), [EntryId("A"), EntryId("B")], given)
        assert first.tie_break is not None
        assert first.tie_break.localize(Locale()).startswith("Cùng thứ hạng trung bình 1,50 với B; xếp trước nhờ")

    def test_ranks_rounded_away_may_cost_a_place_where_the_chief_has_not_marked_all(self) -> None:
        """DECISIONS 22: C rises, so B and D are no longer tied with C, and then the chief's step separates them."""
        given = [sheet(CHIEF, "B", 750, 750), sheet(CHIEF, "C", 700, 700)]
        given += [sheet("an", "A", 700, 700), sheet("an", "B", 700, 700), sheet("an", "C", 750, 700)]
        given += [sheet("an", "D", 750, 700), sheet("binh", "A", 700, 750), sheet("binh", "B", 750, 750)]
        given += [sheet("binh", "C", 700, 750), sheet("binh", "D", 700, 750)]
        higher = [sheet("binh", "C", 750, 800) if (s.judge, s.entry) == ("binh", "C") else s for s in given]

        def place(sheets: list[Sheet], decimals: int) -> int | None:
            rules = contest(Method.RANK_MEAN, ladder=("chief", "criterion:ND"), decimals=decimals)
            return next(place for place, work, _ in places(rules, sheets) if work == "C")

        assert (place(given, 0), place(higher, 0)) == (1, 2)
        assert (place(given, 1), place(higher, 1)) == (2, 1)
