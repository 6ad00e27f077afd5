"""Films that are made from a film of the studio for the demo, each with one thing that a check of films finds."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core.media import programs
from core.media.film.script import FPS


class Treatment(StrEnum):
    """What is done to a film."""

    MIRRORED = "mirrored"
    TOO_SHORT = "too_short"
    TOO_SMALL = "too_small"
    BLACK_PART = "black_part"
    BLACK_HALF = "black_half"
    FROZEN_PART = "frozen_part"
    SILENT_PART = "silent_part"
    QUIET = "quiet"
    NO_SOUND = "no_sound"
    DAMAGED = "damaged"


CUT_S = 236  # seconds left of a film that is too short: the plan asks for 240
SHARE = 0.6  # of a film of a few seconds that is left of it
PART_S, BLACK_S = (
    12,
    3,
)  # seconds of a frozen or silent part, and of a black one: a little more than is taken without a word
BORROWED_SHARE = 0.3  # of a film that borrows its beginning from another one
_COPIED_PICTURE, _COPIED_SOUND = ["-c:v", "copy"], ["-c:a", "copy"]
_COPIED = ["-c", "copy"]
_H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "30"]
_ENCODED = [*_H264, *_COPIED_SOUND]


@dataclass(frozen=True, slots=True)
class _Length:
    """The length of a film in whole seconds, and where its treated part begins."""

    seconds: int

    @property
    def part(self) -> int:
        return self.seconds // 4


def _too_short(film: _Length) -> list[str]:
    return ["-t", str(CUT_S if film.seconds > CUT_S else round(SHARE * film.seconds)), *_COPIED]


def _black(start: float, end: float) -> list[str]:
    box = f"drawbox=t=fill:color=black:enable='between(t,{start},{end})'"
    return ["-vf", box, *_ENCODED]


def _frozen(film: _Length) -> list[str]:
    """One picture stands; what follows it comes later, and the end is cut off."""
    still = f"loop=loop={PART_S * FPS}:size=1:start={film.part * FPS},setpts=N/({FPS}*TB)"
    return ["-vf", still, "-t", str(film.seconds), *_ENCODED]


def _silent(film: _Length) -> list[str]:
    muted = f"volume=enable='between(t,{film.part},{film.part + PART_S})':volume=0"
    return ["-af", muted, *_COPIED_PICTURE, "-c:a", "aac"]


def _damaged(film: _Length) -> list[str]:
    """Bytes of a second of pictures are changed, key pictures excepted: a player shows torn pictures and goes on."""
    return [*_COPIED, "-bsf:v", f"noise=amount='if(between(pts*tb,{film.part},{film.part + 1})*not(key),40,0)'"]


_OPTIONS: dict[Treatment, Callable[[_Length], list[str]]] = {
    Treatment.MIRRORED: lambda _: ["-vf", "hflip", *_ENCODED],
    Treatment.TOO_SHORT: _too_short,
    Treatment.TOO_SMALL: lambda _: ["-vf", "scale=640:360", *_ENCODED],
    Treatment.BLACK_PART: lambda film: _black(film.part, film.part + BLACK_S),
    Treatment.BLACK_HALF: lambda film: _black(film.seconds * 0.4, film.seconds),
    Treatment.FROZEN_PART: _frozen,
    Treatment.SILENT_PART: _silent,
    Treatment.QUIET: lambda _: ["-af", "volume=-32dB", *_COPIED_PICTURE, "-c:a", "aac"],
    Treatment.NO_SOUND: lambda _: ["-an", *_COPIED_PICTURE],
    Treatment.DAMAGED: _damaged,
}


def treated(source: Path, treatment: Treatment, path: Path, seconds: int) -> Path:
    """Make a film at `path` from the studio's film `source`, `seconds` long. Raises RuntimeError.

    A film of a few seconds is too short for a frozen or silent part, and is played twice for one.
    """
    twice = treatment in (Treatment.FROZEN_PART, Treatment.SILENT_PART) and seconds < 2 * PART_S
    length = _Length(2 * seconds if twice else seconds)
    return _made(
        [*(["-stream_loop", "1"] if twice else []), *programs.input_options(source)], _OPTIONS[treatment](length), path
    )


def borrowing(source: Path, other: Path, path: Path, seconds: int) -> Path:
    """Make a film at `path` of `seconds` that begins as `other` does, and goes on as `source`. Raises RuntimeError."""
    cut = round(seconds * BORROWED_SHARE)
    joined = "[0:v][0:a][1:v][1:a]concat=n=2:v=1:a=1"
    inputs = ["-t", str(cut), *programs.input_options(other), "-ss", str(cut), *programs.input_options(source)]
    return _made(inputs, ["-filter_complex", joined, *_H264, "-c:a", "aac", "-t", str(seconds)], path)


def _made(inputs: list[str], options: list[str], path: Path) -> Path:
    programs.run_trusted([programs.ffmpeg(), "-v", "error", "-y", *inputs, *options, "-movflags", "+faststart", path])
    return path
