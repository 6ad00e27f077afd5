"""Workbooks as people and attackers send them: every cell is read as what it is, every trap is named by its address."""

from datetime import date, datetime
from pathlib import Path

import openpyxl.xml
import pytest
import xlsxwriter

from core.desk.table_files import workbook_parser, workbook_reader
from core.desk.table_files.table import Cell, CellKind, NotATable
from core.desk.table_files.workbook_reader import NoSafeParser, read_workbook
from core.desk.text_input.csv_header import NoHeader
from core.sandbox.run import Limits
from tests.desk.table_files.workbooks import COLUMNS, HEADER, drawn, of_rows, raw, run_here, said, texts

HEAD = ("Tên tác phẩm", "Tác giả")


def inline(address: str, text: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


class TestHostile:
    """Each of these is read in the sandbox, as in the desk."""

    def test_openpyxl_parses_with_defusedxml(self) -> None:
        assert openpyxl.xml.DEFUSEDXML

    def test_without_it_nothing_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(openpyxl.xml, "DEFUSEDXML", False)
        monkeypatch.setattr(workbook_reader, "run", run_here)
        with pytest.raises(NoSafeParser, match="Máy chủ thiếu thư viện"):
            read_workbook(of_rows(HEAD), "a.xlsx", COLUMNS)

    def test_billion_laughs(self) -> None:
        entities = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(7))
        before = f'<!DOCTYPE x [<!ENTITY a "{"a" * 50}">{entities}]>'
        with pytest.raises(NotATable, match=r"a\.xlsx có khai báo XML không được phép"):
            read_workbook(raw(f'<row r="1">{inline("A1", "&h;")}</row>', before=before), "a.xlsx", COLUMNS)

    def test_an_external_entity(self) -> None:
        before = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        with pytest.raises(NotATable, match="có khai báo XML không được phép"):
            read_workbook(raw(f'<row r="1">{inline("A1", "&e;")}</row>', before=before), "a.xlsx", COLUMNS)

    def test_one_cell_in_the_last_corner(self) -> None:
        rows = f'{HEADER}<row r="2">{inline("A2", "Một")}</row><row r="1048576">{inline("XFD1048576", "x")}</row>'
        table = read_workbook(raw(rows), "a.xlsx", COLUMNS)
        assert texts(table) == [(2, {0: "Một"})]
        assert said(table) == [("Tác phẩm", False, "Ô XFD1048576 nằm ngoài 60 cột đầu nên không được đọc.")]

    def test_a_blank_cell_in_row_one_million(self) -> None:
        def draw(book: xlsxwriter.Workbook) -> None:
            page = book.add_worksheet("Tác phẩm")
            page.write_row(0, 0, HEAD)
            page.write_row(1, 0, ("Một", "An"))
            page.write_blank(999_999, 0, None, book.add_format({"bold": True}))

        table = read_workbook(drawn(draw), "a.xlsx", COLUMNS)
        assert texts(table) == [(2, {0: "Một", 1: "An"})] and table.faults == ()

    def test_a_value_in_row_one_million_is_read(self) -> None:
        rows = f'{HEADER}<row r="1000000">{inline("A1000000", "Một")}</row>'
        assert texts(read_workbook(raw(rows), "a.xlsx", COLUMNS)) == [(1_000_000, {0: "Một"})]

    @pytest.mark.parametrize("limits", [Limits(0.05, 20, 1 << 30, 1 << 20), Limits(60, 20, 1 << 30, 10)])
    def test_a_workbook_that_takes_too_long_or_says_too_much_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, limits: Limits
    ) -> None:
        monkeypatch.setattr(workbook_reader, "LIMITS", limits)
        with pytest.raises(NotATable, match=r"a\.xlsx quá lớn hoặc quá phức tạp để đọc"):
            read_workbook(of_rows(HEAD), "a.xlsx", COLUMNS)

    @pytest.mark.parametrize(
        "act", ["open('{secret}').read()", "bytearray(2 << 30)", "import os; os.kill(os.getpid(), 11)"]
    )
    def test_a_parser_that_is_taken_over_reads_no_other_file_and_takes_little_memory(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, act: str
    ) -> None:
        (tmp_path / "secret").write_text("x")
        script = tmp_path / "script.py"
        script.write_text(act.format(secret=tmp_path / "secret") + "\nprint('{}')")
        monkeypatch.setattr(workbook_reader, "_interpreter", workbook_reader._interpreter.__wrapped__)
        monkeypatch.setattr(workbook_parser, "__file__", str(script))
        with pytest.raises(NotATable, match="quá lớn hoặc quá phức tạp"):
            read_workbook(of_rows(HEAD), "a.xlsx", COLUMNS)

    @pytest.mark.parametrize("sheet", ["<row", "<row r='1'><c r='A1' t='s'><v>7</v></c></row>", "\x00"])
    def test_xml_that_is_none_and_a_text_that_is_not_there(self, sheet: str) -> None:
        with pytest.raises(NotATable, match=r"a\.xlsx bị hỏng"):
            read_workbook(raw(HEADER + sheet), "a.xlsx", COLUMNS)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_reader, "run", run_here)


