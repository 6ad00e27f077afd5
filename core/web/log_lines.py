"""The log of the server: lines of our own with their time, and no flood of lines from strangers, whoever writes them."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from traceback import extract_tb

NAME = "judging-desk"
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
EACH = 10  # lines alike in a minute
MOST = 300  # lines of one kind in a minute, whatever they say
TRACES = 1  # stack traces of one place in a minute
WINDOW_S = 60.0


@dataclass(slots=True, eq=False)
class Throttle:
    """A filter of log records: lines alike, and stack traces, only so often a minute; then how many were left out."""

    clock: Callable[[], float] = time.monotonic
    _since: float = 0.0
    _left_out: int = 0
    _seen: dict[object, int] = field(default_factory=dict)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written; a stack trace is taken off where there were enough of it."""
        if self.clock() - self._since >= WINDOW_S:
            self._begin(record)
        kind = (record.name, str(record.msg))
        if record.exc_info and self._count((kind, _place(record))) > TRACES:
            record.exc_info = record.exc_text = None
        room = self._seen.get(kind, 0) < MOST  # counted are those that are written: who floods hides nobody else's
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
    """Write our own lines to the standard error. A second time changes nothing."""
    logger = logging.getLogger(NAME)
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter(FORMAT))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False


def begin() -> None:
    """Write our own lines to the standard error, and throttle every handler there is. Once, when the server starts."""
    to_stderr()
    throttle = Throttle()
    for each in _handlers():
        each.addFilter(throttle)


def _handlers() -> Iterator[logging.Handler]:
    """Every handler of this process, each once."""
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in logging.root.manager.loggerDict)]
    found = {id(each): each for logger in loggers for each in logger.handlers}
    if logging.lastResort is not None:
        found[id(logging.lastResort)] = logging.lastResort
    yield from found.values()


def _place(record: logging.LogRecord) -> str:
    """Where the exception of a record was raised."""
    trace = record.exc_info[2] if isinstance(record.exc_info, tuple) else None
    frames = extract_tb(trace, limit=-1)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
