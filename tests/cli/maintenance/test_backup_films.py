"""`backup` stores each film once and `restore` puts it back; missing or damaged films are named (docs/security.md,
Backups).
"""

import hashlib
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import cli
from core.desk.setup import contest_setup
from core.media import film_copies
from core.media.film_copies import LibraryFile
from core.rules.words import Locale
from core.settings import sqlite_url
from core.store.engine import connect
from core.store.films.film_copies import CopyKind
from core.store.migrate import migrate
from core.store.queries import jobs
from core.store.queries.jobs import JobState
from core.store.queries.setup import NewWork
from tests.cli.commands import Commands, core
from tests.desk.contest_with_panel import CONTEST
from tests.fixtures.films import registered_copy
from tests.serving.servers import KILLED_WITH_PARENT, ROOT

__all__ = ["core"]
NOW = datetime(2024, 8, 12, tzinfo=UTC)
FILMS = {"P-001": b"phim mot" * 9000, "P-002": b"phim hai" * 9000, "P-003": b"phim ba" * 90_000}


def name_of(code: str, tail: str = "mp4") -> str:
    return f"{hashlib.sha256(FILMS[code]).hexdigest()}.{tail}"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films") / "var"
    library = folder / "library"
    library.mkdir(parents=True)
    with closing(connect(sqlite_url(folder / "desk.db"))) as store:
        migrate(store)
        contest_setup.open_contest(store, CONTEST, "thu.toml", NOW)
        for code, content in FILMS.items():
            (library / name_of(code)).write_bytes(content)
            (library / name_of(code, "webp")).write_bytes(f"ảnh {code}".encode())
            names = (name_of(code), name_of(code, "webp"), name_of(code)[:64])
            contest_setup.add_work(
                store, NewWork(code, f"Tên {code}", "Tác giả", "Đơn vị", *names, 240_000, 1280, 720), NOW
            )
    return folder


@pytest.fixture
def var(template: Path, tmp_path: Path, core: Commands) -> Path:
    """A data folder with three works and their films in its library; the commands use it."""
    shutil.copytree(template, tmp_path / "var")
    core.environment = {"DATA_DIR": str(tmp_path / "var")}
    return tmp_path / "var"


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in {".mp4", ".webp"}}


def test_films_and_posters_are_backed_up_and_restored(core: Commands, var: Path, tmp_path: Path) -> None:
    status, out, wrong = core("backup", str(tmp_path / "out" / "copy"))
    assert (status, wrong) == (cli.DONE, "")
    assert "Phim và ảnh bìa: 6 tệp" in out and "6 tệp vừa được chép" in out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["backup-films", "copy"]
    assert content(tmp_path / "out" / "backup-films") == content(var / "library")
    status, out, wrong = core("restore", str(tmp_path / "out" / "copy"), DATA_DIR=str(tmp_path / "new"))
    assert (status, wrong) == (cli.DONE, "") and "Phim và ảnh bìa: 6 tệp" in out
    assert content(tmp_path / "new" / "library") == content(var / "library")
    assert core("verify", DATA_DIR=str(tmp_path / "new"))[0] == cli.DONE


def test_copies_for_judges_are_left_out_and_requested_again_by_restore(
    core: Commands, var: Path, tmp_path: Path
) -> None:
    with closing(connect(sqlite_url(var / "desk.db"))) as store:
        copy = registered_copy(store, var / "library", "P-001", CopyKind.LIGHT, b"light")
        with store.read() as connection:
            ended = [job.id for job in jobs.latest(connection)]
        store.change(lambda t: [jobs.cancel(t.connection, job, 0) for job in ended])
    core("backup", str(tmp_path / "out" / "copy"))
    assert copy.file not in content(tmp_path / "out" / "backup-films")
    assert core("restore", str(tmp_path / "out" / "copy"), DATA_DIR=str(tmp_path / "new"))[0] == cli.DONE
    assert core("verify", DATA_DIR=str(tmp_path / "new"))[0] == cli.DONE
    with closing(connect(sqlite_url(tmp_path / "new" / "desk.db"))) as store, store.read() as connection:
        waiting = [job.subject for job in jobs.latest(connection) if job.state is JobState.WAITING]
    assert sorted(waiting) == sorted(FILMS)


def test_verify_hashes_the_copies_for_judges(core: Commands, var: Path) -> None:
    with closing(connect(sqlite_url(var / "desk.db"))) as store:
        copy = registered_copy(store, var / "library", "P-001", CopyKind.ANONYMOUS, b"without a name")
    assert core("verify")[0] == cli.DONE
    (var / "library" / copy.file).write_bytes(b"with the name")
    status, out, wrong = core("verify")
    assert status == cli.REFUSED and f"Tác phẩm P-001, tệp {copy.file}: khác với mã băm đã ghi." in out + wrong


def test_the_copies_are_separate_files_that_only_their_owner_can_read(
    core: Commands, var: Path, tmp_path: Path
) -> None:
    core("backup", str(tmp_path / "copy"))
    copy, film = tmp_path / "backup-films" / name_of("P-001"), var / "library" / name_of("P-001")
    assert copy.stat().st_ino != film.stat().st_ino
    assert {path.stat().st_mode & 0o077 for path in copy.parent.iterdir()} == {0}


