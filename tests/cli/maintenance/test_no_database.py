"""A forgotten DATA_DIR: one line says where the database was looked for, and no file is created there."""

from contextlib import closing
from pathlib import Path

import pytest

from core import cli
from core.settings import sqlite_url
from core.store.engine import connect
from tests.cli.commands import SON_LA, Commands, core
from tests.serving.databases import APPLICATION, Cluster

__all__ = ["core"]
ON_A_DATABASE = [
    ("account", "list"),
    ("account", "add", "gk.lan", "--name", "Lan", "--roles", "judge"),
    ("account", "password", "gk.lan"),
    ("verify",),
    ("verify", "--head", "00ff" * 16),
    ("backup", "{folder}/copy"),
    ("award",),
    ("export", "--out", "{folder}/out"),
    ("import", SON_LA, "--videos", "{folder}"),
    ("migrate",),
]


@pytest.mark.parametrize("words", ON_A_DATABASE, ids=" ".join)
def test_is_reported_with_its_location_and_nothing_is_created(
    core: Commands, tmp_path: Path, words: tuple[str, ...]
) -> None:
    nowhere = tmp_path / "quên" / "var"
    status, out, err = core(*(word.format(folder=tmp_path) for word in words), DATA_DIR=str(nowhere))
    assert (status, out, err.count("\n")) == (cli.REFUSED, "", 1)
    assert f"Không có cơ sở dữ liệu nào của bàn chấm ở {nowhere / 'desk.db'}" in err and "DATA_DIR" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", ON_A_DATABASE[:1] + ON_A_DATABASE[3:4], ids=" ".join)
def test_an_empty_file_is_not_a_database_and_stays_empty(
    core: Commands, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "desk.db").touch()
    status, out, err = core(*words, DATA_DIR=str(tmp_path))
    assert (status, out) == (cli.REFUSED, "") and str(tmp_path / "desk.db") in err
    assert [(path.name, path.stat().st_size) for path in tmp_path.iterdir()] == [("desk.db", 0)]


def test_the_database_of_another_program_does_not_get_our_tables(core: Commands, tmp_path: Path) -> None:
    with closing(connect(sqlite_url(tmp_path / "desk.db"))) as store, store.migrating() as connection:
        connection.exec_driver_sql("create table theirs (a int)")
    status, _, err = core("verify", DATA_DIR=str(tmp_path))
    assert status == cli.REFUSED and "Không có cơ sở dữ liệu nào của bàn chấm" in err
    with closing(connect(sqlite_url(tmp_path / "desk.db"))) as store, store.read() as connection:
        assert connection.exec_driver_sql("select name from sqlite_master").scalars().all() == ["theirs"]


def test_on_postgresql_the_database_is_named_without_its_password(
    core: Commands, cluster: Cluster, tmp_path: Path
) -> None:
    cluster.sql("create database empty_of_tables")
    try:
        url = cluster.url("empty_of_tables", APPLICATION)
        status, out, err = core("account", "list", DATABASE_URL=url, DATA_DIR=str(tmp_path / "var"))
        assert (status, out, err.count("\n")) == (cli.REFUSED, "", 1)
        assert (
            f"empty_of_tables ({cluster.directory}:{cluster.port})" in err and cluster.passwords[APPLICATION] not in err
        )
        with closing(connect(url)) as store, store.read() as connection:
            assert (
                connection.exec_driver_sql("select count(*) from pg_tables where schemaname = 'public'").scalar() == 0
            )
    finally:
        cluster.sql("drop database empty_of_tables with (force)")
    assert list(tmp_path.iterdir()) == []


def test_init_and_demo_make_one_and_the_others_find_it(core: Commands, tmp_path: Path) -> None:
    core.environment = {"DATA_DIR": str(tmp_path / "var")}
    assert core("init", "--contest", SON_LA)[0] == cli.DONE
    assert core("account", "list") == (cli.DONE, "", "")
    assert core("verify")[0] == cli.DONE
