"""Plan III.4: “các video được định dạng HD hoặc Full HD (MP4) đảm bảo về chất lượng hình ảnh và âm thanh… từ 4 - 5 phút”."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.media import probe as probing
from core.media import programs
from core.media.film import cut
from core.media.inspect import Inspection, inspect
from core.media.probe import NotAFilm, probe
from core.rules.contest import VideoRules
from core.rules.words import Tongue
from tests.media.conftest import made

RULES = VideoRules(seconds=(9, 12), tolerance_s=1)


def said(inspection: Inspection) -> list[tuple[bool, str]]:
    return [(verdict.kept, verdict.says.said(Tongue())) for verdict in inspection.verdicts]


def test_a_good_film_keeps_every_rule(short_film: Path) -> None:
    found = inspect(short_film, RULES)
    assert found.kept
    assert [kept for kept, _ in said(found)] == [True] * 4
    assert said(found)[0][1] == "Tệp MP4 nguyên vẹn."
    assert said(found)[1][1] == "Khung hình 1280×720."
    assert said(found)[3][1] == "Có âm thanh (aac)."


@pytest.mark.parametrize(
    "rules,sentence",
    [
        (replace(RULES, sizes=((1920, 1080),)), "Khung hình 1280×720; thể lệ nhận 1920×1080."),
        (replace(RULES, seconds=(240, 300)), "giây; thể lệ nhận từ 240 đến 300 giây."),
        (replace(RULES, seconds=(1, 8)), "giây; thể lệ nhận từ 1 đến 8 giây."),
    ],
)
def test_each_broken_rule_is_one_verdict(short_film: Path, rules: VideoRules, sentence: str) -> None:
    broken = [words for kept, words in said(inspect(short_film, rules)) if not kept]
    assert len(broken) == 1
    assert broken[0].endswith(sentence)


def test_the_tolerance_reaches_as_far_as_it_says(short_film: Path) -> None:
    length = probe(short_film).milliseconds
    assert 10_000 <= length <= 10_100
    assert inspect(short_film, replace(RULES, seconds=(11, 12), tolerance_s=1)).kept
    assert not inspect(short_film, replace(RULES, seconds=(12, 13), tolerance_s=1)).kept


def test_a_silent_film_is_refused_where_the_rules_ask_for_sound(tmp_path: Path) -> None:
    silent = made(
        tmp_path / "s.mp4",
        "-f",
        "lavfi",
        "-i",
        "testsrc=s=1280x720:d=10:r=1",
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
    )
    assert [words for kept, words in said(inspect(silent, RULES)) if not kept] == [
        "Không có âm thanh; thể lệ yêu cầu phải có."
    ]
    assert inspect(silent, replace(RULES, audio=False)).kept


def test_a_film_cut_short_is_refused_before_anything_opens_it(short_film: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(short_film.read_bytes()[:-1000])
    found = inspect(cut, RULES)
    assert found.film is None
    assert said(found)[0][1].startswith("Tệp không trọn vẹn")


@pytest.mark.parametrize(
    "content", [b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", b"ffconcat version 1.0\nfile a.mp4\n"]
)
def test_a_play_list_in_disguise_opens_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.mp4"
    path.write_bytes(content)
    with pytest.raises(NotAFilm):
        probe(path)
    assert not inspect(path, RULES).kept


def test_a_frame_too_large_to_decode_is_refused_by_its_header(tmp_path: Path) -> None:
    wide = made(tmp_path / "w.mp4", "-f", "lavfi", "-i", "color=s=5000x16:d=1:r=2", "-c:v", "libx264")
    with pytest.raises(NotAFilm, match="5000×16"):
        probe(wide)


def test_sound_alone_is_no_film(tmp_path: Path) -> None:
    sound = made(tmp_path / "a.mp4", "-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac")
    with pytest.raises(NotAFilm, match="không có hình"):
        probe(sound)


def test_without_ffprobe_ffmpeg_says_the_same(short_film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = probe(short_film)
    monkeypatch.setattr(programs, "ffprobe", lambda: None)
    read = probing.probe(short_film)
    assert (read.width, read.height, read.picture, read.sound) == (asked.width, asked.height, "h264", "aac")
    assert abs(read.milliseconds - asked.milliseconds) <= 10
    assert read.frames_per_second == asked.frames_per_second == cut.FPS


def test_without_ffprobe_a_play_list_is_refused_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "list.mp4"
    path.write_bytes(b"ffconcat version 1.0\nfile a.mp4\n")
    monkeypatch.setattr(programs, "ffprobe", lambda: None)
    with pytest.raises(NotAFilm):
        probe(path)


class TestTheFence:
    """SECURITY T4: “sub-process with RLIMIT_AS/CPU/FSIZE and timeout”."""

    def test_time_ends(self) -> None:
        assert programs.fenced(["sleep", "30"], seconds=1).status is None

    def test_memory_ends(self) -> None:
        outcome = programs.fenced(["python3", "-c", "bytearray(300 << 20)"], memory=200 << 20)
        assert outcome.status != 0
        assert "MemoryError" in outcome.err

    def test_a_file_written_ends(self, tmp_path: Path) -> None:
        written = tmp_path / "out"
        outcome = programs.fenced(["dd", "if=/dev/zero", f"of={written}", "bs=64k", "count=64"], output=1 << 20)
        assert outcome.status != 0
        assert written.stat().st_size <= 1 << 20
