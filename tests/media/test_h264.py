"""ITU-T H.264 §7.3.2.1.1: our parser reads the same values from a parameter set as ffprobe."""

import json
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from core.media.mp4 import h264
from tests.media import mp4
from tests.media.conftest import made

PROFILES = {"Constrained Baseline": 66, "Baseline": 66, "Main": 77, "High": 100, "High 10": 110, "High 4:2:2": 122}
PROFILES["High 4:4:4 Predictive"] = 244
WAYS = {
    "baseline": ["-profile:v", "baseline"],
    "main, pictures in order": ["-profile:v", "main", "-bf", "0"],
    "high": ["-profile:v", "high"],
    "scaling lists": ["-x264-params", "cqm=jvt"],
    "scaling lists of 4:4:4": ["-x264-params", "cqm=jvt", "-pix_fmt", "yuv444p"],
    "10 bit": ["-pix_fmt", "yuv420p10le"],
    "4:2:2, 10 bit": ["-pix_fmt", "yuv422p10le"],
    "interlaced": ["-flags", "+ilme+ildct"],
    "cropped": ["-vf", "crop=314:174"],
    "pixels from the table": ["-vf", "setsar=4/3"],
    "other pixels": ["-vf", "setsar=7/5"],
    "pixels unsaid": ["-vf", "setsar=0"],
    "level 5.1": ["-level", "5.1"],
}


@pytest.mark.parametrize("way", WAYS)
def test_it_agrees_with_ffprobe(tmp_path: Path, way: str) -> None:
    picture = ["-f", "lavfi", "-i", "testsrc=s=320x180:r=5:d=1", "-c:v", "libx264", "-pix_fmt", "yuv420p"]
    path = made(tmp_path / "f.mp4", *picture, *WAYS[way])
    words = ["ffprobe", "-v", "error", "-show_streams", "-of", "json", str(path)]
    stream = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)["streams"][0]
    read = h264.parameters(parameter_set(path))
    assert (read.profile, read.level) == (PROFILES[stream["profile"]], stream["level"])
    assert (read.width, read.height) == (stream["width"], stream["height"])
    chroma = {"yuv420p": 1, "yuv422p": 2, "yuv444p": 3}[stream["pix_fmt"].removesuffix("10le")]
    assert (read.chroma, read.depth) == (chroma, int(stream["bits_per_raw_sample"]))
    pixel = stream.get("sample_aspect_ratio")
    assert read.pixel_aspect == (Fraction(pixel.replace(":", "/")) if pixel else None)


def test_one_that_ends_too_early_is_refused(tmp_path: Path) -> None:
    picture = ["-f", "lavfi", "-i", "testsrc=s=320x180:r=5:d=1", "-c:v", "libx264", "-x264-params", "cqm=jvt"]
    whole = parameter_set(made(tmp_path / "f.mp4", *picture))
    for length in range(8):
        with pytest.raises(ValueError, match="too early"):
            h264.parameters(whole[:length])


def parameter_set(path: Path) -> bytes:
    """The first parameter set of the film's first track."""
    entry = mp4.at(path.read_bytes(), "moov/trak:0/mdia/minf/stbl/stsd")
    at = entry.index(b"avcC") + 4 + 6
    return entry[at + 2 : at + 2 + int.from_bytes(entry[at : at + 2], "big")]
