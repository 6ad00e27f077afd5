"""`probe` agrees with ffprobe on valid films, and no content of an index takes long to read."""

import json
import random
import struct
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.media.mp4 import samples
from core.media.probe import NotAFilm, probe
from tests.media import mp4
from tests.media.conftest import Films, made
from tests.media.mp4 import box, edited, emptied, long_headers, long_offsets

HONEST = [
    "plain",
    "ordered",
    "upright",
    "narrow",
    "squeezed",
    "hvc1",
    "part2",
    "mp3",
    "hole_of_4_s",
    "no_edits",
    "interlaced",
    "4:4:4",
]
SIZES = ["2x2", "16x16", "176x144", "321x181", "854x480", "1366x768", "1920x1080"]
PATIENCE_S = 2.0  # CPU seconds, for the worst index


def ffprobe_streams(path: Path) -> dict[str, Any]:
    """The first video and audio stream as ffprobe describes them, by type."""
    words = ["ffprobe", "-v", "error", "-count_packets", "-show_streams", "-of", "json", str(path)]
    streams = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)["streams"]
    return {stream["codec_type"]: stream for stream in streams}


@pytest.mark.parametrize("name", HONEST)
def test_it_reads_what_ffprobe_reads(films: Films, name: str) -> None:
    film, their = probe(films(name)), ffprobe_streams(films(name))
    picture, sound = their["video"], their["audio"]
    assert film.coded_size == (picture["width"], picture["height"])
    assert film.width == round(
        film.coded_size[0] * Fraction(picture.get("sample_aspect_ratio", "1:1").replace(":", "/"))
    )
    assert film.video.span.ends_ms - film.video.span.starts_ms == pytest.approx(
        float(picture["duration"]) * 1000, abs=1
    )
    assert film.frames_per_second == pytest.approx(float(Fraction(picture["avg_frame_rate"])), rel=0.02)
    assert film.audio is not None
    assert film.audio.span.ends_ms == pytest.approx(float(sound["duration"]) * 1000, abs=25)


@pytest.mark.parametrize("size", SIZES)
def test_the_size_is_the_one_that_is_left_after_cropping(tmp_path: Path, size: str) -> None:
    colours = "yuv444p" if "321" in size else "yuv420p"  # odd sizes have whole chroma only
    words = ["-f", "lavfi", "-i", f"testsrc=s={size}:r=2:d=1", "-c:v", "libx264", "-pix_fmt", colours]
    film = probe(made(tmp_path / "f.mp4", *words))
    assert film.coded_size == tuple(map(int, size.split("x")))


@pytest.mark.parametrize(
    "angle,orientation", [(0, (1, 0, 0, 1)), (90, (0, -1, 1, 0)), (180, (-1, 0, 0, -1)), (270, (0, 1, -1, 0))]
)
def test_a_turn_is_read_in_all_four_directions(
    films: Films, tmp_path: Path, angle: int, orientation: tuple[int, ...]
) -> None:
    words = ["-i", str(films("plain")), "-c", "copy", "-metadata:s:v", f"rotate={angle}"]
    film = probe(made(tmp_path / "f.mp4", *words))
    assert film.orientation == orientation
    assert (film.width, film.height) == ((180, 320) if angle % 180 else (320, 180))


