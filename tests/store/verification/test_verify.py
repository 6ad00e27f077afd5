"""A changed, missing or added row anywhere is found and reported."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.desk.accounts import accounts
from core.desk.judging import judge_sheets, recusals
from core.desk.judging.judge_sheets import Change
from core.desk.maintenance import operations
from core.rules.words import Locale
from core.store.engine import Store
from core.store.ledger import Heads
from tests.desk.contest_with_panel import CHIEF, CODES, LAN, MINH, NOW, assigned_panel
from tests.serving.databases import owner_transaction


@pytest.fixture
def desk(store: Store) -> Store:
    """A contest with drafts, a sheet sealed, returned and sealed again, and a recusal after sealing."""
    assigned_panel(store)
    whole = Change({"ND": "38,5", "ST": "17"}, {"ND": "Rõ.", "": "Đáng xem."})
    judge_sheets.save(store, LAN, CODES[0], Change({"ND": "20"}), 0, NOW)
    judge_sheets.save(store, LAN, CODES[0], whole, 1, NOW)
    judge_sheets.submit(store, LAN, CODES[0], 2, "k" * 16, NOW)
    judge_sheets.return_sheet(store, CHIEF, "lan", CODES[0], "Xem lại.", NOW + timedelta(minutes=1))
    judge_sheets.save(store, LAN, CODES[0], Change({"ST": "16"}, {"ND": ""}), 4, NOW + timedelta(minutes=2))
    judge_sheets.submit(store, LAN, CODES[0], 5, "l" * 16, NOW + timedelta(minutes=3))
    for who, key in ((MINH, "m"), (CHIEF, "n")):
        judge_sheets.save(store, who, CODES[0], whole, 0, NOW)
        judge_sheets.submit(store, who, CODES[0], 1, key * 16, NOW)
    judge_sheets.save(store, MINH, CODES[1], Change({"ND": "1"}), 0, NOW)
    judge_sheets.save(store, MINH, CODES[1], Change({"ND": ""}), 1, NOW)
    recusals.declare_for(store, CHIEF, "minh", CODES[0], "Cùng đơn vị.", NOW)
    return store


def findings(store: Store) -> list[str]:
    return [finding.localize(Locale()) for finding in operations.verify(store).findings]


def sabotage(store: Store, *statements: str) -> None:
    """Change the database with the owner's rights, with the guards disabled."""
    with owner_transaction(store) as connection:
        altered(connection, *statements)


def unnamed(store: Store, cases: Iterable[tuple[str, str]]) -> list[tuple[str, str, list[str]]]:
    """Run each statement alone and roll it back. Returns (statement, expected text, findings) for each wrong result."""
    missed = []
    for statement, text in cases:
        with suppress(Undone), owner_transaction(store) as connection:
            altered(connection, statement)
            found = [finding.localize(Locale()) for finding in operations._verdict(connection).findings]
            if not any(text in finding for finding in found) or any("chốt bảo vệ" in finding for finding in found):
                missed.append((statement, text, found))
            raise Undone
    return missed


class Undone(Exception):
    """Raised to roll back what was changed."""


def altered(connection: sa.Connection, *statements: str | sa.Executable | Callable[[], None]) -> None:
    """Disable the guards, run the statements or functions, enable the guards again."""
    aside = _sqlite_guards_aside if connection.dialect.name == "sqlite" else _postgresql_guards_aside
    with aside(connection):
        for statement in statements:
            if isinstance(statement, str):
                connection.exec_driver_sql(statement)
            elif isinstance(statement, sa.Executable):
                connection.execute(statement)
            else:
                statement()


@contextmanager
def _sqlite_guards_aside(connection: sa.Connection) -> Iterator[None]:
    guards = connection.exec_driver_sql("select name, sql from sqlite_master where type = 'trigger'").all()
    for name, _ in guards:
        connection.exec_driver_sql(f"drop trigger {name}")
    connection.exec_driver_sql("pragma defer_foreign_keys = on")
    yield
    for _, sql in guards:
        connection.exec_driver_sql(sql)


@contextmanager
def _postgresql_guards_aside(connection: sa.Connection) -> Iterator[None]:
    tables = ("ledger", "sheet_revision", "award_table", "disclosure", "checkpoint")
    for table in tables:
        connection.exec_driver_sql(f"alter table {table} disable trigger all")
    yield
    for table in tables:
        connection.exec_driver_sql(f"alter table {table} enable trigger all")
        names = sa.text("select tgname from pg_trigger where tgrelid = to_regclass(:t) and not tgisinternal")
        for name in connection.execute(names, {"t": table}).scalars():
            connection.exec_driver_sql(f"alter table {table} enable always trigger {name}")


def test_what_the_desk_wrote_verifies(desk: Store) -> None:
    verdict = operations.verify(desk)
    assert (verdict.findings, verdict.rows) == ((), 31)


def test_an_empty_database_verifies(store: Store) -> None:
    verdict = operations.verify(store)
    assert (verdict.findings, verdict.rows, verdict.heads) == ((), 0, Heads())


