"""Workers killed in the middle of a job: every job is done, none twice, and the one that kills them is parked."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from core.desk.background import film_copies
from core.jobs.worker import TOO_LONG_STATUS
from core.media import programs
from core.media.library import unfinished_files
from core.store.engine import Store
from core.store.queries import jobs
from core.store.queries.jobs import JobState
from tests.desk.contest_with_panel import CODES, assigned_panel
from tests.fixtures.films import registered_film
from tests.serving.servers import ROOT

pytestmark = pytest.mark.fault
SUBJECTS = tuple(f"T-{number}" for number in range(12))
WAIT_S = 180.0
Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Iterator[Start]:
    """Starts worker processes; they are killed after the test."""
    started: list[subprocess.Popen[bytes]] = []

    def one() -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "tests.fault.worker_process", database_url, str(tmp_path / "done")]
        started.append(subprocess.Popen(command, cwd=ROOT))
        return started[-1]

    yield one
    for process in started:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()


def states(store: Store) -> dict[str, JobState]:
    with store.read() as connection:
        return {job.subject: job.state for job in jobs.latest(connection)}


def attempts(store: Store) -> dict[str, int]:
    with store.read() as connection:
        return {job.subject: job.attempts for job in jobs.latest(connection)}


def running_job_of(store: Store, process: "subprocess.Popen[bytes]") -> str | None:
    with store.read() as connection:
        found = [job for job in jobs.running(connection) if f":{process.pid}:" in str(job.worker)]
    return found[0].subject if found else None


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def killed_in_a_job(store: Store, worker: "subprocess.Popen[bytes]", done: Path) -> str:
    """Kill this worker in a job that it has not done yet; returns the job's subject. It is stopped while this is read."""
    while True:
        until(lambda: running_job_of(store, worker))
        worker.send_signal(signal.SIGSTOP)
        subject = running_job_of(store, worker)
        if subject is not None and (not done.exists() or subject not in done.read_text().split()):
            worker.kill()
            return subject
        worker.send_signal(signal.SIGCONT)


def test_every_job_is_done_and_none_twice(store: Store, start: Start, tmp_path: Path) -> None:
    for subject in (*SUBJECTS, "tail"):
        store.change(lambda t, name=subject: jobs.add(t.connection, "planted", name, by=None, at=0))  # type: ignore[misc]
    store.change(lambda t: jobs.cancel(t.connection, jobs.latest(t.connection)[-1].id, 0))
    workers = [start(), start()]
    killed = killed_in_a_job(store, workers[0], tmp_path / "done")
    workers.append(start())
    until(lambda: not any(state in jobs.LIVING for state in states(store).values()))
    done = Counter((tmp_path / "done").read_text().split())
    assert done == Counter(SUBJECTS)
    assert states(store) == {**dict.fromkeys(SUBJECTS, JobState.DONE), "tail": JobState.CANCELLED}
    assert {subject for subject, count in attempts(store).items() if count > 1} == {killed}


def test_a_job_that_kills_its_workers_is_parked_and_the_others_are_done(
    store: Store, start: Start, tmp_path: Path
) -> None:
    for subject in ("poison", *SUBJECTS[:3]):
        store.change(lambda t, name=subject: jobs.add(t.connection, "planted", name, by=None, at=0))  # type: ignore[misc]
    worker = start()
    end = time.monotonic() + WAIT_S
    while any(state in jobs.LIVING for state in states(store).values()):
        assert time.monotonic() < end
        if worker.poll() is not None:
            worker = start()  # as the server does
        time.sleep(0.05)
    assert states(store) == {"poison": JobState.PARKED, **dict.fromkeys(SUBJECTS[:3], JobState.DONE)}
    assert attempts(store)["poison"] == 3
    assert "poison" not in (tmp_path / "done").read_text()


def _size(path: Path) -> int:
    with suppress(FileNotFoundError):  # it has just been renamed
        return path.stat().st_size
    return 0


def test_a_worker_killed_while_it_copies_a_film_leaves_no_half_file(sqlite_store: Store, tmp_path: Path) -> None:
    library = tmp_path / "data" / "library"
    library.mkdir(parents=True)
    film = tmp_path / "film.mp4"
    words = ["-f", "lavfi", "-i", "testsrc=s=960x540:r=25:d=20", "-pix_fmt", "yuv420p", "-preset", "ultrafast"]
    subprocess.run([programs.ffmpeg(), "-nostdin", "-v", "error", *words, str(film)], check=True)
    registered_film(assigned_panel(sqlite_store), library, CODES[0], film)
    sqlite_store.change(lambda t: film_copies.request(t, CODES[0], 0))
    environment = {**os.environ, "DATA_DIR": str(library.parent), "DATABASE_URL": str(sqlite_store.url)}
    worker = subprocess.Popen([sys.executable, "-m", "core", "work"], cwd=ROOT, env=environment)
    try:
        until(lambda: any(_size(path) for path in library.glob(".*/light.mp4")))
    finally:
        worker.kill()
        worker.wait()
    named = {path.name: path for path in library.glob("*.mp4")}
    assert [hashlib.sha256(path.read_bytes()).hexdigest() + ".mp4" for path in named.values()] == list(named)
    assert len(named) == 1 and list(library.glob(".*/light.mp4"))
    with unfinished_files(library, next(iter(named)).removesuffix(".mp4")):  # the next attempt
        assert not list(library.glob(".*/light.mp4"))
    assert {path.name for path in library.iterdir()} == set(named)


def test_a_job_that_hangs_ends_its_worker_and_is_parked(store: Store, start: Start, tmp_path: Path) -> None:
    store.change(lambda t: jobs.add(t.connection, "endless", "T-1", by=None, at=0))
    store.change(lambda t: jobs.add(t.connection, "planted", "T-2", by=None, at=0))
    worker = start()
    assert worker.wait(WAIT_S) == TOO_LONG_STATUS
    assert states(store) == {"T-1": JobState.PARKED, "T-2": JobState.WAITING}
    with store.read() as connection:
        report = next(job.report for job in jobs.latest(connection) if job.subject == "T-1")
    assert "Việc chạy quá 1 phút nên đã bị dừng." in str(report)
    start()
    until(lambda: states(store)["T-2"] is JobState.DONE)
    assert (tmp_path / "done").read_text() == "T-2\n"
