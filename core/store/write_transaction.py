"""The write transaction of a batch of changes: writes rows, appends to the ledger, and undoes a single change."""

import dataclasses
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import attrgetter

import sqlalchemy as sa

from core.store import events, ledger
from core.store.database import connections
from core.store.events.payloads import Payload
from core.store.people import accounts, disclosures
from core.store.signing.signing_key import SigningKey

_FIELDS = tuple(field.name for field in dataclasses.fields(ledger.Row))
_COLUMNS = ", ".join(_FIELDS)
_MARKS = ", ".join("?" * len(_FIELDS))
_values = attrgetter(*_FIELDS)
_APPEND = f"INSERT INTO ledger ({_COLUMNS}) VALUES ({_MARKS})"  # noqa: S608  # column names from this module
_APPEND_ARRAYS = (  # for PostgreSQL one statement with many rows is faster than many statements
    f"INSERT INTO ledger ({_COLUMNS}) SELECT * FROM "  # noqa: S608  # the same
    "unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::integer[], %s::text[], "
    "%s::bytea[], %s::bytea[])"
)
# SQLite releases all savepoints at commit; PostgreSQL gets slow when many are open.
_OPEN, _UNDO = "SAVEPOINT change", "ROLLBACK TO SAVEPOINT change"
_NEXT = {"sqlite": _OPEN, "postgresql": f"RELEASE SAVEPOINT change; {_OPEN}"}


class CannotUndoAlone(Exception):
    """A change failed after it, or a batch of deferred rows, had written, and there is no savepoint to roll back to."""


@dataclass(frozen=True, slots=True)
class _DeferredRow:
    """A deferred row, the statement that inserts it, and the keys of the reads that it affects."""

    statement: sa.Insert
    row: Mapping[str, object]
    about: tuple[Hashable, ...]


SavedState = tuple[ledger.Heads, tuple[ledger.Row, ...], tuple[_DeferredRow, ...]]


@dataclass(slots=True)
class WriteTransaction:
    """A connection inside the write transaction of a batch, and the ledger that each change must append to.

    A batch runs without savepoints as long as each failing change fails before its first write. Otherwise the whole
    batch runs again with savepoints. Ledger rows and deferred rows of a batch are collected and written together.
    Deferred rows are written before the next statement on this connection, except inside `read_without_flush`;
    ledger rows with them, or before the next statement that names the ledger.
    """

    connection: sa.Connection
    heads: ledger.Heads
    use_savepoints: bool
    signing_key: SigningKey = field(default_factory=SigningKey)  # signs the checkpoints
    recorded: list[ledger.Row] = field(default_factory=list)  # all ledger rows of this batch, written or not
    usernames: dict[str, str] = field(default_factory=dict)  # pseudonym -> username, of people in this batch's rows
    _unwritten: list[ledger.Row] = field(default_factory=list)
    _deferred: list[_DeferredRow] = field(default_factory=list)
    _no_flush: bool = False
    _has_written: bool = False
    _savepoint_open: bool = False

    def record(self, *, at: int, actor: str, payload: Payload, pseudonym: str | None = None) -> ledger.Row:
        """Append a ledger row for this change and return it. `at` is UTC milliseconds.

        `actor` is a username, or SYSTEM; `pseudonym` is the actor's, if the caller has already read it.
        Raises LookupError if there is no account `actor`.
        """
        event, by = events.event_of(payload), pseudonym or self.pseudonym(actor)
        if pseudonym is not None:
            self.usernames[pseudonym] = actor
        row = ledger.next_row(
            self.heads, chain=event.chain, at=at, actor=by, event=event.name, version=event.version,
            payload=events.encode(payload),
        )  # fmt: skip
        self._unwritten.append(row)
        self.recorded.append(row)
        self.heads = self.heads.after(row)
        return row

    def pseudonym(self, username: str) -> str:
        """The pseudonym of this account; SYSTEM stays SYSTEM. Raises LookupError if there is no such account."""
        if username == ledger.SYSTEM:
            return username
        found = accounts.pseudonym(self.connection, username)
        if found is None:
            raise LookupError(f"no account: {username}")
        self.usernames[found] = username
        return found

    def commit_text(self, text: str) -> str:
        """Store a personal text in `disclosure`, where it can be deleted. Returns its commitment (hex)."""
        made = disclosures.new(text)
        self.defer_insert(disclosures.INSERT, made)
        return str(made["commitment"])

    def defer_insert(self, statement: sa.Insert, row: Mapping[str, object], *about: Hashable) -> None:
        """Insert `row` later, together with all rows of the batch for the same statement; with savepoints, at once.

        `about`: keys of the reads that must see this row (see `read_without_flush`).
        """
        if self.use_savepoints:
            self.connection.execute(statement, row)
        else:
            self._deferred.append(_DeferredRow(statement, row, about))

    @contextmanager
    def read_without_flush(self, about: Hashable) -> Iterator[sa.Connection]:
        """Read without first writing the deferred rows, unless one is about `about` and could change the answer."""
        if any(about in each.about for each in self._deferred):
            self.write()
        self._no_flush = True
        try:
            yield self.connection
        finally:
            self._no_flush = False

    def begin(self) -> SavedState:
        """Start the next change of the batch. Returns the state that `undo` restores."""
        if self.use_savepoints:
            self.connection.exec_driver_sql(_NEXT[self.connection.dialect.name] if self._savepoint_open else _OPEN)
            self._savepoint_open = True
        self._has_written = False
        return self.heads, tuple(self._unwritten), tuple(self._deferred)

    def undo(self, saved: SavedState) -> None:
        """Undo everything since `begin`, and nothing else. Raises CannotUndoAlone if it wrote without a savepoint."""
        if self.use_savepoints:
            self.connection.exec_driver_sql(_UNDO)
        elif self._has_written or connections.in_failed_transaction(self.connection):
            raise CannotUndoAlone
        self.heads, self._unwritten, self._deferred = saved[0], list(saved[1]), list(saved[2])
        self.recorded = [row for row in self.recorded if row.id <= self.heads.newest.id]

    def not_before(self, at: int) -> int:
        """The later of `at` and the newest ledger row's time, UTC ms. Every decision that depends on time uses it."""
        return max(at, self.heads.newest.at)

    def write(self) -> None:
        """Write the collected ledger rows and deferred rows, one statement per kind.

        Raises CannotUndoAlone if the database refuses a row and the batch has no savepoints.
        """
        deferred, self._deferred = self._deferred, []
        rows_by_statement: dict[sa.Insert, list[Mapping[str, object]]] = {}
        for each in deferred:
            rows_by_statement.setdefault(each.statement, []).append(each.row)
        try:
            self._write_ledger()
            for statement, rows in rows_by_statement.items():
                self.connection.execute(statement, rows)
        except (sa.exc.DBAPIError, UnicodeEncodeError) as error:
            if self.use_savepoints or connections.is_database_failure(error):
                raise
            raise CannotUndoAlone from error

    def _write_ledger(self) -> None:
        rows, self._unwritten = [_values(row) for row in self._unwritten], []
        if not rows:
            return
        if self.connection.dialect.name == "postgresql":
            self.connection.exec_driver_sql(_APPEND_ARRAYS, tuple(map(list, zip(*rows, strict=True))))
        else:
            self.connection.exec_driver_sql(_APPEND, rows)

    def before_statement(self, statement: str) -> None:
        """Called before every statement on the connection. Writes the collected rows if the statement may need them."""
        if not statement.startswith("SELECT"):
            self._has_written = True
        if not self._no_flush and (self._deferred or (self._unwritten and "ledger" in statement)):
            self.write()
