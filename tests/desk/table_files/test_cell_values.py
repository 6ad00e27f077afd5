"""What a cell means for its column, and what is said where it means nothing."""

from datetime import date

import pytest

from core.desk.table_files.cell_values import Value, read_cell
from core.desk.table_files.columns import Column, Kind
from core.desk.table_files.table import Cell, CellKind
from core.rules.words import Locale

KINDS = Column("kind", ("Thể loại",), Kind.CHOICE, choices=("Hoạt cảnh", "Tiểu phẩm", "T-1"))
TITLE = Column("title", ("Tên",), required=True, max_length=300)


def read(cell: Cell | str, column: Column | Kind) -> tuple[Value | None, list[tuple[bool, str, str]]]:
    """The value; each finding: True for a warning, the sentence, the suggestion."""
    column = Column("x", ("X",), column) if isinstance(column, Kind) else column
    reading = read_cell(Cell(CellKind.TEXT, cell) if isinstance(cell, str) else cell, column, column.title)
    return reading.value, [(each.warning, each.what.localize(Locale()), each.suggestion) for each in reading.findings]


def number(text: str) -> Cell:
    return Cell(CellKind.NUMBER, text)


class TestPhones:
    @pytest.mark.parametrize(
        "text",
        ["0912345678", "0912 345 678", "0912.345.678", "(091) 234-5678", "+84 912 345 678", "0084912345678",
         "84912345678", "\uff10912345678", "0912\u00a0345\u200b678"],
    )  # fmt: skip
    def test_every_way_to_write_one_is_the_same_digits(self, text: str) -> None:
        assert read(text, Kind.PHONE) == ("0912345678", [])

    @pytest.mark.parametrize("cell", [number("912345678"), "912345678", "912 345 678"])
    def test_a_lost_zero_is_added_with_a_warning(self, cell: Cell | str) -> None:
        value, ((warning, what, _),) = read(cell, Kind.PHONE)
        assert (value, warning) == ("0912345678", True)
        assert what.endswith("thiếu số 0 ở đầu; đọc là 0912345678.")

    @pytest.mark.parametrize("text", ["091234567", "12345678", "09123456789012", "không có", "0912345678a", "9.1E+08"])
    def test_what_is_no_phone_is_refused(self, text: str) -> None:
        value, ((warning, what, _),) = read(text, Kind.PHONE)
        assert (value, warning, what) == (None, False, f"“{text}” không phải là số điện thoại 10 hoặc 11 chữ số.")

    def test_a_landline_has_eleven_digits(self) -> None:
        assert read("0212 3852 123", Kind.PHONE)[0] == "02123852123"


class TestDates:
    @pytest.mark.parametrize(
        "cell",
        ["7/5/1990", "07-05-1990", "07.05.1990", "1990-05-07", "ngày 7 tháng 5 năm 1990", "Ngày 07/05/1990",
         "1990-05-07 00:00:00", Cell(CellKind.DATE, "1990-05-07")],
    )  # fmt: skip
    def test_every_way_to_write_a_day_is_the_same_day(self, cell: Cell | str) -> None:
        assert read(cell, Kind.DATE) == (date(1990, 5, 7), [])

    @pytest.mark.parametrize("cell", ["31/2/1990", "5/13/1990", "7/5/90", "1990", "hôm qua", number("33000")])
    def test_what_is_no_day_is_refused(self, cell: Cell | str) -> None:
        value, ((warning, what, _),) = read(cell, Kind.DATE)
        assert value is None and not warning and "không phải là ngày; hãy ghi ngày/tháng/năm" in what

    def test_a_year_out_of_reach_is_refused(self) -> None:
        assert read("7/5/0990", Kind.DATE) == (None, [(False, "Năm 990 nằm ngoài 1900–2100.", "")])


