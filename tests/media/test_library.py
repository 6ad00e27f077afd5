"""Files of works lie in one folder under names of our own; each has a picture."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.media.library import keep
from core.media.poster import poster
from core.media.probe import NotAFilm, probe
from tests.media.conftest import made


def test_a_film_is_named_after_what_it_holds(short_film: Path, tmp_path: Path) -> None:
    odd = tmp_path / "../phim của ông A; rm -rf.mp4".replace("../", "")
    odd.write_bytes(short_film.read_bytes())
    kept = keep(odd, tmp_path / "library")
    digest = hashlib.sha256(short_film.read_bytes()).hexdigest()
    assert (kept.name, kept.sha256, kept.bytes) == (f"{digest}.mp4", digest, short_film.stat().st_size)
    assert (tmp_path / "library" / kept.name).read_bytes() == short_film.read_bytes()
    assert odd.exists()


def test_the_same_film_twice_is_kept_once(short_film: Path, tmp_path: Path) -> None:
    assert keep(short_film, tmp_path) == keep(short_film, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_what_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        keep(tmp_path / "none.mp4", tmp_path / "library")
    assert list((tmp_path / "library").iterdir()) == []


def test_a_poster_is_a_small_picture_of_the_film(short_film: Path, tmp_path: Path) -> None:
    name = poster(short_film, probe(short_film), tmp_path)
    with Image.open(tmp_path / name) as picture:
        assert (picture.format, picture.size) == ("WEBP", (640, 360))
        assert len(set(picture.convert("RGB").resize((32, 18)).get_flattened_data())) > 50
    assert (tmp_path / name).stat().st_size < 60_000
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
