"""The programs that open films, each a sub-process with limits of time, memory and output (docs/security.md, Film files)."""

import os
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

SECONDS = 60
MEMORY = 2 << 30  # bytes of address space: a frame of 15,000 × 15,000 does not fit, a frame of 4,096 × 4,096 does
OUTPUT = 64 << 20  # bytes, of what is read from the program and of each file it writes
MAX_STDERR = 1 << 20  # bytes of stderr that are kept
BLOCK = 1 << 16
# Set by a shell that then becomes the program: between fork and exec in a process with threads, Python code may not run.
LIMITED = 'ulimit -t "$1" && ulimit -v "$2" && ulimit -f "$3" && ulimit -c 0 && shift 3 && exec "$@"'


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program ended: its status (None where it was stopped at a limit of time or output) and what it wrote."""

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


def input_options(path: Path) -> list[str]:
    """The words by which ffmpeg opens an MP4 at this path: never an option, another protocol, a play-list or another file."""
    return ["-protocol_whitelist", "file", "-f", "mov", "-i", f"file:{path.absolute()}"]


def fenced(
    command: Sequence[str | Path], *, seconds: int = SECONDS, memory: int = MEMORY, output: int = OUTPUT
) -> Outcome:
    """Run a program on a stranger's file with limits of time (s), memory and output (bytes), and without input."""
    limits = [str(seconds), str(memory // 1024), str(output // 512)]  # in the units of the shell's `ulimit`
    started = subprocess.Popen(  # noqa: S603  # our own programs; the shell's text is fixed, the words are its arguments
        ["/bin/sh", "-c", LIMITED, "sh", *limits, *map(str, command)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    out, err, ended = bytearray(), bytearray(), False
    with started:
        try:
            ended = _read(started, out, err, time.monotonic() + seconds, output)
        finally:
            if not ended:
                os.killpg(started.pid, signal.SIGKILL)  # not waited for yet, so the number is still its own
    return Outcome(started.returncode if ended else None, bytes(out), err.decode("utf-8", "replace"))


def _read(started: subprocess.Popen[bytes], out: bytearray, err: bytearray, until: float, output: int) -> bool:
    """Read both pipes to their ends, and wait for the program; False where time or output reaches its limit."""
    assert started.stdout and started.stderr
    pipes: dict[IO[bytes], tuple[bytearray, int]] = {started.stdout: (out, output), started.stderr: (err, MAX_STDERR)}
    with selectors.DefaultSelector() as waiting:
        for pipe in pipes:
            waiting.register(pipe, selectors.EVENT_READ)
        while waiting.get_map():
            ready = waiting.select(max(0.0, until - time.monotonic()))
            if not ready:
                return False
            for key, _ in ready:
                block = os.read(key.fd, BLOCK)
                if not block:
                    waiting.unregister(key.fileobj)
                kept, most = pipes[key.fileobj]  # type: ignore[index]  # what was registered above
                kept += block[: most - len(kept)]
                if kept is out and len(out) == most and block:
                    return False
    try:
        started.wait(max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    return True


def trusted(command: Sequence[str | Path]) -> None:
    """Run a program on files we made ourselves; what it says on failure is the error."""
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(done.stderr.decode("utf-8", "replace").strip()[-400:])
