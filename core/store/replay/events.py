"""What each of the ledger's events does to the state. A test holds that every event of the register is here."""

from collections.abc import Callable
from typing import Any

from core.store import events
from core.store.events.payloads import Payload
from core.store.ledger import Row
from core.store.replay import awarding, marking, people, works
from core.store.replay.state import State

Act = Callable[[State, Any, Row], None]


def _nothing(_state: State, _told: Payload, _row: Row) -> None:
    """A row that is kept for whoever asks later; no table follows from it."""


ACTS: dict[str, Act] = {
    "contest.opened": works.opened,
    "entry.added": works.work_added,
    "entry.corrected": works.work_corrected,
    "entry.film_replaced": works.film_replaced,
    "judge.assigned": works.assigned,
    "judge.unassigned": works.unassigned,
    "texts.erased": works.texts_erased,
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
    "checkpoint.made": _nothing,
    "demo.completed": _nothing,
}


def apply(state: State, row: Row, told: Payload) -> None:
    """Take one row in. Raises KeyError or ValueError where it names what is not there."""
    state.committed.update(events.commitments(told))
    ACTS[row.event](state, told, row)