class TestHostileBytes:
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400)
    @given(st.data())
    def test_a_changed_index_is_read_or_refused(self, films: Films, tmp_path: Path, data: st.DataObject) -> None:
        """Bytes flipped, overwritten, cut or inserted anywhere; false numbers in any table."""
        name = data.draw(
            st.sampled_from(["plain", "ordered", "mp3", "with_chapters", "small_hidden", "4:4:4", "pcm.mov"])
        )
        film = bytearray(self.index(films(name), as_long=data.draw(st.booleans())))
        for _ in range(data.draw(st.integers(1, 8))):
            at = data.draw(st.integers(0, len(film) - 1))
            new = data.draw(
                st.sampled_from([b"\0", b"\xff" * 4, b"\0\0\0\1", b"\x7f\xff\xff\xff", b"\0\0\0\7"])
                | st.binary(max_size=9)
            )
            film[at : at + data.draw(st.integers(0, 9))] = new
        self.read(tmp_path, bytes(film[: data.draw(st.integers(1, len(film)))] if data.draw(st.booleans()) else film))

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
    @given(st.binary(max_size=400))
    def test_any_bytes_are_read_or_refused(self, tmp_path: Path, content: bytes) -> None:
        self.read(tmp_path, content)
        self.read(tmp_path, box("ftyp", b"isom") + box("mdat") + box("moov", content))

    def test_a_film_cut_anywhere_is_refused(self, films: Films, tmp_path: Path) -> None:
        film = mp4.faststart(films("plain").read_bytes())
        for length in random.Random(1).sample(range(len(film)), 300):
            path = tmp_path / "f.mp4"
            path.write_bytes(film[:length])
            with pytest.raises(NotAFilm):
                probe(path)

    def test_any_number_of_any_table_may_be_false(self, films: Films, tmp_path: Path) -> None:
        film = films("ordered").read_bytes()
        for number in (0, 1, 2**31 - 1, 2**32 - 1):
            for track in (0, 1):
                for kind in ("stts", "stsz", "stsc", "stco", "stsd"):
                    for at in (0, 4, 8, 12):
                        path = f"moov/trak:{track}/mdia/minf/stbl/{kind}"
                        self.read(tmp_path, edited(film, path, mp4.patched(at, "I", number)))
                for kind in ("tkhd", "mdia/mdhd", "edts/elst"):
                    for at in range(0, 24, 4):
                        self.read(tmp_path, edited(film, f"moov/trak:{track}/{kind}", mp4.patched(at, "I", number)))

    @pytest.mark.parametrize("offset", [2**31, 2**63 - 1, 2**63, 2**64 - 1])
    def test_an_offset_beyond_every_file_is_refused(self, films: Films, tmp_path: Path, offset: int) -> None:
        film = long_offsets(films("mp3").read_bytes())
        for track in (0, 1):
            path = f"moov/trak:{track}/mdia/minf/stbl/co64"
            self.read(tmp_path, edited(film, path, mp4.patched(8, "Q", offset)))
            empty = edited(film, f"moov/trak:{track}/mdia/minf/stbl/stsz", emptied(0))
            self.read(tmp_path, edited(empty, path, mp4.patched(8, "Q", offset)))

    @staticmethod
    def index(path: Path, *, as_long: bool = False) -> bytes:
        """The film without its samples, its index last."""
        film = path.read_bytes()
        if as_long and path.suffix == ".mp4":
            film = long_headers(long_offsets(film))
        parts = dict(mp4.boxes(film))
        return box("ftyp", parts["ftyp"]) + box("mdat") + box("moov", parts["moov"])

    @staticmethod
    def read(tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "f.mp4"
        path.write_bytes(content)
        with suppress(NotAFilm):
            assert probe(path).milliseconds >= 0


def table(kind: str, *numbers: int, rows: bytes = b"") -> bytes:
    return box(kind, bytes(4) + struct.pack(f">{len(numbers)}I", *numbers) + rows)


def track(film: bytes, **tables: bytes) -> bytes:
    """The film with other sample tables in its video track."""

    def change(body: bytes) -> bytes:
        return b"".join(tables.get(kind, box(kind, inner)) for kind, inner in mp4.boxes(body))

    return edited(film, "moov/trak:0/mdia/minf/stbl", change)


MOST = samples.MAX_ENTRIES
LARGE: dict[str, Callable[[bytes], bytes]] = {  # as large as the reader accepts, or larger
    "a million samples": lambda film: track(
        film,
        stsz=table("stsz", 0, 2 * MOST, rows=b"\0\0\0\1" * (2 * MOST)),
        stts=table("stts", MOST, rows=struct.pack(">II", 2, 1) * MOST),
        stsc=table("stsc", MOST, rows=b"".join(struct.pack(">III", n + 1, 2, 1) for n in range(MOST))),
        stco=table("stco", MOST, rows=b"\0\0\0\x30" * MOST),
    ),
    "as many without bytes": lambda film: track(
        film,
        stsz=table("stsz", 0, MOST, rows=b"\0\0\0\1" + bytes(4 * MOST - 4)),
        stts=table("stts", MOST, rows=struct.pack(">II", 1, 1) * MOST),
        stsc=table("stsc", 1, rows=struct.pack(">III", 1, MOST, 1)),
        stco=table("stco", 1, rows=b"\0\0\0\x30"),
    ),
    "samples of one size without end": lambda film: track(
        film,
        stsz=table("stsz", 1, 2**32 - 1),
        stts=table("stts", 1, rows=struct.pack(">II", 2**32 - 1, 2**32 - 1)),
        stsc=table("stsc", 1, rows=struct.pack(">III", 1, 2**32 - 1, 1)),
    ),
    "four million boxes": lambda film: edited(film, "moov", lambda body: body + box("free") * 4_000_000),
    "four million tracks": lambda film: edited(film, "moov", lambda body: body + box("trak") * 4_000_000),
    "boxes in boxes": lambda film: edited(film, "moov/trak:0", lambda body: nested(200_000) + body),
    "sixty covers": lambda film: edited(film, "moov", lambda body: still(film) * 60 + body),
    "an index without end": lambda film: edited(film, "moov", lambda body: body + bytes(33 << 20)),
    "a hundred thousand boxes at the top": lambda film: film + box("free") * 200_000,
}  # fmt: skip


def nested(depth: int) -> bytes:
    return b"".join(struct.pack(">I4s", 8 * (depth - at), b"trak") for at in range(depth))


def still(film: bytes) -> bytes:
    """A video track of one still, in a table of many sizes."""
    body = mp4.at(track(film, stsz=table("stsz", 0, 1, rows=bytes(400_000))), "moov/trak:0")
    return box("trak", body.replace(b"avc1", b"png ", 1))


@pytest.mark.parametrize("name", LARGE)
def test_the_largest_index_costs_a_moment(films: Films, tmp_path: Path, name: str) -> None:
    path = tmp_path / "f.mp4"
    path.write_bytes(LARGE[name](films("plain").read_bytes()))
    began = time.process_time()
    with suppress(NotAFilm):
        probe(path)
    assert time.process_time() - began < PATIENCE_S
