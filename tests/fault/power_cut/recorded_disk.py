"""The possible contents of a disk after a power cut, rebuilt from the log that disk.c wrote during a run."""

import random
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

HEAD = struct.Struct("=cHQI")
SECTOR = 512  # bytes: a disk writes a sector completely or not at all


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation on a file: write (W), truncation (T), unlink (U) or sync (S); or one printed line (A)."""

    kind: str
    path: Path
    offset: int
    data: bytes


@dataclass(slots=True)
class File:
    """A file's synced content, and the operations since then."""

    content: bytearray = field(default_factory=bytearray)
    pending: list[Operation] = field(default_factory=list)


@dataclass(slots=True)
class Disk:
    """A folder's files as programs see them, and its file names as of the folder's last sync."""

    folder: Path
    files: dict[str, File]
    settled: dict[str, File]

    @classmethod
    def of(cls, folder: Path, content: Mapping[str, bytes]) -> "Disk":
        """A disk on which everything is synced."""
        files = {name: File(bytearray(data)) for name, data in content.items()}
        return cls(folder, files, dict(files))

    def take(self, operation: Operation) -> None:
        """Apply the next recorded operation."""
        if operation.kind == "S" and operation.path == self.folder:
            self.settled = dict(self.files)
        elif operation.kind == "S":
            file = self.files[operation.path.name]
            file.content, file.pending = done(file.content, file.pending), []
        elif operation.kind == "U":
            self.files.pop(operation.path.name, None)
        elif operation.kind in "WT":
            self.files.setdefault(operation.path.name, File()).pending.append(operation)

    def cut(self, chance: random.Random) -> dict[str, bytes]:
        """Cut the power: each operation since the last sync may be kept, lost or kept in part, in any order."""
        names = chance.choice([self.settled, self.files])
        return {name: bytes(done(file.content, survived(file.pending, chance))) for name, file in names.items()}


def done(content: bytearray, operations: list[Operation]) -> bytearray:
    """The content after these operations."""
    content = bytearray(content)
    for operation in operations:
        if len(content) < operation.offset:
            content.extend(bytes(operation.offset - len(content)))
        if operation.kind == "T":
            del content[operation.offset :]
        else:
            content[operation.offset : operation.offset + len(operation.data)] = operation.data
    return content


def survived(operations: list[Operation], chance: random.Random) -> list[Operation]:
    """A random choice of the unsynced operations that reached the disk; the last may be cut at a sector boundary."""
    how = chance.choice(["none", "all", "some", "first", "torn"])
    if how == "all" or not operations:
        return operations
    if how == "some":
        return [operation for operation in operations if chance.random() < 0.5]
    if how == "first":
        return operations[: chance.randint(0, len(operations))]
    if how == "torn":
        *whole, last = operations
        length = chance.randint(0, len(last.data)) // SECTOR * SECTOR
        return [*whole, Operation(last.kind, last.path, last.offset, last.data[:length])]
    return []


def operations(log: Path) -> Iterator[Operation]:
    """The operations that disk.c recorded, in order."""
    log_bytes, at = log.read_bytes(), 0
    while at < len(log_bytes):
        kind, named, offset, length = HEAD.unpack_from(log_bytes, at)
        at += HEAD.size
        path, data = log_bytes[at : at + named], log_bytes[at + named : at + named + length]
        at += named + length
        yield Operation(kind.decode(), Path(path.decode()), offset, data)
