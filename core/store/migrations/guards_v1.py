"""The triggers of version 1: the database itself refuses to change what is evidence. They never change any more."""

KEPT = ("ledger", "sheet_revision", "award_table")

# REPLACE removes the row in its way without asking a DELETE trigger, so every key is looked up before the insert.
SQLITE = (
    """create trigger ledger_linear before insert on ledger begin
  select raise(abort, 'ledger: id must follow the last') where new.id <> coalesce((select max(id) from ledger), 0) + 1;
  select raise(abort, 'ledger: seq must follow the last of its chain')
    where new.seq <> coalesce((select max(seq) from ledger where chain = new.chain), 0) + 1;
  select raise(abort, 'ledger: prev must be the last hash of its chain')
    where new.prev <> coalesce((select hash from ledger where chain = new.chain order by seq desc limit 1), zeroblob(32));
  select raise(abort, 'ledger: hash must be new and 32 bytes')
    where length(new.hash) <> 32 or exists (select 1 from ledger where hash = new.hash);
  select raise(abort, 'ledger: time must not go back')
    where new.at < coalesce((select at from ledger order by id desc limit 1), 0);
end""",
    """create trigger sheet_revision_linear before insert on sheet_revision begin
  select raise(abort, 'sheet_revision: number must follow the last') where new.number <> 1 + coalesce((
    select max(number) from sheet_revision where judge_id = new.judge_id and entry_id = new.entry_id), 0);
  select raise(abort, 'sheet_revision: this submission is sealed already')
    where exists (select 1 from sheet_revision where submit_key = new.submit_key);
end""",
    """create trigger award_table_new before insert on award_table begin
  select raise(abort, 'award_table: a table is confirmed already') where exists (select 1 from award_table);
end""",
    """create trigger disclosure_no_update before update on disclosure begin
  select raise(abort, 'disclosure is deleted, never changed'); end""",
    *(
        f"create trigger {table}_no_{deed} before {deed} on {table} begin "
        f"select raise(abort, '{table} is append-only'); end"
        for table in KEPT
        for deed in ("update", "delete")
    ),
)

# 4343627 is the lock of `core.store.engine`: whoever else inserts waits for its writer.
POSTGRESQL = (
    """create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$""",
    """create function ledger_follows() returns trigger language plpgsql as $$
declare newest record; last record;
begin
  perform pg_advisory_xact_lock(4343627);
  select id, at into newest from ledger order by id desc limit 1;
  select seq, hash into last from ledger where chain = new.chain order by seq desc limit 1;
  if new.id <> coalesce(newest.id, 0) + 1 then raise exception 'ledger: id must follow the last'; end if;
  if new.seq <> coalesce(last.seq, 0) + 1 then raise exception 'ledger: seq must follow the last of its chain'; end if;
  if new.prev <> coalesce(last.hash, decode(repeat('00', 32), 'hex')) then
    raise exception 'ledger: prev must be the last hash of its chain';
  end if;
  if octet_length(new.hash) <> 32 then raise exception 'ledger: hash must be 32 bytes'; end if;
  if new.at < coalesce(newest.at, 0) then raise exception 'ledger: time must not go back'; end if;
  return new;
end $$""",
    """create function sheet_revision_follows() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(4343627);
  if new.number <> 1 + coalesce((select max(number) from sheet_revision
      where judge_id = new.judge_id and entry_id = new.entry_id), 0) then
    raise exception 'sheet_revision: number must follow the last';
  end if;
  return new;
end $$""",
    """create function award_table_is_one() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(4343627);
  if exists (select 1 from award_table) then raise exception 'award_table: a table is confirmed already'; end if;
  return new;
end $$""",
    "create trigger ledger_linear before insert on ledger for each row execute function ledger_follows()",
    (
        "create trigger sheet_revision_linear before insert on sheet_revision "
        "for each row execute function sheet_revision_follows()"
    ),
    "create trigger award_table_new before insert on award_table for each row execute function award_table_is_one()",
    "create trigger disclosure_no_update before update on disclosure for each row execute function refuse_change()",
    *(
        f"create trigger {table}_no_change before update or delete on {table} "
        "for each row execute function refuse_change()"
        for table in KEPT
    ),
    *(
        f"create trigger {table}_no_truncate before truncate on {table} "
        "for each statement execute function refuse_change()"
        for table in KEPT
    ),
    # ALWAYS: also where session_replication_role = replica switches ordinary triggers off
    "alter table ledger enable always trigger ledger_linear",
    "alter table sheet_revision enable always trigger sheet_revision_linear",
    "alter table award_table enable always trigger award_table_new",
    "alter table disclosure enable always trigger disclosure_no_update",
    *(f"alter table {table} enable always trigger {table}_no_change" for table in KEPT),
    *(f"alter table {table} enable always trigger {table}_no_truncate" for table in KEPT),
)
