"""Checks that the database has exactly the triggers, constraints and tables that the migrations made.

Guards are compared by their whole text, not only by name. This finds a trigger that keeps its name but does nothing, an
additional trigger that undoes writes, a missing constraint, and a view in place of a table.
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

Guards = Mapping[str, str]  # name -> its whole definition, spaces collapsed
_TRIGGER = re.compile(r"(drop|create) trigger (\w+)", re.IGNORECASE)
_FUNCTION = re.compile(r"create function (\w+)\(\) .*?\$\$(.*)\$\$", re.IGNORECASE | re.DOTALL)
_CALL = re.compile(r"create trigger (\w+) before ([\w ]+) on (\w+) for each (row|statement) execute function (\w+)\(\)")
_ALWAYS = "A"  # pg_trigger.tgenabled: also fires when session_replication_role disables others
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
_EVENTS = {"insert": 4, "delete": 8, "update": 16, "truncate": 32}  # bits of pg_trigger.tgtype
_ROW, _BEFORE = 1, 2
# As PostgreSQL prints them; a test compares them with what the migrations make.
_POSTGRESQL_CHECKS = {
    "ck_contest_one": "CHECK ((id = 1))",
    "ck_health_check_one": "CHECK ((id = 1))",
    "ck_sheet_state": "CHECK ((state = ANY (ARRAY['draft'::text, 'sealed'::text, 'returned'::text])))",
    "ck_mark_not_negative": "CHECK ((hundredths >= 0))",
    "ck_ledger_chain": "CHECK ((chain = ANY (ARRAY['result'::text, 'audit'::text])))",
    "ck_film_copy_kind": "CHECK ((kind = ANY (ARRAY['anonymous'::text, 'light'::text, 'playable'::text])))",
    "ck_job_state": (
        "CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text, 'parked'::text, "
        "'cancelled'::text])))"
    ),
    "ck_job_progress": "CHECK (((progress >= 0) AND (progress <= 1000)))",
    "ck_submission_state": (
        "CHECK ((state = ANY (ARRAY['awaiting_film'::text, 'received'::text, 'returned'::text, 'accepted'::text, "
        "'rejected'::text, 'finalist'::text, 'withdrawn'::text, 'disqualified'::text])))"
    ),
    "ck_screening_verdict_verdict": (
        "CHECK ((verdict = ANY (ARRAY['accept'::text, 'reject'::text, 'return'::text, 'mark'::text])))"
    ),
    "ck_entry_door_one": "CHECK ((id = 1))",
    "ck_finalist_change_kind": (
        "CHECK ((kind = ANY (ARRAY['correct'::text, 'film'::text, 'withdraw'::text, 'disqualify'::text, 'reinstate'::text])))"
    ),
    "ck_finalist_change_outcome": "CHECK ((outcome = ANY (ARRAY['confirmed'::text, 'declined'::text])))",
    "ck_retraction_outcome": "CHECK ((outcome = ANY (ARRAY['confirmed'::text, 'declined'::text])))",
    "ck_finals_draw_one": "CHECK ((id = 1))",
    "ck_author_match_ground": (
        "CHECK ((ground = ANY (ARRAY['phone'::text, 'birth'::text, 'name'::text, 'other_birth'::text])))"
    ),
    "ck_author_match_one_side": "CHECK (((official_id IS NULL) <> (account_id IS NULL)))",
    "ck_match_decision_one_side": "CHECK (((official_id IS NULL) <> (account_id IS NULL)))",
    "ck_match_decision_outcome": "CHECK ((outcome = ANY (ARRAY['same'::text, 'different'::text])))",
    "ck_upload_kept_bytes": "CHECK (((kept_bytes >= 0) AND (kept_bytes <= declared_bytes)))",
    "ck_upload_state": "CHECK ((state = ANY (ARRAY['open'::text, 'complete'::text, 'claimed'::text])))",
    "ck_film_pair_finding": "CHECK ((finding = ANY (ARRAY['near_copy'::text, 'shared_scenes'::text])))",
    "ck_film_pair_decision_verdict": (
        "CHECK ((verdict = ANY (ARRAY['different'::text, 'same_work'::text, 'copied'::text])))"
    ),
    "ck_reading_review_verdict": "CHECK ((verdict = ANY (ARRAY['confirmed'::text, 'rejected'::text])))",
    "ck_decision_kind": "CHECK ((kind = ANY (ARRAY['choose'::text, 'withhold'::text])))",
}


def altered(connection: sa.Connection) -> Iterator[Sentence]:
    """One sentence for each guard, constraint or structure that is missing, changed, or not from the migrations."""
    for name in _differing(expected(connection.dialect.name), found(connection)):
        yield Sentence("Chốt bảo vệ {guard} của cơ sở dữ liệu thiếu, thừa hoặc đã bị sửa.", {"guard": name})
    for name in _differing(_checks(connection.dialect.name), _checks_found(connection)):
        yield Sentence("Ràng buộc {name} của cơ sở dữ liệu thiếu, thừa hoặc đã bị sửa.", {"name": name})
    for what in _structure(connection):
        yield Sentence("Cấu trúc cơ sở dữ liệu khác với chương trình: {what}.", {"what": what})


@cache
def expected(dialect: str) -> Guards:
    """The guards that a database has after all migrations. `dialect`: "sqlite" or "postgresql"."""
    statements = [
        statement
        for script in reversed(list(scripts().walk_revisions()))
        for statement in getattr(script.module, "SQLITE" if dialect == "sqlite" else "POSTGRESQL", ())
    ]
    return _sqlite_expected(statements) if dialect == "sqlite" else _postgresql_expected(statements)


def found(connection: sa.Connection) -> Guards:
    """The guards in the database, and views, rules, policies and event triggers, which could change reads or writes."""
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
        trigger = _TRIGGER.match(statement)
        if trigger and trigger[1].lower() == "drop":
            del made[trigger[2]]
        elif trigger:
            made[trigger[2]] = _one_line(statement)
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
    """What our triggers never have: a condition, another language, SECURITY DEFINER, settings, RLS, being disabled."""
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
        query = "select conname, pg_get_constraintdef(oid) from pg_constraint where contype = 'c' and connamespace = current_schema()::regnamespace"
        return dict(connection.exec_driver_sql(query).all())
    inspector = sa.inspect(connection)
    return {
        str(check["name"]): str(check["sqltext"])
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }


def _structure(connection: sa.Connection) -> list[str]:
    """Differences of tables, columns, keys and indexes from `core.store.tables`, as "remove_table x"."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return sorted({_description(change) for change in compare_metadata(context, t.metadata)})


def _description(change: Any) -> str:
    """One of alembic's differences as its kind and names: "remove_table x"."""
    parts = change[0] if isinstance(change, list) else change
    names = [part if isinstance(part, str) else getattr(part, "name", None) for part in parts]
    return " ".join(name for name in names if isinstance(name, str))


def _differing(ours: Guards, theirs: Guards) -> list[str]:
    return sorted(name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name))


def _one_line(sql: str) -> str:
    return " ".join(sql.split()).replace("CREATE TRIGGER", "create trigger")
