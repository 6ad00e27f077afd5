"""Some commands upgrade a database and say so. Every other refuses another schema in one line and changes nothing."""

import argparse
from contextlib import closing
from pathlib import Path

import pytest

from core import cli
from core.desk.demo import build
from core.settings import sqlite_url
from core.store.engine import connect
from tests.cli.commands import SON_LA, Commands, core
from tests.fixtures.planted_schemas import (
    EARLIER,
    LATER,
    NEWEST,
    TRIAL,
    dumped,
    made,
    planted_folder,
    planted_schemas,
    set_file_revision,
    set_revision,
)
from tests.serving.databases import APPLICATION, Cluster, owner_url

__all__ = ["core", "planted_folder", "planted_schemas"]
READS = [  # refuses another schema, and never upgrades
    "account list",
    "account add gk.lan --name Lan --roles judge",
    "account roles gk.lan judge",
    "account password gk.lan",
    "account link gk.lan",
    "account deactivate gk.lan",
    "account reactivate gk.lan",
    f"import {SON_LA} --videos {{folder}}",
    "award",
    "evidence {folder}/bundle",
    "export --out {folder}/made",
    "verify",
    "verify --head " + "00ff" * 16,
    "backup {folder}/made",
    "erase account gk.lan --yes",
    "erase entry T-101 --yes",
    "work",
]
UPGRADES = [f"init --contest {SON_LA}", "demo --if-missing", "migrate"]
GOLDEN = "tests/golden/thang-10/scores.csv"
WITHOUT_DATABASE = [
    f"rank --contest data/contests/thang-10.toml --scores {GOLDEN}",
    f"inspect --contest {SON_LA} {GOLDEN}",
]
ELSEWHERE = {"restore", "grants"}  # tests.store.test_restore_schemas, and below: PostgreSQL has roles, SQLite has none
LATER_SAYS = f"Cơ sở dữ liệu đã ở bản {LATER}, mới hơn chương trình này."
TRIAL_SAYS = f"Cơ sở dữ liệu ở bản {TRIAL} là của bản thử nghiệm trước phiên bản 1"
OLDER_SAYS = f"Cơ sở dữ liệu ở bản {EARLIER}, cũ hơn chương trình; hãy chạy python -m core migrate"
UPGRADED = f"Đã nâng cơ sở dữ liệu từ bản {EARLIER} lên bản {NEWEST}.\n"
CREATED = f"Đã tạo cơ sở dữ liệu bản {NEWEST}.\n"


def test_every_command_is_in_one_of_the_lists() -> None:
    """A new command must be added to the list it belongs to, and is then tested."""
    lists = [{words.split()[0] for words in each} for each in (READS, UPGRADES, WITHOUT_DATABASE)] + [ELSEWHERE]
    assert sorted(name for each in lists for name in each) == sorted(cli.MODULES)