ALTERED = (
    ("update ledger set payload = replace(payload, '3850', '3950') where id = 21", "dòng 9: nội dung khác"),
    ("update ledger set actor = 'minh' where id = 21", "dòng 9: nội dung khác"),
    ("update ledger set at = at + 1 where id = 21", "dòng 9: nội dung khác"),
    ("update ledger set event = 'sheet.drafted' where id = 21", "dòng 9: nội dung khác"),
    ("update ledger set payload = 'x' where id = 21", "dòng 9: nội dung không đọc được"),
    ("delete from ledger where id = 22", "đứng ngay sau dòng"),
    ("update mark set hundredths = 3900 where criterion = 0", "Điểm đang tính của giám khảo lan"),
    ("delete from mark where judge_id = 3", "Điểm đang tính của giám khảo truong, tác phẩm T-101"),
    ("insert into mark values (1, 0, 2, 3850)", "Điểm đang tính của giám khảo minh"),
    ("insert into mark values (1, 0, 2, 3850)", "đã khai báo xung đột"),
    ("insert into mark values (2, 0, 2, 100)", "chưa nộp"),
    ('update sheet set marks = \'{"ND":4000,"ST":1600}\' where judge_id = 1', "Phiếu của giám khảo lan"),
    ("update sheet set revision = 1 where judge_id = 1", "Phiếu của giám khảo lan"),
    ("update sheet set state = 'draft' where judge_id = 1", "Phiếu của giám khảo lan"),
    ("update sheet set version = 77 where judge_id = 1", "Phiếu của giám khảo lan"),
    ("delete from sheet where judge_id = 2 and entry_id = 2", "Phiếu của giám khảo minh, tác phẩm T-202"),
    (
        "update sheet_revision set marks = '{}' where judge_id = 1 and number = 1",
        "Phiếu đã nộp lần 1 của giám khảo lan",
    ),
    (
        "update sheet_revision set remarks = '{}' where judge_id = 1 and number = 1",
        "Phiếu đã nộp lần 1 của giám khảo lan",
    ),
    ("update disclosure set salt = '' where text = 'Xem lại.'", "khác với mã trong sổ cái"),
    ("update disclosure set text = 'Khác' where text = 'Xem lại.'", "khác với mã trong sổ cái"),
    ("delete from disclosure where text = 'Xem lại.'", "sổ cái có ghi mà cơ sở dữ liệu không còn"),
    ("insert into disclosure values ('00', '00', 'x')", "khác với mã trong sổ cái"),
    ("update account set name = 'Khác' where username = 'lan'", "Tài khoản lan: khác với sổ cái (name)"),
    ("update account set number = 77 where username = 'lan'", "mà sổ cái không ghi"),
    ("delete from sheet_revision where judge_id = 1 and number = 2", "không có bản niêm phong"),
    ("update sheet_revision set ledger_seq = 1 where judge_id = 1 and number = 2", "không có dòng sổ cái"),
    ("delete from recusal", "Khai báo xung đột lợi ích của giám khảo minh"),
    ("update contest set frozen_at = null", "Cuộc thi: khác với sổ cái (frozen_at)"),
    ("update contest set awards_confirmed_at = 1", "không có bảng trao giải"),
    ("update sheet set remarks = '{}' where judge_id = 3", "Nhận xét của phiếu đã nộp khác"),
    ("insert into award_table values (1, '{}', '', 999, 1, 0)", "Bảng trao giải đã xác nhận không có dòng sổ cái"),
)


def test_every_change_is_reported(desk: Store) -> None:
    assert unnamed(desk, ALTERED) == []
    assert findings(desk) == []  # each was rolled back
    assert unnamed(desk, [("select 1", "dòng")]) == [
        ("select 1", "dòng", [])
    ]  # a statement without effect gives no finding


def test_a_rewritten_tail_verifies_as_a_chain_but_differs_from_the_tables(desk: Store) -> None:
    """A tail that is cut and replaced, with a valid chain, still differs from the tables (and from every receipt)."""
    sabotage(desk, "delete from ledger where id > 28")
    found = findings(desk)
    assert not any("dòng 13:" in finding for finding in found)
    assert any("mà sổ cái không ghi" in finding or "khác với sổ cái" in finding for finding in found)


def test_a_cut_tail_is_found_with_a_noted_hash(desk: Store) -> None:
    """Removing the last row leaves no gap: only a hash noted elsewhere shows that it existed."""
    noted = operations.verify(desk).heads.result.hash.hex()
    receipt = judge_sheets.submit(desk, LAN, CODES[0], 5, "l" * 16, NOW).text  # as it was given before
    judge_sheets.save(desk, LAN, CODES[2], Change({"ND": "1"}), 0, NOW)
    assert operations.verify(desk, receipt).good
    assert operations.verify(desk, noted[:16].upper()).good  # later rows do not matter
    sabotage(desk, "delete from sheet where entry_id = 3", "delete from recusal", "delete from ledger where id >= 31")
    says = [finding.localize(Locale()) for finding in operations.verify(desk, noted).findings]
    assert f"Sổ cái không có dòng mang mã {noted}: đã bị cắt hoặc viết lại." in says


def test_a_live_session_of_a_closed_account_is_found(desk: Store) -> None:
    accounts.deactivate(desk, accounts.SYSTEM, "lan", NOW)
    sabotage(desk, "insert into auth_session values ('x', 1, 0, 0, 9, null, '', '')")
    assert findings(desk) == [
        "Phiên đăng nhập x: có trong cơ sở dữ liệu mà sổ cái không ghi.",
        "Tài khoản đã khóa còn phiên đăng nhập (lan).",
    ]


def test_a_row_with_a_broken_foreign_key_is_found_on_sqlite(sqlite_store: Store) -> None:
    import sqlite3

    assigned_panel(sqlite_store)
    with sqlite3.connect(str(sqlite_store.url.database)) as stranger:  # foreign keys off, as by default
        stranger.execute("insert into assignment values (99, 1)")
    stranger.close()
    assert any("assignment" in finding for finding in findings(sqlite_store))


def test_verifying_reads_one_snapshot(desk: Store) -> None:
    """A change made during the check does not look like damage."""
    with desk.read() as connection:
        connection.execute(sa.text("select 1 from ledger")).all()
        judge_sheets.save(desk, LAN, CODES[2], Change({"ND": "1"}), 0, NOW)
        assert operations._verdict(connection).rows == 31
