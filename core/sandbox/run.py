"""Runs a program on an untrusted file as a subprocess with limits (docs/security.md, Film files).

Example, which decodes a film and can be cancelled:

    run(["ffmpeg", "-progress", "pipe:3", "-i", film, …], limits=limits, readable=[film], on_line=show, cancelled=is_set)
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from io import FileIO
from pathlib import Path

from core.sandbox import enter
from core.sandbox.pipes import Lines, Pipe, Stopped, kill_group, read

MAX_STDERR = 1 << 20  # bytes of stderr that are kept
MAX_LINES = 4 << 20  # bytes that are read as lines
MAX_DATA = 4 << 20  # bytes that are read from the second output
MAX_REPORT = 1000  # bytes
INTERPRETER = (sys.executable, "-I", "-S", enter.__file__)
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}  # the desk's own environment has secrets


class NotStarted(RuntimeError):
    """The program could not be started, or not with all of its limits. This says nothing about the file it was to read."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one run, each above 0. Raises ValueError."""

    wall_seconds: float
    cpu_seconds: int  # of each process
    memory_bytes: int  # of address space, of each process
    output_bytes: int  # of stdout, and of each file that the program writes

    def __post_init__(self) -> None:
        for each in fields(self):
            if not getattr(self, each.name) > 0:  # -1 would mean "no limit" to the kernel
                raise ValueError(f"{each.name} must be above 0")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program ended: its exit status (minus a signal's number if one killed it), stdout and stderr.

    `status` is None if the program was stopped; `stopped` says why.
    """

    status: int | None
    out: bytes
    err: str
    stopped: Stopped | None = None


def run(  # noqa: PLR0913  # all but the command are named, and may be left out
    command: Sequence[str | Path],
    *,
    limits: Limits,
    readable: Sequence[Path] = (),
    writable: Sequence[Path] = (),
    on_output: Callable[[bytes], object] | None = None,
    on_line: Callable[[str], object] | None = None,
    on_data: Callable[[bytes], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Outcome:
    """Run a program with limits and without input, wait for its end, and kill what is left of its process group.

    It can open only the files and folders in `readable` and `writable`, which must exist, and shared libraries. On a
    kernel without Landlock it can read other files too (`core.sandbox.enter.landlock_version`).
    `on_output` gets each block of stdout, and the outcome then has none. `on_line` gets each line that the program
    writes to file descriptor 3, `on_data` each block that it writes to file descriptor 4. `cancelled` is called four
    times a second; once it returns True the program is stopped. These four are called in the calling thread. If one
    raises, the program is killed. Raises NotStarted too.
    """
    out, err, report = bytearray(), bytearray(), bytearray()
    lines = Lines(on_line or _ignore)
    until = time.monotonic() + limits.wall_seconds
    with _started(command, limits, readable, writable) as started:
        pipes = {
            started.out: Pipe(limits.output_bytes, on_output or out.extend, stops=True),
            started.err: Pipe(MAX_STDERR, err.extend),
            started.lines: Pipe(MAX_LINES, lines.feed),
            started.data: Pipe(MAX_DATA, on_data or _drop),
            started.report: Pipe(MAX_REPORT, report.extend),
        }
        stopped = read(started.process.pid, pipes, until, cancelled or _never)
    lines.end()
    if stopped is None and report != enter.STARTED:
        raise NotStarted((report.removeprefix(enter.STARTED) or err).decode("utf-8", "replace"))
    status = None if stopped else started.process.returncode
    return Outcome(status, bytes(out), err.decode("utf-8", "replace"), stopped)


@dataclass(frozen=True, slots=True)
class _Started:
    """A running program and the file descriptors of the pipes that it writes to."""

    process: subprocess.Popen[bytes]
    out: int
    err: int
    lines: int
    data: int
    report: int


@contextmanager
def _started(
    command: Sequence[str | Path], limits: Limits, readable: Sequence[Path], writable: Sequence[Path]
) -> Iterator[_Started]:
    """Start the program. At the end of the block its process group is killed and it is reaped."""
    (lines, write_lines), (data, write_data), (report, write_report) = _pipe(), _pipe(), _pipe()
    with lines, write_lines, data, write_data, report, write_report:
        descriptors = (write_report.fileno(), write_lines.fileno(), write_data.fileno())
        process = subprocess.Popen(  # noqa: S603  # no shell; the command is the caller's
            [*INTERPRETER, *_arguments(command, limits, readable, writable, descriptors)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            pass_fds=descriptors,
            env=ENVIRONMENT,
        )
        for each in (write_lines, write_data, write_report):
            each.close()
        with process:
            assert process.stdout and process.stderr
            try:
                outputs = (process.stdout, process.stderr, lines, data, report)
                yield _Started(process, *(each.fileno() for each in outputs))
            finally:
                kill_group(process.pid)


def _arguments(
    command: Sequence[str | Path],
    limits: Limits,
    readable: Sequence[Path],
    writable: Sequence[Path],
    descriptors: tuple[int, int, int],
) -> list[str]:
    """The arguments of `core.sandbox.enter.main`. Raises NotStarted if there is no such program."""
    program = shutil.which(command[0])
    if program is None:
        raise NotStarted(f"there is no program {command[0]}")
    file_bytes = limits.output_bytes if writable else 0
    numbers = (os.getpid(), *descriptors, limits.memory_bytes, limits.cpu_seconds, file_bytes)
    paths = [path.absolute() for path in (*readable, *writable)]
    counts = (len(readable), len(writable))
    return list(map(str, (*numbers, *counts, *paths, Path(program).absolute(), *command[1:])))


def _pipe() -> tuple[FileIO, FileIO]:
    reader, writer = os.pipe()
    return FileIO(reader), FileIO(writer, "w")


def _ignore(_line: str) -> None:
    return


def _drop(_block: bytes) -> None:
    return


def _never() -> bool:
    return False
