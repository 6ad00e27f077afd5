"""SECURITY §4.3: the database itself refuses to alter the ledger, a sealed sheet or a confirmed award table."""

import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa

from core.store import tables as t
from core.store.engine import Store, Unit
from core.store.verify import verify
from tests.databases import owning

H1, H2 = b"1" * 32, b"2" * 32
ACCOUNT = "insert into account values (1, 'lan', 'Lan', 'x', 0, 1, 0, 0)"
ENTRY = "insert into entry (id, code, title, author, unit) values (1, 'T-1', '', '', '')"
REVISION = "insert into sheet_revision values (1, 1, {number}, '{{}}', '{{}}', '', 0, '{key}', '', 1, 0)"
AWARD = "insert into award_table values (1, '{}', '', 1, 1, 0)"


@pytest.fixture
def written(store: Store) -> Store:
    """Three rows of the ledger, one sealed sheet and one confirmed award table."""

    def act(unit: Unit) -> None:
        for number in range(3):
            unit.record(at=10, actor="system", event="x", payload={"n": number})
        for statement in (ACCOUNT, ENTRY, REVISION.format(number=1, key="k1"), AWARD):
            unit.connection.exec_driver_sql(statement)

    store.change(act)
    return store


COPY = "select {seq}, at, actor, event, '{{}}', prev, {hash} from ledger where seq = 3"
ON_BOTH = [
    "update ledger set payload = '{}' where seq = 2",
    "update ledger set seq = 9 where seq = 3",
    "delete from ledger",
    "delete from ledger where seq = 3",
    f"insert into ledger {COPY.format(seq=3, hash='hash')} on conflict (seq) do update set payload = '{{}}'",
    "update sheet_revision set marks = '{\"ND\": 4000}'",
    "delete from sheet_revision",
    REVISION.format(number=3, key="gap"),
    REVISION.format(number=0, key="back"),
    REVISION.format(number=2, key="k1"),
    "update award_table set document = 'x'",
    "delete from award_table",
]
ON_SQLITE = [
    f"insert or replace into ledger {COPY.format(seq=3, hash='hash')}",
    "insert or replace into ledger select seq, at, actor, event, '{}', prev, hash from ledger where seq = 1",
    # the next row in every respect, but with the hash of an old one, which REPLACE would remove
    (
        "insert or replace into ledger select 4, 10, 'a', 'e', '{}', (select hash from ledger where seq = 3), hash "
        "from ledger where seq = 1"
    ),
    "update or replace ledger set seq = 2 where seq = 3",
    "insert or replace into sheet_revision values (1, 1, 1, 'changed', '{}', '', 0, 'k9', '', 1, 0)",
    "insert or replace into sheet_revision values (1, 1, 2, 'changed', '{}', '', 0, 'k1', '', 1, 0)",
    "insert or replace into award_table values (1, 'changed', '', 1, 1, 0)",
]
ON_POSTGRESQL = [
    "truncate ledger",
    "truncate sheet_revision",
    "truncate award_table",
    "truncate account cascade",
    "set local session_replication_role = replica; update ledger set payload = '{}'",
    "set local session_replication_role = replica; delete from ledger",
    "set local session_replication_role = replica; truncate ledger",
]
OF_THE_APPLICATION = [  # what the triggers cannot refuse, the application's SQLite connections do
    "drop trigger ledger_no_update",
    "drop table ledger",
    "alter table ledger rename to x",
    "create trigger t after insert on ledger begin select 1; end",
    "attach ':memory:' as other",
    "pragma writable_schema = on",
    "pragma recursive_triggers = off",
    "pragma ignore_check_constraints = on",
]


def state(store: Store) -> list[object]:
    with store.read() as connection:
        assert verify(connection, ()).rows == 3
        return [connection.execute(sa.select(table)).all() for table in (t.ledger, t.sheet_revision, t.award_table)]


def as_owner(store: Store, statement: str) -> None:
    with owning(store) as connection:
        connection.exec_driver_sql(statement)


def as_application(store: Store, statement: str) -> None:
    store.change(lambda unit: unit.connection.exec_driver_sql(statement))


def refused(store: Store, statement: str, migrating: bool) -> None:
    before = state(store)
    with pytest.raises(sa.exc.DBAPIError):
        (as_owner if migrating else as_application)(store, statement)
    assert state(store) == before


@pytest.mark.parametrize("migrating", [False, True], ids=["application", "owner"])
@pytest.mark.parametrize("statement", ON_BOTH)
def test_both_databases_refuse(written: Store, statement: str, migrating: bool) -> None:
    refused(written, statement, migrating)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("statement", ON_SQLITE)
def test_sqlite_refuses_to_replace(written: Store, statement: str) -> None:
    refused(written, statement, migrating=True)
    stranger = sqlite3.connect(str(written.url.database))  # recursive_triggers off, as by default
    with closing(stranger), pytest.raises(sqlite3.IntegrityError):
        stranger.execute(statement)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("statement", ON_POSTGRESQL)
def test_postgresql_refuses_its_superuser(written: Store, statement: str) -> None:
    refused(written, statement, migrating=True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("statement", OF_THE_APPLICATION)
def test_the_applications_sqlite_connections_change_no_tables(written: Store, statement: str) -> None:
    refused(written, statement, migrating=False)


def row(**more: object) -> dict[str, object]:
    return {"seq": 4, "at": 10, "actor": "a", "event": "e", "payload": "{}", "hash": H1, **more}


@pytest.mark.parametrize(
    "wrong",
    [
        {"seq": 5},
        {"seq": 3},
        {"seq": 0},
        {"prev": H2},
        {"prev": bytes(32)},
        {"hash": b"1" * 31},
        {"hash": b""},
        {"at": 9},
    ],
    ids=str,
)
def test_a_row_that_does_not_follow_the_last_is_refused(written: Store, wrong: dict[str, object]) -> None:
    def act(unit: Unit) -> None:
        unit.connection.execute(t.ledger.insert(), [row(prev=unit.head.hash) | wrong])

    before = state(written)
    with pytest.raises(sa.exc.DBAPIError):
        written.change(act)
    assert state(written) == before


def test_the_row_that_follows_is_taken(written: Store) -> None:
    written.change(lambda unit: unit.connection.execute(t.ledger.insert(), [row(prev=unit.head.hash)]))
    with written.read() as connection:
        assert connection.execute(sa.select(sa.func.max(t.ledger.c.seq))).scalar_one() == 4


def test_a_guard_that_is_gone_is_missed(written: Store) -> None:
    with owning(written) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("drop trigger ledger_no_update")
        else:
            connection.exec_driver_sql("alter table ledger disable trigger ledger_no_change")
    with written.read() as connection:
        found = [str(finding.facts.get("guard")) for finding in verify(connection, ()).findings]
    assert {"ledger_no_update", "ledger_no_change"} & set(found)
