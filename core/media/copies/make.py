"""Makes the copies of a film for its judges, each by one ffmpeg in the sandbox (docs/security.md, Copies for judges)."""

import hashlib
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.media import programs
from core.media.copies import arguments
from core.media.monitor import UNMONITORED, ProgressMonitor
from core.media.probe import Film, NotAFilm, probe
from core.rules.words import Refusal, Sentence, seconds
from core.sandbox.pipes import Stopped
from core.sandbox.run import Limits, Outcome, run

MEMORY_BYTES = 3 << 30  # frames of 4,096 × 4,096 and the encoder's look-ahead
SPARE_BYTES = 512 << 20  # that must stay free on the disk
INDEX_BYTES = 64 << 20  # for the index of a copy, beside its streams
OFFSET_MS = 1000  # by which a copy may be shorter or longer than its film
MAX_WALL_S = 7200
BLOCK = 1 << 20
ENCODED = 0.95  # the share of the progress after ffmpeg; the rest is the hash
_TIME = re.compile(r"out_time_us=(\d{1,15})")
_FULL = "No space left on device"


class NoRoom(Refusal):
    """The disk has too little space for a copy."""

    def __init__(self) -> None:
        super().__init__("Đĩa không còn đủ chỗ để làm bản sao; hãy dọn bớt rồi chạy lại.")


class NotCopied(Refusal):
    """ffmpeg could not make the copy."""

    def __init__(self, why: str | Sentence) -> None:
        super().__init__("Không làm được bản sao của phim ({why}).", why=why)


@dataclass(frozen=True, slots=True)
class MadeCopy:
    """A complete copy, at a temporary path, written to the disk."""

    path: Path
    sha256: str
    bytes: int
    milliseconds: int
    width: int
    height: int


def needs_transcode(film: Film) -> bool:
    """Whether some browser does not play the film's codecs: anything but H.264 (8 bit, 4:2:0) with AAC or MP3."""
    return not (film.video.codec.is_supported and (film.audio is None or film.audio.codec.is_supported))


def anonymous(source: Path, film: Film, folder: Path, monitor: ProgressMonitor = UNMONITORED) -> MadeCopy:
    """Copy the streams bit by bit into a container without tags, chapters, coordinates and encoder strings.

    `folder` is for the unfinished file. Raises NoRoom, NotCopied, OSError, and what `monitor.report` raises.
    """
    size = source.stat().st_size + INDEX_BYTES
    return _made(arguments.anonymous, source, film, folder / "anonymous.mp4", size, monitor)


def light(source: Path, film: Film, folder: Path, monitor: ProgressMonitor = UNMONITORED) -> MadeCopy:
    """Make a copy for a connection of 400 kbit/s. Raises as `anonymous` does."""
    kbits = 2 * (arguments.VIDEO_KBITS + arguments.AUDIO_KBITS)
    return _made(arguments.light, source, film, folder / "light.mp4", _bytes(film, kbits), monitor)


def playable(source: Path, film: Film, folder: Path, monitor: ProgressMonitor = UNMONITORED) -> MadeCopy:
    """Make a copy that every browser plays. Raises as `anonymous` does."""
    return _made(arguments.playable, source, film, folder / "playable.mp4", _bytes(film, 20_000), monitor)


def _bytes(film: Film, kbits: int) -> int:
    """The bytes of the film's length at so many kbit/s, and of the index."""
    return film.milliseconds * kbits // 8 + INDEX_BYTES


def _made(
    words: Callable[[Path, Film, Path], list[str]],
    source: Path,
    film: Film,
    target: Path,
    most_bytes: int,
    monitor: ProgressMonitor,
) -> MadeCopy:
    expected = min(most_bytes, source.stat().st_size + INDEX_BYTES)  # an encoded copy is seldom larger than its film
    if shutil.disk_usage(target.parent).free < expected + SPARE_BYTES:
        raise NoRoom
    encoding = monitor.part(0, ENCODED)
    outcome = run(
        [programs.ffmpeg(), *words(source, film, target)],
        limits=_limits(film, most_bytes),
        readable=[source],
        writable=[target.parent],
        on_line=lambda line: _report(line, film, encoding),
        cancelled=monitor.cancelled,
    )
    monitor.report(ENCODED)  # raises if the work was cancelled
    if outcome.stopped or outcome.status:
        raise _failure(outcome, source)
    copy = _checked(target, film)
    sha256 = _settled(target, monitor.part(ENCODED, 1))
    return MadeCopy(target, sha256, target.stat().st_size, copy.milliseconds, copy.width, copy.height)


def _limits(film: Film, most_bytes: int) -> Limits:
    """Ten times the film's length of processor time: a film in 4K at 60 frames a second takes about half of it."""
    seconds = 120 + film.milliseconds // 100
    return Limits(min(2 * seconds, MAX_WALL_S), seconds, MEMORY_BYTES, most_bytes)


def _report(line: str, film: Film, monitor: ProgressMonitor) -> None:
    if found := _TIME.fullmatch(line.strip()):
        monitor.report(min(1.0, int(found[1]) / 1000 / max(1, film.milliseconds)))


def _failure(outcome: Outcome, source: Path) -> Refusal:
    """The refusal that says why ffmpeg failed; its last words, without the film's path."""
    if _FULL in outcome.err:
        return NoRoom()
    if outcome.stopped is Stopped.TIME:
        return NotCopied(Sentence("quá thời gian cho phép"))
    lines = outcome.err.replace(f"file:{source.absolute()}", source.name).strip().splitlines()
    return NotCopied(lines[-1][:200] if lines else f"ffmpeg: {outcome.status}")


def _checked(path: Path, film: Film) -> Film:
    """The finished copy as a film. Raises NotCopied if it is not as long as its film."""
    try:
        copy = probe(path)
    except NotAFilm as unread:
        raise NotCopied(unread.sentence) from None
    if abs(copy.milliseconds - film.milliseconds) > OFFSET_MS:
        facts = {"copy": seconds(copy.milliseconds), "film": seconds(film.milliseconds)}
        raise NotCopied(Sentence("bản sao dài {copy} giây, phim dài {film} giây", facts))
    return copy


def _settled(path: Path, monitor: ProgressMonitor) -> str:
    """Make the file readable by its owner alone, and write it to the disk. Returns its SHA-256 (hex)."""
    digest, done, size = hashlib.sha256(), 0, path.stat().st_size or 1
    path.chmod(0o600)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            monitor.report(done / size)
            digest.update(block)
            done += len(block)
        os.fsync(file.fileno())
    return digest.hexdigest()
