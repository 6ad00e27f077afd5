"""Replay of closings, readings of interactions, decisions and the confirmed award table."""

from core.rules.interaction_kinds import INTERACTION_KINDS
from core.store.events import payloads as p
from core.store.ledger import Row
from core.store.replay.state import Fields, State, Text, person

COUNTS = ("taken_at", *INTERACTION_KINDS)


def judging_closed(state: State, _payload: p.RoundClosed, row: Row) -> None:
    """The chief judge closed the round."""
    state.contest["judging_closed_at"] = row.at


def reading(state: State, payload: p.ReadingEntered | p.ReadingEnteredV1, row: Row) -> None:
    """Somebody entered a work's interaction counts. Readings are numbered per work, from 1."""
    state.readings[payload.entry] += 1
    read = {name: getattr(payload, name) for name in COUNTS} | {"entered_by": person(row.actor), "entered_at": row.at}
    number = state.readings[payload.entry]
    state["reading"][payload.entry, number] = read
    if isinstance(payload, p.ReadingEntered):
        corrects = None if payload.corrects is None else reading_name(payload.entry, payload.corrects)
        state["reading_detail"][reading_name(payload.entry, number),] = {
            "corrects": corrects, "questions": payload.questions, "screenshot": payload.screenshot,
            "explanation": _text(payload.explanation), "reason": _text(payload.reason), "address": _text(payload.address),
        }  # fmt: skip


def reading_name(entry: str, number: int) -> str:
    """A reading as its work's code and its number in the work."""
    return f"{entry} {number}"


def reading_reviewed(state: State, payload: p.ReadingConfirmed | p.ReadingRejected, row: Row) -> None:
    """Another person confirmed or rejected a reading."""
    rejected = isinstance(payload, p.ReadingRejected)
    state["reading_review"][reading_name(payload.entry, payload.reading),] = {
        "verdict": "rejected" if rejected else "confirmed",
        "reason": Text(payload.reason) if isinstance(payload, p.ReadingRejected) else None,
        "reviewed_by": person(row.actor),
        "reviewed_at": row.at,
    }


def _text(commitment: str | None) -> Text | None:
    return None if commitment is None else Text(commitment)


def frozen(state: State, _payload: p.CountsFrozen | p.CountsFrozenV1, row: Row) -> None:
    """The interactions were frozen, for the first time or again."""
    state.contest["interactions_frozen_at"] = row.at
    made: Fields = {"frozen_by": person(row.actor), "frozen_at": row.at}
    made |= {"reopened_by": None, "reopened_at": None, "reason": None}
    state["interactions_freeze"][len(state["interactions_freeze"]) + 1,] = made


def reopened(state: State, payload: p.CountsReopened, row: Row) -> None:
    """The latest freeze of the interactions was reopened."""
    last = state["interactions_freeze"][len(state["interactions_freeze"]),]
    last.update(reopened_by=person(row.actor), reopened_at=row.at, reason=Text(payload.reason))
    state.contest["interactions_frozen_at"] = None


def decided(state: State, payload: p.DecisionMade, row: Row) -> None:
    """The committee chose among tied works, or withheld a prize."""
    state["decision"][payload.decision,] = {
        "prize": payload.prize, "kind": payload.kind, "entries": payload.entries, "quantity": payload.quantity,
        "reason": Text(payload.reason), "decided_by": person(row.actor), "decided_at": row.at, "revoked_at": None,
    }  # fmt: skip


def revoked(state: State, payload: p.DecisionRevoked, row: Row) -> None:
    """A decision was revoked."""
    state["decision"][payload.decision,]["revoked_at"] = row.at


def confirmed(state: State, payload: p.AwardsConfirmed, row: Row) -> None:
    """The award table was confirmed; judging and interactions are closed at the same time if they were open."""
    for closing in ("judging_closed_at", "interactions_frozen_at", "awards_confirmed_at"):
        if state.contest[closing] is None:
            state.contest[closing] = row.at
    state["award_table"][len(state["award_table"]) + 1,] = {
        "document": payload.document, "rule_card": payload.rule_card, "ledger_seq": row.seq, "confirmed_by": person(row.actor),
        "confirmed_at": row.at,
    }  # fmt: skip
