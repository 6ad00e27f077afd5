"""Reads a film's properties from its index (`moov`), without running a program: what a person sees and hears.

Times are computed from the samples and the edit list; the lengths stated in headers are not used.
"""

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from core.media.mp4 import codecs, samples, tracks
from core.media.mp4.boxes import Boxes, BrokenIndex, require, walk
from core.media.mp4.codecs import Codec, VideoFormat
from core.media.mp4.samples import Samples
from core.media.mp4.tracks import AUDIO, VIDEO, Matrix, Movie, Span, Track
from core.rules.words import Refusal, Sentence

SIDE = 4096  # pixels: a larger frame is not decoded (docs/security.md, Film files)
MAX_INDEX_BYTES = 32 << 20  # the index of a film of one hour has about two million bytes
MAX_BRAND_BYTES = 4096
ROUNDING_PX = 2  # by which two statements of one size may differ
NO_PICTURE = Sentence("không có hình")


class NotAFilm(Refusal):
    """No film could be read from the file."""

    def __init__(self, why: str | Sentence) -> None:
        super().__init__("Không đọc được phim trong tệp ({why}).", why=why)


class BrokenFile(NotAFilm):
    """The file is not a complete MP4; the sentence says what is wrong with it."""

    def __init__(self, why: Sentence) -> None:
        Refusal.__init__(self, why.text, **why.facts)


@dataclass(frozen=True, slots=True)
class Stream:
    """One track as players play it."""

    track_id: int
    codec: Codec
    span: Span
    longest_gap_ms: int  # longest time from one of its samples to the next, or to its end
    samples_per_second: Fraction
    has_single_format: bool  # False if its sample entries differ


@dataclass(frozen=True, slots=True)
class Film:
    """A film as a person sees and hears it."""

    milliseconds: int  # the later end of picture and sound on the player's clock
    width: int  # pixels as displayed, after pixel aspect ratio and rotation
    height: int
    picture: str  # "h264"
    sound: str | None  # "aac"; None without sound
    frames_per_second: Fraction
    video: Stream
    audio: Stream | None
    coded_size: tuple[int, int]  # width and height as coded
    conflicting_size: tuple[int, int] | None  # in players that use the SPS or `clap`; None: the same
    orientation: Matrix | None  # signs of the matrix; None if it is not made of quarter turns and mirroring
    brands: tuple[str, ...]


def probe(path: Path) -> Film:
    """Read the film's index; nothing is decoded. Raises NotAFilm, or OSError if the file cannot be read."""
    boxes = walk(path)
    if boxes.problem is not None:
        raise BrokenFile(boxes.problem)
    try:
        with path.open("rb", buffering=0) as file:
            film = _film(file, boxes)
    except BrokenIndex as broken:
        kind = "".join(letter for letter in str(broken) if letter.isalnum()) or "moov"
        raise NotAFilm(Sentence("mục lục hỏng ở phần {box}", {"box": kind})) from None
    for width, height in (film.coded_size, (film.width, film.height)):
        if not (0 < width <= SIDE and 0 < height <= SIDE):
            size = f"{film.width}×{film.height}"
            raise NotAFilm(Sentence("khung hình {size} quá lớn hoặc không có", {"size": size}))
    return film


def _film(file: BinaryIO, boxes: Boxes) -> Film:
    movie = tracks.movie(memoryview(_content(file, boxes, "moov", MAX_INDEX_BYTES)))
    track = _video_track(movie)
    formats = [codecs.video_format(*entry) for entry in _entries(track)]
    found = _samples(track, boxes.size)
    if not (found and formats):
        raise NotAFilm(NO_PICTURE)
    video = _stream(track, movie, found, [each.codec for each in formats], has_single_format=len(set(formats)) == 1)
    audio = _audio(file, movie, boxes.size)
    (width, height), conflicting_size, turned = _geometry(track, formats[0])
    return Film(
        max(video.span.ends_ms, audio.span.ends_ms if audio else 0), width, height,
        video.codec.name, audio.codec.name if audio else None, video.samples_per_second,
        video, audio, (formats[0].width, formats[0].height), conflicting_size, turned, _brands(file, boxes),
    )  # fmt: skip


