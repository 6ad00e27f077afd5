"""Decodes a whole film once, and measures what a person sees and hears: black and frozen picture, loudness, silence.

It also keeps what a comparison with other films needs: small pictures, and a fingerprint of the sound. One ffmpeg run gives everything (docs/platform.md, One decode). Facts come by pipes of their own and never from ffmpeg's
messages: a title inside the film can imitate those.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageChops

from core.media import programs
from core.media.monitor import UNMONITORED, ProgressMonitor
from core.media.probe import SIDE, Film
from core.sandbox.pipes import Stopped
from core.sandbox.run import Limits, run

WIDTH, HEIGHT, PER_SECOND = 160, 90, 4  # of the small grey pictures that are compared
PICTURE_BYTES = WIDTH * HEIGHT
STEP_MS = 1000 // PER_SECOND
KEPT_MS = 500  # time from one kept picture to the next
MAX_FILM_S = 1800  # seconds that are decoded at most
LIMITS = Limits(
    wall_seconds=1500,  # the worker runs at low priority: the processor's time is the limit
    cpu_seconds=900,
    memory_bytes=2 << 30,
    output_bytes=2 * MAX_FILM_S * PER_SECOND * PICTURE_BYTES,
)
BLACK_LEVEL, BLACK_SHARE = 32, 0.98  # a picture is black if this share of it is darker than this, of 256
STILL_LEVEL = 0.25  # mean difference of two pictures, of 256, below which nothing has moved
SILENCE_DB, SILENCE_S = -50, 2  # sound below this level, for so long, is silence
NO_LOUDNESS = -70.0  # LUFS: what EBU R 128 gives for silence
SOUND_FILTER = (
    f"ebur128=metadata=1,silencedetect=n={SILENCE_DB}dB:d={SILENCE_S},ametadata=mode=print:direct=1:file='pipe\\:3'"
)
PRINT_FILTER = "aresample=11025,aformat=sample_fmts=s16:channel_layouts=mono"  # what chromaprint takes
_FACT = re.compile(r"(out_time_us|lavfi\.r128\.I|lavfi\.silence_start|lavfi\.silence_end)(?:\.\d+)?=(-?[\d.]+)")


class NotDecoded(RuntimeError):
    """The decoding was stopped at a limit of time or output. This is no finding about the film."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the film, in ms."""

    starts_ms: int
    ends_ms: int

    @property
    def milliseconds(self) -> int:
        """Its length."""
        return self.ends_ms - self.starts_ms


@dataclass(frozen=True, slots=True)
class FullDecode:
    """What one decoding of the whole film found. Times are on the film's clock, with a precision of STEP_MS."""

    picture_ms: int  # length of the picture that could be decoded
    error_count: int  # lines in which the decoder complained
    black: tuple[Span, ...]
    frozen: tuple[Span, ...]
    loudness_lufs: float | None  # integrated, EBU R 128; None without sound
    silent: tuple[Span, ...]
    pictures: bytes = b""  # one small grey picture for each KEPT_MS, row by row
    sound_words: bytes = b""  # chromaprint's fingerprint: 32-bit words, little-endian; empty without sound

    @property
    def black_share(self) -> float:
        """The share of the picture that is black, from 0 to 1."""
        return sum(span.milliseconds for span in self.black) / self.picture_ms if self.picture_ms else 0.0


def full_decode(path: Path, film: Film, monitor: ProgressMonitor = UNMONITORED) -> FullDecode:
    """Decode the film, at most MAX_FILM_S of it. Raises NotDecoded, OSError."""
    pictures, sound, words = _Pictures(), _Sound(monitor, film.milliseconds), bytearray()
    outcome = run(
        _command(path, film), limits=LIMITS, readable=[path], on_output=pictures.add, on_line=sound.add,
        on_data=words.extend, cancelled=monitor.cancelled,
    )  # fmt: skip
    if outcome.stopped not in {None, Stopped.CANCELLED}:
        raise NotDecoded(f"stopped by the limit of {outcome.stopped}")
    errors = sum(bool(line.strip()) for line in outcome.err.splitlines())
    return FullDecode(
        pictures.count * STEP_MS,
        errors + (outcome.status != 0),
        _spans(pictures.black),
        _spans(pictures.still),
        sound.loudness if film.audio else None,
        tuple(sound.silent(film.milliseconds)),
        bytes(pictures.kept),
        bytes(words),
    )


