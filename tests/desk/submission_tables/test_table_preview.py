"""The preview of a table of submissions: every row with its outcome, every fault at its cell, and nothing written."""

import io
from collections.abc import Mapping
from datetime import date

import openpyxl
import pytest
import sqlalchemy as sa

from core.desk.accounts import accounts
from core.desk.entries.submissions import Read, office_correct, office_move
from core.desk.submission_tables import table_preview
from core.desk.submission_tables.submission_columns import template
from core.desk.submission_tables.table_preview import TooManyRows, preview
from core.desk.table_files.cell_values import Value
from core.desk.table_files.people_words import GUIDE
from core.desk.table_files.table import NotATable
from core.rules.access import NotAllowed, Role
from core.rules.entries.form import Author
from core.rules.entries.states import Move
from core.rules.entries.table_rows import RowOutcome
from core.rules.words import Locale
from core.store import tables as t
from core.store.engine import Store
from tests.desk.contest_with_panel import CHIEF, assigned_panel
from tests.desk.entries.entered import LATE, OFFICE, OPEN, enter
from tests.desk.submission_tables.filled import ROW, SECOND, said, shown, table, taken

ENTRIES = '\n[entries]\nforms = ["Tiểu phẩm", "Hoạt cảnh"]\ncategories = ["Nhân dân", "Học sinh, sinh viên"]\n'


@pytest.fixture
def desk(store: Store) -> Store:
    """A contest inside its window, with a secretary."""
    assigned_panel(store, judging=ENTRIES)
    return store


def outcomes(desk: Store, *rows: Mapping[str, Value | None]) -> list[str]:
    return [row.outcome.value for row in shown(desk, table(*rows)).rows]


def test_the_template_offers_choices_and_says_how_it_is_filled_in(desk: Store) -> None:
    enter(desk)
    book = openpyxl.load_workbook(io.BytesIO(template(desk, OFFICE, Locale())))
    assert book.sheetnames[1] == GUIDE
    told = " ".join(str(cell.value) for row in book[GUIDE].iter_rows() for cell in row if cell.value)
    assert "Mỗi tác phẩm một dòng" in told and "Tác giả 6" in told
    offered = {cell.value for row in book["Danh mục"].iter_rows() for cell in row}
    assert {"Hoạt cảnh", "Nhân dân", "Sinh sống", "Có", "Xã Chiềng Xôm"} <= offered
    with pytest.raises(NotAllowed):
        template(desk, CHIEF, Locale())


def test_a_preview_writes_nothing(desk: Store) -> None:
    assert outcomes(desk, {}, SECOND) == ["new", "new"]
    with desk.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.submission)) == 0
    with pytest.raises(NotAllowed):
        preview(desk, CHIEF, table({}), "don.xlsx", OPEN)


def test_a_row_finds_its_submission_by_title_and_author_or_by_code(desk: Store) -> None:
    code = enter(desk).code
    again = {"summary": "Bán mận qua mạng"}
    assert outcomes(desk, again, SECOND) == ["same", "new"]
    assert outcomes(desk, {**again, "title": "CHỢ  PHIÊN SỐ"}) == ["differs"]
    assert outcomes(desk, {**again, **SECOND, "code": code}) == ["differs"]
    [row] = shown(desk, table({**again, "unit": "Xã Mường La", "code": code})).rows
    [change] = row.changes
    assert (row.code, row.version, change.before, change.after) == (code, 1, "Xã Chiềng Xôm", "Xã Mường La")


def test_every_fault_is_named_by_sheet_row_and_column(desk: Store) -> None:
    bad = {"form": "Kịch câm", "birth.1": None, "phone.1": "12", "signed": None, "birth.3": date(2000, 1, 1)}
    [(number, outcome, faults, _)] = said(shown(desk, table(bad)))
    assert (number, outcome) == (2, "faulty")
    assert [each.partition(":")[0] for each in sorted(faults)] == [
        "Đơn dự thi!C2", "Đơn dự thi!G2", "Đơn dự thi!I2", "Đơn dự thi!J2", "Đơn dự thi!Q2", "Đơn dự thi!U2"
    ]  # fmt: skip
    assert any("không có trong danh mục: Tiểu phẩm, Hoạt cảnh" in each for each in faults)


