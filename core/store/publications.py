"""Queries on publications of the result, and on proposals to take one back."""

import hashlib
import json
from dataclasses import dataclass

import sqlalchemy as sa

from core.rules.words import Refusal
from core.store import tables as t
from core.store.ledger import Chain

PUBLISHED, RETRACTED = "result.published", "result.retracted"


class PublishedAltered(Refusal):
    """The published document does not have the hash in the ledger, or the ledger's last act about it is another."""

    def __init__(self) -> None:
        super().__init__(
            "Kết quả đã công bố trong cơ sở dữ liệu không khớp với sổ cái nên không được đưa ra. "
            "Hãy báo quản trị viên chạy lệnh verify."
        )


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """An act of publication. `by`: the username; times in UTC ms. `retracted_at` None: it stands."""

    id: int
    document: str  # "sha256:…" of the confirmed award table
    by: str
    at: int
    retracted_at: int | None


@dataclass(frozen=True, slots=True)
class RetractionRow:
    """A proposal to take a publication back; usernames, times in UTC ms. `outcome` None: it waits."""

    id: int
    publication: int
    reason: str
    proposed_by: str
    proposed_at: int
    outcome: str | None
    answer: str
    decided_by: str | None
    decided_at: int | None


def publications(connection: sa.Connection) -> list[PublicationRow]:
    """Every publication, oldest first."""
    p = t.publication.c
    query = (
        sa.select(p.id, p.document, t.account.c.username, p.published_at, p.retracted_at)
        .select_from(t.publication.join(t.account, t.account.c.id == p.published_by))
        .order_by(p.id)
    )
    return [PublicationRow(*row) for row in connection.execute(query).all()]


def standing(connection: sa.Connection) -> PublicationRow | None:
    """The publication that stands; None while the result is not public."""
    last = next(reversed(publications(connection)), None)
    return last if last is not None and last.retracted_at is None else None


def text(connection: sa.Connection, number: int) -> str:
    """The published document of a publication, as it is stored."""
    return str(connection.execute(sa.select(t.publication.c.text).where(t.publication.c.id == number)).scalar_one())


def checked_text(connection: sa.Connection, number: int) -> str:
    """The published document of the publication that stands. Raises PublishedAltered.

    Everything public comes from it, so each call compares it with the ledger's last row about the publication.
    """
    row = t.ledger.c
    last = sa.select(row.event, row.payload).where(
        row.chain == Chain.RESULT.value, row.event.in_((PUBLISHED, RETRACTED))
    )
    act = connection.execute(last.order_by(row.seq.desc()).limit(1)).first()
    fields = json.loads(act.payload) if act is not None and act.event == PUBLISHED else {}
    found = text(connection, number)
    hashed = "sha256:" + hashlib.sha256(found.encode()).hexdigest()
    if (fields.get("publication"), fields.get("public")) != (number, hashed):
        raise PublishedAltered
    return found


def retractions(connection: sa.Connection) -> list[RetractionRow]:
    """Every proposal to take a publication back, oldest first."""
    proposer, decider, r = t.account.alias(), t.account.alias(), t.retraction.c
    joined = t.retraction.join(proposer, proposer.c.id == r.proposed_by)
    query = (
        sa.select(
            r.id, r.publication_id, r.reason, proposer.c.username, r.proposed_at, r.outcome, r.answer, decider.c.username,
            r.decided_at,
        )
        .select_from(joined.outerjoin(decider, decider.c.id == r.decided_by))
        .order_by(r.id)
    )  # fmt: skip
    return [RetractionRow(*row) for row in connection.execute(query).all()]


def publish(connection: sa.Connection, document: str, text: str, *, by: str, at: int) -> int:
    """Make the result public: store the act and set the contest's time (UTC ms). Returns the publication's number."""
    values = {"document": document, "text": text, "published_by": _account(by), "published_at": at}
    made = connection.execute(t.publication.insert().values(values).returning(t.publication.c.id)).scalar_one()
    connection.execute(t.contest.update().values(published_at=at))
    return int(made)


def propose(connection: sa.Connection, publication: int, reason: str, *, by: str, at: int) -> int:
    """Store a proposal to take a publication back. Returns its number."""
    values = {
        "publication_id": publication,
        "reason": reason,
        "proposed_by": _account(by),
        "proposed_at": at,
        "answer": "",
    }
    made = t.retraction.insert().values(values).returning(t.retraction.c.id)
    return int(connection.execute(made).scalar_one())


def decide(connection: sa.Connection, number: int, outcome: str, answer: str, *, by: str, at: int) -> None:
    """Store how a proposal was decided. `outcome`: "confirmed" or "declined"."""
    values = {"outcome": outcome, "answer": answer, "decided_by": _account(by), "decided_at": at}
    connection.execute(t.retraction.update().where(t.retraction.c.id == number).values(values))


def retract(connection: sa.Connection, publication: int, at: int) -> None:
    """Take a publication back at this time (UTC ms): the contest is not public any more."""
    connection.execute(t.publication.update().where(t.publication.c.id == publication).values(retracted_at=at))
    connection.execute(t.contest.update().values(published_at=None))


def _account(username: str) -> "sa.ScalarSelect[int]":
    return sa.select(t.account.c.id).where(t.account.c.username == username).scalar_subquery()
