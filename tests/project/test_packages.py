"""The lists of packages are complete, and the package installed beyond another's version limit works (requirements.txt)."""

import re
from importlib import metadata
from pathlib import Path

import numpy as np
import PIL
import pytest
from moviepy import ImageClip, VideoFileClip
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LIFTED = {("moviepy", "pillow")}
COMES_WITH_PYTHON = frozenset({"pip", "setuptools"})
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def pins(*names: str) -> dict[str, str]:
    return {_plain(name): version for each in names for name, version in PIN.findall((ROOT / each).read_text())}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lists", [("requirements.txt",), ("requirements.txt", "requirements-dev.txt")])
def test_whatever_a_package_needs_is_pinned_at_a_version_it_accepts(lists: tuple[str, ...]) -> None:
    pinned = pins(*lists)
    unmet = [
        f"{name} needs {need}"
        for name in pinned
        for need in map(Requirement, metadata.requires(name) or [])
        if need.marker is None or need.marker.evaluate({"extra": ""})
        if (name, _plain(need.name)) not in LIFTED and need.name not in COMES_WITH_PYTHON
        if not need.specifier.contains(pinned.get(_plain(need.name), "0"), prereleases=True)
        or _plain(need.name) not in pinned
    ]
    assert unmet == []


def test_what_is_installed_is_what_is_pinned() -> None:
    pinned = pins("requirements.txt", "requirements-dev.txt")
    assert {name: metadata.version(name) for name in pinned} == pinned


def test_moviepy_opens_seeks_resizes_and_writes_on_a_pillow_past_its_cap(tmp_path: Path) -> None:
    """The film is longer than what a pipe holds: moviepy closes the pipes of an ffmpeg that still runs, of no other."""
    assert int(PIL.__version__.split(".")[0]) >= 13
    path = tmp_path / "small.mp4"
    red = ImageClip(np.full((72, 128, 3), (180, 30, 40), dtype=np.uint8), duration=20).resized(width=64)
    red.write_videofile(str(path), fps=10, logger=None, audio=False)
    with VideoFileClip(str(path)) as film:
        assert film.size == [64, 36]
        assert abs(int(film.get_frame(0.2)[10, 10, 0]) - 180) < 12
