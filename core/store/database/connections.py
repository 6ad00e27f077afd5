"""Settings of this project's database connections (docs/platform.md, SQLite; docs/security.md, Guards).

SQLite runs in WAL mode with synchronous=FULL; the other database is PostgreSQL.
"""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.pq import TransactionStatus

from core.rules.words import Unavailable, UnusableText

ADVISORY_LOCK = 0x42474B  # "BGK": on PostgreSQL, one process at a time writes the ledger
WAIT_MS = 20_000  # how long a change waits for the change of another process
STATEMENT_MS = 60_000
APPLICATION = "ban-giam-khao"  # the application_name of every connection of this project to PostgreSQL
_PRAGMAS = (
    f"busy_timeout={WAIT_MS}",
    "synchronous=FULL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "recursive_triggers=ON",
    "cell_size_check=ON",
)
_POSTGRESQL = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}
_OPTIONS = (
    f"-c statement_timeout={STATEMENT_MS} -c lock_timeout={WAIT_MS}"
    f" -c idle_in_transaction_session_timeout={STATEMENT_MS}"  # a stopped process loses the writer lock
)


class DatabaseUnavailable(Unavailable):
    """The database does not answer: it is gone, locked or broken."""

    def __init__(self, text: str = "Cơ sở dữ liệu đang không trả lời. Hãy thử lại sau ít phút.") -> None:
        super().__init__(text)


class NotSaved(DatabaseUnavailable):
    """The database did not confirm the commit: it is full, locked or gone. The change is stored whole or not at all."""

    def __init__(self) -> None:
        super().__init__(
            "Cơ sở dữ liệu đang không ghi được nên thay đổi này có thể chưa được lưu. Hãy thử lại sau ít phút."
        )


def reading(url: sa.URL) -> sa.Engine:
    """Read-only connections: each transaction sees one snapshot."""
    engine = _engine(url, pool_size=20, max_overflow=40)
    if url.get_backend_name() == "sqlite":
        sa.event.listen(engine, "connect", _sqlite_query_only)
        sa.event.listen(engine, "begin", _sqlite_begin)
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def writing(url: sa.URL) -> sa.Engine:
    """Connections that change data: one write transaction at a time in the whole database."""
    engine = _engine(url, pool_size=1, max_overflow=2)
    if url.get_backend_name() == "sqlite":
        sa.event.listen(engine, "connect", _sqlite_guard)
    sa.event.listen(engine, "begin", _begin_writing)
    return engine


def migrating(url: sa.URL) -> sa.Engine:
    """Like `writing`, but may also change the schema."""
    engine = _engine(url, poolclass=sa.NullPool)
    sa.event.listen(engine, "begin", _begin_writing)
    return engine


def _engine(url: sa.URL, **pool: Any) -> sa.Engine:
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, connect_args={"cached_statements": 512}, **pool)
        sa.event.listen(engine, "connect", sqlite_settings)
        return engine
    return sa.create_engine(url, connect_args=_postgresql(url), pool_pre_ping=True, **pool)


def _postgresql(url: sa.URL) -> dict[str, str]:
    """The psycopg connect arguments: defaults for what the URL leaves open, and our time limits after its `options`."""
    args = {name: value for name, value in _POSTGRESQL.items() if name not in url.query}
    options = " ".join([*url.normalized_query.get("options", ()), _OPTIONS])
    return {**args, "application_name": APPLICATION, "options": options}


def private_file(path: Path) -> None:
    """Create the database file with mode 0600, or restrict an existing one; SQLite copies the mode to -wal and -shm."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def is_database_failure(error: BaseException) -> bool:
    """Whether `error` is a failure of the database (gone, full, locked, corrupt), not an error of the statement."""
    if not isinstance(error, sa.exc.DBAPIError):
        return isinstance(error, sa.exc.TimeoutError)
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE_LOST
    return error.connection_invalidated or isinstance(error, (sa.exc.OperationalError, sa.exc.InterfaceError))


def caller_error(error: BaseException) -> BaseException:
    """The error to raise to the caller: UnusableText if a text has characters no database can store, else `error`."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    nul = isinstance(cause, psycopg.DataError) and "NUL" in str(cause)  # psycopg finds it before sending: no SQLSTATE
    if not (nul or isinstance(cause, UnicodeEncodeError)):
        return error
    return UnusableText()


def in_failed_transaction(connection: sa.Connection) -> bool:
    """Whether PostgreSQL refuses statements until this transaction, or its savepoint, is rolled back."""
    if connection.dialect.name != "postgresql":
        return False
    driver = connection.connection.driver_connection
    return driver is None or driver.info.transaction_status != TransactionStatus.INTRANS


_SQLITE_LOST = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)


def sqlite_settings(connection: sqlite3.Connection, _record: object) -> None:
    """Apply the settings that every SQLite connection of this project has."""
    connection.isolation_level = None  # the driver's own BEGIN leaves DDL outside the transaction
    _write_ahead(connection)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to WAL mode; retry for up to WAIT_MS while the file is busy.

    On a new file, SQLite needs exclusive access and ignores busy_timeout, and several processes may start together.
    """
    until = time.monotonic() + WAIT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _sqlite_query_only(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON")
    _sqlite_guard(connection, _record)


def _sqlite_guard(connection: sqlite3.Connection, _record: object) -> None:
    connection.set_authorizer(_authorize)  # called when a statement is prepared, not at each run


def _sqlite_begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")


_TABLE_CHANGES = frozenset(
    code
    for name in dir(sqlite3)
    if name.startswith(("SQLITE_CREATE_", "SQLITE_DROP_", "SQLITE_ALTER_"))
    or name in ("SQLITE_ATTACH", "SQLITE_DETACH")
    if isinstance(code := getattr(sqlite3, name), int)
)
_SETTINGS = frozenset(pragma.partition("=")[0] for pragma in _PRAGMAS) | {
    "query_only",
    "writable_schema",
    "ignore_check_constraints",
}
_APPEND_ONLY = frozenset({"ledger", "sheet_revision", "award_table", "checkpoint", "sqlite_master", "sqlite_schema"})


def _authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action in _TABLE_CHANGES:
        return sqlite3.SQLITE_DENY
    if action in (sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE) and first in _APPEND_ONLY:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and second is not None and first in _SETTINGS:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _begin_writing(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
