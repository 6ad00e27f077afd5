"""Edits the bytes of MP4 files: changes, inserts or removes a box and corrects every size and offset above it."""

import struct
from collections.abc import Callable

Change = Callable[[bytes], bytes]
PICTURE, SOUND = 0, 1  # the tracks of the films that are edited
HEADER = "moov/trak:{}/tkhd"
TABLE = "moov/trak:{}/mdia/minf/stbl"
MATRIX = {"mvhd": 36, "tkhd": 40}  # the offset of the matrix in version 0
UNIT = 1 << 16


def box(kind: str, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind.encode("latin-1")) + body


def boxes(data: bytes) -> list[tuple[str, bytes]]:
    """The type and the content of each box."""
    found, at = [], 0
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        found.append((kind.decode("latin-1"), data[at + 8 : at + length]))
        at += length
    return found


def joined(parts: list[tuple[str, bytes]]) -> bytes:
    return b"".join(box(kind, body) for kind, body in parts)


def edited(data: bytes, path: str, change: Change) -> bytes:
    """The boxes with one content changed; `trak:1` is the second box of its type. The index must be the last box."""
    step, _, below = path.partition("/")
    kind, _, number = step.partition(":")
    parts = boxes(data)
    place = [place for place, (each, _) in enumerate(parts) if each == kind][int(number or 0)]
    body = parts[place][1]
    parts[place] = (kind, edited(body, below, change) if below else change(body))
    return joined(parts)


def patched(at: int, form: str, *values: int) -> Change:
    """Write big-endian numbers at a byte of a box's content."""
    new = struct.pack(f">{form}", *values)
    return lambda body: body[:at] + new + body[at + len(new) :]


def replaced(old: bytes, new: bytes) -> Change:
    def change(body: bytes) -> bytes:
        assert old in body
        return body.replace(old, new, 1)

    return change


def renamed(data: bytes, path: str, kind: str) -> bytes:
    """The film with the box at this path renamed to another kind."""
    above, _, last = path.rpartition("/")
    change = replaced(last.partition(":")[0].encode(), kind.encode())
    return edited(data, above, change) if above else change(data)


def shifted(data: bytes, by: int) -> bytes:
    """The index with every chunk offset moved by this many bytes."""

    def move(body: bytes) -> bytes:
        (count,) = struct.unpack_from(">I", body, 4)
        offsets = struct.unpack_from(f">{count}I", body, 8)
        return body[:8] + struct.pack(f">{count}I", *(offset + by for offset in offsets))

    for track in range(sum(kind == "trak" for kind, _ in boxes(dict(boxes(data))["moov"]))):
        path = TABLE.format(track)
        if any(kind == "stco" for kind, _ in boxes(at(data, path))):
            data = edited(data, f"{path}/stco", move)
    return data


def led(data: bytes, first: bytes) -> bytes:
    """The file with bytes inserted before it."""
    return first + shifted(data, len(first))


def faststart(data: bytes) -> bytes:
    """The file with its index before its samples."""
    parts = dict(boxes(data))
    moved = dict(boxes(shifted(data, 8 + len(parts["moov"]))))
    return joined([(kind, moved[kind]) for kind in ("ftyp", "moov", "free", "mdat") if kind in moved])


def at(data: bytes, path: str) -> bytes:
    """The content of the box at this path."""
    for step in path.split("/"):
        kind, _, number = step.partition(":")
        data = [body for each, body in boxes(data) if each == kind][int(number or 0)]
    return data


def with_edits(data: bytes, track: int, *edits: tuple[int, int, float]) -> bytes:
    """The track with this edit list: milliseconds, media time in ticks (-1: empty), rate. The movie's time scale is
    1,000.
    """
    assert struct.unpack_from(">I", at(data, "moov/mvhd"), 12) == (1000,)
    rows = b"".join(struct.pack(">Iii", length, begins, round(rate * UNIT)) for length, begins, rate in edits)
    table = box("edts", box("elst", struct.pack(">II", 0, len(edits)) + rows))

    def change(body: bytes) -> bytes:
        parts = [part for part in boxes(body) if part[0] != "edts"]
        return joined(parts[:1]) + table + joined(parts[1:])

    return edited(data, f"moov/trak:{track}", change)