def _video_track(movie: Movie) -> Track:
    """The video track that players show: the first enabled one that is neither a cover image nor chapter pictures."""
    left = [track for track in movie.tracks if not track.is_chapters]
    while track := tracks.active(left, VIDEO):
        is_still = any(codecs.video_format(*entry).codec.name in codecs.STILLS for entry in _entries(track))
        if not is_still or samples.count(track.table) > 1:
            return track
        left.remove(track)
    raise NotAFilm(NO_PICTURE)


def _audio(file: BinaryIO, movie: Movie, size: int) -> Stream | None:
    """The audio stream that players play; None if there is no audio track or it is empty."""
    track = tracks.active(movie.tracks, AUDIO)
    found = _samples(track, size) if track else None
    if track is None or found is None:
        return None
    first = os.pread(file.fileno(), 2, found.first_offset)
    coded = [codecs.audio_codec(*entry, first) for entry in _entries(track)]
    return _stream(track, movie, found, coded, has_single_format=len(set(coded)) == 1) if coded else None


def _samples(track: Track, size: int) -> Samples | None:
    """The track's samples; None if all are empty. Raises BrokenFile if they extend past the end of the file."""
    found = samples.read(track.table)
    if not found.total_bytes:
        return None
    if found.end_offset > size:
        facts = {"needed": found.end_offset, "size": size}
        raise BrokenFile(Sentence("Tệp không trọn vẹn: phim cần {needed} byte, tệp chỉ có {size} byte.", facts))
    return found


def _stream(track: Track, movie: Movie, found: Samples, coded: list[Codec], *, has_single_format: bool) -> Stream:
    span = tracks.span(track, movie, found.ticks, found.composition_offset)
    per_second = Fraction(found.count * track.timescale, max(1, found.ticks))
    gap_ms = 1000 * found.longest_gap // track.timescale
    return Stream(track.track_id, coded[0], span, gap_ms, per_second, has_single_format)


def _entries(track: Track) -> list[tuple[str, memoryview]]:
    return codecs.sample_entries(require(track.table, "stsd"))


def _geometry(track: Track, coded: VideoFormat) -> tuple[tuple[int, int], tuple[int, int] | None, Matrix | None]:
    """The displayed size, the size in other players if it differs, and the orientation.

    As in Chromium, the container comes first for the pixel aspect ratio: `pasp`, the track header, then the stream.
    """
    pixel = coded.pixel_aspect or _stretched(track, coded) or coded.sps_pixel_aspect or Fraction(1)
    clean_width, clean_height = coded.clean_aperture or (coded.width, coded.height)
    size = round(coded.width * pixel), coded.height
    other = round(clean_width * (coded.sps_pixel_aspect or pixel)), clean_height
    differs = max(abs(one - two) for one, two in zip(size, other, strict=True)) > ROUNDING_PX
    turned = tracks.orientation(track.matrix)
    if turned is not None and not turned[0]:
        size, other = size[::-1], other[::-1]
    return size, other if differs else None, turned


def _stretched(track: Track, coded: VideoFormat) -> Fraction | None:
    """The pixel aspect ratio implied by the track header; None if it states no size or the coded size."""
    width, height = track.size
    if not (width and height and coded.width) or track.size == (coded.width, coded.height):
        return None
    return Fraction(width * coded.height, height * coded.width)


def _content(file: BinaryIO, boxes: Boxes, kind: str, most: int) -> bytes:
    """The content of the first top-level box of this kind. Raises BrokenIndex if it has more than `most` bytes."""
    box = next(box for box in boxes.boxes if box.kind == kind)
    if box.end - box.start > most:
        raise BrokenIndex(kind)
    return os.pread(file.fileno(), box.end - box.start, box.start)


def _brands(file: BinaryIO, boxes: Boxes) -> tuple[str, ...]:
    """The major brand and the compatible ones (ISO/IEC 14496-12 §4.3)."""
    body = _content(file, boxes, "ftyp", MAX_BRAND_BYTES)
    return tuple(body[at : at + 4].decode("latin-1") for at in range(0, len(body) - 3, 4) if at != 4)
