"""Checks that the database is still the one that was opened. A replaced file, or an older copy, is refused.

An operator may restore a backup while the server runs. The open connections would then write to an unlinked file, and
confirmed changes would be lost at the next start.
"""

from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from core.store import ledger, tables
from core.store.database.connections import DatabaseUnavailable

FileId = tuple[int, int]  # device and inode


class DatabaseReplaced(DatabaseUnavailable):
    """The opened database was replaced by another one: nothing is read or written until the next start."""

    def __init__(self) -> None:
        super().__init__(
            "Cơ sở dữ liệu đã bị thay thế hoặc lùi về bản cũ trong khi máy chủ đang chạy. Hãy khởi động lại máy chủ."
        )


@dataclass(slots=True)
class Lineage:
    """The opened file, and the newest ledger row this process has seen. The database must always contain that row."""

    url: sa.URL
    head: ledger.Head = field(default_factory=ledger.Head)
    _path: Path | None = field(init=False)  # of the SQLite file; None for PostgreSQL
    _file: FileId | None = field(init=False)

    def __post_init__(self) -> None:
        self._path = Path(str(self.url.database)) if self.url.get_backend_name() == "sqlite" else None
        self._file = _file_id(self._path)

    def check_same_file(self) -> None:
        """Raise DatabaseReplaced if the SQLite file is not the one that was opened."""
        if self._path is not None and (self._file is None or _file_id(self._path) != self._file):
            raise DatabaseReplaced

    def check_contains_newest(self, connection: sa.Connection, head: ledger.Head) -> None:
        """Raise DatabaseReplaced if the ledger, whose last row is `head`, lacks the newest row seen so far."""
        mine = self.head
        if not mine.id or head == mine:
            return
        query = sa.select(tables.ledger.c.hash).where(tables.ledger.c.id == mine.id)
        found = connection.execute(query).scalar_one_or_none()
        if found is None or bytes(found) != mine.hash:
            raise DatabaseReplaced

    def remember(self, head: ledger.Head) -> None:
        """Remember `head`, a committed row, if it is newer than the newest row seen so far."""
        if head.id > self.head.id:
            self.head = head


def _file_id(path: Path | None) -> FileId | None:
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found is not None else None
