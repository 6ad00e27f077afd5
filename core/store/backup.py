"""Backup and restore of the whole database. A backup is one snapshot, made while the desk runs.

A restore writes only where no database exists.
"""

import os
import re
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import sqlalchemy as sa

from core.rules.words import Refusal, Sentence
from core.store.database import connections, database_lock
from core.store.database.connection_errors import explained_errors
from core.store.database.connections import private_file
from core.store.database.database_lock import DatabaseInUse
from core.store.database.database_url import check_path_length, libpq, parsed, printable
from core.store.engine import Store, connect
from core.store.migrate import is_older, revision

SQLITE_MAGIC = b"SQLite format 3\x00"
POSTGRESQL_MAGIC = b"PGDMP"


class FileInTheWay(Refusal):
    """A backup never overwrites a file."""

    def __init__(self, path: Path) -> None:
        super().__init__("Tệp {path} đã có; hãy chọn tên khác.", path=path)


class DatabaseNotEmpty(Refusal):
    """A restore never overwrites a database."""

    def __init__(self) -> None:
        super().__init__("Cơ sở dữ liệu đích đã có dữ liệu; hãy trỏ DATABASE_URL tới một nơi còn trống.")


class NotABackup(Refusal):
    """The file is not a backup, or it is a backup of the other kind of database."""

    def __init__(self, path: Path, kind: str) -> None:
        super().__init__("{path} không phải bản sao lưu của {kind}.", path=path, kind=kind)


class BackupDamaged(Refusal):
    """The file starts like a backup but its content is damaged."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__("Bản sao lưu {path} bị hỏng: {why}", path=path, why=why)


class MayNotRestore(Refusal):
    """The connected role may not create tables. Whoever restores creates the tables and owns them."""

    def __init__(self, role: str) -> None:
        super().__init__(
            "Vai trò {role} không được tạo bảng trong cơ sở dữ liệu này; "
            "hãy khôi phục với DATABASE_URL của chủ sở hữu, rồi cấp lại quyền bằng python -m core grants.",
            role=role,
        )


class ToolFailed(Refusal):
    """pg_dump or pg_restore is missing or failed."""

    def __init__(self, tool: str, message: str | Sentence) -> None:
        super().__init__("{tool} không làm được: {said}", tool=tool, said=message)


class CopyFailed(Refusal):
    """The copy could not be written: the disk is full or broken, or the folder is not writable."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__("Không ghi được bản sao vào {path}: {why}", path=path, why=why)


