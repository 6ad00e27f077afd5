"""Work files: odd characters are named, lost letters give a warning, one code in two spellings is reported."""

import pytest

from core.desk.files.work_list import read_works
from core.rules.words import Locale

HEAD = "code,title,author,unit,video\n"


def read(rows: str) -> tuple[list[tuple[str, ...]], list[tuple[int, bool, str]]]:
    """The works, and the problems: (line, True for a warning, message)."""
    works, problems = read_works(HEAD + rows, "works.csv")
    return [(w.code, w.title, w.author, w.unit, w.video) for w in works], [
        (p.line, p.warning, p.what.localize(Locale())) for p in problems
    ]


@pytest.mark.parametrize(
    "space", ["\u00a0", "\u202f", "\u2009", "\u3000", "  ", "\t", "\u2028", "\u0085", "\u00a0 \u00a0"]
)
def test_a_space_from_a_word_processor_is_a_space(space: str) -> None:
    works, problems = read(f"T-1,Chuyển{space}đổi số,Lò{space}An,Mường{space}La,a.mp4\n")
    assert works == [("T-1", "Chuyển đổi số", "Lò An", "Mường La", "a.mp4")] and problems == []


@pytest.mark.parametrize(
    "title, named",
    [
        ("Chuyển\u200b đổi", "“Chuyển<U+200B> đổi” có ký tự lạ: U+200B (ZERO WIDTH SPACE)."),
        ("\ufeffChuyển", "“<U+FEFF>Chuyển” có ký tự lạ: U+FEFF (ZERO WIDTH NO-BREAK SPACE)."),
        ("số\u00ad hoá\u200b", "U+00AD (SOFT HYPHEN), U+200B (ZERO WIDTH SPACE)."),
        ("a\x00b", "“a<U+0000>b” có ký tự lạ: U+0000."),
        ("a\u202eb", "U+202E (RIGHT-TO-LEFT OVERRIDE)."),
        ("a\u3164b", "U+3164 (HANGUL FILLER)."),
        ("a\ue001b", "có ký tự lạ: U+E001."),
    ],
)
def test_an_odd_character_is_named_with_its_column_and_line(title: str, named: str) -> None:
    works, problems = read(f"T-1,{title},A,X,a.mp4\nT-2,Hai,B,Y,b.mp4\n")
    assert [work[0] for work in works] == ["T-2"]
    ((line, warning, what),) = problems
    assert (line, warning) == (2, False)
    assert what.startswith("Cột title: ") and what.endswith(named)


def test_visible_symbols_are_allowed_in_a_title() -> None:
    works, problems = read("T-1,Số hoá ❤️ – “bản” 4.0 №1 µ α,A,X,a.mp4\n")
    assert works[0][1] == "Số hoá ❤️ – “bản” 4.0 №1 µ α" and problems == []


@pytest.mark.parametrize("title", ["Chuy?n d?i s?", "Chuy\ufffdn \ufffdổi"])
def test_lost_letters_are_a_warning_and_the_work_is_taken(title: str) -> None:
    works, problems = read(f"T-1,{title},A,X,a.mp4\nT-2,Chuyển đổi số là gì?,B,Y,b.mp4\n")
    assert [work[1] for work in works] == [title, "Chuyển đổi số là gì?"]
    what = f"Cột title: “{title}” có chữ tiếng Việt bị mất hoặc sai bảng mã từ trước; hãy nhập lại từ bản gốc."
    assert problems == [(2, True, what)]


@pytest.mark.parametrize("title", ["ChuyÓn ®æi sè", "Chuyeån ñoåi soá"])
def test_a_text_for_an_old_font_is_taken_as_written_and_what_it_means_is_offered(title: str) -> None:
    works, problems = read(f"T-1,{title},A,X,a.mp4\n")
    assert [work[1] for work in works] == [title]
    what = f"Cột title: “{title}” viết bằng phông chữ cũ (.VnTime, VNI); có lẽ là “Chuyển đổi số”."
    assert problems == [(2, True, what)]


def test_each_cell_with_lost_letters_is_a_warning() -> None:
    _, problems = read("T-1,Chuy?n d?i,Nguy?n A,Mai Sơn,a.mp4\n")
    what = "Cột {}: “{}” có chữ tiếng Việt bị mất hoặc sai bảng mã từ trước; hãy nhập lại từ bản gốc."
    assert problems == [(2, True, what.format("title", "Chuy?n d?i")), (2, True, what.format("author", "Nguy?n A"))]


def test_an_empty_text_and_one_too_long_are_reported() -> None:
    _, problems = read(f"T-1,,A,X,a.mp4\nT-2,{'a' * 301},A,X,a.mp4\nT-3,\u00a0,A,X,a.mp4\n")
    assert [what for _, _, what in problems] == [
        "Cột title trống.", "Cột title dài 301 ký tự, nhiều nhất 300.", "Cột title trống.",
    ]  # fmt: skip


def test_a_code_in_two_spellings_is_reported_on_both_lines_and_the_first_is_used() -> None:
    works, problems = read("T-1,Một,A,X,a.mp4\nt-1,Hai,B,Y,b.mp4\nT–1,Ba,C,Z,c.mp4\n")
    assert [work[:2] for work in works] == [("T-1", "Một")]
    twice = "Một tác phẩm viết hai cách: “T-1” ở dòng 2 và “{}” ở dòng {}; tính là một, theo cách viết trước."
    form = 'Mã "{}" phải gồm 1–20 chữ in hoa không dấu, chữ số, gạch nối.'
    expected = [
        (2, True, twice.format("t-1", 3)), (2, True, twice.format("T–1", 4)), (3, True, twice.format("t-1", 3)),
        (3, False, form.format("t-1")), (4, True, twice.format("T–1", 4)), (4, False, form.format("T–1")),
    ]  # fmt: skip
    assert sorted(problems) == sorted(expected)


def test_a_code_with_look_alike_characters_is_explained() -> None:
    works, problems = read("Т-1,Một,A,X,a.mp4\nT-2\u200b,Hai,B,Y,b.mp4\n")
    assert works == []
    texts = [what for _, _, what in problems]
    assert 'Mã "Т<U+0422>-1" phải gồm 1–20 chữ in hoa không dấu, chữ số, gạch nối.' in texts
    assert "Cột code: “T-2<U+200B>” có ký tự lạ: U+200B (ZERO WIDTH SPACE)." in texts


def test_the_name_of_a_film_is_kept_as_it_is_and_an_unseen_character_in_it_is_a_warning() -> None:
    works, problems = read("T-1,Một,A,X,phim  1\u00a0a.mp4\nT-2,Hai,B,Y,b\u200b.mp4\n")
    assert [work[4] for work in works] == ["phim  1\u00a0a.mp4", "b\u200b.mp4"]
    assert problems == [(3, True, "Cột video: “b<U+200B>.mp4” có ký tự lạ: U+200B (ZERO WIDTH SPACE).")]


@pytest.mark.parametrize("video", ["../a.mp4", "phim/a.mp4", '"a\nb.mp4"'])
def test_a_film_is_named_without_folders_or_line_breaks(video: str) -> None:
    works, problems = read(f"T-1,Một,A,X,{video}\n")
    assert works == [] and [what for _, _, what in problems] == ["Cột video phải là tên tệp, không kèm thư mục."]
