"""What a film is made of, asked of ffprobe behind a fence; where there is none, read from ffmpeg's own words by moviepy."""

import json
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from core.media import programs
from core.rules.words import Refusal, Sentence

SIDE = 4096  # pixels: a larger frame is not decoded (SECURITY T4)


class NotAFilm(Refusal):
    """No film could be read from the file."""

    def __init__(self, why: str | Sentence) -> None:
        super().__init__("Không đọc được phim trong tệp ({why}).", why=why)


@dataclass(frozen=True, slots=True)
class Film:
    """A file's film: its length and its first picture and sound streams."""

    milliseconds: int
    width: int
    height: int
    picture: str  # "h264"
    sound: str | None  # "aac"; None where there is none
    frames_per_second: Fraction


def probe(path: Path) -> Film:
    """Read the file's headers, local MP4 only; nothing is decoded. Raises NotAFilm."""
    found = _by_ffprobe(path) if programs.ffprobe() else _by_ffmpeg(path)
    if not (0 < found.width <= SIDE and 0 < found.height <= SIDE):
        size = f"{found.width}×{found.height}"
        raise NotAFilm(Sentence("khung hình {size} quá lớn hoặc không có", {"size": size}))
    return found


def _by_ffprobe(path: Path) -> Film:
    wanted = "format=duration:stream=codec_type,codec_name,width,height,avg_frame_rate:stream_disposition=attached_pic"
    outcome = programs.fenced(
        [str(programs.ffprobe()), "-v", "error", *programs.LOCAL_MP4, "-show_entries", wanted, "-of", "json", path]
    )
    if outcome.status != 0:
        raise NotAFilm(_last_line(outcome.err))
    said = json.loads(outcome.out)
    streams = [each for each in said.get("streams", []) if not each.get("disposition", {}).get("attached_pic")]
    picture = next((each for each in streams if each.get("codec_type") == "video"), None)
    sound = next((each for each in streams if each.get("codec_type") == "audio"), None)
    if picture is None:
        raise NotAFilm(Sentence("không có hình"))
    seconds = said.get("format", {}).get("duration", "0")
    return Film(
        round(Fraction(seconds) * 1000), int(picture.get("width", 0)), int(picture.get("height", 0)),
        str(picture.get("codec_name", "?")), str(sound.get("codec_name", "?")) if sound else None,
        _rate(str(picture.get("avg_frame_rate", "0/1"))),
    )  # fmt: skip


def _by_ffmpeg(path: Path) -> Film:
    from moviepy.video.io.ffmpeg_reader import FFmpegInfosParser

    outcome = programs.fenced([programs.ffmpeg(), "-hide_banner", *programs.LOCAL_MP4, "-i", path])
    if "Duration:" not in outcome.err:
        raise NotAFilm(_last_line(outcome.err))
    said = FFmpegInfosParser(outcome.err, str(path)).parse()
    if not said.get("video_found"):
        raise NotAFilm(Sentence("không có hình"))
    width, height = said["video_size"]
    sound = re.search(r"Stream #.*: Audio: (\w+)", outcome.err)  # the one thing moviepy does not read
    rate = Fraction(str(said.get("video_fps", 0))).limit_denominator(1001)
    return Film(
        round(said["duration"] * 1000), width, height, str(said.get("video_codec_name", "?")), sound and sound[1], rate
    )


def _rate(text: str) -> Fraction:
    above, _, below = text.partition("/")
    return Fraction(int(above), int(below)) if below.isdigit() and int(below) else Fraction(0)


def _last_line(said: str) -> str | Sentence:
    lines = [line for line in said.strip().splitlines() if line.strip()]
    return lines[-1].split(": ", 1)[-1] if lines else Sentence("hết giờ hoặc quá bộ nhớ")
