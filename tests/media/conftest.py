"""A real film of a few seconds, made once."""

import subprocess
from pathlib import Path

import pytest

from core.media import programs
from core.media.film.cut import film
from core.media.film.palette import PALETTES
from core.media.film.script import Scene, Script, Tune

SCENES = (Scene("terraces", "Mùa nước đổ"), Scene("squares", "Một lần quét"))
SCRIPT = Script("T-001", "Phim để thử", "Cuộc thi để thử", 10, PALETTES[0], SCENES, Tune(0, 0, "pluck", 1))


@pytest.fixture(scope="session")
def short_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of the demonstration's kind."""
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    film(SCRIPT, path)
    return path


def made(path: Path, *words: str) -> Path:
    """A file made by ffmpeg from its own test sources."""
    subprocess.run([programs.ffmpeg(), "-v", "error", *words, str(path)], check=True, stdin=subprocess.DEVNULL)
    return path