def test_a_second_backup_copies_no_film_again(core: Commands, var: Path, tmp_path: Path) -> None:
    core("backup", str(tmp_path / "monday"))
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "backup-films").iterdir() if path.suffix == ".mp4"}
    _, out, _ = core("backup", str(tmp_path / "tuesday"))
    assert "6 tệp" in out and "0 tệp vừa được chép" in out
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_the_list_of_hashes_is_what_sha256sum_reads(core: Commands, var: Path, tmp_path: Path) -> None:
    core("backup", str(tmp_path / "copy"))
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(command, cwd=tmp_path / "backup-films", check=False).returncode == 0
    (tmp_path / "backup-films" / name_of("P-002", "webp")).write_bytes(b"another")
    assert subprocess.run(command, cwd=tmp_path / "backup-films", check=False, capture_output=True).returncode == 1


def test_files_missing_from_the_library_are_named_and_the_database_is_backed_up(
    core: Commands, var: Path, tmp_path: Path
) -> None:
    (var / "library" / name_of("P-001")).unlink()
    damaged = var / "library" / name_of("P-002")
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"X")
    (var / "library" / name_of("P-003", "webp")).unlink()
    status, out, wrong = core("backup", str(tmp_path / "copy"))
    assert status == cli.REFUSED and wrong.count("\n") == 1 and "Có 3 tệp phim hoặc ảnh bìa" in wrong
    assert f"Tác phẩm P-001, tệp {name_of('P-001')}: không có trong {var / 'library'}." in out
    assert f"Tác phẩm P-002, tệp {name_of('P-002')}: khác với mã băm đã ghi." in out
    assert f"Tác phẩm P-003, tệp {name_of('P-003', 'webp')}: không có" in out
    assert "Phim và ảnh bìa: 3 tệp" in out and f"Đã sao lưu vào {tmp_path / 'copy'}" in out
    assert set(content(tmp_path / "backup-films")) == {
        name_of("P-003"), name_of("P-001", "webp"), name_of("P-002", "webp"),
    }  # fmt: skip
    status, out, wrong = core("restore", str(tmp_path / "copy"), DATA_DIR=str(tmp_path / "new"))
    assert status == cli.REFUSED and "Có 3 tệp" in wrong and "Đã khôi phục và kiểm tra" in out
    assert f"Tác phẩm P-001, tệp {name_of('P-001')}: không có trong {tmp_path / 'backup-films'}." in out


def test_a_good_copy_of_a_film_damaged_later_is_kept_and_reported(core: Commands, var: Path, tmp_path: Path) -> None:
    core("backup", str(tmp_path / "monday"))
    (var / "library" / name_of("P-001")).write_bytes(b"broken")
    status, out, _ = core("backup", str(tmp_path / "tuesday"))
    assert status == cli.REFUSED and f"bản sao trong {tmp_path / 'backup-films'} còn đúng" in out
    assert content(tmp_path / "backup-films")[name_of("P-001")] == FILMS["P-001"]


def test_a_damaged_copy_is_made_anew(core: Commands, var: Path, tmp_path: Path) -> None:
    core("backup", str(tmp_path / "monday"))
    (tmp_path / "backup-films" / name_of("P-001")).write_bytes(b"broken")
    (tmp_path / "backup-films" / name_of("P-002", "webp")).write_bytes(b"broken")
    status, out, _ = core("backup", str(tmp_path / "tuesday"))
    assert status == cli.DONE and "2 tệp vừa được chép" in out
    assert content(tmp_path / "backup-films") == content(var / "library")


def test_a_damaged_copy_is_never_restored(core: Commands, var: Path, tmp_path: Path) -> None:
    core("backup", str(tmp_path / "copy"))
    (tmp_path / "backup-films" / name_of("P-001")).write_bytes(b"broken")
    (tmp_path / "backup-films" / name_of("P-002", "webp")).write_bytes(b"broken")
    status, out, wrong = core("restore", str(tmp_path / "copy"), DATA_DIR=str(tmp_path / "new"))
    assert status == cli.REFUSED and "Có 2 tệp" in wrong
    for name in (name_of("P-001"), name_of("P-002", "webp")):
        assert f"tệp {name}: khác với mã băm đã ghi." in out
        assert not (tmp_path / "new" / "library" / name).exists()
    assert not [path for path in (tmp_path / "new" / "library").iterdir() if path.suffix not in {".mp4", ".webp"}]


def test_a_restore_keeps_the_good_files_of_the_library_and_replaces_damaged_ones(
    core: Commands, var: Path, tmp_path: Path
) -> None:
    core("backup", str(tmp_path / "copy"))
    library = tmp_path / "new" / "library"
    shutil.copytree(var / "library", library)
    (library / name_of("P-002")).write_bytes(b"broken")
    status, out, _ = core("restore", str(tmp_path / "copy"), DATA_DIR=str(tmp_path / "new"))
    assert status == cli.DONE and "1 tệp vừa được chép" in out
    assert content(library) == content(var / "library")


