"""The server's log: format of our own lines, and throttling of all lines, so that no visitor can flood the log."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from traceback import extract_tb

NAME = "judging-desk"
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
EACH = 10  # identical lines (same logger, format and arguments) per window
MOST = 300  # lines with the same logger and format per window, whatever their arguments
TRACES = 1  # stack traces of the same line of code per window
WINDOW_S = 60.0


@dataclass(slots=True, eq=False)
class Throttle:
    """A logging filter that limits identical lines and stack traces per minute.

    The first line of the next window says how many lines were left out.
    """

    clock: Callable[[], float] = time.monotonic
    _since: float = 0.0
    _left_out: int = 0
    _seen: dict[object, int] = field(default_factory=dict)

    def filter(self, record: logging.LogRecord) -> bool:
        """True if the record is to be written. Removes its stack trace when the same one was written already."""
        if self.clock() - self._since >= WINDOW_S:
            self._begin(record)
        kind = (record.name, str(record.msg))
        if record.exc_info and self._count((kind, _place(record))) > TRACES:
            record.exc_info = record.exc_text = None
        room = self._seen.get(kind, 0) < MOST  # only written lines count towards MOST
        written = room and self._count((kind, str(record.args))) <= EACH
        if written:
            self._count(kind)
        self._left_out += not written
        return written

    def _begin(self, record: logging.LogRecord) -> None:
        if self._left_out and isinstance(record.msg, str):
            record.msg += f" ({self._left_out} lines were left out before this one)"
        self._since, self._left_out, self._seen = self.clock(), 0, {}

    def _count(self, key: object) -> int:
        self._seen[key] = self._seen.get(key, 0) + 1
        return self._seen[key]


def to_stderr() -> None:
    """Write our own log lines to standard error. A second call changes nothing."""
    logger = logging.getLogger(NAME)
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter(FORMAT))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False


def begin() -> None:
    """Write our own log lines to standard error and throttle every existing handler. Call once, at server start."""
    to_stderr()
    throttle = Throttle()
    for each in _handlers():
        each.addFilter(throttle)


def _handlers() -> Iterator[logging.Handler]:
    """Every log handler of this process, without duplicates."""
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in logging.root.manager.loggerDict)]
    found = {id(each): each for logger in loggers for each in logger.handlers}
    if logging.lastResort is not None:
        found[id(logging.lastResort)] = logging.lastResort
    yield from found.values()


def _place(record: logging.LogRecord) -> str:
    """The file and line where the record's exception was raised; empty without a stack trace."""
    trace = record.exc_info[2] if isinstance(record.exc_info, tuple) else None
    frames = extract_tb(trace, limit=-1)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
