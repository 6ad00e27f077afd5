"""A copy made while the desk works verifies to the same head; a restore overwrites nothing (docs/security.md,
Backups).
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from core.cli import main
from core.desk import context
from core.desk.judging import judge_sheets
from core.desk.judging.judge_sheets import Change
from core.desk.maintenance import operations
from core.desk.maintenance.operations import AnotherHead, DoesNotVerify
from core.desk.printed_marks import printed_mark
from core.desk.text_input.text_files import NoSuchFile
from core.settings import Settings, read, sqlite_url
from core.store.backup import BackupDamaged, DatabaseNotEmpty, FileInTheWay, MayNotRestore, NotABackup, ToolFailed
from core.store.database.connection_errors import CannotConnect
from core.store.database.database_url import SecretParameter
from core.store.engine import Store, connect
from core.store.signing.signing_key import SigningKey
from tests.desk.contest_with_panel import CODES, LAN, NOW, assigned_panel, film_bytes, film_of
from tests.serving.databases import APPLICATION, OWNER, PASSWORDS, Cluster
from tests.store.verification.test_verify import sabotage


@pytest.fixture
def desk(store: Store) -> Store:
    assigned_panel(store)
    judge_sheets.save(store, LAN, CODES[0], Change({"ND": "38,5", "ST": "17"}, {"ND": "Rõ."}), 0, NOW)
    judge_sheets.submit(store, LAN, CODES[0], 1, "k" * 16, NOW)
    return store


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[Settings]:
    """Settings for an empty database of the same kind."""
    other_settings = read({"DATA_DIR": str(tmp_path / "elsewhere")})
    if store.url.get_backend_name() == "sqlite":
        yield replace(other_settings, database_url=sqlite_url(tmp_path / "elsewhere" / "desk.db"))
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    cluster.sql("create database elsewhere")
    yield replace(other_settings, database_url=cluster.url("elsewhere"))
    cluster.sql("drop database elsewhere with (force)")


def test_a_backup_is_restored_to_the_same_head(
    desk: Store, elsewhere: Settings, tmp_path: Path, open_store: Callable[[str], Store]
) -> None:
    file = tmp_path / "kept" / "copy"
    backed_up = operations.backup(desk, file)
    assert (backed_up.rows, file.stat().st_mode & 0o777) == (9, 0o600)
    assert operations.restore(file, elsewhere, backed_up.head) == backed_up
    again = open_store(elsewhere.database_url)
    assert judge_sheets.save(again, LAN, CODES[1], Change({"ND": "7"}), 0, NOW).version == 1
    assert operations.verify(again).good


def test_a_backup_holds_the_notes_and_not_the_key(
    desk: Store, elsewhere: Settings, tmp_path: Path, open_store: Callable[[str], Store]
) -> None:
    desk.signing_key = SigningKey(tmp_path / "data" / "signing.key")
    mark = printed_mark(desk, NOW).text
    operations.backup(desk, tmp_path / "kept" / "copy")
    secret = desk.signing_key.private().private_bytes_raw()
    for path in (tmp_path / "kept").rglob("*"):
        assert path.name != "signing.key"
        assert not path.is_file() or secret not in path.read_bytes()
    operations.restore(tmp_path / "kept" / "copy", elsewhere, mark)
    again = open_store(elsewhere.database_url)
    assert operations.verify(again, mark).good
    assert printed_mark(again, NOW).text == mark  # nothing to sign, so no key is asked for
    assert not elsewhere.signing_key.exists()


def test_the_restored_database_still_guards_its_ledger(desk: Store, elsewhere: Settings, tmp_path: Path) -> None:
    from core.store.engine import connect

    operations.backup(desk, tmp_path / "copy")
    operations.restore(tmp_path / "copy", elsewhere, None)
    again = connect(elsewhere.database_url)
    with pytest.raises(Exception, match="append-only"), again.migrating() as connection:
        connection.exec_driver_sql("delete from ledger")
    again.close()


def test_a_copy_made_while_judges_save_is_one_snapshot(desk: Store, elsewhere: Settings, tmp_path: Path) -> None:
    stop = threading.Event()

    def mark() -> None:
        version = 0
        while not stop.is_set():
            change = Change({"ND": str(version % 40)})
            version = judge_sheets.save(desk, LAN, CODES[1], change, version, NOW).version

    judge = threading.Thread(target=mark)
    judge.start()
    try:
        backed_up = [operations.backup(desk, tmp_path / f"copy{number}") for number in range(3)]
    finally:
        stop.set()
        judge.join()
    assert backed_up[0].audit_rows <= backed_up[1].audit_rows <= backed_up[2].audit_rows
    assert operations.restore(tmp_path / "copy2", elsewhere, backed_up[2].head) == backed_up[2]


def test_a_backup_overwrites_no_file(desk: Store, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("mine")
    with pytest.raises(FileInTheWay):
        operations.backup(desk, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "mine"


def test_a_damaged_database_is_not_backed_up_silently(desk: Store, tmp_path: Path) -> None:
    sabotage(desk, "update mark set hundredths = 1")
    with pytest.raises(DoesNotVerify, match="khác với sổ cái"):
        operations.backup(desk, tmp_path / "kept" / "copy")
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_restore_overwrites_no_database(desk: Store, elsewhere: Settings, tmp_path: Path) -> None:
    operations.backup(desk, tmp_path / "copy")
    operations.restore(tmp_path / "copy", elsewhere, None)
    with pytest.raises(DatabaseNotEmpty):
        operations.restore(tmp_path / "copy", elsewhere, None)


def test_another_head_than_the_one_asked_for_is_refused(desk: Store, elsewhere: Settings, tmp_path: Path) -> None:
    operations.backup(desk, tmp_path / "copy")
    with pytest.raises(AnotherHead):
        operations.restore(tmp_path / "copy", elsewhere, "00" * 32)


def test_a_hash_as_it_is_printed_is_compared_too(desk: Store, elsewhere: Settings, tmp_path: Path) -> None:
    backed_up = operations.backup(desk, tmp_path / "copy")
    printed = "-".join(backed_up.head[at : at + 4] for at in range(0, 16, 4)).upper()
    assert operations.restore(tmp_path / "copy", elsewhere, f" {printed} ") == backed_up


def test_a_receipt_of_any_row_is_looked_for_in_what_was_restored(
    desk: Store, elsewhere: Settings, tmp_path: Path
) -> None:
    receipt = judge_sheets.submit(desk, LAN, CODES[0], 1, "k" * 16, NOW).text  # as it was given
    judge_sheets.save(desk, LAN, CODES[1], Change({"ND": "1"}), 0, NOW)
    backed_up = operations.backup(desk, tmp_path / "copy")
    assert operations.restore(tmp_path / "copy", elsewhere, receipt) == backed_up and backed_up.rows == 9


def test_a_receipt_without_a_row_is_refused(desk: Store, elsewhere: Settings, tmp_path: Path) -> None:
    operations.backup(desk, tmp_path / "copy")
    with pytest.raises(DoesNotVerify, match="không có dòng 3 mang mã"):
        operations.restore(tmp_path / "copy", elsewhere, "#3 · 0000-0000-0000-0000")


def test_a_file_that_is_not_a_backup_is_refused(store: Store, elsewhere: Settings, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Kính gửi Ban Tổ chức")
    with pytest.raises(NotABackup):
        operations.restore(tmp_path / "letter", elsewhere, None)
    with pytest.raises(NoSuchFile):
        operations.restore(tmp_path / "nowhere", elsewhere, None)


def test_a_truncated_backup_replaces_no_database(desk: Store, elsewhere: Settings, tmp_path: Path) -> None:
    backed_up = operations.backup(desk, tmp_path / "copy")
    whole = (tmp_path / "copy").read_bytes()
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    with pytest.raises((BackupDamaged, ToolFailed)):
        operations.restore(tmp_path / "cut", elsewhere, None)
    assert operations.restore(tmp_path / "copy", elsewhere, None) == backed_up  # nothing is left in the way


def test_a_restore_into_a_database_that_does_not_exist_is_refused(
    cluster: Cluster, elsewhere: Settings, tmp_path: Path
) -> None:
    (tmp_path / "copy").write_bytes(b"PGDMP and more")
    with pytest.raises(CannotConnect, match="PostgreSQL không có cơ sở dữ liệu nowhere"):
        operations.restore(tmp_path / "copy", replace(elsewhere, database_url=cluster.url("nowhere")), None)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_only_the_owner_restores(cluster: Cluster, elsewhere: Settings, tmp_path: Path) -> None:
    (tmp_path / "copy").write_bytes(b"PGDMP and more")
    as_desk = cluster.url("elsewhere", APPLICATION)
    with pytest.raises(MayNotRestore, match=f"Vai trò {APPLICATION} không được tạo bảng"):
        operations.restore(tmp_path / "copy", replace(elsewhere, database_url=as_desk), None)


@pytest.fixture
def commands(desk: Store, elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs a command of `python -m core` on the desk's database; its films are in `tmp_path`/library."""
    (tmp_path / "library").mkdir()
    for code in CODES:
        (tmp_path / "library" / film_of(code)).write_bytes(film_bytes(code))
        (tmp_path / "library" / f"{code}.jpg").write_bytes(code.encode())

    def run(*words: str, other_settings: Settings | None = None) -> int:
        monkeypatch.setattr(
            "core.cli.maintenance.settings", lambda: other_settings or replace(elsewhere, data_dir=tmp_path)
        )
        monkeypatch.setattr(context, "store", lambda: desk)
        return main(words)

    return run


