"""The contest, its works and who marks which, as the ledger's rows make them."""

from core.store.ledger import Row
from core.store.replay.state import UNKNOWN, Payload, State

FILM = ("sha256", "milliseconds", "video", "poster", "width", "height")
CLOSINGS = ("frozen_at", "judging_closed_at", "interactions_frozen_at", "awards_confirmed_at", "published_at")


def opened(state: State, told: Payload, row: Row) -> None:
    """The contest's own row."""
    state.format = state.first_format = told.get("format", 1)
    state["contest"][()] = {
        "toml": told.get("toml_sha256", UNKNOWN), "rule_card": told["rule_card"], "seed": told["seed"],
        "is_demo": told["demo"], "opened_at": row.at, **dict.fromkeys(CLOSINGS),
    }  # fmt: skip
    state["contest_secret"][()] = {"panel_salt": state.told(told, "panel_sha256")}


def format_set(state: State, told: Payload, _row: Row) -> None:
    """From here on the rows are of this format."""
    state.format = told["format"]


def work_added(state: State, told: Payload, _row: Row) -> None:
    """A work and its film."""
    names = ("title", "author", "unit")
    state["entry"][told["entry"],] = {name: told[name] for name in names} | _film(state, told)


def work_corrected(state: State, told: Payload, _row: Row) -> None:
    """Another title, author or unit of a work."""
    state["entry"][told["entry"],].update({name: told[name] for name in ("title", "author", "unit")})


def film_replaced(state: State, told: Payload, _row: Row) -> None:
    """Another film of a work."""
    state["entry"][told["entry"],].update(_film(state, told))


def seated(state: State, told: Payload, _row: Row) -> None:
    """Works a judge is to mark."""
    state["assignment"].update({(told["judge"], code): {} for code in told["entries"]})


def unseated(state: State, told: Payload, _row: Row) -> None:
    """Works a judge who never sealed a sheet leaves with their account."""
    for code in told["entries"]:
        del state["assignment"][told["judge"], code]


def _film(state: State, told: Payload) -> dict[str, object]:
    kept: dict[str, object] = {name: told[name] for name in ("sha256", "milliseconds")}
    return kept | {name: state.told(told, name) for name in FILM if name not in kept}
