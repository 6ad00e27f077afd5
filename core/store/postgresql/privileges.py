"""Finds every PostgreSQL privilege of a role beyond this project's tables; `grants.NEEDED` covers those tables.

Each query returns one line per privilege, in SQL words. `:roles` are the role and every role it can become, `:ours`
this project's relations in the current schema, which `grants` compares itself.
"""

from collections.abc import Iterable

import sqlalchemy as sa

_ATTRIBUTES = """
select attribute || ' (' || rolname || ')' from pg_roles, lateral (values
    ('SUPERUSER', rolsuper), ('CREATEROLE', rolcreaterole), ('CREATEDB', rolcreatedb),
    ('REPLICATION', rolreplication), ('BYPASSRLS', rolbypassrls)) as held(attribute, it_is)
  where it_is and rolname = any(cast(:roles as name[]))"""
# Predefined roles can run programs, read and write files, read all data or end others' sessions. None is needed.
_PREDEFINED = r"select rolname::text from pg_roles where rolname = any(cast(:roles as name[])) and rolname like 'pg\_%'"
_OWNED = """
select 'OWNER OF ' || case when dbid in (0, d.oid) then pg_describe_object(classid, objid, objsubid)
    else 'an object of database ' || (select datname from pg_database where oid = dbid) end
  from pg_shdepend, pg_database d where d.datname = current_database() and deptype = 'o'
    and refclassid = 'pg_authid'::regclass
    and refobjid in (select oid from pg_roles where rolname = any(cast(:roles as name[])))"""
# Relations of an extension that everybody may read are allowed: the administrator installed the extension.
_RELATIONS = r"""
select distinct deed || ' ON ' || c.oid::regclass from unnest(cast(:roles as name[])) as role, pg_class c
    join pg_namespace n on n.oid = relnamespace, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE',
      'REFERENCES', 'TRIGGER']) as deed
  where relkind in ('r', 'p', 'v', 'm', 'f') and nspname !~ '^pg_' and nspname <> 'information_schema'
    and not (n.oid = current_schema()::regnamespace and relname = any(cast(:ours as name[])))
    and has_schema_privilege(role, n.oid, 'USAGE')
    and (has_table_privilege(role, c.oid, deed) or (deed in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
      and has_any_column_privilege(role, c.oid, deed)))
    and not (deed = 'SELECT' and exists (select from pg_depend
      where classid = 'pg_class'::regclass and objid = c.oid and deptype = 'e'))"""
_CATALOG = """
select privilege_type || ' ON ' || c.oid::regclass from pg_class c, aclexplode(relacl) as acl
  where relnamespace = 'pg_catalog'::regnamespace
    and grantee in (select oid from pg_roles where rolname = any(cast(:roles as name[])))
union select 'SELECT (' || attname || ') ON ' || attrelid::regclass from pg_attribute, aclexplode(attacl) as acl
  where attrelid < 16384 and grantee in (select oid from pg_roles where rolname = any(cast(:roles as name[])))"""
# In pg_catalog, a function without an ACL may be run by everybody; an ACL entry for everybody or this role was added.
_FUNCTIONS = r"""
select distinct 'EXECUTE ON FUNCTION ' || p.oid::regprocedure || case when prosecdef then ' SECURITY DEFINER' else '' end
  from unnest(cast(:roles as name[])) as role, pg_proc p join pg_namespace n on n.oid = pronamespace
    join pg_language l on l.oid = prolang
  where nspname !~ '^pg_' and nspname <> 'information_schema' and (prosecdef or (lanispl and not lanpltrusted))
    and has_schema_privilege(role, n.oid, 'USAGE') and has_function_privilege(role, p.oid, 'EXECUTE')
union select 'EXECUTE ON FUNCTION ' || p.oid::regprocedure from pg_proc p, aclexplode(proacl) as acl
  where pronamespace = 'pg_catalog'::regnamespace
    and (grantee = 0 or grantee in (select oid from pg_roles where rolname = any(cast(:roles as name[]))))"""