@pytest.mark.usefixtures("here")
class TestCells:
    def test_each_keeps_its_type(self) -> None:
        rows = [
            ("Điện thoại", *"BCDEFGH"),
            (
                912345678,
                3.0,
                0.5,
                True,
                date(1990, 5, 7),
                datetime.fromisoformat("1990-05-07T08:30"),
                " a ",
                "Ngu\u0065\u0302\u0303n",
            ),
        ]
        (row,) = read_workbook(of_rows(*rows), "a.xlsx", COLUMNS).rows
        assert [(cell.kind.value, cell.text) for cell in row.cells.values()] == [
            ("number", "912345678"), ("number", "3"), ("number", "0.5"), ("yes_no", "1"), ("date", "1990-05-07"),
            ("time", "1990-05-07 08:30:00"), ("text", "a"), ("text", "Nguễn"),
        ]  # fmt: skip

    def test_an_error_and_a_formula_that_was_never_computed_are_no_blanks(self) -> None:
        rows = HEADER + '<row r="2"><c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B2"><f>1+1</f></c></row>'
        (row,) = read_workbook(raw(rows), "a.xlsx", COLUMNS).rows
        assert dict(row.cells) == {0: Cell(CellKind.ERROR, "#DIV/0!"), 1: Cell(CellKind.UNCOMPUTED, "")}

    def test_a_row_of_uncomputed_formulas_alone_is_a_row(self) -> None:
        rows = HEADER + '<row r="2"/><row r="3"><c r="B3"><f>1+1</f></c></row><row r="4"><c r="A4"><v>5</v></c></row>'
        assert texts(read_workbook(raw(rows), "a.xlsx", COLUMNS)) == [(3, {1: ""}), (4, {0: "5"})]

    def test_a_computed_formula_is_its_value(self) -> None:
        def draw(book: xlsxwriter.Workbook) -> None:
            page = book.add_worksheet()
            page.write_row(0, 0, HEAD)
            page.write_formula(1, 0, '=HYPERLINK("https://x.vn","Một")', value="Một")

        assert texts(read_workbook(drawn(draw), "a.xlsx", COLUMNS)) == [(2, {0: "Một"})]

    @pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1|cmd", "-1+2", "@SUM(A1)", "#N/A đây", "=1+1"])
    def test_a_text_like_a_formula_is_a_text(self, text: str) -> None:
        (row,) = read_workbook(of_rows(HEAD, (text,)), "a.xlsx", COLUMNS).rows
        assert row.cells[0] == Cell(CellKind.TEXT, text)

    def test_a_long_text_is_cut_after_the_limit_and_so_never_fits(self) -> None:
        (row,) = read_workbook(of_rows(HEAD, ("a" * 30_000,)), "a.xlsx", COLUMNS).rows
        assert len(row.cells[0].text) == workbook_parser.MAX_CELL + 1

    def test_the_stated_size_of_the_sheet_does_not_matter(self) -> None:
        dimension = '<dimension ref="A1:A1"/>'
        data = raw(f'{HEADER}<row r="2">{inline("A2", "Một")}</row>', dimension=dimension)
        assert texts(read_workbook(data, "a.xlsx", COLUMNS)) == [(2, {0: "Một"})]


