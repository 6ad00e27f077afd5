"""Sheets, sealed revisions, the marks that count, recusals and notes, as the ledger's rows make them."""

from core.store.ledger import Row, receipt
from core.store.replay.state import Fields, Payload, State


def drafted(state: State, told: Payload, row: Row) -> None:
    """What a judge has typed on a sheet; of the remarks the ledger holds which, not what."""
    sheet = _sheet(state, told)
    given = {**sheet["marks"], **told.get("marks", {})}
    sheet["version"], sheet["saved_at"] = told["version"], row.at
    sheet["marks"] = {key: mark for key, mark in given.items() if mark is not None}


def sealed(state: State, told: Payload, row: Row) -> None:
    """A sheet is submitted: a revision, and marks that count. The first one freezes the rule card."""
    sheet, marks, who = _sheet(state, told), dict(told["marks"]), (told["judge"], told["entry"])
    sheet.update(
        version=sheet["version"] + 1, state="sealed", marks=marks, revision=told["revision"], return_reason=None,
        saved_at=row.at,
    )  # fmt: skip
    state["sheet_revision"][*who, told["revision"]] = {
        "marks": marks, "remarks": told["remarks_sha256"], "watched_share": told["watched_share"],
        "receipt": _receipt(state, row), "ledger_seq": row.seq, "sealed_at": row.at,
    }  # fmt: skip
    state["mark"].update({(told["entry"], key, told["judge"]): {"hundredths": mark} for key, mark in marks.items()})
    if state.contest["frozen_at"] is None:
        state.contest["frozen_at"] = row.at


def returned(state: State, told: Payload, _row: Row) -> None:
    """A submitted sheet is handed back: its marks count no longer."""
    sheet = _sheet(state, told)
    sheet.update(version=sheet["version"] + 1, state="returned", return_reason=told["reason"])
    _withdraw(state, told)


def recused(state: State, told: Payload, row: Row) -> None:
    """A judge withdraws from a work, or is withdrawn: their marks of it count no longer."""
    kept = {"reason": told["reason_sha256"], "declared_by": row.actor, "declared_at": row.at}
    state["recusal"][told["judge"], told["entry"]] = kept
    _withdraw(state, told)


def note_added(state: State, told: Payload, _row: Row) -> None:
    """A judge's own note at a moment of the film."""
    state["note"][told["note"],] = {"judge": told["judge"], "entry": told["entry"], "at_ms": told["at_ms"]}


def note_removed(state: State, told: Payload, _row: Row) -> None:
    """A judge's own note is gone."""
    del state["note"][told["note"],]


def _receipt(state: State, row: Row) -> str:
    text = receipt(row.seq, row.hash)
    return text if state.known else text[: -len("-08d4-5be1")]  # format 1 printed 8 digits


def _sheet(state: State, told: Payload) -> Fields:
    new = {"version": 0, "state": "draft", "marks": {}, "revision": 0, "return_reason": None, "saved_at": None}
    return state["sheet"].setdefault((told["judge"], told["entry"]), new)


def _withdraw(state: State, told: Payload) -> None:
    for key in state.criteria:
        state["mark"].pop((told["entry"], key, told["judge"]), None)
