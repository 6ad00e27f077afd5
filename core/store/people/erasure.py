"""Personal texts taken out of the tables; what the ledger says of them stays, as commitments."""

import json

import sqlalchemy as sa

from core.store import tables as t

NOTHING = ""  # what stands where a text was


def clear_entry(connection: sa.Connection, code: str) -> bool:
    """A work without its title, author and unit; False where there is no such work."""
    texts = {"title": NOTHING, "author": NOTHING, "unit": NOTHING}
    return bool(connection.execute(t.entry.update().where(t.entry.c.code == code).values(texts)).rowcount)


def erased_username(number: int) -> str:
    """What stands for the username of an account whose names were deleted: "#07", which nobody can choose."""
    return f"#{number:02}"


def clear_return(connection: sa.Connection, judge: int, code: str) -> None:
    """A returned sheet without the reason; one that was sealed again holds none. `judge`: the account's number."""
    who = sa.select(t.account.c.id).where(t.account.c.number == judge).scalar_subquery()
    work = sa.select(t.entry.c.id).where(t.entry.c.code == code).scalar_subquery()
    s = t.sheet.c
    returned = sa.and_(s.judge_id == who, s.entry_id == work, s.return_reason.is_not(None))
    connection.execute(t.sheet.update().where(returned).values(return_reason=NOTHING))


def clear_account(connection: sa.Connection, account_id: int, username: str) -> None:
    """An account without its names, and without what the person wrote: remarks, notes, reasons."""
    me = t.account.c.id == account_id
    connection.execute(t.account.update().where(me).values(username=username, name=NOTHING))
    connection.execute(t.note.update().where(t.note.c.judge_id == account_id).values(text=NOTHING))
    connection.execute(t.sheet.update().where(t.sheet.c.judge_id == account_id).values(remarks=json.dumps({})))
    for table, by in ((t.recusal, "declared_by"), (t.decision, "decided_by"), (t.interactions_freeze, "reopened_by")):
        written = sa.and_(table.c[by] == account_id, table.c.reason.is_not(None))
        connection.execute(table.update().where(written).values(reason=NOTHING))
    connection.execute(
        t.auth_session.update().where(t.auth_session.c.account_id == account_id).values(address=NOTHING, agent=NOTHING)
    )
