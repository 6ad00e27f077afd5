"""Copies of films for judges: nothing names the author, the streams stay as they are, and any line or browser plays one."""

import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import imageio_ffmpeg
import pytest

from core.media import programs
from core.media.copies import arguments, make
from core.media.copies.make import NoRoom, NotCopied
from core.media.monitor import ProgressMonitor
from core.media.mp4 import boxes
from core.media.probe import probe
from core.sandbox.run import Outcome
from tests.media.conftest import AAC, H264, Films, made, pictures
from tests.media.copies.planted import WORDS, planted_film, run

NOISE = ["-f", "lavfi", "-i", "testsrc2=s=854x480:r=25:d=12,noise=alls=40:allf=t"]
MOST_KBITS = 400  # of a window: what a connection of 400 kbit/s carries
BRANDS = {"major_brand", "minor_version", "compatible_brands"}  # what ffmpeg calls tags in every MP4
KINDS = ("hvc1", "ordered", "hole_of_4_s", "turned", "silent", "cut_by_seeking")


class Stop(Exception):
    """Planted."""


@pytest.fixture(scope="module")
def planted(films: Films, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planted_film(films("plain"), tmp_path_factory.mktemp("planted"))


def streams(path: Path) -> list[str]:
    """The SHA-256 of each stream's bytes: picture first."""
    found = run("-i", path, "-map", "0:V:0", "-map", "0:a:0?", "-c", "copy", "-f", "streamhash", "-hash", "sha256", "-")
    return re.findall(r"^\d+,([va]),SHA256=([0-9a-f]{64})", found, re.MULTILINE)


def packets(path: Path) -> list[tuple[str, int, str, str]]:
    """Each packet's stream, time (µs), size and hash."""
    copied = ["-map", "0:V:0", "-map", "0:a:0?", "-c", "copy", "-copyts"]
    text = run("-i", path, *copied, "-f", "framehash", "-hash", "md5", "-")
    base = {stream: int(ticks) for stream, ticks in re.findall(r"^#tb (\d): 1/(\d+)", text, re.MULTILINE)}
    lines = [[part.strip() for part in line.split(",")] for line in text.splitlines() if line[:1].isdigit()]
    return [(each[0], round(int(each[2]) * 10**6 / base[each[0]]), each[4], each[5]) for each in lines]


class TestAnonymous:
    @pytest.mark.parametrize("which", ["system", "carried"])
    def test_no_name_is_left(self, planted: Path, tmp_path: Path, which: str, monkeypatch: pytest.MonkeyPatch) -> None:
        found = shutil.which("ffmpeg") if which == "system" else imageio_ffmpeg.get_ffmpeg_exe()
        monkeypatch.setattr(programs, "ffmpeg", lambda: found)
        content = planted.read_bytes()
        assert content.count(WORDS[1]) >= 16 and content.count(WORDS[2]) >= 1 and b"Lavf" in content
        copy = make.anonymous(planted, probe(planted), tmp_path)
        content = copy.path.read_bytes()
        assert [content.count(word) for word in (*WORDS, b"Lavf", b"2024", b"Phone")] == [0] * 6
        assert streams(copy.path) == streams(planted) and packets(copy.path) == packets(planted)
        assert boxes.walk(copy.path).kinds[:2] == ("ftyp", "moov")
        tags = run("-i", copy.path, "-fflags", "+bitexact", "-f", "ffmetadata", "-").splitlines()
        assert {line.partition("=")[0] for line in tags if "=" in line} <= BRANDS

    @pytest.mark.parametrize("kind", KINDS)
    def test_streams_and_times_stay_as_they_are(self, films: Films, tmp_path: Path, kind: str) -> None:
        film = films(kind)
        copy = make.anonymous(film, probe(film), tmp_path)
        before, after = probe(film), probe(copy.path)
        assert streams(copy.path) == streams(film) and packets(copy.path) == packets(film)
        assert (after.width, after.height, after.orientation) == (before.width, before.height, before.orientation)
        assert (copy.milliseconds, copy.bytes) == (after.milliseconds, copy.path.stat().st_size)
        assert copy.path.stat().st_mode & 0o777 == 0o600


class TestLight:
    def test_every_window_fits_a_line_of_400_kbit_s(self, tmp_path: Path) -> None:
        film = made(tmp_path / "noise.mp4", *NOISE, "-f", "lavfi", "-i", "anoisesrc=d=12", *H264, "-b:v", "4M", *AAC)
        copy = make.light(film, probe(film), tmp_path)
        packed = packets(copy.path)
        for start in range(3):
            sent = sum(int(size) for _, at, size, _ in packed if start * 10**6 <= at < (start + 10) * 10**6)
            assert 200 < sent * 8 / 10 / 1000 <= MOST_KBITS
        assert copy.bytes * 8 / copy.milliseconds <= MOST_KBITS
        assert (copy.width, copy.height) == (854, 480)
        assert b"x264 - core" not in copy.path.read_bytes()  # the settings that the encoder writes into the stream

    @pytest.mark.parametrize(
        "kind,size", [("upright", (180, 320)), ("turned", (180, 320)), ("squeezed", (160, 180)), ("hvc1", (320, 180))]
    )
    def test_it_is_upright_and_as_long(self, films: Films, tmp_path: Path, kind: str, size: tuple[int, int]) -> None:
        film = films(kind)
        copy = make.light(film, probe(film), tmp_path)
        shown = probe(copy.path)
        assert (shown.width, shown.height) == shown.coded_size == size
        assert (shown.picture, shown.sound, shown.orientation) == ("h264", "aac", (1, 0, 0, 1))
        assert abs(shown.milliseconds - 10_000) < 100

    def test_many_frames_a_second_become_thirty_with_a_key_frame_every_two_seconds(self, tmp_path: Path) -> None:
        film = made(tmp_path / "fast.mp4", *pictures("322x182", 5, 60), "-f", "lavfi", "-i", "sine=d=5", *H264, *AAC)
        copy = make.light(film, probe(film), tmp_path)
        shown = run(
            "-skip_frame", "nokey", "-i", copy.path, "-map", "0:v", "-f", "framecrc", "-fps_mode", "passthrough", "-"
        )
        assert round(probe(copy.path).frames_per_second) == 30
        assert len([line for line in shown.splitlines() if line[:1].isdigit()]) >= 3

    def test_a_copy_names_nobody(self, planted: Path, tmp_path: Path) -> None:
        content = make.light(planted, probe(planted), tmp_path).path.read_bytes()
        assert [content.count(word) for word in (*WORDS, b"Lavf")] == [0] * 4


class TestPlayable:
    def test_hevc_becomes_h264_high(self, films: Films, tmp_path: Path) -> None:
        film = films("hvc1")
        assert make.needs_transcode(probe(film))
        copy = make.playable(film, probe(film), tmp_path)
        shown = probe(copy.path)
        assert not make.needs_transcode(shown)
        assert (shown.picture, shown.sound, shown.width, shown.height) == ("h264", "aac", 320, 180)
        run("-xerror", "-i", copy.path, "-f", "null", "-")  # raises if it cannot be decoded
        avcc = copy.path.read_bytes().split(b"avcC")[1]
        assert avcc[1] == 100  # AVCProfileIndication: High

    @pytest.mark.parametrize("kind,needs", [
        ("plain", False), ("main", False), ("mp3", False), ("silent", False), ("copy.mov", False),
        ("hev1", True), ("part2", True), ("10_bit", True), ("4:2:2", True), ("ac3", True), ("opus", True),
    ])  # fmt: skip
    def test_what_needs_it(self, films: Films, kind: str, needs: bool) -> None:
        assert make.needs_transcode(probe(films(kind))) is needs


class TestSizes:
    @pytest.mark.parametrize("size,box,fits", [
        ((1920, 1080), (854, 480), (854, 480)), ((1080, 1920), (854, 480), (480, 854)), ((1280, 720), (854, 480), (854, 480)),
        ((640, 480), (854, 480), (640, 480)), ((321, 181), (854, 480), (320, 180)), ((2048, 512), (854, 480), (854, 214)),
        ((4, 2000), (854, 480), (2, 854)), ((3840, 2160), (1920, 1080), (1920, 1080)), ((1080, 1080), (854, 480), (480, 480)),
    ])  # fmt: skip
    def test_a_size_is_kept_in_ratio_with_even_numbers(
        self, size: tuple[int, int], box: tuple[int, int], fits: tuple[int, int]
    ) -> None:
        assert arguments.fitted(size, box) == fits


class TestFaults:
    def test_a_cancelled_copy_stops(self, films: Films, tmp_path: Path) -> None:
        film = films("plain")
        heard: list[float] = []

        def report(share: float) -> None:
            heard.append(share)
            raise Stop

        with pytest.raises(Stop):
            make.light(film, probe(film), tmp_path, ProgressMonitor(report))
        assert heard and heard[0] < 1

    def test_progress_rises_to_the_end(self, films: Films, tmp_path: Path) -> None:
        heard: list[float] = []
        make.anonymous(films("plain"), probe(films("plain")), tmp_path, ProgressMonitor(heard.append))
        assert heard == sorted(heard) and heard[-1] <= 1

    def test_a_damaged_film_is_refused(self, films: Films, tmp_path: Path) -> None:
        film = films("plain")
        cut = tmp_path / "cut.mp4"
        cut.write_bytes(film.read_bytes()[:-2000].replace(b"moov", b"free"))
        with pytest.raises(NotCopied, match=r"phim \(cut.mp4: Invalid data"):  # not the path
            make.anonymous(cut, probe(film), tmp_path)

    def test_a_copy_of_another_length_is_refused(self, films: Films, tmp_path: Path) -> None:
        with pytest.raises(NotCopied, match="bản sao dài 10 giây"):
            make.anonymous(films("plain"), probe(films("sound_for_2_s_more")), tmp_path)

    def test_a_full_disk_is_said_before_and_after(
        self, films: Films, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        film = films("plain")
        full = Outcome(1, b"", "av_interleaved_write_frame(): No space left on device\n")
        with monkeypatch.context() as patched:
            patched.setattr(make, "run", lambda *_, **__: full)
            with pytest.raises(NoRoom):
                make.anonymous(film, probe(film), tmp_path)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=make.SPARE_BYTES))
        with pytest.raises(NoRoom):
            make.anonymous(film, probe(film), tmp_path)
