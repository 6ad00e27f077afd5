"""Replay of the list of officials, and of the decisions about authors who are like them."""

from core.store.events import payloads as p
from core.store.ledger import Row
from core.store.people.erasure import NOTHING
from core.store.replay.state import Fields, State, Text, person


def added(state: State, payload: p.OfficialAdded, row: Row) -> None:
    """An official was added to the list."""
    state["official"][payload.official,] = _texts(payload) | {
        "added_by": person(row.actor), "added_at": row.at, "removed_at": None,
    }  # fmt: skip


def corrected(state: State, payload: p.OfficialCorrected, _row: Row) -> None:
    """An official's name, body, date of birth, phone or note was corrected."""
    state["official"][payload.official,].update(_texts(payload))


def removed(state: State, payload: p.OfficialRemoved, row: Row) -> None:
    """An official left the list."""
    state["official"][payload.official,]["removed_at"] = row.at


def decided(state: State, payload: p.MatchDecided, row: Row) -> None:
    """Somebody decided whether an author and an official are one person."""
    state["match_decision"][payload.number,] = {
        "author": payload.author_key, "official": payload.official,
        "account": None if payload.account is None else person(payload.account), "ground": payload.ground,
        "outcome": payload.outcome, "reason": Text(payload.reason), "decided_by": person(row.actor),
        "decided_at": row.at,
    }  # fmt: skip


def _texts(payload: p.OfficialAdded | p.OfficialCorrected) -> Fields:
    commitments = {name: getattr(payload, name) for name in ("name", "birth_date", "phone", "note")}
    texts = {name: NOTHING if commitment is None else Text(commitment) for name, commitment in commitments.items()}
    return {"body": payload.body, **texts}
