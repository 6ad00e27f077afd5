"""What each of the ledger's events does to the state. An event that is not here is none of the program's."""

import json
from collections.abc import Callable

from core.store.ledger import Row
from core.store.replay import awarding, marking, people, works
from core.store.replay.state import Payload, State


class UnknownEvent(ValueError):
    """No release of the program writes such a row."""


def _nothing(_state: State, _told: Payload, _row: Row) -> None:
    """A row that is kept for whoever asks later; no table follows from it."""


EVENTS: dict[str, Callable[[State, Payload, Row], None]] = {
    "contest.opened": works.opened,
    "ledger.format": works.format_set,
    "entry.added": works.work_added,
    "entry.corrected": works.work_corrected,
    "entry.film_replaced": works.film_replaced,
    "judge.seated": works.seated,
    "judge.unseated": works.unseated,
    "account.added": people.added,
    "account.roles_set": people.roles_set,
    "account.deactivated": people.deactivated,
    "account.reactivated": people.reactivated,
    "account.confirmed": people.confirmed,
    "account.password_changed": people.password_changed,
    "account.password_reset": people.password_reset,
    "account.link_made": people.link_made,
    "account.link_used": people.link_used,
    "session.began": people.session_began,
    "session.ended": people.session_ended,
    "session.others_ended": people.others_ended,
    "session.denied": _nothing,
    "film.opened": _nothing,
    "sheet.drafted": marking.drafted,
    "sheet.sealed": marking.sealed,
    "sheet.returned": marking.returned,
    "recusal.declared": marking.recused,
    "note.added": marking.note_added,
    "note.removed": marking.note_removed,
    "judging.closed": awarding.judging_closed,
    "reading.entered": awarding.reading,
    "interactions.frozen": awarding.frozen,
    "interactions.reopened": awarding.reopened,
    "decision.made": awarding.decided,
    "decision.revoked": awarding.revoked,
    "awards.confirmed": awarding.confirmed,
    "awards.exported": _nothing,
    "demo.completed": _nothing,
}


def apply(state: State, row: Row, told: Payload) -> None:
    """Take one row in. Raises KeyError, TypeError or ValueError where it is not of its event's shape."""
    try:
        act = EVENTS[row.event]
    except KeyError:
        raise UnknownEvent(row.event) from None
    act(state, told, row)


def payload_of(row: Row) -> Payload:
    """What the row says. Raises ValueError or TypeError where it is no JSON object."""
    told = json.loads(row.payload)
    if not isinstance(told, dict):
        raise TypeError(f"no object: {row.payload[:40]}")
    return told
