"""Reads the boxes of an MP4 file (ISO/IEC 14496-12 §4.2): the top-level ones, and those inside another box.

Sizes are checked against the available bytes, and the number of boxes is limited, so a hostile file costs little time.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.rules.words import Sentence

SHORT, LONG = 8, 16  # bytes of a box header with a size of 32 bits, and of 64 bits
MAX_TOP_BOXES = 100_000  # top-level boxes of a file
MAX_CHILDREN = 500  # boxes side by side inside another


class BrokenIndex(ValueError):
    """A box of the index has invalid content. The argument is the box's kind, "" if unknown."""


@dataclass(frozen=True, slots=True)
class Box:
    """A top-level box: its kind, and the byte range of its content."""

    kind: str
    start: int
    end: int  # exclusive; greater than the file's size if the file is truncated


@dataclass(frozen=True, slots=True)
class Boxes:
    """The top-level boxes of a file, in order, and the problem with them, if any."""

    boxes: tuple[Box, ...]
    size: int  # bytes of the file
    problem: Sentence | None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the boxes, in order."""
        return tuple(box.kind for box in self.boxes)


def walk(path: Path) -> Boxes:
    """Read the headers of the top-level boxes. Bytes after the last box are ignored. Raises OSError."""
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
    """The box whose header `head` is at byte `at` of data that ends at `limit`; None if it is not a valid header."""
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
    """What is wrong with these boxes; None if nothing is. `at`: the first byte after the last complete box."""
    kinds = [box.kind for box in boxes if box.end <= size or box.kind == "mdat"]  # a cut mdat: see its samples
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
    """The content of the first box at this path of kinds ("mdia", "hdlr"), or None. Raises BrokenIndex."""
    found: memoryview | None = body
    for kind in path:
        if found is None:
            return None
        found = next((content for each, content in children(found) if each == kind), None)
    return found


def require(body: memoryview, *path: str) -> memoryview:
    """Like `find`, for a box that must exist. Raises BrokenIndex."""
    found = find(body, *path)
    if found is None:
        raise BrokenIndex(path[-1])
    return found


def fields(form: str, body: memoryview, at: int = 0) -> tuple[int, ...]:
    """Big-endian integers at byte `at` of a box's content; `form` is a `struct` format. Raises BrokenIndex."""
    try:
        return struct.unpack_from(f">{form}", body, at)
    except struct.error:
        raise BrokenIndex("") from None
