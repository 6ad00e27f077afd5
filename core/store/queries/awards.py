"""Queries on decisions, the confirmed award table, and the data that both are computed from."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from core.rules.judging.sheet_state import SheetState
from core.rules.words import Refusal
from core.store import ledger_rows
from core.store import tables as t
from core.store.events import Touches, names_touching
from core.store.ledger import Chain
from core.store.queries.entries import COMPETES

CONFIRMED = "awards.confirmed"
MOVES = names_touching(Touches.ENTRY, Touches.REBUILD, Touches.AWARDS, Touches.PEOPLE)


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision of the committee that is not revoked: a choice among tied works, or a withheld prize."""

    id: int
    prize: str
    kind: str  # "choose" or "withhold"
    entries: tuple[str, ...]
    quantity: int
    reason: str
    decided_by: str  # the person's name
    decided_at: int


@dataclass(frozen=True, slots=True)
class ConfirmedTable:
    """The confirmed award table; `document` is its canonical JSON, `confirmed_by` the person's name."""

    document: str
    rule_card: str
    ledger_seq: int
    confirmed_by: str
    confirmed_at: int


@dataclass(frozen=True, slots=True)
class Credits:
    """A work with its author and unit, only for the papers."""

    code: str
    title: str
    author: str
    unit: str


@dataclass(frozen=True, slots=True)
class Seal:
    """The revision of a judge's sheet that counts now, and when it was sealed (UTC ms)."""

    judge: str
    entry: str
    revision: int
    sealed_at: int


def decisions(connection: sa.Connection) -> tuple[DecisionRow, ...]:
    """The decisions that are not revoked, oldest first."""
    d, by = t.decision.c, t.account.c.name
    query = (
        sa.select(d.id, d.prize, d.kind, d.entries, d.quantity, d.reason, by, d.decided_at)
        .select_from(t.decision.join(t.account, t.account.c.id == d.decided_by))
        .where(d.revoked_at.is_(None))
        .order_by(d.id)
    )
    rows = connection.execute(query)
    return tuple(DecisionRow(r.id, r.prize, r.kind, tuple(json.loads(r.entries)), *r[4:]) for r in rows)


def decided_prizes(connection: sa.Connection) -> dict[int, str]:
    """The prize's key of every decision, revoked ones too: decision -> prize."""
    return {row.id: row.prize for row in connection.execute(sa.select(t.decision.c.id, t.decision.c.prize))}


def decide(connection: sa.Connection, row: DecisionRow, username: str) -> int:
    """Insert a decision made by the account `username`. Returns its id; `row.id` and `row.decided_by` are not read."""
    fields = {"prize": row.prize, "kind": row.kind, "quantity": row.quantity, "reason": row.reason}
    entries = json.dumps(row.entries, ensure_ascii=False)
    values = {**fields, "entries": entries, "decided_by": _account(username), "decided_at": row.decided_at}
    made = connection.execute(t.decision.insert().values(**values).returning(t.decision.c.id))
    return int(made.scalar_one())


def revoke(connection: sa.Connection, number: int, at: int) -> bool:
    """Revoke a decision at `at` (UTC ms). False if there is no such decision, or it is already revoked."""
    standing = (t.decision.c.id == number, t.decision.c.revoked_at.is_(None))
    return bool(connection.execute(t.decision.update().where(*standing).values(revoked_at=at)).rowcount)


class ConfirmedTableAltered(Refusal):
    """The confirmed award table does not have the hash in the ledger, or there is more than one."""

    def __init__(self) -> None:
        super().__init__(
            "Bảng trao giải đã xác nhận trong cơ sở dữ liệu không khớp với sổ cái nên không được đưa ra. "
            "Hãy báo quản trị viên chạy lệnh verify."
        )


def confirmed(connection: sa.Connection) -> ConfirmedTable | None:
    """The confirmed award table, or None while there is none. Raises ConfirmedTableAltered.

    Everything printed after the confirmation comes from here, so each call compares its hash with the ledger's row.
    """
    a, row = t.award_table.c, t.ledger.c
    of_row = sa.and_(row.chain == Chain.RESULT.value, row.seq == a.ledger_seq, row.event == CONFIRMED)
    query = (
        sa.select(a.document, a.rule_card, a.ledger_seq, t.account.c.name, a.confirmed_at, t.ledger.c.payload)
        .select_from(t.award_table.outerjoin(t.ledger, of_row).outerjoin(t.account, t.account.c.id == a.confirmed_by))
        .limit(2)
    )
    rows = connection.execute(query).all()
    if not rows:
        return None
    *fields, payload = rows[0]
    table = ConfirmedTable(*fields)
    if len(rows) > 1 or payload is None or json.loads(payload)["document"] != _fingerprint(table.document):
        raise ConfirmedTableAltered
    return table


def _fingerprint(document: str) -> str:
    return "sha256:" + hashlib.sha256(document.encode()).hexdigest()


def confirm(connection: sa.Connection, table: ConfirmedTable, username: str) -> None:
    """Store the confirmed table, and set the closing times that are still empty: judging and interactions."""
    values = {"document": table.document, "rule_card": table.rule_card, "ledger_seq": table.ledger_seq}
    at = table.confirmed_at
    connection.execute(t.award_table.insert().values(**values, confirmed_by=_account(username), confirmed_at=at))
    c = t.contest.c
    connection.execute(
        t.contest.update().values(
            awards_confirmed_at=at,
            judging_closed_at=sa.func.coalesce(c.judging_closed_at, at),
            interactions_frozen_at=sa.func.coalesce(c.interactions_frozen_at, at),
        )
    )


def credited(connection: sa.Connection, codes: Collection[str] | None = None) -> dict[str, Credits]:
    """All works, or those of `codes`, with author and unit, by code."""
    e = t.entry.c
    query = sa.select(e.code, e.title, e.author, e.unit)
    if codes is not None:
        query = query.where(e.code.in_(list(codes)))
    return {row.code: Credits(*row) for row in connection.execute(query)}


def seals(connection: sa.Connection) -> tuple[Seal, ...]:
    """The revision that counts, for every sealed sheet."""
    s, r = t.sheet.c, t.sheet_revision.c
    same = sa.and_(r.judge_id == s.judge_id, r.entry_id == s.entry_id, r.number == s.revision)
    query = (
        sa.select(t.account.c.username, t.entry.c.code, r.number, r.sealed_at)
        .select_from(t.sheet.join(t.sheet_revision, same))
        .join(t.account, t.account.c.id == s.judge_id)
        .join(t.entry, t.entry.c.id == s.entry_id)
        .where(s.state == SheetState.SEALED, COMPETES)
    )
    return tuple(Seal(*row) for row in connection.execute(query))


def moved_at(connection: sa.Connection, until: int | None = None) -> int:
    """The id of the last ledger row, at most `until`, that could change the award table; 0 if there is none."""
    return ledger_rows.last_of(connection, MOVES, until)


def _account(username: str) -> sa.ScalarSelect[int]:
    return sa.select(t.account.c.id).where(t.account.c.username == username).scalar_subquery()
