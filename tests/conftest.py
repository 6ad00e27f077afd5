"""Fixtures and settings for every test. Hypothesis tries the same examples in every run, with no deadline."""

import logging
import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

pytest_plugins = ["tests.serving.databases", "tests.serving.demo_server"]
settings.register_profile("project", max_examples=200, deadline=None, derandomize=True)
settings.load_profile("project")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # started in the background, SIGINT is ignored: processes that tests start would not react to Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="try many chances where a few will do: minutes more")


@pytest.fixture
def long(request: pytest.FixtureRequest) -> bool:
    """True where the tests may take longer and try more random cases: `make test-long`."""
    return bool(request.config.getoption("--long"))


@pytest.fixture(autouse=True)
def process_left_as_found() -> Iterator[None]:
    """Fails a test that leaves this process nicer, or logging to a stream of its own: the next tests would differ."""
    before = os.nice(0), _stream_handlers()
    yield
    assert (os.nice(0), _stream_handlers()) == before, "a test has changed this process"


def _stream_handlers() -> list[logging.Handler]:
    return [each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler]
