"""The demo contest, served: what tests in a browser, on the wire and under fire share."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving.servers import Server, opened, serving


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's data folder, made once, with films of a few seconds. Copy it; never serve it."""
    folder = shared(tmp_path_factory) / "demo" / "var"
    with (folder.parent.parent / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            opened(making := folder.with_name("making"))
            making.rename(folder)
    return folder


def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that is one for all processes of this run."""
    mine = tmp_path_factory.getbasetemp()
    return mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine


@pytest.fixture(scope="session")
def demo(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One served demo for all tests that only look, or whose changes hurt nobody else."""
    folder = tmp_path_factory.mktemp("served") / "var"
    shutil.copytree(demo_template, folder)
    with serving(folder) as server:
        yield server


@pytest.fixture
def own_demo(demo_template: Path, tmp_path: Path) -> Iterator[Server]:
    """A demo served on a fresh server for this test alone: change what you like, kill it, start it again."""
    folder = tmp_path / "var"
    shutil.copytree(demo_template, folder)
    with serving(folder) as server:
        yield server
