"""docs/security.md, Grants: the serving role may do what the desk does, and PostgreSQL itself refuses it anything
else.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from core import cli
from core.desk.judging import judge_sheets
from core.desk.judging.judge_sheets import Change
from core.settings import read, sqlite_url
from core.store import tables
from core.store.engine import Store, connect
from core.store.migrate import migrate
from core.store.postgresql.grants import TABLE_PRIVILEGES, NeedsOwner
from tests.desk.contest_with_panel import CODES, LAN, NOW, assigned_panel
from tests.serving.databases import APPLICATION, OWNER, Cluster, owner_transaction, owner_url
from tests.serving.servers import DidNotStart, serving

EMPTIED = ("drop schema public cascade", "create schema public")
Captured = pytest.CaptureFixture[str]
Bare = psycopg.Connection[tuple[object, ...]]
PROVINCE, DESK = "province", 'a "desk"; 50% mine'  # the owner of a contest's database, and the role that serves it


def granted(url: str, role: str) -> int:
    """Run `python -m core grants ROLE` with this DATABASE_URL."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.cli.grants.settings", lambda: read({"DATABASE_URL": url}))
        return cli.main(["grants", role])


def test_every_table_declares_its_privileges() -> None:
    assert set(TABLE_PRIVILEGES) == {*tables.metadata.tables, "alembic_version"}
    for name, table in tables.metadata.tables.items():
        assert set(TABLE_PRIVILEGES[name].change.split()) <= {c.name for c in table.c} - {
            c.name for c in table.primary_key
        }


@pytest.fixture(scope="module")
def contest(cluster: Cluster) -> str:
    """A contest with a sealed sheet, in a database that its owner has granted, granted far too widely, and granted
    again.
    """
    cluster.role(PROVINCE)
    cluster.role(DESK)
    cluster.sql(f"create database granted owner {PROVINCE}")
    assert granted(cluster.url("granted", PROVINCE), DESK) == cli.DONE
    with closing(connect(cluster.url("granted", DESK))) as store:
        assigned_panel(store)
        judge_sheets.save(store, LAN, CODES[0], Change({"ND": "38,5", "ST": "17"}), 0, NOW)
        judge_sheets.submit(store, LAN, CODES[0], 1, "k" * 16, NOW)
    with cluster.connection(PROVINCE, "granted") as owner:
        owner.execute('grant all on all tables in schema public to "a ""desk""; 50% mine" with grant option')
        owner.execute("grant all on all tables in schema public to public")
        owner.execute("grant all on all sequences in schema public to public")
        owner.execute("grant all on schema public to public")
        owner.execute("grant all on database granted to public")
    assert granted(cluster.url("granted", PROVINCE), DESK) == cli.DONE
    return "granted"


@pytest.fixture
def desk(cluster: Cluster, contest: str) -> Iterator[Bare]:
    """A plain psycopg connection of the role that serves the desk, without the store."""
    with cluster.connection(DESK, contest) as connection:
        yield connection
        connection.rollback()