def _command(path: Path, film: Film) -> list[str]:
    """Pictures go to stdout, progress and facts about the sound to descriptor 3, its fingerprint to descriptor 4."""
    begins = ["-nostdin", "-hide_banner", "-v", "error", "-progress", "pipe:3", "-stats_period", "0.5", "-threads", "1"]
    begins += ["-filter_threads", "1", "-max_pixels", str(SIDE * SIDE), "-err_detect", "crccheck+bitstream+buffer"]
    reads = ["-t", str(MAX_FILM_S), *programs.input_options(path)]
    small = f"fps={PER_SECOND}:round=near,scale={WIDTH}:{HEIGHT}:flags=area,format=gray"
    ends = ["-map", f"0:i:{film.video.track_id}", "-vf", small, "-f", "rawvideo", "-c:v", "rawvideo", "pipe:1"]
    if film.audio:
        sound = ["-map", f"0:i:{film.audio.track_id}"]
        ends += [*sound, "-af", SOUND_FILTER, "-f", "null", "-"]
        if programs.has_chromaprint():
            ends += [
                *sound,
                "-af",
                PRINT_FILTER,
                "-c:a",
                "pcm_s16le",
                "-f",
                "chromaprint",
                "-fp_format",
                "raw",
                "pipe:4",
            ]
    return [programs.ffmpeg(), *begins, *reads, *ends]


@dataclass(slots=True)
class _Pictures:
    """Collects small grey pictures from their bytes: which are black, and which are the same as the one before.

    One for each KEPT_MS is kept.
    """

    black: list[bool] = field(default_factory=list)
    still: list[bool] = field(default_factory=list)
    kept: bytearray = field(default_factory=bytearray)
    _rest: bytes = b""
    _last: Image.Image | None = None

    @property
    def count(self) -> int:
        return len(self.black)

    def add(self, block: bytes) -> None:
        """Take the next bytes of the picture stream."""
        data = self._rest + block
        whole = len(data) // PICTURE_BYTES * PICTURE_BYTES
        for at in range(0, whole, PICTURE_BYTES):
            self._add(data[at : at + PICTURE_BYTES])
        self._rest = data[whole:]

    def _add(self, levels: bytes) -> None:
        if self.count % (KEPT_MS // STEP_MS) == 0:
            self.kept += levels
        picture = Image.frombytes("L", (WIDTH, HEIGHT), levels)
        dark = sum(picture.histogram()[:BLACK_LEVEL])
        self.black.append(dark >= BLACK_SHARE * PICTURE_BYTES)
        self.still.append(self._last is not None and _difference(self._last, picture) < STILL_LEVEL)
        self._last = picture


def _difference(one: Image.Image, other: Image.Image) -> float:
    """The mean absolute difference of two grey pictures, of 256."""
    counts = ImageChops.difference(one, other).histogram()
    return sum(level * count for level, count in enumerate(counts)) / PICTURE_BYTES


def _spans(flags: list[bool]) -> tuple[Span, ...]:
    """The runs of True in a list with one flag for each STEP_MS."""
    spans, at = [], 0
    for flag, run_of in groupby(flags):
        length = sum(1 for _ in run_of)
        if flag:
            spans.append(Span(at * STEP_MS, (at + length) * STEP_MS))
        at += length
    return tuple(spans)


@dataclass(slots=True)
class _Sound:
    """Collects the lines that ffmpeg writes about progress and sound."""

    monitor: ProgressMonitor
    film_ms: int
    loudness: float = NO_LOUDNESS
    _starts: list[float] = field(default_factory=list)
    _ends: list[float] = field(default_factory=list)

    def add(self, line: str) -> None:
        """Take one line. A line of another form is ignored."""
        found = _FACT.fullmatch(line.strip())
        if found is None or not math.isfinite(value := _number(found[2])):
            return
        match found[1]:
            case "out_time_us":
                self.monitor.report(min(1.0, max(0.0, value / 1000 / max(1, self.film_ms))))
            case "lavfi.r128.I":
                self.loudness = value
            case "lavfi.silence_start":
                self._starts.append(value)
            case _:
                self._ends.append(value)

    def silent(self, film_ms: int) -> Iterator[Span]:
        """The silent parts; one that has no end lasts to the end of the film."""
        ends = [*self._ends, film_ms / 1000]
        for start, end in zip(self._starts, ends, strict=False):
            yield Span(max(0, round(start * 1000)), round(end * 1000))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:  # "1.2.3"
        return math.nan