def test_a_group_has_its_members_in_further_columns(desk: Store) -> None:
    group = {
        "group": "Nhóm Pha Đin",
        "name.2": "Lò Văn Ín",
        "birth.2": None,
        "name.4": "Cà Thị Hặc",
        "phone.4": "0912000111",
    }
    [row] = shown(desk, table(group)).rows
    assert row.form is not None and row.outcome is RowOutcome.NEW
    assert row.form.authors[1:] == (Author("Lò Văn Ín"), Author("Cà Thị Hặc", "", "0912000111"))


def test_a_work_stands_in_one_row_only(desk: Store) -> None:
    found = said(shown(desk, table({}, {"title": "chợ phiên số"}, {"code": "TP-007"})))
    assert [each[1] for each in found] == ["new", "faulty", "faulty"]
    assert "Cùng một đơn với dòng 2." in found[1][2][0] and "TP-007" in found[2][2][0]


def test_the_fourth_work_of_an_author_is_faulty_and_counts_the_rows_above(desk: Store) -> None:
    enter(desk, "một", title="Một")
    found = said(shown(desk, table(*({"title": title} for title in ("Hai", "Ba", "Bốn")))))
    assert [each[1] for each in found] == ["new", "new", "faulty"]
    assert "TP-001" in found[2][2][0] and "III.3" in found[2][2][0]


def test_an_author_who_is_an_official_is_told_as_after_the_single_form(desk: Store) -> None:
    accounts.add(desk, accounts.SYSTEM, "can", "Quàng Văn Cẩn", frozenset({Role.JUDGE}), OPEN)
    data = table({"name.1": "Quang Van Can"}, SECOND)
    first, second = shown(desk, data).rows
    [told] = [text for each in first.notices if "III.1" in (text := each.localize(Locale()))]
    assert first.outcome is RowOutcome.NEW and told.startswith("Tác giả Quang Van Can: Họ tên giống nhau")
    assert second.notices == ()


def test_a_withdrawn_submission_is_not_corrected(desk: Store) -> None:
    code = enter(desk, summary="").code
    office_move(desk, OFFICE, Read(code, 1), Move.WITHDRAW, "Tác giả báo", OPEN)
    assert outcomes(desk, {}, {**SECOND, "code": code}) == ["same", "faulty"]
    [row, _] = shown(desk, table({}, SECOND)).rows
    assert "Thôi dự thi" in row.notices[0].localize(Locale())


def test_a_column_that_is_missing_keeps_what_is_stored(desk: Store) -> None:
    enter(desk)
    csv = "Tên tác phẩm,Tác giả,Đơn vị\nChợ phiên số,Lò Thị Thuỷ,Xã Mường La\n".encode()
    [row] = preview(desk, OFFICE, csv, "don.csv", OPEN).rows
    assert [(each.before, each.after) for each in row.changes] == [("Xã Chiềng Xôm", "Xã Mường La")]


def test_whatever_changes_the_decision_changes_what_was_seen(desk: Store) -> None:
    data = table({}, SECOND)
    before = shown(desk, data)
    assert shown(desk, data).seen == before.seen
    code = enter(desk).code
    entered = shown(desk, data)
    office_correct(desk, OFFICE, Read(code, 1), entered.rows[0].form or ROW, "Sửa", OPEN)  # type: ignore[arg-type]
    assert len({before.seen, entered.seen, shown(desk, data).seen, shown(desk, data, LATE).seen}) == 4
    assert shown(desk, table({}, {**SECOND, "unit": "Khác"})).seen != shown(desk, data).seen


def test_formulas_and_markup_are_text(desk: Store) -> None:
    text = '=HYPERLINK("http://x")<script>alert(1)</script>'
    [row] = shown(desk, table({"unit": text})).rows
    assert row.form is not None and row.form.unit == text


def test_an_endless_table_and_a_text_with_another_name_are_refused(
    desk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_preview, "MOST_ROWS", 1)
    with pytest.raises(TooManyRows):
        shown(desk, table({}, SECOND))
    with pytest.raises(NotATable):
        shown(desk, b"PK\x03\x04 no archive")


def test_many_rows_find_their_many_submissions(desk: Store) -> None:
    many = table(*({"title": f"Tác phẩm {n}", "name.1": f"Lò Văn Số {n}", "phone.1": f"09{n:08}"} for n in range(40)))
    assert len(taken(desk, many).rows) == 40
    assert shown(desk, many).count(RowOutcome.SAME) == 40
