"""Score files: keys in several spellings, and the same result read by blocks and line by line."""

from dataclasses import replace
from itertools import product
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.desk.files.score_list import Scores, read_scores
from core.desk.text_input import csv_lines
from core.desk.text_input.csv_records import Records
from core.rules.ids import CriterionKey
from core.rules.words import Locale
from tests.rules.sample_contest import contest

CONTEST = contest(ladder=())
LONG, WIDE = "entry,judge,criterion,points\n", "entry,judge,ND,ST\n"
LineTexts = list[tuple[int, str]]


def read(text: str) -> tuple[dict[str, dict[str, tuple[int, ...]]], LineTexts]:
    """The marks of each work by judge, and the problems by line."""
    scores_read = read_scores(text, "s.csv", CONTEST)
    return {
        work: {str(judge): row for judge, row in panel.items()} for work, panel in scores_read.panels.items()
    }, line_texts(scores_read)


def line_texts(scores_read: Scores) -> LineTexts:
    return [(problem.line, problem.what.localize(Locale())) for problem in scores_read.problems]


def one_judge(one: str, line: int, other: str, at: int) -> LineTexts:
    what = f"Một giám khảo viết hai cách: “{one}” ở dòng {line} và “{other}” ở dòng {at}; tính là một, theo cách viết trước."
    return [(line, what), (at, what)]


class TestSpellings:
    def test_two_spellings_of_a_judge_are_one_judge_and_the_second_mark_does_not_count(self) -> None:
        panels, problems = read(WIDE + "E1,J1,8,8\nE1,J1\u200b,9,9\nE2,j1,7,7\n")
        assert panels == {"E1": {"J1": (800, 800)}, "E2": {"J1": (700, 700)}}
        second = (3, "J1 đã có điểm ND, ST cho E1 ở trên: lấy điểm ghi trước.")
        expected = [*one_judge("J1", 2, "J1<U+200B>", 3), *one_judge("J1", 2, "j1", 4), second]
        assert sorted(problems) == sorted(expected)

    def test_two_spellings_of_a_work_are_one_work_by_the_first(self) -> None:
        panels, problems = read(WIDE + "Hòa bình,J1,8,8\nHoà  bình,J2,9,9\n")
        assert panels == {"Hòa bình": {"J1": (800, 800), "J2": (900, 900)}}
        what = "Một tác phẩm viết hai cách: “Hòa bình” ở dòng 2 và “Hoà  bình” ở dòng 3; tính là một, theo cách viết trước."
        assert problems == [(2, what), (3, what)]

    def test_two_spellings_of_a_criterion_are_one(self) -> None:
        panels, problems = read(LONG + "E1,J1,ND,8\nE1,J1,ST,8\nE2,J1,nd,7\nE2,J1,ST,7\n")
        assert panels == {"E1": {"J1": (800, 800)}, "E2": {"J1": (700, 700)}}
        what = "Một tiêu chí viết hai cách: “ND” ở dòng 2 và “nd” ở dòng 4; tính là một."
        assert problems == [(2, what), (4, what)]

    @pytest.mark.parametrize("text", [LONG + "E1,J1,nd,8\nE1,J1,st,8\n", "Entry,Judge,nd,St\nE1,J1,8,8\n"])
    def test_criteria_in_another_case_throughout_are_the_contest_s(self, text: str) -> None:
        assert read(text) == ({"E1": {"J1": (800, 800)}}, [])

    def test_an_odd_character_in_every_row_is_reported_once(self) -> None:
        _, problems = read(WIDE + "E1,J1\u200b,8,8\nE2,J1\u200b,9,9\nТ-1,J1\u200b,9,9\n")
        assert problems == [
            (2, "Cột judge: “J1<U+200B>” có ký tự lạ: U+200B (ZERO WIDTH SPACE)."),
            (4, "Cột entry: “Т<U+0422>-1” có ký tự lạ: U+0422 (CYRILLIC CAPITAL LETTER TE)."),
        ]

    def test_a_name_with_lost_letters_is_reported_once(self) -> None:
        _, problems = read(WIDE + "E1,Nguy?n Hoà,8,8\nE2,Nguy?n Hoà,9,9\n")
        what = "Cột judge: “Nguy?n Hoà” có chữ tiếng Việt bị mất hoặc sai bảng mã từ trước; hãy nhập lại từ bản gốc."
        assert problems == [(2, what)]

    def test_an_invisible_key_is_not_a_key(self) -> None:
        panels, problems = read(WIDE + "E1,\u200b,8,8\n\u2060,J1,9,9\n")
        assert panels == {"E1": {}}
        assert problems == [(line, "Thiếu mã tác phẩm hoặc tên giám khảo.") for line in (2, 3)]

    def test_contest_keys_that_differ_only_in_case_are_two_keys(self) -> None:
        keys = map(CriterionKey, "aA")
        rules = replace(CONTEST, criteria=tuple(replace(c, key=k) for c, k in zip(CONTEST.criteria, keys, strict=True)))
        scores_read = read_scores(LONG + "E1,J1,a,8\nE1,J1,A,7\n", "s.csv", rules)
        assert scores_read.panels == {"E1": {"J1": (800, 700)}} and scores_read.problems == []

    def test_a_mark_with_an_unseen_character_shows_it(self) -> None:
        _, problems = read(WIDE + "E1,J1,8\u200b,8\n")
        assert (2, "Nội dung: “8<U+200B>” không phải là điểm; viết số như 8,5 hoặc 8.5.") in problems


