"""What the check of one Full HD film costs the processor, beside ffprobe and one whole decoding. python -m bench.film_check [--quick]

The film lasts five minutes (half a minute with --quick): 25 frames a second, 6 Mbit/s, a key frame every ten seconds,
AAC. Reading its index is measured against ffprobe doing the same, the whole check against `ffmpeg -f null`.
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
from core.media.inspect import inspect
from core.media.probe import probe
from core.rules.contest import VideoRules

PIECE_S, TIMES = 15, 20
ENCODED = ["-c:v", "libx264", "-preset", "veryfast", "-b:v", "6M", "-g", "250", "-pix_fmt", "yuv420p", "-c:a", "aac"]


def measure(quick: bool) -> Iterator[table.Figure]:
    """The processor's time of reading the index, and of the whole check."""
    seconds = 30 if quick else 300
    with TemporaryDirectory() as folder:
        film = made(Path(folder), seconds)
        read = cost_s(lambda: probe(film), TIMES)
        theirs = cost_s(lambda: ffprobe(film), TIMES)
        rules = VideoRules(seconds=(seconds - 1, seconds + 1))
        checked = cost_s(lambda: kept(film, rules), 3)
        decoded = cost_s(lambda: decode(film), 1)
    name = f"a film of {seconds} s, 1920×1080"
    yield table.Figure(
        f"processor's time to read the index of {name}", read * 1000, "ms", "≤ 1.5 × ffprobe", read <= 1.5 * theirs,
        plain=theirs * 1000, plain_is="ffprobe",
    )  # fmt: skip
    yield table.Figure(
        "… of its whole check, a few moments decoded", checked, "s", "≤ 1.2 × one decoding", checked <= 1.2 * decoded,
        plain=decoded, plain_is="one decoding (ffmpeg -f null)",
    )  # fmt: skip


def made(folder: Path, seconds: int) -> Path:
    """A film of so many seconds: a piece encoded once, then strung together."""
    piece, film = folder / "piece.mp4", folder / "film.mp4"
    picture = ["-f", "lavfi", "-i", f"testsrc2=s=1920x1080:r=25:d={PIECE_S},noise=alls=12:allf=t"]
    run([*picture, "-f", "lavfi", "-i", f"sine=d={PIECE_S}", *ENCODED, str(piece)])
    run(["-stream_loop", str(seconds // PIECE_S - 1), "-i", str(piece), "-c", "copy", "-t", str(seconds), str(film)])
    return film


def run(words: list[str]) -> None:
    """Run ffmpeg on films of our own."""
    subprocess.run([programs.ffmpeg(), "-nostdin", "-v", "error", *words], check=True)


def decode(film: Path) -> None:
    """Every picture and every sound of it, thrown away."""
    run(["-threads", "1", "-i", str(film), "-f", "null", "-"])


def ffprobe(film: Path) -> None:
    """What the desk asked of a film before it read the index itself."""
    wanted = "format=duration:stream=codec_type,codec_name,width,height,avg_frame_rate:stream_disposition=attached_pic"
    command = ["ffprobe", "-v", "error", "-f", "mov", "-show_entries", wanted, "-of", "json", str(film)]
    subprocess.run(command, check=True, capture_output=True)


def kept(film: Path, rules: VideoRules) -> None:
    """The whole check; a film that is refused would cost less."""
    if not inspect(film, rules).kept:
        raise RuntimeError("the film of the bench is refused")


def cost_s(act: Callable[[], object], times: int) -> float:
    """The processor's time of one run, in seconds: this process and the programs it waits for (median)."""
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
