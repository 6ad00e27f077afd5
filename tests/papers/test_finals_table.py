"""The workbook of finalists: texts stay texts."""

from datetime import UTC, datetime
from io import BytesIO

import openpyxl

from core.papers.finals_table import HEADS, FinalsRow, finals_workbook


def test_a_text_that_looks_like_a_formula_or_a_link_stays_a_text() -> None:
    at = datetime(2024, 8, 9, 17, 30, tzinfo=UTC)
    bad = FinalsRow(
        "T-417", '=HYPERLINK("https://x.vn")', "@SUM(1)", "https://www.facebook.com/x", at, competes=True, late=True
    )
    sheet = openpyxl.load_workbook(BytesIO(finals_workbook("=1+1", [bad]))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[3]] == list(HEADS)
    row = list(sheet[4])
    assert [cell.data_type for cell in row] == ["n", "s", "s", "s", "s", "d", "s"]
    assert not any(cell.hyperlink for cell in row) and sheet["A1"].data_type == "s"
    assert row[5].value == datetime(2024, 8, 10, 0, 30)  # noqa: DTZ001  # a cell has no time zone
