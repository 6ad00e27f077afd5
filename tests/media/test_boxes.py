"""docs/security.md, Film files: a file is read box by box, with box sizes checked against its length, before a
decoder opens it.
"""

import struct
from pathlib import Path

import pytest

from core.media.mp4.boxes import walk
from core.rules.words import Locale


def box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


WHOLE = box(b"ftyp", b"isom") + box(b"moov", b"m" * 40) + box(b"mdat", b"d" * 100)


def walked(tmp_path: Path, content: bytes) -> tuple[tuple[str, ...], str | None]:
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    boxes = walk(path)
    return boxes.kinds, boxes.problem.localize(Locale()) if boxes.problem else None


def test_a_whole_file_has_nothing_wrong(tmp_path: Path) -> None:
    assert walked(tmp_path, WHOLE) == (("ftyp", "moov", "mdat"), None)


def test_a_real_film_has_nothing_wrong_and_can_begin_before_it_is_all_there(short_film: Path) -> None:
    boxes = walk(short_film)
    assert boxes.problem is None
    assert boxes.kinds.index("moov") < boxes.kinds.index("mdat")


@pytest.mark.parametrize("lost", [1, 50, 99])
def test_an_index_cut_short_is_named_with_the_byte_it_breaks_at(tmp_path: Path, lost: int) -> None:
    whole = box(b"ftyp", b"isom") + box(b"mdat", b"d" * 30) + box(b"moov", b"m" * 100)
    problem = walked(tmp_path, whole[:-lost])[1]
    assert problem == f"Tệp không trọn vẹn: hỏng từ byte 50 trên {len(whole) - lost}."


@pytest.mark.parametrize("lost", [1, 50, 99])
def test_where_samples_are_cut_short_the_index_decides(tmp_path: Path, lost: int) -> None:
    assert walked(tmp_path, WHOLE[:-lost]) == (("ftyp", "moov", "mdat"), None)


@pytest.mark.parametrize(
    "tail", [b"\0\0\0", b"CAMERA-TRAILER", bytes(4000), struct.pack(">I4s", 7, b"free"), b"\xff" * 16]
)
def test_bytes_after_the_last_box_are_accepted(tmp_path: Path, tail: bytes) -> None:
    assert walked(tmp_path, WHOLE + tail)[1] is None


@pytest.mark.parametrize("first", [b"free", b"skip", b"wide", b"uuid", b"pdin", b"mdat"])
def test_the_file_type_box_need_not_be_first(tmp_path: Path, first: bytes) -> None:
    assert walked(tmp_path, box(first, bytes(24)) + WHOLE)[1] is None


def test_a_film_in_fragments_and_one_with_two_indexes_are_named(tmp_path: Path) -> None:
    assert "fragmented" in str(walked(tmp_path, box(b"ftyp") + box(b"moov") + box(b"moof") + b"\1" * 99)[1])
    assert "nhiều mục lục" in str(walked(tmp_path, WHOLE + box(b"moov"))[1])


def test_a_last_box_of_length_zero_runs_to_the_end(tmp_path: Path) -> None:
    content = box(b"ftyp", b"isom") + box(b"moov") + struct.pack(">I4s", 0, b"mdat") + b"d" * 30
    assert walked(tmp_path, content)[1] is None


def test_a_long_box_has_its_length_in_eight_bytes(tmp_path: Path) -> None:
    long = struct.pack(">I4sQ", 1, b"moov", 16 + 30) + b"m" * 30
    assert walked(tmp_path, box(b"ftyp", b"isom") + box(b"mdat") + long)[1] is None
    assert walked(tmp_path, box(b"ftyp", b"isom") + box(b"mdat") + long[:-1])[1] is not None


@pytest.mark.parametrize("length", [1, 2, 7])
def test_a_box_shorter_than_its_own_header_ends_the_reading(tmp_path: Path, length: int) -> None:
    content = box(b"ftyp", b"isom") + struct.pack(">I4s", length, b"moov")
    assert walked(tmp_path, content)[1] is not None


@pytest.mark.parametrize(
    "content",
    [
        b"#EXTM3U\nhttp://a/b.ts\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"<svg xmlns='x'/>",
        b"RIFFxxxxAVI LIST",
    ],
)
def test_what_does_not_begin_as_an_mp4_is_none(tmp_path: Path, content: bytes) -> None:
    assert walked(tmp_path, content)[1] == "Tệp không phải là MP4."


def test_an_empty_file_is_called_so(tmp_path: Path) -> None:
    assert walked(tmp_path, b"")[1] == "Tệp rỗng."


def test_a_film_without_its_index_is_named(tmp_path: Path) -> None:
    assert walked(tmp_path, box(b"ftyp") + box(b"mdat", b"d"))[1] == "Tệp MP4 thiếu phần moov."
