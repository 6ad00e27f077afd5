"""One change in the making: what it may do to the database, what it tells the ledger, and how it is undone alone."""

import dataclasses
from dataclasses import dataclass, field
from operator import attrgetter

import sqlalchemy as sa

from core.store import connections, ledger

_FIELDS = tuple(field.name for field in dataclasses.fields(ledger.Row))
_COLUMNS = ", ".join(_FIELDS)
_values = attrgetter(*_FIELDS)
_APPEND = f"INSERT INTO ledger ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  # our own columns
_APPEND_ARRAYS = (  # PostgreSQL takes many rows in one statement sooner than one statement many times
    f"INSERT INTO ledger ({_COLUMNS}) SELECT * FROM "  # noqa: S608  # the same
    "unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::bytea[])"
)
# SQLite lets go of all savepoints at the commit; PostgreSQL slows down where many are open.
_OPEN, _UNDO = "SAVEPOINT change", "ROLLBACK TO SAVEPOINT change"
_NEXT = {"sqlite": _OPEN, "postgresql": f"RELEASE SAVEPOINT change; {_OPEN}"}
Kept = tuple[ledger.Head, tuple[ledger.Row, ...]]


class CannotUndoAlone(Exception):
    """A change was refused after it had written, and no savepoint lies before it."""


@dataclass(slots=True)
class Unit:
    """One change in the making: a connection inside the writing transaction, and the ledger it must write to.

    A batch goes without savepoints while every refusal comes before its change's first write; where one does not, the
    batch is made again, carefully. The ledger's rows of a batch are written together; whoever asks for it finds it whole.
    """

    connection: sa.Connection
    head: ledger.Head
    careful: bool
    _unwritten: list[ledger.Row] = field(default_factory=list)
    _wrote: bool = False
    _opened: bool = False

    def record(self, *, at: int, actor: str, event: str, payload: ledger.Payload) -> ledger.Row:
        """Append the ledger's row for this change; `at` in UTC milliseconds."""
        row = ledger.sealed(self.head, at=at, actor=actor, event=event, payload=payload)
        self._unwritten.append(row)
        self.head = ledger.Head(row.seq, row.at, row.hash)
        return row

    def begin(self) -> Kept:
        """The next change of the batch begins; the answer is what `undo` goes back to."""
        if self.careful:
            self.connection.exec_driver_sql(_NEXT[self.connection.dialect.name] if self._opened else _OPEN)
            self._opened = True
        self._wrote = False
        return self.head, tuple(self._unwritten)

    def undo(self, kept: Kept) -> None:
        """Undo what was done since `begin`, and nothing else."""
        if self.careful:
            self.connection.exec_driver_sql(_UNDO)
        elif self._wrote or connections.refusing(self.connection):
            raise CannotUndoAlone
        self.head, self._unwritten = kept[0], list(kept[1])

    def write_ledger(self) -> None:
        """Write the rows that were recorded, all at once."""
        rows, self._unwritten = [_values(row) for row in self._unwritten], []
        if not rows:
            return
        if self.connection.dialect.name == "postgresql":
            self.connection.exec_driver_sql(_APPEND_ARRAYS, tuple(map(list, zip(*rows, strict=True))))
        else:
            self.connection.exec_driver_sql(_APPEND, rows)

    def before(self, statement: str) -> None:
        """Told of every statement before it runs."""
        if not statement.startswith("SELECT"):
            self._wrote = True
        if self._unwritten and "ledger" in statement:
            self.write_ledger()
