"""The award table as a workbook, read back by another library."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from openpyxl.workbook import Workbook

from core.papers.document import AwardDocument
from core.papers.layout.wording import printable
from core.papers.workbook import award_workbook, nameless
from tests.papers.sample_document import TEXTS, award_document, of_many, saying

SALT = "muối của hội đồng"
SHEETS = ["Bảng trao giải", "Bảng tổng hợp điểm", "Phiếu chấm", "Thể lệ chấm"]


def opened(document: AwardDocument, *, names: bool = True) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(award_workbook(document, names=names)))


def column(book: Workbook, sheet: str, head: str) -> list[object]:
    """The cells under a column's heading, to the end of the table."""
    page = book[sheet]
    at = next(cell for row in page.iter_rows() for cell in row if cell.value == head)
    found: list[object] = []
    for row in range(at.row + 1, page.max_row + 1):
        if not isinstance(page.cell(row, 1).value, int):
            break
        found.append(page.cell(row, at.column).value)
    return found


def words(book: Workbook) -> list[str]:
    return [text for page in book for text in words_of(page)]


def words_of(page: Any) -> list[str]:
    return [cell.value for row in page.iter_rows() for cell in row if isinstance(cell.value, str)]


def test_the_four_sheets_are_there() -> None:
    assert opened(award_document()).sheetnames == SHEETS


class TestNumbersAreNumbers:
    """Real numbers with number formats, not texts that look like them."""

    def test_money_and_scores(self) -> None:
        book = opened(award_document())
        assert column(book, SHEETS[0], "Tiền thưởng (đồng)") == [5_000_000, 3_000_000, 2_000_000]
        assert column(book, SHEETS[0], "Điểm") == [56.33, 51.75, 45]
        assert column(book, SHEETS[0], "Xếp thứ") == [1, 2, 3]

    def test_the_summary_of_scores(self) -> None:
        book = opened(award_document())
        assert column(book, SHEETS[1], "Nguyễn Thị Hòa") == [57, 52, 45]
        assert column(book, SHEETS[1], "Giàng A Tủa") == [55, "không chấm", 45]
        assert column(book, SHEETS[1], "Điểm trung bình") == [56.33, 51.75, 45]
        assert column(book, SHEETS[1], "Chênh lệch lớn nhất") == [2, 0.5, 0]
        assert column(book, SHEETS[1], "Số phiếu") == [3, 2, 3]

    def test_every_sheet_of_every_judge(self) -> None:
        book = opened(award_document())
        assert column(book, SHEETS[2], "Nội dung, thông điệp (tối đa 40)") == [38.5, 38, 37, 35, 34, 30, 30, 30]
        assert column(book, SHEETS[2], "Tổng điểm") == [57, 57, 55, 52, 51.5, 45, 45, 45]
        assert column(book, SHEETS[2], "Thời điểm nộp")[0] == datetime(2024, 8, 29, 9, 53, 20)  # noqa: DTZ001  # Excel has no time zones

    def test_their_forms(self) -> None:
        page = opened(award_document())[SHEETS[0]]
        forms = {
            cell.value: cell.number_format
            for row in page.iter_rows()
            for cell in row
            if isinstance(cell.value, (int, float))
        }
        assert forms[5_000_000] == "[$-42A]#,##0" and forms[56.33] == "[$-42A]0.00"


class TestManyColumns:
    """With a large panel or a long rubric, every number is on one of the sheets, and the result is on the last."""

    @pytest.mark.parametrize("judges", [1, 5, 6, 7, 13, 30])
    def test_every_judge_has_a_column_on_exactly_one_sheet(self, judges: int) -> None:
        document = of_many(judges, works=4)
        (section,), book = document.sections, opened(document)
        names = [name for name in book.sheetnames if name.startswith(SHEETS[1])]
        assert names == [SHEETS[1], *(f"{SHEETS[1]} ({number})" for number in range(2, len(names) + 1))]
        for at, judge in enumerate(section.judges):
            holding = [name for name in names if judge.name in words_of(book[name])]
            assert len(holding) == 1
            given = [
                "không chấm" if row.totals[at] is None else (row.totals[at] or 0) / 100 for row in section.standings
            ]
            assert column(book, holding[0], judge.name) == given
        for name in names:
            assert column(book, name, "Mã số") == [row.code for row in section.standings]
        assert column(book, names[-1], "Điểm trung bình") == [(row.score or 0) / 100 for row in section.standings]
        assert [name for name in names if "Xếp thứ" in words_of(book[name])] == names[-1:]
        assert [name for name in names if "NGƯỜI TỔNG HỢP" in words_of(book[name])] == names[-1:]

    @pytest.mark.parametrize("criteria", [1, 5, 6, 7, 20])
    def test_every_criterion_has_a_column_on_exactly_one_sheet(self, criteria: int) -> None:
        document = of_many(3, works=2, criteria=criteria)
        book = opened(document)
        names = [name for name in book.sheetnames if name.startswith(SHEETS[2])]
        for at in range(criteria):
            head = f"Tiêu chí thứ {at + 1} (tối đa 100)"
            assert sum(head in words_of(book[name]) for name in names) == 1
        assert column(book, names[-1], "Tổng điểm") == [sheet.total / 100 for sheet in document.sections[0].sheets]


