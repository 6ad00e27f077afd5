"""`verify` draws the codes again, and reports rows about the final round that the desk would not have written."""

from datetime import timedelta
from typing import Any

import pytest

from core.desk.entries.submissions import Read, office_move
from core.desk.finals import draw
from core.desk.finals.draw import Closing
from core.desk.maintenance import operations
from core.rules.entries.judging_codes import FinalsList, drawn_codes
from core.rules.entries.states import Move
from core.rules.words import Locale
from core.store.engine import Store
from tests.desk.contest_with_panel import CODES, assigned_panel
from tests.desk.entries.accepted import acceptance, accepted_works
from tests.desk.entries.entered import LATE, OFFICE, OPEN
from tests.fixtures.forged_rows import forged

__all__ = ["acceptance"]
HASH = "a" * 64
WORKS = ["TP-001", "TP-002", "TP-003"]
LIST = FinalsList.of(WORKS, CODES)
CODES_DRAWN = drawn_codes(LIST, "04817", "T")
OTHER_LIST, OTHER_CODES, NOT_ALLOWED = "không phải là các tác phẩm đạt sơ loại", "cho mã chấm khác", "không có quyền"


@pytest.fixture
def desk(sqlite_store: Store, acceptance: None) -> Store:
    """Three submissions on a closed list."""
    assigned_panel(sqlite_store)
    accepted_works(sqlite_store)
    draw.close_list(sqlite_store, OFFICE, Closing(LIST.sha256, "Xổ số"), LATE)
    return sqlite_store


def row(store: Store, event: str, payload: dict[str, Any], actor: str = "TK14", at: Any = LATE) -> list[str]:
    """Append a row directly. Returns the findings about it."""
    moment = round(at.timestamp() * 1000)
    made = store.change(lambda each: forged(each, at=moment, actor=actor, event=event, payload=payload))
    findings = [finding.localize(Locale()) for finding in operations.verify(store).findings]
    return [finding for finding in findings if f"dòng {made.seq}: " in finding and "Sổ kết quả" in finding]


def drawn(**more: Any) -> dict[str, Any]:
    return {"number": 1, "sha256": LIST.sha256, "seed": "04817", "codes": CODES_DRAWN, **more}


def closed(**more: Any) -> dict[str, Any]:
    made = {"number": 2, "works": WORKS, "taken": list(CODES), "left_out": [], "sha256": LIST.sha256}
    return {**made, "source": HASH, **more}


def test_rows_as_the_desk_writes_them_are_allowed(desk: Store) -> None:
    assert row(desk, "finals.list_closed", closed()) == []
    assert row(desk, "finals.drawn", drawn(number=2), at=LATE + timedelta(hours=1)) == []


CASES: dict[str, tuple[str, dict[str, Any], str]] = {
    "two codes exchanged": (
        "finals.drawn", drawn(codes=CODES_DRAWN | {"TP-001": CODES_DRAWN["TP-002"], "TP-002": CODES_DRAWN["TP-001"]}),
        OTHER_CODES,
    ),
    "a code chosen": ("finals.drawn", drawn(codes=CODES_DRAWN | {"TP-001": "T-777"}), OTHER_CODES),
    "codes of another seed": ("finals.drawn", drawn(seed="04818"), OTHER_CODES),
    "a seed that nobody can type": ("finals.drawn", drawn(seed="  4  "), OTHER_CODES),
    "a seed with other spaces": ("finals.drawn", drawn(seed="04817 "), OTHER_CODES),
    "a work left out of the draw": ("finals.drawn", drawn(codes={"TP-001": CODES_DRAWN["TP-001"]}), OTHER_CODES),
    "a draw of a list that was not closed": ("finals.drawn", drawn(number=7), OTHER_LIST),
    "a draw of a list with another hash": ("finals.drawn", drawn(sha256=HASH), OTHER_LIST),
    "a list without an accepted work": ("finals.list_closed", closed(works=WORKS[:2]), OTHER_LIST),
    "a list with another hash": ("finals.list_closed", closed(sha256=HASH), OTHER_LIST),
    "a list that hides who waited": ("finals.list_closed", closed(left_out=["TP-009"]), OTHER_LIST),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_row_that_the_desk_would_not_write_is_reported(desk: Store, case: str) -> None:
    event, payload, expected = CASES[case]
    assert any(expected in finding for finding in row(desk, event, payload))


def test_by_whom_when_and_how_often(desk: Store) -> None:
    assert any(NOT_ALLOWED in each for each in row(desk, "finals.drawn", drawn(), actor="GK13"))
    for event, payload in (("finals.drawn", drawn()), ("finals.list_closed", closed())):
        assert any("sau khi đã bốc thăm" in each for each in row(desk, event, payload))


def test_a_work_exchanged_between_list_and_draw_is_reported(desk: Store) -> None:
    office_move(desk, OFFICE, Read("TP-002", 3), Move.WITHDRAW, "Xin rút", LATE)
    assert any(OTHER_LIST in finding for finding in row(desk, "finals.drawn", drawn()))


def test_a_list_closed_inside_the_window_is_reported(sqlite_store: Store, acceptance: None) -> None:
    assigned_panel(sqlite_store)
    accepted_works(sqlite_store)
    found = row(sqlite_store, "finals.list_closed", closed(number=1), at=OPEN + timedelta(hours=1))
    assert any("còn nhận tác phẩm" in each for each in found)
