"""Bare names, and the names in a free text of authors."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.people.names import bare_name, names_in
from core.rules.vietnamese import bare

WORDS = st.sampled_from(
    ["Ông", "Bà", "Đ/c", "ThS.", "Lò", "Và", "Thị", "Hoà", "Thuý", "Nguyễn", "A", "H'Mông", "Đồng", "chí", "PGS.TS"]
)
NAMES = st.lists(WORDS, max_size=5).map(" ".join) | st.text(max_size=12)


@pytest.mark.parametrize(
    "spelling",
    [
        "Lò Thị Thuý", "lò  thị thúy", "LO THI THUY", "Lò Thị Thuí", "Đ/c Lò Thị Thuý", "Đồng chí Lò Thị Thuý", "Bà Lò Thị Thuý",
        "ThS. Lò Thị Thuý", "PGS.TS. Lò Thị Thuý", "Bà ThS Lò Thị Thuý", "L\u043e\u0300 Th\u1ecb Thu\u00fd", "Lò\u200b Thị Thuý",
        unicodedata.normalize("NFD", "Lò Thị Thuý"), "Lò Thị Thuý.",
    ],
)  # fmt: skip
def test_spellings_of_one_name_are_equal(spelling: str) -> None:
    assert bare_name(spelling) == "lo thi thui"


@pytest.mark.parametrize(
    "name, key",
    [
        ("Bạc Cầm Anh", "bac cam anh"), ("Chu Thị Mai", "chu thi mai"), ("Anh Tuấn", "anh tuan"), ("Ông", "ong"),
        ("Ông Văn Thắng", "van thang"), ("Giàng A Và", "giang a va"), ("", ""), ("...", ""), ("Sùng-A Páo", "sung a pao"),
        (". . Lò An", "lo an"),
    ],
)  # fmt: skip
def test_a_title_is_dropped_only_before_two_words(name: str, key: str) -> None:
    assert bare_name(name) == key


@given(NAMES)
def test_a_spelling_without_marks_has_the_same_bare_name(name: str) -> None:
    assert bare_name(bare(name)) == bare_name(name)


@pytest.mark.parametrize(
    "authors, names",
    [
        ("Nguyễn Khánh Vân và Lường Văn Sơn (minh hoạ)", ("Nguyễn Khánh Vân", "Lường Văn Sơn")),
        ("Đ/c Lò Văn An, Hà Thị Mai; Vừ A Dơ & Bùi Anh", ("Lò Văn An", "Hà Thị Mai", "Vừ A Dơ", "Bùi Anh")),
        ("Giàng A Và", ("Giàng A Và",)), ("Và A Páo và Sùng A Và", ("Và A Páo", "Sùng A Và")),
        ("LÒ VĂN AN VÀ HÀ THỊ MAI, VÀ A PÁO", ("LÒ VĂN AN", "HÀ THỊ MAI", "VÀ A PÁO")),
        ("Lò Văn An - Hà Thị Mai", ("Lò Văn An", "Hà Thị Mai")), ("Nhóm Hoa-Mận", ("Nhóm Hoa-Mận",)),
        ("Lò  Văn\tAn [trưởng nhóm", ("Lò Văn An",)), ("", ()), ("()", ()),
        (unicodedata.normalize("NFD", "Lò Văn An và Hà Thị Mai"), ("Lò Văn An", "Hà Thị Mai")),
    ],
)  # fmt: skip
def test_the_names_in_a_text_of_authors(authors: str, names: tuple[str, ...]) -> None:
    assert names_in(authors) == names


@given(st.text())
def test_any_text_of_authors_gives_names_without_outer_spaces(authors: str) -> None:
    assert all(name and name == " ".join(name.split()) for name in names_in(authors))
