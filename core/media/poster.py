"""A poster: one frame of the film, chosen among a few for being neither dark nor empty."""

import hashlib
import os
import tempfile
from pathlib import Path

from PIL import Image, ImageStat

from core.media.decoding import frame
from core.media.probe import Film, NotAFilm
from core.rules.words import Sentence

SIZE = (640, 360)  # pixels into which it is fitted, in the film's own shape
MOMENTS = (0.12, 0.3, 0.5, 0.7)  # of the film: past the title, before the end


def poster(path: Path, film: Film, library: Path, *, moments: tuple[float, ...] = MOMENTS) -> str:
    """Make the film's poster in the library, named after its own SHA-256, and give its file name.

    Raises NotAFilm where no frame can be decoded.
    """
    frames = [found for moment in moments if (found := frame(path, film, film.milliseconds * moment / 1000, SIZE))]
    if not frames:
        raise NotAFilm(Sentence("không giải mã được hình nào"))
    handle, raw = tempfile.mkstemp(dir=library, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as out:
            max(frames, key=_liveliness).save(out, "WEBP", quality=82, method=4)
        name = f"{hashlib.sha256(Path(raw).read_bytes()).hexdigest()}.webp"
        Path(raw).chmod(0o600)
        Path(raw).replace(library / name)
    except BaseException:
        Path(raw).unlink(missing_ok=True)
        raise
    return name


def _liveliness(frame: Image.Image) -> float:
    """How far the frame's light is spread: a black or a blank one has nearly none."""
    return float(ImageStat.Stat(frame.convert("L")).stddev[0])
