"""The open database: readers take snapshots, changes queue for one writer, which commits them in groups."""

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
from core.store.write_transaction import CannotUndoAlone, WriteTransaction

__all__ = ["Connection", "DatabaseUnavailable", "NotSaved", "Store", "WriteTransaction", "connect"]

T = TypeVar("T")
Connection = sa.Connection  # what `read` gives, for those who know no SQLAlchemy
BATCH = 64  # changes that share one durable commit
ANSWER_S = 60.0  # a change that has not begun by then is withdrawn
_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Change:
    act: Callable[[WriteTransaction], Any]
    future: "Future[Any]"
    answer: Any = None
    refused: BaseException | None = None

    def make(self, unit: WriteTransaction) -> None:
        """Run the change; a refusal undoes it alone. Raises only where the whole batch is lost with it."""
        kept, self.refused = unit.begin(), None
        try:
            self.answer = self.act(unit)
            if connections.refusing(unit.connection):
                raise RuntimeError("a change went on after the database had refused a part of it")
        except BaseException as refused:
            if connections.lost(refused) or isinstance(refused, (DatabaseUnavailable, CannotUndoAlone)):
                raise
            unit.undo(kept)
            self.refused = connections.refusal(refused)

    def tell(self) -> None:
        if self.refused is not None:
            self.future.set_exception(self.refused)
        else:
            self.future.set_result(self.answer)


