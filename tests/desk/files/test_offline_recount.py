"""A recount from files: keys in two files, the chief, prizes without counts, and a prize fund that adds up."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cli.rank import as_json
from core.desk.files.offline_recount import File, Recount, recount
from core.rules.contest import Contest, PrizeBy, Then
from core.rules.ids import JudgeId
from core.rules.words import Locale
from tests.rules.sample_contest import contest, prize

PRIZES = (prize("NHAT", 1, 500), prize("YT", 1, 100, PrizeBy.INTERACTION))
WIDE, COUNTS = "entry,judge,ND,ST\n", "entry,taken_at,reactions,comments,shares\n"
SCORES = WIDE + "E1,an,9,9\nE2,an,8,8\n"
AT = "2024-09-10T10:00:00+07:00"


def recounted(scores: str, counts: str | None = None, rules: Contest | None = None) -> Recount:
    rules = contest(ladder=(), prizes=PRIZES) if rules is None else rules
    return recount(rules, File("s.csv", scores), None if counts is None else File("i.csv", COUNTS + counts))


def problems(counted: Recount) -> list[tuple[int, str]]:
    return [(problem.line, problem.what.localize(Locale())) for problem in counted.problems]


def notices(counted: Recount) -> list[str]:
    return [notice.localize(Locale()) for notice in counted.notices]


class TestWorksAcrossFiles:
    @pytest.mark.parametrize("code", ["e1", "Е1", "E1\u200b", "Ｅ１"])
    def test_another_spelling_in_the_counts_is_the_work_of_the_scores_and_is_reported_on_both_lines(
        self, code: str
    ) -> None:
        counted = recounted(SCORES, f"E2,{AT},3,0,0\n{code},{AT},5,0,0\n")
        assert [(award.prize, award.entry) for award in counted.allocation.awards] == [("NHAT", "E1"), ("YT", "E1")]
        (line, what), *rest = problems(counted)
        assert line == 2 and what.startswith("Một tác phẩm viết hai cách: “E1” ở dòng 2 của tệp điểm và “")
        assert (3, f"Tệp tương tác: {what}") in rest

    def test_two_spellings_in_the_counts_are_one_work(self) -> None:
        counted = recounted(SCORES, f"E2,{AT},3,0,0\ne2,2024-09-11T10:00:00+07:00,1,0,0\nE1,{AT},2,0,0\n")
        assert counted.allocation.awards[-1].entry == "E1"
        assert [line for line, _ in problems(counted)] == [2, 3]

    def test_an_unknown_code_gets_no_prize_and_is_reported_once(self) -> None:
        counted = recounted(SCORES, f"E9,{AT},50,0,0\nE9,2024-09-10T11:00:00+07:00,60,0,0\nE1,{AT},1,0,0\n")
        assert counted.allocation.awards[-1].entry == "E1"
        assert [standing.entry for standing in counted.standings] == ["E1", "E2"]
        assert problems(counted) == [(2, "Tệp tương tác: Không có tác phẩm “E9” trong tệp điểm: không tính.")]


class TestTheChief:
    SCORES = WIDE + "E1,an,9,7\nE1,gk01,7,8\nE2,an,7,7\nE2,gk01,9,8\n"

    def rules(self, chief: str) -> Contest:
        rules = contest(ladder=("chief",))
        return replace(rules, ties=replace(rules.ties, chief=JudgeId(chief)))

    def test_the_chief_may_be_spelled_otherwise_in_the_scores(self) -> None:
        counted = recounted(self.SCORES, rules=self.rules("GK01"))
        assert [(s.place, s.entry) for s in counted.standings] == [(1, "E2"), (2, "E1")]
        assert notices(counted) == ["Trưởng Ban Giám khảo “GK01” của tệp cuộc thi là “gk01” trong tệp điểm."]
        assert (
            counted.rule_card
            == recounted(self.SCORES, rules=self.rules("GK01")).rule_card
            != recounted(self.SCORES).rule_card
        )
        assert problems(counted) == []

    def test_a_chief_who_is_not_a_judge_of_the_file_is_reported(self) -> None:
        counted = recounted(self.SCORES, rules=self.rules("gk09"))
        assert [s.place for s in counted.standings] == [1, 1]
        assert notices(counted) == ["Trưởng Ban Giám khảo “gk09” của tệp cuộc thi không có trong tệp điểm."]

    def test_a_chief_who_is_a_judge_gives_no_notice(self) -> None:
        assert notices(recounted(self.SCORES, rules=self.rules("gk01"))) == []


class TestPrizesByInteraction:
    def test_without_a_file_of_counts_they_are_vacant_for_that_reason(self) -> None:
        counted = recounted(SCORES)
        (left,) = counted.allocation.vacant
        assert (left.prize, left.quantity) == ("YT", 1)
        assert left.why.localize(Locale()) == "Không có tệp số liệu tương tác nên chưa xét giải này."
        assert notices(counted) == ["Không có tệp số liệu tương tác (--interactions): chưa xét Giải YT."]
        assert counted.problems == ()

    def test_a_file_without_readings_is_a_file(self) -> None:
        counted = recounted(SCORES, "")
        assert notices(counted) == []
        assert "tệp số liệu" not in counted.allocation.vacant[0].why.localize(Locale())

    def test_a_contest_without_such_a_prize_needs_no_counts(self) -> None:
        assert notices(recounted(SCORES, rules=contest(ladder=(), prizes=PRIZES[:1]))) == []


keys = st.sampled_from(["E1", "E2", "E3", "E4", "E5", "E6"])
rows = st.dictionaries(st.tuples(keys, st.sampled_from(["an", "binh"])), st.sampled_from("789"), max_size=12)
counts = st.none() | st.lists(st.tuples(keys, st.integers(0, 3)), max_size=8)
prizes = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 5_000_000), st.sampled_from([PrizeBy.SCORE, PrizeBy.SCORE, PrizeBy.INTERACTION])),
    min_size=1, max_size=5,
).map(lambda each: tuple(prize(f"P{at}", *one) for at, one in enumerate(each)))  # fmt: skip
contests = st.builds(
    contest, ladder=st.just(()), then=st.sampled_from(Then), prizes=prizes, min_sheets=st.integers(1, 2)
)


@settings(max_examples=200)
@given(contests, rows, counts)
def test_the_json_accounts_for_every_prize_and_every_dong(
    rules: Contest, marks: dict[tuple[str, str], str], read: list[tuple[str, int]] | None
) -> None:
    """Awarded + remainders of shares + undecided + withheld + vacant equals the fund, in number and in money."""
    scores = WIDE + "".join(f"{entry},{judge},{mark},8\n" for (entry, judge), mark in marks.items())
    readings = None if read is None else "".join(f"{entry},{AT},{number},0,0\n" for entry, number in read)
    answer: dict[str, Any] = as_json(recounted(scores, readings, rules), Locale())
    amounts = {each.key: each.amount for each in rules.prizes}
    seats = Counter[str]()
    money = sum(award["amount"] for award in answer["awards"]) + sum(pool["remainder"] for pool in answer["shared"])
    for pool in answer["shared"]:
        assert len(pool["entries"]) * pool["each"] + pool["remainder"] == sum(
            seat["quantity"] * amounts[seat["prize"]] for seat in pool["seats"]
        )
        seats.update({seat["prize"]: seat["quantity"] for seat in pool["seats"]})
    pooled = {(pool["seats"][0]["prize"], entry) for pool in answer["shared"] for entry in pool["entries"]}
    seats.update(award["prize"] for award in answer["awards"] if (award["prize"], award["entry"]) not in pooled)
    for left in (*answer["undecided"], *answer["withheld"], *answer["vacant"]):
        seats[left["prize"]] += left["quantity"]
        money += left["quantity"] * amounts[left["prize"]]
    assert seats == Counter({each.key: each.quantity for each in rules.prizes})
    assert money == sum(each.quantity * each.amount for each in rules.prizes)
