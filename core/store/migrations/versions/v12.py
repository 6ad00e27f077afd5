"""Version 12: signed checkpoints. A copy of `core.store.tables` as it stood then, and its guards."""

import sqlalchemy as sa
from alembic import op

from core.store.migrations.versions.v1 import Big, metadata

revision = "v12"
down_revision = "v11"

checkpoint = sa.Table(
    "checkpoint",
    sa.MetaData(naming_convention=metadata.naming_convention),
    sa.Column("rows", Big, primary_key=True, autoincrement=False),
    sa.Column("made_at", Big, nullable=False),
    sa.Column("occasion", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sqlite_strict=True,
)
# REPLACE removes the row in its way without asking a DELETE trigger, so the key is looked up before the insert.
SQLITE = (
    """create trigger checkpoint_follows before insert on checkpoint begin
  select raise(abort, 'checkpoint: it is signed already') where exists (select 1 from checkpoint where rows = new.rows);
  select raise(abort, 'checkpoint: it must be about the whole result chain')
    where new.rows <> coalesce((select max(seq) from ledger where chain = 'result'), 0);
end""",
    *(
        f"create trigger checkpoint_no_{deed} before {deed} on checkpoint begin "
        "select raise(abort, 'checkpoint is append-only'); end"
        for deed in ("update", "delete")
    ),
)
POSTGRESQL = (
    """create function checkpoint_follows() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(4343627);
  if new.rows <> coalesce((select max(seq) from ledger where chain = 'result'), 0) then
    raise exception 'checkpoint: it must be about the whole result chain';
  end if;
  return new;
end $$""",
    "create trigger checkpoint_follows before insert on checkpoint for each row execute function checkpoint_follows()",
    (
        "create trigger checkpoint_no_change before update or delete on checkpoint "
        "for each row execute function refuse_change()"
    ),
    (
        "create trigger checkpoint_no_truncate before truncate on checkpoint "
        "for each statement execute function refuse_change()"
    ),
    "alter table checkpoint enable always trigger checkpoint_follows",
    "alter table checkpoint enable always trigger checkpoint_no_change",
    "alter table checkpoint enable always trigger checkpoint_no_truncate",
)


def upgrade() -> None:
    """Add the table and its guards."""
    bind = op.get_bind()
    checkpoint.create(bind, checkfirst=False)
    for statement in SQLITE if bind.dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