EVIDENCE = {"ledger": "payload", "sheet_revision": "marks", "award_table": "document", "checkpoint": "note"}
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
    "create temporary table ledger (a int)",  # found before the real one by the ledger's trigger
    "create schema mine",
    "create function mine() returns int language sql as 'select 1'",
    "create or replace function ledger_follows() returns trigger language plpgsql as 'begin return new; end'",
    "drop function refuse_change() cascade",
    "drop schema public cascade",
    "select setval('account_id_seq', 1)",
    "insert into ledger select * from ledger on conflict (id) do update set payload = 'x'",
    "update contest set toml = 'x'",
    "delete from contest",
    "update account set created_at = 1",
    "delete from account",
    "update entry set code = 'x'",
    "delete from sheet",
    "update mark set hundredths = 1",
    "update recusal set declared_at = 1",
    "update disclosure set text = 'x'",
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
def test_evidence_tables_allow_only_reading_and_inserting(desk: Bare, statement: str, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        desk.execute(statement.format(table=table, column=EVIDENCE[table]).encode())


@pytest.mark.parametrize("statement", BEYOND_THE_DESK)
def test_what_the_desk_does_not_do_is_refused(desk: Bare, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        desk.execute(statement.encode())


class TestTheCommand:
    def refused(self, capsys: Captured, url: str, role: str, text: str) -> None:
        assert granted(url, role) == cli.REFUSED
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1) and text in err

    def test_prints_in_one_line_what_it_did(self, cluster: Cluster, contest: str, capsys: Captured) -> None:
        assert granted(cluster.url(contest, PROVINCE), DESK) == cli.DONE
        out, err = capsys.readouterr()
        assert out.count("\n") == 1 and f"Vai trò {DESK} nay có đúng" in out
        assert err.count("\n") == 1 and "REVOKE EXECUTE ON FUNCTION lo_create(oid)" in err
        with cluster.connection(database=contest) as superuser:
            superuser.execute(err.partition(": ")[2].partition(": ")[2])
        assert granted(cluster.url(contest, PROVINCE), DESK) == cli.DONE
        assert capsys.readouterr().err == ""
        with cluster.connection(DESK, contest) as desk, pytest.raises(psycopg.errors.InsufficientPrivilege):
            desk.execute("select lo_create(0)")

    def test_needs_a_role(self) -> None:
        assert cli.main(["grants"]) == cli.USAGE

    def test_sqlite_has_owners_of_files_instead(self, tmp_path: Path, capsys: Captured) -> None:
        self.refused(capsys, sqlite_url(tmp_path / "desk.db"), DESK, "SQLite không có vai trò")
        assert list(tmp_path.iterdir()) == []

    def test_a_role_must_exist(self, cluster: Cluster, contest: str, capsys: Captured) -> None:
        self.refused(capsys, cluster.url(contest, PROVINCE), "public", "PostgreSQL không có vai trò public")

    @pytest.mark.parametrize("role", [PROVINCE, OWNER, "of_the_province", "maker_of_roles"])
    def test_a_role_that_owns_or_can_become_the_owner_is_refused(
        self, cluster: Cluster, contest: str, capsys: Captured, role: str
    ) -> None:
        if role not in (PROVINCE, OWNER):
            cluster.role(role, options=f"noinherit in role {PROVINCE}" if role == "of_the_province" else "createrole")
        self.refused(capsys, cluster.url(contest, PROVINCE), role, f"Vai trò {role} là chủ sở hữu")

    def test_only_the_owner_grants(self, cluster: Cluster, contest: str, capsys: Captured) -> None:
        url = cluster.url(contest, DESK)
        self.refused(capsys, url, DESK, "đang kết nối không sở hữu các bảng")

    def test_additional_privileges_from_a_group_are_reported_and_nothing_changes(
        self, cluster: Cluster, contest: str, capsys: Captured
    ) -> None:
        cluster.sql("create role recorders nologin")
        cluster.sql("create role writer login noinherit in role recorders")
        with cluster.connection(PROVINCE, contest) as owner:
            owner.execute("grant delete, update on account to recorders")
        self.refused(
            capsys, cluster.url(contest, PROVINCE), "writer", "vẫn còn quyền DELETE ON account, UPDATE (created_at)"
        )
        with closing(connect(cluster.url(contest))) as store, store.read() as connection:
            query = sa.text("select has_table_privilege('writer', 'ledger', 'SELECT')")
            assert connection.execute(query).scalar_one() is False


# What a superuser, or the owner, has done -> how it is undone, and how `grants` names it. {desk} is the serving role.
POWERS = [
    *(
        (f"grant {role} to {{desk}}", f"revoke {role} from {{desk}}", role)
        for role in (
            "pg_execute_server_program",
            "pg_write_server_files",
            "pg_read_server_files",
            "pg_signal_backend",
            "pg_read_all_data",
            "pg_write_all_data",
            "pg_monitor",
            "pg_checkpoint",
            "pg_read_all_settings",
        )
    ),
    *(
        (f"alter role {{desk}} {attribute}", f"alter role {{desk}} no{attribute}", attribute.upper())
        for attribute in ("replication", "bypassrls", "createdb")
    ),
    (
        "create role mighty superuser nologin; grant mighty to {desk}",
        "drop role mighty",
        "SUPERUSER (mighty)",
    ),
    (
        (
            "create schema other; grant usage on schema other to public;"
            " create function other.helps() returns void language sql security definer as 'select 1'"
        ),
        "drop schema other cascade",
        "EXECUTE ON FUNCTION other.helps() SECURITY DEFINER",
    ),
    (
        (
            "create schema other; create table other.secrets (a int); grant usage on schema other to {desk};"
            " grant select (a) on other.secrets to {desk}"
        ),
        "drop schema other cascade",
        "SELECT ON other.secrets",
    ),
    (
        "create view public.back_door as select * from mark; grant update on public.back_door to public",
        "drop view public.back_door",
        "UPDATE ON back_door",
    ),
    ("create schema other authorization {desk}", "drop schema other", "OWNER OF schema other"),
    ("create schema other; grant create on schema other to {desk}", "drop schema other", "CREATE ON SCHEMA other"),
    (
        "grant execute on function pg_read_file(text) to {desk}",
        "revoke execute on function pg_read_file(text) from {desk}",
        "EXECUTE ON FUNCTION pg_read_file(text)",
    ),
    (
        "grant execute on function pg_ls_dir(text) to public",
        "revoke execute on function pg_ls_dir(text) from public",
        "EXECUTE ON FUNCTION pg_ls_dir(text)",
    ),
    ("grant select on pg_authid to {desk}", "revoke select on pg_authid from {desk}", "SELECT ON pg_authid"),
    (
        "grant select (rolpassword) on pg_authid to {desk}",
        "revoke select (rolpassword) on pg_authid from {desk}",
        "SELECT (rolpassword) ON pg_authid",
    ),
    (
        "create foreign data wrapper w; create server s foreign data wrapper w; grant usage on foreign server s to {desk}",
        "drop foreign data wrapper w cascade",
        "USAGE ON FOREIGN SERVER s",
    ),
    (
        "create foreign data wrapper w; create server s foreign data wrapper w; create user mapping for public server s",
        "drop foreign data wrapper w cascade",
        "USER MAPPING ON SERVER s",
    ),
    (
        "alter default privileges for role province in schema public grant all on tables to {desk}",
        "alter default privileges for role province in schema public revoke all on tables from {desk}",
        "DEFAULT DELETE ON TABLES OF province",
    ),
    (
        "grant set on parameter session_replication_role to {desk}",
        "revoke set on parameter session_replication_role from {desk}",
        "SET ON PARAMETER session_replication_role",
    ),
    (
        "select lo_create(424242); grant select on large object 424242 to {desk}",
        "select lo_unlink(424242)",
        "SELECT ON LARGE OBJECT 424242",
    ),
    (
        "select lo_create(434343); alter large object 434343 owner to {desk}",
        "select lo_unlink(434343)",
        "OWNER OF large object 434343",
    ),
]


class TestAdditionalPrivileges:
    """Every additional privilege of the role to read, write or execute is reported, and nothing is changed."""

    @pytest.mark.parametrize("given, undone, text", POWERS, ids=[text for _, _, text in POWERS])
    def test_is_refused_by_its_name(
        self, cluster: Cluster, contest: str, capsys: Captured, given: str, undone: str, text: str
    ) -> None:
        desk = '"a ""desk""; 50% mine"'
        with cluster.connection(database=contest) as superuser:
            superuser.execute(given.replace("{desk}", desk).encode())
            try:
                assert granted(cluster.url(contest, PROVINCE), DESK) == cli.REFUSED
            finally:
                superuser.execute(undone.replace("{desk}", desk).encode())
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1) and text in err
        assert granted(cluster.url(contest, PROVINCE), DESK) == cli.DONE

    def test_several_are_named_together(self, cluster: Cluster, contest: str, capsys: Captured) -> None:
        cluster.role("of_many", options="createdb replication in role pg_monitor")
        assert granted(cluster.url(contest, PROVINCE), "of_many") == cli.REFUSED
        err = capsys.readouterr().err
        assert all(power in err for power in ("CREATEDB", "REPLICATION", "pg_monitor"))

    def test_a_role_of_another_contest_on_the_same_server_may_serve_this_one_too(
        self, cluster: Cluster, contest: str
    ) -> None:
        cluster.sql("create database of_another_contest")
        with cluster.connection(database="of_another_contest") as other:
            other.execute("create table theirs (a int)")
            other.execute('grant select on theirs to "a ""desk""; 50% mine"')
        assert granted(cluster.url(contest, PROVINCE), DESK) == cli.DONE
        cluster.sql("drop database of_another_contest")

    def test_nobody_else_calls_the_owner_s_functions_and_the_guards_still_work(
        self, cluster: Cluster, contest: str
    ) -> None:
        with cluster.connection(PROVINCE, contest) as owner:
            owner.execute(
                "create function public.erases() returns void language sql security definer as 'delete from mark'"
            )
        assert granted(cluster.url(contest, PROVINCE), DESK) == cli.DONE
        with cluster.connection(DESK, contest) as desk, pytest.raises(psycopg.errors.InsufficientPrivilege):
            desk.execute("select public.erases()")
        with closing(connect(cluster.url(contest, DESK))) as store:
            assert judge_sheets.save(store, LAN, CODES[1], Change({"ND": "7"}), 0, NOW).version == 1
        with cluster.connection(PROVINCE, contest) as owner:
            owner.execute("drop function public.erases()")


