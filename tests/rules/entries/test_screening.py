"""R04: from screeners' verdicts to what becomes of a work, and until when an author may complete it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from core.rules.contest import ScreeningItem, ScreeningMethod, ScreeningRules
from core.rules.contest_file.reader import load
from core.rules.entries import screening
from core.rules.entries.author_window import author_in_time, window_of_author
from core.rules.entries.screening import Answer, Judgement, Outcome, Verdict, check, outcome, screeners_needed
from core.rules.entries.states import Move, SubmissionState
from core.rules.words import Refusal

SON_LA = load(Path("data/contests/son-la-2024.toml").read_text(encoding="utf-8"), "son-la-2024.toml")
ITEMS = (ScreeningItem("R08", "Đúng chủ đề", "III.4"), ScreeningItem("R12", "Nghe được"))
ONE, TWO = ScreeningRules(items=ITEMS), ScreeningRules(screeners=2)
MARKS = ScreeningRules(screeners=2, method=ScreeningMethod.MARKS, pass_mark=5000)
MET = {"R08": Answer.YES, "R12": Answer.YES}


def said(verdict: Verdict, reason: str = "") -> Judgement:
    return Judgement(verdict, {}, reason)


def mark(points: int, reason: str = "") -> Judgement:
    return Judgement(Verdict.MARK, {}, reason, points)


ACCEPT, REJECT, RETURN = said(Verdict.ACCEPT), said(Verdict.REJECT, "Lạc đề."), said(Verdict.RETURN, "Thiếu phụ đề.")


class TestOutcome:
    def test_one_screener_decides(self) -> None:
        assert outcome([], ONE) is None
        assert outcome([ACCEPT], ONE) == Outcome(Move.ACCEPT, "")
        assert outcome([REJECT], ONE) == Outcome(Move.REJECT, "Lạc đề.")
        assert outcome([RETURN], ONE) == Outcome(Move.RETURN, "Thiếu phụ đề.")

    def test_two_who_agree_decide_and_each_reason_is_told_once(self) -> None:
        other = said(Verdict.REJECT, "Tiếng hỏng.")
        assert outcome([ACCEPT], TWO) is None
        assert outcome([ACCEPT, ACCEPT], TWO) == Outcome(Move.ACCEPT, "")
        assert outcome([REJECT, REJECT, other][1:], TWO) == Outcome(Move.REJECT, "Lạc đề.\nTiếng hỏng.")
        assert outcome([REJECT, REJECT], TWO) == Outcome(Move.REJECT, "Lạc đề.")

    @pytest.mark.parametrize("first, second", list(permutations([ACCEPT, REJECT, RETURN], 2)))
    @pytest.mark.parametrize("third", [ACCEPT, REJECT, RETURN])
    def test_where_two_differ_a_third_decides(self, first: Judgement, second: Judgement, third: Judgement) -> None:
        assert outcome([first, second], TWO) is None and screeners_needed([first, second], TWO) == 1
        decided = outcome([first, second, third], TWO)
        assert decided == Outcome(Move(third.verdict.value), third.reason)
        assert screeners_needed([first, second, third], TWO) == 0

    def test_how_many_verdicts_are_missing(self) -> None:
        assert [screeners_needed(each, TWO) for each in ([], [ACCEPT], [ACCEPT, ACCEPT])] == [2, 1, 0]
        assert screeners_needed([], ONE) == 1

    def test_marks_are_compared_by_their_exact_mean(self) -> None:
        assert outcome([mark(10_000)], MARKS) is None
        assert outcome([mark(10_000), mark(0, "Không xem được.")], MARKS) == Outcome(Move.ACCEPT, "")
        assert outcome([mark(5050), mark(4900, "Tiếng nhỏ.")], MARKS) == Outcome(Move.REJECT, "Tiếng nhỏ.")
        assert outcome([mark(5050), mark(4950, "Tiếng nhỏ.")], MARKS) == Outcome(Move.ACCEPT, "")

    def test_a_mark_beside_a_returned_work_is_decided_by_a_third(self) -> None:
        assert outcome([mark(4000, "Mờ."), RETURN], MARKS) is None
        assert outcome([mark(4000, "Mờ."), RETURN, RETURN], MARKS) == Outcome(Move.RETURN, "Thiếu phụ đề.")
        assert outcome([mark(4000, "Mờ."), RETURN, mark(7000)], MARKS) == Outcome(Move.ACCEPT, "")
        assert outcome([RETURN, RETURN], MARKS) == Outcome(Move.RETURN, "Thiếu phụ đề.")


class TestRefusals:
    @pytest.mark.parametrize(
        "given, rules, refusal",
        [
            (mark(5000), ONE, screening.WrongVerdict),
            (ACCEPT, MARKS, screening.WrongVerdict),
            (replace(ACCEPT, answers=MET, points=5000), ONE, screening.WrongMark),
            (replace(mark(0), points=None), MARKS, screening.WrongMark),
            (mark(-50, "Mờ."), MARKS, screening.WrongMark),
            (mark(10_050), MARKS, screening.WrongMark),
            (mark(5025), MARKS, screening.WrongMark),
            (mark(4950), MARKS, screening.ReasonNeeded),
            (replace(REJECT, reason="  \n"), ONE, screening.ReasonNeeded),
            (replace(RETURN, reason=""), ONE, screening.ReasonNeeded),
            (ACCEPT, ONE, screening.Unanswered),
            (replace(ACCEPT, answers={"R08": Answer.YES}), ONE, screening.Unanswered),
            (replace(ACCEPT, answers=MET | {"R12": Answer.NO}), ONE, screening.NotMet),
            (replace(REJECT, answers={"R99": Answer.NO}), ONE, screening.UnknownItem),
        ],
    )
    def test_what_cannot_be_said_is_refused(
        self, given: Judgement, rules: ScreeningRules, refusal: type[Refusal]
    ) -> None:
        with pytest.raises(refusal):
            check(given, rules, blind=True)

    def test_what_can_be_said(self) -> None:
        check(replace(ACCEPT, answers=MET, names_author=True), ONE, blind=True)
        check(replace(REJECT, answers={"R12": Answer.NO}), ONE, blind=True)
        check(RETURN, ONE, blind=False)
        check(mark(5000), MARKS, blind=False)
        check(mark(4950, "Mờ."), MARKS, blind=False)

    def test_only_a_blind_contest_asks_whether_the_picture_names_the_author(self) -> None:
        with pytest.raises(screening.NotBlind):
            check(replace(RETURN, names_author=True), ONE, blind=False)

    def test_every_verdict_has_a_name_and_a_contest(self) -> None:
        offered = {*screening.verdicts_of(ONE), *screening.verdicts_of(MARKS)}
        assert offered == set(Verdict) == set(screening.VERDICT_NAMES)


class TestWindowOfTheAuthor:
    @pytest.mark.parametrize("state", [None, *SubmissionState])
    def test_only_a_returned_work_is_changed_after_the_closing(self, state: SubmissionState | None) -> None:
        asked = SON_LA
        assert asked.phases is not None
        opens, closes, ends = (
            asked.phases.submission.opens, asked.phases.submission.closes, asked.phases.screening.closes,
        )  # fmt: skip
        second, returned = timedelta(seconds=1), state is SubmissionState.RETURNED
        assert author_in_time(asked, state, opens) and author_in_time(asked, state, closes)
        assert not author_in_time(asked, state, opens - second)
        assert author_in_time(asked, state, closes + second) == returned
        assert author_in_time(asked, state, ends) == returned
        assert not author_in_time(asked, state, ends + second)

    def test_without_a_calendar_there_is_always_time(self) -> None:
        asked = replace(SON_LA, phases=None)
        assert window_of_author(asked, SubmissionState.RETURNED) is None
        assert author_in_time(asked, None, datetime.fromtimestamp(0, UTC))


def test_the_plan_s_checklist_has_each_rule_of_part_iii_but_the_one_that_only_encourages() -> None:
    assert [item.key for item in SON_LA.screening.items] == ["R08", "R09", "R10", "R11", "R12", "R13", "R15"]
