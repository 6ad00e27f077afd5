"""What the desk does to each of its tables, and so all that PostgreSQL lets the role it connects with do (docs/security.md, Grants).

A migration that makes a table, or a desk that does something new to one, says so here. The tests of the store and the desk run
as a role that may do this and nothing else; `python -m core grants ROLE` makes such a role.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from core.rules.words import Refusal
from core.store import tables
from core.store.engine import Store
from core.store.postgresql import privileges

MOST_LISTED = 12  # powers named in one refusal


@dataclass(frozen=True, slots=True)
class TablePrivileges:
    """What is done to the rows of a table, besides reading them: whether new ones come, which columns change, whether any go."""

    add: bool = True
    change: str = ""
    remove: bool = False


TABLE_PRIVILEGES = {
    "contest": TablePrivileges(change="frozen_at judging_closed_at interactions_frozen_at awards_confirmed_at"),
    "account": TablePrivileges(change="username name password must_change active"),
    "account_role": TablePrivileges(remove=True),
    "unconfirmed_account": TablePrivileges(remove=True),
    "auth_session": TablePrivileges(change="last_seen_at expires_at ended_at address agent"),
    "sign_in_ticket": TablePrivileges(change="used_at", remove=True),
    "sign_in_delay": TablePrivileges(remove=True),
    "reset_link": TablePrivileges(change="used_at"),
    "entry": TablePrivileges(change="title author unit video poster sha256 milliseconds width height"),
    "assignment": TablePrivileges(remove=True),
    "recusal": TablePrivileges(change="reason"),
    "sheet": TablePrivileges(change="version state marks remarks revision return_reason saved_at"),
    "sheet_revision": TablePrivileges(),
    "mark": TablePrivileges(remove=True),
    "note": TablePrivileges(change="text", remove=True),
    "watched": TablePrivileges(change="intervals budget_ms credited_at"),
    "reading": TablePrivileges(),
    "interactions_freeze": TablePrivileges(change="reopened_by reopened_at reason"),
    "decision": TablePrivileges(change="reason revoked_at"),
    "award_table": TablePrivileges(),
    "disclosure": TablePrivileges(remove=True),
    "ledger": TablePrivileges(),
    "health_check": TablePrivileges(add=False, change="checked_at"),
    "alembic_version": TablePrivileges(add=False),  # which migrations were made: their owner's to say
}


class NeedsOwner(Refusal):
    """The database waits for a migration, or for rights, that only the owner of its tables can give."""

    def __init__(self, role: str) -> None:
        super().__init__(
            "Cơ sở dữ liệu cần được nâng cấp, hoặc cần cấp quyền cho vai trò {role}, việc mà chỉ chủ sở hữu làm được: "
            "hãy chạy python -m core grants {role} với DATABASE_URL của chủ sở hữu.",
            role=role,
        )


class FilesHaveOwners(Refusal):
    """SQLite knows no roles."""

    def __init__(self) -> None:
        super().__init__(
            "SQLite không có vai trò để cấp quyền: tệp cơ sở dữ liệu thuộc về người dùng hệ điều hành sở hữu nó."
        )


class NoSuchRole(Refusal):
    """Roles are made by whoever runs PostgreSQL, with a password the desk need not know."""

    def __init__(self, role: str) -> None:
        super().__init__("PostgreSQL không có vai trò {role}; hãy tạo trước bằng CREATE ROLE … LOGIN.", role=role)


class OwnsTheTables(Refusal):
    """What owns the tables, or can come to, is bound by no grant."""

    def __init__(self, role: str) -> None:
        super().__init__(
            "Vai trò {role} là chủ sở hữu, hoặc tự trở thành chủ sở hữu được, nên không giới hạn được; hãy chọn vai trò khác.",
            role=role,
        )


class NotTheOwner(Refusal):
    """Only the owner of the tables says who may do what to them."""

    def __init__(self, role: str) -> None:
        super().__init__(
            "Vai trò {role} đang kết nối không sở hữu các bảng nên không cấp quyền được; hãy đặt DATABASE_URL của chủ sở hữu.",
            role=role,
        )


class StillMore(Refusal):
    """Something else than the owner's grants lets the role do more."""

    def __init__(self, role: str, powers: Sequence[str]) -> None:
        listed = ", ".join(powers[:MOST_LISTED]) + (f", … ({len(powers)})" if len(powers) > MOST_LISTED else "")
        super().__init__(
            "Vai trò {role} vẫn còn quyền {powers} do một nhóm hoặc do người khác cấp, mà lệnh này không thu hồi được; "
            "hãy thu hồi rồi chạy lại. Không có gì thay đổi.",
            role=role,
            powers=listed,
        )


def _rights(deeds: TablePrivileges) -> tuple[str, ...]:
    done = (("INSERT", deeds.add), ("DELETE", deeds.remove))
    changed = (f"UPDATE ({column})" for column in deeds.change.split())
    return ("SELECT", *(deed for deed, it_is in done if it_is), *changed)


