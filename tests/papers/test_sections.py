"""A document of two categories: each section is under its name with its own columns; the money is the sum of both."""

import csv
import io
from typing import Any

import openpyxl

from core.papers.csv_table import HEADS, award_csv
from core.papers.workbook import award_workbook, nameless
from tests.papers.sample_document import of_two
from tests.papers.test_workbook import column, opened, words_of

FILMS, REPORTS = "Phim ngắn", "Phóng sự <ảnh>"


def csv_rows(*, draft: bool = False) -> list[list[str]]:
    text = award_csv(of_two(draft=draft)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def lines_of(page: Any) -> list[str]:
    """The first cell of each row."""
    rows = ([str(cell.value) for cell in row if cell.value is not None] for row in page.iter_rows())
    return [row[0] for row in rows if row]


class TestTheCsv:
    def test_each_section_has_its_heading_its_awards_and_what_is_not_given(self) -> None:
        columns = [(row[0], row[1], row[2]) for row in csv_rows(draft=True)[1:-2]]
        assert columns == [
            ("", FILMS, ""),
            ("1", "Giải Nhất", "T-417"),
            ("2", "Giải Nhì", "T-418"),
            ("3", "Giải Ba", "T-419"),
            ("", "Giải Khuyến khích", "T-420, T-421"),
            ("", "Giải phụ", ""),
            ("", REPORTS, ""),
            ("4", "Giải Nhất phóng sự", "D-001"),
            ("", "Giải Ba phóng sự", "D-003, D-004"),
            ("", "Giải Nhì phóng sự", ""),
        ]

    def test_a_score_has_the_decimals_of_its_section(self) -> None:
        assert [row[7] for row in csv_rows() if row[0].isdigit()] == ["56,33", "51,75", "45,00", "87,5"]

    def test_the_total_is_of_both_and_every_line_has_every_column(self) -> None:
        rows = csv_rows()
        assert rows[-2][8:10] == ["14000000", "Mười bốn triệu đồng"]
        assert {len(row) for row in rows} == {len(HEADS)}


class TestTheWorkbook:
    def test_it_has_one_award_table_and_of_each_section_a_summary_and_the_sheets(self) -> None:
        book = opened(of_two())
        assert book.sheetnames == [
            "Bảng trao giải",
            "Bảng tổng hợp điểm",
            "Bảng tổng hợp điểm (2)",
            "Phiếu chấm",
            "Phiếu chấm (2)",
            "Thể lệ chấm",
        ]
        for name, heading in zip(book.sheetnames[1:5], (FILMS, REPORTS) * 2, strict=True):
            texts = words_of(book[name])
            assert texts.count(heading) == 1 and not {FILMS, REPORTS} - {heading} & set(texts)

    def test_the_award_table_groups_its_lines(self) -> None:
        lines = lines_of(opened(of_two())["Bảng trao giải"])
        table = lines[lines.index("STT") + 1 : lines.index("Tổng cộng: 04 giải")]
        assert table == [FILMS, "1", "2", "3", REPORTS, "4"]
        below = lines[lines.index("Tổng cộng: 04 giải") + 1 :]
        assert below[:5] == [
            "Bằng chữ: Mười bốn triệu đồng.",
            f"Không trao – {FILMS}",
            "- Giải phụ (01 giải): Không đủ số liệu.",
            f"Không trao – {REPORTS}",
            "- Giải Nhì phóng sự (02 giải): Không tác phẩm nào đạt.",
        ]

    def test_undecided_prizes_are_listed_for_each_section(self) -> None:
        lines = lines_of(opened(of_two(draft=True))["Bảng trao giải"])
        at = lines.index(f"Giải còn chờ Ban Tổ chức quyết định – {FILMS}")
        assert lines[at + 1].startswith("- Giải Khuyến khích (01 giải): T-420, T-421.")
        assert lines[at + 2] == f"Giải còn chờ Ban Tổ chức quyết định – {REPORTS}"
        assert lines[at + 3].startswith("- Giải Ba phóng sự (01 giải): D-003, D-004.")

    def test_each_section_has_its_own_columns_and_scales(self) -> None:
        book = opened(of_two())
        assert column(book, "Bảng tổng hợp điểm", "Giàng A Tủa") == [55, "không chấm", 45]
        assert column(book, "Bảng tổng hợp điểm", "Điểm trung bình") == [56.33, 51.75, 45]
        assert column(book, "Bảng tổng hợp điểm (2)", "Giàng A Tủa") == [88]
        assert column(book, "Bảng tổng hợp điểm (2)", "Điểm trung vị") == [87.5]
        assert "Nguyễn Thị Hòa" not in words_of(book["Bảng tổng hợp điểm (2)"])
        assert column(book, "Phiếu chấm (2)", "Hình ảnh (tối đa 100)") == [88, 87]
        assert column(book, "Phiếu chấm (2)", "Giám khảo") == ["Giàng A Tủa", "Quàng Thị Xuân"]
        assert "Nội dung, thông điệp (tối đa 40)" not in words_of(book["Phiếu chấm (2)"])

    def test_nameless_it_names_no_judge_of_either_section(self) -> None:
        content = award_workbook(of_two(), names=False)
        book = openpyxl.load_workbook(io.BytesIO(content))
        texts = {text for page in book for text in words_of(page)}
        assert not texts & {judge.name for section in of_two().sections for judge in section.judges}
        assert "GK17" in words_of(book["Bảng tổng hợp điểm"]) and "GK17" not in words_of(book["Bảng tổng hợp điểm (2)"])
        for before, after in zip(of_two().sections, nameless(of_two()).sections, strict=True):
            assert sorted(sheet.total for sheet in before.sheets) == sorted(sheet.total for sheet in after.sheets)
            for sheet in after.sheets:
                assert next(row for row in after.standings if row.code == sheet.code).totals[sheet.judge] == sheet.total
