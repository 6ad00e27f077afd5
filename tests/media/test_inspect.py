"""Plan III.4: “các video được định dạng HD hoặc Full HD (MP4) đảm bảo về chất lượng hình ảnh và âm thanh… từ 4 - 5 phút”."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.media.inspect import Inspection, inspect
from core.media.probe import NotAFilm, probe
from core.rules.contest import VideoRules
from core.rules.words import Locale
from tests.media.conftest import broken, made

RULES = VideoRules(seconds=(9, 12), tolerance_s=1)


def verdicts(inspection: Inspection) -> list[tuple[bool, str]]:
    return [(verdict.passed, verdict.sentence.localize(Locale())) for verdict in inspection.verdicts]


def test_a_good_film_keeps_every_rule(short_film: Path) -> None:
    found = inspect(short_film, RULES)
    assert found.passed
    assert [words for _, words in verdicts(found)] == [
        "Tệp MP4 nguyên vẹn.",
        "Khung hình 1280×720.",
        "Thời lượng 10 giây.",
        "Có âm thanh (aac).",
        "Trình duyệt phát được hình (h264) và tiếng (aac); đã giải mã thử 4 chỗ và cả phần tiếng.",
    ]


@pytest.mark.parametrize(
    "rules,sentence",
    [
        (replace(RULES, sizes=((1920, 1080),)), "Khung hình 1280×720; thể lệ nhận 1920×1080."),
        (replace(RULES, seconds=(240, 300)), "giây; thể lệ nhận từ 240 đến 300 giây."),
        (replace(RULES, seconds=(1, 8)), "giây; thể lệ nhận từ 1 đến 8 giây."),
    ],
)
def test_each_broken_rule_is_one_verdict(short_film: Path, rules: VideoRules, sentence: str) -> None:
    (text,) = broken(inspect(short_film, rules))
    assert text.endswith(sentence)


def test_the_tolerance_is_exactly_as_large_as_stated(short_film: Path) -> None:
    length = probe(short_film).milliseconds
    assert 10_000 <= length <= 10_100
    assert inspect(short_film, replace(RULES, seconds=(11, 12), tolerance_s=1)).passed
    assert not inspect(short_film, replace(RULES, seconds=(12, 13), tolerance_s=1)).passed


def test_a_silent_film_is_refused_where_the_rules_ask_for_sound(tmp_path: Path) -> None:
    words = ["-f", "lavfi", "-i", "testsrc=s=1280x720:d=10:r=1", "-c:v", "libx264", "-pix_fmt", "yuv420p"]
    silent = made(tmp_path / "s.mp4", *words)
    assert broken(inspect(silent, RULES)) == ["Không có âm thanh; thể lệ yêu cầu phải có."]
    assert inspect(silent, replace(RULES, audio=False)).passed


def test_a_film_cut_short_is_refused_before_anything_opens_it(short_film: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(short_film.read_bytes()[:-1000])
    found = inspect(cut, RULES)
    assert found.film is None
    assert verdicts(found)[0][1].startswith("Tệp không trọn vẹn")


@pytest.mark.parametrize(
    "content", [b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", b"ffconcat version 1.0\nfile a.mp4\n"]
)
def test_a_disguised_playlist_opens_no_other_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.mp4"
    path.write_bytes(content)
    with pytest.raises(NotAFilm):
        probe(path)
    assert not inspect(path, RULES).passed


def test_a_frame_too_large_to_decode_is_refused_by_its_header(tmp_path: Path) -> None:
    wide = made(tmp_path / "w.mp4", "-f", "lavfi", "-i", "color=s=5000x16:d=1:r=2", "-c:v", "libx264")
    with pytest.raises(NotAFilm, match="5000×16"):
        probe(wide)


def test_sound_alone_is_no_film(tmp_path: Path) -> None:
    sound = made(tmp_path / "a.mp4", "-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac")
    with pytest.raises(NotAFilm, match="không có hình"):
        probe(sound)
