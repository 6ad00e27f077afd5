"""The film library: one folder whose files are named after their SHA-256, never after a name given by a person."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the library."""

    name: str
    sha256: str
    bytes: int


@contextmanager
def locked(library: Path) -> Iterator[None]:
    """Hold the library's file lock: one process at a time adds films. Raises BlockingIOError if another holds it."""
    library.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(library / ".lock", os.O_RDWR | os.O_CREAT, 0o600)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def names(library: Path) -> set[str]:
    """The file names in the library; empty if the folder does not exist."""
    return {path.name for path in library.iterdir()} if library.is_dir() else set()


def remove(library: Path, file_names: Iterable[str]) -> None:
    """Delete files from the library; missing files are ignored."""
    for name in file_names:
        (library / name).unlink(missing_ok=True)


def sha256_of(path: Path, report: Callable[[float], None] = lambda _share: None) -> str:
    """The SHA-256 of a file (hex). `report` hears the share that is done, and may raise to stop. Raises OSError."""
    digest, done, size = hashlib.sha256(), 0, path.stat().st_size or 1
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            report(done / size)
            digest.update(block)
            done += len(block)
    return digest.hexdigest()


def store(source: Path, library: Path) -> StoredFile:
    """Copy a film into the library, reading it once. It gets its name after fsync; equal films share one file."""
    library.mkdir(parents=True, exist_ok=True)
    digest, length = hashlib.sha256(), 0
    handle, raw = tempfile.mkstemp(dir=library, suffix=".tmp")
    temporary = Path(raw)
    try:
        with os.fdopen(handle, "wb") as write, source.open("rb") as read:
            while block := read.read(BLOCK):
                digest.update(block)
                write.write(block)
                length += len(block)
            write.flush()
            os.fsync(write.fileno())
        name = film_name(digest.hexdigest())
        temporary.chmod(0o600)
        temporary.replace(library / name)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return StoredFile(name, digest.hexdigest(), length)


@contextmanager
def unfinished_files(library: Path, film: str) -> Iterator[Path]:
    """A folder in the library for unfinished files about a film (its SHA-256, hex). It is removed after the block.

    Folders that killed processes left for this film are removed first. A process that was taken for dead and is still
    writing there then fails, and writes into nobody's file.
    """
    library.mkdir(parents=True, exist_ok=True)
    prefix = f".{film[:16]}-"
    for left in library.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=library))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(finished: Path, library: Path, sha256: str) -> None:
    """Give a finished file in the library, already written to the disk, its name there. Calling it twice is harmless."""
    target = library / film_name(sha256)
    if finished.exists() or not target.exists():
        finished.replace(target)
    names = os.open(library, os.O_RDONLY)
    try:
        os.fsync(names)
    finally:
        os.close(names)


def film_name(sha256: str) -> str:
    """The name in the library of the film with this SHA-256 (hex)."""
    return f"{sha256}.mp4"
