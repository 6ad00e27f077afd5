"""A contest that the release before wrote (rows of format 1) still verifies, and what is written to it now is held to format 2."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.desk import accounts, awarding, passwords, safekeeping
from core.rules.access import Role
from core.rules.words import Tongue
from core.store import tables as t
from core.store.engine import Store
from core.store.migrate import migrate
from core.store.replay.state import FORMAT
from tests.databases import owning
from tests.store.test_verify import altered

DUMP = Path(__file__).with_name("format_1.sql")  # by the acts of revision 037bf3d, up to the confirmed award table
NOW = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.fixture
def earlier(tmp_path: Path, open_store: Callable[[str], Store]) -> Store:
    """The database as the release before left it, brought forward."""
    with closing(sqlite3.connect(tmp_path / "earlier.db")) as connection:
        connection.executescript(DUMP.read_text("utf-8"))
    store = open_store(f"sqlite:///{tmp_path / 'earlier.db'}")
    migrate(store)
    return store


def said(store: Store) -> list[str]:
    return [finding.said(Tongue()) for finding in safekeeping.verify(store).findings]


def test_it_verifies_and_its_award_table_is_from_before_version_1(earlier: Store) -> None:
    assert said(earlier) == []
    with pytest.raises(ValueError, match="missing required field `version`"):
        awarding.document(earlier, NOW)


def test_the_ledger_says_from_where_its_rows_are_of_this_release(earlier: Store) -> None:
    with earlier.read() as connection:
        last = connection.execute(sa.select(t.ledger).order_by(t.ledger.c.seq.desc()).limit(1)).one()
    assert (last.event, last.payload) == ("ledger.format", f'{{"format":{FORMAT}}}')
    migrate(earlier)
    assert safekeeping.verify(earlier).rows == last.seq  # said once


def test_what_is_written_now_is_held_to_this_release(earlier: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hashed", lambda _: "x")
    accounts.add(earlier, accounts.SYSTEM, "thu.ky.hai", "Quàng Thị Xuân", [Role.SECRETARY], NOW)
    assert said(earlier) == []
    with owning(earlier) as connection:
        altered(connection, "update account set password = 'y' where username = 'thu.ky.hai'")
    assert said(earlier) == ["Tài khoản thu.ky.hai: khác với sổ cái (password)."]


@pytest.mark.parametrize(
    "statement,named",
    [
        (
            "update mark set hundredths = hundredths + 50 where judge_id = 1 and entry_id = 1",
            "Điểm đang tính của giám khảo lan",
        ),
        ("update account set name = 'Khác' where username = 'minh'", "Tài khoản minh: khác với sổ cái (name)"),
        ("update sheet_revision set receipt = '#1 · 0000-0000' where judge_id = 1", "(receipt)"),
        ("update award_table set document = '{}'", "Bảng trao giải đã xác nhận"),
        ("insert into auth_session values ('y', 1, 0, 0, 9, null, '', '')", "Phiên đăng nhập y"),
    ],
)
def test_what_its_rows_hold_is_compared(earlier: Store, statement: str, named: str) -> None:
    with owning(earlier) as connection:
        altered(connection, statement)
    assert any(named in finding for finding in said(earlier))
