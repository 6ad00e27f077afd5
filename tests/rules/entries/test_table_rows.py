"""How a row of a table of submissions finds the submission that it is about."""

import pytest

from core.rules.entries.form import from_fields
from core.rules.entries.states import SubmissionState
from core.rules.entries.table_rows import SeveralStored, StoredWork, UnknownCode, stored_work, work_key

FORM = from_fields({"title": "Chợ phiên số"}, (), ())
KEY = work_key("Chợ phiên số", "Lò Thị Thuỷ")


def stored(code: str, state: SubmissionState = SubmissionState.RECEIVED) -> StoredWork:
    return StoredWork(code, state, 1, FORM)


def test_case_composition_and_look_alikes_make_no_other_work() -> None:
    assert work_key("CHỢ  phiên số ", "Lò Thị Thủy") == KEY
    assert work_key("Chợ phiên", "Lò Thị Thuỷ") != KEY


def test_without_a_title_or_an_author_nothing_is_found() -> None:
    assert work_key("", "Lò Thị Thuỷ") is None and work_key("Chợ", " ") is None
    assert stored_work("", None, [stored("TP-001")]) is None


def test_a_code_goes_before_title_and_author() -> None:
    found = stored_work("tp-002", KEY, [stored("TP-001"), stored("TP-002")])
    assert found is not None and found.code == "TP-002"


def test_a_code_that_nobody_has_is_refused() -> None:
    with pytest.raises(UnknownCode):
        stored_work("TP-009", KEY, [stored("TP-001")])


def test_a_new_work_is_found_nowhere() -> None:
    assert stored_work("", KEY, []) is None


def test_one_that_was_withdrawn_and_entered_again_is_the_one_entered_again() -> None:
    again = stored_work("", KEY, [stored("TP-001", SubmissionState.WITHDRAWN), stored("TP-002")])
    assert again is not None and again.code == "TP-002" and again.open
    only = stored_work("", KEY, [stored("TP-001", SubmissionState.DISQUALIFIED)])
    assert only is not None and not only.open


def test_two_that_could_be_meant_need_the_code() -> None:
    with pytest.raises(SeveralStored, match="TP-001, TP-002"):
        stored_work("", KEY, [stored("TP-001"), stored("TP-002")])
