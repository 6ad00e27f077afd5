"""Replay of sheets, sealed revisions, the marks that count, recusals and notes."""

from core.rules.judging.sheet_state import SheetState
from core.store.events import payloads as p
from core.store.ledger import Row, receipt
from core.store.replay.state import Fields, State, Text, marks_of, person


def drafted(state: State, payload: p.SheetDrafted, row: Row) -> None:
    """A judge saved a draft. The ledger holds the marks, but of the remarks only which ones changed."""
    sheet = _sheet(state, payload.judge, payload.entry)
    sheet.update(version=payload.version, saved_at=row.at, marks=marks_of(payload.marks, sheet["marks"]))


def sealed(state: State, payload: p.SheetSealed, row: Row) -> None:
    """A sheet was submitted: adds a revision and the marks that count. The first sheet freezes the rule card."""
    sheet, marks, judge = _sheet(state, payload.judge, payload.entry), dict(payload.marks), person(payload.judge)
    sheet.update(
        version=sheet["version"] + 1, state=SheetState.SEALED, marks=marks, revision=payload.revision, return_reason=None,
        saved_at=row.at,
    )  # fmt: skip
    state["sheet_revision"][judge, payload.entry, payload.revision] = {
        "marks": marks, "remarks": payload.remarks, "watched_share": payload.watched_share,
        "receipt": receipt(row.seq, row.hash), "ledger_seq": row.seq, "sealed_at": row.at,
    }  # fmt: skip
    state["mark"].update({(payload.entry, key, judge): {"hundredths": mark} for key, mark in marks.items()})
    if state.contest["frozen_at"] is None:
        state.contest["frozen_at"] = row.at


def returned(state: State, payload: p.SheetReturned, _row: Row) -> None:
    """A submitted sheet was returned to the judge: its marks no longer count."""
    sheet = _sheet(state, payload.judge, payload.entry)
    sheet.update(version=sheet["version"] + 1, state=SheetState.RETURNED, return_reason=Text(payload.reason))
    _withdraw(state, payload.judge, payload.entry)


def recused(state: State, payload: p.RecusalDeclared, row: Row) -> None:
    """A judge was recused from a work: their marks on it no longer count."""
    fields = {"reason": Text(payload.reason), "declared_by": person(row.actor), "declared_at": row.at}
    state["recusal"][person(payload.judge), payload.entry] = fields
    _withdraw(state, payload.judge, payload.entry)


def note_added(state: State, payload: p.NoteAdded, _row: Row) -> None:
    """A judge added a private note at a position of the film."""
    state["note"][payload.note,] = {"judge": person(payload.judge), "entry": payload.entry, "at_ms": payload.at_ms}


def note_removed(state: State, payload: p.NoteRemoved, _row: Row) -> None:
    """A judge removed a private note."""
    del state["note"][payload.note,]


def _sheet(state: State, judge: str, entry: str) -> Fields:
    new = {"version": 0, "state": SheetState.DRAFT, "marks": {}, "revision": 0, "return_reason": None, "saved_at": None}
    return state["sheet"].setdefault((person(judge), entry), new)


def _withdraw(state: State, judge: str, entry: str) -> None:
    for key in state.criteria:
        state["mark"].pop((entry, key, person(judge)), None)
