"""Files of works are stored in one folder under names of our own; each has a poster."""

import errno
import hashlib
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PIL import Image

from core.media import library
from core.media.library import store
from core.media.poster import poster
from core.media.probe import NotAFilm, probe
from tests.media.conftest import Films, made
from tests.media.mp4 import turned


def test_a_film_is_named_after_its_content_hash(short_film: Path, tmp_path: Path) -> None:
    odd = tmp_path / "../phim của ông A; rm -rf.mp4".replace("../", "")
    odd.write_bytes(short_film.read_bytes())
    stored = store(odd, tmp_path / "library")
    digest = hashlib.sha256(short_film.read_bytes()).hexdigest()
    assert (stored.name, stored.sha256, stored.bytes) == (f"{digest}.mp4", digest, short_film.stat().st_size)
    assert (tmp_path / "library" / stored.name).read_bytes() == short_film.read_bytes()
    assert odd.exists()


def test_only_the_owner_can_read_films_and_posters(short_film: Path, tmp_path: Path) -> None:
    stored = store(short_film, tmp_path)
    names = (stored.name, poster(tmp_path / stored.name, probe(short_film), tmp_path))
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in names] == [0o600, 0o600]


def test_the_same_film_twice_is_stored_once(short_film: Path, tmp_path: Path) -> None:
    assert store(short_film, tmp_path) == store(short_film, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_what_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        store(tmp_path / "none.mp4", tmp_path / "library")
    assert list((tmp_path / "library").iterdir()) == []


def test_no_handle_is_left_open_for_an_unreadable_file(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        with pytest.raises(FileNotFoundError):
            store(tmp_path / "none.mp4", tmp_path / "library")
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


CORNERS = {  # the four corners of the coded picture: red, green; blue, white
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
    """After the first frame no other follows: searching for the next frame would find none."""
    film = films("hole_of_6_s")
    assert (tmp_path / poster(film, probe(film), tmp_path, moments=(0.5,))).is_file()
    last = made(tmp_path / "last.mp4", "-f", "lavfi", "-i", "testsrc=s=64x36:d=8:r=0.25", "-c:v", "libx264")
    assert (tmp_path / poster(last, probe(last), tmp_path, moments=(0.95,))).is_file()


class TestUnfinishedFiles:
    FILM = "ab" * 32

    def test_they_are_gone_after_the_block_and_after_an_error(self, tmp_path: Path) -> None:
        with library.unfinished_files(tmp_path, self.FILM) as folder:
            (folder / "light.mp4").write_bytes(b"half")
        with pytest.raises(ValueError, match="planted"), library.unfinished_files(tmp_path, self.FILM):
            raise ValueError("planted")
        assert list(tmp_path.iterdir()) == []

    def test_what_a_killed_process_left_of_this_film_is_removed_and_of_others_kept(self, tmp_path: Path) -> None:
        for name in (f".{self.FILM[:16]}-1", ".cdcdcdcdcdcdcdcd-1"):
            (tmp_path / name).mkdir()
        with library.unfinished_files(tmp_path, self.FILM):
            pass
        assert [path.name for path in tmp_path.iterdir()] == [".cdcdcdcdcdcdcdcd-1"]

    def test_a_finished_file_is_published_once_or_twice(self, tmp_path: Path) -> None:
        with library.unfinished_files(tmp_path, self.FILM) as folder:
            (folder / "light.mp4").write_bytes(b"whole")
            for _ in range(2):  # a transaction may run again
                library.publish(folder / "light.mp4", tmp_path, self.FILM)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {f"{self.FILM}.mp4": b"whole"}
        with pytest.raises(FileNotFoundError):
            library.publish(tmp_path / "no", tmp_path, "cd" * 32)