def sample_entry(data: bytes, track: int, change: Change) -> bytes:
    """The track with its only sample entry changed, header included."""
    path = f"{TABLE.format(track)}/stsd"
    return edited(data, path, lambda body: body[:8] + change(body[8:]))


def samples(data: bytes, track: int) -> list[tuple[int, int]]:
    """The offset and the size of each sample of a track."""
    table = dict(boxes(at(data, TABLE.format(track))))
    (count,) = struct.unpack_from(">I", table["stsz"], 8)
    sizes = list(struct.unpack_from(f">{count}I", table["stsz"], 12))
    (chunks,) = struct.unpack_from(">I", table["stco"], 4)
    (runs,) = struct.unpack_from(">I", table["stsc"], 4)
    firsts = [struct.unpack_from(">III", table["stsc"], 8 + 12 * run)[:2] for run in range(runs)]
    found: list[tuple[int, int]] = []
    for chunk, begins in enumerate(struct.unpack_from(f">{chunks}I", table["stco"], 8), 1):
        held = sizes[len(found) : len(found) + [each for first, each in firsts if first <= chunk][-1]]
        found += [(begins + sum(held[:number]), size) for number, size in enumerate(held)]
    return found


def zeroed(data: bytes, track: int, after: float = 0) -> bytes:
    """The file with the samples of one track set to zero bytes, from this fraction of them on."""
    new, every = bytearray(data), samples(data, track)
    for offset, size in every[round(len(every) * after) :]:
        new[offset : offset + size] = bytes(size)
    return bytes(new)


def turned(a: float, b: float, c: float, d: float, path: str = HEADER.format(PICTURE)) -> Change:
    """Set the matrix of a track, or of the whole movie."""
    values = [round(value * UNIT) for value in (a, b, c, d)]
    place = MATRIX[path.rpartition("/")[2].partition(":")[0]]
    change = patched(place, "5i", values[0], values[1], 0, values[2], values[3])
    return lambda film: edited(film, path, change)


def emptied(after: float) -> Change:
    """Set the samples' sizes to zero, from this fraction of them on."""

    def change(body: bytes) -> bytes:
        (count,) = struct.unpack_from(">I", body, 8)
        left = round(count * after)
        return body[: 12 + 4 * left] + bytes(4 * (count - left))

    return change


def long_offsets(film: bytes) -> bytes:
    """Use 64-bit chunk offsets."""
    for track in (PICTURE, SOUND):
        body = at(film, f"{TABLE.format(track)}/stco")
        (count,) = struct.unpack_from(">I", body, 4)
        offsets = body[:8] + struct.pack(f">{count}Q", *struct.unpack_from(f">{count}I", body, 8))
        film = edited(film, f"{TABLE.format(track)}/stco", lambda _, offsets=offsets: offsets)  # type: ignore[misc]
        film = renamed(film, f"{TABLE.format(track)}/stco", "co64")
    return film


def long_headers(film: bytes) -> bytes:
    """Use version 1 headers, with 64-bit times."""

    def longer(form: str, wide: str) -> Change:
        def change(body: bytes) -> bytes:
            end = 4 + struct.calcsize(f">{form}")
            return b"\1" + body[1:4] + struct.pack(f">{wide}", *struct.unpack(f">{form}", body[4:end])) + body[end:]

        return change

    film = edited(film, "moov/mvhd", longer("IIII", "QQIQ"))
    for track in (PICTURE, SOUND):
        film = edited(film, f"moov/trak:{track}/mdia/mdhd", longer("IIII", "QQIQ"))
        film = edited(film, HEADER.format(track), longer("IIIII", "QQIIQ"))
    return film
