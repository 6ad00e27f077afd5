"""`verify` draws the codes again, and reports rows about the final round that the desk would not have written."""

from datetime import timedelta
from typing import Any

import pytest

from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.entries.submissions import Read, office_move
from core.desk.finals import draw, finalist_changes
from core.desk.finals.draw import Closing
from core.desk.finals.finalist_changes import NewProposal
from core.desk.maintenance import operations
from core.rules.access import Role
from core.rules.entries.judging_codes import FinalsList, drawn_codes
from core.rules.entries.states import FinalistChange, Move
from core.rules.words import Locale
from core.store.engine import Store
from core.store.verification.verify import NAMES
from tests.desk.contest_with_panel import CODES, assigned_panel, joined, person
from tests.desk.entries.accepted import accepted_works
from tests.desk.entries.entered import LATE, OFFICE, OPEN
from tests.fixtures.forged_rows import forged

HASH = "a" * 64
WORKS = ["TP-001", "TP-002", "TP-003"]
LIST = FinalsList.of(WORKS, CODES)
CODES_DRAWN = drawn_codes(LIST, "04817", "T")
NO_MATCH = "không khớp với trạng thái khi đó"
OTHER_LIST, OTHER_CODES, NOT_ALLOWED = "không phải là các tác phẩm đạt sơ loại", "cho mã chấm khác", "không có quyền"


@pytest.fixture
def desk(sqlite_store: Store) -> Store:
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
    return [finding for finding in findings if finding.startswith(f"{NAMES[made.chain].text}, dòng {made.seq}: ")]


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


def test_a_list_closed_inside_the_window_is_reported(sqlite_store: Store) -> None:
    assigned_panel(sqlite_store)
    accepted_works(sqlite_store)
    found = row(sqlite_store, "finals.list_closed", closed(number=1), at=OPEN + timedelta(hours=1))
    assert any("còn nhận tác phẩm" in each for each in found)


def proposed(**more: Any) -> dict[str, Any]:
    entry = CODES_DRAWN["TP-001"]
    return {"number": 1, "entry": entry, "kind": "withdraw", "version": 4, "reason": HASH, **more}


def answered(**more: Any) -> dict[str, Any]:
    return {"number": 1, "entry": CODES_DRAWN["TP-001"], **more}


PROPOSALS: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "by nobody of the office": ("GK13", "finalist.change_proposed", proposed(), NOT_ALLOWED),
    "of no finalist": ("TK14", "finalist.change_proposed", proposed(entry="T-101"), "không vào chung kết"),
    "against another version": ("TK14", "finalist.change_proposed", proposed(version=9), NO_MATCH),
    "of a kind for another state": ("TK14", "finalist.change_proposed", proposed(kind="reinstate"), NO_MATCH),
    "of no kind": ("TK14", "finalist.change_proposed", proposed(kind="sell"), NO_MATCH),
    "of a film that is not there": ("TK14", "finalist.change_proposed", proposed(kind="film"), NO_MATCH),
    "of a film and of something else": ("TK14", "finalist.change_proposed", proposed(film=HASH), NO_MATCH),
    "of a film past a rule that nobody overrides": (
        "TK14", "finalist.change_proposed", proposed(kind="film", film=HASH, past_rules=["plays"]), NOT_ALLOWED,
    ),
    "a film replaced by nobody": (
        "system", "entry.film_replaced",
        {"entry": CODES_DRAWN["TP-001"], "film": HASH, "poster": "x.jpg", "milliseconds": 1, "width": 1, "height": 1},
        "mà không có hai người quyết định",
    ),
    "confirmed by its proposer": (
        "TK14", "finalist.change_confirmed", answered(submission="TP-002", kind="correct"), NOT_ALLOWED,
    ),
    "confirmed as another kind": (
        "TK16", "finalist.change_confirmed", answered(submission="TP-002", kind="disqualify"), NO_MATCH,
    ),
    "confirmed for another work": (
        "TK16", "finalist.change_confirmed", answered(submission="TP-003", kind="withdraw"), NO_MATCH,
    ),
    "declined by its proposer": ("TK14", "finalist.change_declined", answered(reason=HASH), NOT_ALLOWED),
    "an answer to nothing": ("TK16", "finalist.change_declined", answered(number=9, reason=HASH), NO_MATCH),
    "a post of no finalist": ("TK15", "finalist.posted", {"number": 1, "entry": "T-101"}, "không vào chung kết"),
    "a post of tomorrow": (
        "TK15", "finalist.posted", {"number": 1, "entry": CODES_DRAWN["TP-001"], "posted_at": 9_999_999_999_999}, "trước khi đăng",
    ),
    "a post by the committee": ("TK16", "finalist.posted", {"number": 1, "entry": CODES_DRAWN["TP-001"]}, NOT_ALLOWED),
}  # fmt: skip


@pytest.mark.parametrize("case", PROPOSALS)
def test_a_change_by_one_person_is_reported(desk: Store, case: str) -> None:
    joined(desk, person("ban", Role.COMMITTEE))
    draw.draw(desk, Reauthenticated(OFFICE), LIST.sha256, "04817", LATE)
    actor, event, payload, expected = PROPOSALS[case]
    if event in {"finalist.change_confirmed", "finalist.change_declined"}:
        code = CODES_DRAWN["TP-002"]
        finalist_changes.propose(desk, OFFICE, NewProposal(code, FinalistChange.WITHDRAW, 4, "Xin rút"), LATE)
        payload = payload | {"entry": code}
    assert any(expected in finding for finding in row(desk, event, payload, actor=actor))
