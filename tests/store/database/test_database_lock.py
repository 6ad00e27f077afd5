"""No database is replaced while a server or a command has it open (DECISIONS 53)."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from core.settings import sqlite_url
from core.store.backup import DatabaseNotEmpty, database_copy, restore
from core.store.database import database_lock
from core.store.database.database_lock import BeingRestored, DatabaseInUse
from core.store.engine import Store, connect
from tests.serving.databases import APPLICATION, Cluster
from tests.serving.servers import KILLED_WITH_PARENT, ROOT

_OPENS = "import sys; from core.store.engine import connect; store = connect(sys.argv[1]); print('open', flush=True); input()"


@contextmanager
def another_process(url: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that has the database open, as a server or a command has."""
    command = [*KILLED_WITH_PARENT, sys.executable, "-c", _OPENS, url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "open\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def copy(sqlite_store: Store, tmp_path: Path) -> Path:
    """A backup of the database."""
    with database_copy(sqlite_store, tmp_path / "copy", lambda _connection: None):
        pass
    return tmp_path / "copy"


def moved_away(database: Path) -> None:
    """Move the database and the files with its name away, as an operator makes room for a restore."""
    for path in database.parent.glob(f"{database.name}*"):
        path.rename(path.with_name(f"away-{path.name}"))


@pytest.fixture
def place(tmp_path: Path, sqlite_template: Path) -> Path:
    """A good database in a folder of its own."""
    (tmp_path / "var").mkdir()
    path = tmp_path / "var" / "desk.db"
    path.write_bytes(sqlite_template.read_bytes())
    return path


def test_a_restore_is_refused_while_a_process_has_it_open(copy: Path, place: Path) -> None:
    with another_process(sqlite_url(place)):
        moved_away(place)
        with pytest.raises(DatabaseInUse, match="hãy dừng hết rồi mới khôi phục"):
            restore(copy, sqlite_url(place))
        assert not place.exists()
    restore(copy, sqlite_url(place)).close()
    assert place.exists()


def test_a_restore_is_refused_while_a_process_has_it_open_by_another_name(
    copy: Path, place: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to("var")
    with another_process(sqlite_url(tmp_path / "link" / "desk.db")):
        moved_away(place)
        with pytest.raises(DatabaseInUse):
            restore(copy, sqlite_url(place))


def test_several_processes_share_it(place: Path) -> None:
    with another_process(sqlite_url(place)), another_process(sqlite_url(place)):
        connect(sqlite_url(place)).close()


def test_a_killed_process_holds_no_lock(copy: Path, place: Path) -> None:
    with another_process(sqlite_url(place)) as process:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        moved_away(place)
        restore(copy, sqlite_url(place)).close()


def test_a_closed_store_holds_no_lock(copy: Path, place: Path) -> None:
    connect(sqlite_url(place)).close()
    moved_away(place)
    restore(copy, sqlite_url(place)).close()


def test_a_database_being_restored_cannot_be_opened(place: Path) -> None:
    held = database_lock.acquire(place, exclusive=True)
    try:
        with pytest.raises(BeingRestored):
            connect(sqlite_url(place))
    finally:
        os.close(held)
    connect(sqlite_url(place)).close()


def test_a_lock_file_without_a_lock_blocks_nobody(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / ".desk.db.lock").touch()
    restore(copy, sqlite_url(tmp_path / "new" / "desk.db")).close()


def test_another_database_in_the_same_folder_blocks_nobody(copy: Path, place: Path) -> None:
    with another_process(sqlite_url(place)):
        restore(copy, sqlite_url(place.with_name("trial.db"))).close()


def test_root_gives_a_new_lock_to_the_owner_of_the_folder(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests: what root would do is recorded."""
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", lambda _file, user, group: given.append((user, group)))
    connect(sqlite_url(place)).close()
    folder = place.parent.stat()
    assert given == [(folder.st_uid, folder.st_gid)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away; the test above runs for everybody")
def test_a_lock_made_by_root_belongs_to_the_owner_of_the_folder(place: Path) -> None:
    os.chown(place.parent, 12345, 12345)
    connect(sqlite_url(place)).close()
    assert (
        place.with_name(".desk.db.lock").stat().st_uid,
        place.with_name(".desk.db.lock").stat().st_mode & 0o777,
    ) == (
        12345,
        0o600,
    )


class TestPostgreSQL:
    def test_a_restore_is_refused_while_the_desk_has_a_session(
        self, cluster: Cluster, postgresql_url: str, tmp_path: Path
    ) -> None:
        with (
            closing(connect(postgresql_url)) as store,
            database_copy(store, tmp_path / "copy", lambda _connection: None),
        ):
            pass
        cluster.sql("create database served")
        try:
            with (
                closing(connect(cluster.url("served", APPLICATION))) as desk,
                desk.read(),
                pytest.raises(DatabaseInUse, match=r"served \(127\.0\.0\.1"),
            ):
                restore(tmp_path / "copy", cluster.url("served"))
            with cluster.connection(database="served"):  # somebody's psql
                restore(tmp_path / "copy", cluster.url("served")).close()
            with pytest.raises(DatabaseNotEmpty):
                restore(tmp_path / "copy", cluster.url("served"))
        finally:
            cluster.sql("drop database served with (force)")

    def test_neither_url_nor_environment_changes_the_name_of_the_desk_s_sessions(
        self, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PGAPPNAME", "another")
        with closing(connect(f"{postgresql_url}&application_name=mine")) as store, store.read() as connection:
            assert connection.exec_driver_sql("show application_name").scalar() == "ban-giam-khao"

    def test_options_and_timeouts_of_the_url_are_kept_beside_ours(self, postgresql_url: str) -> None:
        url = f"{postgresql_url}&options=-c%20search_path%3Dpublic%2Cpg_temp&connect_timeout=7"
        with closing(connect(url)) as store, store.read() as connection:
            values = [connection.exec_driver_sql(f"show {name}").scalar() for name in ("search_path", "lock_timeout")]
            driver = connection.connection.driver_connection
            assert values == ["public,pg_temp", "20s"] and driver is not None
            assert driver.info.get_parameters()["connect_timeout"] == "7"
