"""Replay of submissions and of the public form's door."""

from core.rules.entries.states import SubmissionState
from core.store.events import payloads as p
from core.store.ledger import Row
from core.store.replay.state import Fields, State, Text


def registered(state: State, payload: p.SubmissionRegistered, row: Row) -> None:
    """A work was entered with its form."""
    film = dict.fromkeys(("film", "milliseconds", "width", "height", "poster", "film_at"))
    state["submission"][payload.submission,] = {
        "state": SubmissionState.AWAITING_FILM, "form": Text(payload.form), "link": payload.link, "version": 0,
        "late": int(payload.late), "registered_at": row.at, **film,
    }  # fmt: skip
    _changed(state, payload.submission, row)


def corrected(state: State, payload: p.SubmissionCorrected, row: Row) -> None:
    """The form was corrected."""
    _changed(state, payload.submission, row, form=Text(payload.form))


def film_received(state: State, payload: p.SubmissionFilmReceived, row: Row) -> None:
    """The work's film arrived."""
    late = int(payload.late or state["submission"][payload.submission,]["late"])
    _changed(
        state, payload.submission, row, state=SubmissionState.RECEIVED, film=payload.film, poster=payload.poster,
        milliseconds=payload.milliseconds, width=payload.width, height=payload.height, late=late, film_at=payload.sent_at,
    )  # fmt: skip


def returned(state: State, payload: p.SubmissionReturned, row: Row) -> None:
    """The work went back to its author."""
    _changed(state, payload.submission, row, state=SubmissionState.RETURNED)


def withdrawn(state: State, payload: p.SubmissionWithdrawn, row: Row) -> None:
    """The work was withdrawn."""
    _changed(state, payload.submission, row, state=SubmissionState.WITHDRAWN)


def disqualified(state: State, payload: p.SubmissionDisqualified, row: Row) -> None:
    """The work was put out of the competition."""
    _changed(state, payload.submission, row, state=SubmissionState.DISQUALIFIED)


def reinstated(state: State, payload: p.SubmissionReinstated, row: Row) -> None:
    """A withdrawn or disqualified work came back; without a film it waits for one."""
    has_film = state["submission"][payload.submission,]["film"] is not None
    after = SubmissionState.RECEIVED if has_film else SubmissionState.AWAITING_FILM
    _changed(state, payload.submission, row, state=after)


def link_made(state: State, payload: p.SubmissionLinkMade, row: Row) -> None:
    """A new private link was made."""
    _changed(state, payload.submission, row, link=payload.link)


def asked(state: State, payload: p.PersonRequestReceived | p.PersonRequestClosed, row: Row) -> None:
    """A request about an author's data came, or was answered: a row of the history, and no new version."""
    state["submission_change"][payload.submission, row.id] = {}


def door_set(state: State, payload: p.EntryDoorSet, _row: Row) -> None:
    """The public form was opened or closed, or its code was set."""
    state["entry_door"][()] = {"open": int(payload.open), "code": Text(payload.code) if payload.code else ""}


def _changed(state: State, code: str, row: Row, /, **fields: object) -> None:
    """Set fields of a submission; each change raises its version and is a row of its history."""
    submission: Fields = state["submission"][code,]
    submission.update(fields, version=submission["version"] + 1)
    state["submission_change"][code, row.id] = {}
