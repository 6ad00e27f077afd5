"""The privileges that the server's PostgreSQL role needs on each table, and no others (docs/security.md, Grants).

Change TABLE_PRIVILEGES when a migration adds a table, or when the code does something new to one. The tests of the
store and the desk run as a role with exactly these privileges; `python -m core grants ROLE` gives them to a role.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from core.rules.words import Refusal
from core.store import tables
from core.store.engine import Store
from core.store.postgresql import privileges

MOST_LISTED = 12  # privileges named in one refusal


@dataclass(frozen=True, slots=True)
class TablePrivileges:
    """What the code does to a table besides SELECT: `add` = INSERT, `change` = columns of UPDATE, `remove` = DELETE."""

    add: bool = True
    change: str = ""
    remove: bool = False


TABLE_PRIVILEGES = {
    "contest": TablePrivileges(
        change="frozen_at judging_closed_at interactions_frozen_at awards_confirmed_at published_at"
    ),
    "account": TablePrivileges(change="username name password must_change active"),
    "account_role": TablePrivileges(remove=True),
    "unconfirmed_account": TablePrivileges(remove=True),
    "auth_session": TablePrivileges(change="last_seen_at expires_at ended_at address agent"),
    "sign_in_ticket": TablePrivileges(change="used_at", remove=True),
    "sign_in_delay": TablePrivileges(remove=True),
    "reset_link": TablePrivileges(change="used_at"),
    "entry": TablePrivileges(change="title author unit video poster sha256 milliseconds width height"),
    "entry_out": TablePrivileges(remove=True),
    "film_copy": TablePrivileges(change="file sha256 bytes milliseconds width height made_at"),
    "assignment": TablePrivileges(remove=True),
    "recusal": TablePrivileges(change="reason"),
    "sheet": TablePrivileges(change="version state marks remarks revision return_reason saved_at"),
    "sheet_revision": TablePrivileges(),
    "mark": TablePrivileges(remove=True),
    "note": TablePrivileges(change="text", remove=True),
    "watched": TablePrivileges(change="intervals budget_ms credited_at"),
    "reading": TablePrivileges(),
    "reading_detail": TablePrivileges(change="explanation reason address"),
    "reading_review": TablePrivileges(change="reason"),
    "interactions_freeze": TablePrivileges(change="reopened_by reopened_at reason"),
    "decision": TablePrivileges(change="reason revoked_at"),
    "award_table": TablePrivileges(),
    "publication": TablePrivileges(change="retracted_at"),
    "retraction": TablePrivileges(change="reason outcome answer decided_by decided_at"),
    "checkpoint": TablePrivileges(),
    "job": TablePrivileges(
        change="state progress attempts worker beats cancel_requested report requested_by requested_at ended_at"
    ),
    "submission": TablePrivileges(
        change="state form link_hash version film milliseconds width height poster late film_at revision"
    ),
    "submission_change": TablePrivileges(),
    "screening_verdict": TablePrivileges(change="reason"),
    "screening_recusal": TablePrivileges(change="reason"),
    "entry_door": TablePrivileges(change="open code"),
    "finals_list": TablePrivileges(change="reason"),
    "finals_draw": TablePrivileges(),
    "finalist": TablePrivileges(),
    "finalist_change": TablePrivileges(change="reason outcome answer decided_by decided_at"),
    "finalist_post": TablePrivileges(change="reason"),
    "official": TablePrivileges(change="name body birth_date phone note removed_at"),
    "author_match": TablePrivileges(change="ground likeness", remove=True),
    "match_decision": TablePrivileges(change="reason"),
    "upload": TablePrivileges(change="kept_bytes state sha256 expires_at", remove=True),
    "film_fingerprint": TablePrivileges(change="version pictures sounds milliseconds made_at"),
    "published_film": TablePrivileges(change="sha256 bytes modified_ns", remove=True),
    "film_pair": TablePrivileges(change="picture_share sound_share slope offset_ms mirrored moments finding found_at"),
    "film_pair_decision": TablePrivileges(change="reason"),
    "disclosure": TablePrivileges(remove=True),
    "ledger": TablePrivileges(),
    "health_check": TablePrivileges(add=False, change="checked_at"),
    "alembic_version": TablePrivileges(add=False),  # only the owner runs migrations
}


class NeedsOwner(Refusal):
    """The database needs a migration or privileges that only the owner of its tables can provide."""

    def __init__(self, role: str) -> None:
        super().__init__(
            "Cơ sở dữ liệu cần được nâng cấp, hoặc cần cấp quyền cho vai trò {role}, việc mà chỉ chủ sở hữu làm được: "
            "hãy chạy python -m core grants {role} với DATABASE_URL của chủ sở hữu.",
            role=role,
        )


class FilesHaveOwners(Refusal):
    """SQLite has no roles to grant anything to."""

    def __init__(self) -> None:
        super().__init__(
            "SQLite không có vai trò để cấp quyền: tệp cơ sở dữ liệu thuộc về người dùng hệ điều hành sở hữu nó."
        )


class NoSuchRole(Refusal):
    """The role does not exist. The PostgreSQL administrator creates it, with a password this program need not know."""

    def __init__(self, role: str) -> None:
        super().__init__("PostgreSQL không có vai trò {role}; hãy tạo trước bằng CREATE ROLE … LOGIN.", role=role)


class OwnsTheTables(Refusal):
    """The role owns the tables, or can become their owner, so grants cannot limit it."""

    def __init__(self, role: str) -> None:
        super().__init__(
            "Vai trò {role} là chủ sở hữu, hoặc tự trở thành chủ sở hữu được, nên không giới hạn được; hãy chọn vai trò khác.",
            role=role,
        )


class NotTheOwner(Refusal):
    """The connected role does not own the tables; only the owner can grant privileges on them."""

    def __init__(self, role: str) -> None:
        super().__init__(
            "Vai trò {role} đang kết nối không sở hữu các bảng nên không cấp quyền được; hãy đặt DATABASE_URL của chủ sở hữu.",
            role=role,
        )


class StillMore(Refusal):
    """The role still has other privileges, from a group or another grantor, that this command cannot revoke."""

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
    f"{table.name}_{table.autoincrement_column.name}_seq": ("USAGE", "SELECT")  # SELECT: for pg_dump
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
    """The privileges that any of these roles has in this database, written as in NEEDED."""
    facts = {"roles": list(roles), "names": list(RIGHTS), "deeds": _TABLE_DEEDS}
    return frozenset(connection.execute(_HELD, facts).scalars())


def sufficient(connection: sa.Connection) -> bool:
    """Whether the connected role has every privilege in NEEDED; always true for SQLite."""
    return connection.dialect.name == "sqlite" or _held(connection, [connected(connection)]) >= NEEDED


def owns(connection: sa.Connection) -> bool:
    """Whether the connected role owns the tables, and so may change the schema; always true for SQLite."""
    return connection.dialect.name == "sqlite" or bool(connection.execute(_MINE, {"names": list(RIGHTS)}).scalar_one())


def connected(connection: sa.Connection) -> str:
    """The name of the connected role."""
    return str(connection.execute(sa.text("select current_user")).scalar_one())


def give(store: Store, role: str) -> bool:
    """Give a role exactly the privileges in NEEDED and revoke all others, in one transaction.

    Returns whether the role may still create large objects, which only a superuser can revoke.
    Raises NotTheOwner, NoSuchRole, OwnsTheTables, StillMore; then nothing is changed.
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
    """`role` and all roles it can become. Raises NotTheOwner, NoSuchRole, or OwnsTheTables if one is an owner."""
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
    """The SQL statements that revoke everything, from PUBLIC too, and grant what is needed."""
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
    for routine in connection.execute(_OUR_ROUTINES).scalars():  # triggers run their function without this right
        yield f"REVOKE ALL ON ROUTINE {routine} FROM {to}, PUBLIC CASCADE"
