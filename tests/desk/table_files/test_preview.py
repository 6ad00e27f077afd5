"""A table is checked before anything is written: each row's verdict, each cell's fault by its address."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.desk.table_files.columns import Column, Header
from core.desk.table_files.preview import Preview, Verdict, preview
from core.desk.table_files.reader import read_table
from core.desk.table_files.table import MAX_SHOWN, NotATable, letters, shown
from core.desk.table_files.workbook_safety import MAX_FILE
from core.desk.text_input.csv_header import ColumnTwice, NoHeader
from core.desk.text_input.text_files import NotUtf8
from tests.desk.table_files.workbooks import COLUMNS, of_rows, said

HEAD = "Tên tác phẩm\tTác giả\tĐiện thoại\tGhi chú\n"
ROWS = "Chợ phiên\tAn\t0912345678\t\nĐường về bản\tBình\t912345678\tx\n\tChi\t12\t\n"


def read(data: bytes, name: str = "a.csv") -> Preview:
    return preview(read_table(data, name, COLUMNS), COLUMNS)


def test_each_row_has_a_verdict_and_each_bad_cell_its_address() -> None:
    checked = read(of_rows(*(line.split("\t") for line in (HEAD + ROWS).splitlines())), "a.xlsx")
    assert [(row.number, row.verdict) for row in checked.rows] == [
        (2, Verdict.GOOD), (3, Verdict.WARNING), (4, Verdict.BAD),
    ]  # fmt: skip
    assert dict(checked.rows[1].values) == {"title": "Đường về bản", "author": "Bình", "phone": "0912345678"}
    assert dict(checked.rows[2].values) == {"author": "Chi"}
    assert said(checked) == [
        ("Tác phẩm!C3", True, "Số điện thoại “912345678” thiếu số 0 ở đầu; đọc là 0912345678."),
        ("Tác phẩm!A4", False, "Cột Tên tác phẩm trống."),
        ("Tác phẩm!C4", False, "“12” không phải là số điện thoại 10 hoặc 11 chữ số."),
    ]
    (fault,) = checked.rows[1].faults
    assert (fault.sheet, fault.row, fault.column, fault.title, fault.value) == (
        "Tác phẩm", 3, 2, "Điện thoại", "912345678",
    )  # fmt: skip
    assert checked.unread == ("Ghi chú",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", ["\t", ";", ","])
def test_csv_as_programs_save_it_reads_the_same(encoding: str, separator: str) -> None:
    checked = read((HEAD + ROWS).replace("\t", separator).replace("\n", "\r\n").encode(encoding))
    assert [row.verdict for row in checked.rows] == [Verdict.GOOD, Verdict.WARNING, Verdict.BAD]
    assert [fault.address for fault in checked.faults] == ["C3", "A4", "C4"]


def test_unicode_text_without_a_mark_may_begin_with_vietnamese_letters() -> None:
    text = "Đơn vị;Tên tác phẩm;Tác giả\nHuyện số 1, tỉnh Sơn La;Chợ;An\n"
    for encoding in ("utf-16-le", "utf-16-be"):
        assert [row.verdict for row in read(text.encode(encoding)).rows] == [Verdict.GOOD]


@pytest.mark.parametrize(
    "header, refusal",
    [
        ("Tên tác phẩm;Điện thoại", NoHeader),
        ("Tác giả;Tên tác phẩm;Tác phẩm", ColumnTwice),
        ("x;y", NoHeader),
        ("", NoHeader),
    ],
)
def test_a_table_without_a_required_column_or_with_one_twice_is_refused(header: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read(f"{header}\na;b;c\n".encode())
    if header:
        with pytest.raises(refusal):
            read(of_rows(header.split(";"), ["a", "b", "c"]), "a.xlsx")


def test_a_cell_without_a_heading_is_told() -> None:
    checked = read(of_rows(["Tên tác phẩm", "Tác giả"], ["Một", "An", "", "lạc"]), "a.xlsx")
    assert said(checked) == [("Tác phẩm!D2", True, "Ô ghi “lạc” nhưng cột này không có tên.")]


@pytest.mark.parametrize(
    "data",
    [b"GIF89a\x01\x80\xff\x93\xe1" * 9, "Café crème à la façon du chef, déjà vu, garçon\n".encode("latin-1"), b"\xff\xd8\xff"],
)  # fmt: skip
def test_what_is_no_vietnamese_text_is_refused_with_one_sentence(data: bytes) -> None:
    with pytest.raises(NotUtf8, match=r"Tệp a\.csv không phải là văn bản UTF-8 hay UTF-16"):
        read(data)


def test_a_large_text_is_refused() -> None:
    with pytest.raises(NotATable, match=r"a\.csv lớn hơn 5 MB\."):
        read(b"a" * (MAX_FILE + 1))


def test_columns_have_letters() -> None:
    assert [letters(at) for at in (0, 25, 26, 27, 59, 701, 702, 16_383)] == [
        "A", "Z", "AA", "AB", "BH", "ZZ", "AAA", "XFD",
    ]  # fmt: skip


def test_a_value_is_shown_in_one_short_line() -> None:
    assert shown("a\n b\u200b") == "a b<U+200B>"
    assert len(shown("a" * 300)) == MAX_SHOWN == len(shown("a" * 59 + "\u200b"))


def test_a_header_is_matched_whatever_its_spelling() -> None:
    header = Header((Column("unit", ("Đơn vị hoà giải",)),))
    for text in ("ĐƠN VỊ HOÀ GIẢI", "đơn  vị hòa giải", "unit", "UNIT", "Đơn vị hoà\u200b giải"):
        assert header.places("a", 1, {3: text}) == {"unit": 3}


cells = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(cells, cells, cells), max_size=6), st.sampled_from(["\t", ";", ","]))
def test_no_row_appears_that_was_not_in_the_file(rows: list[tuple[str, str, str]], separator: str) -> None:
    lines = ["Tên tác phẩm\tTác giả\tGhi chú".replace("\t", separator), *(separator.join(row) for row in rows)]
    checked = read("\n".join(lines).encode())
    numbers = [row.number for row in checked.rows]
    assert numbers == sorted(set(numbers)) and set(numbers) <= set(range(2, len(rows) + 2))
    for row in checked.rows:
        assert row.verdict is Verdict.BAD or all(row.values[key] for key in ("title", "author"))
