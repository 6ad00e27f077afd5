"""A database with another schema is upgraded only on request; everywhere else it is refused and unchanged."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.rules.words import Locale, Refusal
from core.settings import sqlite_url
from core.store import migrate
from core.store.database.database_url import NoDatabase
from core.store.engine import Store, connect
from core.store.migrate import (
    TRIAL_REVISIONS,
    DatabaseFromLater,
    DatabaseOlder,
    Migration,
    TrialDatabase,
    is_older,
    open_database,
)
from core.store.postgresql.grants import NeedsOwner
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
from tests.serving.databases import APPLICATION, Cluster, owner_url

__all__ = ["planted_folder", "planted_schemas"]


@pytest.fixture
def older(database_url: str, open_store: Callable[[str], Store], planted_schemas: None) -> Store:
    """A database at EARLIER, opened by the owner of its tables."""
    store = open_store(owner_url(database_url))
    set_revision(store, EARLIER)
    return store


def url_of(store: Store) -> str:
    return store.url.render_as_string(hide_password=False)


def upgraded(url: str, *, create: bool = False) -> list[Migration]:
    """The calls of `on_migration` while the database is opened."""
    listened_calls: list[Migration] = []
    open_database(url, create=create, on_migration=listened_calls.append).close()
    return listened_calls


class TestOlder:
    def test_is_refused_unchanged_by_a_caller_that_does_not_upgrade(self, older: Store) -> None:
        with pytest.raises(DatabaseOlder, match=rf"ở bản {EARLIER}, cũ hơn chương trình; .*python -m core migrate"):
            open_database(url_of(older))
        assert made(older) == (EARLIER, 0)

    def test_is_upgraded_once_and_reported(self, older: Store) -> None:
        assert upgraded(url_of(older)) == [Migration(EARLIER, NEWEST)]
        assert upgraded(url_of(older)) == []
        assert made(older) == (NEWEST, 1)
        open_database(url_of(older)).close()

    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    def test_is_its_owner_s_to_upgrade(self, older: Store, database_url: str) -> None:
        says = f"python -m core grants {APPLICATION} với DATABASE_URL của chủ sở hữu"
        with pytest.raises(NeedsOwner, match=says):
            open_database(database_url)
        with pytest.raises(NeedsOwner, match=says):
            upgraded(database_url)
        assert made(older) == (EARLIER, 0)


@pytest.mark.parametrize("revision, refusal", [(LATER, DatabaseFromLater), (TRIAL, TrialDatabase)])
@pytest.mark.parametrize("opening", [open_database, upgraded, lambda url: upgraded(url, create=True)])
def test_later_and_trial_are_refused_by_everybody(
    older: Store, opening: Callable[[str], object], revision: str, refusal: type[Refusal]
) -> None:
    set_revision(older, revision)
    with pytest.raises(refusal, match=revision) as refused:
        opening(url_of(older))
    assert "\n" not in str(refused.value)
    assert made(older) == (revision, 0)


def test_trial_revisions_are_those_below_the_newest_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the newest revision of the code is a trial revision, it is upgraded like any other."""
    monkeypatch.setattr(migrate, "TRIAL_REVISIONS", frozenset())
    real = str(migrate.scripts().get_current_head())
    earlier = [script.revision for script in migrate.scripts().walk_revisions() if script.revision != real]
    monkeypatch.setattr(migrate, "TRIAL_REVISIONS", frozenset({real, *earlier}))
    assert not is_older(real) and all(is_older(each) for each in earlier)
    assert {"0001", "0002", "0003", "0004", "0005"} == TRIAL_REVISIONS


class TestEmpty:
    def test_is_created_and_reported(self, tmp_path: Path, planted_schemas: None) -> None:
        url = sqlite_url(tmp_path / "new.db")
        assert upgraded(url, create=True) == [Migration(None, NEWEST)]
        assert upgraded(url, create=True) == []

    @pytest.mark.parametrize("opening", [open_database, upgraded])
    def test_is_created_by_no_other_caller(self, tmp_path: Path, opening: Callable[[str], object]) -> None:
        with pytest.raises(NoDatabase):
            opening(sqlite_url(tmp_path / "new.db"))
        assert list(tmp_path.iterdir()) == []

    def test_is_created_on_postgresql_only_by_an_explicit_caller(self, cluster: Cluster) -> None:
        cluster.sql("create database without_tables")
        try:
            for opening in (open_database, upgraded):
                with pytest.raises(NoDatabase, match="without_tables"):
                    opening(cluster.url("without_tables"))
        finally:
            cluster.sql("drop database without_tables")

    def test_is_created_only_for_a_caller_with_a_callback(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="is told"):
            open_database(sqlite_url(tmp_path / "new.db"), create=True)
        assert list(tmp_path.iterdir()) == []


def test_what_was_done_is_one_sentence() -> None:
    assert Migration(None, "v1").sentence.localize(Locale()) == "Đã tạo cơ sở dữ liệu bản v1."
    assert Migration("v1", "v2").sentence.localize(Locale()) == "Đã nâng cơ sở dữ liệu từ bản v1 lên bản v2."


_START = """
import sys
from pathlib import Path
from core.store import migrate
migrate.MIGRATIONS = Path(sys.argv[2])
sys.stdin.readline()
migrate.open_database(sys.argv[1], create=True, on_migration=print).close()
"""


@pytest.mark.parametrize("empty", [True, False], ids=["empty", "older"])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_processes_that_start_at_once_one_upgrades_and_reports_it(
    request: pytest.FixtureRequest, tmp_path: Path, planted_folder: Path, kind: str, *, empty: bool
) -> None:
    if empty and kind == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        cluster.sql("create database started_at_once_and_told")
        url = cluster.url("started_at_once_and_told")
    else:
        url = sqlite_url(tmp_path / "new.db") if empty else owner_url(request.getfixturevalue(f"{kind}_url"))
    store = connect(url)
    if not empty:
        set_revision(store, EARLIER)
    command = [sys.executable, "-c", _START, url, str(planted_folder)]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("now\n")
        process.stdin.flush()
    ended = [process.communicate(timeout=60) for process in started]
    assert [wrong for _, wrong in ended if wrong] == []
    assert sorted(out for out, _ in ended if out) == [f"{Migration(None if empty else EARLIER, NEWEST)}\n"]
    assert made(store) == (NEWEST, 1)
    store.close()
