"""A full, broken, read-only or foreign disk: every command reports it in one line, without a stack trace."""

import ctypes
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.desk.maintenance import operations
from core.settings import sqlite_url
from core.store.engine import connect
from core.store.migrate import migrate
from tests.cli.commands import SON_LA
from tests.desk.contest_with_panel import CODES, assigned_panel, film_bytes, film_of
from tests.serving.servers import ROOT

pytestmark = pytest.mark.fault
WRITING = [
    ("account", "add", "gk.moi", "--name", "Lường Thị Mới", "--roles", "judge"),
    ("account", "roles", "lan", "judge,chief"),
    ("account", "password", "lan"),
    ("account", "link", "lan"),
    ("account", "deactivate", "lan"),
    ("backup", "{folder}/copies/new"),
    ("export", "--out", "{folder}/copies"),
    ("restore", "{folder}/old"),
    ("init", "--contest", SON_LA),
    ("demo", "--videos", "short"),
]
READING = [("account", "list"), ("verify",), ("award",)]
ON_AN_EMPTY_PLACE = {"restore", "init", "demo"}
Ran = subprocess.CompletedProcess[str]
_FAILING = """
import ctypes, sys
from core.cli import main
kind, first = sys.argv.pop(1).encode(), int(sys.argv.pop(1))
ctypes.CDLL(None).disk_fail(ctypes.c_char(kind), ctypes.c_long(first), ctypes.c_long(1 << 40))
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a contest, four works and their films, and a backup next to it."""
    folder = tmp_path_factory.mktemp("full") / "whole"
    (folder / "var" / "library").mkdir(parents=True)
    with closing(connect(sqlite_url(folder / "var" / "desk.db"))) as store:
        migrate(store)
        assigned_panel(store)
        for code in CODES:
            (folder / "var" / "library" / f"{code}.jpg").write_bytes(b"poster")
            (folder / "var" / "library" / film_of(code)).write_bytes(film_bytes(code))
        operations.backup(store, folder / "old", folder / "var" / "library")
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path / "disk")
    (tmp_path / "disk" / "copies").mkdir()
    return tmp_path / "disk"


def ran(folder: Path, words: tuple[str, ...], *before: str, limit: int | None = None, **variables: str) -> Ran:
    """Run `python -m core …`, or the program in `before`, on this folder. No file may grow beyond `limit` bytes."""
    place = folder / ("empty" if words[0] in ON_AN_EMPTY_PLACE else "var")
    environment = {**os.environ, "DATA_DIR": str(place), "DATABASE_URL": "", **variables}

    def limited() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    command = [*(before or (sys.executable, "-m", "core")), *(word.format(folder=folder) for word in words)]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, preexec_fn=limited, timeout=120
    )


def one_line(done: Ran) -> None:
    assert "Traceback" not in done.stderr + done.stdout and "SQL:" not in done.stderr + done.stdout
    if done.returncode:
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr


@pytest.mark.parametrize("words", WRITING[:-1], ids=" ".join)  # tests/desk/demo builds one
def test_every_command_works_on_a_good_disk(folder: Path, words: tuple[str, ...]) -> None:
    done = ran(folder, words)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("words", WRITING, ids=" ".join)
def test_a_full_disk_is_one_line(folder: Path, words: tuple[str, ...]) -> None:
    done = ran(folder, words, limit=4096)
    one_line(done)
    assert done.returncode == 1
    assert [path for path in (folder / "copies").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("words", [WRITING[0], WRITING[5], *WRITING[7:9]], ids=" ".join)
def test_a_disk_that_fills_up_on_the_way_is_one_line(folder: Path, words: tuple[str, ...]) -> None:
    done = ran(folder, words, limit=36_000)
    one_line(done)
    assert done.returncode == 1
    assert [path for path in (folder / "copies").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_reading_on_a_full_disk_is_the_answer_or_one_line(folder: Path, words: tuple[str, ...]) -> None:
    one_line(ran(folder, words, limit=4096))


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile tests/fault/power_cut/disk.c as a library for LD_PRELOAD."""
    made = tmp_path_factory.mktemp("shim") / "disk.so"
    source = ROOT / "tests" / "fault" / "power_cut" / "disk.c"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", str(made), str(source)], check=True)
    assert ctypes.CDLL(str(made)).disk_left() == 0
    return made


@pytest.mark.parametrize("kind", ["W", "S"], ids=["no room", "an error of the disk"])
@pytest.mark.parametrize("words", [WRITING[0], WRITING[5], *WRITING[7:9]], ids=" ".join)
def test_a_broken_disk_is_one_line(folder: Path, shim: Path, words: tuple[str, ...], kind: str) -> None:
    program = (sys.executable, "-c", _FAILING, kind, "2")
    one_line(ran(folder, words, *program, LD_PRELOAD=str(shim), DISK_OF=str(folder)))


@pytest.mark.parametrize("words", [READING[1], WRITING[0], WRITING[5]], ids=" ".join)
def test_output_that_cannot_be_written_is_one_line(folder: Path, words: tuple[str, ...]) -> None:
    script = '"$@" > /dev/full'
    done = ran(folder, words, "sh", "-c", script, "sh", sys.executable, "-m", "core")
    one_line(done)
    assert done.returncode == 1 and "No space left on device" in done.stderr


def powerless() -> tuple[str, ...]:
    """The command prefix that takes away root's power over other users' files; empty for other users."""
    if os.geteuid() != 0:
        return ()
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all", "--")


def _unreadable(folder: Path) -> None:
    (folder / "var" / "desk.db").chmod(0)
    (folder / "old").chmod(0)


def _read_only(folder: Path) -> None:
    for place in ("copies", "var", "."):
        (folder / place).chmod(0o500)


def _closed(folder: Path) -> None:
    for place in ("copies", "var", "."):
        (folder / place).chmod(0)


def _folders_for_files(folder: Path) -> None:
    for name in ("var/desk.db", "old"):
        (folder / name).unlink()
        (folder / name).mkdir()
    (folder / "copies" / "new").mkdir()
    (folder / "empty" / "desk.db").mkdir(parents=True)


def _vanished(folder: Path) -> None:
    shutil.rmtree(folder)


@pytest.mark.parametrize("wrong", [_unreadable, _read_only, _closed, _folders_for_files, _vanished])
@pytest.mark.parametrize("words", [WRITING[0], WRITING[5], WRITING[7], READING[1]], ids=" ".join)
def test_a_place_that_is_not_ours_is_one_line(
    folder: Path, words: tuple[str, ...], wrong: Callable[[Path], None]
) -> None:
    wrong(folder)
    try:
        done = ran(folder, words, *powerless(), sys.executable, "-m", "core")
    finally:
        for place in (".", "var", "copies"):
            if (folder / place).exists():
                (folder / place).chmod(0o700)
    one_line(done)
    assert done.returncode == 1


def test_a_secret_key_is_written_completely_or_not_at_all(folder: Path) -> None:
    asks = ("-c", "from core.settings import settings; print(len(settings().secret()))")
    assert "BadSetting" in ran(folder, asks, sys.executable, limit=0).stderr
    assert not (folder / "var" / "secret.key").exists()
    assert ran(folder, asks, sys.executable).stdout == "43\n"
    (folder / "var" / "secret.key").write_text("")
    assert "không còn giữ khóa bí mật nào" in ran(folder, asks, sys.executable).stderr