def test_every_action_of_account_is_in_the_list() -> None:
    parser = argparse.ArgumentParser()
    cli.command("account").add(parser, str)
    (acts,) = (each.choices for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    assert {words.split()[1] for words in READS if words.startswith("account")} == set(acts)


@pytest.fixture
def database(core: Commands, tmp_path: Path, planted_schemas: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The SQLite file of a contest, at NEWEST."""
    core("init", "--contest", SON_LA)
    monkeypatch.setattr(build, "missing", lambda *_: False)  # what `demo` builds is tested elsewhere
    return tmp_path / "var" / "desk.db"


def typed(core: Commands, words: str, folder: Path, **variables: str) -> tuple[int, str, str]:
    return core(*(word.format(folder=folder) for word in words.split()), **variables)


def refused_unchanged(core: Commands, words: str, folder: Path, database: Path, says: str) -> None:
    before = dumped(database)
    status, out, err = typed(core, words, folder)
    assert (status, out, err.count("\n")) == (cli.REFUSED, "", 1)
    assert err.startswith(says)
    assert dumped(database) == before
    assert sorted(path.name for path in folder.iterdir()) == ["var"]


@pytest.mark.parametrize("words", READS)
def test_an_older_database_is_refused(core: Commands, database: Path, tmp_path: Path, words: str) -> None:
    set_file_revision(database, EARLIER)
    refused_unchanged(core, words, tmp_path, database, OLDER_SAYS)


@pytest.mark.parametrize("revision, says", [(LATER, LATER_SAYS), (TRIAL, TRIAL_SAYS)], ids=["later", "trial"])
@pytest.mark.parametrize("words", [*READS, *UPGRADES])
def test_one_of_a_later_release_or_a_trial_is_refused_by_all(
    core: Commands, database: Path, tmp_path: Path, words: str, revision: str, says: str
) -> None:
    set_file_revision(database, revision)
    refused_unchanged(core, words, tmp_path, database, says)


@pytest.mark.parametrize("words", UPGRADES)
def test_a_command_that_upgrades_reports_it_once(core: Commands, database: Path, tmp_path: Path, words: str) -> None:
    set_file_revision(database, EARLIER)
    assert typed(core, words, tmp_path)[1].startswith(UPGRADED)
    with closing(connect(sqlite_url(database))) as store:
        assert made(store) == (NEWEST, 2)  # the first time when the database was made
    before = dumped(database)
    _, out, err = typed(core, words, tmp_path)
    assert "Đã nâng" not in out + err and dumped(database) == before
    assert typed(core, "verify", tmp_path)[0] == cli.DONE


@pytest.mark.parametrize("words", UPGRADES[:2])
def test_a_command_that_creates_a_database_reports_it(
    core: Commands, tmp_path: Path, planted_schemas: None, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setattr(build, "missing", lambda *_: False)
    status, out, _ = typed(core, words, tmp_path)
    assert status == cli.DONE and out.startswith(CREATED)


def test_migrate_says_that_nothing_was_left_to_do(core: Commands, database: Path, tmp_path: Path) -> None:
    text = "Cơ sở dữ liệu đã ở đúng bản của chương trình; không có gì phải nâng.\n"
    assert typed(core, "migrate", tmp_path) == (cli.DONE, text, "")
    set_file_revision(database, EARLIER)
    assert typed(core, "migrate", tmp_path) == (cli.DONE, UPGRADED, "")


@pytest.mark.parametrize("revision", [EARLIER, LATER, TRIAL])
@pytest.mark.parametrize("words", WITHOUT_DATABASE)
def test_a_command_that_needs_no_database_opens_none(
    core: Commands, database: Path, tmp_path: Path, words: str, revision: str
) -> None:
    at_newest = typed(core, words, tmp_path)
    set_file_revision(database, revision)
    before = dumped(database)
    assert typed(core, words, tmp_path) == at_newest
    assert dumped(database) == before


class TestPostgreSQL:
    """The role that serves the desk owns no tables: the owner upgrades with `grants` or `migrate`."""

    @pytest.fixture
    def url(self, cluster: Cluster, postgresql_url: str, planted_schemas: None) -> str:
        """The URL of a database at EARLIER for the role that serves the desk."""
        with closing(connect(owner_url(postgresql_url))) as store:
            set_revision(store, EARLIER)
        return postgresql_url

    @staticmethod
    def made(url: str) -> tuple[str | None, int]:
        with closing(connect(owner_url(url))) as store:
            return made(store)

    @pytest.mark.parametrize("words", ["verify", "account list", "migrate", f"init --contest {SON_LA}"])
    def test_the_serving_role_gets_a_message_that_names_who_upgrades(
        self, core: Commands, url: str, tmp_path: Path, words: str
    ) -> None:
        status, out, err = typed(core, words, tmp_path, DATABASE_URL=url)
        assert (status, out, err.count("\n")) == (cli.REFUSED, "", 1)
        assert f"python -m core grants {APPLICATION} với DATABASE_URL của chủ sở hữu" in err
        assert self.made(url) == (EARLIER, 0)

    def test_the_owner_gets_a_message_that_names_migrate(self, core: Commands, url: str, tmp_path: Path) -> None:
        status, out, err = typed(core, "verify", tmp_path, DATABASE_URL=owner_url(url))
        assert (status, out, err.count("\n")) == (cli.REFUSED, "", 1) and err.startswith(OLDER_SAYS)
        assert self.made(url) == (EARLIER, 0)

    def test_grants_upgrades_and_reports_it_once(self, core: Commands, url: str, tmp_path: Path) -> None:
        grants = f"grants {APPLICATION}"
        status, out, _ = typed(core, grants, tmp_path, DATABASE_URL=owner_url(url))
        assert status == cli.DONE and out.startswith(f"{UPGRADED}Vai trò {APPLICATION} nay có đúng")
        assert self.made(url) == (NEWEST, 1)
        status, out, _ = typed(core, grants, tmp_path, DATABASE_URL=owner_url(url))
        assert status == cli.DONE and out.startswith(f"Vai trò {APPLICATION} nay có đúng")

    def test_an_upgrade_is_reported_even_if_the_grants_are_refused(
        self, core: Commands, url: str, tmp_path: Path
    ) -> None:
        status, out, err = typed(core, "grants nobody_of_that_name", tmp_path, DATABASE_URL=owner_url(url))
        assert (status, out, err.count("\n")) == (cli.REFUSED, UPGRADED, 1)
        assert self.made(url) == (NEWEST, 1)

    def test_migrate_as_the_owner(self, core: Commands, url: str, tmp_path: Path) -> None:
        assert typed(core, "migrate", tmp_path, DATABASE_URL=owner_url(url)) == (cli.DONE, UPGRADED, "")
        assert self.made(url) == (NEWEST, 1)

    @pytest.mark.parametrize("revision, says", [(LATER, LATER_SAYS), (TRIAL, TRIAL_SAYS)], ids=["later", "trial"])
    @pytest.mark.parametrize("words", [f"grants {APPLICATION}", "migrate", "verify"])
    def test_later_and_trial_are_refused(
        self, core: Commands, url: str, tmp_path: Path, words: str, revision: str, says: str
    ) -> None:
        with closing(connect(owner_url(url))) as store:
            set_revision(store, revision)
        status, out, err = typed(core, words, tmp_path, DATABASE_URL=owner_url(url))
        assert (status, out, err.count("\n")) == (cli.REFUSED, "", 1) and err.startswith(says)
        assert self.made(url) == (revision, 0)
