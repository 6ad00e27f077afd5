"""A power cut, a failing disk and a full disk, at any point: acknowledged saves are stored, nothing partly
(docs/security.md, Faults).
"""

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
from tests.fault.judge_process import opened
from tests.fault.panel import Acknowledged, nothing_lost
from tests.fault.power_cut.office_on_test_disk import NAMES, stored
from tests.fault.power_cut.recorded_disk import Disk, Operation, operations
from tests.serving.servers import ROOT

pytestmark = pytest.mark.fault
IMAGES, FEWER = 150, 50
WORKS = len(NAMES)
SOURCE = Path(__file__).with_name("disk.c")


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile disk.c as a library for LD_PRELOAD."""
    made = tmp_path_factory.mktemp("shim") / "disk.so"
    command = ["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(made), str(SOURCE)]
    try:
        subprocess.run(command, check=True)
    except FileNotFoundError:
        pytest.fail("the tests of power cuts need gcc: install the package build-essential", pytrace=False)
    return made


@pytest.fixture
def run(shim: Path, sqlite_url: str, open_store: Callable[[str], Store]) -> Callable[..., list[str]]:
    """Runs people on the shimmed disk, in a folder with an open contest. Returns the lines that they printed."""
    opened(open_store(sqlite_url)).close()
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent

    def process(*words: str, log: str = "", module: str = "judge_on_test_disk") -> list[str]:
        saved = {**os.environ, "LD_PRELOAD": str(shim), "DISK_OF": str(folder), **({"DISK_LOG": log} if log else {})}
        command = [sys.executable, "-m", f"tests.fault.power_cut.{module}", sqlite_url, *words]
        done = subprocess.run(command, cwd=ROOT, env=saved, capture_output=True, text=True, timeout=500, check=False)
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout.splitlines()

    return process


def acknowledged(lines: list[str]) -> Acknowledged:
    return {(what, judge, code, int(number)) for what, judge, code, number in map(str.split, lines) if what != "points"}


class PowerCuts:
    """One run of people, and the disk contents that a power cut during it may leave."""

    def __init__(self, run: Callable[..., list[str]], folder: Path, synchronous: str, **whose: str) -> None:
        self.folder = folder
        self.base = {path.name: path.read_bytes() for path in folder.glob("contest.db*")}
        log = folder / "log"
        run("recorded", f"synchronous={synchronous}", log=str(log), **whose)
        self.operations = list(operations(log))

    def images(self, count: int) -> Iterator[tuple[dict[str, bytes], Acknowledged]]:
        """Yield `count` disk contents, cut at the first and the last operation and at random moments between them,
        with the saves acknowledged until then.
        """
        chance = random.Random(7)
        last = len(self.operations) - 1
        moments = [0, *sorted(chance.randrange(last) for _ in range(count - 2)), last]
        disk, saved, at = Disk.of(self.folder, self.base), Acknowledged(), 0
        for moment in moments:
            for operation in self.operations[at : moment + 1]:
                disk.take(operation)
                saved |= acknowledged(_lines(operation))
            at = moment + 1
            yield disk.cut(chance), set(saved)


def _lines(operation: Operation) -> list[str]:
    return operation.data.decode().splitlines() if operation.kind == "A" else []


def opened_again(image: dict[str, bytes], saved: Acknowledged, folder: Path) -> None:
    """Start on this disk content. Fails where an acknowledged save is lost, or where `verify` reports a finding."""
    folder.mkdir()
    for name, content in image.items():
        (folder / name).write_bytes(content)
    with closing(connect(sqlite_url(folder / "contest.db"))) as store:
        nothing_lost(store, saved)


def test_a_power_cut_loses_nothing_that_was_acknowledged(
    run: Callable[..., list[str]], tmp_path: Path, long: bool
) -> None:
    cuts = PowerCuts(run, tmp_path, "FULL")
    syncs = {operation.path.name for operation in cuts.operations if operation.kind == "S"}
    assert {"contest.db", "contest.db-wal", tmp_path.name} <= syncs  # commits, checkpoints, and the name of a new file
    for number, (image, saved) in enumerate(cuts.images(IMAGES if long else FEWER)):
        opened_again(image, saved, tmp_path / str(number))
    assert len(saved) > 100


def test_a_power_cut_leaves_each_act_of_the_office_whole(
    run: Callable[..., list[str]], tmp_path: Path, long: bool
) -> None:
    """Entries, verdicts, the list, the draw, a finalist's change and a reading: stored, or as if never begun."""
    cuts = PowerCuts(run, tmp_path, "FULL", module="office_on_test_disk")
    seen = []
    for number, (image, saved) in enumerate(cuts.images(IMAGES if long else FEWER)):
        found = office_acts(image, tmp_path / str(number))
        assert saved - found == set()
        assert len({each for each in found if each[0] == "drawn"}) in {0, WORKS}
        seen.append(len(found))
    assert seen[0] < seen[-1] == len(saved) == 3 * WORKS + 4


def office_acts(image: dict[str, bytes], folder: Path) -> Acknowledged:
    """The acts of the office that this disk content has, and which `verify` finds right."""
    folder.mkdir()
    for name, content in image.items():
        (folder / name).write_bytes(content)
    with closing(connect(sqlite_url(folder / "contest.db"))) as store:
        nothing_lost(store, set())
        return stored(store)


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_a_power_cut_loses_saves_with_weaker_sync_settings(
    run: Callable[..., list[str]], tmp_path: Path, synchronous: str
) -> None:
    """The same cuts with weaker SQLite sync settings do lose saves: the test above can fail."""
    for number, (image, saved) in enumerate(PowerCuts(run, tmp_path, synchronous).images(IMAGES)):
        try:
            opened_again(image, saved, tmp_path / str(number))
        except (AssertionError, DatabaseUnavailable, sa.exc.DatabaseError):
            return
    pytest.fail(f"no power cut was felt with synchronous={synchronous}")


@pytest.mark.parametrize("kind, times", [("S", 1), ("W", 1), ("W", 1000)])
def test_a_write_or_sync_that_fails_refuses_its_save_and_affects_no_other(
    run: Callable[..., list[str]], sqlite_url: str, kind: str, times: int
) -> None:
    """Each sync of a turn fails once, each write fails once, and the disk is full from each write on."""
    lines = run("failing", kind, str(times))
    points = int(lines[-1].split()[-1])
    assert points >= 4
    with closing(connect(sqlite_url)) as store:
        nothing_lost(store, acknowledged(lines))


def test_a_backup_that_is_killed_is_whole_or_not_there(run: Callable[..., list[str]], tmp_path: Path) -> None:
    lines = run("keeping", str(tmp_path / "copies" / "copy"))
    assert int(lines[-1].split()[-1]) > 20
