"""The tracks of a film's index (ISO/IEC 14496-12 §8.3): which one players choose, its time span and orientation."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.media.mp4.boxes import BrokenIndex, children, fields, find, require

MAX_TRACKS = 64  # tracks of one film
MAX_EDITS = 1000
VIDEO, AUDIO = "vide", "soun"
ENABLED = 1  # the flag track_enabled of a track header
UNIT = 1 << 16  # 1.0 in fixed point
HIDDEN_MS = 1000  # media after the last edit: if there is more, some players show it and others do not
Matrix = tuple[int, int, int, int]  # a, b, c, d in 16.16: x' = ax + cy, y' = bx + dy


@dataclass(frozen=True, slots=True)
class Movie:
    """The content of a `moov` box: its timescale and its tracks."""

    timescale: int  # ticks a second, for the lengths of edits
    tracks: "tuple[Track, ...]"


@dataclass(frozen=True, slots=True)
class Track:
    """The headers of a track; its sample tables are read only when needed."""

    track_id: int
    handler: str  # VIDEO, AUDIO, or another
    is_enabled: bool
    matrix: Matrix  # multiplied by the movie's
    size: tuple[int, int]  # width and height of the track header, in whole pixels
    timescale: int  # ticks a second, for the times of samples
    is_chapters: bool  # it has the pictures or titles of another track's chapters
    body: memoryview  # the content of its `trak` box

    @property
    def table(self) -> memoryview:
        """The content of its sample table. Raises BrokenIndex."""
        return require(self.body, "mdia", "minf", "stbl")


@dataclass(frozen=True, slots=True)
class Span:
    """The time span of a track, in milliseconds of the player's clock."""

    starts_ms: int
    ends_ms: int
    is_simple: bool  # the same in every player: one piece at normal speed, at most HIDDEN_MS cut off after it


def movie(moov: memoryview) -> Movie:
    """Read the headers of the movie and all its tracks. Raises BrokenIndex."""
    header = require(moov, "mvhd")
    long = fields("B", header)[0] == 1
    (timescale,) = fields("I", header, 20 if long else 12)
    above = _matrix(header, 48 if long else 36)
    bodies = [body for kind, body in children(moov) if kind == "trak"]
    if not timescale or len(bodies) > MAX_TRACKS:
        raise BrokenIndex("mvhd")
    chapters = {number for body in bodies for number in _chapters(body)}
    return Movie(timescale, tuple(_track(body, above, chapters) for body in bodies))


def active(tracks: Sequence[Track], kind: str) -> Track | None:
    """The track of this kind that browsers play: the first enabled one; the first one if no track is enabled."""
    played = [track for track in tracks if track.handler in {VIDEO, AUDIO}]
    enabled = [track for track in played if track.is_enabled] or played
    return next((track for track in enabled if track.handler == kind), None)


def span(track: Track, movie: Movie, ticks: int, delay: int) -> Span:
    """The time span of the track, from its edit list if there is one.

    `ticks`: the duration of its samples. `delay`: the presentation time of the first. Both in the track's timescale.
    """
    edits = _edits(track.body)
    whole = Fraction(ticks, track.timescale)
    if not edits:
        starts = Fraction(delay, track.timescale)
        return Span(_ms(starts), _ms(starts + whole), is_simple=True)
    clock, pieces = Fraction(0), []
    for length, begins, rate in edits:
        lasts = Fraction(length, movie.timescale)
        if begins >= 0:
            left = max(Fraction(0), whole - Fraction(begins - delay, track.timescale))
            lasts = min(lasts, left)
            pieces.append((clock, clock + lasts, rate == UNIT and _ms(left - lasts) <= HIDDEN_MS))
        clock += lasts
    if not pieces:
        return Span(0, 0, is_simple=False)
    (starts, *_), (_, ends, plain) = pieces[0], pieces[-1]
    return Span(_ms(starts), _ms(ends), is_simple=plain and len(pieces) == 1)


def orientation(matrix: Matrix) -> Matrix | None:
    """The signs of a matrix of quarter turns and mirroring; None if the matrix shears or stretches."""
    a, b, c, d = ((value > UNIT // 100) - (value < -UNIT // 100) for value in matrix)
    upright, sideways = a and d and not (b or c), b and c and not (a or d)
    shorter, longer = sorted(map(abs, matrix))[2:]
    if not (upright or sideways) or longer - shorter > UNIT // 100:
        return None
    return a, b, c, d


def _track(body: memoryview, above: Matrix, chapters: set[int]) -> Track:
    header, media = require(body, "tkhd"), require(body, "mdia", "mdhd")
    long, (flags,) = fields("B", header)[0] == 1, fields("I", header)
    (number,) = fields("I", header, 20 if long else 12)
    width, height = fields("II", header, 88 if long else 76)
    (timescale,) = fields("I", media, 20 if fields("B", media)[0] == 1 else 12)
    kind = bytes(require(body, "mdia", "hdlr")[8:12]).decode("latin-1")
    if not timescale and kind in {VIDEO, AUDIO}:
        raise BrokenIndex("mdhd")
    matrix = _product(_matrix(header, 52 if long else 40), above)
    size = (width >> 16, height >> 16)
    return Track(number, kind, bool(flags & ENABLED), matrix, size, timescale, number in chapters, body)


def _chapters(body: memoryview) -> list[int]:
    """The track ids of the tracks that have the chapters of this one."""
    named = find(body, "tref", "chap")
    return (
        [fields("I", named, at)[0] for at in range(0, min(len(named), 4 * MAX_TRACKS) - 3, 4)]
        if named is not None
        else []
    )


def _edits(body: memoryview) -> list[tuple[int, int, int]]:
    """The edit list: length (ticks of the movie), start (ticks of the track; -1: an empty edit), and rate (16.16)."""
    table = find(body, "edts", "elst")
    if table is None:
        return []
    (version, count) = (fields("B", table)[0], fields("I", table, 4)[0])
    form, step = ("Qqi", 20) if version == 1 else ("Iii", 12)
    if count > MAX_EDITS:
        raise BrokenIndex("elst")
    edits = [fields(form, table, 8 + number * step) for number in range(count)]
    return [(length, begins, rate) for length, begins, rate in edits]


def _matrix(header: memoryview, at: int) -> Matrix:
    """The rotation part of a header's matrix. All zeros, which some writers leave, means the identity."""
    a, b, _, c, d = fields("5i", header, at)
    return (a, b, c, d) if a or b or c or d else (UNIT, 0, 0, UNIT)


def _product(first: Matrix, then: Matrix) -> Matrix:
    (a, b, c, d), (e, f, g, h) = first, then
    return (a * e + b * g) >> 16, (a * f + b * h) >> 16, (c * e + d * g) >> 16, (c * f + d * h) >> 16


def _ms(seconds: Fraction) -> int:
    return round(seconds * 1000)
