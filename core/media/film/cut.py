"""Makes an MP4 from a script: moviepy encodes one loop per segment; the loops are repeated without re-encoding."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from moviepy import VideoClip

from core.media import programs
from core.media.film import frames, melody
from core.media.film.script import FPS, Script

LOOP = 2.5  # seconds of one loop of an animation
TURN = round(FPS * LOOP)  # frames of one loop
MARKS = 2  # segments of a scene, each with its own time in the caption
BEGINS = b"\x00\x00\x00\x01\x67"  # the parameter set before every key frame (ITU-T H.264 §7.4.1, B.1)


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the film: one loop, repeated `times` times. Scene None is the title."""

    scene: int | None
    begins: int  # its start, in loops from the beginning of the film
    times: int

    @property
    def at(self) -> int:
        """The second of the film at which it begins."""
        return int(self.begins * LOOP)

    @property
    def ends(self) -> int:
        """The second of the film at which it ends."""
        return int((self.begins + self.times) * LOOP)


def film(script: Script, path: Path) -> None:
    """Make the film at `path`. The file appears only when it is complete."""
    segments = plan(script)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".film-") as folder:
        workspace = Path(folder)
        _draw(script, segments, workspace / "loops.h264")
        _play(script, workspace / "sound.aac")
        _concatenate(script, segments, workspace)
        (workspace / "film.mp4").replace(path)


def plan(script: Script) -> tuple[Segment, ...]:
    """The segments: the title, then the scenes in parts of equal length; together the script's seconds."""
    loops = round(script.seconds / LOOP)
    parts = len(script.scenes) * (MARKS if loops >= 40 else 1)
    opening = 3 if loops >= 40 else 1
    segments, at = [Segment(None, 0, opening)], opening
    for part in range(parts):
        times = (loops - opening) * (part + 1) // parts - (loops - opening) * part // parts
        segments.append(Segment(part * len(script.scenes) // parts, at, times))
        at += times
    return tuple(segments)


def _draw(script: Script, segments: tuple[Segment, ...], path: Path) -> None:
    """Write one H.264 file with one loop of each segment; every loop begins with a key frame."""
    pictures = _pictures(script, segments)
    first = next(pictures)
    current = [(0, first)]

    def frame_at(second: float) -> frames.Frame:
        number = round(second * FPS)
        while current[0][0] < number:
            current[0] = (current[0][0] + 1, next(pictures))
        return current[0][1]

    clip = VideoClip(frame_at, duration=len(segments) * LOOP)
    clip.write_videofile(
        str(path),
        fps=FPS,
        codec="libx264",
        preset="veryfast",
        audio=False,
        threads=1,
        logger=None,
        ffmpeg_params=[
            "-sws_flags",
            "fast_bilinear",
            "-vf",
            "format=yuv420p",
            "-crf",
            "31",
            "-bf",
            "0",
            "-g",
            str(TURN),
            "-keyint_min",
            str(TURN),
            "-sc_threshold",
            "0",
            "-x264-params",
            "rc-lookahead=10:subme=1:ref=1:me=dia",
        ],
    )


def _pictures(script: Script, segments: tuple[Segment, ...]) -> Iterator[frames.Frame]:
    animation: tuple[str, list[frames.Frame]] = ("", [])
    for segment in segments:
        motif = script.scenes[segment.scene or 0].motif
        if animation[0] != motif:
            animation = (motif, frames.moving(motif, script.palette, TURN))
        if segment.scene is None:
            yield from frames.titled(animation[1], script)
        else:
            yield from frames.captioned(animation[1], script, segment.scene, (segment.at, segment.ends))


def _play(script: Script, path: Path) -> None:
    """Write the sound of the whole film: one phrase of about 44 seconds, repeated, as AAC in ADTS frames."""
    times = max(1, round(script.seconds / 44))
    sound, wav = melody.phrase(script.tune, script.seconds / times), path.with_suffix(".wav")
    melody.write_wav(sound, wav)
    once = path.with_suffix(".once.aac")
    programs.run_trusted(
        [
            programs.ffmpeg(),
            "-v",
            "error",
            "-i",
            wav,
            "-c:a",
            "aac",
            "-aac_coder",
            "fast",
            "-b:a",
            "64k",
            "-f",
            "adts",
            once,
        ]
    )
    path.write_bytes(once.read_bytes() * times)  # ADTS frames can be concatenated


def _concatenate(script: Script, segments: tuple[Segment, ...], workspace: Path) -> None:
    """Repeat the coded loop of each segment, and mux it with the sound. Coded loops can be concatenated."""
    loops = (workspace / "loops.h264").read_bytes().split(BEGINS)[1:]
    with (workspace / "film.h264").open("wb") as film:
        for loop, segment in zip(loops, segments, strict=True):
            film.write((BEGINS + loop) * segment.times)
    programs.run_trusted(
        [
            programs.ffmpeg(),
            "-v",
            "error",
            "-framerate",
            str(FPS),
            "-i",
            workspace / "film.h264",
            "-i",
            workspace / "sound.aac",
            "-map",
            "0:v",
            "-map",
            "1:a",
            "-c",
            "copy",
            "-bsf:a",
            "aac_adtstoasc",
            "-t",
            str(script.seconds),
            "-movflags",
            "+faststart",
            "-metadata",
            f"title={script.title}",
            workspace / "film.mp4",
        ]
    )
