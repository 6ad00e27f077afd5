"""The register of sheet states: each has one entry, its own word, and says whether a sheet is expected and editable."""

from core.rules.judging.sheet_state import EDITABLE, EXPECTED, SHEET_STATES, SheetState
from core.rules.words import Locale


def test_every_state_has_one_entry_and_a_word_of_its_own() -> None:
    assert list(SHEET_STATES) == list(SheetState)
    names = [state.name.localize(Locale()) for state in SHEET_STATES.values()]
    assert names == ["Chưa chấm", "Đang chấm", "Được trả lại", "Đã nộp", "Không chấm"]


def test_a_sheet_is_expected_of_everybody_who_has_not_withdrawn() -> None:
    assert set(SheetState) - set(EXPECTED) == {SheetState.RECUSED}


def test_a_submitted_sheet_is_not_edited_until_it_is_returned() -> None:
    assert EDITABLE == (SheetState.NONE, SheetState.DRAFT, SheetState.RETURNED)
