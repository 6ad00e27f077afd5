"""A poster: one frame of the film, chosen among a few for being neither dark nor empty."""

import io
import os
import tempfile
from pathlib import Path

from PIL import Image, ImageStat

from core.media import programs
from core.media.probe import Film, NotAFilm
from core.rules.words import Sentence

SIZE = (640, 360)
MOMENTS = (0.12, 0.3, 0.5, 0.7)  # of the film: past the title, before the end


def poster(path: Path, film: Film, library: Path, *, moments: tuple[float, ...] = MOMENTS) -> str:
    """Make the film's poster in the library and give its file name. Raises NotAFilm where no frame can be read."""
    frames = [frame for frame in (_frame(path, film.milliseconds * moment / 1000) for moment in moments) if frame]
    if not frames:
        raise NotAFilm(Sentence("không giải mã được hình nào"))
    name = f"{path.stem}.webp"
    handle, raw = tempfile.mkstemp(dir=library, suffix=".tmp")
    with os.fdopen(handle, "wb") as out:
        max(frames, key=_liveliness).save(out, "WEBP", quality=82, method=4)
    Path(raw).chmod(0o644)
    Path(raw).replace(library / name)
    return name


def _frame(path: Path, second: float) -> Image.Image | None:
    width, height = SIZE
    fit = f"scale={width}:{height}:force_original_aspect_ratio=decrease,pad={width}:{height}:-1:-1"
    outcome = programs.fenced(
        [
            programs.ffmpeg(),
            "-v",
            "error",
            "-threads",
            "1",
            "-ss",
            f"{second:.3f}",
            *programs.LOCAL_MP4,
            "-i",
            path,
            "-map",
            "0:v:0",
            "-frames:v",
            "1",
            "-vf",
            fit,
            "-f",
            "image2pipe",
            "-c:v",
            "ppm",
            "-",
        ]
    )
    if outcome.status != 0 or not outcome.out:
        return None
    return Image.open(io.BytesIO(outcome.out)).convert("RGB")


def _liveliness(frame: Image.Image) -> float:
    """How far the frame's light is spread: a black or a blank one has nearly none."""
    return float(ImageStat.Stat(frame.convert("L")).stddev[0])
