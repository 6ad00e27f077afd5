"""`demo` prints the address that will be served: with the given port, otherwise the one of the settings."""

import pytest

from core import cli
from tests.cli.commands import SON_LA, Commands, core
from tests.serving.servers import free_port

__all__ = ["core"]


@pytest.fixture(autouse=True)
def real(core: Commands, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Pretend that a contest exists, so that nothing is built."""
    core.environment = {"DATA_DIR": str(tmp_path_factory.mktemp("var")), "PORT": "8601"}
    core("init", "--contest", SON_LA)


def test_a_given_port_is_the_port_in_the_printed_address(core: Commands) -> None:
    port = free_port()
    status, out, _ = core("demo", "--if-missing", "--port", str(port))
    assert (status, out) == (cli.DONE, f"Mở http://localhost:{port}\n")


def test_without_a_given_port_the_port_of_the_settings_is_printed(core: Commands) -> None:
    assert core("demo", "--if-missing") == (cli.DONE, "Mở http://localhost:8601\n", "")
