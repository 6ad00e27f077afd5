"""The file of one upload: written at an offset, made durable, hashed. One writer at a time over all processes."""

import errno
import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from core.desk.uploads.upload_refusals import DiskFull, UploadElsewhere, UploadGone

BLOCK = 1 << 20
HEAD_BYTES = 16  # size, "ftyp", major brand, minor version (ISO/IEC 14496-12 §4.3)
# Major brands of other files that begin with the same box: QuickTime, sound without pictures, pictures.
NOT_FILMS = frozenset(
    {b"qt  ", b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B ", b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis",
     b"crx ", b"jp2 ", b"jpx "}
)  # fmt: skip


def begins_as_mp4(head: bytes) -> bool:
    """Whether these 16 bytes begin with the `ftyp` box of an MP4. The film check reads the rest of the file later."""
    size = int.from_bytes(head[:4], "big")
    return len(head) >= HEAD_BYTES and head[4:8] == b"ftyp" and 16 <= size <= 4096 and head[8:12] not in NOT_FILMS


class UploadFile:
    """An upload's file, open and locked. `write`, `sync` and `sha256` may run in a thread while another calls `close`."""

    def __init__(self, path: Path, kept: int) -> None:
        """Open the file, of which `kept` bytes are safe; made if it is the first piece.

        Raises UploadElsewhere if another process writes it, UploadGone if bytes are missing, DiskFull.
        """
        self._path, self._lock, self._is_new = path, Lock(), kept == 0
        try:
            with _disk():
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._handle = os.open(path, os.O_RDWR | (os.O_CREAT if self._is_new else 0), 0o600)
        except FileNotFoundError:
            raise UploadGone from None
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(self._handle).st_size < kept:
                raise UploadGone
        except BaseException as error:
            os.close(self._handle)
            if isinstance(error, BlockingIOError):
                raise UploadElsewhere from None
            raise

    def write(self, block: bytes | bytearray, at: int) -> None:
        """Write a block at this offset. Raises DiskFull."""
        view = memoryview(block)
        with self._lock, _disk():
            while view:
                written = os.pwrite(self._handle, view, at)
                view, at = view[written:], at + written

    def sync(self) -> None:
        """Return when all that was written is on the disk; for a new file its directory entry too. Raises DiskFull."""
        with self._lock, _disk():
            os.fdatasync(self._handle)
            if self._is_new:
                _sync_folder(self._path.parent)
                self._is_new = False

    def sha256(self, stopped: Callable[[], bool]) -> str:
        """The hash of the file, hex. Raises UploadElsewhere as soon as `stopped` returns true, DiskFull."""
        digest, block, at = hashlib.sha256(), memoryview(bytearray(BLOCK)), 0
        with self._lock, _disk():
            while size := os.preadv(self._handle, [block], at):
                if stopped():
                    raise UploadElsewhere
                digest.update(block[:size])
                at += size
        return digest.hexdigest()

    def close(self) -> None:
        """Close and unlock the file, after a write that is running. A second call does nothing."""
        with self._lock:
            handle, self._handle = self._handle, -1
            if handle >= 0:
                os.close(handle)


def flush_early(path: Path) -> None:
    """Let the disk work while further bytes come; an error is met again by `sync`."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fdatasync(handle)
        finally:
            os.close(handle)


@contextmanager
def _disk() -> Iterator[None]:
    """A disk that does not take bytes, or does not give them, is a DiskFull; the cause says why."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}:
            raise DiskFull from error
        raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
