"""Marks saved over HTTP while a worker checks or copies films, against no worker. python -m bench.saves_beside_jobs [--quick]

The load is that of `bench.web_saves` at 50 × 9. It is measured in turns without a worker and with one, so that both meet the
same machine. The worker checks a Full HD film of four minutes all the time; then another makes copies of that film all the time.
"""

import asyncio
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import table
from bench.fill import Size, codes
from bench.film_check import make_film
from bench.served import desk
from bench.web_saves import AT_ONCE, saves
from core.desk.background.film_checks import FILM_CHECK
from core.desk.background.film_copies import FILM_COPIES
from core.jobs.job_kind import JobKind
from core.store.engine import Store, connect
from core.store.queries import jobs
from core.store.queries.jobs import JobState
from tests.fixtures.films import registered_film
from tests.serving.servers import ROOT, Server

SIZE = Size(50, 9, sealed=0)
FILM_S = 240
LEAST = 0.7  # of the rate without a worker


def measure(quick: bool) -> Iterator[table.Figure]:
    """The rate and the 95th percentile of saves beside a worker that checks films, and beside one that copies them."""
    with TemporaryDirectory() as folder:
        film = make_film(Path(folder), FILM_S)
        yield from beside_worker(film, FILM_CHECK, "checks films", quick=quick)
        yield from beside_worker(film, FILM_COPIES, "makes copies of films", quick=quick)


def beside_worker(film: Path, kind: JobKind, does: str, *, quick: bool) -> Iterator[table.Figure]:
    """The two figures beside a worker that does jobs of this kind all the time."""
    seconds, turns = (2.0, 1) if quick else (6.0, 3)
    alone: list[float] = []
    beside: list[float] = []
    with desk(SIZE, worker="no") as server, closing(connect(server.database_url)) as store:
        request(store, server, film, kind)
        asyncio.run(saves(server, SIZE, seconds))  # the first saves of a server are slower
        for _ in range(turns):
            alone += asyncio.run(saves(server, SIZE, seconds))
            with worker(server):
                beside += asyncio.run(saves(server, SIZE, seconds))
        if not quick and not has_worked(store):
            raise RuntimeError("the worker of the bench did nothing")
    rates = [len(each) / (seconds * turns) for each in (beside, alone)]
    yield table.Figure(
        f"marks saved over the web, {AT_ONCE} judges at once, while a worker {does}", rates[0], "/s",
        f"≥ {LEAST} × without", rates[0] >= LEAST * rates[1], plain=rates[1], plain_is="without a worker", more=True,
    )  # fmt: skip
    ours, theirs = (statistics.quantiles(each, n=20)[-1] for each in (beside, alone))
    yield table.Figure(
        "… p95 of a save", ours, "s", "≤ 0.3 s", ours <= 0.3, plain=theirs, plain_is="without a worker",
    )  # fmt: skip


def request(store: Store, server: Server, film: Path, kind: JobKind) -> None:
    """Give every work the film, and request a job of this kind for each, and no other."""
    library = server.data_dir / "library"
    library.mkdir(exist_ok=True)
    store.change(lambda t: t.connection.exec_driver_sql("delete from job").close())
    for code in codes(SIZE.works):
        registered_film(store, library, code, film)
        store.change(lambda t, code=code: jobs.add(t.connection, kind.key, code, by=None, at=0))  # type: ignore[misc]


@contextmanager
def worker(server: Server) -> Iterator[None]:
    """A worker of this desk during the block."""
    command = [sys.executable, "-m", "core", "work"]
    process = subprocess.Popen(command, cwd=ROOT, env=dict(server.environment), stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def has_worked(store: Store) -> bool:
    """Whether the worker has been busy with the film, and has refused none: a refusal would cost less time.

    A job takes longer than a turn: its worker gives it back, and begins it again in the next.
    """
    with store.read() as connection:
        found = jobs.latest(connection)
    return any(job.beats for job in found) and not any(job.state is JobState.FAILED for job in found)


if __name__ == "__main__":
    table.run(__doc__, measure)
