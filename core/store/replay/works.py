"""The contest, its works and who marks which, as the ledger's rows make them."""

from core.store.events import payloads as p
from core.store.ledger import Row
from core.store.replay.state import Fields, State, person, texts

CLOSINGS = ("frozen_at", "judging_closed_at", "interactions_frozen_at", "awards_confirmed_at", "published_at")


def opened(state: State, told: p.ContestOpened, row: Row) -> None:
    """The contest's own row."""
    state["contest"][()] = {
        "toml": told.file, "rule_card": told.rule_card, "rule_card_version": told.rule_card_version, "seed": told.seed,
        "is_demo": int(told.demo), "opened_at": row.at, **dict.fromkeys(CLOSINGS),
    }  # fmt: skip


def work_added(state: State, told: p.EntryAdded, _row: Row) -> None:
    """A work and its film."""
    state["entry"][told.entry,] = texts(title=told.title, author=told.author, unit=told.unit) | _film(told)


def work_corrected(state: State, told: p.EntryCorrected, _row: Row) -> None:
    """Another title, author or unit of a work."""
    state["entry"][told.entry,].update(texts(title=told.title, author=told.author, unit=told.unit))


def film_replaced(state: State, told: p.FilmReplaced, _row: Row) -> None:
    """Another film of a work."""
    state["entry"][told.entry,].update(_film(told))


def assigned(state: State, told: p.JudgeAssigned, _row: Row) -> None:
    """Works a judge is to mark."""
    state["assignment"].update({(person(told.judge), code): {} for code in told.entries})


def unassigned(state: State, told: p.JudgeUnassigned, _row: Row) -> None:
    """Works a judge who never sealed a sheet leaves with their account."""
    for code in told.entries:
        del state["assignment"][person(told.judge), code]


def texts_erased(state: State, told: p.TextsErased, _row: Row) -> None:
    """Personal texts that are gone from the tables, and their salts with them."""
    state.erased.update(told.commitments)


def _film(told: p.EntryAdded | p.FilmReplaced) -> Fields:
    return {
        "video": f"{told.film}.mp4", "poster": told.poster, "sha256": told.film, "milliseconds": told.milliseconds,
        "width": told.width, "height": told.height,
    }  # fmt: skip
