"""Checks that a file of the library is still the registered one. Hashed once, and again when it changes on disk."""

import hashlib
import logging
import threading
from collections import defaultdict
from pathlib import Path

LOG = logging.getLogger("judging-desk.films")
Identity = tuple[
    int, int, int, int, int
]  # device, inode, size, and the times of the last change (ns) of content and inode


class Registered:
    """Caches the result until the file's stat changes. One thread at a time hashes a file; the others wait."""

    def __init__(self) -> None:
        self._known: dict[tuple[Path, str], tuple[Identity, bool]] = {}
        self._turns: defaultdict[Path, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def holds(self, path: Path, sha256: str) -> bool:
        """True if the file's content has this SHA-256 (hex). A mismatch is logged. Raises OSError."""
        with self._lock:
            turn = self._turns[path]
        with turn:
            found = path.stat()
            identity = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
            before = self._known.get((path, sha256))
            if before is not None and before[0] == identity:
                return before[1]
            with path.open("rb") as file:
                holds = hashlib.file_digest(file, "sha256").hexdigest() == sha256
            self._known[path, sha256] = (identity, holds)
        if not holds:
            LOG.error("%s is not the file that was registered; it is not served", path)
        return holds
