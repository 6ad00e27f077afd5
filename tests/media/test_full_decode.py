"""One decoding of a whole film finds what was planted in it, with the system's ffmpeg and with imageio's."""

import shutil
import time
from pathlib import Path

import imageio_ffmpeg
import pytest

from core.media import programs
from core.media.content_check import content_findings
from core.media.full_decode import FullDecode, Span, full_decode
from core.media.inspect import inspect
from core.media.monitor import ProgressMonitor
from core.media.probe import probe
from core.rules.contest import VideoRules
from core.rules.entries.film_rules import FilmVerdict, Level
from core.rules.words import Locale
from tests.media.conftest import AAC, H264, PLAIN, SOUND, Films, made, pictures

RULES = VideoRules(sizes=((320, 180),), seconds=(9, 11))
BLACK = "drawbox=c=black:t=fill:enable='between(t,3,6.9)'"
FROZEN = "loop=loop=120:size=1:start=40,setpts=N/FRAME_RATE/TB"
QUIET_PART = "volume=0:enable='between(t,4,18)'"


class Stop(Exception):
    """Planted."""


@pytest.fixture(params=["system", "carried"])
def ffmpeg(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each ffmpeg that a machine may have."""
    found = shutil.which("ffmpeg") if request.param == "system" else imageio_ffmpeg.get_ffmpeg_exe()
    assert found
    monkeypatch.setattr(programs, "ffmpeg", lambda: found)
    return found


def decoded(path: Path) -> FullDecode:
    return full_decode(path, probe(path))


def findings(path: Path, rules: VideoRules = RULES) -> tuple[FilmVerdict, ...]:
    return content_findings(decoded(path), probe(path), rules)


def words(path: Path, level: Level, rules: VideoRules = RULES) -> list[str]:
    return [each.sentence.localize(Locale()) for each in findings(path, rules) if each.level is level]


def about(span: Span, starts_s: float, ends_s: float) -> bool:
    return abs(span.starts_ms - 1000 * starts_s) <= 500 and abs(span.ends_ms - 1000 * ends_s) <= 500


@pytest.mark.usefixtures("ffmpeg")
class TestBothPrograms:
    def test_a_plain_film_passes_with_its_values(self, films: Films) -> None:
        found = decoded(films("plain"))
        assert found.picture_ms == 10_000 and found.error_count == 0
        assert (found.black, found.silent, found.black_share) == ((), (), 0)
        assert found.loudness_lufs is not None and -30 < found.loudness_lufs < -10
        (passed,) = words(films("plain"), Level.PASSED)
        loudness = f"{found.loudness_lufs:.1f}".replace(".", ",")
        assert passed == f"Đã giải mã cả phim: 10,0 giây hình, độ to {loudness} LUFS."

    def test_a_black_part_is_found_where_it_is(self, tmp_path: Path) -> None:
        film = made(tmp_path / "black.mp4", *PLAIN, "-vf", BLACK, *H264, *AAC)
        (span,) = decoded(film).black
        assert about(span, 3, 7)
        assert words(film, Level.WARNING) == [
            f"Hình đen từ giây {span.starts_ms / 1000:.1f} đến giây {span.ends_ms / 1000:.1f}; hãy xem lại đoạn này.".replace(".", ",", 2)
        ]  # fmt: skip

    def test_a_black_film_fails(self, tmp_path: Path) -> None:
        black = ["-f", "lavfi", "-i", "color=black:s=320x180:r=10:d=10"]
        film = made(tmp_path / "black.mp4", *black, *SOUND, *H264, *AAC)
        assert words(film, Level.FAILED) == ["Hình đen 100,0 % thời lượng phim."]

    def test_a_frozen_part_is_found_where_it_is(self, tmp_path: Path) -> None:
        film = made(tmp_path / "frozen.mp4", *pictures(), "-f", "lavfi", "-i", "sine=d=22", "-vf", FROZEN, *H264, *AAC)
        longest = max(decoded(film).frozen, key=lambda span: span.milliseconds)
        assert about(longest, 4, 16)
        assert len([each for each in words(film, Level.WARNING) if each.startswith("Hình đứng yên từ giây")]) == 1

    def test_silence_is_found_and_a_silent_film_fails(self, films: Films, tmp_path: Path) -> None:
        film = made(tmp_path / "q.mp4", *pictures(seconds=20), "-f", "lavfi", "-i", "sine=d=20", "-af", QUIET_PART, *H264, *AAC)  # fmt: skip
        (span,) = decoded(film).silent
        assert about(span, 4, 18)
        assert any(each.startswith("Không có tiếng từ giây 4,0") for each in words(film, Level.WARNING))
        assert words(films("mute"), Level.FAILED) == ["Phim gần như không có tiếng (-70,0 LUFS)."]
        assert words(films("mute"), Level.FAILED, VideoRules(audio=False)) == []
        assert any(each.startswith("Tiếng rất nhỏ") for each in words(films("quiet"), Level.WARNING))

    def test_a_film_without_sound_has_no_loudness(self, films: Films) -> None:
        assert decoded(films("silent")).loudness_lufs is None
        assert words(films("silent"), Level.PASSED) == ["Đã giải mã cả phim: 10,0 giây hình."]

    def test_a_title_that_imitates_the_measurement_changes_nothing(self, films: Films) -> None:
        plain, tagged = decoded(films("plain")), decoded(films("tagged"))
        assert tagged == plain

    def test_zeros_in_the_middle_are_named(self, films: Films, tmp_path: Path) -> None:
        damaged = tmp_path / "hole.mp4"
        content = bytearray(films("plain").read_bytes())
        middle = len(content) // 2
        content[middle : middle + 20_000] = bytes(20_000)
        damaged.write_bytes(content)
        assert decoded(damaged).error_count > 0
        assert any("Bộ giải mã báo" in each for each in words(damaged, Level.WARNING))

    def test_the_decoding_tells_its_progress_and_stops(self, films: Films) -> None:
        shares: list[float] = []
        full_decode(films("plain"), probe(films("plain")), ProgressMonitor(shares.append))
        assert shares == sorted(shares) and shares[-1] > 0.9

        def stop(_share: float) -> None:
            raise Stop

        with pytest.raises(Stop):
            full_decode(films("plain"), probe(films("plain")), ProgressMonitor(stop))
        began = time.monotonic()
        cancelled = full_decode(films("plain"), probe(films("plain")), ProgressMonitor(cancelled=lambda: True))
        assert cancelled.picture_ms < 10_000 and time.monotonic() - began < 10


class TestFindings:
    """The thresholds, on invented measurements of a real film."""

    @pytest.mark.parametrize(
        "change, level",
        [
            ({"picture_ms": 9_500}, Level.PASSED),
            ({"picture_ms": 9_250}, Level.FAILED),
            ({"black": (Span(0, 1_750),)}, Level.PASSED),
            ({"black": (Span(0, 2_000),)}, Level.WARNING),
            ({"black": (Span(0, 5_000),)}, Level.FAILED),
            ({"frozen": (Span(0, 9_750),)}, Level.PASSED),
            ({"frozen": (Span(0, 10_000),)}, Level.WARNING),
            ({"silent": (Span(0, 9_999),)}, Level.PASSED),
            ({"silent": (Span(0, 10_000),)}, Level.WARNING),
            ({"loudness_lufs": -35.0}, Level.PASSED),
            ({"loudness_lufs": -35.1}, Level.WARNING),
            ({"loudness_lufs": -60.0}, Level.FAILED),
            ({"error_count": 1}, Level.WARNING),
        ],
    )
    def test_each_threshold(self, films: Films, change: dict[str, object], level: Level) -> None:
        usual: dict[str, object] = {
            "picture_ms": 10_000, "error_count": 0, "black": (), "frozen": (), "loudness_lufs": -20.0, "silent": (),
        }  # fmt: skip
        measured = FullDecode(**{**usual, **change})  # type: ignore[arg-type]  # the fields by name
        (found,) = content_findings(measured, probe(films("plain")), RULES)
        assert found.level is level

    def test_a_film_without_any_picture_is_not_called_black(self) -> None:
        assert FullDecode(0, 1, (), (), None, ()).black_share == 0


class TestInspectionMonitor:
    """The progress of an inspection, and its stop."""

    def test_the_progress_rises_from_nothing_and_stays_below_the_whole(self, films: Films) -> None:
        shares: list[float] = []
        assert inspect(films("plain"), RULES, ProgressMonitor(shares.append)).passed
        assert shares[0] == 0 and shares == sorted(shares) and shares[-1] < 1
        assert len(set(shares)) >= 4

    def test_an_exception_of_the_monitor_stops_the_inspection(self, films: Films) -> None:
        def stop(share: float) -> None:
            if share > 0:
                raise Stop

        with pytest.raises(Stop):
            inspect(films("plain"), RULES, ProgressMonitor(stop))

    def test_a_cancelled_program_is_killed(self, films: Films) -> None:
        began = time.monotonic()
        assert not inspect(films("plain"), RULES, ProgressMonitor(cancelled=lambda: True)).passed
        assert time.monotonic() - began < 20

    @pytest.mark.parametrize("share, whole", [(0, 0.25), (0.5, 0.5), (1, 0.75)])
    def test_a_part_is_reported_as_its_share_of_the_whole(self, share: float, whole: float) -> None:
        shares: list[float] = []
        ProgressMonitor(shares.append).part(0.25, 0.75).report(share)
        assert shares == [whole]

    def test_a_missing_file_is_an_error_of_the_caller(self, tmp_path: Path) -> None:
        with pytest.raises(OSError, match=r"nothing\.mp4"):
            inspect(tmp_path / "nothing.mp4", RULES, ProgressMonitor())
