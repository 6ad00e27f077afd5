"""The database's guards are compared by their effect: an empty one, an extra one and a missing constraint are
reported.
"""

from collections.abc import Callable

import pytest

from core.rules.words import Locale
from core.store.engine import Store
from core.store.verification import guards
from tests.serving.databases import owner_transaction


def altered(store: Store) -> list[str]:
    with store.read() as connection:
        return [finding.localize(Locale()) for finding in guards.altered(connection)]


def test_what_the_migrations_made_is_as_expected(store: Store) -> None:
    assert altered(store) == []
    with store.read() as connection:
        assert len(guards.found(connection)) == len(guards.expected(connection.dialect.name)) >= 8


SQLITE = (
    ("drop trigger ledger_no_update ;; create trigger ledger_no_update before update on ledger begin select 1; end", "ledger_no_update"),
    ("drop trigger ledger_linear", "ledger_linear"),
    (("drop trigger award_table_new ;; create trigger award_table_new before insert on award_table when 0 begin "
     "select raise(abort, 'award_table: a table is confirmed already') where exists (select 1 from award_table); end"), "award_table_new"),
    ("create trigger late after insert on mark begin update mark set hundredths = 4000; end", "late"),
    ("alter table mark rename to hidden ;; create view mark as select * from hidden", "mark"),
    ("create table more (id integer)", "remove_table more"),
    ("alter table entry add column secret text", "secret"),
    ("drop index ix_note_judge_id_entry_id", "ix_note_judge_id_entry_id"),
    ("pragma writable_schema = on ;; update sqlite_master set sql = replace(sql, 'hundredths >= 0', '1') where name = 'mark'", "ck_mark_not_negative"),
)  # fmt: skip
POSTGRESQL = (
    ("create or replace function refuse_change() returns trigger language plpgsql as $$ begin return new; end $$", "ledger_no_change"),
    ("create or replace function ledger_follows() returns trigger language plpgsql as $$ begin return new; end $$", "ledger_linear"),
    ("create or replace function award_table_is_one() returns trigger language plpgsql as $$ begin return new; end $$", "award_table_new"),
    ("alter table ledger disable trigger ledger_no_change", "ledger_no_change"),
    ("alter table ledger enable replica trigger ledger_no_change", "ledger_no_change"),
    ("alter table ledger enable trigger ledger_no_change", "ledger_no_change"),
    ("drop trigger sheet_revision_linear on sheet_revision", "sheet_revision_linear"),
    (("drop trigger ledger_no_change on ledger ;; create trigger ledger_no_change before delete on ledger "
     "for each row execute function refuse_change() ;; alter table ledger enable always trigger ledger_no_change"), "ledger_no_change"),
    (("drop trigger ledger_no_change on ledger ;; create trigger ledger_no_change before update or delete on ledger for each row "
     "when (old.seq < 0) execute function refuse_change() ;; alter table ledger enable always trigger ledger_no_change"), "ledger_no_change"),
    (("create function more() returns trigger language plpgsql as $$ begin new.hundredths = 4000; return new; end $$; "
     "create trigger late before insert on mark for each row execute function more()"), "late"),
    ("alter function ledger_follows() security definer", "ledger_linear"),
    ("alter function ledger_follows() set search_path = pg_temp", "ledger_linear"),
    ("create rule quiet as on insert to recusal do instead nothing", "rule quiet"),
    ("create policy hide on mark using (hundredths > 1)", "policy hide"),
    ("create view totals as select 1 as total", "view totals"),
    ("create table more (id integer)", "remove_table more"),
    ("alter table entry add column secret text", "secret"),
    ("alter table account drop constraint uq_account_username", "uq_account_username"),
    ("alter table mark drop constraint ck_mark_not_negative", "ck_mark_not_negative"),
    ("alter table sheet drop constraint ck_sheet_state ;; alter table sheet add constraint ck_sheet_state check (true)", "ck_sheet_state"),
)  # fmt: skip


@pytest.mark.parametrize("statements,named", SQLITE, ids=[each[0][:60] for each in SQLITE])
def test_each_change_of_a_file_is_named(sqlite_store: Store, statements: str, named: str) -> None:
    with owner_transaction(sqlite_store) as connection:
        for statement in statements.split(" ;; "):
            connection.exec_driver_sql(statement)
    assert any(named in finding for finding in altered(sqlite_store))


@pytest.mark.parametrize("statements,named", POSTGRESQL, ids=[each[0][:60] for each in POSTGRESQL])
def test_each_change_of_postgresql_is_named(
    postgresql_url: str, open_store: Callable[[str], Store], statements: str, named: str
) -> None:
    postgresql_store = open_store(postgresql_url)
    with owner_transaction(postgresql_store) as connection:
        for statement in statements.split(" ;; "):
            connection.exec_driver_sql(statement)
    assert any(named in finding for finding in altered(postgresql_store))
