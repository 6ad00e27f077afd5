"""What may lie on a disk after a power cut, rebuilt from what disk.c has written down of a run."""

import random
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

HEAD = struct.Struct("=cHQI")
SECTOR = 512  # what a disk writes whole


@dataclass(frozen=True, slots=True)
class Deed:
    """One write (W), truncation (T), unlink (U) or sync (S) of a file, or one line said (A)."""

    kind: str
    path: Path
    offset: int
    data: bytes


@dataclass(slots=True)
class File:
    """A file's synced content, and the deeds since."""

    content: bytearray = field(default_factory=bytearray)
    pending: list[Deed] = field(default_factory=list)


@dataclass(slots=True)
class Disk:
    """A folder's files as the programs see them, and their names as they were at the folder's last sync."""

    folder: Path
    files: dict[str, File]
    settled: dict[str, File]

    @classmethod
    def of(cls, folder: Path, content: Mapping[str, bytes]) -> "Disk":
        """A disk on which everything is synced."""
        files = {name: File(bytearray(data)) for name, data in content.items()}
        return cls(folder, files, dict(files))

    def take(self, deed: Deed) -> None:
        """The next thing that happened."""
        if deed.kind == "S" and deed.path == self.folder:
            self.settled = dict(self.files)
        elif deed.kind == "S":
            file = self.files[deed.path.name]
            file.content, file.pending = done(file.content, file.pending), []
        elif deed.kind == "U":
            self.files.pop(deed.path.name, None)
        elif deed.kind in "WT":
            self.files.setdefault(deed.path.name, File()).pending.append(deed)

    def cut(self, chance: random.Random) -> dict[str, bytes]:
        """The power goes: what was not synced is there, or is not, or half, and in no order."""
        names = chance.choice([self.settled, self.files])
        return {name: bytes(done(file.content, survived(file.pending, chance))) for name, file in names.items()}


def done(content: bytearray, deeds: list[Deed]) -> bytearray:
    """The content after these deeds."""
    content = bytearray(content)
    for deed in deeds:
        if len(content) < deed.offset:
            content.extend(bytes(deed.offset - len(content)))
        if deed.kind == "T":
            del content[deed.offset :]
        else:
            content[deed.offset : deed.offset + len(deed.data)] = deed.data
    return content


def survived(deeds: list[Deed], chance: random.Random) -> list[Deed]:
    """Which of the deeds that were not synced reached the disk."""
    how = chance.choice(["none", "all", "some", "first", "torn"])
    if how == "all" or not deeds:
        return deeds
    if how == "some":
        return [deed for deed in deeds if chance.random() < 0.5]
    if how == "first":
        return deeds[: chance.randint(0, len(deeds))]
    if how == "torn":
        *whole, last = deeds
        length = chance.randint(0, len(last.data)) // SECTOR * SECTOR
        return [*whole, Deed(last.kind, last.path, last.offset, last.data[:length])]
    return []


def deeds(log: Path) -> Iterator[Deed]:
    """What disk.c has written down, in its order."""
    told, at = log.read_bytes(), 0
    while at < len(told):
        kind, named, offset, length = HEAD.unpack_from(told, at)
        at += HEAD.size
        path, data = told[at : at + named], told[at + named : at + named + length]
        at += named + length
        yield Deed(kind.decode(), Path(path.decode()), offset, data)
