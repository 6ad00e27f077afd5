"""Reads the pipes of a program, each up to a limit, until the program ends or has to be stopped."""

import os
import selectors
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

BLOCK = 1 << 16  # bytes read at once
POLL_S = 0.25  # how often the caller is asked whether it has cancelled
MAX_LINE = 4096  # bytes of one line


class Stopped(Enum):
    """Why a program was killed before its end."""

    TIME = "time"
    OUTPUT = "output"
    CANCELLED = "cancelled"


@dataclass(slots=True, eq=False)
class Pipe:
    """What becomes of the bytes of one pipe: the first `limit` bytes go to `receive`, the others are dropped."""

    limit: int  # bytes
    receive: Callable[[bytes], object]
    stops: bool = False  # whether the program is stopped when it reaches the limit
    count: int = 0  # bytes so far, at most `limit`

    def feed(self, block: bytes) -> bool:
        """Pass a block on. Returns False if the program has to be stopped."""
        part = block[: self.limit - self.count]
        self.count += len(part)
        if part:
            self.receive(part)
        return not (self.stops and self.count == self.limit)


@dataclass(slots=True, eq=False)
class Lines:
    """Splits bytes into lines, without their ends; a line is cut after MAX_LINE bytes."""

    on_line: Callable[[str], object]
    rest: bytes = b""  # the beginning of a line whose end has not come yet

    def feed(self, block: bytes) -> None:
        """Pass on every line that ends in this block."""
        *lines, rest = (self.rest + block).split(b"\n")
        self.rest = rest[:MAX_LINE]
        for line in lines:
            self._pass(line)

    def end(self) -> None:
        """Pass on a last line without an end."""
        if self.rest:
            self._pass(self.rest)

    def _pass(self, line: bytes) -> None:
        self.on_line(line[:MAX_LINE].decode("utf-8", "replace"))


def read(process: int, pipes: Mapping[int, Pipe], until: float, cancelled: Callable[[], bool]) -> Stopped | None:
    """Read these file descriptors to their ends, and wait until the process (its id) has ended. It is not reaped.

    Once the process has ended, what is left of its process group is killed. Returns why the program has to be stopped:
    at the time `until` (of `time.monotonic`), when `cancelled` returns True, or at a limit; None if it ended by itself.
    """
    ended = os.pidfd_open(process)
    try:
        with selectors.DefaultSelector() as selector:
            for descriptor in (ended, *pipes):
                selector.register(descriptor, selectors.EVENT_READ)
            return _read(selector, process, ended, pipes, until, cancelled)
    finally:
        os.close(ended)


def _read(
    selector: selectors.BaseSelector,
    process: int,
    ended: int,
    pipes: Mapping[int, Pipe],
    until: float,
    cancelled: Callable[[], bool],
) -> Stopped | None:
    poll = 0.0
    while selector.get_map():
        now = time.monotonic()
        if now >= until:
            return Stopped.TIME
        if now >= poll:
            if cancelled():
                return Stopped.CANCELLED
            poll = now + POLL_S
        for key, _ in selector.select(min(poll, until) - now):
            if key.fd == ended:
                selector.unregister(ended)
                kill_group(process)
            elif not _read_block(selector, key.fd, pipes[key.fd]):
                return Stopped.OUTPUT
    return None


def _read_block(selector: selectors.BaseSelector, descriptor: int, pipe: Pipe) -> bool:
    block = os.read(descriptor, BLOCK)
    if not block:
        selector.unregister(descriptor)
        return True
    return pipe.feed(block)


def kill_group(process: int) -> None:
    """Kill every process of the group that this process leads. It must not have been reaped: its id is still its own."""
    os.killpg(process, signal.SIGKILL)
