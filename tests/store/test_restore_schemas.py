"""`restore` of a backup with another schema: an older one is restored but not verified, any other is refused without
traces.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from core.cli import DONE, REFUSED, main
from core.desk.judging import judge_sheets
from core.desk.judging.judge_sheets import Change
from core.desk.maintenance import operations
from core.desk.maintenance.operations import RestoredOlder
from core.rules.words import Refusal
from core.settings import Settings, read, sqlite_url
from core.store import backup
from core.store.backup import NotABackup
from core.store.engine import Store, connect
from core.store.migrate import DatabaseFromLater, Migration, TrialDatabase, open_database
from tests.desk.contest_with_panel import CODES, LAN, NOW, assigned_panel, film_bytes, film_of
from tests.fixtures.planted_schemas import (
    EARLIER,
    LATER,
    NEWEST,
    TRIAL,
    made,
    planted_folder,
    planted_schemas,
    set_revision,
)
from tests.serving.databases import Cluster

__all__ = ["planted_folder", "planted_schemas"]
Restore = Callable[..., int]


@pytest.fixture
def desk(store: Store, planted_schemas: None) -> Store:
    """A contest with a sealed sheet, and a film and a poster of each work; its database records revision NEWEST."""
    assigned_panel(store)
    judge_sheets.save(store, LAN, CODES[0], Change({"ND": "38,5", "ST": "17"}), 0, NOW)
    judge_sheets.submit(store, LAN, CODES[0], 1, "k" * 16, NOW)
    set_revision(store, NEWEST)
    return store


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    for code in CODES:
        (folder / film_of(code)).write_bytes(film_bytes(code))
        (folder / f"{code}.jpg").write_bytes(code.encode())
    return folder


@pytest.fixture
def backup_at(desk: Store, library: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Back up the contest as a release of that schema would have."""

    def keep(revision: str) -> Path:
        set_revision(desk, revision)
        operations.backup(desk, tmp_path / "copies" / revision, library)
        return tmp_path / "copies" / revision

    return keep


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[Settings]:
    """Settings for an empty place of the same kind."""
    other_settings = read({"DATA_DIR": str(tmp_path / "elsewhere")})
    if store.url.get_backend_name() == "sqlite":
        yield replace(other_settings, database_url=sqlite_url(tmp_path / "elsewhere" / "desk.db"))
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    cluster.sql("create database nothing_there")
    yield replace(other_settings, database_url=cluster.url("nothing_there"))
    cluster.sql("drop database nothing_there with (force)")


@pytest.fixture
def restore(elsewhere: Settings, monkeypatch: pytest.MonkeyPatch) -> Restore:
    """Run `python -m core restore …` into that place."""
    monkeypatch.setattr("core.cli.maintenance.settings", lambda: elsewhere)
    return lambda *words: main(["restore", *map(str, words)])


def left(other_settings: Settings) -> list[str]:
    """The files or tables in that place."""
    if other_settings.database_url.startswith("sqlite"):
        return [str(path) for path in other_settings.data_dir.rglob("*")] if other_settings.data_dir.exists() else []
    with closing(connect(other_settings.database_url)) as store, store.read() as connection:
        return list(connection.exec_driver_sql("select tablename from pg_tables where schemaname = 'public'").scalars())


