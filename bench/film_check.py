"""CPU time of checking one Full HD film and of its light copy, against ffprobe and one full decoding. python -m bench.film_check [--quick]

The film lasts five minutes (half a minute with --quick): 25 frames per second, 6 Mbit/s, a key frame every ten seconds,
AAC. Reading its index is compared with ffprobe doing the same; the check, the full decoding and the light copy with
`ffmpeg -f null`.
"""

import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import table
from core.media import programs
from core.media.copies import make
from core.media.full_decode import full_decode
from core.media.inspect import inspect
from core.media.probe import probe
from core.rules.contest import VideoRules

PIECE_S, TIMES = 15, 20
LIGHT_COST = 3  # decodings: a light copy is decoded, made smaller and encoded
ENCODED = ["-c:v", "libx264", "-preset", "veryfast", "-b:v", "6M", "-g", "250", "-pix_fmt", "yuv420p", "-c:a", "aac"]


def measure(quick: bool) -> Iterator[table.Figure]:
    """The CPU time of reading the index, of the whole check, and of the light copy."""
    seconds = 30 if quick else 300
    with TemporaryDirectory() as folder:
        film = make_film(Path(folder), seconds)
        read = cost_s(lambda: probe(film), TIMES)
        theirs = cost_s(lambda: ffprobe(film), TIMES)
        rules = VideoRules(seconds=(seconds - 1, seconds + 1))
        checked = cost_s(lambda: check_film(film, rules), 3)
        measured = cost_s(lambda: measure_film(film, seconds), 1)
        decoded = cost_s(lambda: decode(film), 1)
        light = cost_s(lambda: make.light(film, probe(film), Path(folder)), 1)
    name = f"a film of {seconds} s, 1920×1080"
    yield table.Figure(
        f"processor's time to read the index of {name}", read * 1000, "ms", "≤ 1.5 × ffprobe", read <= 1.5 * theirs,
        plain=theirs * 1000, plain_is="ffprobe",
    )  # fmt: skip
    yield table.Figure(
        "… of its whole check, a few moments decoded", checked, "s", "≤ 1.2 × one decoding", checked <= 1.2 * decoded,
        plain=decoded, plain_is="one decoding (ffmpeg -f null)",
    )  # fmt: skip
    yield table.Figure(
        "… of one decoding that measures black, frozen and silent parts", measured, "s", "≤ 1.2 × one decoding",
        measured <= 1.2 * decoded, plain=decoded, plain_is="one decoding (ffmpeg -f null)",
    )  # fmt: skip
    yield table.Figure(
        "… of its light copy", light, "s", f"≤ {LIGHT_COST} × one decoding", light <= LIGHT_COST * decoded,
        plain=decoded, plain_is="one decoding (ffmpeg -f null)",
    )  # fmt: skip


def measure_film(film: Path, seconds: int) -> None:
    """Decode the whole film for its black and frozen parts and its sound. Raises RuntimeError if it is not whole."""
    if full_decode(film, probe(film)).picture_ms < 1000 * seconds - 500:
        raise RuntimeError("the film of the bench was not decoded whole")


def make_film(folder: Path, seconds: int) -> Path:
    """Make a film of so many seconds: one piece is encoded and then repeated without encoding again."""
    piece, film = folder / "piece.mp4", folder / "film.mp4"
    picture = ["-f", "lavfi", "-i", f"testsrc2=s=1920x1080:r=25:d={PIECE_S},noise=alls=12:allf=t"]
    run([*picture, "-f", "lavfi", "-i", f"sine=d={PIECE_S}", *ENCODED, str(piece)])
    run(["-stream_loop", str(seconds // PIECE_S - 1), "-i", str(piece), "-c", "copy", "-t", str(seconds), str(film)])
    return film


def run(words: list[str]) -> None:
    """Run ffmpeg with these arguments. Only for films made here. Raises CalledProcessError where it fails."""
    subprocess.run([programs.ffmpeg(), "-nostdin", "-v", "error", *words], check=True)


def decode(film: Path) -> None:
    """Decode the whole film, pictures and sound, and discard the output."""
    run(["-threads", "1", "-i", str(film), "-f", "null", "-"])


def ffprobe(film: Path) -> None:
    """The ffprobe call with which an earlier version of the desk read a film's index."""
    entries = "format=duration:stream=codec_type,codec_name,width,height,avg_frame_rate:stream_disposition=attached_pic"
    command = ["ffprobe", "-v", "error", "-f", "mov", "-show_entries", entries, "-of", "json", str(film)]
    subprocess.run(command, check=True, capture_output=True)


def check_film(film: Path, rules: VideoRules) -> None:
    """Run the whole check. Raises RuntimeError where the film is refused: a refusal would cost less time."""
    if not inspect(film, rules).passed:
        raise RuntimeError("the film of the bench is refused")


def cost_s(act: Callable[[], object], times: int) -> float:
    """The median CPU time of one run of `act` in seconds, of this process and the programs it waits for."""
    spent = []
    for _ in range(times):
        before = _processor_s()
        act()
        spent.append(_processor_s() - before)
    return statistics.median(spent)


def _processor_s() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    table.run(__doc__, measure)