@dataclass(slots=True, eq=False, weakref_slot=True)
class Store:
    """An open database: `read` for one moment of it, `change` to write."""

    url: sa.URL
    engine: sa.Engine  # only reads
    after_commit: list[Callable[[int], None]] = field(default_factory=list)  # told the id of the ledger's new last row
    _writing: sa.Engine = field(init=False)
    _queue: "queue.SimpleQueue[_Change | None]" = field(default_factory=queue.SimpleQueue)
    _writer: threading.Thread | None = None
    _door: threading.Lock = field(default_factory=threading.Lock)
    _closed: bool = False
    _unit: WriteTransaction | None = None  # of the batch that is being written
    lock: int | None = None  # the descriptor of an SQLite database's lock file, held until `close`
    _lineage: Lineage = field(init=False)

    def __post_init__(self) -> None:
        self._lineage = Lineage(self.url)
        self._writing = connections.writing(self.url)
        sa.event.listen(self._writing, "before_cursor_execute", self._before)
        _open.add(self)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection inside one read transaction: everything it answers is of one moment.

        Raises RuntimeError inside a change: what decides is read on the connection that writes (`Unit.connection`).
        """
        if self._unit is not None and threading.current_thread() is self._writer:
            raise RuntimeError("a read on a second connection inside a change: use the Unit's own")
        self._lineage.same_file()
        try:
            with self.engine.connect() as connection, connection.begin():
                yield connection
        except (sa.exc.SQLAlchemyError, UnicodeEncodeError) as error:
            if connections.lost(error):
                raise DatabaseUnavailable from error
            told = connections.refusal(error)
            if told is error:
                raise
            raise told from error

    @contextmanager
    def migrating(self) -> Iterator[sa.Connection]:
        """The only connection that may change the tables, alone in the database until it commits."""
        engine = connections.migrating(self.url)
        try:
            with engine.connect() as connection, connection.begin():
                yield connection
        finally:
            engine.dispose()

    @property
    def latest(self) -> int:
        """The time of the newest ledger row this process knows of, in UTC milliseconds; 0: it knows none."""
        return self._lineage.head.at

    def look(self) -> int:
        """Read the newest ledger row, so that it is known; its id, 0 before the first."""
        with self.read() as connection:
            newest = ledger_rows.heads(connection).newest
        self._lineage.seen(newest)
        return newest.id

    def change(self, act: Callable[[WriteTransaction], T]) -> T:
        """Run `act` in the writing transaction and return its answer once it is durable.

        An exception out of `act` undoes what `act` did, nothing else, and comes back to the caller.
        `act` runs in the writer's thread, now and then twice; it may not change or commit anything by another way.
        Raises NotSaved when the database does not confirm the commit.
        """
        future: Future[T] = Future()
        with self._door:
            if self._closed:
                raise RuntimeError("this store is closed")
            if self._writer is threading.current_thread():
                raise RuntimeError("a change inside a change: use the Unit at hand")
            if self._writer is None or not self._writer.is_alive():
                self._writer = threading.Thread(target=self._write, name="store-writer", daemon=True)
                self._writer.start()
            self._queue.put(_Change(act, future))
        try:
            return future.result(ANSWER_S)
        except TimeoutError:
            if future.cancel():
                raise NotSaved from None
        return future.result()  # it has begun: the database's own time-outs end it

    def _write(self) -> None:
        """The writer: takes what has queued, in the order it came, commits it as one, answers each."""
        while (batch := self._next()) is not None:
            try:
                last = self._commit(batch)
            except BaseException as broken:  # noqa: BLE001  # nobody is told that anything was saved, and the next batch may succeed
                _log.exception("the database took none of %d changes", len(batch))
                self._writing.dispose()
                for change in batch:
                    change.refused = NotSaved()
                    change.refused.__cause__ = broken
                last = 0
            for change in batch:
                change.tell()
            if last:
                self._announce(last)

    def _next(self) -> list[_Change] | None:
        """The next changes to commit together; None when the store is closed and all is written."""
        batch: list[_Change] = []
        while not batch or (len(batch) < BATCH and not self._queue.empty()):
            change = self._queue.get()
            if change is None:
                self._queue.put(None)  # the last there is: the next call finds it again
                return batch or None
            if change.future.set_running_or_notify_cancel():
                batch.append(change)
        return batch

    def _commit(self, batch: list[_Change]) -> int:
        """Commit `batch` durably; the id of the ledger's last row if it has grown, else 0."""
        try:
            return self._attempt(batch, use_savepoints=False)
        except CannotUndoAlone:
            return self._attempt(batch, use_savepoints=True)

    def _attempt(self, batch: list[_Change], *, use_savepoints: bool) -> int:
        self._lineage.same_file()
        with self._writing.connect() as connection, connection.begin() as transaction:
            before = ledger_rows.heads(connection)
            self._lineage.continues(connection, before.newest)
            unit = self._unit = WriteTransaction(connection, before, use_savepoints)
            try:
                for change in batch:
                    change.make(unit)
                    if not transaction.is_active:
                        raise RuntimeError("a change ended the writer's transaction")
                unit.write()
            finally:
                self._unit = None
        self._lineage.same_file()  # a commit into a file that lost its name meanwhile is confirmed to nobody
        newest = unit.heads.newest
        self._lineage.seen(newest)
        acts_log.write(unit.recorded, unit.usernames)
        return newest.id if newest.id > before.newest.id else 0

    def _before(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if self._unit is not None:
            self._unit.before(statement)

    def _announce(self, last: int) -> None:
        for tell in list(self.after_commit):
            try:
                tell(last)
            except Exception:  # noqa: BLE001  # a listener's trouble is not the saver's
                _log.exception("a listener failed at ledger row %d", last)

    def close(self) -> None:
        """Let the writer finish what has queued, then let go of the database. Twice is once."""
        with self._door:
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

    def _leave_to_parent(self) -> None:
        """In a forked child: the connections, and what had queued, are the parent's."""
        self._door = threading.Lock()
        self._queue = queue.SimpleQueue()
        self._writer = None
        self.engine.dispose(close=False)
        self._writing.dispose(close=False)
        self._unlock()  # the parent's own descriptor still holds it


def connect(url: str, *, create: bool = True) -> Store:
    """Open the database at `url` (sqlite:///… or postgresql+psycopg://…). Its tables are made by `migrate`.

    Without `create` an SQLite file that is missing or empty is left so: NoDatabase. Raises UnknownDatabase, PathTooLong,
    BeingRestored, or OSError where the file cannot be opened.
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
        store._leave_to_parent()  # noqa: SLF001  # this module's own class


os.register_at_fork(after_in_child=_after_fork)
