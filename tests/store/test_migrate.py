"""The tables come from the migrations only, and are those that the code expects."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from core.settings import sqlite_url
from core.store import tables
from core.store.engine import Store, connect
from core.store.migrate import DatabaseFromLater, migrate, revision
from tests.serving.databases import Cluster, owner_transaction

CHECKS = {
    "ck_contest_one", "ck_health_check_one", "ck_sheet_state", "ck_mark_not_negative",
    "ck_decision_kind", "ck_ledger_chain", "ck_job_state", "ck_job_progress",
    "ck_submission_state", "ck_screening_verdict_verdict", "ck_entry_door_one", "ck_finals_draw_one",
    "ck_finalist_change_kind", "ck_finalist_change_outcome", "ck_retraction_outcome",
    "ck_author_match_ground", "ck_author_match_one_side", "ck_match_decision_one_side", "ck_match_decision_outcome",
    "ck_upload_kept_bytes", "ck_upload_state",
    "ck_film_copy_kind",
    "ck_reading_review_verdict",
    "ck_film_pair_finding", "ck_film_pair_decision_verdict",
}  # fmt: skip


def test_the_migrated_tables_are_those_the_code_names(store: Store) -> None:
    with store.read() as connection:
        differing = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True}),
            tables.metadata,
        )
        inspector = sa.inspect(connection)
        checks = [
            check["name"] for name in inspector.get_table_names() for check in inspector.get_check_constraints(name)
        ]
    assert differing == []
    assert sorted(filter(None, checks)) == sorted(CHECKS)


def test_the_migrated_sqlite_file_is_word_for_word_what_the_code_describes(sqlite_store: Store) -> None:
    query = "select name, sql from sqlite_master where type in ('table', 'index') and name not like '%alembic%'"
    plain = sa.create_engine("sqlite://")
    with plain.begin() as described, sqlite_store.read() as migrated:
        tables.metadata.create_all(described)
        assert dict(described.exec_driver_sql(query).all()) == dict(migrated.exec_driver_sql(query).all())
    plain.dispose()


def test_every_table_on_sqlite_is_strict(sqlite_store: Store) -> None:
    with sqlite_store.migrating() as connection:
        lax = connection.exec_driver_sql(
            "select name from pragma_table_list where schema = 'main' and type = 'table' and not strict"
        ).scalars()
        assert {name for name in lax if not name.startswith("sqlite_")} == {"alembic_version"}


def test_migrating_again_changes_nothing(store: Store) -> None:
    with store.read() as connection:
        before = revision(connection)
    migrate(store)
    with store.read() as connection:
        assert before is not None
        assert revision(connection) == before


def test_a_database_of_a_later_release_is_refused(store: Store) -> None:
    with owner_transaction(store) as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    with pytest.raises(DatabaseFromLater, match="9999"):
        migrate(store)


_START = """
import sys
from core.store.engine import connect
from core.store.migrate import migrate
store = connect(sys.argv[1])
sys.stdin.readline()
migrate(store)
store.close()
"""


def _start_together(url: str, processes: int = 4) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", _START, url], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("now\n")
        process.stdin.flush()
    for process in started:
        _, wrong = process.communicate(timeout=60)
        assert process.returncode == 0, wrong


def test_processes_that_start_at_once_migrate_once_on_sqlite(
    tmp_path: Path, open_store: Callable[[str], Store]
) -> None:
    url = sqlite_url(tmp_path / "new.db")
    _start_together(url)
    with open_store(url).read() as connection:
        assert connection.exec_driver_sql("select count(*) from alembic_version").scalar() == 1


def test_processes_that_start_at_once_migrate_once_on_postgresql(
    cluster: Cluster, open_store: Callable[[str], Store]
) -> None:
    cluster.sql("create database started_at_once")
    _start_together(cluster.url("started_at_once"))
    with open_store(cluster.url("started_at_once")).read() as connection:
        assert connection.exec_driver_sql("select count(*) from alembic_version").scalar() == 1


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = connect(sqlite_url(tmp_path / "new.db"))
    monkeypatch.setattr("alembic.op.execute", lambda _statement: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        migrate(store)
    with store.read() as connection:
        assert sa.inspect(connection).get_table_names() == []
    store.close()