def test_the_films_may_be_in_another_folder(core: Commands, var: Path, tmp_path: Path) -> None:
    disk = tmp_path / "đĩa khác?" / "phim"
    assert core("backup", str(tmp_path / "copy"), "--films", str(disk))[0] == cli.DONE
    assert not (tmp_path / "backup-films").exists()
    shutil.rmtree(var)
    words = ("restore", str(tmp_path / "copy"))
    assert core(*words, "--films", str(disk), DATA_DIR=str(tmp_path / "new"))[0] == cli.DONE
    assert set(content(tmp_path / "new" / "library")) == set(content(disk))


@pytest.mark.parametrize("inside", ["library", "library/copies", "library/../library"])
def test_a_backup_folder_inside_the_library_is_refused(core: Commands, var: Path, tmp_path: Path, inside: str) -> None:
    status, _, wrong = core("backup", str(tmp_path / "copy"), "--films", str(var / inside))
    assert status == cli.REFUSED and "nằm trong thư viện phim" in wrong
    assert not (tmp_path / "copy").exists() and len(list((var / "library").iterdir())) == 6


def test_the_file_of_a_work_is_a_name_and_not_a_path(var: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("s")
    wanted = [LibraryFile("P-001", "../../secret.key", None), LibraryFile("P-001", ".lock", None)]
    for report in (
        film_copies.copy_out(wanted, var / "library", tmp_path / "copies"),
        film_copies.copy_back(wanted, tmp_path / "copies", var / "library"),
    ):
        assert ["tên này không phải là tên tệp" in each.localize(Locale()) for each in report.problems] == [True, True]
    assert not any("secret" in path.name for path in (tmp_path / "copies").rglob("*"))


def test_a_database_that_names_other_files_than_its_ledger_is_not_backed_up(
    core: Commands, var: Path, tmp_path: Path
) -> None:
    with closing(connect(sqlite_url(var / "desk.db"))) as store, store.migrating() as connection:
        connection.exec_driver_sql("update entry set poster = '../../secret.key' where code = 'P-001'")
    status, _, wrong = core("backup", str(tmp_path / "copies" / "copy"))
    assert status == cli.REFUSED and "Tác phẩm P-001: khác với sổ cái (poster)" in wrong
    assert not (tmp_path / "copies" / "copy").exists()


def test_two_backups_at_once_do_not_share_a_folder(core: Commands, var: Path, tmp_path: Path) -> None:
    import fcntl

    core("backup", str(tmp_path / "first"))
    with (tmp_path / "backup-films" / ".lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        status, _, wrong = core("backup", str(tmp_path / "second"))
    assert status == cli.REFUSED and "Một lệnh backup khác" in wrong and not (tmp_path / "second").exists()
    assert core("backup", str(tmp_path / "second"))[0] == cli.DONE


def test_a_disk_that_fills_up_leaves_what_was_there_before_and_no_more(
    core: Commands, var: Path, tmp_path: Path
) -> None:
    held = var / "library" / name_of("P-003")
    held.rename(var / "film.opened")
    core("backup", str(tmp_path / "monday"))
    before = content(tmp_path / "backup-films")
    (var / "film.opened").rename(held)
    (tmp_path / "backup-films" / name_of("P-001", "webp")).write_bytes(b"older")
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(FILMS["P-003"]) - 1, limit[1]))  # as on a full disk
    try:
        status, out, wrong = core("backup", str(tmp_path / "tuesday"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert (status, out, wrong.count("\n")) == (cli.REFUSED, "", 1)
    assert f"Không chép được phim vào {tmp_path / 'backup-films'}" in wrong
    assert content(tmp_path / "backup-films") == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "var") == ["backup-films", "monday"]


@pytest.mark.fault
def test_a_killed_backup_leaves_no_partial_file_under_its_name(core: Commands, var: Path, tmp_path: Path) -> None:
    long = var / "library" / name_of("P-003", "webp")
    with long.open("wb") as file:
        file.truncate(400_000_000)  # takes a while
    command = [*KILLED_WITH_PARENT, sys.executable, "-m", "core", "backup", str(tmp_path / "out" / "copy")]
    with subprocess.Popen(command, cwd=ROOT, env={"DATA_DIR": str(var), "PATH": "/usr/bin:/bin"}) as running:
        until = time.monotonic() + 30
        part = tmp_path / "out" / "backup-films" / ".part"
        while not (part.exists() and part.stat().st_size > 1_000_000) and time.monotonic() < until:
            time.sleep(0.005)
        running.send_signal(signal.SIGKILL)
    assert part.exists() and not (tmp_path / "out" / "copy").exists()
    found = content(tmp_path / "out" / "backup-films")
    assert found and all(content(var / "library")[name] == data for name, data in found.items())
    assert core("backup", str(tmp_path / "out" / "copy"))[0] == cli.DONE
    assert not part.exists()
    listed = (tmp_path / "out" / "backup-films" / "SHA256SUMS").read_text()
    assert all(name in listed for name in content(var / "library"))
