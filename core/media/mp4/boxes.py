"""The boxes of an MP4 file (ISO/IEC 14496-12 §4.2): those at the top of the file, and those inside another box.

Sizes are checked against the bytes that are there, and every walk is bounded, so that hostile bytes cost little time.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.rules.words import Sentence

SHORT, LONG = 8, 16  # bytes of a box header: with a size of 32 bits, and of 64
MAX_TOP_BOXES = 100_000  # boxes at the top of a file
MAX_CHILDREN = 500  # boxes side by side inside another


class BrokenIndex(ValueError):
    """A box of the index does not hold what its kind must hold. The argument is the box's kind."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box at the top of a file: its kind, and the bytes of its content."""

    kind: str
    start: int
    end: int  # exclusive; past the end of the file where the file is cut short


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes at the top of a file, in order, and what is wrong with them (None: nothing)."""

    boxes: tuple[Box, ...]
    size: int  # bytes of the file
    problem: Sentence | None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the boxes, in order."""
        return tuple(box.kind for box in self.boxes)


def walk(path: Path) -> Boxes:
    """Read the headers of the boxes at the top of the file; bytes after the last box are not looked at."""
    boxes: list[Box] = []
    with path.open("rb", buffering=0) as file:
        size, at = os.fstat(file.fileno()).st_size, 0
        while at < size and len(boxes) < MAX_TOP_BOXES:
            box = _header(os.pread(file.fileno(), LONG, at), at, size)
            if box is None:
                break
            boxes.append(box)
            if box.kind == "moof" or box.end > size:
                break
            at = box.end
    return Boxes(tuple(boxes), size, _problem(boxes, at, size))


def _header(head: bytes, at: int, limit: int) -> Box | None:
    """The box whose header is `head`, at byte `at` of what ends at `limit`; None where it is no header."""
    if len(head) < SHORT:
        return None
    length, kind = struct.unpack_from(">I4s", head)
    start = at + SHORT
    if length == 1 and len(head) >= LONG:
        (length,), start = struct.unpack_from(">Q", head, SHORT), at + LONG
    elif length == 0:
        length = limit - at
    return Box(kind.decode("latin-1"), start, at + length) if at + length >= start else None


def _problem(boxes: list[Box], at: int, size: int) -> Sentence | None:
    """Why these boxes make no film. `at` is the first byte that is in no whole box."""
    kinds = [box.kind for box in boxes if box.end <= size or box.kind == "mdat"]  # a cut mdat: its samples decide
    if size == 0:
        return Sentence("Tệp rỗng.")
    if "ftyp" not in kinds:
        return Sentence("Tệp không phải là MP4.")
    if "moof" in kinds:
        says = (
            "Tệp MP4 ghi thành từng đoạn rời (fragmented) nên trình duyệt không biết trước thời lượng;"
            " hãy xuất lại thành MP4 thường (ví dụ: ffmpeg -i cu.mp4 -c copy moi.mp4)."
        )
        return Sentence(says)
    if kinds.count("moov") > 1:
        return Sentence("Tệp có nhiều mục lục (moov), mỗi trình phát có thể hiện một phim khác; hãy xuất lại.")
    return _missing([kind for kind in ("moov", "mdat") if kind not in kinds], at, size)


def _missing(kinds: list[str], at: int, size: int) -> Sentence | None:
    if kinds and at < size:
        return Sentence("Tệp không trọn vẹn: hỏng từ byte {at} trên {size}.", {"at": at, "size": size})
    if kinds:
        return Sentence("Tệp MP4 thiếu phần {boxes}.", {"boxes": ", ".join(kinds)})
    return None


def children(body: memoryview) -> Iterator[tuple[str, memoryview]]:
    """The kind and the content of each box in `body`, in order. Raises BrokenIndex."""
    at = 0
    for _ in range(MAX_CHILDREN):
        if len(body) - at < SHORT:
            return
        box = _header(bytes(body[at : at + LONG]), at, len(body))
        if box is None or box.end > len(body):
            raise BrokenIndex(box.kind if box else "")
        yield box.kind, body[box.start : box.end]
        at = box.end
    raise BrokenIndex("")


def find(body: memoryview, *path: str) -> memoryview | None:
    """The content of the first box at this path of kinds ("mdia", "hdlr"); None where there is none. Raises BrokenIndex."""
    found: memoryview | None = body
    for kind in path:
        if found is None:
            return None
        found = next((content for each, content in children(found) if each == kind), None)
    return found


def require(body: memoryview, *path: str) -> memoryview:
    """As `find`, where the box must be there. Raises BrokenIndex."""
    found = find(body, *path)
    if found is None:
        raise BrokenIndex(path[-1])
    return found


def fields(form: str, body: memoryview, at: int = 0) -> tuple[int, ...]:
    """Big-endian integers at byte `at` of a box's content, by their `struct` form. Raises BrokenIndex."""
    try:
        return struct.unpack_from(f">{form}", body, at)
    except struct.error:
        raise BrokenIndex("") from None
