"""What every test may ask for. Laws are tried on the same examples every time, however busy the machine."""

import signal

import pytest
from hypothesis import settings

pytest_plugins = ["tests.serving.databases", "tests.serving.served"]
settings.register_profile("house", max_examples=200, deadline=None, derandomize=True)
settings.load_profile("house")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # started in the background: what tests start would be deaf to Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="try many chances where a few will do: minutes more")


@pytest.fixture
def long(request: pytest.FixtureRequest) -> bool:
    """Whether there is time to try more chances: `make test-long`."""
    return bool(request.config.getoption("--long"))
