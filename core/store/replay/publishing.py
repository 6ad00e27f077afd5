"""Replay of publications of the result, of their retraction, and of signed checkpoints."""

from core.store.events import payloads as p
from core.store.ledger import Row
from core.store.replay.state import Fields, State, Text, person


def published(state: State, payload: p.ResultPublished, row: Row) -> None:
    """The result was made public."""
    state.contest["published_at"] = row.at
    state["publication"][payload.publication,] = {
        "document": payload.document, "text": payload.public, "published_by": person(row.actor), "published_at": row.at,
        "retracted_at": None,
    }  # fmt: skip


def retraction_proposed(state: State, payload: p.RetractionProposed, row: Row) -> None:
    """Somebody proposed to take a publication back."""
    made: Fields = {"publication_id": payload.publication, "reason": Text(payload.reason)}
    made |= {"proposed_by": person(row.actor), "proposed_at": row.at}
    made |= {"outcome": None, "answer": "", "decided_by": None, "decided_at": None}
    state["retraction"][payload.retraction,] = made


def retraction_declined(state: State, payload: p.RetractionDeclined, row: Row) -> None:
    """Another person declined it."""
    _decide(state, payload.retraction, "declined", payload.answer, row)


def retracted(state: State, payload: p.ResultRetracted, row: Row) -> None:
    """Another person confirmed it: the result is not public any more."""
    _decide(state, payload.retraction, "confirmed", payload.answer, row)
    state["publication"][payload.publication,]["retracted_at"] = row.at
    state.contest["published_at"] = None


def signing_key_recorded(state: State, payload: p.SigningKeyRecorded, _row: Row) -> None:
    """The checkpoints from here on are signed with this key."""
    state.signing_key = payload.key


def checkpoint_made(state: State, payload: p.CheckpointMade | p.CheckpointMadeV1, row: Row) -> None:
    """A checkpoint; from the first recorded key on each is signed, of whichever version its row is."""
    if state.signing_key or isinstance(payload, p.CheckpointMade):
        occasion = payload.occasion if isinstance(payload, p.CheckpointMade) else ""
        state["checkpoint"][row.seq,] = {"made_at": row.at, "occasion": occasion}


def _decide(state: State, number: int, outcome: str, answer: str | None, row: Row) -> None:
    change: Fields = {"outcome": outcome, "answer": "" if answer is None else Text(answer)}
    change |= {"decided_by": person(row.actor), "decided_at": row.at}
    state["retraction"][number,].update(change)
