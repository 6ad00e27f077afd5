"""A power cut, a failing disk and a full one, at any point: what was acknowledged is there, nothing is half there (docs/security.md, Faults)."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.settings import sqlite_url
from core.store.engine import DatabaseUnavailable, Store, connect
from tests.fault.a_judge import opened
from tests.fault.panel import Told, nothing_lost
from tests.fault.watched_disk import Deed, Disk, deeds
from tests.serving.servers import ROOT

pytestmark = pytest.mark.fault
IMAGES, FEWER = 150, 50
SOURCE = Path(__file__).with_name("disk.c")


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """disk.c as a library to be loaded before all others."""
    made = tmp_path_factory.mktemp("shim") / "disk.so"
    command = ["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(made), str(SOURCE)]
    try:
        subprocess.run(command, check=True)
    except FileNotFoundError:
        pytest.fail("the tests of power cuts need gcc: install the package build-essential", pytrace=False)
    return made


@pytest.fixture
def run(shim: Path, sqlite_url: str, open_store: Callable[[str], Store]) -> Callable[..., list[str]]:
    """Runs judges on a disk of ours, in a folder where the contest lies open; gives the lines that they said."""
    opened(open_store(sqlite_url)).close()
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent

    def judges(*words: str, log: str = "") -> list[str]:
        told = {**os.environ, "LD_PRELOAD": str(shim), "DISK_OF": str(folder), **({"DISK_LOG": log} if log else {})}
        command = [sys.executable, "-m", "tests.fault.a_watched_judge", sqlite_url, *words]
        done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, timeout=200, check=False)
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout.splitlines()

    return judges


def acknowledged(lines: list[str]) -> Told:
    return {(what, judge, code, int(number)) for what, judge, code, number in map(str.split, lines) if what != "points"}


class PowerCuts:
    """One run of judges, and the disks it may leave behind."""

    def __init__(self, run: Callable[..., list[str]], folder: Path, synchronous: str) -> None:
        self.folder = folder
        self.base = {path.name: path.read_bytes() for path in folder.glob("contest.db*")}
        log = folder / "log"
        run("recorded", f"synchronous={synchronous}", log=str(log))
        self.deeds = list(deeds(log))

    def images(self, count: int) -> Iterator[tuple[dict[str, bytes], Told]]:
        """So many disks, each cut at a moment of its own, and what had been acknowledged by then."""
        chance = random.Random(7)
        moments = sorted(chance.randrange(len(self.deeds)) for _ in range(count))
        disk, told, at = Disk.of(self.folder, self.base), Told(), 0
        for moment in moments:
            for deed in self.deeds[at : moment + 1]:
                disk.take(deed)
                told |= acknowledged(_lines(deed))
            at = moment + 1
            yield disk.cut(chance), set(told)


def _lines(deed: Deed) -> list[str]:
    return deed.data.decode().splitlines() if deed.kind == "A" else []


def opened_again(image: dict[str, bytes], told: Told, folder: Path) -> None:
    """The next start finds this disk: raises where something acknowledged is lost, or anything does not verify."""
    folder.mkdir()
    for name, content in image.items():
        (folder / name).write_bytes(content)
    with closing(connect(sqlite_url(folder / "contest.db"))) as store:
        nothing_lost(store, told)


def test_a_power_cut_loses_nothing_that_was_acknowledged(
    run: Callable[..., list[str]], tmp_path: Path, long: bool
) -> None:
    cuts = PowerCuts(run, tmp_path, "FULL")
    syncs = {deed.path.name for deed in cuts.deeds if deed.kind == "S"}
    assert {"contest.db", "contest.db-wal", tmp_path.name} <= syncs  # commits, checkpoints, and a new file's name
    for number, (image, told) in enumerate(cuts.images(IMAGES if long else FEWER)):
        opened_again(image, told, tmp_path / str(number))
    assert len(told) > 100


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_the_cut_is_felt_where_less_is_synced(run: Callable[..., list[str]], tmp_path: Path, synchronous: str) -> None:
    """The same cuts under SQLite's other settings do lose saves: what the test above holds is no accident."""
    for number, (image, told) in enumerate(PowerCuts(run, tmp_path, synchronous).images(IMAGES)):
        try:
            opened_again(image, told, tmp_path / str(number))
        except (AssertionError, DatabaseUnavailable, sa.exc.DatabaseError):
            return
    pytest.fail(f"no power cut was felt with synchronous={synchronous}")


@pytest.mark.parametrize("kind, times", [("S", 1), ("W", 1), ("W", 1000)])
def test_a_write_or_sync_that_fails_refuses_its_save_and_costs_no_other(
    run: Callable[..., list[str]], sqlite_url: str, kind: str, times: int
) -> None:
    """Each of a turn's syncs fails once, each of its writes once, and the disk is full from each of them on."""
    lines = run("failing", kind, str(times))
    points = int(lines[-1].split()[-1])
    assert points >= 4
    with closing(connect(sqlite_url)) as store:
        nothing_lost(store, acknowledged(lines))


def test_a_backup_that_is_killed_is_whole_or_not_there(run: Callable[..., list[str]], tmp_path: Path) -> None:
    lines = run("keeping", str(tmp_path / "copies" / "copy"))
    assert int(lines[-1].split()[-1]) > 20