class TestPrintSetUp:
    """A4 landscape, one page wide, the heading repeated, the identifiers in the footer."""

    @pytest.mark.parametrize("name", SHEETS)
    def test_every_sheet(self, name: str) -> None:
        page = opened(award_document())[name]
        assert page.page_setup.paperSize == 9 and page.page_setup.orientation == "landscape"
        assert page.sheet_properties.pageSetUpPr is not None and page.sheet_properties.pageSetUpPr.fitToPage
        assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
        foot = str(page.oddFooter.left.text) if page.oddFooter and page.oddFooter.left else ""
        assert "ab12" * 16 in foot and "1834" in foot

    @pytest.mark.parametrize("name", SHEETS[:3])
    def test_the_head_of_a_table_is_repeated(self, name: str) -> None:
        page = opened(award_document())[name]
        row = int(re.findall(r"\d+", str(page.print_title_rows))[0])
        assert page.cell(row, 1).value == "STT"

    def test_everything_is_in_times_new_roman(self) -> None:
        faces = {cell.font.name for page in opened(award_document()) for row in page.iter_rows() for cell in row}
        assert faces == {"Times New Roman"}


class TestThePaper:
    def test_the_letterhead_the_total_and_the_signatures(self) -> None:
        texts = words(opened(award_document()))
        for expected in (
            "BAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ TỈNH SƠN LA", "BAN TỔ CHỨC CUỘC THI", "Sơn La, ngày 15 tháng 9 năm 2024",
            "Tổng cộng: 03 giải", "Bằng chữ: Mười triệu đồng.", "Năm triệu đồng", "TRƯỞNG BAN TỔ CHỨC",
            "NGƯỜI TỔNG HỢP", "(Ký, ghi rõ họ tên)",
        ):  # fmt: skip
            assert expected in texts

    def test_a_draft_is_marked_in_the_title_and_in_every_header(self) -> None:
        book = opened(award_document(draft=True))
        assert all(page.oddHeader and page.oddHeader.right.text == "DỰ THẢO" for page in book)
        assert sum(text.startswith("DỰ THẢO") for text in words(book)) == len(SHEETS)

    def test_a_confirmed_table_states_who_confirmed_it_and_when(self) -> None:
        texts = words(opened(award_document()))
        assert "(Được Ban Tổ chức xác nhận lúc 15:00:00 ngày 15/09/2024; người xác nhận: Vì Thị Hải)" in texts
        assert not any("DỰ THẢO" in text for text in texts)

    def test_the_same_table_is_the_same_file(self) -> None:
        assert award_workbook(award_document(), names=True) == award_workbook(award_document(), names=True)


class TestWithoutJudgesNames:
    """Judges' names are beside marks only for the roles that the contest permits."""

    def test_no_judge_is_named_in_a_single_byte(self) -> None:
        content = award_workbook(award_document(), names=False)
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            everything = b"".join(parts.read(name) for name in parts.namelist()).decode()
        for judge in award_document().sections[0].judges:
            assert judge.name not in everything and f">{judge.username}<" not in everything

    def test_each_column_keeps_its_marks_together(self) -> None:
        document = award_document()
        (named,), (hidden,) = document.sections, nameless(document).sections
        for before, after in zip(named.standings, hidden.standings, strict=True):
            assert sorted(map(str, before.totals)) == sorted(map(str, after.totals))
        for sheet in hidden.sheets:
            standing = next(row for row in hidden.standings if row.code == sheet.code)
            assert standing.totals[sheet.judge] == sheet.total
        assert [column for row in hidden.standings for column in row.recused] == [
            hidden.standings[1].totals.index(None)
        ]

    def test_the_columns_are_in_the_order_of_the_numbers_which_reveal_no_name(self) -> None:
        (hidden,) = nameless(award_document()).sections
        numbers = [judge.number for judge in hidden.judges]
        assert numbers == sorted(judge.number for judge in award_document().sections[0].judges)
        assert numbers != [judge.number for judge in award_document().sections[0].judges]


class TestFormulaInjection:
    """docs/security.md, Formulas."""

    @settings(max_examples=25, deadline=None)
    @given(TEXTS)
    def test_no_text_becomes_a_formula_and_every_text_is_read_back(self, text: str) -> None:
        content = award_workbook(saying(text), names=True)
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            pages = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")]
        assert not any(b"<f>" in page or b"<f " in page or b"<hyperlink" in page for page in pages)
        if text:
            assert (
                column(openpyxl.load_workbook(io.BytesIO(content)), SHEETS[0], "Tên tác phẩm") == [printable(text)] * 3
            )


def test_a_row_is_as_high_as_a_title_of_several_lines_whatever_ends_them() -> None:
    for end in ("\n", "\r\n", "\r"):
        page = opened(saying(f"một{end}hai{end}ba"))["Bảng tổng hợp điểm"]
        at = next(row[0].row for row in page.iter_rows() if row[0].value == 1)
        height = page.row_dimensions[at].height
        assert height is not None and height >= 3 * 16


def test_a_contest_without_bodies_still_dates_its_paper() -> None:
    document = award_document()
    page = opened(replace(document, letterhead=replace(document.letterhead, bodies=())))["Bảng trao giải"]
    cells = [str(cell.value) for row in page.iter_rows(max_row=3) for cell in row if cell.value]
    assert "Sơn La, ngày 15 tháng 9 năm 2024" in cells and not any("—" in text for text in cells)
