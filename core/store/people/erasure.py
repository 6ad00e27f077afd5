"""Removes personal texts from the tables. The ledger keeps only their commitments."""

import json

import sqlalchemy as sa

from core.store import tables as t

NOTHING = ""  # replaces an erased text


def clear_entry(connection: sa.Connection, code: str) -> bool:
    """Clear a work's title, author and unit. False if there is no such work."""
    texts = {"title": NOTHING, "author": NOTHING, "unit": NOTHING}
    return bool(connection.execute(t.entry.update().where(t.entry.c.code == code).values(texts)).rowcount)


def clear_submission(connection: sa.Connection, submission_id: int) -> None:
    """Clear a submission's form."""
    connection.execute(t.submission.update().where(t.submission.c.id == submission_id).values(form=NOTHING))


def erased_username(number: int) -> str:
    """The username of an account after its names are erased: "#07", which nobody can choose."""
    return f"#{number:02}"


def clear_return(connection: sa.Connection, judge: int, code: str) -> None:
    """Clear the reason of a returned sheet; a sheet sealed again has none. `judge`: the number in the pseudonym."""
    who = sa.select(t.account.c.id).where(t.account.c.number == judge).scalar_subquery()
    work = sa.select(t.entry.c.id).where(t.entry.c.code == code).scalar_subquery()
    s = t.sheet.c
    returned = sa.and_(s.judge_id == who, s.entry_id == work, s.return_reason.is_not(None))
    connection.execute(t.sheet.update().where(returned).values(return_reason=NOTHING))


def clear_account(connection: sa.Connection, account_id: int, username: str) -> None:
    """Set `username`, and clear the name, remarks, notes, reasons, and the sessions' addresses and agents."""
    me = t.account.c.id == account_id
    connection.execute(t.account.update().where(me).values(username=username, name=NOTHING))
    connection.execute(t.note.update().where(t.note.c.judge_id == account_id).values(text=NOTHING))
    connection.execute(t.sheet.update().where(t.sheet.c.judge_id == account_id).values(remarks=json.dumps({})))
    for table, by in (
        (t.recusal, "declared_by"), (t.decision, "decided_by"), (t.film_pair_decision, "decided_by"),
        (t.match_decision, "decided_by"), (t.interactions_freeze, "reopened_by"), (t.reading_review, "reviewed_by"),
        (t.screening_verdict, "screener_id"), (t.screening_recusal, "screener_id"),
        (t.finals_list, "closed_by"), (t.finalist_post, "entered_by"), (t.finalist_change, "proposed_by"),
        (t.retraction, "proposed_by"),
    ):  # fmt: skip
        written = sa.and_(table.c[by] == account_id, table.c.reason.is_not(None))
        connection.execute(table.update().where(written).values(reason=NOTHING))
    entered = t.reading_detail.c.reading_id.in_(sa.select(t.reading.c.id).where(t.reading.c.entered_by == account_id))
    for name in ("explanation", "reason"):  # the post's address is the work's
        written = sa.and_(entered, t.reading_detail.c[name].is_not(None))
        connection.execute(t.reading_detail.update().where(written).values({name: NOTHING}))
    for table in (t.finalist_change, t.retraction):
        connection.execute(table.update().where(table.c.decided_by == account_id).values(answer=NOTHING))
    connection.execute(
        t.auth_session.update().where(t.auth_session.c.account_id == account_id).values(address=NOTHING, agent=NOTHING)
    )