class TestChoices:
    @pytest.mark.parametrize("text", ["Tiểu phẩm", "TIỂU  PHẨM", "tiê\u0309u phâ\u0309m"])
    def test_a_spelling_of_a_choice_is_that_choice(self, text: str) -> None:
        assert read(text, KINDS) == ("Tiểu phẩm", [])

    def test_one_without_marks_is_offered_not_taken(self) -> None:
        what = "“hoat canh” không có trong danh mục: Hoạt cảnh, Tiểu phẩm, T-1."
        assert read("hoat canh", KINDS) == (None, [(False, what, "Hoạt cảnh")])

    @pytest.mark.parametrize(
        "text, answer", [("Có", True), ("x", True), ("KHÔNG", False), ("0", False), ("true", True)]
    )
    def test_yes_and_no(self, text: str, answer: bool) -> None:
        assert read(text, Kind.YES_NO) == (answer, [])
        assert read(Cell(CellKind.YES_NO, str(int(answer))), Kind.YES_NO) == (answer, [])

    def test_neither_yes_nor_no(self) -> None:
        assert read("chắc là có", Kind.YES_NO) == (None, [(False, "“chắc là có” không phải là có hay không.", "")])


class TestTexts:
    def test_whitespace_becomes_one_space(self) -> None:
        assert read("Chợ\u00a0 phiên\n số", TITLE) == ("Chợ phiên số", [])

    def test_a_file_name_keeps_its_spaces(self) -> None:
        assert read("a  b.mp4", Kind.VERBATIM) == ("a  b.mp4", [])

    @pytest.mark.parametrize("cell", [None, "", "\u00a0", "\u200b"])
    def test_a_blank_cell_is_named_only_where_a_value_is_required(self, cell: str | None) -> None:
        found = None if cell is None else Cell(CellKind.TEXT, cell)
        assert read_cell(found, Column("x", ("X",)), "X").findings == ()
        (finding,) = read_cell(found, TITLE, "Tên").findings
        assert finding.what.localize(Locale()) == "Cột Tên trống."

    @pytest.mark.parametrize("length, fits", [(300, True), (301, False)])
    def test_a_long_text(self, length: int, fits: bool) -> None:
        value, findings = read("a" * length, TITLE)
        assert (value is not None) is fits
        assert findings == ([] if fits else [(False, "Cột Tên dài 301 ký tự, nhiều nhất 300.", "")])

    def test_invisible_signs_are_named(self) -> None:
        what = "Cột Tên: “Chợ<U+200B> phiên” có ký tự lạ: U+200B (ZERO WIDTH SPACE)."
        assert read("Chợ\u200b phiên", TITLE) == (None, [(False, what, "")])

    @pytest.mark.parametrize(
        "text, meant",
        [("Lß ThÞ Thuû", "Lò Thị Thuỷ"), ("Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"),
         ("Chuyeån ñoåi soá", "Chuyển đổi số")],
    )  # fmt: skip
    def test_a_text_for_an_old_font_is_offered_decoded_and_taken_as_written(self, text: str, meant: str) -> None:
        what = f"Cột Tên: “{text}” viết bằng phông chữ cũ (.VnTime, VNI); có lẽ là “{meant}”."
        assert read(text, TITLE) == (text, [(True, what, meant)])

    @pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+84", "-1", "@a"])
    def test_a_text_like_a_formula_is_taken_literally(self, text: str) -> None:
        assert read(text, TITLE) == (text, [])

    @pytest.mark.parametrize("column", [TITLE, Kind.VERBATIM])
    def test_a_text_that_became_a_date_or_lost_digits_is_a_warning(self, column: Column | Kind) -> None:
        what = "Chương trình bảng tính đã đổi ô này thành ngày giờ: “02/01/2026”."
        assert read(Cell(CellKind.DATE, "2026-01-02"), column) == ("02/01/2026", [(True, what, "")])
        what = "Số dài hơn 15 chữ số: chương trình bảng tính không giữ các chữ số sau."
        assert read(number("1234567890123456"), column) == ("1234567890123456", [(True, what, "")])
        assert read(number("123456789012345"), column) == ("123456789012345", [])


@pytest.mark.parametrize("kind", Kind)
def test_an_error_or_an_uncomputed_formula_is_bad_in_every_column(kind: Kind) -> None:
    what = "Ô báo lỗi #DIV/0!; hãy sửa công thức hoặc ghi giá trị."
    assert read(Cell(CellKind.ERROR, "#DIV/0!"), kind) == (None, [(False, what, "")])
    what = "Công thức chưa được tính; hãy mở bằng Excel rồi lưu lại, hoặc dán giá trị."
    assert read(Cell(CellKind.UNCOMPUTED, ""), kind) == (None, [(False, what, "")])
