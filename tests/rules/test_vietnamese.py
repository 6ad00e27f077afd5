"""Vietnamese compared, sorted and read aloud: the tables of `contest/practice.md` §4.2–4.4."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.vietnamese import bare, fold, money_in_words, name_key, nfc, number_in_words, vi_key


@pytest.mark.parametrize(
    "one, other",
    [
        ("Hòa", "Hoà"), ("Tỉnh ủy", "Tỉnh uỷ"), ("Khoẻ", "Khỏe"), ("Quý", "Qúy"), ("Thuỷ", "THỦY"), ("Đỗ", "Ðỗ"),
        ("Nguyễn  Thị ", "nguyễn thị"), ("hoạ", "họa"), ("Hòa", unicodedata.normalize("NFD", "Hòa")),
    ],
)  # fmt: skip
def test_written_in_two_ways_is_the_same_word(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("one, other", [("Hoa", "Hòa"), ("Đạt", "Dạt"), ("ma", "mà"), ("oa", "òa"), ("số", "sô")])
def test_other_words_stay_others(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_bare_words_are_found_without_marks() -> None:
    assert bare("Đỗ Thị Thuý Ưng") == "do thi thuy ung"


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert nfc(nfc(text)) == nfc(text)


def test_tones_in_the_order_of_the_dictionaries() -> None:
    """ICU vi: ngang, huyền, hỏi, ngã, sắc, nặng."""
    assert sorted(["mả", "mạ", "má", "mã", "mà", "ma"], key=vi_key) == ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(["ở", "ơ", "ô", "o", "đ", "d", "ê", "e"], key=vi_key) == ["d", "đ", "e", "ê", "o", "ô", "ơ", "ở"]
    assert min(["b", "a1", "", "a", "\u0301"], key=vi_key) == ""


def test_people_by_given_name_then_family_name() -> None:
    names = [
        "Doãn Thị An", "Đinh Thị An", "Đỗ Văn An", "Nguyễn Văn An", "Nguyễn Văn Ản", "Trần Thị Ánh", "Nguyễn Văn Ằn",
        "Nguyễn Văn Ân", "Lò Văn Dũng", "Bùi Đình Đạt", "Lò Văn Đức",
    ]  # fmt: skip
    assert sorted(set(names), key=name_key) == names
    assert name_key("") == name_key(" ")


@pytest.mark.parametrize(
    "amount, words",
    [
        (5_000_000, "Năm triệu đồng"), (3_000_000, "Ba triệu đồng"), (2_000_000, "Hai triệu đồng"),  # plan V
        (1_000_000, "Một triệu đồng"), (23_000_000, "Hai mươi ba triệu đồng"),
        (5_050_000, "Năm triệu không trăm năm mươi nghìn đồng"), (17_500_000, "Mười bảy triệu năm trăm nghìn đồng"),
        (0, "Không đồng"), (1, "Một đồng"), (10, "Mười đồng"), (15, "Mười lăm đồng"), (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi bốn đồng"), (55, "Năm mươi lăm đồng"), (105, "Một trăm linh năm đồng"), (111, "Một trăm mười một đồng"),
        (1_001, "Một nghìn không trăm linh một đồng"), (666_666, "Sáu trăm sáu mươi sáu nghìn sáu trăm sáu mươi sáu đồng"),
        (2_500_000_000, "Hai tỷ năm trăm triệu đồng"), (10**15, "Một triệu tỷ đồng"), (1_000_000_001, "Một tỷ không trăm linh một đồng"),
    ],
)  # fmt: skip
def test_money_is_read_as_the_plan_reads_it(amount: int, words: str) -> None:
    assert money_in_words(amount) == words


def test_less_than_nothing_is_said_so() -> None:
    assert number_in_words(-5) == "âm năm"


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_two_numbers_are_never_read_alike(one: int, other: int) -> None:
    assert (number_in_words(one) == number_in_words(other)) == (one == other)