MARKS = st.sampled_from(["8", "7.5", "7,5", "10", " 9 ", "0"])
BAD = st.sampled_from(["", "1e1", "99", "8.1", "abc", "８"])
WORKS, JUDGES = ["E1", "E2", "Hòa bình", "E4", "E5", "E6"], ["gk01", "gk02", "Lê Thị Hoà"]
STRAY = st.sampled_from(
    [
        ",,,", "", "  ", "E1,gk01", "E1,gk01,ND", "x,y,ND,8,9,9", 'E1,"gk01,ND,8', 'E2,gk02,"ND"s,8', '"E3\nx",gk01,ND,8', "E2,,ND,8",
        "E1,GK01,ND,8", "Hoà bình,gk01,ST,8", " E1 ,gk02\u200b,nd,7", "entry,judge,criterion,points", "entry,judge,ND,ST", "E1,gk01,8,8",
        "E4,gk03,8,", 'E5,gk01,"7,5",8', "judge,entry,criterion,points", 'E6",gk01,ND,8', "E9,gk\u00ad01,7,7",
    ]
)  # fmt: skip


@st.composite
def files(draw: st.DrawFn) -> str:
    """A long or wide file, regular or not: lines shuffled, lost, repeated, and odd lines inserted."""
    pairs = list(product(WORKS[: draw(st.integers(1, 6))], JUDGES))
    is_long = draw(st.booleans())
    if is_long:
        rows = [
            f"{work},{judge},{key},{{}}"
            for work, judge in pairs
            for key in draw(st.sampled_from(["ND ST", "ST ND"])).split()
        ]
    else:
        rows = [f"{work},{judge},{{}},{{}}" for work, judge in pairs]
    rows = [row.format(_cell(draw), _cell(draw)) for row in rows]
    if draw(st.booleans()):
        rows = draw(st.permutations(rows))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(rows)))
        rows[at:at] = [draw(STRAY)]
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(rows) - 1))
        rows[at:at] = [rows[draw(st.integers(0, len(rows) - 1))]]
    return (LONG if is_long else WIDE) + "\n".join(rows) + "\n"


def _cell(draw: st.DrawFn) -> str:
    mark = draw(MARKS)
    if draw(st.integers(0, 25)) == 0:
        mark = draw(BAD)
    return f'"{mark}"' if "," in mark else mark


@settings(max_examples=300)
@given(files(), st.integers(1, 9))
def test_reading_by_blocks_and_by_lines_gives_the_same_result(text: str, size: int) -> None:
    with patch.object(csv_lines, "BLOCK", size):
        by_blocks = read_scores(text, "s.csv", CONTEST)
    with patch.object(Records, "columns", lambda *_: None):
        by_lines = read_scores(text, "s.csv", CONTEST)
    assert line_texts(by_blocks) == line_texts(by_lines)
    assert list(by_blocks.panels.items()) == list(by_lines.panels.items())


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("is_long", [True, False])
def test_regular_files_are_read_by_blocks_only(separator: str, quote: str, is_long: bool) -> None:
    def line(*cells: str) -> str:
        return separator.join(f"{quote}{cell}{quote}" for cell in cells) + "\n"

    keys = [str(criterion.key) for criterion in CONTEST.criteria]
    pairs = [(f"E{n}", judge) for n in range(2_000) for judge in JUDGES]
    if is_long:
        text = line("entry", "judge", "criterion", "points") + "".join(
            line(*pair, key, "8.5") for pair in pairs for key in keys
        )
    else:
        text = line("entry", "judge", *keys) + "".join(line(*pair, "8.5", "7") for pair in pairs)

    def fail(*_: object) -> None:
        raise AssertionError("a line was read by itself")

    with patch.object(Records, "found", fail):
        scores_read = read_scores(text, "s.csv", CONTEST)
    assert scores_read.problems == [] and len(scores_read.panels) == 2_000
    assert {row for panel in scores_read.panels.values() for row in panel.values()} == {(850, 850 if is_long else 700)}


def test_a_long_file_in_any_order_gives_the_same_sheets() -> None:
    rows = [f"{work},{judge},{key},8" for work, judge, key in product(WORKS, JUDGES, ("ND", "ST"))]
    by_criterion = sorted(rows, key=lambda row: row.split(",")[2])
    ordered, shuffled = (read(LONG + "\n".join(each)) for each in (rows, by_criterion))
    assert ordered == shuffled and all(len(panel) == len(JUDGES) for panel in ordered[0].values())
