"""`inspect` prints one line per file, safe to print, and says what is wrong with the file."""

import os
from pathlib import Path

import pytest

from core.cli import DONE, REFUSED, main
from tests.media.conftest import AAC, H264, SOUND, made, pictures

CONTEST = """
[contest]
key = "thu"
name = "Cuộc thi thử"
[entries.video]
sizes = [[1280, 720]]
seconds = [9, 11]
container = "mp4"
tolerance_s = 0
audio = true
[[criteria]]
key = "A"
name = "A"
max = "10"
step = "0.5"
[scoring]
method = "mean"
min_sheets = 2
"""


@pytest.mark.parametrize(
    "name,printed",
    [
        (b"phim \xe1\xbb\x9f nh\xc3\xa0.mp4", "phim ở nhà.mp4"),
        (b"\xff\xfephim.mp4", "\ufffd\ufffdphim.mp4"),
        (b"hai\ndong.mp4", "hai\ufffddong.mp4"),
        (b"\x1b[2Jphim.mp4", "\ufffd[2Jphim.mp4"),
        ("phim\u202e4pm.mp4".encode(), "phim\ufffd4pm.mp4"),
        (b"-phim.mp4", "-phim.mp4"),
    ],
)
def test_a_name_is_printed_on_one_line_whatever_it_contains(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: bytes, printed: str
) -> None:
    contest, film = tmp_path / "c.toml", Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    contest.write_text(CONTEST, encoding="utf-8")
    film.write_bytes(b"no film")
    assert main(["inspect", "--contest", str(contest), str(film)]) == REFUSED
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [
        printed,
        "  Không đạt (mục III.4; không ai được bỏ qua): Tệp không phải là MP4.",
    ]
    assert captured.err == ""


def test_the_status_is_0_only_where_every_file_keeps_every_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contest = tmp_path / "c.toml"
    contest.write_text(CONTEST, encoding="utf-8")
    good = made(tmp_path / "good.mp4", *pictures("1280x720", rate=5), *SOUND, *H264, *AAC)
    silent = made(tmp_path / "silent.mp4", *pictures("1280x720", rate=5), *H264)
    assert main(["inspect", "--contest", str(contest), str(good)]) == DONE
    assert "Không đạt" not in capsys.readouterr().out
    assert main(["inspect", "--contest", str(contest), str(good), str(silent)]) == REFUSED
    assert capsys.readouterr().out.count("Không đạt") == 1


def test_a_missing_file_is_reported_and_the_others_are_inspected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contest, film = tmp_path / "c.toml", tmp_path / "b.mp4"
    contest.write_text(CONTEST, encoding="utf-8")
    film.write_bytes(b"no film")
    assert main(["inspect", "--contest", str(contest), str(tmp_path / "a.mp4"), str(film)]) == REFUSED
    captured = capsys.readouterr()
    assert "a.mp4" in captured.err and captured.out.splitlines()[0] == "b.mp4"