class TestOlder:
    def test_is_restored_unchanged_and_not_verified(
        self, backup_at: Callable[[str], Path], elsewhere: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = backup_at(EARLIER)
        monkeypatch.setattr(operations, "_good", lambda *_: pytest.fail("verified by another schema's rules"))
        restored = operations.restore(file, elsewhere, None)
        assert isinstance(restored, RestoredOlder)
        assert (restored.revision, restored.films.new, restored.films.problems) == (EARLIER, 2 * len(CODES), [])
        with closing(connect(elsewhere.database_url)) as again:
            assert made(again) == (EARLIER, 0)

    def test_is_then_upgraded_and_verified_to_the_same_head(
        self, desk: Store, backup_at: Callable[[str], Path], elsewhere: Settings
    ) -> None:
        operations.restore(backup_at(EARLIER), elsewhere, None)
        other_settings: list[Migration] = []
        with closing(open_database(elsewhere.database_url, on_migration=other_settings.append)) as again:
            assert other_settings == [Migration(EARLIER, NEWEST)]
            verdict = operations.verify(again)
        assert verdict.good and verdict.heads == operations.verify(desk).heads

    def test_prints_the_next_step_in_one_line(
        self, backup_at: Callable[[str], Path], restore: Restore, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = backup_at(EARLIER)
        assert restore(file) == DONE
        line, films = capsys.readouterr().out.splitlines()
        assert line == (
            f"Đã khôi phục, chưa kiểm tra: cơ sở dữ liệu ở bản {EARLIER}, cũ hơn chương trình; "
            "hãy chạy python -m core migrate, rồi python -m core verify."
        )
        assert films.startswith(f"Phim và ảnh bìa: {2 * len(CODES)} tệp")

    def test_a_requested_hash_is_left_to_verify(
        self, backup_at: Callable[[str], Path], restore: Restore, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert restore(backup_at(EARLIER), "--head", "#3 · 0000-0000-0000-0000") == DONE
        assert "rồi python -m core verify --head '#3 · 0000-0000-0000-0000'." in capsys.readouterr().out

    def test_a_missing_film_is_named_and_nothing_is_reported_as_verified(
        self, backup_at: Callable[[str], Path], restore: Restore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = backup_at(EARLIER)
        (tmp_path / "copies" / "backup-films" / film_of("T-202")).unlink()
        assert restore(file) == REFUSED
        captured = capsys.readouterr()
        assert "T-202" in captured.out and "chưa kiểm tra" in captured.out
        assert captured.err == "Có 1 tệp phim hoặc ảnh bìa bị thiếu hoặc hỏng.\n"


@pytest.mark.parametrize("revision, refusal", [(LATER, DatabaseFromLater), (TRIAL, TrialDatabase)])
def test_later_and_trial_are_refused_in_one_line_and_leave_nothing(
    backup_at: Callable[[str], Path],
    restore: Restore,
    elsewhere: Settings,
    capsys: pytest.CaptureFixture[str],
    revision: str,
    refusal: type[Refusal],
) -> None:
    file = backup_at(revision)
    with pytest.raises(refusal, match=revision):
        operations.restore(file, elsewhere, None)
    assert restore(file) == REFUSED
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1) and revision in captured.err
    assert left(elsewhere) == []
    assert restore(backup_at(NEWEST)) == DONE  # nothing is in the way


def test_this_release_s_own_is_verified_as_before(
    backup_at: Callable[[str], Path], restore: Restore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert restore(backup_at(NEWEST)) == DONE
    assert "Đã khôi phục và kiểm tra" in capsys.readouterr().out


def test_the_database_of_another_program_is_not_a_backup_and_leaves_nothing(
    desk: Store, elsewhere: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    file = tmp_path / "theirs"
    if desk.url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(file)) as theirs:
            theirs.execute("create table theirs (a int)")
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        cluster.sql("create database of_somebody_else")
        with cluster.connection(database="of_somebody_else") as theirs_too:
            theirs_too.execute("create table theirs (a int)")
        url = connect(cluster.url("of_somebody_else"))
        backup._postgresql(url.url, "pg_dump", "--format=custom", f"--file={file}")
        url.close()
        cluster.sql("drop database of_somebody_else")
    with pytest.raises(NotABackup):
        operations.restore(file, elsewhere, None)
    assert left(elsewhere) == []


def test_the_file_is_only_read(backup_at: Callable[[str], Path], elsewhere: Settings, tmp_path: Path) -> None:
    for revision in (LATER, EARLIER):
        file = backup_at(revision)
        before, beside = file.read_bytes(), sorted(path.name for path in file.parent.iterdir())
        file.chmod(0o400)
        if revision == LATER:
            with pytest.raises(DatabaseFromLater):
                operations.restore(file, elsewhere, None)
        else:
            operations.restore(file, elsewhere, None)
        assert file.read_bytes() == before
        assert sorted(path.name for path in file.parent.iterdir()) == beside
