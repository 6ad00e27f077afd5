"""The replay function of each ledger event. A test checks that every event of the register is here."""

from collections.abc import Callable
from typing import Any

from core.store import events
from core.store.events.payloads import Payload
from core.store.ledger import Row
from core.store.replay import awarding, marking, officials, people, publishing, submissions, works
from core.store.replay.state import State

Act = Callable[[State, Any, Row], None]


def _nothing(_state: State, _payload: Payload, _row: Row) -> None:
    """An event that changes no table; its row is only a record."""


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
    "film.copied": works.film_copied,
    "sheet.drafted": marking.drafted,
    "sheet.sealed": marking.sealed,
    "sheet.returned": marking.returned,
    "recusal.declared": marking.recused,
    "note.added": marking.note_added,
    "note.removed": marking.note_removed,
    "judging.closed": awarding.judging_closed,
    "reading.entered": awarding.reading,
    "reading.confirmed": awarding.reading_reviewed,
    "reading.rejected": awarding.reading_reviewed,
    "interactions.frozen": awarding.frozen,
    "interactions.reopened": awarding.reopened,
    "decision.made": awarding.decided,
    "decision.revoked": awarding.revoked,
    "awards.confirmed": awarding.confirmed,
    "result.published": publishing.published,
    "retraction.proposed": publishing.retraction_proposed,
    "retraction.declined": publishing.retraction_declined,
    "result.retracted": publishing.retracted,
    "awards.exported": _nothing,
    "checkpoint.made": publishing.checkpoint_made,
    "signing_key.recorded": publishing.signing_key_recorded,
    "demo.completed": _nothing,
    "submission.registered": submissions.registered,
    "submission.corrected": submissions.corrected,
    "submission.film_received": submissions.film_received,
    "submission.poster_made": submissions.poster_made,
    "submission.returned": submissions.returned,
    "submission.withdrawn": submissions.withdrawn,
    "submission.disqualified": submissions.disqualified,
    "submission.reinstated": submissions.reinstated,
    "submission.link_made": submissions.link_made,
    "submission.accepted": submissions.accepted,
    "submission.rejected": submissions.rejected,
    "submission.resubmitted": submissions.reinstated,
    "submission.rescreened": submissions.reinstated,
    "screening.verdict_given": submissions.verdict_given,
    "screening.recused": submissions.screener_recused,
    "person_data.exported": _nothing,
    "person_request.received": submissions.asked,
    "person_request.closed": submissions.asked,
    "entry_door.set": submissions.door_set,
    "finals.list_closed": submissions.list_closed,
    "finals.drawn": submissions.drawn,
    "finalist.posted": submissions.posted,
    "finalist.change_proposed": submissions.change_proposed,
    "finalist.change_declined": submissions.change_declined,
    "finalist.change_confirmed": submissions.change_confirmed,
    "jobs.film_checks_requested": _nothing,
    "jobs.film_copies_requested": _nothing,
    "jobs.film_comparisons_requested": _nothing,
    "film_pair.decided": works.film_pair_decided,
    "job.cancelled": _nothing,
    "job.retried": _nothing,
    "official.added": officials.added,
    "official.corrected": officials.corrected,
    "official.removed": officials.removed,
    "match.decided": officials.decided,
}


def apply(state: State, row: Row, payload: Payload) -> None:
    """Apply one ledger row to the state. Raises KeyError or ValueError if it names something that does not exist."""
    state.committed.update(events.commitments(payload))
    ACTS[row.event](state, payload, row)
