"""Files of works lie in one folder under names of our own; each has a picture."""

import errno
import hashlib
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PIL import Image

from core.media.library import keep
from core.media.poster import poster
from core.media.probe import NotAFilm, probe
from tests.media.conftest import Films, made
from tests.media.mp4 import turned


def test_a_film_is_named_after_what_it_holds(short_film: Path, tmp_path: Path) -> None:
    odd = tmp_path / "../phim của ông A; rm -rf.mp4".replace("../", "")
    odd.write_bytes(short_film.read_bytes())
    kept = keep(odd, tmp_path / "library")
    digest = hashlib.sha256(short_film.read_bytes()).hexdigest()
    assert (kept.name, kept.sha256, kept.bytes) == (f"{digest}.mp4", digest, short_film.stat().st_size)
    assert (tmp_path / "library" / kept.name).read_bytes() == short_film.read_bytes()
    assert odd.exists()


def test_films_and_posters_are_nobody_else_s_to_read(short_film: Path, tmp_path: Path) -> None:
    kept = keep(short_film, tmp_path)
    names = (kept.name, poster(tmp_path / kept.name, probe(short_film), tmp_path))
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in names] == [0o600, 0o600]


def test_the_same_film_twice_is_kept_once(short_film: Path, tmp_path: Path) -> None:
    assert keep(short_film, tmp_path) == keep(short_film, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_what_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        keep(tmp_path / "none.mp4", tmp_path / "library")
    assert list((tmp_path / "library").iterdir()) == []


def test_no_handle_is_left_open_for_what_cannot_be_read(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        with pytest.raises(FileNotFoundError):
            keep(tmp_path / "none.mp4", tmp_path / "library")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_poster_is_a_small_picture_of_the_film(short_film: Path, tmp_path: Path) -> None:
    name = poster(short_film, probe(short_film), tmp_path)
    with Image.open(tmp_path / name) as picture:
        assert (picture.format, picture.size) == ("WEBP", (640, 360))
        assert len(set(picture.convert("RGB").resize((32, 18)).get_flattened_data())) > 50
    assert (tmp_path / name).stat().st_size < 60_000
    assert name == f"{hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()}.webp"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_poster_is_not_the_black_frame(tmp_path: Path) -> None:
    half = "color=black:s=640x360:d=2:r=5[a];testsrc=s=640x360:d=2:r=5[b];[a][b]concat"
    film = made(tmp_path / "f.mp4", "-filter_complex", half, "-c:v", "libx264")
    name = poster(film, probe(film), tmp_path, moments=(0.1, 0.3, 0.8))
    with Image.open(tmp_path / name) as picture:
        assert float(np.asarray(picture.convert("RGB")).max()) > 200


def test_a_film_with_no_frame_to_show_is_refused(short_film: Path, tmp_path: Path) -> None:
    film = probe(short_film)
    broken = tmp_path / "b.mp4"
    broken.write_bytes(b"nothing of the kind")
    with pytest.raises(NotAFilm):
        poster(broken, film, tmp_path)
    assert list(tmp_path.iterdir()) == [broken]


def test_a_poster_that_cannot_be_saved_leaves_nothing(
    films: Films, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    film = probe(films("plain"))
    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(OSError, match="No space"):
        poster(films("plain"), film, tmp_path)
    assert list(tmp_path.iterdir()) == []


CORNERS = {  # the four corners of the picture as it is coded: red, green; blue, white
    "upright": ((1, 0, 0, 1), "rgbw"),
    "turned by 90": ((0, 1, -1, 0), "brwg"),
    "turned by 180": ((-1, 0, 0, -1), "wbgr"),
    "turned by 270": ((0, -1, 1, 0), "gwrb"),
    "mirrored": ((-1, 0, 0, 1), "grwb"),
    "upside down": ((1, 0, 0, -1), "bwrg"),
    "mirrored and turned": ((0, 1, 1, 0), "rbgw"),
    "mirrored and turned back": ((0, -1, -1, 0), "wgbr"),
}


@pytest.mark.parametrize("way", CORNERS)
def test_a_poster_is_turned_as_the_film_is(tmp_path: Path, way: str) -> None:
    matrix, expected = CORNERS[way]
    corners = "color=red:s=320x180:d=2:r=5,drawbox=160:0:160:90:green:fill,drawbox=0:90:160:90:blue:fill,drawbox=160:90:160:90:white:fill"
    film = made(tmp_path / "f.mp4", "-f", "lavfi", "-i", corners, "-c:v", "libx264", "-pix_fmt", "yuv420p")
    film.write_bytes(turned(*matrix)(film.read_bytes()))
    with Image.open(tmp_path / poster(film, probe(film), tmp_path)) as picture:
        assert picture.size == ((640, 360) if matrix[0] else (202, 360))
        assert "".join(_colour(picture.convert("RGB"), x, y) for y in (0.25, 0.75) for x in (0.25, 0.75)) == expected


def _colour(picture: Image.Image, x: float, y: float) -> str:
    red, green, blue = cast(
        "tuple[int, int, int]", picture.getpixel((round(picture.width * x), round(picture.height * y)))
    )
    return "w" if min(red, green, blue) > 150 else "rgb"[max(range(3), key=(red, green, blue).__getitem__)]


@pytest.mark.parametrize(
    "name,size",
    [("narrow", (640, 360)), ("squeezed", (320, 360)), ("upright", (202, 360)), ("small_hidden", (640, 360))],
)
def test_a_poster_has_the_shape_that_is_shown(films: Films, tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    film = films(name)
    with Image.open(tmp_path / poster(film, probe(film), tmp_path)) as picture:
        assert picture.size == size


def test_a_poster_of_one_picture_that_lasts_is_that_picture(films: Films, tmp_path: Path) -> None:
    """After its beginning no other comes: looking for the next would find none."""
    film = films("hole_of_6_s")
    assert (tmp_path / poster(film, probe(film), tmp_path, moments=(0.5,))).is_file()
    last = made(tmp_path / "last.mp4", "-f", "lavfi", "-i", "testsrc=s=64x36:d=8:r=0.25", "-c:v", "libx264")
    assert (tmp_path / poster(last, probe(last), tmp_path, moments=(0.95,))).is_file()
