"""What ffmpeg decodes of a film: single pictures as a person sees them, and its sound."""

import io
from array import array
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from core.media import programs
from core.media.probe import SIDE, Film

SECONDS = 20  # for one picture, or for all sound
CHECK_SIZE = (160, 160)  # pixels of a picture that nobody looks at
CHECKED_SHARES = (0.05, 0.35, 0.65, 0.95)  # of the film
RATE, CHANNELS = 8000, 2  # of decoded sound
MAX_AUDIO_S = 1800  # of sound that is decoded


@dataclass(frozen=True, slots=True)
class DecodedAudio:
    """What the sound of a film decodes to."""

    milliseconds: int
    peak: int  # of 32,768


def first_undecodable_second(path: Path, film: Film) -> float | None:
    """The first of a few moments (s) at which no picture can be decoded; None where there is none."""
    starts, ends = film.video.span.starts_ms, film.video.span.ends_ms
    moments = [(starts + (ends - starts) * share) / 1000 for share in CHECKED_SHARES]
    return next((second for second in moments if frame(path, film, second, CHECK_SIZE) is None), None)


def decode_audio(path: Path, film: Film) -> DecodedAudio:
    """Decode the sound, of half an hour at most."""
    assert film.audio is not None
    words = ["-t", str(MAX_AUDIO_S), "-ac", str(CHANNELS), "-ar", str(RATE), "-f", "s16le"]
    out = _run(path, film.audio.track_id, 0, words).out
    values = array("h", out[: len(out) // 2 * 2])
    peak = max(map(abs, (min(values, default=0), max(values, default=0))))
    return DecodedAudio(1000 * len(values) // (RATE * CHANNELS), peak)


def frame(path: Path, film: Film, second: float, box: tuple[int, int]) -> Image.Image | None:
    """The picture on the screen at a moment: upright, in its shown shape, fitted into a box of pixels; None where there is none."""
    for at in (second, second - film.video.longest_gap_ms / 1000):  # no other begins after the last picture has
        image = _frame(path, film, max(0.0, at), _fitted(film, box))
        if image is not None:
            return _turned(image, film)
    return None


def _fitted(film: Film, box: tuple[int, int]) -> tuple[int, int]:
    share = min(box[0] / film.width, box[1] / film.height)
    return max(1, round(film.width * share)), max(1, round(film.height * share))


def _frame(path: Path, film: Film, second: float, size: tuple[int, int]) -> Image.Image | None:
    width, height = reversed(size) if _is_sideways(film) else size
    words = ["-frames:v", "1", "-vf", f"scale={width}:{height}", "-f", "image2pipe", "-c:v", "ppm"]
    outcome = _run(path, film.video.track_id, second, words)
    return Image.open(io.BytesIO(outcome.out)).convert("RGB") if outcome.status == 0 and outcome.out else None


def _run(path: Path, track: int, second: float, words: list[str]) -> programs.Outcome:
    """Run ffmpeg on one track of the film, from this second on; what it makes is written to its pipe."""
    before = ["-nostdin", "-v", "error", "-threads", "1", "-max_pixels", str(SIDE * SIDE), "-noautorotate"]
    which = ["-ss", f"{second:.3f}", *programs.input_options(path), "-map", f"0:i:{track}"]
    return programs.fenced([programs.ffmpeg(), *before, *which, *words, "-"], seconds=SECONDS)


def _is_sideways(film: Film) -> bool:
    return film.orientation is not None and film.orientation[0] == 0


def _turned(image: Image.Image, film: Film) -> Image.Image:
    """The picture as the film's matrix turns it (x' = ax + cy, y' = bx + dy)."""
    a, b, c, d = film.orientation or (1, 0, 0, 1)
    if a == 0:
        image = image.transpose(Image.Transpose.TRANSPOSE)
    if a + c < 0:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if b + d < 0:
        image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    return image
