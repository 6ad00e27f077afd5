"""The open database. Readers use snapshots; changes go through a queue to one writer thread, which commits batches."""

import logging
import os
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakSet

import sqlalchemy as sa

from core.store import acts_log, ledger_rows
from core.store.database import connections, database_lock, database_url
from core.store.database.connections import DatabaseUnavailable, NotSaved
from core.store.database.lineage import Lineage
from core.store.signing.signing_key import SigningKey
from core.store.write_transaction import CannotUndoAlone, WriteTransaction

__all__ = ["Connection", "DatabaseUnavailable", "NotSaved", "Store", "WriteTransaction", "connect"]

T = TypeVar("T")
Connection = sa.Connection  # the type that `read` yields, for modules that do not import SQLAlchemy
BATCH = 64  # most changes in one commit
ANSWER_S = 60.0  # a change that has not started by then is cancelled
_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Change:
    act: Callable[[WriteTransaction], Any]
    future: "Future[Any]"
    result: Any = None
    error: BaseException | None = None

    def run(self, transaction: WriteTransaction) -> None:
        """Run the change. If it fails, undo it alone and store the exception in `error`.

        Raises only when the whole batch must be rolled back: the database fails, or the change cannot be undone alone.
        """
        saved, self.error = transaction.begin(), None
        try:
            self.result = self.act(transaction)
            if connections.in_failed_transaction(transaction.connection):
                raise RuntimeError("a change went on after the database had refused a part of it")
        except BaseException as error:
            if connections.is_database_failure(error) or isinstance(error, (DatabaseUnavailable, CannotUndoAlone)):
                raise
            transaction.undo(saved)
            self.error = connections.caller_error(error)

    def resolve(self) -> None:
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


