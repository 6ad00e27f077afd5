"""The lock of an SQLite database: shared by every server and command that has it open, exclusive while it is restored."""

import fcntl
import os
from pathlib import Path

from core.rules.words import Refusal


class DatabaseInUse(Refusal):
    """A server or a command has the database open, so nothing may take its place."""

    def __init__(self, place: str) -> None:
        super().__init__(
            "Máy chủ hoặc một lệnh khác đang mở cơ sở dữ liệu {place}; hãy dừng hết rồi mới khôi phục.", place=place
        )


class BeingRestored(Refusal):
    """`restore` is at work at this place."""

    def __init__(self, place: str) -> None:
        super().__init__("Cơ sở dữ liệu {place} đang được khôi phục; hãy đợi lệnh restore xong.", place=place)


def acquire(database: Path, *, exclusive: bool = False) -> int:
    """Open and lock the lock file of an SQLite database: shared by whoever has it open, `exclusive` for a restore.

    Gives the file descriptor; the lock ends when it is closed, or with the process however it ends. Raises DatabaseInUse or
    BeingRestored without waiting, or OSError. The lock file is hidden, so that moving `desk.db*` away leaves it in its place.
    """
    real = Path(os.path.realpath(database))
    descriptor = _lock_file(real.with_name(f".{real.name}.lock"))
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError as taken:
        os.close(descriptor)
        raise (DatabaseInUse if exclusive else BeingRestored)(str(database)) from taken
    return descriptor


def _lock_file(path: Path) -> int:
    """Open it, made where it is missing; made by root it belongs to the folder's owner, who is to serve the desk."""
    try:
        return os.open(path, os.O_RDWR)
    except FileNotFoundError:
        opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if os.geteuid() == 0:
        folder = path.parent.stat()
        os.fchown(opened, folder.st_uid, folder.st_gid)
    return opened
