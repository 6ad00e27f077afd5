"""A database that is replaced under an open store, or goes back in time, is detected and refused."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.store.database.connections import DatabaseUnavailable, NotSaved
from core.store.database.lineage import DatabaseReplaced
from core.store.engine import Store, WriteTransaction
from core.store.events.payloads import FilmOpened
from tests.serving.databases import owner_transaction


def recorded(transaction: WriteTransaction) -> int:
    return transaction.record(at=1, actor="system", payload=FilmOpened("T-1")).seq


def file_of(store: Store) -> Path:
    return Path(str(store.url.database))


def set_aside(path: Path) -> None:
    for tail in ("", "-wal", "-shm"):
        lying = Path(f"{path}{tail}")
        if lying.exists():
            lying.rename(f"{path}.away{tail}")


def copied(path: Path, to: Path) -> None:
    with closing(sqlite3.connect(path)) as source:
        source.execute("VACUUM INTO ?", (str(to),))


def test_no_change_is_acknowledged_in_a_file_that_was_renamed(sqlite_store: Store, tmp_path: Path) -> None:
    sqlite_store.change(recorded)
    path = file_of(sqlite_store)
    copied(path, tmp_path / "backup.db")
    set_aside(path)
    shutil.copy(tmp_path / "backup.db", path)
    with pytest.raises(NotSaved) as refused:
        sqlite_store.change(recorded)
    assert isinstance(refused.value.__cause__, DatabaseReplaced)
    with closing(sqlite3.connect(path)) as there:
        assert there.execute("select count(*) from ledger").fetchone() == (1,)


def test_no_change_is_acknowledged_if_the_file_is_moved_during_the_write(sqlite_store: Store) -> None:
    def replaced(transaction: WriteTransaction) -> int:
        set_aside(file_of(sqlite_store))
        return recorded(transaction)

    with pytest.raises(NotSaved):
        sqlite_store.change(replaced)


@pytest.mark.parametrize("there", [True, False], ids=["another file", "no file"])
def test_a_reader_is_refused_too(sqlite_store: Store, tmp_path: Path, there: bool) -> None:
    sqlite_store.change(recorded)
    copied(file_of(sqlite_store), tmp_path / "backup.db")
    set_aside(file_of(sqlite_store))
    if there:
        shutil.copy(tmp_path / "backup.db", file_of(sqlite_store))
    with pytest.raises(DatabaseUnavailable), sqlite_store.read():
        pass


def test_a_file_put_back_is_the_same_file(sqlite_store: Store) -> None:
    path = file_of(sqlite_store)
    set_aside(path)
    with pytest.raises(DatabaseReplaced), sqlite_store.read():
        pass
    for tail in ("", "-wal", "-shm"):
        if Path(f"{path}.away{tail}").exists():
            Path(f"{path}.away{tail}").rename(f"{path}{tail}")
    assert sqlite_store.change(recorded) == 1


def test_a_ledger_that_lost_its_newest_rows_is_refused(store: Store) -> None:
    """An older copy under the same name, or a database server restored to an earlier time."""
    for _ in range(3):
        store.change(recorded)
    guards = {
        "sqlite": ("drop trigger ledger_no_delete",),
        "postgresql": ("alter table ledger disable trigger all",),
    }[store.url.get_backend_name()]
    with owner_transaction(store) as connection:
        for statement in (*guards, "delete from ledger where seq = 3"):
            connection.execute(sa.text(statement))
    with pytest.raises(NotSaved) as refused:
        store.change(recorded)
    assert isinstance(refused.value.__cause__, DatabaseReplaced)


def test_rows_of_other_processes_are_no_replacement(
    database_url: str, store: Store, open_store: Callable[[str], Store]
) -> None:
    other = open_store(database_url)
    assert [each.change(recorded) for each in (store, other, other, store, other)] == [1, 2, 3, 4, 5]


def test_the_newest_time_is_known_from_the_start(
    database_url: str, store: Store, open_store: Callable[[str], Store]
) -> None:
    store.change(lambda transaction: transaction.record(at=5000, actor="system", payload=FilmOpened("T-1")))
    other = open_store(database_url)
    assert (other.latest, other.refresh_latest(), other.latest) == (0, 1, 5000)
    assert other.change(lambda transaction: transaction.not_before(4000)) == 5000
    assert other.change(lambda transaction: transaction.not_before(6000)) == 6000
