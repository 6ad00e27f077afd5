"""Are the database's own guards those that the migrations made? Compared by their whole text, not by their names.

A trigger that keeps its name and does nothing, one more that undoes what is written, a constraint that is gone, a view in
the place of a table: each is named.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from core.rules.words import Sentence
from core.store import tables as t
from core.store.migrate import scripts

Guards = Mapping[str, str]  # name -> everything that it does, spaces collapsed
_TRIGGER = re.compile(r"(drop|create) trigger (\w+)", re.IGNORECASE)
_FUNCTION = re.compile(r"create function (\w+)\(\) .*?\$\$(.*)\$\$", re.IGNORECASE | re.DOTALL)
_CALL = re.compile(r"create trigger (\w+) before ([\w ]+) on (\w+) for each (row|statement) execute function (\w+)\(\)")
_ALWAYS = "A"  # enabled even where session_replication_role switches ordinary triggers off
_SQLITE_GUARDS = "select name, sql from sqlite_master where type in ('trigger', 'view')"
_POSTGRESQL_GUARDS = """
select t.tgname, t.tgenabled::text, t.tgtype::int, c.relname, p.prosrc, l.lanname, p.prosecdef, t.tgqual is not null,
  p.proconfig is not null, c.relrowsecurity
from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
join pg_language l on l.oid = p.prolang
where not t.tgisinternal and c.relnamespace = current_schema()::regnamespace"""
_POSTGRESQL_REST = """
select 'rule ' || r.rulename from pg_rewrite r join pg_class c on c.oid = r.ev_class
  where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
union all select 'view ' || relname from pg_class
  where relnamespace = current_schema()::regnamespace and relkind in ('v', 'm', 'f')
union all select 'policy ' || p.polname from pg_policy p join pg_class c on c.oid = p.polrelid
  where c.relnamespace = current_schema()::regnamespace
union all select 'event trigger ' || evtname from pg_event_trigger where evtenabled <> 'D'"""
_EVENTS = {"insert": 4, "delete": 8, "update": 16, "truncate": 32}  # of pg_trigger.tgtype
_ROW, _BEFORE = 1, 2
# As PostgreSQL prints them; a test holds them equal to what the migrations make.
_POSTGRESQL_CHECKS = {
    "ck_contest_one": "CHECK ((id = 1))",
    "ck_health_check_one": "CHECK ((id = 1))",
    "ck_sheet_state": "CHECK ((state = ANY (ARRAY['draft'::text, 'sealed'::text, 'returned'::text])))",
    "ck_mark_not_negative": "CHECK ((hundredths >= 0))",
    "ck_ledger_chain": "CHECK ((chain = ANY (ARRAY['result'::text, 'audit'::text])))",
    "ck_decision_kind": "CHECK ((kind = ANY (ARRAY['choose'::text, 'withhold'::text])))",
}


def altered(connection: sa.Connection) -> Iterator[Sentence]:
    """One sentence for each guard that is missing, changed, or that nobody of ours made."""
    for name in _unlike(expected(connection.dialect.name), found(connection)):
        yield Sentence("Chốt bảo vệ {guard} của cơ sở dữ liệu thiếu, thừa hoặc đã bị sửa.", {"guard": name})
    for name in _unlike(_checks(connection.dialect.name), _checks_found(connection)):
        yield Sentence("Ràng buộc {name} của cơ sở dữ liệu thiếu, thừa hoặc đã bị sửa.", {"name": name})
    for what in _structure(connection):
        yield Sentence("Cấu trúc cơ sở dữ liệu khác với chương trình: {what}.", {"what": what})


@cache
def expected(dialect: str) -> Guards:
    """The guards that all migrations together leave in a database."""
    statements = [
        statement
        for script in reversed(list(scripts().walk_revisions()))
        for statement in getattr(script.module, "SQLITE" if dialect == "sqlite" else "POSTGRESQL", ())
    ]
    return _sqlite_expected(statements) if dialect == "sqlite" else _postgresql_expected(statements)


def found(connection: sa.Connection) -> Guards:
    """The guards that are there, and whatever else could change what is written or read."""
    if connection.dialect.name == "sqlite":
        return {name: _one_line(sql) for name, sql in connection.exec_driver_sql(_SQLITE_GUARDS)}
    guards = {
        row.tgname: _trigger(row.relname, row.tgtype, row.prosrc) + _oddities(row)
        for row in connection.exec_driver_sql(_POSTGRESQL_GUARDS)
    }
    return guards | {name: "" for (name,) in connection.exec_driver_sql(_POSTGRESQL_REST)}


def _sqlite_expected(statements: list[str]) -> Guards:
    made: dict[str, str] = {}
    for statement in statements:
        found_one = _TRIGGER.match(statement)
        if found_one and found_one[1].lower() == "drop":
            del made[found_one[2]]
        elif found_one:
            made[found_one[2]] = _one_line(statement)
    return made


def _postgresql_expected(statements: list[str]) -> Guards:
    bodies, made = dict[str, str](), dict[str, str]()
    for statement in statements:
        if function := _FUNCTION.match(statement):
            bodies[function[1]] = function[2]
        elif call := _CALL.match(statement):
            kind = _BEFORE + (_ROW if call[4] == "row" else 0) + sum(_EVENTS[each] for each in call[2].split(" or "))
            made[call[1]] = _trigger(call[3], kind, bodies[call[5]])
    return made


def _trigger(table: str, kind: int, body: str) -> str:
    return f"{table} {kind} {_one_line(body)}"


def _oddities(row: "sa.Row[Any]") -> str:
    """What none of ours has: a condition, another language, its owner's rights, settings of its own, or being switched off."""
    odd = (row.tgenabled != _ALWAYS, row.lanname != "plpgsql", *row[6:])
    return f" {odd}" if any(odd) else ""


def _checks(dialect: str) -> Guards:
    if dialect != "sqlite":
        return _POSTGRESQL_CHECKS
    return {
        str(check.name): str(check.sqltext)
        for table in t.metadata.tables.values()
        for column in table.c
        for check in column.constraints
        if isinstance(check, sa.CheckConstraint)
    }


def _checks_found(connection: sa.Connection) -> Guards:
    if connection.dialect.name != "sqlite":
        asked = "select conname, pg_get_constraintdef(oid) from pg_constraint where contype = 'c' and connamespace = current_schema()::regnamespace"
        return dict(connection.exec_driver_sql(asked).all())
    inspector = sa.inspect(connection)
    return {
        str(check["name"]): str(check["sqltext"])
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }


def _structure(connection: sa.Connection) -> list[str]:
    """Tables, columns, keys and indexes that are not as the program describes them."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return sorted({_described(change) for change in compare_metadata(context, t.metadata)})


def _described(change: Any) -> str:
    """A difference as alembic tells it, in one word and a name: "remove_table x"."""
    parts = change[0] if isinstance(change, list) else change
    names = [part if isinstance(part, str) else getattr(part, "name", None) for part in parts]
    return " ".join(name for name in names if isinstance(name, str))


def _unlike(ours: Guards, theirs: Guards) -> list[str]:
    return sorted(name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name))


def _one_line(sql: str) -> str:
    return " ".join(sql.split()).replace("CREATE TRIGGER", "create trigger")
