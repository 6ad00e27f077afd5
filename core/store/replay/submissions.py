"""Replay of submissions and of the public form's door."""

from core.rules.entries.states import SubmissionState
from core.store.events import payloads as p
from core.store.ledger import Row
from core.store.replay.state import Fields, State, Text, person


def registered(state: State, payload: p.SubmissionRegistered, row: Row) -> None:
    """A work was entered with its form."""
    film = dict.fromkeys(("film", "milliseconds", "width", "height", "poster", "film_at"))
    state["submission"][payload.submission,] = {
        "state": SubmissionState.AWAITING_FILM, "form": Text(payload.form), "link": payload.link, "version": 0, "revision": 0,
        "late": int(payload.late), "registered_at": row.at, **film,
    }  # fmt: skip
    _renewed(state, payload.submission, row)


def corrected(state: State, payload: p.SubmissionCorrected, row: Row) -> None:
    """The form was corrected."""
    _renewed(state, payload.submission, row, form=Text(payload.form))


def film_received(state: State, payload: p.SubmissionFilmReceived, row: Row) -> None:
    """The work's film arrived."""
    late = int(payload.late or state["submission"][payload.submission,]["late"])
    _renewed(
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


def accepted(state: State, payload: p.SubmissionAccepted, row: Row) -> None:
    """The work passed the screening."""
    _changed(state, payload.submission, row, state=SubmissionState.ACCEPTED)


def rejected(state: State, payload: p.SubmissionRejected, row: Row) -> None:
    """The work did not pass the screening."""
    _changed(state, payload.submission, row, state=SubmissionState.REJECTED)


def verdict_given(state: State, payload: p.ScreeningVerdictGiven, row: Row) -> None:
    """A screener gave a verdict. It is a row of the work's history, but changes nothing of the work."""
    state["screening_verdict"][payload.number,] = {
        "submission": payload.submission, "screener": person(payload.screener), "revision": payload.revision,
        "film": payload.film, "verdict": payload.verdict, "points": payload.points, "answers": payload.answers,
        "reason": Text(payload.reason) if payload.reason else "", "names_author": int(payload.names_author),
        "given_at": row.at,
    }  # fmt: skip
    state["submission_change"][payload.submission, row.id] = {}


def screener_recused(state: State, payload: p.ScreeningRecused, row: Row) -> None:
    """A screener does not screen this work."""
    recusal = {"reason": Text(payload.reason), "declared_at": row.at}
    state["screening_recusal"][payload.submission, person(payload.screener)] = recusal
    state["submission_change"][payload.submission, row.id] = {}


def reinstated(
    state: State, payload: p.SubmissionReinstated | p.SubmissionResubmitted | p.SubmissionRescreened, row: Row
) -> None:
    """A work came back to be screened anew; without a film it waits for one."""
    has_film = state["submission"][payload.submission,]["film"] is not None
    after = SubmissionState.RECEIVED if has_film else SubmissionState.AWAITING_FILM
    _renewed(state, payload.submission, row, state=after)


def link_made(state: State, payload: p.SubmissionLinkMade, row: Row) -> None:
    """A new private link was made."""
    _changed(state, payload.submission, row, link=payload.link)


def asked(state: State, payload: p.PersonRequestReceived | p.PersonRequestClosed, row: Row) -> None:
    """A request about an author's data came, or was answered: a row of the history, and no new version."""
    state["submission_change"][payload.submission, row.id] = {}


def door_set(state: State, payload: p.EntryDoorSet, _row: Row) -> None:
    """The public form was opened or closed, or its code was set."""
    state["entry_door"][()] = {"open": int(payload.open), "code": Text(payload.code) if payload.code else ""}


def _renewed(state: State, code: str, row: Row, /, **fields: object) -> None:
    """Set fields of a submission of which every verdict is to be given anew."""
    _changed(state, code, row, **fields, revision=state["submission"][code,]["revision"] + 1)


def _changed(state: State, code: str, row: Row, /, **fields: object) -> None:
    """Set fields of a submission; each change raises its version and is a row of its history."""
    submission: Fields = state["submission"][code,]
    submission.update(fields, version=submission["version"] + 1)
    state["submission_change"][code, row.id] = {}
