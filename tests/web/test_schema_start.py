"""The server creates or upgrades its database with one log line, and does not start on one that it cannot use."""

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.desk import context
from core.settings import read, sqlite_url
from core.store import migrate
from core.store.engine import Store
from core.store.migrate import DatabaseFromLater, TrialDatabase
from core.web.application import Application
from tests.fixtures.planted_schemas import (
    EARLIER,
    LATER,
    NEWEST,
    TRIAL,
    made,
    planted_folder,
    planted_schemas,
    set_file_revision,
    set_revision,
)
from tests.serving.servers import serving
from tests.web.test_start import start_refusal

__all__ = ["planted_folder", "planted_schemas"]
LINE = "INFO judging-desk.database: database created at schema"


def test_a_new_database_is_logged_once(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.stop()
        server.start()
        lines = [line for line in server.output().splitlines() if "judging-desk.database" in line]
    assert len(lines) == 1
    assert lines[0].endswith(f"{LINE} {migrate.scripts().get_current_head()}")


def test_one_of_a_later_release_is_refused_in_one_line_and_left_as_it_is(tmp_path: Path) -> None:
    migrate.open_database(sqlite_url(tmp_path / "desk.db"), create=True, on_migration=lambda _: None).close()
    set_file_revision(tmp_path / "desk.db", LATER)
    assert start_refusal(tmp_path, {}).startswith(f"Cơ sở dữ liệu đã ở bản {LATER}, mới hơn chương trình này.")
    with closing(sqlite3.connect(tmp_path / "desk.db")) as connection:
        assert connection.execute("select version_num from alembic_version").fetchall() == [(LATER,)]


class TestCheck:
    """`Application.check`, which runs before the server listens."""

    @pytest.fixture
    def check(self, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], None]:
        settings = read({"DATA_DIR": str(tmp_path / "var"), "DATABASE_URL": sqlite_url})

        def start() -> None:
            monkeypatch.setattr(context, "_stores", [])
            monkeypatch.setattr(context, "settings", lambda: settings)
            Application(settings, "127.0.0.1", 8501, frozenset({"/"}), "").check()
            context._stores[0].close()

        return start

    def test_upgrades_an_older_database_and_logs_it_once(
        self,
        check: Callable[[], None],
        sqlite_store: Store,
        planted_schemas: None,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        set_revision(sqlite_store, EARLIER)
        with caplog.at_level(logging.INFO, "judging-desk"):
            check()
            check()
        lines = [each.getMessage() for each in caplog.records if each.name == "judging-desk.database"]
        assert lines == [f"database upgraded from schema {EARLIER} to {NEWEST}"]
        assert made(sqlite_store) == (NEWEST, 1)

    @pytest.mark.parametrize("revision, refusal", [(LATER, DatabaseFromLater), (TRIAL, TrialDatabase)])
    def test_refuses_later_and_trial(
        self,
        check: Callable[[], None],
        sqlite_store: Store,
        planted_schemas: None,
        revision: str,
        refusal: type[Exception],
    ) -> None:
        set_revision(sqlite_store, revision)
        with pytest.raises(refusal, match=revision):
            check()
        assert made(sqlite_store) == (revision, 0)
