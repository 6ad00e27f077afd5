"""What the committee decided, the award table as it was confirmed, and what both are made from."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from core.rules.words import Refusal
from core.store import ledger_rows
from core.store import tables as t
from core.store.events import Touches, names_touching
from core.store.ledger import Chain

CONFIRMED = "awards.confirmed"
MOVES = names_touching(Touches.ENTRY, Touches.REBUILD, Touches.AWARDS, Touches.PEOPLE)


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision of the committee that stands: a choice among equals, or a prize not given."""

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
    """The award table as it was confirmed; `document` is its canonical text."""

    document: str
    rule_card: str
    ledger_seq: int
    confirmed_by: str
    confirmed_at: int


@dataclass(frozen=True, slots=True)
class Credits:
    """A work with its people, for the papers alone."""

    code: str
    title: str
    author: str
    unit: str


@dataclass(frozen=True, slots=True)
class Seal:
    """Which revision of a judge's sheet counts now, and since when."""

    judge: str
    entry: str
    revision: int
    sealed_at: int


def decisions(connection: sa.Connection) -> tuple[DecisionRow, ...]:
    """The decisions that stand, in the order they were made."""
    d, by = t.decision.c, t.account.c.name
    asked = (
        sa.select(d.id, d.prize, d.kind, d.entries, d.quantity, d.reason, by, d.decided_at)
        .select_from(t.decision.join(t.account, t.account.c.id == d.decided_by))
        .where(d.revoked_at.is_(None))
        .order_by(d.id)
    )
    rows = connection.execute(asked)
    return tuple(DecisionRow(r.id, r.prize, r.kind, tuple(json.loads(r.entries)), *r[4:]) for r in rows)


def decide(connection: sa.Connection, row: DecisionRow, username: str) -> int:
    """Keep a decision made by this account; its number."""
    kept = {"prize": row.prize, "kind": row.kind, "quantity": row.quantity, "reason": row.reason}
    entries = json.dumps(row.entries, ensure_ascii=False)
    values = {**kept, "entries": entries, "decided_by": _account(username), "decided_at": row.decided_at}
    made = connection.execute(t.decision.insert().values(**values).returning(t.decision.c.id))
    return int(made.scalar_one())


def revoke(connection: sa.Connection, number: int, at: int) -> bool:
    """Take a decision back; False where it does not stand."""
    standing = (t.decision.c.id == number, t.decision.c.revoked_at.is_(None))
    return bool(connection.execute(t.decision.update().where(*standing).values(revoked_at=at)).rowcount)


class ConfirmedTableAltered(Refusal):
    """The confirmed award table in the database is not the one whose hash is in the ledger, or not the only one."""

    def __init__(self) -> None:
        super().__init__(
            "Bảng trao giải đã xác nhận trong cơ sở dữ liệu không khớp với sổ cái nên không được đưa ra. "
            "Hãy báo quản trị viên chạy lệnh verify."
        )


def confirmed(connection: sa.Connection) -> ConfirmedTable | None:
    """The confirmed award table, or None while there is none. Raises ConfirmedTableAltered.

    Everything printed after the confirmation comes from here, so here its hash is held to the ledger's row each time.
    """
    a, row = t.award_table.c, t.ledger.c
    of_row = sa.and_(row.chain == Chain.RESULT.value, row.seq == a.ledger_seq, row.event == CONFIRMED)
    asked = (
        sa.select(a.document, a.rule_card, a.ledger_seq, t.account.c.name, a.confirmed_at, t.ledger.c.payload)
        .select_from(t.award_table.outerjoin(t.ledger, of_row).outerjoin(t.account, t.account.c.id == a.confirmed_by))
        .limit(2)
    )
    rows = connection.execute(asked).all()
    if not rows:
        return None
    *kept, payload = rows[0]
    table = ConfirmedTable(*kept)
    if len(rows) > 1 or payload is None or json.loads(payload)["document"] != _fingerprint(table.document):
        raise ConfirmedTableAltered
    return table


def _fingerprint(document: str) -> str:
    return "sha256:" + hashlib.sha256(document.encode()).hexdigest()


def confirm(connection: sa.Connection, table: ConfirmedTable, username: str) -> None:
    """Keep the table for ever, and close for good what it was made from."""
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
    """Every work, or those of these codes, with its people, by its code."""
    e = t.entry.c
    asked = sa.select(e.code, e.title, e.author, e.unit)
    if codes is not None:
        asked = asked.where(e.code.in_(list(codes)))
    return {row.code: Credits(*row) for row in connection.execute(asked)}


def seals(connection: sa.Connection) -> tuple[Seal, ...]:
    """The revision that counts of every sealed sheet."""
    s, r = t.sheet.c, t.sheet_revision.c
    same = sa.and_(r.judge_id == s.judge_id, r.entry_id == s.entry_id, r.number == s.revision)
    asked = (
        sa.select(t.account.c.username, t.entry.c.code, r.number, r.sealed_at)
        .select_from(t.sheet.join(t.sheet_revision, same))
        .join(t.account, t.account.c.id == s.judge_id)
        .join(t.entry, t.entry.c.id == s.entry_id)
        .where(s.state == "sealed")
    )
    return tuple(Seal(*row) for row in connection.execute(asked))


def moved_at(connection: sa.Connection, until: int | None = None) -> int:
    """The id of the ledger's last row (up to the id `until`) that could change the award table; 0 before the first."""
    return ledger_rows.last_of(connection, MOVES, until)


def _account(username: str) -> sa.ScalarSelect[int]:
    return sa.select(t.account.c.id).where(t.account.c.username == username).scalar_subquery()
