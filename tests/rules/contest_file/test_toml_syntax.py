"""A TOML syntax error is reported with its line and the probable intention, and all such lines at once."""

import pytest

from core.rules.contest_file.toml_syntax import MOST_ERRORS, parse_toml
from core.rules.words import Locale


def broken(text: str) -> list[tuple[int, str]]:
    return [(each.line, each.what.localize(Locale())) for each in parse_toml(text).broken]


START = "Tệp không đúng cú pháp TOML. "


@pytest.mark.parametrize(
    "line, hint",
    [
        ("name = “Cuộc thi”", 'Dấu ngoặc kép phải là dấu thẳng ("), không phải dấu cong. '),
        ('levels = [{ from = "1", says = „Tốt” }]', 'Dấu ngoặc kép phải là dấu thẳng ("), không phải dấu cong. '),
        ("điểm = 5", "Tên khóa chỉ gồm chữ không dấu, số, dấu - và dấu _. "),
        ("max = 8,5", 'Số thập phân viết trong ngoặc kép, ví dụ "0.5". '),
        ("ceremony = 10/9/2024", "Thời điểm viết như 2024-07-31T23:59:59+07:00. "),
        ("ceremony = 10-09-2024", "Thời điểm viết như 2024-07-31T23:59:59+07:00. "),
        ("max =", "Thiếu giá trị sau dấu =. "),
        ('name = "Cuộc thi', "Chuỗi chữ chưa đóng ngoặc kép. "),
        ("name = Cuộc thi", "Chuỗi chữ phải đặt trong ngoặc kép. "),
        ("audio = True", "Chuỗi chữ phải đặt trong ngoặc kép. "),
        ("name: 5", "Mỗi dòng phải viết: khóa = giá trị. "),
        ("name\u00a0= 5", "Có ký tự lạ U+00A0 ở cột 5. "),
        ("name = \u200b5", "Có ký tự lạ U+200B ở cột 8. "),
        ('max = "10" điểm', ""),
        ("max = 1.", ""),
    ],
)
def test_a_line_suggests_what_was_probably_meant(line: str, hint: str) -> None:
    visible = line.replace("\u00a0", "\ufffd").replace("\u200b", "\ufffd")
    assert broken(f"a = 1\n{line}\nb = 2\n") == [(2, f"{START}{hint}Dòng này: {visible}")]
    assert parse_toml(f"a = 1\n{line}\nb = 2\n").values == {"a": 1, "b": 2}


def test_the_last_line_is_named_too() -> None:
    assert [line for line, _ in broken("a = x\nb = y")] == [1, 2]


def test_every_broken_line_is_named_and_the_others_are_read() -> None:
    text = "a = 1\nb = x\n[c]\nd = 8,5\ne = [\n  { f = “1” },\n  { f = 2 },\n]\n"
    assert [line for line, _ in broken(text)] == [2, 4, 6]
    assert parse_toml(text).values == {"a": 1, "c": {"e": [{"f": 2}]}}


@pytest.mark.parametrize(
    "text, line",
    [
        ("a = 1\nb = [1,\n2\n[c]\nd = 1\n", 2),
        ("a = 1\n[b\nc = 1\n", 2),
        ("a = 1\n\n  b = { c = 1\n\n", 3),
        ("[" * 5000, 1),
    ],
)
def test_a_bracket_that_stays_open_is_named_where_it_opens(text: str, line: int) -> None:
    ((at, what),) = broken(text)
    assert at == line and what.startswith(START + "Ngoặc mở ở đây không được đóng lại. Dòng này: ")
    assert parse_toml(text).values is None


def test_an_open_bracket_is_named_after_other_lines() -> None:
    assert [line for line, _ in broken("a = x\nb = [1,\n")] == [1, 2]


def test_after_a_broken_header_nothing_is_read() -> None:
    text = "[contest]\nkey = 1\n[contest]\nkey = 2\nname = x\n"
    assert broken(text) == [(3, "Một khóa hoặc một bảng được viết hai lần.")]
    assert parse_toml(text).values is None


@pytest.mark.parametrize("name", ["criteria", "prizes"])
def test_a_list_that_is_written_as_a_table_twice_is_called_a_list(name: str) -> None:
    message = broken(f"[{name}]\nkey = 1\n[ {name} ]\nkey = 2\n")
    assert message == [(3, f"{name} phải là một danh sách bảng, viết [[{name}]].")]


def test_text_that_never_ends_is_named_at_the_end() -> None:
    assert broken('a = 1\nb = """x\n')[0][1].startswith(START)
    assert parse_toml('a = 1\nb = """x\n').values is None


@pytest.mark.parametrize("text, line", [("a = '''\nx\n''' y\nb = 1\n", 3), ("a = [1,\n2 x]\nb = 1\n", 2)])
def test_a_line_that_closes_what_another_opened_ends_the_search(text: str, line: int) -> None:
    """Leaving that line out alone would make the rest be misread."""
    assert [at for at, _ in broken(text)] == [line]
    assert parse_toml(text).values is None


def test_no_more_lines_are_named_than_a_person_reads() -> None:
    assert len(broken("x = y\n" * 1000)) == MOST_ERRORS


def test_what_is_quoted_is_short_and_cannot_act_on_a_terminal() -> None:
    ((_, what),) = broken("a = \x1b[31m" + "x" * 200)
    assert "\x1b" not in what and len(what) < 200


def test_lines_of_windows_are_lines() -> None:
    assert parse_toml("a = 1\r\nb = 2\r\n").values == {"a": 1, "b": 2}
    assert [line for line, _ in broken("a = 1\r\nb = x\r\nc = y\r\n")] == [2, 3]
