"""The database's door: SQLite in WAL with synchronous=FULL, or PostgreSQL; the same promises on both (PLATFORM §2)."""

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa

from core.store import ledger, tables

T = TypeVar("T")
ADVISORY_LOCK = 0x42474B  # "BGK": one writer of the ledger at a time among PostgreSQL's processes
BATCH = 64  # changes that share one durable commit


@dataclass(slots=True)
class Unit:
    """One change in the making: a connection inside the writing transaction, and the ledger it must write to."""

    connection: sa.Connection
    head: ledger.Head

    def record(self, *, at: int, actor: str, event: str, payload: ledger.Payload) -> ledger.Row:
        """Append the ledger's row for this change; `at` in UTC milliseconds."""
        row = ledger.sealed(self.head, at=at, actor=actor, event=event, payload=payload)
        self.connection.execute(
            _APPEND,
            {"seq": row.seq, "at": row.at, "actor": actor, "event": event, "payload": row.payload, "prev": row.prev, "hash": row.hash},
        )
        self.head = ledger.Head(row.seq, row.at, row.hash)
        return row


_APPEND = tables.ledger.insert()
_HEAD = (
    sa.select(tables.ledger.c.seq, tables.ledger.c.at, tables.ledger.c.hash).order_by(tables.ledger.c.seq.desc()).limit(1)
)


@dataclass(slots=True)
class Store:
    """An open database. Readers take snapshots; changes queue for one writer, which commits them in groups."""

    engine: sa.Engine
    after_commit: list[Callable[[int], None]] = field(default_factory=list)  # told the ledger's new last seq
    _queue: "queue.SimpleQueue[tuple[Callable[[Unit], Any], Future[Any]] | None]" = field(default_factory=queue.SimpleQueue)
    _writer: threading.Thread | None = None
    _start: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection inside one read transaction: everything it answers is of one moment."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    def change(self, act: Callable[[Unit], T]) -> T:
        """Run `act` in the writing transaction and return its answer once it is durable.

        An exception out of `act` undoes what `act` did, nothing else, and comes back to the caller.
        """
        future: Future[T] = Future()
        with self._start:
            if self._writer is None or not self._writer.is_alive():
                self._writer = threading.Thread(target=self._write, name="store-writer", daemon=True)
                self._writer.start()
        self._queue.put((act, future))
        return future.result()

    def _write(self) -> None:
        """The writer: takes what has queued, commits it as one, answers each."""
        while True:
            first = self._queue.get()
            if first is None:
                return
            batch = [first]
            while len(batch) < BATCH and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    self._queue.put(None)
                    break
                batch.append(following)
            self._commit(batch)

    def _commit(self, batch: "list[tuple[Callable[[Unit], Any], Future[Any]]]") -> None:
        answers: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with self.engine.connect().execution_options(writing=True) as connection, connection.begin():
                row = connection.execute(_HEAD).first()
                unit = Unit(connection, ledger.Head(row.seq, row.at, bytes(row.hash)) if row else ledger.Head())
                began = unit.head.seq
                for act, future in batch:
                    before = unit.head
                    savepoint = connection.begin_nested()
                    try:
                        answer = act(unit)
                        savepoint.commit()
                        answers.append((future, answer, None))
                    except Exception as refused:
                        savepoint.rollback()
                        unit.head = before
                        answers.append((future, None, refused))
        except Exception as broken:  # the commit itself failed: nobody is told that anything was saved
            for _, future in batch:
                future.set_exception(broken)
            return
        for future, answer, refused in answers:
            if refused is not None:
                future.set_exception(refused)
            else:
                future.set_result(answer)
        if unit.head.seq > began:
            for tell in self.after_commit:
                tell(unit.head.seq)

    def close(self) -> None:
        """Let the writer finish what has queued, then let go of the database."""
        if self._writer is not None:
            self._queue.put(None)
            self._writer.join()
        self.engine.dispose()


def connect(url: str) -> Store:
    """Open the database at `url` (sqlite:///… or postgresql+psycopg://…). Its tables are not made here: see `migrate`."""
    engine = sa.create_engine(url, pool_size=20, max_overflow=40)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _sqlite_connect)
        sa.event.listen(engine, "begin", _sqlite_begin)
    else:
        sa.event.listen(engine, "begin", _postgresql_begin)
    return Store(engine)


def _sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN leaves DDL outside the transaction
    for pragma in ("busy_timeout=20000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
                   "trusted_schema=OFF", "recursive_triggers=ON", "cell_size_check=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: sa.Connection) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _postgresql_begin(connection: sa.Connection) -> None:
    if connection.get_execution_options().get("writing"):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
