"""Replay of submissions, of the public form's door, and of the final round."""

from core.rules.entries.states import FinalistChange, SubmissionState
from core.store.events import payloads as p
from core.store.ledger import Row
from core.store.people.erasure import NOTHING
from core.store.replay.state import Fields, State, Text, person

FINALIST_STATES = {
    "withdraw": SubmissionState.WITHDRAWN,
    "disqualify": SubmissionState.DISQUALIFIED,
    "reinstate": SubmissionState.FINALIST,
}


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


def poster_made(state: State, payload: p.SubmissionPosterMade, _row: Row) -> None:
    """The film got another poster. The version stays: nobody's page is outdated by it."""
    state["submission"][payload.submission,]["poster"] = payload.poster


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


def list_closed(state: State, payload: p.FinalsListClosed, row: Row) -> None:
    """The list of accepted works was closed."""
    state["finals_list"][payload.number,] = {
        "works": payload.works, "taken": payload.taken, "left_out": payload.left_out, "sha256": payload.sha256,
        "source": Text(payload.source), "reason": Text(payload.reason) if payload.reason else NOTHING,
        "closed_by": person(row.actor), "closed_at": row.at,
    }  # fmt: skip


def drawn(state: State, payload: p.FinalsDrawn, row: Row) -> None:
    """Every work of the list became a finalist. The codes are those of the row; the rules of conduct draw them again."""
    state["finals_draw"][()] = {
        "list_id": payload.number, "seed": payload.seed, "drawn_by": person(row.actor), "drawn_at": row.at,
    }  # fmt: skip
    for submission, code in payload.codes.items():
        state["finalist"][submission,] = {"code": code}
        _changed(state, submission, row, state=SubmissionState.FINALIST)


def posted(state: State, payload: p.FinalistPosted, row: Row) -> None:
    """Where and when a finalist was posted."""
    state["finalist_post"][payload.number,] = {
        "code": payload.entry, "address": Text(payload.address) if payload.address else NOTHING,
        "posted_at": payload.posted_at, "reason": Text(payload.reason) if payload.reason else NOTHING,
        "entered_by": person(row.actor), "entered_at": row.at,
    }  # fmt: skip


def change_proposed(state: State, payload: p.FinalistChangeProposed, row: Row) -> None:
    """Somebody proposed a change of a finalist."""
    state["finalist_change"][payload.number,] = {
        "code": payload.entry, "kind": payload.kind, "version": payload.version, "reason": Text(payload.reason),
        "form": Text(payload.form) if payload.form else "", "film": payload.film, "poster": payload.poster,
        "milliseconds": payload.milliseconds, "width": payload.width, "height": payload.height,
        "past_rules": ",".join(payload.past_rules), "proposed_by": person(row.actor), "proposed_at": row.at, "outcome": None, "answer": NOTHING, "decided_by": None, "decided_at": None,
    }  # fmt: skip


def change_declined(state: State, payload: p.FinalistChangeDeclined, row: Row) -> None:
    """Another person declined it."""
    _decided(state, payload, row, "declined")


def change_confirmed(state: State, payload: p.FinalistChangeConfirmed, row: Row) -> None:
    """Another person confirmed it: the submission changes, and its work leaves the competition or comes back."""
    change = _decided(state, payload, row, "confirmed")
    if payload.kind == FinalistChange.CORRECT:
        _changed(state, payload.submission, row, form=change["form"])
        return
    if payload.kind == FinalistChange.FILM:
        film = {name: change[name] for name in ("film", "poster", "milliseconds", "width", "height")}
        _changed(state, payload.submission, row, film_at=change["proposed_at"], **film)
        return
    after = FINALIST_STATES[payload.kind]
    _changed(state, payload.submission, row, state=after)
    if after is SubmissionState.FINALIST:
        del state["entry_out"][payload.entry,]
    else:
        state["entry_out"][payload.entry,] = {"out_at": row.at}


def _decided(
    state: State, payload: p.FinalistChangeConfirmed | p.FinalistChangeDeclined, row: Row, outcome: str
) -> Fields:
    change: Fields = state["finalist_change"][payload.number,]
    change.update(
        outcome=outcome, answer=Text(payload.reason) if payload.reason else NOTHING, decided_by=person(row.actor),
        decided_at=row.at,
    )  # fmt: skip
    return change


def _changed(state: State, code: str, row: Row, /, **fields: object) -> None:
    """Set fields of a submission; each change raises its version and is a row of its history."""
    submission: Fields = state["submission"][code,]
    submission.update(fields, version=submission["version"] + 1)
    state["submission_change"][code, row.id] = {}
