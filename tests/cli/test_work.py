"""`python -m core work`: does jobs until it is told to stop, or its parent is gone; one line on errors."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from core.settings import sqlite_url
from core.store.engine import connect
from core.store.migrate import migrate
from core.store.queries import jobs
from core.store.queries.jobs import JobState
from tests.desk.contest_with_panel import CODES, assigned_panel
from tests.serving.servers import ROOT

Start = Callable[..., "subprocess.Popen[str]"]
WAIT_S = 30.0


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts `python -m core work` on the data folder of this test."""
    started: list[subprocess.Popen[str]] = []

    def one(*words: str, **variables: str) -> "subprocess.Popen[str]":
        environment: Mapping[str, str] = {**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": "", **variables}
        command = [sys.executable, "-m", "core", "work", *words]
        pipe = subprocess.PIPE
        started.append(
            subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        )
        return started[-1]

    yield one
    for process in started:
        process.kill()
        process.communicate()


def close_stdin(worker: "subprocess.Popen[str]") -> None:
    assert worker.stdin is not None
    worker.stdin.close()
    worker.stdin = None  # `communicate` would use it


def make_contest(folder: Path) -> None:
    """A contest with one requested check of a work that has no film."""
    with closing(connect(sqlite_url(folder / "desk.db"))) as store:
        migrate(store)
        assigned_panel(store)
        store.change(lambda t: jobs.add(t.connection, "film.check", CODES[0], by=None, at=0))


def state(folder: Path) -> JobState:
    with closing(connect(sqlite_url(folder / "desk.db"))) as store, store.read() as connection:
        return jobs.latest(connection)[0].state


def until_failed(folder: Path) -> None:
    """Wait until the worker has done the job: it is running then."""
    end = time.monotonic() + WAIT_S
    while state(folder) is not JobState.FAILED:
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_does_jobs_until_it_is_told_to_stop(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    make_contest(tmp_path)
    worker = start()
    until_failed(tmp_path)
    worker.send_signal(number)
    assert worker.wait(WAIT_S) == 0
    _, errors = worker.communicate()
    assert f"job 1 (film.check {CODES[0]}) ends: failed" in errors
    assert "Traceback" not in errors


def test_with_parent_it_stops_when_the_parent_is_gone(start: Start, tmp_path: Path) -> None:
    make_contest(tmp_path)
    worker = start("--with-parent")
    until_failed(tmp_path)
    assert worker.poll() is None
    close_stdin(worker)
    assert worker.wait(WAIT_S) == 0


def test_without_with_parent_it_needs_no_stdin(start: Start, tmp_path: Path) -> None:
    make_contest(tmp_path)
    worker = start()
    close_stdin(worker)
    until_failed(tmp_path)
    assert worker.poll() is None


def test_without_a_database_it_ends_with_one_line(start: Start, tmp_path: Path) -> None:
    worker = start()
    assert worker.wait(WAIT_S) == 1
    (line,) = worker.communicate()[1].strip().splitlines()
    assert "Traceback" not in line
    assert not (tmp_path / "desk.db").exists()
