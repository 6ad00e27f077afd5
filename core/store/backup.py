"""Copies of the whole database: made at one moment while the desk works, and put back only where nothing lies."""

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
from core.store import tables as t
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
    """The file is no backup, or one of the other kind of database."""

    def __init__(self, path: Path, kind: str) -> None:
        super().__init__("{path} không phải bản sao lưu của {kind}.", path=path, kind=kind)


class BackupDamaged(Refusal):
    """The file began as a backup, and is one no more."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__("Bản sao lưu {path} bị hỏng: {why}", path=path, why=why)


class MayNotRestore(Refusal):
    """Whoever restores makes the tables, and owns them."""

    def __init__(self, role: str) -> None:
        super().__init__(
            "Vai trò {role} không được tạo bảng trong cơ sở dữ liệu này; "
            "hãy khôi phục với DATABASE_URL của chủ sở hữu, rồi cấp lại quyền bằng python -m core grants.",
            role=role,
        )


class ToolFailed(Refusal):
    """One of PostgreSQL's programs is missing or gave up."""

    def __init__(self, tool: str, said: str | Sentence) -> None:
        super().__init__("{tool} không làm được: {said}", tool=tool, said=said)


class CopyFailed(Refusal):
    """SQLite could not write the copy: the disk is full or broken, or the folder takes no files."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__("Không ghi được bản sao vào {path}: {why}", path=path, why=why)


@contextmanager
def database_copy(store: Store, path: Path, check: Callable[[sa.Connection], None]) -> Iterator[None]:
    """Copy the database, as it is at one moment, to a new file that only its owner may read.

    `check` is shown exactly what was copied. The file gets its name when the block ends: whatever `check` or the block raises
    leaves no file. Raises FileInTheWay, PathTooLong, CopyFailed, ToolFailed or OSError.
    """
    path = path.absolute()
    if os.path.lexists(path):
        raise FileInTheWay(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    sqlite = store.url.get_backend_name() == "sqlite"
    if sqlite:
        check_path_length(path)
    with _unfinished(path) as unfinished:
        (_keep_sqlite if sqlite else _keep_postgresql)(store, unfinished, check)
        unfinished.chmod(0o600)
        yield
        _durable(unfinished)
        try:
            os.link(unfinished, path)  # unlike a rename, never over a file that has come in the meantime
        except FileExistsError as taken:
            raise FileInTheWay(path) from taken
        _durable(path.parent)


def library_files(connection: sa.Connection) -> list[tuple[str, str | None, str | None, str | None]]:
    """What the library holds of each work: its code, its film's name and SHA-256, its poster's name."""
    columns = (t.entry.c.code, t.entry.c.video, t.entry.c.sha256, t.entry.c.poster)
    return [tuple(row) for row in connection.execute(sa.select(*columns).order_by(t.entry.c.code))]


def _keep_sqlite(store: Store, unfinished: Path, check: Callable[[sa.Connection], None]) -> None:
    with closing(sqlite3.connect(str(store.url.database))) as reading:  # the file's own journal mode and no writing
        reading.execute("PRAGMA busy_timeout=20000")
        try:
            reading.execute("VACUUM INTO ?", (str(unfinished),))
        except sqlite3.Error as broken:
            raise CopyFailed(unfinished.parent.parent, str(broken)) from broken
    engine = sa.create_engine("sqlite://", creator=lambda: _read_only(unfinished), poolclass=sa.NullPool)
    with engine.connect() as copy:
        check(copy)


def _read_only(path: Path, more: str = "") -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro{more}", uri=True)


def _keep_postgresql(store: Store, unfinished: Path, check: Callable[[sa.Connection], None]) -> None:
    with store.read() as connection:
        connection.execute(sa.text("set local idle_in_transaction_session_timeout = 0"))  # while pg_dump works
        snapshot = connection.execute(sa.select(sa.func.pg_export_snapshot())).scalar_one()
        words = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={unfinished}")
        _postgresql(store.url, "pg_dump", *words)
        check(connection)


def put_back(path: Path, url: str) -> Store:
    """Make the database at `url` from a backup, and open it. Nothing may lie there yet, and nobody may have it open.

    The schema may be this release's or an older one. Raises DatabaseFromLater, TrialDatabase, NotABackup, DatabaseNotEmpty,
    DatabaseInUse, BackupDamaged, MayNotRestore, CopyFailed, ToolFailed, OSError, and what `explained_errors` raises.
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
    """Before anything is made: raise where this release can neither read nor upgrade what the file holds."""
    if found is None:
        raise NotABackup(path, kind)
    is_older(found)


def _sqlite_revision(path: Path) -> str | None:
    """The revision of a database file, which stays as it is; None where it has none. Raises BackupDamaged."""
    engine = sa.create_engine("sqlite://", creator=lambda: _read_only(path, "&immutable=1"), poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            return revision(connection)
    except sa.exc.DatabaseError as damaged:
        raise BackupDamaged(path, str(damaged.orig)) from damaged


def _restore_sqlite(path: Path, target: Path) -> None:
    check_path_length(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    lock = database_lock.acquire(target, exclusive=True)
    try:
        _copied_in(path, target)
    finally:
        os.close(lock)


def _copied_in(path: Path, target: Path) -> None:
    if any(os.path.lexists(f"{target}{tail}") for tail in ("", "-wal", "-journal")):
        raise DatabaseNotEmpty
    with _unfinished(target) as unfinished:
        private_file(unfinished)
        with path.open("rb") as source, unfinished.open("wb") as written:
            _copied(source, written, target.parent)
        _undamaged(unfinished, path)
        _durable(unfinished)
        try:
            os.link(unfinished, target)
        except FileExistsError as taken:
            raise DatabaseNotEmpty from taken
        _durable(target.parent)


def _copied(source: BinaryIO, written: BinaryIO, folder: Path) -> None:
    """Copy all bytes. Raises CopyFailed where the folder takes no more; an error of reading names no other file."""
    while block := source.read(1 << 20):
        try:
            written.write(block)
            written.flush()
        except OSError as full:
            raise CopyFailed(folder, str(full.strerror)) from full


def _undamaged(copy: Path, path: Path) -> None:
    """Raises BackupDamaged, before the copy takes the place of a database."""
    with closing(sqlite3.connect(copy)) as reading:
        try:
            said = reading.execute("PRAGMA integrity_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as damaged:
            raise BackupDamaged(path, str(damaged)) from damaged
    if said != "ok":
        raise BackupDamaged(path, " ".join(str(said).split()))


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
    """The revision that a dump holds; None where it has none. Raises ToolFailed."""
    found = _REVISION.search(_run("pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(path)))
    return found[1] if found else None


def _postgresql(url: sa.URL, tool: str, *words: str) -> None:
    """Run one of PostgreSQL's programs; a password goes by its environment, never by its command line."""
    reached, secret = libpq(url)
    _run(tool, f"--dbname={reached}", "--no-password", *words, **secret)


def _run(tool: str, *words: str, **environment: str) -> str:
    """What a program prints. Raises ToolFailed."""
    try:
        done = subprocess.run(  # noqa: S603  # our own words, no shell
            [tool, *words],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except FileNotFoundError as missing:
        raise ToolFailed(tool, Sentence("không có trên máy này")) from missing
    if done.returncode:
        raise ToolFailed(tool, " ".join(done.stderr.split()) or str(done.returncode))
    return done.stdout


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """A name beside `path` for what is not whole yet; whatever happens, nothing is left under it."""
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=path.parent) as folder:
        yield Path(folder) / "copy"


def _durable(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