RIGHTS = {name: _rights(deeds) for name, deeds in TABLE_PRIVILEGES.items()} | {
    f"{table.name}_{table.autoincrement_column.name}_seq": ("USAGE", "SELECT")  # SELECT: a backup reads where it stands
    for table in tables.metadata.sorted_tables
    if table.autoincrement_column is not None
}
NEEDED = frozenset(f"{right} ON {name}" for name, rights in RIGHTS.items() for right in rights)
_HELD = sa.text("""
with role as (select unnest(cast(:roles as name[])) as name),
  ours as (select oid, relname, relkind from pg_class
    where relnamespace = current_schema()::regnamespace and relname = any(cast(:names as name[])))
select deed || ' ON ' || relname from role, ours, unnest(cast(:deeds as text[])) deed
  where relkind = 'r' and has_table_privilege(role.name, ours.oid, deed)
union select 'UPDATE (' || attname || ') ON ' || relname from role, ours join pg_attribute on attrelid = ours.oid
  where relkind = 'r' and attnum > 0 and not attisdropped and has_column_privilege(role.name, ours.oid, attnum, 'UPDATE')
union select deed || ' ON ' || relname from role, ours, unnest(array['USAGE', 'SELECT', 'UPDATE']) deed
  where relkind = 'S' and has_sequence_privilege(role.name, ours.oid, deed)
union select deed || ' ON DATABASE' from role, unnest(array['CREATE', 'TEMPORARY']) deed
  where has_database_privilege(role.name, current_database(), deed)
""")
_TABLE_DEEDS = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]


def _held(connection: sa.Connection, roles: Iterable[str]) -> frozenset[str]:
    """What any of these roles may do in this database, in the words of NEEDED."""
    facts = {"roles": list(roles), "names": list(RIGHTS), "deeds": _TABLE_DEEDS}
    return frozenset(connection.execute(_HELD, facts).scalars())


def sufficient(connection: sa.Connection) -> bool:
    """Whether the role that is connected may do all that the desk does."""
    return connection.dialect.name == "sqlite" or _held(connection, [connected(connection)]) >= NEEDED


def owns(connection: sa.Connection) -> bool:
    """Whether the role that is connected owns the tables, and so may change them."""
    return connection.dialect.name == "sqlite" or bool(connection.execute(_MINE, {"names": list(RIGHTS)}).scalar_one())


def connected(connection: sa.Connection) -> str:
    """The name of the role that is connected."""
    return str(connection.execute(sa.text("select current_user")).scalar_one())


def give(store: Store, role: str) -> bool:
    """Let a role do what the desk does and nothing else, whatever it could do before: all of it, or nothing changes.

    Gives whether the role may still make large objects, which only a superuser can take away.
    Raises NotTheOwner, NoSuchRole, OwnsTheTables, StillMore.
    """
    with store.migrating() as connection:
        reach = _reach(connection, role)
        for statement in _statements(connection, role):
            connection.exec_driver_sql(statement)
        more = [*privileges.excess(connection, reach, RIGHTS), *sorted(_held(connection, reach) - NEEDED)]
        if more:
            raise StillMore(role, more)
        return privileges.may_make_large_objects(connection, role)


_MINE = sa.text("""select bool_and(pg_has_role(relowner, 'USAGE')) from pg_class
  where relnamespace = current_schema()::regnamespace and relname = any(cast(:names as name[]))""")
_OWNERS = sa.text("""select pg_get_userbyid(owner) from (
  select relowner from pg_class where relnamespace = current_schema()::regnamespace
  union select proowner from pg_proc where pronamespace = current_schema()::regnamespace
  union select nspowner from pg_namespace where nspname = current_schema()
  union select datdba from pg_database where datname = current_database()) as owners(owner)""")
_MIGHTY = sa.text("select rolsuper or rolcreaterole from pg_roles where rolname = :role")
_OUR_ROUTINES = sa.text("""select format('%I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(p.oid))
  from pg_proc p join pg_namespace n on n.oid = pronamespace
  where n.oid = current_schema()\\:\\:regnamespace and prokind <> 'a' and pg_has_role(proowner, 'USAGE')""")
_REACH = sa.text("select rolname from pg_roles where pg_has_role(cast(:role as name), oid, 'MEMBER')")


def _reach(connection: sa.Connection, role: str) -> frozenset[str]:
    """The roles that `role` is, or can become: none of them an owner."""
    if not owns(connection):
        raise NotTheOwner(connected(connection))
    mighty = connection.execute(_MIGHTY, {"role": role}).scalar_one_or_none()
    if mighty is None:
        raise NoSuchRole(role)
    reach = frozenset(connection.execute(_REACH, {"role": role}).scalars())
    if mighty or reach & set(connection.execute(_OWNERS).scalars()):
        raise OwnsTheTables(role)
    return reach


def _statements(connection: sa.Connection, role: str) -> Iterator[str]:
    """Everything taken away, from PUBLIC too, and what is needed given."""
    quoted = connection.dialect.identifier_preparer.quote_identifier
    where = connection.execute(sa.text("select current_schema(), current_database()")).one()
    schema, database, to = (quoted(name) for name in (*where, role))
    yield f"REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM {to}, PUBLIC CASCADE"
    yield f"GRANT CONNECT ON DATABASE {database} TO {to}"
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM {to}, PUBLIC CASCADE"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {to}"
    for name, rights in RIGHTS.items():
        yield f"REVOKE ALL ON {schema}.{quoted(name)} FROM {to}, PUBLIC CASCADE"
        yield f"GRANT {', '.join(rights)} ON {schema}.{quoted(name)} TO {to}"
    for routine in connection.execute(_OUR_ROUTINES).scalars():  # a trigger's is run whoever may call it
        yield f"REVOKE ALL ON ROUTINE {routine} FROM {to}, PUBLIC CASCADE"
