"""`python -m core erase` deletes a person's names and texts after a second confirmation."""

import pytest

from core import cli
from core.desk import context
from core.desk.accounts import accounts
from core.desk.entries.submissions import author_withdraw
from core.desk.maintenance import operations
from core.store.engine import Store
from tests.desk.contest_with_panel import CODES, NOW, assigned_panel
from tests.desk.entries.entered import OPEN, enter, secret

SAYS = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def desk(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    assigned_panel(sqlite_store)
    monkeypatch.setattr(context, "store", lambda: sqlite_store)
    return sqlite_store


def test_without_yes_it_lists_what_would_be_lost_and_changes_nothing(desk: Store, capsys: SAYS) -> None:
    rows = operations.verify(desk).rows
    assert cli.main(["erase", "entry", CODES[0]]) == cli.REFUSED
    assert "hãy thêm --yes để xóa" in capsys.readouterr().err
    assert operations.verify(desk).rows == rows


def test_a_works_texts_are_erased(desk: Store, capsys: SAYS) -> None:
    assert cli.main(["erase", "entry", CODES[0], "--yes"]) == cli.DONE
    assert capsys.readouterr().out == f"Đã xóa 3 nội dung của {CODES[0]}.\n"
    assert operations.verify(desk).good


def test_a_closed_accounts_names_are_erased(desk: Store, capsys: SAYS) -> None:
    accounts.deactivate(desk, accounts.SYSTEM, "thuky", NOW)
    assert cli.main(["erase", "account", "thuky", "--yes"]) == cli.DONE
    assert capsys.readouterr().out == "Đã xóa 2 nội dung của thuky.\n"
    assert operations.verify(desk).good


def test_a_withdrawn_submissions_texts_are_erased(desk: Store, capsys: SAYS) -> None:
    enter(desk)
    assert cli.main(["erase", "submission", "TP-001", "--yes"]) == cli.REFUSED
    assert capsys.readouterr().err == "Hãy rút đơn dự thi TP-001 trước khi xóa dữ liệu cá nhân.\n"
    author_withdraw(desk, secret("thuy"), 1, OPEN)
    assert cli.main(["erase", "submission", "TP-001", "--yes"]) == cli.DONE
    assert capsys.readouterr().out == "Đã xóa 1 nội dung của TP-001.\n"
    assert operations.verify(desk).good


@pytest.mark.parametrize(
    "words", [["submission", "TP-9"], ["entry", "T-999"], ["account", "khong.ai"], ["account", "lan"]]
)
def test_an_unknown_work_or_account_and_an_active_account_are_refused_in_one_line(
    words: list[str], capsys: SAYS
) -> None:
    assert cli.main(["erase", *words, "--yes"]) == cli.REFUSED
    assert capsys.readouterr().err.count("\n") == 1
