"""An MP4 as its boxes (ISO/IEC 14496-12 §4.2): a file cut short is found here, where players and probes see nothing."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.rules.words import Sentence

SHORT, LONG = 8, 16  # bytes of a box's header
MOST = 100_000  # boxes at the top of a file: more is no film


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes at the top of a file, in order, and what is wrong with them (None: nothing)."""

    kinds: tuple[str, ...]
    problem: Sentence | None


def walk(path: Path) -> Boxes:
    """Walk the file's top boxes from the first byte to the last; each must end where the next begins."""
    kinds: list[str] = []
    size, at = path.stat().st_size, 0
    with path.open("rb") as file:
        while at < size:
            kind, length = _header(file, at, size)
            kinds.append(kind)
            if kinds[0] != "ftyp" or len(kinds) > MOST:
                return Boxes((), Sentence("Tệp không phải là MP4."))
            if length is None:
                return Boxes(
                    tuple(kinds),
                    Sentence("Tệp không trọn vẹn: hỏng từ byte {at} trên {size}.", {"at": at, "size": size}),
                )
            at += length
    missing = [kind for kind in ("ftyp", "moov", "mdat") if kind not in kinds]
    if missing:
        return Boxes(tuple(kinds), Sentence("Tệp MP4 thiếu phần {boxes}.", {"boxes": ", ".join(missing)}))
    return Boxes(tuple(kinds), None)


def _header(file: BinaryIO, at: int, size: int) -> tuple[str, int | None]:
    """The kind and the length of the box at `at`; a length of None runs past the end of the file."""
    file.seek(at)
    head = file.read(LONG)
    if len(head) < SHORT:
        return "", None
    length, kind = struct.unpack(">I4s", head[:SHORT])
    least = SHORT
    if length == 1 and len(head) == LONG:
        (length,), least = struct.unpack(">Q", head[SHORT:]), LONG
    elif length == 0:
        length = size - at
    return kind.decode("latin-1"), length if least <= length <= size - at else None
