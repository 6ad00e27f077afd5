"""Makes posters and stills. A poster is one frame of the film, chosen so that it is neither dark nor blank."""

import hashlib
import os
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageStat

from core.media.decoding import frame
from core.media.full_decode import BLACK_LEVEL, HEIGHT, KEPT_MS, WIDTH
from core.media.monitor import UNMONITORED, ProgressMonitor
from core.media.probe import Film, NotAFilm
from core.rules.words import Sentence

SIZE = (640, 360)  # maximum width and height in pixels; the film's aspect ratio is kept
FORMATS = {"webp": "WEBP", "jpg": "JPEG"}
FLAT_SPREAD = 8.0  # standard deviation of brightness, of 256, below which a picture is blank
STILL_SIZE = (480, 270)
FIRST_S = 1.0  # no poster is taken before
EDGES = 0.08  # share of the film at its beginning and its end whose pictures are taken only if no other is good
DARK_SHARE = 0.9  # of a picture's pixels: more are dark in no poster
SHARP_SHARE = 0.5  # of the pictures: the sharper ones may be posters
MOMENTS = (0.12, 0.3, 0.5, 0.7)  # shares of the film's length: after the title, before the end


def poster(path: Path, film: Film, library: Path, *, moments: tuple[float, ...] = MOMENTS) -> str:
    """Write the film's poster to the library and return its file name, which is its own SHA-256.

    Raises NotAFilm if no frame can be decoded.
    """
    frames = [found for moment in moments if (found := frame(path, film, film.milliseconds * moment / 1000, SIZE))]
    if not frames:
        raise NotAFilm(Sentence("không giải mã được hình nào"))
    return _stored(max(frames, key=_liveliness), library, "webp", quality=82, method=4)


def shows_something(path: Path) -> bool:
    """Whether the picture in this file is neither blank nor dark. Raises OSError if there is no picture."""
    with Image.open(path) as picture:
        levels = np.asarray(picture.convert("L"))
    return bool(levels.std() > FLAT_SPREAD and (levels < BLACK_LEVEL).mean() < DARK_SHARE)


def still(path: Path, film: Film, second: float, library: Path, monitor: ProgressMonitor = UNMONITORED) -> str | None:
    """Write the picture of this second to the library, as JPEG; returns its file name, which is its own SHA-256.

    Returns None if no picture can be decoded there.
    """
    image = frame(path, film, second, STILL_SIZE, monitor)
    return None if image is None else _stored(image, library, "jpg", quality=80)


def poster_moment(pictures: bytes) -> float | None:
    """The share of a film's length at which the best poster is, from `FullDecode.pictures`; None if all are dark or flat.

    It is not in the first second, not dark, not blurred, and has much light and shade. It can be passed to `poster`.
    """
    count = len(pictures) // (WIDTH * HEIGHT)
    frames = np.frombuffer(pictures, np.uint8, count * WIDTH * HEIGHT).reshape(count, HEIGHT, WIDTH)
    spread = np.array([frame.std() for frame in frames])
    dark = np.array([(frame < BLACK_LEVEL).mean() for frame in frames])
    edges = np.array([_sharpness(frame) for frame in frames])
    at = np.arange(count)
    usable = (at * KEPT_MS >= FIRST_S * 1000) & (dark < DARK_SHARE) & (spread > FLAT_SPREAD)
    if not usable.any():
        return None
    inside = usable & (at >= EDGES * count) & (at < (1 - EDGES) * count)
    chosen = inside if inside.any() else usable
    sharp = chosen & (edges >= np.quantile(edges[chosen], SHARP_SHARE))
    best = int(np.argmax(np.where(sharp, spread, -1)))
    return (best + 0.5) / count


def _sharpness(picture: np.ndarray[tuple[int, int], np.dtype[np.uint8]]) -> float:
    """The variance of the picture's second differences: low for a blurred picture."""
    levels = picture.astype(np.int16)
    around = levels[1:-1, :-2] + levels[1:-1, 2:] + levels[:-2, 1:-1] + levels[2:, 1:-1]
    return float((4 * levels[1:-1, 1:-1] - around).var())


def _stored(image: Image.Image, library: Path, kind: str, **options: int) -> str:
    """Write an image to the library; returns its file name: its SHA-256, and `kind` as the ending."""
    handle, raw = tempfile.mkstemp(dir=library, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as out:
            image.save(out, FORMATS[kind], **options)
        name = f"{hashlib.sha256(Path(raw).read_bytes()).hexdigest()}.{kind}"
        Path(raw).chmod(0o600)
        Path(raw).replace(library / name)
    except BaseException:
        Path(raw).unlink(missing_ok=True)
        raise
    return name


def _liveliness(frame: Image.Image) -> float:
    """The standard deviation of the frame's brightness: nearly zero for a black or blank frame."""
    return float(ImageStat.Stat(frame.convert("L")).stddev[0])
