"""Replay of the contest, its works and the judges' assignments."""

from core.store.events import payloads as p
from core.store.ledger import Row
from core.store.replay.state import Fields, State, person, texts

CLOSINGS = ("frozen_at", "judging_closed_at", "interactions_frozen_at", "awards_confirmed_at", "published_at")


def opened(state: State, payload: p.ContestOpened, row: Row) -> None:
    """The contest was opened."""
    state["contest"][()] = {
        "toml": payload.file, "rule_card": payload.rule_card, "rule_card_version": payload.rule_card_version, "seed": payload.seed,
        "is_demo": int(payload.demo), "opened_at": row.at, **dict.fromkeys(CLOSINGS),
    }  # fmt: skip


def work_added(state: State, payload: p.EntryAdded, _row: Row) -> None:
    """A work was added with its film."""
    state["entry"][payload.entry,] = texts(title=payload.title, author=payload.author, unit=payload.unit) | _film(
        payload
    )


def work_corrected(state: State, payload: p.EntryCorrected, _row: Row) -> None:
    """A work's title, author or unit was corrected."""
    state["entry"][payload.entry,].update(texts(title=payload.title, author=payload.author, unit=payload.unit))


def film_replaced(state: State, payload: p.FilmReplaced, _row: Row) -> None:
    """A work's film or poster was replaced."""
    state["entry"][payload.entry,].update(_film(payload))


def film_copied(state: State, payload: p.FilmCopied, row: Row) -> None:
    """A copy of a work's film was made."""
    state["film_copy"][payload.film, payload.kind] = {
        "file": f"{payload.copy}.mp4", "sha256": payload.copy, "bytes": payload.bytes, "milliseconds": payload.milliseconds,
        "width": payload.width, "height": payload.height, "made_at": row.at,
    }  # fmt: skip


def assigned(state: State, payload: p.JudgeAssigned, _row: Row) -> None:
    """A judge was assigned to works."""
    state["assignment"].update({(person(payload.judge), code): {} for code in payload.entries})


def unassigned(state: State, payload: p.JudgeUnassigned, _row: Row) -> None:
    """A judge who never sealed a sheet lost the role, or the account was closed: unassigned from these works."""
    for code in payload.entries:
        del state["assignment"][person(payload.judge), code]


def texts_erased(state: State, payload: p.TextsErased, _row: Row) -> None:
    """Personal texts and their salts were deleted."""
    state.erased.update(payload.commitments)


def film_pair_decided(state: State, payload: p.FilmPairDecided, row: Row) -> None:
    """It was decided what it means that two films are alike."""
    state["film_pair_decision"][payload.decision,] = {
        "film": payload.film, "other": payload.other, "published": int(payload.published), "verdict": payload.verdict,
        "decided_by": person(row.actor), "decided_at": row.at, **texts(reason=payload.reason),
    }  # fmt: skip


def _film(payload: p.EntryAdded | p.FilmReplaced) -> Fields:
    return {
        "video": f"{payload.film}.mp4", "poster": payload.poster, "sha256": payload.film, "milliseconds": payload.milliseconds,
        "width": payload.width, "height": payload.height,
    }  # fmt: skip
