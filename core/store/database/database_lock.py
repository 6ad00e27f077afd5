"""The lock file of an SQLite database: shared while a server or command has it open, exclusive during a restore."""

import fcntl
import os
from pathlib import Path

from core.rules.words import Refusal


class DatabaseInUse(Refusal):
    """A server or a command has the database open, so it cannot be restored."""

    def __init__(self, place: str) -> None:
        super().__init__(
            "Máy chủ hoặc một lệnh khác đang mở cơ sở dữ liệu {place}; hãy dừng hết rồi mới khôi phục.", place=place
        )


class BeingRestored(Refusal):
    """A `restore` of this database is running."""

    def __init__(self, place: str) -> None:
        super().__init__("Cơ sở dữ liệu {place} đang được khôi phục; hãy đợi lệnh restore xong.", place=place)


def acquire(database: Path, *, exclusive: bool = False) -> int:
    """Open and lock the lock file of an SQLite database: shared for normal use, `exclusive` for a restore.

    Returns the file descriptor. The lock ends when it is closed, or when the process ends. Does not wait: raises
    DatabaseInUse if `exclusive`, else BeingRestored; or OSError. The file name starts with a dot, so that moving
    `desk.db*` away leaves it in place.
    """
    real = Path(os.path.realpath(database))
    descriptor = _lock_file(real.with_name(f".{real.name}.lock"))
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise (DatabaseInUse if exclusive else BeingRestored)(str(database)) from error
    return descriptor


def _lock_file(path: Path) -> int:
    """Open or create the lock file. If root creates it, its owner is the folder's owner, who runs the server."""
    try:
        return os.open(path, os.O_RDWR)
    except FileNotFoundError:
        opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if os.geteuid() == 0:
        folder = path.parent.stat()
        os.fchown(opened, folder.st_uid, folder.st_gid)
    return opened
