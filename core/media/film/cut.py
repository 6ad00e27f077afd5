"""From a script to an MP4: each second of it that differs is drawn once by moviepy, then strung together without a new encoding."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from moviepy import VideoClip

from core.media import programs
from core.media.film import frames, melody
from core.media.film.script import Script

FPS = 8
LOOP = 2.5  # seconds in which a movement closes on itself
TURN = round(FPS * LOOP)
MARKS = 2  # marks of time within a scene
BEGINS = b"\x00\x00\x00\x01\x67"  # the parameter set before every key frame (ITU-T H.264 §7.4.1, B.1)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the film: one loop, heard of `times` over. Scene None is the title."""

    scene: int | None
    begins: int  # loops into the film
    times: int

    @property
    def at(self) -> int:
        """The second of the film at which it begins."""
        return int(self.begins * LOOP)

    @property
    def ends(self) -> int:
        """The second of the film at which it gives way to the next."""
        return int((self.begins + self.times) * LOOP)


def film(script: Script, path: Path) -> None:
    """Make the film at `path`: whole, or not there at all."""
    segments = plan(script)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".film-") as folder:
        room = Path(folder)
        _draw(script, segments, room / "loops.h264")
        _play(script, room / "sound.aac")
        _string(script, segments, room)
        (room / "film.mp4").replace(path)


def plan(script: Script) -> tuple[Segment, ...]:
    """The title, then every scene in equal parts; together exactly the script's seconds."""
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
    """One file with one loop of each segment, every loop beginning on a key frame."""
    pictures = _pictures(script, segments)
    first = next(pictures)
    shown = [(0, first)]

    def at(second: float) -> frames.Frame:
        number = round(second * FPS)
        while shown[0][0] < number:
            shown[0] = (shown[0][0] + 1, next(pictures))
        return shown[0][1]

    clip = VideoClip(at, duration=len(segments) * LOOP)
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
    drawn: tuple[str, list[frames.Frame]] = ("", [])
    for segment in segments:
        motif = script.scenes[segment.scene or 0].motif
        if drawn[0] != motif:
            drawn = (motif, frames.moving(motif, script.palette, TURN))
        if segment.scene is None:
            yield from frames.titled(drawn[1], script)
        else:
            yield from frames.captioned(drawn[1], script, segment.scene, (segment.at, segment.ends))


def _play(script: Script, path: Path) -> None:
    """The sound of the whole film: one phrase as many times as fit, at an easy pace."""
    times = max(1, round(script.seconds / 44))
    sound, wav = melody.phrase(script.tune, script.seconds / times), path.with_suffix(".wav")
    melody.written(sound, wav)
    once = path.with_suffix(".once.aac")
    programs.trusted(
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
    path.write_bytes(once.read_bytes() * times)  # ADTS frames follow one another wherever they are put


def _string(script: Script, segments: tuple[Segment, ...], room: Path) -> None:
    """Each loop as many times as it is seen: coded pictures follow one another wherever they are put, as its sound does."""
    loops = (room / "loops.h264").read_bytes().split(BEGINS)[1:]
    with (room / "film.h264").open("wb") as film:
        for loop, segment in zip(loops, segments, strict=True):
            film.write((BEGINS + loop) * segment.times)
    programs.trusted(
        [
            programs.ffmpeg(),
            "-v",
            "error",
            "-framerate",
            str(FPS),
            "-i",
            room / "film.h264",
            "-i",
            room / "sound.aac",
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
            room / "film.mp4",
        ]
    )
