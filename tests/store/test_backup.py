"""A copy made while the desk works verifies to the same head; a restore overwrites nothing (SECURITY F13)."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.cli import main
from core.desk import house, judging, safekeeping
from core.desk.judging import Change
from core.desk.safekeeping import AnotherHead, DoesNotVerify
from core.desk.text_files import NoSuchFile
from core.settings import Settings, read
from core.store.backup import BackupDamaged, DatabaseNotEmpty, FileInTheWay, MayNotRestore, NotABackup, ToolFailed
from core.store.engine import DatabaseUnavailable, Store
from tests.databases import APPLICATION, OWNER, Cluster
from tests.desk.a_panel import CODES, LAN, NOW, seated
from tests.store.test_verify import sabotage


@pytest.fixture
def desk(store: Store) -> Store:
    seated(store)
    judging.save(store, LAN, CODES[0], Change({"ND": "38,5", "ST": "17"}, {"ND": "Rõ."}), 0, NOW)
    judging.submit(store, LAN, CODES[0], 1, "k" * 16, NOW)
    return store


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[Settings]:
    """Settings that name an empty database of the same kind."""
    told = read({"DATA_DIR": str(tmp_path / "elsewhere")})
    if store.url.get_backend_name() == "sqlite":
        yield replace(told, database_url=f"sqlite:///{tmp_path / 'elsewhere' / 'desk.db'}")
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    cluster.sql("create database elsewhere")
    yield replace(told, database_url=cluster.url("elsewhere"))
    cluster.sql("drop database elsewhere with (force)")


def test_what_was_kept_is_put_back_to_the_same_head(
    desk: Store, elsewhere: Settings, tmp_path: Path, open_store: Callable[[str], Store]
) -> None:
    file = tmp_path / "kept" / "copy"
    kept = safekeeping.backup(desk, file)
    assert (kept.rows, file.stat().st_mode & 0o777) == (15, 0o600)
    assert safekeeping.restore(file, elsewhere, kept.head) == kept
    again = open_store(elsewhere.database_url)
    assert judging.save(again, LAN, CODES[1], Change({"ND": "7"}), 0, NOW).version == 1
    assert safekeeping.verify(again).good


def test_the_restored_database_still_guards_its_ledger(desk: Store, elsewhere: Settings, tmp_path: Path) -> None:
    from core.store.engine import connect

    safekeeping.backup(desk, tmp_path / "copy")
    safekeeping.restore(tmp_path / "copy", elsewhere, None)
    again = connect(elsewhere.database_url)
    with pytest.raises(Exception, match="append-only"), again.migrating() as connection:
        connection.exec_driver_sql("delete from ledger")
    again.close()


def test_a_copy_made_while_judges_save_is_of_one_moment(desk: Store, elsewhere: Settings, tmp_path: Path) -> None:
    stop = threading.Event()

    def mark() -> None:
        version = 0
        while not stop.is_set():
            change = Change({"ND": str(version % 40)})
            version = judging.save(desk, LAN, CODES[1], change, version, NOW).version

    judge = threading.Thread(target=mark)
    judge.start()
    try:
        kept = [safekeeping.backup(desk, tmp_path / f"copy{number}") for number in range(3)]
    finally:
        stop.set()
        judge.join()
    assert kept[0].rows <= kept[1].rows <= kept[2].rows
    assert safekeeping.restore(tmp_path / "copy2", elsewhere, kept[2].head) == kept[2]


def test_a_backup_overwrites_no_file(desk: Store, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("mine")
    with pytest.raises(FileInTheWay):
        safekeeping.backup(desk, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "mine"


def test_a_damaged_database_is_not_kept_as_if_it_were_good(desk: Store, tmp_path: Path) -> None:
    sabotage(desk, "update mark set hundredths = 1")
    with pytest.raises(DoesNotVerify, match="khác với sổ cái"):
        safekeeping.backup(desk, tmp_path / "kept" / "copy")
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_restore_overwrites_no_database(desk: Store, elsewhere: Settings, tmp_path: Path) -> None:
    safekeeping.backup(desk, tmp_path / "copy")
    safekeeping.restore(tmp_path / "copy", elsewhere, None)
    with pytest.raises(DatabaseNotEmpty):
        safekeeping.restore(tmp_path / "copy", elsewhere, None)


def test_another_head_than_the_one_asked_for_is_refused(desk: Store, elsewhere: Settings, tmp_path: Path) -> None:
    safekeeping.backup(desk, tmp_path / "copy")
    with pytest.raises(AnotherHead):
        safekeeping.restore(tmp_path / "copy", elsewhere, "00" * 32)


def test_a_file_that_is_no_backup_is_refused(store: Store, elsewhere: Settings, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Kính gửi Ban Tổ chức")
    with pytest.raises(NotABackup):
        safekeeping.restore(tmp_path / "letter", elsewhere, None)
    with pytest.raises(NoSuchFile):
        safekeeping.restore(tmp_path / "nowhere", elsewhere, None)


def test_a_backup_that_was_cut_off_takes_no_database_s_place(desk: Store, elsewhere: Settings, tmp_path: Path) -> None:
    safekeeping.backup(desk, tmp_path / "copy")
    whole = (tmp_path / "copy").read_bytes()
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    with pytest.raises((BackupDamaged, ToolFailed)):
        safekeeping.restore(tmp_path / "cut", elsewhere, None)
    assert safekeeping.restore(tmp_path / "copy", elsewhere, None).rows == 15  # nothing is in the way


def test_a_restore_into_no_database_at_all_says_so(
    request: pytest.FixtureRequest, elsewhere: Settings, tmp_path: Path
) -> None:
    cluster: Cluster = request.getfixturevalue("cluster")
    (tmp_path / "copy").write_bytes(b"PGDMP and more")
    with pytest.raises(DatabaseUnavailable):
        safekeeping.restore(tmp_path / "copy", replace(elsewhere, database_url=cluster.url("nowhere")), None)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_restore_is_the_owners(elsewhere: Settings, tmp_path: Path) -> None:
    (tmp_path / "copy").write_bytes(b"PGDMP and more")
    as_desk = elsewhere.database_url.replace(f"//{OWNER}@", f"//{APPLICATION}@")
    with pytest.raises(MayNotRestore, match=f"Vai trò {APPLICATION} không được tạo bảng"):
        safekeeping.restore(tmp_path / "copy", replace(elsewhere, database_url=as_desk), None)


@pytest.fixture
def commands(desk: Store, elsewhere: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs a command of `python -m core` on the desk's database."""

    def run(*words: str, told: Settings | None = None) -> int:
        monkeypatch.setattr("core.cli.safekeeping.settings", lambda: told)
        monkeypatch.setattr(house, "store", lambda: desk)
        return main(words)

    return run


def test_the_commands_verify_keep_and_put_back(
    commands: Callable[..., int], elsewhere: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands("backup", str(tmp_path / "copy")) == 0
    head = capsys.readouterr().out.rpartition(" ")[2].strip().rstrip(".")
    assert commands("restore", str(tmp_path / "copy"), "--head", head[:12], told=elsewhere) == 0
    assert head in capsys.readouterr().out
    assert commands("backup", str(tmp_path / "copy")) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_command_verify_names_what_is_wrong(
    desk: Store, commands: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    sabotage(desk, "update mark set hundredths = 1")
    assert commands("verify") == 1
    said = capsys.readouterr()
    assert "Điểm đang tính của giám khảo lan, tác phẩm T-101: khác với sổ cái." in said.out
    assert said.err.count("\n") == 1