@contextmanager
def database_copy(store: Store, path: Path, check: Callable[[sa.Connection], None]) -> Iterator[None]:
    """Copy one snapshot of the database to the new file `path`, mode 0600.

    `check` gets a connection that reads exactly what was copied. The file appears under `path` when the block ends:
    if `check` or the block raises, no file is left. Raises FileInTheWay, PathTooLong, CopyFailed, ToolFailed, OSError.
    """
    path = path.absolute()
    if os.path.lexists(path):
        raise FileInTheWay(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    sqlite = store.url.get_backend_name() == "sqlite"
    if sqlite:
        check_path_length(path)
    with _unfinished(path) as unfinished:
        (_copy_sqlite if sqlite else _copy_postgresql)(store, unfinished, check)
        unfinished.chmod(0o600)
        yield
        _fsync(unfinished)
        try:
            os.link(unfinished, path)  # unlike a rename, never overwrites a file created in the meantime
        except FileExistsError as error:
            raise FileInTheWay(path) from error
        _fsync(path.parent)


def _copy_sqlite(store: Store, unfinished: Path, check: Callable[[sa.Connection], None]) -> None:
    with closing(sqlite3.connect(str(store.url.database))) as reading:  # keeps the journal mode, writes nothing
        reading.execute("PRAGMA busy_timeout=20000")
        try:
            reading.execute("VACUUM INTO ?", (str(unfinished),))
        except sqlite3.Error as error:
            raise CopyFailed(unfinished.parent.parent, str(error)) from error
    engine = sa.create_engine("sqlite://", creator=lambda: _read_only(unfinished), poolclass=sa.NullPool)
    with engine.connect() as copy:
        check(copy)


def _read_only(path: Path, more: str = "") -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro{more}", uri=True)


def _copy_postgresql(store: Store, unfinished: Path, check: Callable[[sa.Connection], None]) -> None:
    with store.read() as connection:
        connection.execute(sa.text("set local idle_in_transaction_session_timeout = 0"))  # while pg_dump runs
        snapshot = connection.execute(sa.select(sa.func.pg_export_snapshot())).scalar_one()
        options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={unfinished}")
        _postgresql(store.url, "pg_dump", *options)
        check(connection)


def restore(path: Path, url: str) -> Store:
    """Restore the backup `path` to the database at `url`, and open it. It must be empty and not open anywhere.

    The schema may be this release's or an older one. Raises DatabaseFromLater, TrialDatabase, NotABackup, DatabaseNotEmpty,
    DatabaseInUse, BackupDamaged, MayNotRestore, CopyFailed, ToolFailed, OSError, and what `connect` and
    `explained_errors` raise.
    """
    target, path = parsed(url), path.absolute()
    with path.open("rb") as file:
        magic = file.read(16)
    if target.get_backend_name() == "sqlite":
        if magic != SQLITE_MAGIC:
            raise NotABackup(path, "SQLite")
        _check_schema(path, "SQLite", _sqlite_revision(path))
        _restore_sqlite(path, Path(str(target.database)).absolute())
    else:
        if not magic.startswith(POSTGRESQL_MAGIC):
            raise NotABackup(path, "PostgreSQL")
        _restore_postgresql(path, target)
    return connect(url)


def _check_schema(path: Path, kind: str, found: str | None) -> None:
    """Raise NotABackup, DatabaseFromLater or TrialDatabase if this release cannot use schema `found`."""
    if found is None:
        raise NotABackup(path, kind)
    is_older(found)


def _sqlite_revision(path: Path) -> str | None:
    """The schema revision of a database file, None if it has none. Does not change the file. Raises BackupDamaged."""
    engine = sa.create_engine("sqlite://", creator=lambda: _read_only(path, "&immutable=1"), poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            return revision(connection)
    except sa.exc.DatabaseError as error:
        raise BackupDamaged(path, str(error.orig)) from error


def _restore_sqlite(path: Path, target: Path) -> None:
    check_path_length(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    lock = database_lock.acquire(target, exclusive=True)
    try:
        _restore_file(path, target)
    finally:
        os.close(lock)


def _restore_file(path: Path, target: Path) -> None:
    if any(os.path.lexists(f"{target}{tail}") for tail in ("", "-wal", "-journal")):
        raise DatabaseNotEmpty
    with _unfinished(target) as unfinished:
        private_file(unfinished)
        with path.open("rb") as source, unfinished.open("wb") as written:
            _copy_bytes(source, written, target.parent)
        _check_integrity(unfinished, path)
        _fsync(unfinished)
        try:
            os.link(unfinished, target)
        except FileExistsError as error:
            raise DatabaseNotEmpty from error
        _fsync(target.parent)


def _copy_bytes(source: BinaryIO, written: BinaryIO, folder: Path) -> None:
    """Copy all bytes. Raises CopyFailed if writing into `folder` fails; an OSError from reading passes unchanged."""
    while block := source.read(1 << 20):
        try:
            written.write(block)
            written.flush()
        except OSError as error:
            raise CopyFailed(folder, str(error.strerror)) from error


def _check_integrity(copy: Path, path: Path) -> None:
    """Raise BackupDamaged if SQLite's integrity_check finds an error in `copy`. `path` is the backup it names."""
    with closing(sqlite3.connect(copy)) as reading:
        try:
            result = reading.execute("PRAGMA integrity_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise BackupDamaged(path, str(error)) from error
    if result != "ok":
        raise BackupDamaged(path, " ".join(str(result).split()))


_MAY_CREATE = sa.text("select has_schema_privilege(current_schema(), 'CREATE'), current_user")
_OTHERS = sa.text(
    "select count(*) from pg_stat_activity"
    " where datname = current_database() and application_name = :ours and pid <> pg_backend_pid()"
)


def _restore_postgresql(path: Path, target: sa.URL) -> None:
    engine = connections.migrating(target)
    with explained_errors(target), engine.connect() as connection:
        others = connection.execute(_OTHERS, {"ours": connections.APPLICATION}).scalar_one()
        tables = sa.inspect(connection).get_table_names()
        may, role = connection.execute(_MAY_CREATE).one()
    if tables:
        raise DatabaseNotEmpty
    if others:
        raise DatabaseInUse(printable(target))
    if not may:
        raise MayNotRestore(role)
    _check_schema(path, "PostgreSQL", _postgresql_revision(path))
    _postgresql(
        target, "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(path)
    )


_REVISION = re.compile(r"^COPY \S*alembic_version \(version_num\) FROM stdin;\n(\w+)\n", re.MULTILINE)


def _postgresql_revision(path: Path) -> str | None:
    """The schema revision in a PostgreSQL dump; None if it has none. Raises ToolFailed."""
    found = _REVISION.search(_run("pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(path)))
    return found[1] if found else None


def _postgresql(url: sa.URL, tool: str, *arguments: str) -> None:
    """Run pg_dump or pg_restore. The password goes in the environment, never on the command line. Raises ToolFailed."""
    reached, secret = libpq(url)
    _run(tool, f"--dbname={reached}", "--no-password", *arguments, **secret)


def _run(tool: str, *arguments: str, **environment: str) -> str:
    """Run a program and return its standard output. Raises ToolFailed if it is missing or its exit status is not 0."""
    try:
        done = subprocess.run(  # noqa: S603  # fixed arguments, no shell
            [tool, *arguments],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        raise ToolFailed(tool, Sentence("không có trên máy này")) from error
    if done.returncode:
        raise ToolFailed(tool, " ".join(done.stderr.split()) or str(done.returncode))
    return done.stdout


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """A temporary path in the same folder as `path`, for a file being written; deleted when the block ends."""
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=path.parent) as folder:
        yield Path(folder) / "copy"


def _fsync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