_FOREIGN = """
select 'USAGE ON FOREIGN SERVER ' || srvname from unnest(cast(:roles as name[])) as role, pg_foreign_server s
  where has_server_privilege(role, s.oid, 'USAGE')
union select 'USAGE ON FOREIGN DATA WRAPPER ' || fdwname from unnest(cast(:roles as name[])) as role, pg_foreign_data_wrapper w
  where has_foreign_data_wrapper_privilege(role, w.oid, 'USAGE')
union select 'USER MAPPING ON SERVER ' || srvname from pg_user_mappings
  where umuser = 0 or usename = any(cast(:roles as name[]))"""
# Default privileges on future objects, except those that PostgreSQL gives everybody anyway.
_DEFAULTS = """
select 'DEFAULT ' || privilege_type || ' ON ' || case defaclobjtype when 'r' then 'TABLES' when 'S' then 'SEQUENCES'
    when 'f' then 'FUNCTIONS' when 'T' then 'TYPES' when 'n' then 'SCHEMAS' else 'LARGE OBJECTS' end
    || ' OF ' || pg_get_userbyid(defaclrole)
  from pg_default_acl, aclexplode(defaclacl) as acl
  where (grantee in (select oid from pg_roles where rolname = any(cast(:roles as name[])))
      and grantee <> defaclrole) or (grantee = 0 and defaclobjtype not in ('f', 'T'))"""
_PLACES = """
select 'CREATE ON SCHEMA ' || nspname from unnest(cast(:roles as name[])) as role, pg_namespace n
  where has_schema_privilege(role, n.oid, 'CREATE')
union select 'CREATE ON TABLESPACE ' || spcname from unnest(cast(:roles as name[])) as role, pg_tablespace s
  where has_tablespace_privilege(role, s.oid, 'CREATE')
union select privilege_type || ' ON LARGE OBJECT ' || m.oid from pg_largeobject_metadata m, aclexplode(lomacl) as acl
  where grantee = 0 or grantee in (select oid from pg_roles where rolname = any(cast(:roles as name[])))"""
_PARAMETERS = """
select deed || ' ON PARAMETER ' || parname from unnest(cast(:roles as name[])) as role, pg_parameter_acl,
    unnest(array['SET', 'ALTER SYSTEM']) as deed where has_parameter_privilege(role, parname, deed)"""  # since 15
_QUERIES = (
    _ATTRIBUTES, _PREDEFINED, _OWNED, _RELATIONS, _CATALOG, _FUNCTIONS, _FOREIGN, _DEFAULTS, _PLACES,
)  # fmt: skip


def excess(connection: sa.Connection, roles: Iterable[str], ours: Iterable[str]) -> list[str]:
    """All such privileges of any of these roles, one line each. Not meant for superusers, who have all of them."""
    facts = {"roles": list(roles), "ours": list(ours)}
    queries = list(_QUERIES)
    if (connection.dialect.server_version_info or (0,)) >= (15,):
        queries.append(_PARAMETERS)
    found = [line for query in queries for line in _lines(connection, query, facts)]
    return list(dict.fromkeys(found))


def _lines(connection: sa.Connection, query: str, facts: dict[str, list[str]]) -> list[str]:
    parameters = {name: value for name, value in facts.items() if f":{name}" in query}
    return sorted(map(str, connection.execute(sa.text(query.replace("::", r"\:\:")), parameters).scalars()))


def may_make_large_objects(connection: sa.Connection, role: str) -> bool:
    """Whether the role may create large objects: everybody may, until a superuser revokes it from PUBLIC."""
    query = sa.text(
        "select bool_or(has_function_privilege(:role, oid, 'EXECUTE')) from pg_proc where proname = any(:makers)"
    )
    return bool(connection.execute(query, {"role": role, "makers": list(LARGE_OBJECT_MAKERS)}).scalar_one())


LARGE_OBJECT_MAKERS = ("lo_create", "lo_creat", "lo_from_bytea")
