"""The register of sheet states: what one judge's sheet on one work can be, and the one word for it on every screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.rules.words import Sentence


class SheetState(StrEnum):
    """How far a judge has come with a work. `DRAFT`, `RETURNED` and `SEALED` are stored; the others follow from no row."""

    NONE = "none"  # assigned, nothing entered yet
    DRAFT = "draft"
    RETURNED = "returned"  # sealed once, given back by the chief judge for correction
    SEALED = "sealed"
    RECUSED = "recused"  # the judge has withdrawn from the work, whatever was entered


@dataclass(frozen=True, slots=True)
class StateInfo:
    """One state: its name as the head of a column or a chip, whether a sheet is expected, and whether it may be edited.

    `tone` is the chip's class in `core/web/static/chips.css`.
    """

    key: SheetState
    name: Sentence
    tone: str = ""
    expected: bool = True
    editable: bool = True


_REGISTER = (
    StateInfo(SheetState.NONE, Sentence("Chưa chấm")),
    StateInfo(SheetState.DRAFT, Sentence("Đang chấm"), "doing"),
    StateInfo(SheetState.RETURNED, Sentence("Được trả lại"), "warn"),
    StateInfo(SheetState.SEALED, Sentence("Đã nộp"), "done", editable=False),
    StateInfo(SheetState.RECUSED, Sentence("Không chấm"), expected=False, editable=False),
)
SHEET_STATES: Mapping[SheetState, StateInfo] = {state.key: state for state in _REGISTER}
EXPECTED = tuple(state.key for state in _REGISTER if state.expected)
EDITABLE = tuple(state.key for state in _REGISTER if state.editable)
