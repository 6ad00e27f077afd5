"""Closings, readings of interactions, decisions and the confirmed award table, as the ledger's rows make them."""

from core.store.events import payloads as p
from core.store.ledger import Row
from core.store.replay.state import Fields, State, Text, person

COUNTS = ("taken_at", "reactions", "comments", "shares", "views")


def judging_closed(state: State, _told: p.RoundClosed, row: Row) -> None:
    """The chief judge closes the round."""
    state.contest["judging_closed_at"] = row.at


def reading(state: State, told: p.ReadingEntered, row: Row) -> None:
    """A work's interactions as somebody read them; numbered by work in the order they were entered."""
    state.readings[told.entry] += 1
    read = {name: getattr(told, name) for name in COUNTS} | {"entered_by": person(row.actor), "entered_at": row.at}
    state["reading"][told.entry, state.readings[told.entry]] = read


def frozen(state: State, _told: p.CountsFrozen, row: Row) -> None:
    """The interactions are frozen, for the first time or again."""
    state.contest["interactions_frozen_at"] = row.at
    made: Fields = {"frozen_by": person(row.actor), "frozen_at": row.at}
    made |= {"reopened_by": None, "reopened_at": None, "reason": None}
    state["interactions_freeze"][len(state["interactions_freeze"]) + 1,] = made


def reopened(state: State, told: p.CountsReopened, row: Row) -> None:
    """The interactions that were frozen last are open again."""
    last = state["interactions_freeze"][len(state["interactions_freeze"]),]
    last.update(reopened_by=person(row.actor), reopened_at=row.at, reason=Text(told.reason))
    state.contest["interactions_frozen_at"] = None


def decided(state: State, told: p.DecisionMade, row: Row) -> None:
    """The committee chooses among equals, or withholds a prize."""
    state["decision"][told.decision,] = {
        "prize": told.prize, "kind": told.kind, "entries": told.entries, "quantity": told.quantity,
        "reason": Text(told.reason), "decided_by": person(row.actor), "decided_at": row.at, "revoked_at": None,
    }  # fmt: skip


def revoked(state: State, told: p.DecisionRevoked, row: Row) -> None:
    """A decision is taken back."""
    state["decision"][told.decision,]["revoked_at"] = row.at


def confirmed(state: State, told: p.AwardsConfirmed, row: Row) -> None:
    """The award table is confirmed; what it was made from is closed with it."""
    for closing in ("judging_closed_at", "interactions_frozen_at", "awards_confirmed_at"):
        if state.contest[closing] is None:
            state.contest[closing] = row.at
    state["award_table"][len(state["award_table"]) + 1,] = {
        "document": told.document, "rule_card": told.rule_card, "ledger_seq": row.seq, "confirmed_by": person(row.actor),
        "confirmed_at": row.at,
    }  # fmt: skip
