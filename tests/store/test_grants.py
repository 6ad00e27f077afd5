"""SECURITY T12: the role that serves the desk may do what the desk does, and PostgreSQL itself refuses it anything more."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
import sqlalchemy as sa

from core import cli
from core.desk import judging
from core.desk.judging import Change
from core.settings import read
from core.store import tables
from core.store.engine import Store, connect
from core.store.grants import DEEDS, NeedsOwner
from core.store.migrate import migrate
from tests.databases import APPLICATION, OWNER, Cluster, owners, owning
from tests.desk.a_panel import CODES, LAN, NOW, seated
from tests.servers import DidNotStart, serving
from tests.store.test_migrate import EARLIER

Said = pytest.CaptureFixture[str]
Bare = psycopg.Connection[tuple[object, ...]]
PROVINCE, DESK = "province", 'a "desk"; 50% mine'  # who owns a contest's database, and who is to serve it


def granted(url: str, role: str) -> int:
    """`python -m core grants ROLE` with this DATABASE_URL."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.cli.grants.settings", lambda: read({"DATABASE_URL": url}))
        return cli.main(["grants", role])


def test_every_table_says_what_is_done_to_it() -> None:
    assert set(DEEDS) == {*tables.metadata.tables, "alembic_version"}
    for name, table in tables.metadata.tables.items():
        assert set(DEEDS[name].change.split()) <= {c.name for c in table.c} - {c.name for c in table.primary_key}


@pytest.fixture(scope="module")
def contest(cluster: Cluster) -> str:
    """A contest with a sealed sheet, in a database whose owner has granted it, granted far too much, and granted it again."""
    cluster.sql(f"create role {PROVINCE} login")
    cluster.sql('create role "a ""desk""; 50% mine" login')
    cluster.sql(f"create database granted owner {PROVINCE}")
    assert granted(cluster.url("granted", PROVINCE), DESK) == cli.DONE
    with closing(connect(cluster.url("granted", quote(DESK, safe="")))) as store:
        seated(store)
        judging.save(store, LAN, CODES[0], Change({"ND": "38,5", "ST": "17"}), 0, NOW)
        judging.submit(store, LAN, CODES[0], 1, "k" * 16, NOW)
    with psycopg.connect(f"host={cluster.directory} user={PROVINCE} dbname=granted") as owner:
        owner.execute('grant all on all tables in schema public to "a ""desk""; 50% mine" with grant option')
        owner.execute("grant all on all tables in schema public to public")
        owner.execute("grant all on all sequences in schema public to public")
        owner.execute("grant all on schema public to public")
        owner.execute("grant all on database granted to public")
    assert granted(cluster.url("granted", PROVINCE), DESK) == cli.DONE
    return "granted"


@pytest.fixture
def desk(cluster: Cluster, contest: str) -> Iterator[Bare]:
    """A bare connection of the role that serves the desk: nothing of ours stands between it and the database."""
    with psycopg.connect(host=str(cluster.directory), user=DESK, dbname=contest) as connection:
        yield connection
        connection.rollback()


EVIDENCE = {"ledger": "payload", "sheet_revision": "marks", "award_table": "document"}
TO_EVIDENCE = [
    "update {table} set {column} = 'x'",
    "delete from {table}",
    "truncate {table}",
    "alter table {table} disable trigger all",
    "alter table {table} rename to mine",
    "alter table {table} owner to current_user",
    "drop trigger {table}_no_change on {table}",
    "drop table {table} cascade",
    "create trigger mine before insert on {table} for each row execute function refuse_change()",
    "create rule mine as on insert to {table} do instead nothing",
    "create index on {table} ({column})",
    "lock table {table} in exclusive mode",
]
BEYOND_THE_DESK = [
    "set session_replication_role = replica",
    "set role province",
    "create table mine (a int)",
    "create temporary table ledger (a int)",  # found before the true one by the ledger's own trigger
    "create schema mine",
    "create function mine() returns int language sql as 'select 1'",
    "create or replace function ledger_follows() returns trigger language plpgsql as 'begin return new; end'",
    "drop function refuse_change() cascade",
    "drop schema public cascade",
    "select setval('account_id_seq', 1)",
    "insert into ledger select * from ledger on conflict (seq) do update set payload = 'x'",
    "update contest set toml = 'x'",
    "delete from contest",
    "update account set username = 'x'",
    "delete from account",
    "update entry set code = 'x'",
    "delete from sheet",
    "update mark set hundredths = 1",
    "update recusal set reason = 'x'",
    "delete from recusal",
    "update reading set reactions = 1",
    "delete from reading",
    "update decision set prize = 'x'",
    "delete from decision",
    "delete from interactions_freeze",
    "update auth_session set account_id = 1",
    "update alembic_version set version_num = '0'",
]


