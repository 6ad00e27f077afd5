"""Fingerprints of one short film, of copies of it altered in every way, and of two strangers."""

from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import pytest

from core.media import programs
from core.media.fingerprint.film_fingerprint import Fingerprint, fingerprint_of
from core.media.full_decode import full_decode
from core.media.probe import probe
from tests.fixtures.natural_films import COPIES, altered, natural_film

STRANGERS = ("stranger 1", "stranger 2")
Prints = Callable[[str], Fingerprint]


@pytest.fixture(scope="session")
def natural_films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Files by name: "original", the names of COPIES, and STRANGERS."""
    folder = tmp_path_factory.mktemp("copies")
    with pytest.MonkeyPatch.context() as patch:
        carried = imageio_ffmpeg.get_ffmpeg_exe()  # starts six times as fast as the system's
        patch.setattr(programs, "ffmpeg", lambda: carried)
        original = natural_film(folder / "original.mp4", 1)
        films = {name: natural_film(folder / f"{name}.mp4", 2 + at) for at, name in enumerate(STRANGERS)}
        copies = {name: altered(original, folder / f"{name}.mp4", name) for name in COPIES}
    return {"original": original, **films, **copies}


@pytest.fixture(scope="session")
def prints(natural_films: dict[str, Path]) -> dict[str, Fingerprint]:
    """The fingerprint of each of those films."""
    return {name: fingerprint_of(full_decode(path, probe(path))) for name, path in natural_films.items()}
