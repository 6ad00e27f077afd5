"""The log: our own lines have a time, and nobody can flood the log."""

import asyncio
import contextlib
import gc
import io
import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.desk.maintenance import health
from core.settings import read
from core.web import log_lines
from core.web.application import Application
from core.web.log_lines import EACH, MOST, WINDOW_S, Throttle


class Log:
    """A throttled logger for one test, and what it wrote."""

    def __init__(self) -> None:
        self.now = 0.0
        self.written = io.StringIO()
        self.logger = logging.Logger("test")  # noqa: LOG001  # a new name for each test
        handler = logging.StreamHandler(self.written)
        handler.addFilter(Throttle(clock=lambda: self.now))
        self.logger.addHandler(handler)

    @property
    def lines(self) -> list[str]:
        return self.written.getvalue().splitlines()


@pytest.fixture
def log() -> Log:
    return Log()


def test_similar_lines_are_limited_per_minute_and_the_omitted_ones_are_counted(log: Log) -> None:
    for _ in range(EACH + 90):
        log.logger.warning("refused with %d, from %s", 401, "10.0.0.7")
    assert log.lines == ["refused with 401, from 10.0.0.7"] * EACH
    log.now = WINDOW_S
    log.logger.warning("refused with %d, from %s", 401, "10.0.0.7")
    assert log.lines[-1] == "refused with 401, from 10.0.0.7 (90 lines were left out before this one)"


def test_a_flooding_client_hides_no_line_of_others(log: Log) -> None:
    for _ in range(1000):
        log.logger.warning("refused with %d, from %s", 401, "flood")
    log.logger.warning("refused with %d, from %s", 401, "another")
    log.logger.info("signed in: %s", "gk01")
    assert log.lines[-2:] == ["refused with 401, from another", "signed in: gk01"]


def test_lines_that_all_differ_are_limited_too(log: Log) -> None:
    for number in range(5000):
        log.logger.warning("refused, from %s", f"10.0.{number // 250}.{number % 250}")
    assert len(log.lines) == MOST


def test_a_stack_trace_is_written_once_a_minute_and_those_of_other_places_beside_it(log: Log) -> None:
    def here() -> None:
        raise ValueError

    def there() -> None:
        raise ValueError

    for place in (here, here, there, here):
        try:
            place()
        except ValueError:
            log.logger.exception("failed")
    assert sum(line.startswith("Traceback") for line in log.lines) == 2
    assert log.lines.count("failed") == 4


def test_a_trace_without_an_exception_is_accepted(log: Log) -> None:
    log.logger.error("no exception", exc_info=(None, None, None))
    assert log.lines[0] == "no exception"


@pytest.fixture
def ours() -> Iterator[logging.Logger]:
    logger = logging.getLogger(log_lines.NAME)
    before = (list(logger.handlers), logger.level, logger.propagate)
    yield logger
    logger.handlers, logger.level, logger.propagate = before[0], before[1], before[2]
    for each in log_lines._handlers():
        each.filters = [one for one in each.filters if not isinstance(one, Throttle)]


def test_our_lines_carry_their_time_and_every_handler_is_throttled(
    ours: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    log_lines.begin()
    log_lines.begin()  # a second application in one process
    logging.getLogger("judging-desk.security").info("signed in: %s", "gk01")
    (line,) = capsys.readouterr().err.splitlines()
    assert line[:2] == "20" and line.endswith(" INFO judging-desk.security: signed in: gk01")
    assert all(any(isinstance(each, Throttle) for each in handler.filters) for handler in log_lines._handlers())


@pytest.mark.parametrize("version,count", [(0, 1), (7, 0)])
def test_the_server_says_at_start_that_the_kernel_has_no_landlock(
    ours: logging.Logger,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    version: int,
    count: int,
) -> None:
    monkeypatch.setattr(health, "landlock_version", lambda: version)
    monkeypatch.setattr(Application, "_check_films", lambda _self: None)
    monkeypatch.setattr(Application, "session_connections", SimpleNamespace(watching=contextlib.nullcontext))
    monkeypatch.setattr(gc, "freeze", lambda: None)
    application = Application(read({"DATA_DIR": str(tmp_path)}), "127.0.0.1", 8501, frozenset(), "")

    async def start() -> None:
        async with application.lifespan(None):
            pass

    asyncio.run(start())
    assert capsys.readouterr().err.count("WARNING judging-desk.sandbox: this kernel has no Landlock") == count