@pytest.mark.parametrize("table", EVIDENCE)
@pytest.mark.parametrize("statement", TO_EVIDENCE)
def test_evidence_is_read_and_added_to(desk: Bare, statement: str, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        desk.execute(statement.format(table=table, column=EVIDENCE[table]).encode())


@pytest.mark.parametrize("statement", BEYOND_THE_DESK)
def test_what_the_desk_does_not_do_is_refused(desk: Bare, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        desk.execute(statement.encode())


class TestTheCommand:
    def refused(self, capsys: Said, url: str, role: str, said: str) -> None:
        assert granted(url, role) == cli.REFUSED
        out, told = capsys.readouterr()
        assert (out, told.count("\n")) == ("", 1) and said in told

    def test_says_in_one_line_what_it_did(self, cluster: Cluster, contest: str, capsys: Said) -> None:
        assert granted(cluster.url(contest, PROVINCE), DESK) == cli.DONE
        out, told = capsys.readouterr()
        assert (out.count("\n"), told) == (1, "") and f"Vai trò {DESK} nay có đúng" in out

    def test_needs_a_role(self) -> None:
        assert cli.main(["grants"]) == cli.USAGE

    def test_sqlite_has_owners_of_files_instead(self, tmp_path: Path, capsys: Said) -> None:
        self.refused(capsys, f"sqlite:///{tmp_path / 'desk.db'}", DESK, "SQLite không có vai trò")
        assert list(tmp_path.iterdir()) == []

    def test_a_role_must_exist(self, cluster: Cluster, contest: str, capsys: Said) -> None:
        self.refused(capsys, cluster.url(contest, PROVINCE), "public", "PostgreSQL không có vai trò public")

    @pytest.mark.parametrize("role", [PROVINCE, OWNER, "of_the_province", "maker_of_roles"])
    def test_who_owns_or_may_come_to_is_bound_by_nothing(
        self, cluster: Cluster, contest: str, capsys: Said, role: str
    ) -> None:
        if role not in (PROVINCE, OWNER):
            right = f"noinherit in role {PROVINCE}" if role == "of_the_province" else "createrole"
            cluster.sql(f"create role {role} login {right}")
        self.refused(capsys, cluster.url(contest, PROVINCE), role, f"Vai trò {role} là chủ sở hữu")

    def test_only_the_owner_grants(self, cluster: Cluster, contest: str, capsys: Said) -> None:
        url = cluster.url(contest, quote(DESK, safe=""))
        self.refused(capsys, url, DESK, "đang kết nối không sở hữu các bảng")

    def test_what_a_group_lets_it_do_besides_is_named_and_nothing_changes(
        self, cluster: Cluster, contest: str, capsys: Said
    ) -> None:
        cluster.sql("create role writer login noinherit in role pg_write_all_data")
        self.refused(capsys, cluster.url(contest, PROVINCE), "writer", "vẫn còn quyền DELETE ON account ")
        with closing(connect(cluster.url(contest))) as store, store.read() as connection:
            asked = sa.text("select has_table_privilege('writer', 'ledger', 'SELECT')")
            assert connection.execute(asked).scalar_one() is False


class TestStarting:
    """As the role that owns nothing: at the newest revision the desk serves; else it says who must do what."""

    @pytest.fixture
    def store(self, postgresql_url: str, open_store: Callable[[str], Store]) -> Store:
        return open_store(postgresql_url)

    def test_a_pending_migration_is_the_owners(self, store: Store, postgresql_url: str, tmp_path: Path) -> None:
        with owning(store) as connection:
            for statement in EARLIER[:3]:
                connection.exec_driver_sql(statement)
        says = f"python -m core grants {APPLICATION} với DATABASE_URL của chủ sở hữu"
        with pytest.raises(NeedsOwner, match=says):
            migrate(store)
        with pytest.raises(DidNotStart, match=says), serving(tmp_path, postgresql_url):
            pass
        assert granted(owners(postgresql_url), APPLICATION) == cli.DONE
        migrate(store)

    @pytest.mark.parametrize(
        "lost", ["insert on note", "update (version) on sheet", "all on all tables in schema public"]
    )
    def test_a_right_that_is_missing_is_missed_now_and_not_in_the_evening(self, store: Store, lost: str) -> None:
        migrate(store)
        with owning(store) as connection:
            connection.exec_driver_sql(f"revoke {lost} from {APPLICATION}")
        with pytest.raises(NeedsOwner):
            migrate(store)
