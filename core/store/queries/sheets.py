"""Queries on sheets: drafts, sealed revisions, and the marks that count now."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.store import tables as t
from core.store.queries.entries import Assignment, Facts, SheetRow
from core.store.write_transaction import WriteTransaction


@dataclass(frozen=True, slots=True)
class Revision:
    """A sealed sheet. It never changes; a correction makes another revision."""

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
    """The round's times now."""
    return Facts(*connection.execute(_FACTS).one())


_FACTS = sa.select(t.contest.c.judging_closed_at, t.contest.c.frozen_at)


def freeze(connection: sa.Connection, at: int) -> None:
    """Set when the rule card was frozen, at the first submitted sheet; later calls change nothing. `at` in UTC ms."""
    connection.execute(t.contest.update().where(t.contest.c.frozen_at.is_(None)).values(frozen_at=at))


def about(judge: str, code: str) -> tuple[str, str]:
    """The `about` key for reads of this judge's sheet on this work (`WriteTransaction.read_without_flush`)."""
    return judge, code


def put(transaction: WriteTransaction, assignment: Assignment, sheet: SheetRow) -> None:
    """Insert or update the judge's sheet, deferred to the end of the batch."""
    row = {
        "judge_id": assignment.judge_id, "entry_id": assignment.work.id, "version": sheet.version, "state": sheet.state,
        "marks": as_json(sheet.marks), "remarks": as_json(sheet.remarks), "revision": sheet.revision,
        "return_reason": sheet.return_reason, "saved_at": sheet.saved_at,
    }  # fmt: skip
    transaction.defer_insert(
        _PUT[transaction.connection.dialect.name], row, about(assignment.judge, assignment.work.code)
    )


def _upsert(insert: sqlite.Insert | postgresql.Insert) -> sa.Insert:
    key = [column.name for column in t.sheet.primary_key]
    rest = {column.name: insert.excluded[column.name] for column in t.sheet.c if column.name not in key}
    return insert.on_conflict_do_update(index_elements=key, set_=rest)


# Built once: a draft is saved at every change of every judge.
_PUT = {"sqlite": _upsert(sqlite.insert(t.sheet)), "postgresql": _upsert(postgresql.insert(t.sheet))}


def seal(transaction: WriteTransaction, assignment: Assignment, revision: Revision) -> None:
    """Insert a sealed revision, deferred to the end of the batch."""
    row = {
        "judge_id": revision.judge_id, "entry_id": revision.entry_id, "number": revision.number,
        "marks": as_json(revision.marks), "remarks": revision.remarks,
        "watched_share": revision.watched_share, "submit_key": revision.submit_key, "receipt": revision.receipt,
        "ledger_seq": revision.ledger_seq, "sealed_at": revision.sealed_at,
    }  # fmt: skip
    transaction.defer_insert(_SEAL, row, about(assignment.judge, assignment.work.code), revision.submit_key)


_SEAL = t.sheet_revision.insert()


def sealed_with(transaction: WriteTransaction, key: str) -> Revision | None:
    """The revision that was submitted with this key; None if there is none."""
    with transaction.read_without_flush(key) as connection:
        return _revision(connection, _BY_KEY, {"key": key})


def revision(connection: sa.Connection, judge_id: int, entry_id: int, number: int) -> Revision | None:
    """One sealed revision of a judge's sheet; None if there is none."""
    return _revision(connection, _BY_NUMBER, {"judge": judge_id, "entry": entry_id, "number": number})


def count_marks(transaction: WriteTransaction, assignment: Assignment, hundredths: Sequence[int]) -> None:
    """Insert the marks that count, one per criterion in the rubric's order. The sheet must have none there yet."""
    for position, mark in enumerate(hundredths):
        row = {
            "judge_id": assignment.judge_id,
            "entry_id": assignment.work.id,
            "criterion": position,
            "hundredths": mark,
        }
        transaction.defer_insert(_COUNT, row, about(assignment.judge, assignment.work.code))


_COUNT = t.mark.insert()


def withdraw_marks(connection: sa.Connection, judge_id: int, entry_id: int) -> None:
    """Delete the judge's marks on the work from the marks that count."""
    connection.execute(t.mark.delete().where(t.mark.c.judge_id == judge_id, t.mark.c.entry_id == entry_id))


def recuse(
    connection: sa.Connection, judge_id: int, entry_id: int, *, reason: str, declared_by: str, declared_at: int
) -> None:
    """Insert a recusal of the judge from the work. `declared_by` is a username, `declared_at` UTC ms."""
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


def _revision(connection: sa.Connection, query: sa.Select[Any], values: Mapping[str, object]) -> Revision | None:
    row = connection.execute(query, values).mappings().first()
    if row is None:
        return None
    return Revision(**{**row, "marks": json.loads(row["marks"])})


def as_json(values: Mapping[str, object]) -> str:
    """Marks or remarks as stored JSON, keys sorted. For remarks this text is also what the commitment is made of."""
    return json.dumps(dict(sorted(values.items())), ensure_ascii=False, separators=(",", ":"))
