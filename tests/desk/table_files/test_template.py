"""The template can be filled in by people and is read back by our own reader."""

import io
import subprocess
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.desk.table_files import workbook_reader
from core.desk.table_files.cell_values import Value
from core.desk.table_files.people_words import GUIDE, LISTS
from core.desk.table_files.preview import Verdict, preview
from core.desk.table_files.template import write_template
from core.desk.table_files.workbook_reader import read_workbook
from core.rules.vietnamese import nfc
from core.rules.words import Locale
from tests.desk.table_files.workbooks import COLUMNS, run_here, said

ROW: dict[str, Value | None] = {
    "title": "=1+1", "kind": "Khác", "author": "Lò Thị Thuỷ", "born": date(1990, 5, 7), "phone": "0912345678",
    "unit": "Huyện số 59, tỉnh Sơn La", "agreed": True,
}  # fmt: skip


def written(*rows: dict[str, Value | None]) -> bytes:
    return write_template(COLUMNS, "Tác phẩm", Locale(), rows)


def test_the_empty_template_is_a_table_without_rows() -> None:
    table = read_workbook(written(), "mau.xlsx", COLUMNS)
    assert (table.sheet, table.rows, table.faults) == ("Tác phẩm", (), ())
    assert list(table.header.values()) == [column.title for column in COLUMNS]


def test_lists_come_from_a_hidden_sheet_whatever_their_length() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written()))
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [
        ("Tác phẩm", "visible"), (GUIDE, "visible"), (LISTS, "hidden"),
    ]  # fmt: skip
    rules = {str(rule.sqref): rule for rule in book["Tác phẩm"].data_validations.dataValidation}
    assert rules["F2:F2001"].formula1 == f"'{LISTS}'!$F$1:$F$59"
    assert rules["B2:B2001"].formula1 == f"'{LISTS}'!$B$1:$B$4"
    assert [cell.value for cell in book[LISTS]["F"][:59]] == list(COLUMNS[5].choices)
    assert rules["D2:D2001"].type == "date"


def test_a_phone_number_typed_into_it_keeps_its_zero() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written()))
    formats = {column: book["Tác phẩm"].column_dimensions[column].number_format for column in "ADE"}
    assert formats == {"A": "@", "D": "dd/mm/yyyy", "E": "@"}
    assert book["Tác phẩm"].freeze_panes == "A2" and "Như in." in book["Tác phẩm"]["A1"].comment.text
    assert [cell.value for cell in book[GUIDE][2]] == ["Tên tác phẩm", "có", "Như in.", "Chợ phiên"]


def test_nothing_in_it_is_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(ROW)))
    assert [cell.coordinate for sheet in book for row in sheet for cell in row if cell.data_type == "f"] == []


def test_libreoffice_opens_it_and_what_it_saves_is_read(tmp_path: Path) -> None:
    (tmp_path / "mau.xlsx").write_bytes(written(ROW))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", tmp_path / "out", tmp_path / "mau.xlsx"], check=True, capture_output=True)
    table = read_workbook((tmp_path / "out" / "mau.xlsx").read_bytes(), "mau.xlsx", COLUMNS)
    assert [dict(row.values) for row in preview(table, COLUMNS).rows] == [ROW] and said(table) == []


words = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x1EF9, categories=("L", "N", "P", "S")), min_size=1, max_size=20
)
rows = st.fixed_dictionaries(
    {
        "title": words,
        "kind": st.sampled_from([None, *COLUMNS[1].choices]),
        "author": words.map(lambda text: f"{text} An"),
        "born": st.none() | st.dates(date(1900, 3, 1), date(2100, 12, 31)),
        "phone": st.none() | st.from_regex(r"\A0[0-9]{9,10}\Z").filter(str.isascii),
        "unit": st.sampled_from([None, *COLUMNS[5].choices]),
        "agreed": st.none() | st.booleans(),
    }
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(rows, max_size=4))
def test_what_was_written_is_read_back_equal(
    monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, Value | None]]
) -> None:
    monkeypatch.setattr(workbook_reader, "run", run_here)
    checked = preview(read_workbook(written(*rows), "mau.xlsx", COLUMNS), COLUMNS)
    assert [row.number for row in checked.rows] == list(range(2, len(rows) + 2))
    for row, wanted in zip(checked.rows, rows, strict=True):
        if row.verdict is Verdict.GOOD:
            assert dict(row.values) == {
                key: nfc(value) if isinstance(value, str) else value for key, value in wanted.items()
            }
