"""The tables come from the migrations alone, and are those the code expects."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from core.settings import sqlite_url
from core.store import readings, tables
from core.store.circumstances import contest_row
from core.store.engine import Store, connect
from core.store.migrate import DatabaseFromLater, migrate, revision
from core.store.readings import FreezeRow
from tests.databases import Cluster, owners, owning

CHECKS = {
    "ck_contest_one", "ck_contest_secret_one", "ck_health_check_one", "ck_sheet_state", "ck_mark_not_negative",
    "ck_decision_kind",
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
    said = "select name, sql from sqlite_master where type in ('table', 'index') and name not like '%alembic%'"
    plain = sa.create_engine("sqlite://")
    with plain.begin() as described, sqlite_store.read() as migrated:
        tables.metadata.create_all(described)
        assert dict(described.exec_driver_sql(said).all()) == dict(migrated.exec_driver_sql(said).all())
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


SECOND = {  # what takes a database back to revision 0002
    "sqlite": (
        "drop table health_check", "drop table interactions_freeze", "drop table unconfirmed_account",
        "drop table contest_secret",
        "update alembic_version set version_num = '0002'",
    ),
    "postgresql": (
        "drop table health_check", "drop table interactions_freeze", "drop table unconfirmed_account",
        "drop table contest_secret",
        "drop trigger award_table_new on award_table", "drop function award_table_is_one()",
        "update alembic_version set version_num = '0002'",
    ),
}  # fmt: skip
KEEPER = "insert into account values (7, 'kenh', 'Kênh', 'x', 0, 1, 0, 0)"
OPENED = "insert into contest (id, toml, rule_card, seed, is_demo, opened_at) values (1, '', '', '', 0, 0)"


@pytest.mark.parametrize("frozen", [True, False])
def test_a_freeze_of_an_earlier_release_is_known_to_be_its_channel_keepers(
    database_url: str, open_store: Callable[[str], Store], frozen: bool
) -> None:
    """Revision 0003 takes it from the ledger, where alone it was written who froze."""
    store = open_store(owners(database_url))
    with store.migrating() as connection:
        for statement in (*SECOND[store.url.get_backend_name()], KEEPER):
            connection.exec_driver_sql(statement)
    if frozen:
        store.change(lambda unit: unit.record(at=5, actor="kenh", event="interactions.frozen", payload={}))
    migrate(store)
    with store.read() as connection:
        assert readings.freezes(connection) == ((FreezeRow("kenh", "Kênh", 5, None, None, None),) if frozen else ())


def test_a_contest_of_an_earlier_release_is_given_its_secret(
    database_url: str, open_store: Callable[[str], Store]
) -> None:
    store = open_store(owners(database_url))
    with store.migrating() as connection:
        for statement in (*SECOND[store.url.get_backend_name()], OPENED):
            connection.exec_driver_sql(statement)
    migrate(store)
    with store.read() as connection:
        row = contest_row(connection)
    assert row is not None and len(row.panel_salt) == 32


def test_a_database_of_a_later_release_is_refused(store: Store) -> None:
    with owning(store) as connection:
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
