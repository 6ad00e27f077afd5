"""`kill -9` while judges save: every acknowledged save is stored, and nothing is partly stored (docs/security.md,
Faults).
"""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.store.engine import DatabaseUnavailable, Store
from core.store.events.payloads import SignInDenied
from tests.fault.judge_process import opened
from tests.fault.panel import Judges, in_time, nothing_lost
from tests.serving.databases import APPLICATION, TEMPLATE, Cluster, made

pytestmark = pytest.mark.fault
SECONDS, FEWER = 15.0, 5.0
ENOUGH = 100  # saves


@pytest.fixture
def panel() -> Iterator[Callable[[str], Judges]]:
    """Starts judges on a database; they are killed after the test."""
    made: list[Judges] = []

    def sits(url: str) -> Judges:
        made.append(Judges(url))
        return made[-1]

    yield sits
    for judges in made:
        judges.close()


def test_killed_servers_lose_nothing_that_was_acknowledged(
    store: Store, database_url: str, open_store: Callable[[str], Store], panel: Callable[[str], Judges], long: bool
) -> None:
    opened(store)
    judges, chance, began = panel(database_url), random.Random(1), time.monotonic()
    while judges.rounds < 6 or in_time(SECONDS if long else FEWER, began) or len(judges.acknowledged) <= ENOUGH:
        judges.start(processes=2)
        time.sleep(chance.uniform(0.05, 0.8))
        judges.kill()
        nothing_lost(open_store(database_url), judges.acknowledged)  # as the next start finds it
    nothing_lost(store, judges.acknowledged)  # and a server that was never restarted


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A cluster that this test may kill."""
    cluster = made()
    cluster.sql(f"create database contest template {TEMPLATE}")
    yield cluster
    cluster.stop()


def _children(pid: int) -> list[int]:
    return [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]


def _kill(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _clients(postmaster: int) -> list[int]:
    """The backends that have a client."""
    return [pid for pid in _children(postmaster) if b"postgres contest" in _command(pid)]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # it has just ended
        return b""


def _saves_again(store: Store, seconds: float = 90) -> None:
    """The same server process saves again once the database is back."""
    until = time.monotonic() + seconds
    while True:
        try:
            store.change(lambda transaction: transaction.record(at=0, actor="system", payload=SignInDenied()))
        except DatabaseUnavailable:
            assert time.monotonic() < until
            time.sleep(0.2)
        else:
            return


@pytest.mark.parametrize("victim", ["postmaster", "backend"])
def test_a_killed_postgresql_loses_nothing_and_the_server_goes_on(
    own_cluster: Cluster, open_store: Callable[[str], Store], panel: Callable[[str], Judges], victim: str, long: bool
) -> None:
    url = own_cluster.url("contest", APPLICATION)
    store = opened(open_store(url))
    judges, chance = panel(url), random.Random(2)
    judges.start(processes=2)
    rounds, began = 0, time.monotonic()
    while rounds < 3 or in_time(SECONDS if long else FEWER, began) or judges.heard() <= ENOUGH:
        rounds += 1
        time.sleep(chance.uniform(0.3, 1.0))
        postmaster = int((own_cluster.data / "postmaster.pid").read_text().split()[0])
        if victim == "postmaster":
            _kill([postmaster, *_children(postmaster)])
            time.sleep(0.2)
            own_cluster.start()
        else:
            _kill(chance.sample(backends, 1) if (backends := _clients(postmaster)) else [])
        _saves_again(store)
    assert all(each.poll() is None for each in judges.running), judges.output()
    judges.kill()
    assert len(judges.acknowledged) > ENOUGH
    nothing_lost(store, judges.acknowledged)
