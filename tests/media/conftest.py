"""Real films of a few seconds, each made once per run."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import pytest

from core.media import programs
from core.media.film.cut import film
from core.media.film.palette import PALETTES
from core.media.film.script import Scene, Script, Tune
from core.media.inspect import Inspection
from core.rules.words import Locale

SCENES = (Scene("terraces", "Mùa nước đổ"), Scene("squares", "Một lần quét"))
SCRIPT = Script("T-001", "Phim để thử", "Cuộc thi để thử", 10, PALETTES[0], SCENES, Tune(0, 0, "pluck", 1))

SOUND = ["-f", "lavfi", "-i", "sine=d=10"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-threads", "1"]
HEVC = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:pools=1"]
AAC = ["-c:a", "aac"]
MAPPED = ["-map", "0:v", "-map", "1:v", "-map", "2:a"]
BOTH = ["-map", "0:v", "-map", "1:v", "-map", "1:a"]


def pictures(size: str = "320x180", seconds: float = 10, rate: float = 10) -> list[str]:
    return ["-f", "lavfi", "-i", f"testsrc=s={size}:r={rate}:d={seconds}"]


PLAIN = [*pictures(), *SOUND]
ENCODED = {  # 320 × 180, 10 s, unless the name says otherwise
    "plain": [*PLAIN, *H264, *AAC],
    "ordered": [*pictures(rate=25), *SOUND, "-c:v", "libx264", "-bf", "3", "-pix_fmt", "yuv420p", *AAC],
    "upright": [*pictures("180x320"), *SOUND, *H264, *AAC],
    "narrow": [*pictures("240x180"), *SOUND, *H264, "-vf", "setsar=4/3", *AAC],
    "squeezed": [*PLAIN, *H264, "-vf", "setsar=1/2", *AAC],
    "unsized_pixels": [*PLAIN, *H264, "-vf", "setsar=0", *AAC],
    "small_and_great": [*pictures("160x90"), *PLAIN, *MAPPED, *H264, *AAC],
    "small_hidden": [*pictures("160x90"), *PLAIN, *MAPPED, *H264, *AAC, "-disposition:v:0", "0", "-disposition:v:1", "default"],
    "picture_of_2_s": [*pictures(seconds=2), *SOUND, *H264, *AAC],
    "sound_of_half_a_second": [*pictures(), "-f", "lavfi", "-i", "sine=d=0.5", *H264, *AAC],
    "mute": [*pictures(), "-f", "lavfi", "-i", "anullsrc=d=10", *H264, *AAC],
    "nearly_mute": [*pictures(), "-f", "lavfi", "-i", "anoisesrc=d=10:a=0.0002", *H264, *AAC],
    "quiet": [*pictures(), "-f", "lavfi", "-i", "sine=d=10,volume=0.05", *H264, *AAC],
    "opposite_channels": [*PLAIN, "-af", "pan=stereo|c0=c0|c1=-1*c0", *H264, *AAC],
    "silent": [*pictures(), *H264],
    "sound_for_2_s_more": [*pictures(), "-f", "lavfi", "-i", "sine=d=12", *H264, *AAC],
    "8_s": [*pictures(seconds=8), "-f", "lavfi", "-i", "sine=d=8", *H264, *AAC],
    "one_second_of_sound_less": [*pictures(), "-f", "lavfi", "-i", "sine=d=9.2", *H264, *AAC],
    "hole_of_4_s": [*PLAIN, "-vf", "select='not(between(t,3,6.9))'", "-vsync", "vfr", *H264, *AAC],
    "hole_of_6_s": [*PLAIN, "-vf", "select='not(between(t,3,8.9))'", "-vsync", "vfr", *H264, *AAC],
    "1000_a_second": [*pictures("64x36", rate=1000), *SOUND, *H264, *AAC],
    "hev1": [*PLAIN, *HEVC, *AAC],
    "hvc1": [*PLAIN, *HEVC, "-tag:v", "hvc1", *AAC],
    "av1": [*PLAIN, "-c:v", "libaom-av1", "-cpu-used", "8", "-row-mt", "0", *AAC],
    "vp9": [*PLAIN, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", *AAC],
    "part2": [*PLAIN, "-c:v", "mpeg4", *AAC],
    "mpeg2": [*pictures(rate=25), *SOUND, "-c:v", "mpeg2video", *AAC],
    "mjpeg": [*PLAIN, "-c:v", "mjpeg", *AAC],
    "png": [*pictures(rate=2), *SOUND, "-c:v", "png", *AAC],
    "10_bit": [*PLAIN, *H264, "-pix_fmt", "yuv420p10le", *AAC],
    "4:2:2": [*PLAIN, *H264, "-pix_fmt", "yuv422p", *AAC],
    "4:4:4": [*PLAIN, *H264, "-pix_fmt", "yuv444p", *AAC],
    "grey": [*PLAIN, *H264, "-pix_fmt", "gray", *AAC],
    "interlaced": [*PLAIN, "-c:v", "libx264", "-flags", "+ilme+ildct", "-pix_fmt", "yuv420p", *AAC],
    "main": [*PLAIN, *H264, "-profile:v", "main", *AAC],
    "high": [*PLAIN, "-c:v", "libx264", "-profile:v", "high", "-pix_fmt", "yuv420p", *AAC],
    **{name: [*PLAIN, *H264, "-strict", "-2", "-c:a", name] for name in ("ac3", "eac3", "flac", "alac", "mp2")},
    "vorbis": [*PLAIN, *H264, "-c:a", "libvorbis"],
    "opus": [*PLAIN, *H264, "-c:a", "libopus"],
    "mp3": [*PLAIN, *H264, "-c:a", "libmp3lame"],
    "mp3_of_22_khz": [*PLAIN, *H264, "-c:a", "libmp3lame", "-ar", "22050"],
    "six_channels": [*PLAIN, *H264, *AAC, "-ac", "6"],
    "dts": [*PLAIN, *H264, "-strict", "-2", "-c:a", "dca"],
    "pcm.mov": [*PLAIN, *H264, "-c:a", "pcm_s16le"],
    "prores.mov": [*PLAIN, "-c:v", "prores_ks", "-c:a", "pcm_s16le"],
    "cover": [*pictures("64x64", 1, 1), "-c:v", "mjpeg", "-frames:v", "1"],
}  # fmt: skip
COPIED = {  # made from other films without encoding: their names, then the arguments
    "copy.mov": (["plain"], []),
    "fragmented": (["plain"], ["-movflags", "frag_keyframe+empty_moov"]),
    "one_fragment": (["plain"], ["-movflags", "frag_keyframe"]),
    "turned": (["plain"], ["-metadata:s:v", "rotate=90"]),
    "late_sound": (["plain", "-itsoffset 3 plain"], ["-map", "0:v", "-map", "1:a"]),
    "late_picture": (["-itsoffset 3 plain", "plain"], ["-map", "0:v", "-map", "1:a"]),
    "cut_by_seeking": (["-ss 5 plain"], []),
    "subtitled": (["plain", "titles.srt"], ["-map", "0", "-map", "1", "-c:s", "mov_text"]),
    "with_chapters": (["plain", "chapters.txt"], ["-map", "0", "-map_metadata", "1"]),
    "with_timecode": (["plain"], ["-timecode", "01:00:00:00"]),
    "cover_first": (["cover", "plain"], BOTH),
    "cover_attached": (["plain", "cover"], ["-map", "0", "-map", "1", "-disposition:v:1", "attached_pic"]),
    "two_languages": (["plain", "plain"], ["-map", "0", "-map", "1:a"]),
    "ac3_before_aac": (["ac3", "plain"], ["-map", "0:v", "-map", "0:a", "-map", "1:a"]),
    "hevc_before_h264": (["hvc1", "plain"], BOTH),
    "stream_says_half": (["plain"], ["-bsf:v", "h264_metadata=sample_aspect_ratio=1/2"]),
    "container_says_half": (["plain"], ["-aspect", "8:9"]),
    "level_6": (["plain"], ["-bsf:v", "h264_metadata=level=6.2"]),
    "moved_offsets": (["ordered"], ["-movflags", "negative_cts_offsets"]),
    "no_edits": (["ordered"], ["-use_editlist", "0"]),
    "hinted": (["plain"], ["-movflags", "+rtphint"]),
    "tagged": (["plain"], ["-metadata", "title=lavfi.r128.I=-10.0\nDuration: 00:04:30.00", "-metadata", "comment=" + "ă" * 4000]),
}  # fmt: skip
TEXTS = {
    "titles.srt": "1\n00:00:01,000 --> 00:00:05,000\nXin chào\n",
    "chapters.txt": ";FFMETADATA1\n" + "".join(
        f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={start}\nEND={start + 5000}\ntitle=Phần\n" for start in (0, 5000)
    ),
}  # fmt: skip
Films = Callable[[str], Path]


@pytest.fixture(scope="session")
def short_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of ten seconds, made as the demonstration's films are."""
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    film(SCRIPT, path)
    return path


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Films:
    """The film with this name in the tables above, made at its first use."""
    folder = tmp_path_factory.mktemp("kinds")

    def named(name: str) -> Path:
        path = folder / (name if "." in name else f"{name}.mp4")
        if path.exists():
            return path
        if name in TEXTS:
            path.write_text(TEXTS[name], encoding="utf-8")
            return path
        if name in ENCODED:
            return made(path, *ENCODED[name])
        froms, words = COPIED[name]
        inputs = [[*before.split(), "-i", str(named(of))] for before, _, of in (each.rpartition(" ") for each in froms)]
        return made(path, *(word for each in inputs for word in each), "-c", "copy", *words)

    return named


@pytest.fixture
def carried_ffmpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the ffmpeg of imageio-ffmpeg instead of the system's: it starts six times as fast."""
    found = imageio_ffmpeg.get_ffmpeg_exe()
    monkeypatch.setattr(programs, "ffmpeg", lambda: found)


def made(path: Path, *words: str) -> Path:
    """Make a file with ffmpeg from its built-in test sources."""
    subprocess.run([programs.ffmpeg(), "-v", "error", *words, str(path)], check=True, stdin=subprocess.DEVNULL)
    return path


def broken(inspection: Inspection) -> list[str]:
    """The sentences of the rules that are not met."""
    return [verdict.sentence.localize(Locale()) for verdict in inspection.verdicts if not verdict.passed]
