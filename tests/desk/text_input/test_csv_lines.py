"""Tables as people save them: separators, line endings, headers, empty rows and columns."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.desk.text_input.csv_header import ColumnTwice
from core.desk.text_input.csv_lines import NoHeader, Problem, open_table
from core.rules.words import Locale

NAMES = ("entry", "judge", "points")
ROWS = [{"entry": "E1", "judge": "J1", "points": "8"}, {"entry": "E2", "judge": "J2", "points": "9"}]
PLAIN = "entry,judge,points\nE1,J1,8\nE2,J2,9\n"


def read(text: str, also: Sequence[str] = ()) -> tuple[list[dict[str, str]], list[tuple[int, str]]]:
    """The rows, and the problems by line."""
    problems: list[Problem] = []
    rows = [dict(row.fields) for row in open_table(text, "t.csv", NAMES, also).rows(problems)]
    return rows, [(problem.line, problem.what.localize(Locale())) for problem in problems]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        "entry,judge,points\r\nE1,J1,8\rE2,J2,9\n",
        "\ufeff" + PLAIN,
        "sep=,\n" + PLAIN,
        "sep=;\r\n" + PLAIN.replace(",", ";"),
        '"sep=;"\n' + PLAIN.replace(",", ";"),
        "SEP=\t\n" + PLAIN.replace(",", "\t"),
        "sep=|\n" + PLAIN.replace(",", "|"),
        "sep=;,,,\n" + PLAIN,
        "\n \n" + PLAIN,
        ",,\n" + PLAIN,
        PLAIN + ",,\n,,\n",
        PLAIN.replace("E2", "\n,,\n  , ,\nE2"),
        "entry,judge,points,,\nE1,J1,8,,\nE2,J2,9,,\n",
        "entry,judge,points,,\nE1,J1,8\nE2,J2,9,\n",
        "entry,judge,points\nE1,J1,8,,\nE2,J2,9\n",
        "entry,,judge,points\nE1,,J1,8\nE2, ,J2,9\n",
        ",entry,judge,points\n,E1,J1,8\n,E2,J2,9\n",
        "Entry,JUDGE, Points \nE1,J1,8\nE2,J2,9\n",
        '"entry","judge","points"\n"E1","J1","8"\n"E2","J2","9"\n',
        'entry;"judge";points\nE1;J1;8\nE2;J2;9\n',
        "ｅｎｔｒｙ,judge,points\nE1,J1,8\nE2,J2,9\n",
        "entry,judge,points\nE1,J1,8\nentry,judge,points\nE2,J2,9\n",
        ",entry,judge,points\n,E1,J1,8\n,entry,judge,points\n,E2,J2,9\n",
        "entry , judge\t, points\nE1 ,  J1, 8\nE2,\u00a0J2 ,9 \n",
        "points,judge,entry\n8,J1,E1\n9,J2,E2",
    ],
)
def test_the_same_table_however_it_was_saved(text: str) -> None:
    rows, problems = read(text)
    assert rows == ROWS
    assert [what for _, what in problems if "ｅ" not in what] == []


@pytest.mark.parametrize(
    "row, problem",
    [
        ("E3,J3", "Dòng có 2 ô, cần 3 ô; ô nào có dấu “,” thì đặt trong ngoặc kép."),
        ("E3,J3,8,75", "Dòng có 4 ô, cần 3 ô; ô nào có dấu “,” thì đặt trong ngoặc kép."),
        ("Hết bảng", "Dòng có 1 ô, cần 3 ô; ô nào có dấu “,” thì đặt trong ngoặc kép."),
        ("judge,entry,points", "Hàng tên cột ở đây khác hàng tên cột đầu bảng: từ dòng này trở đi không đọc."),
    ],
)
def test_another_row_is_a_problem_at_its_line(row: str, problem: str) -> None:
    rows, problems = read(PLAIN + row + "\n")
    assert rows == ROWS
    assert problems == [(4, problem)]


def test_a_value_in_an_unnamed_column_may_be_half_of_a_number() -> None:
    rows, problems = read("entry,judge,points,\nE1,J1,8,75\nE2,J2,9,\n")
    assert rows == ROWS[1:]
    assert problems == [(2, "Ô thứ 4 ghi “75” nhưng cột này không có tên.")]


def test_with_a_header_in_another_order_nothing_is_read() -> None:
    rows, problems = read(PLAIN + "judge,entry,points\nJ9,E9,7\n")
    assert rows == ROWS and [line for line, _ in problems] == [4]


def test_an_odd_character_in_the_name_of_a_column_is_named() -> None:
    rows, problems = read(PLAIN.replace("judge", "ju\u200bdge"))
    assert rows == ROWS
    assert problems == [(1, "Tên cột “ju<U+200B>dge” có ký tự lạ: U+200B (ZERO WIDTH SPACE).")]


@pytest.mark.parametrize("text", ["", "\n\n", "sep=;\n", ",,,\n", '"entry,judge,points\n', "entry,entry,points\n"])
def test_without_a_header_the_table_is_refused(text: str) -> None:
    with pytest.raises(NoHeader, match=r"t\.csv: dòng [12] phải là tên cột entry, judge, points\."):
        open_table(text, "t.csv", NAMES)


def test_two_spellings_of_one_column_are_refused_by_name() -> None:
    with pytest.raises(ColumnTwice, match=r"t\.csv, dòng 1: cột “judge” và cột “Judge” trùng tên\."):
        open_table("entry,judge,Judge,points\n", "t.csv", NAMES)


def test_a_problem_of_the_header_is_at_the_line_of_the_header() -> None:
    _, problems = read("\n,,\n" + PLAIN.replace("judge", "judge\u00ad"))
    assert [line for line, _ in problems] == [3]


def test_names_that_differ_only_in_case_are_found_by_their_spelling() -> None:
    file = open_table("entry,judge,points,a,A\n", "t.csv", NAMES, ("a", "A"))
    assert file.columns == ("entry", "judge", "points", "a", "A")


@given(st.text(max_size=200))
def test_any_text_can_be_read_without_an_exception(text: str) -> None:
    problems: list[Problem] = []
    try:
        rows = list(open_table("entry,judge,points\n" + text, "t.csv", NAMES).rows(problems))
    except NoHeader:
        return
    assert all(set(row.fields) >= set(NAMES) for row in rows)


def test_a_very_long_line_is_a_line() -> None:
    rows, problems = read(PLAIN + "E" * 10**6 + ',"' + "j" * 10**6 + '",7\n' + "x" * 10**6 + "\n")
    assert [len(row["entry"]) for row in rows] == [2, 2, 10**6] and rows[2]["points"] == "7"
    assert [line for line, _ in problems] == [5]