def test_the_commands_verify_back_up_and_restore(
    commands: Callable[..., int], elsewhere: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands("backup", str(tmp_path / "copy")) == 0
    head = capsys.readouterr().out.rpartition(" ")[2].strip().rstrip(".")
    assert commands("restore", str(tmp_path / "copy"), "--head", head[:16], other_settings=elsewhere) == 0
    assert head in capsys.readouterr().out
    assert commands("backup", str(tmp_path / "copy")) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_verify_command_reports_the_damage(
    desk: Store, commands: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    sabotage(desk, "update mark set hundredths = 1")
    assert commands("verify") == 1
    captured = capsys.readouterr()
    assert (
        "Điểm đang tính của giám khảo lan, tác phẩm T-101, tiêu chí ND: khác với sổ cái (hundredths)." in captured.out
    )
    assert captured.err.count("\n") == 1


class TestPostgreSQLsOwnPrograms:
    """pg_dump and pg_restore connect as DATABASE_URL says, and nobody can read the password meanwhile."""

    @pytest.fixture
    def desk(self, postgresql_url: str, open_store: Callable[[str], Store]) -> Store:
        return assigned_panel(open_store(postgresql_url))

    @pytest.fixture
    def empty(self, cluster: Cluster) -> Iterator[Callable[..., Settings]]:
        """The owner's settings for an empty database, over the socket or TCP, with more parameters in the URL."""
        cluster.sql("create database empty")

        def other_settings(tmp_path: Path, more: str = "", *, tcp: bool = True) -> Settings:
            url = cluster.url("empty", tcp=tcp)
            url += ("&" if "?" in url else "?") + more if more else ""
            return replace(read({"DATA_DIR": str(tmp_path / "elsewhere")}), database_url=url)

        yield other_settings
        cluster.sql("drop database empty with (force)")

    @pytest.fixture
    def calls(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """The file that records the programs' command lines, as other users can read them in the process list."""
        log, bin_ = tmp_path / "command-lines", tmp_path / "bin"
        bin_.mkdir()
        for tool in ("pg_dump", "pg_restore"):
            (bin_ / tool).write_text(
                f'#!/bin/sh\ntr "\\0" "\\n" < /proc/$$/cmdline >> {log}\nexec {shutil.which(tool)} "$@"\n'
            )
            (bin_ / tool).chmod(0o755)
        monkeypatch.setenv("PATH", f"{bin_}:{os.environ['PATH']}")
        return log

    @pytest.mark.parametrize("tcp", [True, False], ids=["tcp", "socket"])
    def test_a_password_that_needs_escaping_is_never_on_a_command_line(
        self, desk: Store, cluster: Cluster, empty: Callable[..., Settings], calls: Path, tmp_path: Path, tcp: bool
    ) -> None:
        with closing(connect(cluster.url(str(desk.url.database), APPLICATION, tcp=tcp))) as store:
            backed_up = operations.backup(store, tmp_path / "copy")
        assert operations.restore(tmp_path / "copy", empty(tmp_path, tcp=tcp), backed_up.head) == backed_up
        command_lines = calls.read_text()
        assert command_lines.count("--no-password") == 2 and "user=" in command_lines
        for secret in PASSWORDS.values():
            pieces = {secret, quote(secret), quote(secret, safe=""), secret.replace("'", "\\'"), secret[:12], "***"}
            assert [piece for piece in pieces if piece in command_lines] == []

    @pytest.mark.parametrize(
        "more, passed",
        [
            ("sslmode=disable", "sslmode=disable"),
            ("connect_timeout=17", "connect_timeout=17"),
            ("target_session_attrs=read-write", "target_session_attrs=read-write"),
            ("options=-c%20search_path%3Dpublic", "options='-c search_path=public'"),
            ("application_name=nightly", "application_name=nightly"),
            ("host=127.0.0.1:1&host=127.0.0.1:{port}", "host=127.0.0.1,127.0.0.1 port=1,{port}"),
        ],
    )
    def test_other_url_parameters_are_passed_on(
        self,
        desk: Store,
        cluster: Cluster,
        empty: Callable[..., Settings],
        calls: Path,
        tmp_path: Path,
        more: str,
        passed: str,
    ) -> None:
        other_settings = empty(tmp_path, more.format(port=cluster.port))
        if more.startswith("host="):
            other_settings = replace(
                other_settings,
                database_url=other_settings.database_url.replace(f"127.0.0.1:{cluster.port}/empty", "/empty"),
            )
        backed_up = operations.backup(desk, tmp_path / "copy")
        calls.unlink()
        assert operations.restore(tmp_path / "copy", other_settings, backed_up.head) == backed_up
        assert passed.format(port=cluster.port) in calls.read_text()

    def test_a_secret_that_only_a_command_line_could_carry_is_refused(self, desk: Store, tmp_path: Path) -> None:
        url = desk.url.update_query_dict({"sslpassword": "s3cret"}).render_as_string(hide_password=False)
        with closing(connect(url)) as store, pytest.raises(SecretParameter) as refused:
            operations.backup(store, tmp_path / "copy")
        assert "s3cret" not in str(refused.value) and not (tmp_path / "copy").exists()

    def test_a_failed_program_gives_its_reason_without_the_password(
        self, desk: Store, empty: Callable[..., Settings], tmp_path: Path
    ) -> None:
        other_settings = empty(tmp_path)
        (tmp_path / "copy").write_bytes(b"PGDMP and more")
        with pytest.raises(ToolFailed, match="pg_restore không làm được") as refused:
            operations.restore(tmp_path / "copy", other_settings, None)
        assert PASSWORDS[OWNER] not in str(refused.value) and str(refused.value).count("\n") == 0

    def test_a_dump_may_take_longer_than_the_idle_transaction_timeout(
        self, desk: Store, calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slow = (tmp_path / "bin" / "pg_dump").read_text().replace("exec ", "sleep 2\nexec ")
        (tmp_path / "bin" / "pg_dump").write_text(slow)
        monkeypatch.setattr("core.store.database.connections._OPTIONS", "-c idle_in_transaction_session_timeout=1000")
        with closing(connect(desk.url.render_as_string(hide_password=False))) as impatient:
            assert operations.backup(impatient, tmp_path / "copy").rows > 0
