"""`import` takes workbooks as well as CSV, names bad cells by their address, and writes a template."""

from pathlib import Path

import pytest

from core import cli
from core.desk.files import work_columns, work_list
from core.desk.table_files.template import write_template
from core.rules.words import Locale
from tests.cli.commands import SON_LA, Commands, core
from tests.desk.table_files.workbooks import of_rows

__all__ = ["core"]
HEAD = ("Mã tác phẩm", "Tên tác phẩm", "Tác giả", "Đơn vị", "Tệp phim")


@pytest.fixture
def table(core: Commands, tmp_path: Path) -> Path:
    core("init", "--contest", SON_LA)
    return tmp_path / "works.xlsx"


def test_each_bad_cell_is_named_and_good_rows_go_on_to_their_film(core: Commands, table: Path, tmp_path: Path) -> None:
    table.write_bytes(of_rows(HEAD, ("t-1", "", "An", "Mai Sơn", "a.mp4"), ("T-2", "Hai", "Bình", "Mai Sơn", "b.mp4")))
    status, out, err = core("import", str(table), "--videos", str(tmp_path), "--dry-run")
    assert status == cli.REFUSED and "Đang soát 1/1: T-2" in out
    assert err.splitlines() == [
        "works.xlsx, Tác phẩm!B2: Cột Tên tác phẩm trống.",
        'works.xlsx, Tác phẩm!A2: Mã "t-1" phải gồm 1–20 chữ in hoa không dấu, chữ số, gạch nối.',
        "works.xlsx, dòng 3: T-2: Không có tệp b.mp4 trong thư mục phim.",
    ]


def test_the_same_table_as_csv_in_tcvn3_gives_a_warning_for_the_whole_file(core: Commands, tmp_path: Path) -> None:
    core("init", "--contest", SON_LA)
    (tmp_path / "works.csv").write_bytes(
        "code;title;author;unit;video\nT-1;Sè ho¸ b¶n lµng;Lß ThÞ Thuû;X· A;a.mp4".encode("latin-1")
    )
    status, _, err = core("import", str(tmp_path / "works.csv"), "--videos", str(tmp_path), "--dry-run")
    assert status == cli.REFUSED
    assert err.splitlines() == [
        "works.csv: Tệp dùng bảng mã TCVN3 (.VnTime), đã đổi sang Unicode; hãy xem lại chữ có dấu, nhất là chữ hoa.",
        "works.csv, dòng 2: T-1: Không có tệp a.mp4 trong thư mục phim.",
    ]


def test_a_file_that_is_no_table_is_refused_with_one_line(core: Commands, table: Path, tmp_path: Path) -> None:
    table.write_bytes(b"PK\x03\x04 not a zip")
    status, out, err = core("import", str(table), "--videos", str(tmp_path))
    assert (status, out) == (cli.REFUSED, "")
    assert err == "works.xlsx bị hỏng, không mở được như một bảng tính .xlsx.\n"


def test_the_template_is_written_once_and_read_back(core: Commands, tmp_path: Path) -> None:
    path = tmp_path / "mau.xlsx"
    status, out, _ = core("import", "--template", str(path))
    assert (status, out) == (cli.DONE, f"Đã ghi bảng mẫu {path}.\n")
    assert work_list.read_works_file(path.read_bytes(), "mau.xlsx") == ([], [])
    status, _, err = core("import", "--template", str(path))
    assert status == cli.REFUSED and err.startswith(f"Không đọc hoặc không ghi được {path}")
    row = {"code": "T-1", "title": "Một", "author": "An", "unit": "X", "video": "a.mp4"}
    works, problems = work_list.read_works_file(
        write_template(work_columns.COLUMNS, work_columns.SHEET, Locale(), [row]), "mau.xlsx"
    )
    assert [(work.line, work.code, work.video) for work in works] == [(2, "T-1", "a.mp4")] and problems == []


@pytest.mark.parametrize("words", [(), ("a.csv",), ("--videos", "."), ("a.csv", "--template", "b.xlsx")])
def test_missing_arguments_are_wrong_usage(core: Commands, words: tuple[str, ...]) -> None:
    status, out, err = core("import", *words)
    assert (status, out) == (cli.USAGE, "")
    assert err == "Cần có BẢNG và --videos THƯ_MỤC, hoặc chỉ --template TỆP.xlsx.\n"
