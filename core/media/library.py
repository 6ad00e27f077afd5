"""Where the films lie: one folder, each file named after its own SHA-256, never after what somebody called it."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the library."""

    name: str
    sha256: str
    bytes: int


@contextmanager
def alone(library: Path) -> Iterator[None]:
    """One process at a time brings films into the library. Raises BlockingIOError where another does."""
    library.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(library / ".lock", os.O_RDWR | os.O_CREAT, 0o600)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def names(library: Path) -> set[str]:
    """What lies in the library."""
    return {path.name for path in library.iterdir()} if library.is_dir() else set()


def remove(library: Path, gone: Iterable[str]) -> None:
    """Take files out of the library; one that is not there is gone already."""
    for name in gone:
        (library / name).unlink(missing_ok=True)


def keep(source: Path, library: Path) -> Kept:
    """Copy a film into the library, reading it once; durable before it bears its name. The same film is kept once."""
    library.mkdir(parents=True, exist_ok=True)
    digest, length = hashlib.sha256(), 0
    handle, raw = tempfile.mkstemp(dir=library, suffix=".tmp")
    copy = Path(raw)
    try:
        with os.fdopen(handle, "wb") as write, source.open("rb") as read:
            while block := read.read(BLOCK):
                digest.update(block)
                write.write(block)
                length += len(block)
            write.flush()
            os.fsync(write.fileno())
        name = f"{digest.hexdigest()}.mp4"
        copy.chmod(0o600)
        copy.replace(library / name)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return Kept(name, digest.hexdigest(), length)
