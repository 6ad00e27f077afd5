"""Copies of the whole database: made at one moment while the desk works, and put back only where nothing lies."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa

from core.rules.words import Refusal, Sentence
from core.store.connections import DatabaseUnavailable, private_file
from core.store.engine import Store, connect

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


def keep(store: Store, path: Path, check: Callable[[sa.Connection], None]) -> None:
    """Copy the database, as it is at one moment, to a new file that only its owner may read.

    `check` is shown exactly what was copied, before the file gets its name; what it raises leaves no file.
    """
    if path.exists():
        raise FileInTheWay(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    copy = _keep_sqlite if store.url.get_backend_name() == "sqlite" else _keep_postgresql
    with _unfinished(path) as unfinished:
        copy(store, unfinished, check)
        unfinished.chmod(0o600)
        _durable(unfinished)
        try:
            os.link(unfinished, path)  # unlike a rename, never over a file that has come in the meantime
        except FileExistsError as taken:
            raise FileInTheWay(path) from taken
        _durable(path.parent)


def _keep_sqlite(store: Store, unfinished: Path, check: Callable[[sa.Connection], None]) -> None:
    with closing(sqlite3.connect(str(store.url.database))) as reading:  # the file's own journal mode and no writing
        reading.execute("PRAGMA busy_timeout=20000")
        reading.execute("VACUUM INTO ?", (str(unfinished),))
    engine = sa.create_engine(f"sqlite:///file:{quote(str(unfinished))}?mode=ro&uri=true", poolclass=sa.NullPool)
    with engine.connect() as copy:
        check(copy)


def _keep_postgresql(store: Store, unfinished: Path, check: Callable[[sa.Connection], None]) -> None:
    with store.read() as connection:
        snapshot = connection.execute(sa.select(sa.func.pg_export_snapshot())).scalar_one()
        words = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={unfinished}")
        _postgresql(store.url, "pg_dump", *words)
        check(connection)


def put_back(path: Path, url: str) -> Store:
    """Make the database at `url` from a backup, and open it. Nothing may lie there yet."""
    target = sa.make_url(url)
    with path.open("rb") as file:
        magic = file.read(16)
    if target.get_backend_name() == "sqlite":
        if magic != SQLITE_MAGIC:
            raise NotABackup(path, "SQLite")
        _restore_sqlite(path, Path(str(target.database)))
    else:
        if not magic.startswith(POSTGRESQL_MAGIC):
            raise NotABackup(path, "PostgreSQL")
        _restore_postgresql(path, target)
    return connect(url)


def _restore_sqlite(path: Path, target: Path) -> None:
    if any(Path(f"{target}{tail}").exists() for tail in ("", "-wal", "-journal")):
        raise DatabaseNotEmpty
    target.parent.mkdir(parents=True, exist_ok=True)
    with _unfinished(target) as unfinished:
        private_file(unfinished)
        shutil.copyfile(path, unfinished)
        _undamaged(unfinished, path)
        _durable(unfinished)
        try:
            os.link(unfinished, target)
        except FileExistsError as taken:
            raise DatabaseNotEmpty from taken
        _durable(target.parent)


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


def _restore_postgresql(path: Path, target: sa.URL) -> None:
    engine = sa.create_engine(target, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            tables = sa.inspect(connection).get_table_names()
            may, role = connection.execute(_MAY_CREATE).one()
    except sa.exc.OperationalError as error:
        raise DatabaseUnavailable from error
    if tables:
        raise DatabaseNotEmpty
    if not may:
        raise MayNotRestore(role)
    _postgresql(
        target, "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(path)
    )


def _postgresql(url: sa.URL, tool: str, *words: str) -> None:
    place = url.set(drivername="postgresql", password=None).render_as_string()
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    try:
        done = subprocess.run(  # noqa: S603  # our own words, no shell
            [tool, f"--dbname={place}", "--no-password", *words],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
    except FileNotFoundError as missing:
        raise ToolFailed(tool, Sentence("không có trên máy này")) from missing
    if done.returncode:
        raise ToolFailed(tool, " ".join(done.stderr.split()) or str(done.returncode))


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """A name beside `path` for what is not whole yet; whatever happens, nothing is left under it."""
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        yield Path(folder) / path.name


def _durable(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
