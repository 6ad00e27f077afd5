"""Fixtures that serve the demo contest; shared by the browser, wire and fault tests."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving.servers import Server, build_demo, serving


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's data folder, made once per run, with films of a few seconds. Copy it; never serve it."""
    folder = shared(tmp_path_factory) / "demo" / "var"
    with (folder.parent.parent / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            build_demo(making := folder.with_name("making"))
            making.rename(folder)
    return folder


def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A temporary folder that all worker processes of this run share."""
    mine = tmp_path_factory.getbasetemp()
    return mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine


@pytest.fixture(scope="session")
def demo(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One served demo for all tests that only read, or whose changes affect no other test."""
    folder = tmp_path_factory.mktemp("served") / "var"
    shutil.copytree(demo_template, folder)
    with serving(folder) as server:
        yield server


@pytest.fixture
def own_demo(demo_template: Path, tmp_path: Path) -> Iterator[Server]:
    """A demo on a new server for this test alone: it may be changed, killed and started again."""
    folder = tmp_path / "var"
    shutil.copytree(demo_template, folder)
    with serving(folder) as server:
        yield server