@dataclass(slots=True, eq=False, weakref_slot=True)
class Store:
    """An open database: `read` gives a snapshot, `change` writes."""

    url: sa.URL
    engine: sa.Engine  # read-only
    after_commit: list[Callable[[int], None]] = field(default_factory=list)  # called with the last ledger row's id
    signing_key: SigningKey = field(default_factory=SigningKey)  # signs the checkpoints
    _writing: sa.Engine = field(init=False)
    _queue: "queue.SimpleQueue[_Change | None]" = field(default_factory=queue.SimpleQueue)
    _writer: threading.Thread | None = None
    _state_lock: threading.Lock = field(default_factory=threading.Lock)
    _closed: bool = False
    _transaction: WriteTransaction | None = None  # the batch being written; else None
    lock: int | None = None  # file descriptor of the SQLite lock file, open until `close`
    _lineage: Lineage = field(init=False)

    def __post_init__(self) -> None:
        self._lineage = Lineage(self.url)
        self._writing = connections.writing(self.url)
        sa.event.listen(self._writing, "before_cursor_execute", self._before_statement)
        _open.add(self)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection inside one read transaction: all its queries see the same snapshot.

        Raises RuntimeError inside a change: there, read on `WriteTransaction.connection`. Raises DatabaseUnavailable,
        DatabaseReplaced, or UnusableText.
        """
        if self._transaction is not None and threading.current_thread() is self._writer:
            raise RuntimeError("a read on a second connection inside a change: use the WriteTransaction's own")
        self._lineage.check_same_file()
        try:
            with self.engine.connect() as connection, connection.begin():
                yield connection
        except (sa.exc.SQLAlchemyError, UnicodeEncodeError) as error:
            if connections.is_database_failure(error):
                raise DatabaseUnavailable from error
            explained = connections.caller_error(error)
            if explained is error:
                raise
            raise explained from error

    @contextmanager
    def migrating(self) -> Iterator[sa.Connection]:
        """A connection that may change the schema; it holds the writer lock and commits at the end of the block."""
        engine = connections.migrating(self.url)
        try:
            with engine.connect() as connection, connection.begin():
                yield connection
        finally:
            engine.dispose()

    @property
    def latest(self) -> int:
        """The time of the newest ledger row this process has seen, UTC milliseconds; 0 if it has seen none."""
        return self._lineage.head.at

    def refresh_latest(self) -> int:
        """Read the newest ledger row, update `latest`, and return the row's id; 0 if the ledger is empty."""
        with self.read() as connection:
            newest = ledger_rows.heads(connection).newest
        self._lineage.remember(newest)
        return newest.id

    def change(self, act: Callable[[WriteTransaction], T]) -> T:
        """Run `act` in the write transaction and return its result after the commit is durable.

        An exception from `act` rolls back only what `act` did, and is raised to the caller. `act` runs in the writer
        thread, sometimes twice: it must have no other side effects and must not commit. Raises NotSaved when the
        database does not confirm the commit, or when `act` has not started after ANSWER_S seconds.
        Raises RuntimeError when the store is closed, or when called inside a change.
        """
        future: Future[T] = Future()
        with self._state_lock:
            if self._closed:
                raise RuntimeError("this store is closed")
            if self._writer is threading.current_thread():
                raise RuntimeError("a change inside a change: use the WriteTransaction at hand")
            if self._writer is None or not self._writer.is_alive():
                self._writer = threading.Thread(target=self._write, name="store-writer", daemon=True)
                self._writer.start()
            self._queue.put(_Change(act, future))
        try:
            return future.result(ANSWER_S)
        except TimeoutError:
            if future.cancel():
                raise NotSaved from None
        return future.result()  # it has started: the database's own timeouts end it

    def _write(self) -> None:
        """The writer thread: takes queued changes in order, commits each batch at once, then resolves the futures."""
        while (batch := self._next_batch()) is not None:
            try:
                last = self._commit(batch)
            except BaseException as error:  # noqa: BLE001  # each caller gets NotSaved; the next batch may succeed
                _log.exception("the database took none of %d changes", len(batch))
                self._writing.dispose()
                for change in batch:
                    change.error = NotSaved()
                    change.error.__cause__ = error
                last = 0
            for change in batch:
                change.resolve()
            if last:
                self._notify(last)

    def _next_batch(self) -> list[_Change] | None:
        """Wait for the next batch: at most BATCH changes. None when the store is closed and the queue is empty."""
        batch: list[_Change] = []
        while not batch or (len(batch) < BATCH and not self._queue.empty()):
            change = self._queue.get()
            if change is None:
                self._queue.put(None)  # put the end marker back: the next call must find it too
                return batch or None
            if change.future.set_running_or_notify_cancel():
                batch.append(change)
        return batch

    def _commit(self, batch: list[_Change]) -> int:
        """Commit `batch` durably; if one change cannot be undone alone, run the batch again with savepoints.

        Returns the id of the last ledger row if the ledger has grown, else 0.
        """
        try:
            return self._attempt(batch, use_savepoints=False)
        except CannotUndoAlone:
            return self._attempt(batch, use_savepoints=True)

    def _attempt(self, batch: list[_Change], *, use_savepoints: bool) -> int:
        self._lineage.check_same_file()
        with self._writing.connect() as connection, connection.begin() as outer:
            heads_before = ledger_rows.heads(connection)
            self._lineage.check_contains_newest(connection, heads_before.newest)
            transaction = self._transaction = WriteTransaction(
                connection, heads_before, use_savepoints, self.signing_key
            )
            try:
                for change in batch:
                    change.run(transaction)
                    if not outer.is_active:
                        raise RuntimeError("a change ended the writer's transaction")
                transaction.write()
            finally:
                self._transaction = None
        self._lineage.check_same_file()  # a commit into a file replaced meanwhile is reported as failed
        newest = transaction.heads.newest
        self._lineage.remember(newest)
        acts_log.write(transaction.recorded, transaction.usernames)
        return newest.id if newest.id > heads_before.newest.id else 0

    def _before_statement(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if self._transaction is not None:
            self._transaction.before_statement(statement)

    def _notify(self, last: int) -> None:
        for listener in list(self.after_commit):
            try:
                listener(last)
            except Exception:  # noqa: BLE001  # an error in a listener must not reach the caller whose change is saved
                _log.exception("a listener failed at ledger row %d", last)

    def close(self) -> None:
        """Let the writer finish the queue, then close all connections and the lock file. A second call does nothing."""
        with self._state_lock:
            closed, self._closed = self._closed, True
            if not closed and self._writer is not None:
                self._queue.put(None)
        if self._writer is not None and self._writer is not threading.current_thread():
            self._writer.join()
        self._writing.dispose()
        self.engine.dispose()
        self._unlock()

    def _unlock(self) -> None:
        lock, self.lock = self.lock, None
        if lock is not None:
            os.close(lock)

    def _reset_after_fork(self) -> None:
        """Called in a forked child: drop the queue and the connections without closing them; the parent uses them."""
        self._state_lock = threading.Lock()
        self._queue = queue.SimpleQueue()
        self._writer = None
        self.engine.dispose(close=False)
        self._writing.dispose(close=False)
        self._unlock()  # the parent's own descriptor still holds the lock


def connect(url: str, *, create: bool = True) -> Store:
    """Open the database at `url` (sqlite:///… or postgresql+psycopg://…). The tables are created by `migrate`.

    Without `create`, raises NoDatabase for an SQLite file that is missing or empty, and leaves it so. Raises
    UnknownDatabase, PathTooLong, BeingRestored, or OSError where the file cannot be opened.
    """
    parsed = database_url.parsed(url)
    if parsed.drivername != "sqlite":
        return Store(parsed, connections.reading(parsed))
    file = Path(str(parsed.database))
    database_url.check_path_length(file)
    if not create and not (file.exists() and file.stat().st_size):
        raise database_url.NoDatabase(database_url.printable(parsed))
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = database_lock.acquire(file)
    try:
        connections.private_file(file)
    except BaseException:
        os.close(lock)
        raise
    return Store(parsed, connections.reading(parsed), lock=lock)


_open: "WeakSet[Store]" = WeakSet()


def _after_fork() -> None:
    for store in list(_open):
        store._reset_after_fork()  # noqa: SLF001  # a class of this module


os.register_at_fork(after_in_child=_after_fork)