class TestStarting:
    """As the serving role, which owns nothing: at the newest revision the desk starts; else it says
    who must do what.
    """

    @pytest.fixture
    def store(self, postgresql_url: str, open_store: Callable[[str], Store]) -> Store:
        return open_store(postgresql_url)

    def test_only_the_owner_runs_a_pending_migration(self, store: Store, postgresql_url: str, tmp_path: Path) -> None:
        with owner_transaction(store) as connection:
            for statement in (*EMPTIED, f"grant usage on schema public to {APPLICATION}"):
                connection.exec_driver_sql(statement)
        says = f"python -m core grants {APPLICATION} với DATABASE_URL của chủ sở hữu"
        with pytest.raises(NeedsOwner, match=says):
            migrate(store)
        with pytest.raises(DidNotStart, match=says), serving(tmp_path, postgresql_url):
            pass
        assert granted(owner_url(postgresql_url), APPLICATION) == cli.DONE
        migrate(store)

    @pytest.mark.parametrize(
        "lost", ["insert on note", "update (version) on sheet", "all on all tables in schema public"]
    )
    def test_a_missing_privilege_is_reported_at_the_start(self, store: Store, lost: str) -> None:
        migrate(store)
        with owner_transaction(store) as connection:
            connection.exec_driver_sql(f"revoke {lost} from {APPLICATION}")
        with pytest.raises(NeedsOwner):
            migrate(store)
