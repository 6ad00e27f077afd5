"""Decodes parts of a film with ffmpeg: single pictures as a player shows them, and the sound."""

import io
from array import array
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from core.media import programs
from core.media.monitor import UNMONITORED, ProgressMonitor
from core.media.probe import SIDE, Film
from core.sandbox.run import Limits, Outcome, run

LIMITS = Limits(  # for one picture, or for all sound
    wall_seconds=60,  # a busy machine must not make a good film look damaged: the processor's time is the limit
    cpu_seconds=20,
    memory_bytes=2 << 30,  # a frame of 15,000 × 15,000 does not fit, a frame of 4,096 × 4,096 does
    output_bytes=64 << 20,
)
CHECK_SIZE = (160, 160)  # pixels of a picture that is decoded only as a check
CHECKED_SHARES = (0.05, 0.35, 0.65, 0.95)  # positions of the checked pictures, as shares of the film
RATE, CHANNELS = 8000, 2  # of decoded sound
MAX_AUDIO_S = 1800  # seconds of sound that are decoded at most


@dataclass(frozen=True, slots=True)
class DecodedAudio:
    """The length and the peak of a film's decoded sound."""

    milliseconds: int
    peak: int  # largest absolute sample value, at most 32,768


def first_undecodable_second(path: Path, film: Film, monitor: ProgressMonitor) -> float | None:
    """The first of the checked moments (s) at which no picture can be decoded; None if all can be decoded."""
    starts, ends = film.video.span.starts_ms, film.video.span.ends_ms
    for done, share in enumerate(CHECKED_SHARES):
        monitor.report(done / len(CHECKED_SHARES))
        second = (starts + (ends - starts) * share) / 1000
        if frame(path, film, second, CHECK_SIZE, monitor) is None:
            return second
    return None


def decode_audio(path: Path, film: Film, monitor: ProgressMonitor) -> DecodedAudio:
    """Decode the sound, at most MAX_AUDIO_S of it."""
    assert film.audio is not None
    options = ["-t", str(MAX_AUDIO_S), "-ac", str(CHANNELS), "-ar", str(RATE), "-f", "s16le"]
    out = _run(path, film.audio.track_id, 0, options, monitor).out
    values = array("h", out[: len(out) // 2 * 2])
    peak = max(map(abs, (min(values, default=0), max(values, default=0))))
    return DecodedAudio(1000 * len(values) // (RATE * CHANNELS), peak)


def frame(
    path: Path, film: Film, second: float, box: tuple[int, int], monitor: ProgressMonitor = UNMONITORED
) -> Image.Image | None:
    """Decode the picture shown at this second: upright, in its displayed aspect ratio, fitted into `box` (pixels).

    Returns None if no picture can be decoded.
    """
    for at in (second, second - film.video.longest_gap_ms / 1000):  # after the last picture begins, none follows
        image = _frame(path, film, max(0.0, at), _fitted(film, box), monitor)
        if image is not None:
            return _turned(image, film)
    return None


def _fitted(film: Film, box: tuple[int, int]) -> tuple[int, int]:
    share = min(box[0] / film.width, box[1] / film.height)
    return max(1, round(film.width * share)), max(1, round(film.height * share))


def _frame(
    path: Path, film: Film, second: float, size: tuple[int, int], monitor: ProgressMonitor
) -> Image.Image | None:
    width, height = reversed(size) if _is_sideways(film) else size
    options = ["-frames:v", "1", "-vf", f"scale={width}:{height}", "-f", "image2pipe", "-c:v", "ppm"]
    outcome = _run(path, film.video.track_id, second, options, monitor)
    return Image.open(io.BytesIO(outcome.out)).convert("RGB") if outcome.status == 0 and outcome.out else None


def _run(path: Path, track: int, second: float, options: list[str], monitor: ProgressMonitor) -> Outcome:
    """Run ffmpeg on one track of the film, from this second on, with these output options. The output goes to stdout."""
    global_options = ["-nostdin", "-v", "error", "-threads", "1", "-max_pixels", str(SIDE * SIDE), "-noautorotate"]
    input_options = ["-ss", f"{second:.3f}", *programs.input_options(path), "-map", f"0:i:{track}"]
    command = [programs.ffmpeg(), *global_options, *input_options, *options, "-"]
    return run(command, limits=LIMITS, readable=[path], cancelled=monitor.cancelled)


def _is_sideways(film: Film) -> bool:
    return film.orientation is not None and film.orientation[0] == 0


def _turned(image: Image.Image, film: Film) -> Image.Image:
    """The picture turned and mirrored by the film's matrix (x' = ax + cy, y' = bx + dy)."""
    a, b, c, d = film.orientation or (1, 0, 0, 1)
    if a == 0:
        image = image.transpose(Image.Transpose.TRANSPOSE)
    if a + c < 0:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if b + d < 0:
        image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    return image
