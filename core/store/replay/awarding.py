"""Closings, readings of interactions, decisions and the confirmed award table, as the ledger's rows make them."""

from core.store.ledger import Row
from core.store.replay.state import Payload, State

COUNTS = ("taken_at", "reactions", "comments", "shares", "views")


def judging_closed(state: State, _told: Payload, row: Row) -> None:
    """The chief judge closes the round."""
    state.contest["judging_closed_at"] = row.at


def reading(state: State, told: Payload, row: Row) -> None:
    """A work's interactions as somebody read them; numbered by work in the order they were entered."""
    state.readings[told["entry"]] += 1
    read = {name: told[name] for name in COUNTS} | {"entered_by": row.actor, "entered_at": row.at}
    state["reading"][told["entry"], state.readings[told["entry"]]] = read


def frozen(state: State, _told: Payload, row: Row) -> None:
    """The interactions are frozen, for the first time or again."""
    state.contest["interactions_frozen_at"] = row.at
    made = {"frozen_by": row.actor, "frozen_at": row.at, "reopened_by": None, "reopened_at": None, "reason": None}
    state["interactions_freeze"][len(state["interactions_freeze"]) + 1,] = made


def reopened(state: State, told: Payload, row: Row) -> None:
    """The interactions that were frozen last are open again."""
    last = state["interactions_freeze"][len(state["interactions_freeze"]),]
    last.update(reopened_by=row.actor, reopened_at=row.at, reason=told["reason"])
    state.contest["interactions_frozen_at"] = None


def decided(state: State, told: Payload, row: Row) -> None:
    """The committee chooses among equals, or withholds a prize."""
    names = ("prize", "kind", "entries", "quantity", "reason")
    made = {name: told[name] for name in names} | {"decided_by": row.actor, "decided_at": row.at, "revoked_at": None}
    state["decision"][told["decision"],] = made


def revoked(state: State, told: Payload, row: Row) -> None:
    """A decision is taken back."""
    state["decision"][told["decision"],]["revoked_at"] = row.at


def confirmed(state: State, told: Payload, row: Row) -> None:
    """The award table is confirmed; what it was made from is closed with it."""
    for closing in ("judging_closed_at", "interactions_frozen_at", "awards_confirmed_at"):
        if state.contest[closing] is None:
            state.contest[closing] = row.at
    state["award_table"][len(state["award_table"]) + 1,] = {
        "document": told["document"], "rule_card": told["rule_card"], "ledger_seq": row.seq, "confirmed_by": row.actor,
        "confirmed_at": row.at, "format": state.format,
    }  # fmt: skip