@pytest.mark.usefixtures("here")
class TestSheets:
    def test_hidden_and_empty_sheets_are_passed_over_and_others_are_told(self) -> None:
        def draw(book: xlsxwriter.Workbook) -> None:
            for name, state in (
                ("Danh mục", "hide"),
                ("Trống", ""),
                ("Ngầm", "very_hidden"),
                ("A", ""),
                ("B", ""),
                ("Hướng dẫn", ""),
            ):
                page = book.add_worksheet(name)
                if name != "Trống":
                    page.write_row(0, 0, HEAD)
                    page.write_row(1, 0, (name, "An"))
                if state:
                    getattr(page, state)()

            book.worksheets()[1].activate()

        table = read_workbook(drawn(draw), "a.xlsx", COLUMNS)
        assert (table.sheet, texts(table)) == ("A", [(2, {0: "A", 1: "An"})])
        assert said(table) == [("A", True, "Trang tính khác có dữ liệu nhưng không được đọc: B.")]

    def test_a_workbook_without_a_value_is_refused(self) -> None:
        with pytest.raises(NotATable, match=r"a\.xlsx không có ô nào có chữ"):
            read_workbook(drawn(lambda book: book.add_worksheet().hide() or book.add_worksheet()), "a.xlsx", COLUMNS)

    def test_titles_above_the_header_are_told(self) -> None:
        table = read_workbook(
            of_rows(["DANH SÁCH DỰ THI"], [], ("TÁC GIẢ", "tên  tác phẩm"), ("An", "Một")), "a.xlsx", COLUMNS
        )
        assert (table.header_row, dict(table.header)) == (3, {0: "TÁC GIẢ", 1: "tên tác phẩm"})
        assert texts(table) == [(4, {0: "An", 1: "Một"})]
        assert said(table) == [("Tác phẩm", True, "1 dòng phía trên hàng tên cột (dòng 3) không được đọc.")]

    def test_a_header_that_names_no_column_is_refused(self) -> None:
        with pytest.raises(NoHeader, match=r"a\.xlsx: dòng 2 phải là tên cột Tên tác phẩm, Tác giả\."):
            read_workbook(of_rows([], ["x", "y"], ["1", "2"]), "a.xlsx", COLUMNS)

    def test_a_repeated_header_is_no_row(self) -> None:
        table = read_workbook(of_rows(HEAD, ("Một", "An"), HEAD, ("Hai", "Bình")), "a.xlsx", COLUMNS)
        assert [number for number, _ in texts(table)] == [2, 4]

    def test_merged_cells_are_told(self) -> None:
        def draw(book: xlsxwriter.Workbook) -> None:
            page = book.add_worksheet("Tác phẩm")
            page.write_row(0, 0, HEAD)
            page.write_row(1, 0, ("Một", "An"))
            page.merge_range("B3:B4", "Bình")

        table = read_workbook(drawn(draw), "a.xlsx", COLUMNS)
        assert said(table) == [
            ("Tác phẩm", True, "Các ô B3:B4 gộp lại: chỉ ô đầu có giá trị, các ô khác tính là trống.")
        ]

    def test_ten_thousand_rows_are_read_and_the_next_ones_are_told(self) -> None:
        rows = [HEAD, *((f"Phim {n}", "An") for n in range(workbook_parser.MAX_ROWS + 3))]
        table = read_workbook(of_rows(*rows), "a.xlsx", COLUMNS)
        assert len(table.rows) == workbook_parser.MAX_ROWS - 1  # the header is one of the rows
        assert said(table) == [("Tác phẩm", False, "Bảng dài hơn 10000 dòng: các dòng sau không được đọc.")]
