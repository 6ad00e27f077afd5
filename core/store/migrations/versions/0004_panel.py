"""Accounts that wait to be confirmed, the secret of the judges' numbers, and one confirmed award table at most."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

Big = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # as in 0001
NAMES = {
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = sa.MetaData(naming_convention=NAMES)
sa.Table("account", metadata, sa.Column("id", Big, primary_key=True))
unconfirmed_account = sa.Table(
    "unconfirmed_account",
    metadata,
    sa.Column("account_id", Big, sa.ForeignKey("account.id"), primary_key=True, autoincrement=False),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("since", Big, nullable=False),
    sqlite_strict=True,
)
contest_secret = sa.Table(
    "contest_secret",
    metadata,
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1", name="one"), primary_key=True, autoincrement=False),
    sa.Column("panel_salt", sa.Text, nullable=False),
    sqlite_strict=True,
)
RANDOM = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "replace(gen_random_uuid()::text, '-', '')"}

SQLITE = (
    "drop trigger award_table_new",
    """create trigger award_table_new before insert on award_table begin
  select raise(abort, 'award_table: a table is confirmed already') where exists (select 1 from award_table);
end""",
)
POSTGRESQL = (
    """create function award_table_is_one() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(4343627);
  if exists (select 1 from award_table) then raise exception 'award_table: a table is confirmed already'; end if;
  return new;
end $$""",
    "create trigger award_table_new before insert on award_table for each row execute function award_table_is_one()",
    "alter table award_table enable always trigger award_table_new",
)


def upgrade() -> None:
    """Make the tables, give a contest that is there its secret, and let no second award table in."""
    bind = op.get_bind()
    unconfirmed_account.create(bind)
    contest_secret.create(bind)
    op.execute(f"insert into contest_secret select 1, {RANDOM[bind.dialect.name]} from contest")  # noqa: S608  # our own words
    for statement in SQLITE if bind.dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
