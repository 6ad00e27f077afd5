"""The sheets: drafts, what was sealed, and the marks that count now."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from core.store import tables as t
from core.store.entries import Facts, SheetRow


@dataclass(frozen=True, slots=True)
class Revision:
    """A sealed sheet. Nothing can alter it; correcting it makes another."""

    judge_id: int
    entry_id: int
    number: int
    marks: Mapping[str, int]
    remarks: Mapping[str, str]
    salt: str
    watched_share: int  # basis points
    submit_key: str
    receipt: str
    ledger_seq: int
    sealed_at: int  # UTC ms


def facts(connection: sa.Connection) -> Facts:
    """The round's state now."""
    return Facts(*connection.execute(_FACTS).one())


_FACTS = sa.select(t.contest.c.judging_closed_at, t.contest.c.frozen_at)


def freeze(connection: sa.Connection, at: int) -> None:
    """The rule card is frozen at the first submitted sheet."""
    connection.execute(t.contest.update().where(t.contest.c.frozen_at.is_(None)).values(frozen_at=at))


def put(connection: sa.Connection, judge_id: int, entry_id: int, sheet: SheetRow) -> None:
    """Keep the sheet as it stands."""
    kept = {
        "version": sheet.version, "state": sheet.state, "marks": _json(sheet.marks), "remarks": _json(sheet.remarks),
        "revision": sheet.revision, "return_reason": sheet.return_reason, "saved_at": sheet.saved_at,
    }  # fmt: skip
    if sheet.version > 1 and connection.execute(_REWRITE, {**kept, "judge": judge_id, "entry": entry_id}).rowcount:
        return
    connection.execute(_WRITE, {**kept, "judge_id": judge_id, "entry_id": entry_id})


# Composed once: a draft is saved at every change of every judge.
_KEPT = ("version", "state", "marks", "remarks", "revision", "return_reason", "saved_at")
_WRITE = t.sheet.insert()
_REWRITE = (
    t.sheet.update()
    .where(t.sheet.c.judge_id == sa.bindparam("judge"), t.sheet.c.entry_id == sa.bindparam("entry"))
    .values({name: sa.bindparam(name) for name in _KEPT})
)


def seal(connection: sa.Connection, revision: Revision) -> None:
    """Keep a sealed sheet for ever."""
    kept = {
        "judge_id": revision.judge_id, "entry_id": revision.entry_id, "number": revision.number,
        "marks": _json(revision.marks), "remarks": _json(revision.remarks), "salt": revision.salt,
        "watched_share": revision.watched_share, "submit_key": revision.submit_key, "receipt": revision.receipt,
        "ledger_seq": revision.ledger_seq, "sealed_at": revision.sealed_at,
    }  # fmt: skip
    connection.execute(_SEAL, kept)


_SEAL = t.sheet_revision.insert()


def sealed_with(connection: sa.Connection, key: str) -> Revision | None:
    """The revision this click already made, if it did."""
    return _revision(connection, t.sheet_revision.c.submit_key == key)


def revision(connection: sa.Connection, judge_id: int, entry_id: int, number: int) -> Revision | None:
    """One sealed revision of a judge's sheet."""
    r = t.sheet_revision.c
    return _revision(connection, sa.and_(r.judge_id == judge_id, r.entry_id == entry_id, r.number == number))


def count_marks(connection: sa.Connection, judge_id: int, entry_id: int, hundredths: Sequence[int]) -> None:
    """Let these marks count: one for each criterion, in the rubric's order. No others of this sheet may count now."""
    rows = [
        {"judge_id": judge_id, "entry_id": entry_id, "criterion": position, "hundredths": mark}
        for position, mark in enumerate(hundredths)
    ]
    connection.execute(t.mark.insert(), rows)


def withdraw_marks(connection: sa.Connection, judge_id: int, entry_id: int) -> None:
    """Let the judge's marks on the work count no longer."""
    connection.execute(t.mark.delete().where(t.mark.c.judge_id == judge_id, t.mark.c.entry_id == entry_id))


def recuse(
    connection: sa.Connection, judge_id: int, entry_id: int, *, reason: str, declared_by: str, declared_at: int
) -> None:
    """Keep that the judge has withdrawn from the work, and on whose word."""
    who = sa.select(t.account.c.id).where(t.account.c.username == declared_by).scalar_subquery()
    connection.execute(
        t.recusal.insert().values(
            judge_id=judge_id, entry_id=entry_id, reason=reason, declared_by=who, declared_at=declared_at
        )
    )


def _revision(connection: sa.Connection, where: sa.ColumnElement[bool]) -> Revision | None:
    row = connection.execute(sa.select(t.sheet_revision).where(where)).mappings().first()
    if row is None:
        return None
    return Revision(**{**row, "marks": json.loads(row["marks"]), "remarks": json.loads(row["remarks"])})


def _json(values: Mapping[str, object]) -> str:
    return json.dumps(dict(sorted(values.items())), ensure_ascii=False, separators=(",", ":"))
