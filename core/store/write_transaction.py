"""One change in the making: what it may do to the database, what it tells the ledger, and how it is undone alone."""

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

_FIELDS = tuple(field.name for field in dataclasses.fields(ledger.Row))
_COLUMNS = ", ".join(_FIELDS)
_MARKS = ", ".join("?" * len(_FIELDS))
_values = attrgetter(*_FIELDS)
_APPEND = f"INSERT INTO ledger ({_COLUMNS}) VALUES ({_MARKS})"  # noqa: S608  # our own columns
_APPEND_ARRAYS = (  # PostgreSQL takes many rows in one statement sooner than one statement many times
    f"INSERT INTO ledger ({_COLUMNS}) SELECT * FROM "  # noqa: S608  # the same
    "unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::integer[], %s::text[], "
    "%s::bytea[], %s::bytea[])"
)
# SQLite lets go of all savepoints at the commit; PostgreSQL slows down where many are open.
_OPEN, _UNDO = "SAVEPOINT change", "ROLLBACK TO SAVEPOINT change"
_NEXT = {"sqlite": _OPEN, "postgresql": f"RELEASE SAVEPOINT change; {_OPEN}"}


class CannotUndoAlone(Exception):
    """A change was refused after it had written, or with others' rows, and no savepoint lies before it."""


@dataclass(frozen=True, slots=True)
class _Later:
    """A row that waits to be written with its like: by which statement, and what it is about."""

    statement: sa.Insert
    row: Mapping[str, object]
    about: tuple[Hashable, ...]


Kept = tuple[ledger.Heads, tuple[ledger.Row, ...], tuple[_Later, ...]]


@dataclass(slots=True)
class WriteTransaction:
    """One change in the making: a connection inside the writing transaction, and the ledger it must write to.

    A batch goes without savepoints while every refusal comes before its change's first write; where one does not, the
    batch is made again with savepoints. The ledger's rows of a batch are written together, and so are the deferred rows:
    they lie in the database before anything else is asked of it, except by `read_without_flush`.
    """

    connection: sa.Connection
    heads: ledger.Heads
    use_savepoints: bool
    recorded: list[ledger.Row] = field(default_factory=list)  # every row of this batch, written or not
    usernames: dict[str, str] = field(default_factory=dict)  # by pseudonym: whom the batch's rows name
    _unwritten: list[ledger.Row] = field(default_factory=list)
    _later: list[_Later] = field(default_factory=list)
    _apart: bool = False
    _wrote: bool = False
    _opened: bool = False

    def record(self, *, at: int, actor: str, payload: Payload, pseudonym: str | None = None) -> ledger.Row:
        """Append the ledger's row for this change; `at` in UTC milliseconds.

        `actor` is a username, or SYSTEM; `pseudonym` theirs, where it was read already.
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
        """How the ledger names this account. Raises LookupError where there is none."""
        if username == ledger.SYSTEM:
            return username
        found = accounts.pseudonym(self.connection, username)
        if found is None:
            raise LookupError(f"no account: {username}")
        self.usernames[found] = username
        return found

    def commit(self, text: str) -> str:
        """Keep a personal text where it can be deleted; gives the commitment that the ledger may hold of it."""
        made = disclosures.new(text)
        self.defer_insert(disclosures.INSERT, made)
        return str(made["commitment"])

    def defer_insert(self, statement: sa.Insert, row: Mapping[str, object], *about: Hashable) -> None:
        """Write `row` together with its like of the whole batch. `about` names whose answers it changes."""
        if self.use_savepoints:
            self.connection.execute(statement, row)
        else:
            self._later.append(_Later(statement, row, about))

    @contextmanager
    def read_without_flush(self, about: Hashable) -> Iterator[sa.Connection]:
        """Ask something that only the rows deferred about the same can answer otherwise."""
        if any(about in waiting.about for waiting in self._later):
            self.write()
        self._apart = True
        try:
            yield self.connection
        finally:
            self._apart = False

    def begin(self) -> Kept:
        """The next change of the batch begins; the answer is what `undo` goes back to."""
        if self.use_savepoints:
            self.connection.exec_driver_sql(_NEXT[self.connection.dialect.name] if self._opened else _OPEN)
            self._opened = True
        self._wrote = False
        return self.heads, tuple(self._unwritten), tuple(self._later)

    def undo(self, kept: Kept) -> None:
        """Undo what was done since `begin`, and nothing else."""
        if self.use_savepoints:
            self.connection.exec_driver_sql(_UNDO)
        elif self._wrote or connections.refusing(self.connection):
            raise CannotUndoAlone
        self.heads, self._unwritten, self._later = kept[0], list(kept[1]), list(kept[2])
        self.recorded = [row for row in self.recorded if row.id <= self.heads.newest.id]

    def not_before(self, at: int) -> int:
        """`at`, or the ledger's last time where the clock runs behind it; UTC milliseconds. What decides by time asks this."""
        return max(at, self.heads.newest.at)

    def write(self) -> None:
        """Write the ledger's rows and those deferred, each kind at once."""
        later, self._later = self._later, []
        alike: dict[sa.Insert, list[Mapping[str, object]]] = {}
        for waiting in later:
            alike.setdefault(waiting.statement, []).append(waiting.row)
        try:
            self._write_ledger()
            for statement, rows in alike.items():
                self.connection.execute(statement, rows)
        except (sa.exc.DBAPIError, UnicodeEncodeError) as refused:
            if self.use_savepoints or connections.lost(refused):
                raise
            raise CannotUndoAlone from refused

    def _write_ledger(self) -> None:
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
        if not self._apart and (self._later or (self._unwritten and "ledger" in statement)):
            self.write()
