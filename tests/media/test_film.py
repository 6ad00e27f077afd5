"""The demonstration's films are real films: they play with sound and motion, and can be seeked."""

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from moviepy import VideoFileClip

from core.media import programs
from core.media.film import melody
from core.media.film.cut import LOOP, film, plan
from core.media.film.frames import moving
from core.media.film.palette import PALETTES
from core.media.film.script import MOTIFS, Scene, Tune
from core.media.probe import probe
from tests.media.conftest import SCRIPT


def test_it_is_what_the_contest_asks_for(short_film: Path) -> None:
    found = probe(short_film)
    assert (found.width, found.height, found.picture, found.sound) == (1280, 720, "h264", "aac")


def test_every_frame_of_it_decodes(short_film: Path) -> None:
    strict = ["-v", "error", "-xerror", "-err_detect", "explode", "-i", str(short_film), "-f", "null", "-"]
    done = subprocess.run([programs.ffmpeg(), *strict], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_same_script_is_the_same_film(short_film: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.mp4"
    film(SCRIPT, again)
    assert again.read_bytes() == short_film.read_bytes()
    assert list(tmp_path.iterdir()) == [again]


@pytest.mark.parametrize("seconds", [10, 240, 255, 295])
def test_its_parts_are_together_exactly_as_long_as_it_is(seconds: int) -> None:
    scenes = tuple(Scene(name, "…") for name in list(MOTIFS)[:6])
    segments = plan(replace(SCRIPT, seconds=seconds, scenes=scenes if seconds > 60 else SCRIPT.scenes))
    assert sum(segment.times for segment in segments) * LOOP == seconds
    assert [segment.at for segment in segments] == sorted({segment.at for segment in segments})
    assert all(segment.times > 0 for segment in segments)


@pytest.mark.parametrize("motif", list(MOTIFS))
def test_every_movement_moves_and_closes_on_itself(motif: str) -> None:
    turn = [picture.astype(int) for picture in moving(motif, PALETTES[3], 8)]
    steps = [float(np.abs(one - other).mean()) for one, other in zip(turn, [*turn[1:], turn[0]], strict=True)]
    assert min(steps) > 0.01
    assert steps[-1] <= max(steps[:-1]) * 1.5  # no jump at the start of the loop


def test_each_tune_is_its_own_and_none_is_too_loud() -> None:
    first, other = (melody.phrase(Tune(0, 0, "pluck", seed), 12) for seed in (1, 2))
    assert len(first) == len(other) == 12 * melody.RATE
    assert not np.allclose(first, other)
    assert 0.5 < float(np.abs(first).max()) <= 0.71


class TestMoviepyOnNewerPillow:
    """docs/platform.md, moviepy: it opens, seeks, resizes and writes on Pillow 13."""

    def test_it_opens_seeks_cuts_resizes_and_writes(self, short_film: Path, tmp_path: Path) -> None:
        with VideoFileClip(str(short_film)) as clip:
            assert tuple(clip.size) == (1280, 720)
            assert clip.duration == pytest.approx(10, abs=0.1)
            assert clip.audio is not None
            early, late = clip.get_frame(0.5), clip.get_frame(9.5)
            assert early.shape == (720, 1280, 3)
            assert float(np.abs(early.astype(int) - late.astype(int)).mean()) > 5
            clip.save_frame(str(tmp_path / "frame.png"), t=5)
            cut = clip.subclipped(1, 2).resized(width=320)
            cut.write_videofile(str(tmp_path / "cut.mp4"), codec="libx264", audio_codec="aac", logger=None)
            cut.close()
        assert (tmp_path / "frame.png").stat().st_size > 1000
        found = probe(tmp_path / "cut.mp4")
        assert (found.width, found.height, found.sound) == (320, 180, "aac")
        assert found.milliseconds == pytest.approx(1000, abs=150)
