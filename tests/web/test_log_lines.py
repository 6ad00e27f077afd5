"""The log: lines of our own with their time, and no flood of lines, whoever causes it."""

import io
import logging
from collections.abc import Iterator

import pytest

from core.web import log_lines
from core.web.log_lines import EACH, MOST, WINDOW_S, Throttle


class Log:
    """A logger of this test alone, throttled, and what it wrote."""

    def __init__(self) -> None:
        self.now = 0.0
        self.written = io.StringIO()
        self.logger = logging.Logger("test")  # noqa: LOG001  # one for each test
        handler = logging.StreamHandler(self.written)
        handler.addFilter(Throttle(clock=lambda: self.now))
        self.logger.addHandler(handler)

    @property
    def lines(self) -> list[str]:
        return self.written.getvalue().splitlines()


@pytest.fixture
def log() -> Log:
    return Log()


def test_lines_alike_are_written_so_often_a_minute_and_then_it_is_said_how_many_were_left_out(log: Log) -> None:
    for _ in range(EACH + 90):
        log.logger.warning("refused with %d, from %s", 401, "10.0.0.7")
    assert log.lines == ["refused with 401, from 10.0.0.7"] * EACH
    log.now = WINDOW_S
    log.logger.warning("refused with %d, from %s", 401, "10.0.0.7")
    assert log.lines[-1] == "refused with 401, from 10.0.0.7 (90 lines were left out before this one)"


def test_one_who_floods_hides_nobody_elses_lines(log: Log) -> None:
    for _ in range(1000):
        log.logger.warning("refused with %d, from %s", 401, "flood")
    log.logger.warning("refused with %d, from %s", 401, "another")
    log.logger.info("signed in: %s", "gk01")
    assert log.lines[-2:] == ["refused with 401, from another", "signed in: gk01"]


def test_lines_that_all_differ_have_an_end_too(log: Log) -> None:
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


def test_a_trace_of_no_exception_is_no_trouble(log: Log) -> None:
    log.logger.error("no exception", exc_info=(None, None, None))
    assert log.lines[0] == "no exception"


@pytest.fixture
def ours() -> Iterator[logging.Logger]:
    logger = logging.getLogger(log_lines.NAME)
    before = (list(logger.handlers), logger.level, logger.propagate)
    yield logger
    logger.handlers, logger.level, logger.propagate = before[0], before[1], before[2]
    for each in log_lines._handlers():
        each.filters = [kept for kept in each.filters if not isinstance(kept, Throttle)]


def test_our_lines_carry_their_time_and_every_handler_is_throttled(
    ours: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    log_lines.begin()
    log_lines.begin()  # a second application in one process
    logging.getLogger("judging-desk.security").info("signed in: %s", "gk01")
    (line,) = capsys.readouterr().err.splitlines()
    assert line[:2] == "20" and line.endswith(" INFO judging-desk.security: signed in: gk01")
    assert all(any(isinstance(each, Throttle) for each in handler.filters) for handler in log_lines._handlers())
