"""`demo` says the address that will be served: the port it was told, else the setting's."""

import pytest

from core import cli
from tests.cli.a_command import SON_LA, Commands, core
from tests.serving.servers import free_port

__all__ = ["core"]


@pytest.fixture(autouse=True)
def real(core: Commands, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A contest is there: nothing is built."""
    core.environment = {"DATA_DIR": str(tmp_path_factory.mktemp("var")), "PORT": "8601"}
    core("init", "--contest", SON_LA)


def test_a_port_that_is_told_is_the_one_that_is_said(core: Commands) -> None:
    port = free_port()
    status, said, _ = core("demo", "--if-missing", "--port", str(port))
    assert (status, said) == (cli.DONE, f"Mở http://localhost:{port}\n")


def test_else_the_setting_is(core: Commands) -> None:
    assert core("demo", "--if-missing") == (cli.DONE, "Mở http://localhost:8601\n", "")
