"""A contest is opened in an empty database; works are imported from a table and a folder, each problem
with its line.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.desk.files.work_list import read_works
from core.desk.setup import contest_setup
from core.desk.setup.contest_setup import AlreadyOpened, NoCalendar
from core.desk.text_input.csv_lines import NoHeader, Problem
from core.desk.text_input.text_files import NoSuchFile, NotUtf8, text_of
from core.rules.words import Locale
from core.settings import ROOT, sqlite_url
from core.store.engine import Store, connect
from core.store.migrate import migrate

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TOML = (ROOT / "data" / "contests" / "son-la-2024.toml").read_text(encoding="utf-8")
SHORT = TOML.replace("seconds = [240, 300]", "seconds = [5, 20]")


@pytest.fixture
def empty(tmp_path: Path) -> Store:
    store = connect(sqlite_url(tmp_path / "desk.db"))
    migrate(store)
    return store


def line_texts(problems: Sequence[Problem]) -> list[tuple[int, str]]:
    return [(problem.line, problem.what.localize(Locale())) for problem in problems]


def test_one_database_holds_one_contest(empty: Store) -> None:
    contest_setup.open_contest(empty, TOML, "son-la-2024.toml", NOW)
    with pytest.raises(AlreadyOpened):
        contest_setup.open_contest(empty, TOML, "son-la-2024.toml", NOW)
    empty.close()


def test_a_contest_without_a_calendar_is_not_opened(empty: Store) -> None:
    phases = TOML[TOML.index("[phases]") : TOML.index("[entries]")]
    with pytest.raises(NoCalendar, match=r"thu\.toml: chưa có lịch"):
        contest_setup.open_contest(empty, TOML.replace(phases, ""), "thu.toml", NOW)
    empty.close()


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    with pytest.raises(NoSuchFile, match=r"a\.toml"):
        text_of(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(NotUtf8, match=r"a\.toml không phải là văn bản UTF-8"):
        text_of(path)


def test_a_table_is_read_with_every_problem_at_its_line() -> None:
    """
    code;title;author;unit;video
    T-1;Một cửa;Nhóm A;Mai Sơn;a.mp4
    t-2;Chữ thường;Nhóm B;Mai Sơn;b.mp4
    T-1;Trùng mã;Nhóm C;Mai Sơn;c.mp4
    T-4;;Nhóm D;Mai Sơn;../d.mp4
    T-5;Thiếu ô
    T-6;Chợ phiên; không tiền mặt;Nhóm E;Mai Sơn;e.mp4
    T-7;"Chợ phiên" không tiền mặt;Nhóm F;Mai Sơn;f.mp4
    T-8;"Chợ phiên;Nhóm G;Mai Sơn;g.mp4
    T-9;"Chợ phiên; không ""tiền mặt"" nữa";Nhóm H;Mai Sơn;h.mp4
    """
    text = "\n".join(
        line.strip() for line in str(test_a_table_is_read_with_every_problem_at_its_line.__doc__).strip().splitlines()
    )
    works, problems = read_works(text, "works.csv")
    assert [(work.line, work.code) for work in works] == [(2, "T-1"), (10, "T-9")]
    assert works[-1].title == 'Chợ phiên; không "tiền mặt" nữa'
    assert line_texts(problems) == [
        (3, 'Mã "t-2" phải gồm 1–20 chữ in hoa không dấu, chữ số, gạch nối.'),
        (4, "Mã T-1 đã có ở dòng trên."),
        (5, "Cột title trống."),
        (5, "Cột video phải là tên tệp, không kèm thư mục."),
        (6, "Dòng có 2 ô, cần 5 ô; ô nào có dấu “;” thì đặt trong ngoặc kép."),
        (7, "Dòng có 6 ô, cần 5 ô; ô nào có dấu “;” thì đặt trong ngoặc kép."),
        (8, "Dấu ngoặc kép trong dòng đặt sai hoặc chưa khép lại."),
        (9, "Dấu ngoặc kép trong dòng đặt sai hoặc chưa khép lại."),
    ]


@pytest.mark.parametrize(
    "header", ["code,title", 'code,"title"x,author,unit,video', "code,code,title,author,unit,video", ""]
)
def test_a_table_without_its_columns_is_refused_naming_them(header: str) -> None:
    with pytest.raises(
        NoHeader, match=r"works\.csv: dòng 1 phải là tên cột Mã tác phẩm, Tên tác phẩm, Tác giả, Đơn vị, Tệp phim\."
    ):
        read_works(header + "\nT-1,Một,A,X,a.mp4\n", "works.csv")


def test_titles_are_kept_in_nfc() -> None:
    decomposed = "Chuye\u0302\u0309n đo\u0302\u0309i"
    works, _ = read_works(f"code,title,author,unit,video\nT-1,{decomposed},A,B,a.mp4\n", "works.csv")
    assert works[0].title == "Chuyển đổi"
