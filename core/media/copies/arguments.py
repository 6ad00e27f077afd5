"""The arguments of ffmpeg for each copy of a film (docs/platform.md, Copies of a film).

Only the picture and the sound that players play are copied: no other track, no chapters, no tags, no cover.
"""

from pathlib import Path

from core.media import programs
from core.media.probe import SIDE, Film

LIGHT_BOX, PLAYABLE_BOX = (854, 480), (1920, 1080)  # largest width and height in pixels; turned for an upright film
LIGHT_FPS, PLAYABLE_FPS = 30, 60  # most frames a second
VIDEO_KBITS, BUFFER_KBITS, AUDIO_KBITS = 300, 600, 64  # of the light copy: a connection of 400 kbit/s plays it
KEY_FRAME_S = 2  # seconds between two key frames: a jump needs little data
SEI = 6  # nal_unit_type of supplemental information: the encoder writes its own name and settings there
NAMES = ("handler_name", "vendor_id")  # tags of a track that ffmpeg writes by itself
_BEGIN = ["-nostdin", "-hide_banner", "-v", "error", "-y", "-progress", "pipe:3", "-stats_period", "0.5"]
_DECODE = ["-threads", "1", "-filter_threads", "1", "-max_pixels", str(SIDE * SIDE)]
_KEY_FRAMES = ["-force_key_frames", f"expr:gte(t,n_forced*{KEY_FRAME_S})"]
_H264 = ["-threads", "1", "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", *_KEY_FRAMES]
_WITHOUT_SEI = ["-bsf:v", f"filter_units=remove_types={SEI}"]


def anonymous(source: Path, film: Film, target: Path) -> list[str]:
    """The same streams, bit by bit, in a new container."""
    return [*_BEGIN, *_inputs(source, film), "-c", "copy", *_container(film, target)]


def light(source: Path, film: Film, target: Path) -> list[str]:
    """480 lines and less than 0.4 Mbit/s."""
    rate = ["-crf", "26", "-maxrate", f"{VIDEO_KBITS}k", "-bufsize", f"{BUFFER_KBITS}k", "-level", "3.1"]
    picture = ["-vf", _filters(film, LIGHT_BOX, LIGHT_FPS), *_H264, *rate, *_WITHOUT_SEI]
    return [*_BEGIN, *_DECODE, *_inputs(source, film), *picture, *_aac(AUDIO_KBITS), *_container(film, target)]


def playable(source: Path, film: Film, target: Path) -> list[str]:
    """H.264 High (8 bit, 4:2:0) and AAC, at most Full HD: every browser plays it."""
    picture = ["-vf", _filters(film, PLAYABLE_BOX, PLAYABLE_FPS), *_H264, "-crf", "21", "-level", "4.2", *_WITHOUT_SEI]
    return [*_BEGIN, *_DECODE, *_inputs(source, film), *picture, *_aac(160), *_container(film, target)]


def fitted(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """The size (width, height in pixels) fitted into the box, in ratio, never enlarged, as even numbers.

    The box is turned for a size that is higher than wide: (1080, 1920) in (854, 480) gives (480, 854).
    """
    width, height = size
    across, down = box if width >= height else box[::-1]
    share = min(1.0, across / width, down / height)
    return _even(width * share), _even(height * share)


def _even(pixels: float) -> int:
    return max(2, 2 * round(pixels / 2))


def _inputs(source: Path, film: Film) -> list[str]:
    tracks = [film.video.track_id, *([film.audio.track_id] if film.audio else [])]
    return [*programs.input_options(source), *(word for track in tracks for word in ("-map", f"0:i:{track}"))]


def _filters(film: Film, box: tuple[int, int], most_fps: int) -> str:
    """The picture as it is shown: ffmpeg turns it upright by itself; the pixels become square."""
    width, height = fitted((film.width, film.height), box)
    slower = [f"fps={most_fps}"] if film.frames_per_second > most_fps else []
    return ",".join([*slower, f"scale={width}:{height}", "setsar=1", "format=yuv420p"])


def _aac(kbits: int) -> list[str]:
    return ["-c:a", "aac", "-b:a", f"{kbits}k", "-ac", "2", "-ar", "48000"]


def _container(film: Film, target: Path) -> list[str]:
    """An MP4 with its index first, that names neither a person nor a program, and has no time of its making."""
    bare = ["-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1"]
    exact = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]
    streams = ["v", *(["a"] if film.audio else [])]
    unnamed = [word for kind in streams for name in NAMES for word in _without(kind, name)]
    return [
        *bare, *exact, *unnamed, "-write_tmcd", "0", "-movflags", "+faststart", "-f", "mp4", f"file:{target.absolute()}",
    ]  # fmt: skip


def _without(kind: str, name: str) -> tuple[str, str]:
    return f"-metadata:s:{kind}:0", f"{name}="
