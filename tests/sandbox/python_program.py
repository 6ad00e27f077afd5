"""Runs a few lines of Python with limits, and tells when a process has ended."""

import os
import select
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from core.sandbox.run import Limits, Outcome, run

LIMITS = Limits(wall_seconds=30, cpu_seconds=30, memory_bytes=1 << 30, output_bytes=64 << 20)
PYTHON = Path(sys.executable).resolve()
STANDARD_LIBRARY = Path(sys.base_prefix) / "lib"
# A program that starts a second process, writes both process ids to file descriptor 3, and waits.
TWO_PROCESSES = """
import os, time
os.fork()
os.write(3, b"%d\\n" % os.getpid())
time.sleep(30)
"""


def python(
    code: str,
    *arguments: str | Path,
    limits: Limits = LIMITS,
    readable: Sequence[Path] = (),
    writable: Sequence[Path] = (),
    on_output: Callable[[bytes], object] | None = None,
    on_line: Callable[[str], object] | None = None,
    on_data: Callable[[bytes], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Outcome:
    """Run the code, which can read the standard library."""
    return run(
        [PYTHON, "-I", "-S", "-c", code, *arguments],
        limits=limits,
        readable=[STANDARD_LIBRARY, *readable],
        writable=writable,
        on_output=on_output,
        on_line=on_line,
        on_data=on_data,
        cancelled=cancelled,
    )


class Processes:
    """Processes that are named by a line each; pass `note` as `on_line`."""

    def __init__(self) -> None:
        self.descriptors: list[int] = []

    def note(self, line: str) -> None:
        """Begin to watch the process with this id, which is running."""
        self.descriptors.append(os.pidfd_open(int(line)))

    def have_ended(self, seconds: float) -> bool:
        """True if every noted process ends within so many seconds."""
        return all(select.select([each], [], [], seconds)[0] for each in self.descriptors)
