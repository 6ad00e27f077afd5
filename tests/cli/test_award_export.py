"""`award` and `export`: the award table on the command line."""

import resource
from pathlib import Path

import openpyxl
import pytest

from core import cli
from core.desk import context
from core.desk.awards import award_files
from core.desk.interactions import freeze
from core.desk.maintenance import operations
from core.store.engine import Store
from tests.desk.judged_contest import BEFORE_CUT_OFF, CHANNEL, COMMITTEE, MARKS, MEETING, TIED, judged
from tests.fixtures.readings import confirmed_reading


@pytest.fixture
def desk(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(context, "store", lambda: sqlite_store)
    return sqlite_store


def meeting(store: Store, marks: dict[str, tuple[int, ...]]) -> None:
    judged(store, marks)
    confirmed_reading(
        store,
        CHANNEL,
        "T-405",
        dict.fromkeys(("reactions", "comments", "shares", "views"), "9"),
        BEFORE_CUT_OFF,
        MEETING,
    )
    freeze(store, CHANNEL, MEETING)


def test_award_prints_the_winners_and_the_total(desk: Store, capsys: pytest.CaptureFixture[str]) -> None:
    meeting(desk, dict(MARKS))
    assert cli.main(["award"]) == cli.DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Dự thảo bảng trao giải."
    assert lines[1].split("\t")[:5] == ["Giải Nhất", "T-401", "Tác phẩm T-401", "91,00", "5.000.000 đồng"]
    assert lines[-1] == "Tổng cộng\t23.000.000 đồng" and len(lines) == 1 + 12 + 1


def test_award_exits_with_1_while_a_prize_is_undecided(desk: Store, capsys: pytest.CaptureFixture[str]) -> None:
    meeting(desk, dict(TIED))
    assert cli.main(["award"]) == cli.REFUSED
    captured = capsys.readouterr()
    assert captured.err.strip() == "Còn 4 giải chưa quyết định." and "T-404, T-405, T-406, T-407" in captured.out


def test_export_writes_both_files_and_prints_their_paths(
    desk: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meeting(desk, dict(MARKS))
    out = tmp_path / "made" / "here"
    assert cli.main(["export", "--out", str(out)]) == cli.DONE
    names = ["bang-trao-giai-son-la-2024-du-thao.csv", "bang-trao-giai-son-la-2024-du-thao.xlsx"]
    names.append("so-ket-qua-son-la-2024.jsonl")
    assert sorted(path.name for path in out.iterdir()) == names
    assert sorted(capsys.readouterr().out.split()) == [str(out / name) for name in names]
    book = openpyxl.load_workbook(out / names[1])
    assert "Nguyễn Thị Hòa" in {cell.value for row in book["Phiếu chấm"].iter_rows() for cell in row}


def test_export_can_leave_the_judges_names_out(desk: Store, tmp_path: Path) -> None:
    meeting(desk, dict(MARKS))
    assert cli.main(["export", "--out", str(tmp_path), "--without-names"]) == cli.DONE
    book = openpyxl.load_workbook(next(tmp_path.glob("*.xlsx")))
    cells = {cell.value for page in book for row in page.iter_rows() for cell in row}
    assert "GK11" in cells and "Nguyễn Thị Hòa" not in cells


def test_a_folder_that_takes_no_files_is_one_line(
    desk: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meeting(desk, dict(MARKS))
    (tmp_path / "file").write_text("")
    assert cli.main(["export", "--out", str(tmp_path / "file" / "in")]) == cli.REFUSED
    assert capsys.readouterr().err.count("\n") == 1


def test_a_disk_that_fills_up_leaves_no_half_table(
    desk: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meeting(desk, dict(MARKS))
    (tmp_path / "out").mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))  # the largest file size: a longer write fails
    try:
        assert cli.main(["export", "--out", str(tmp_path / "out")]) == cli.REFUSED
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert capsys.readouterr().err == "Không đọc hoặc không ghi được tệp: File too large.\n"
    assert list((tmp_path / "out").iterdir()) == []


def test_an_unknown_format_is_refused_and_not_recorded(desk: Store) -> None:
    meeting(desk, dict(MARKS))
    rows = operations.verify(desk).rows
    for form in ("pdf", "XLSX", "", "csv "):
        with pytest.raises(award_files.UnknownFormat, match="các dạng: xlsx, csv"):
            award_files.export(desk, COMMITTEE, form, MEETING)
    assert operations.verify(desk).rows == rows
    assert [
        award_files.export(desk, COMMITTEE, each.key, MEETING).name[-4:] for each in award_files.AWARD_TABLE.formats
    ] == [
        "xlsx",
        ".csv",
    ]
