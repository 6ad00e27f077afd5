"""Sheets, sealed revisions, the marks that count, recusals and notes, as the ledger's rows make them."""

from core.store.events import payloads as p
from core.store.ledger import Row, receipt
from core.store.replay.state import Fields, State, Text, marks_of, person


def drafted(state: State, told: p.SheetDrafted, row: Row) -> None:
    """What a judge has typed on a sheet; of the remarks the ledger holds which, not what."""
    sheet = _sheet(state, told.judge, told.entry)
    sheet.update(version=told.version, saved_at=row.at, marks=marks_of(told.marks, sheet["marks"]))


def sealed(state: State, told: p.SheetSealed, row: Row) -> None:
    """A sheet is submitted: a revision, and marks that count. The first one freezes the rule card."""
    sheet, marks, judge = _sheet(state, told.judge, told.entry), dict(told.marks), person(told.judge)
    sheet.update(
        version=sheet["version"] + 1, state="sealed", marks=marks, revision=told.revision, return_reason=None,
        saved_at=row.at,
    )  # fmt: skip
    state["sheet_revision"][judge, told.entry, told.revision] = {
        "marks": marks, "remarks": told.remarks, "watched_share": told.watched_share,
        "receipt": receipt(row.seq, row.hash), "ledger_seq": row.seq, "sealed_at": row.at,
    }  # fmt: skip
    state["mark"].update({(told.entry, key, judge): {"hundredths": mark} for key, mark in marks.items()})
    if state.contest["frozen_at"] is None:
        state.contest["frozen_at"] = row.at


def returned(state: State, told: p.SheetReturned, _row: Row) -> None:
    """A submitted sheet is handed back: its marks count no longer."""
    sheet = _sheet(state, told.judge, told.entry)
    sheet.update(version=sheet["version"] + 1, state="returned", return_reason=Text(told.reason))
    _withdraw(state, told.judge, told.entry)


def recused(state: State, told: p.RecusalDeclared, row: Row) -> None:
    """A judge withdraws from a work, or is withdrawn: their marks of it count no longer."""
    kept = {"reason": Text(told.reason), "declared_by": person(row.actor), "declared_at": row.at}
    state["recusal"][person(told.judge), told.entry] = kept
    _withdraw(state, told.judge, told.entry)


def note_added(state: State, told: p.NoteAdded, _row: Row) -> None:
    """A judge's own note at a moment of the film."""
    state["note"][told.note,] = {"judge": person(told.judge), "entry": told.entry, "at_ms": told.at_ms}


def note_removed(state: State, told: p.NoteRemoved, _row: Row) -> None:
    """A judge's own note is gone."""
    del state["note"][told.note,]


def _sheet(state: State, judge: str, entry: str) -> Fields:
    new = {"version": 0, "state": "draft", "marks": {}, "revision": 0, "return_reason": None, "saved_at": None}
    return state["sheet"].setdefault((person(judge), entry), new)


def _withdraw(state: State, judge: str, entry: str) -> None:
    for key in state.criteria:
        state["mark"].pop((entry, key, person(judge)), None)
