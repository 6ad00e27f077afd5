"""The sheets: drafts, what was sealed, and the marks that count now."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.store import tables as t
from core.store.queries.entries import Facts, Seat, SheetRow
from core.store.write_transaction import WriteTransaction


@dataclass(frozen=True, slots=True)
class Revision:
    """A sealed sheet. Nothing can alter it; correcting it makes another."""

    judge_id: int
    entry_id: int
    number: int
    marks: Mapping[str, int]
    remarks: str  # the commitment to their JSON
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


def about(judge: str, code: str) -> tuple[str, str]:
    """What a question about this judge's sheet on this work is `apart` about (store.unit)."""
    return judge, code


def put(unit: WriteTransaction, seat: Seat, sheet: SheetRow) -> None:
    """Keep the sheet as it stands."""
    row = {
        "judge_id": seat.judge_id, "entry_id": seat.work.id, "version": sheet.version, "state": sheet.state,
        "marks": as_json(sheet.marks), "remarks": as_json(sheet.remarks), "revision": sheet.revision,
        "return_reason": sheet.return_reason, "saved_at": sheet.saved_at,
    }  # fmt: skip
    unit.defer_insert(_PUT[unit.connection.dialect.name], row, about(seat.judge, seat.work.code))


def _upsert(insert: sqlite.Insert | postgresql.Insert) -> sa.Insert:
    key = [column.name for column in t.sheet.primary_key]
    rest = {column.name: insert.excluded[column.name] for column in t.sheet.c if column.name not in key}
    return insert.on_conflict_do_update(index_elements=key, set_=rest)


# Composed once: a draft is saved at every change of every judge.
_PUT = {"sqlite": _upsert(sqlite.insert(t.sheet)), "postgresql": _upsert(postgresql.insert(t.sheet))}


def seal(unit: WriteTransaction, seat: Seat, revision: Revision) -> None:
    """Keep a sealed sheet for ever."""
    row = {
        "judge_id": revision.judge_id, "entry_id": revision.entry_id, "number": revision.number,
        "marks": as_json(revision.marks), "remarks": revision.remarks,
        "watched_share": revision.watched_share, "submit_key": revision.submit_key, "receipt": revision.receipt,
        "ledger_seq": revision.ledger_seq, "sealed_at": revision.sealed_at,
    }  # fmt: skip
    unit.defer_insert(_SEAL, row, about(seat.judge, seat.work.code), revision.submit_key)


_SEAL = t.sheet_revision.insert()


def sealed_with(unit: WriteTransaction, key: str) -> Revision | None:
    """The revision this click already made, if it did."""
    with unit.read_without_flush(key) as connection:
        return _revision(connection, _BY_KEY, {"key": key})


def revision(connection: sa.Connection, judge_id: int, entry_id: int, number: int) -> Revision | None:
    """One sealed revision of a judge's sheet."""
    return _revision(connection, _BY_NUMBER, {"judge": judge_id, "entry": entry_id, "number": number})


def count_marks(unit: WriteTransaction, seat: Seat, hundredths: Sequence[int]) -> None:
    """Let these marks count: one for each criterion, in the rubric's order. No others of this sheet may count now."""
    for position, mark in enumerate(hundredths):
        row = {"judge_id": seat.judge_id, "entry_id": seat.work.id, "criterion": position, "hundredths": mark}
        unit.defer_insert(_COUNT, row, about(seat.judge, seat.work.code))


_COUNT = t.mark.insert()


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


_R = t.sheet_revision.c
_BY_KEY = sa.select(t.sheet_revision).where(_R.submit_key == sa.bindparam("key"))
_BY_NUMBER = sa.select(t.sheet_revision).where(
    _R.judge_id == sa.bindparam("judge"), _R.entry_id == sa.bindparam("entry"), _R.number == sa.bindparam("number")
)


def _revision(connection: sa.Connection, asked: sa.Select[Any], values: Mapping[str, object]) -> Revision | None:
    row = connection.execute(asked, values).mappings().first()
    if row is None:
        return None
    return Revision(**{**row, "marks": json.loads(row["marks"])})


def as_json(values: Mapping[str, object]) -> str:
    """Marks or remarks as they lie in the database; of remarks also what is committed to."""
    return json.dumps(dict(sorted(values.items())), ensure_ascii=False, separators=(",", ":"))
