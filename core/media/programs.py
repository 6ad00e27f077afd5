"""The programs that open films, and the walls they run between: a sub-process with limits of time, memory and output."""

import resource
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SECONDS = 60
MEMORY = 2 << 30  # bytes of address space: a frame of 15,000 × 15,000 does not fit, a frame of 4,096 × 4,096 does
LOCAL_MP4 = ("-protocol_whitelist", "file", "-f", "mov")  # a play-list named .mp4 opens nothing (SECURITY T4)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program ended: its status (None where its time was up) and what it said."""

    status: int | None
    out: bytes
    err: str


@cache
def ffmpeg() -> str:
    """The ffmpeg to run: the system's, or the one imageio-ffmpeg carries."""
    found = shutil.which("ffmpeg")
    if found:
        return found
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


@cache
def ffprobe() -> str | None:
    """The system's ffprobe, or None: then ffmpeg's own words are read."""
    return shutil.which("ffprobe")


def fenced(
    command: Sequence[str | Path], *, seconds: int = SECONDS, memory: int = MEMORY, output: int = 64 << 20
) -> Outcome:
    """Run a program on a stranger's file: so much time, so much memory, so large a file written, and no input."""

    def fence() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    try:
        done = subprocess.run(  # noqa: S603  # our own programs, arguments never through a shell
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            preexec_fn=fence,
            check=False,  # no thread of ours holds a lock the child needs
        )
    except subprocess.TimeoutExpired as late:
        return Outcome(None, late.stdout or b"", (late.stderr or b"").decode("utf-8", "replace"))
    return Outcome(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))


def trusted(command: Sequence[str | Path]) -> None:
    """Run a program on files we made ourselves; what it says on failure is the error."""
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(done.stderr.decode("utf-8", "replace").strip()[-400:])
