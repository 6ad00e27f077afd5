"""A row that no valid action could have written is reported, even if the chain verifies and the tables match it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.desk import interactions, rounds
from core.desk.accounts import accounts, passwords
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.awards import award_decisions
from core.desk.channel import reading_entry
from core.desk.judging import judge_sheets, recusals
from core.desk.judging.judge_sheets import Change
from core.desk.maintenance import operations
from core.rules.access import Role
from core.rules.interaction_kinds import INTERACTION_KINDS
from core.rules.words import Locale
from core.store.engine import Store
from core.store.verification.verify import NAMES
from tests.desk.contest_with_panel import CHANNEL, CHIEF, CODES, LAN, MINH, NOW, SALT, assigned_panel, joined, person
from tests.fixtures.forged_rows import forged as forge

ADMIN, COMMITTEE = person("quantri", Role.ADMIN), person("ban", Role.COMMITTEE)
WHOLE = {"ND": 3000, "ST": 1000}
LATER = NOW + timedelta(days=20)
MEETING = NOW + timedelta(days=30)

HASH = "a" * 64
NOT_ALLOWED, OUTSIDE, NO_SEAT = "không có quyền làm việc này", "ngoài thời gian chấm", "không được phân công"
STATE, SCALE, FIXED = "không ở trạng thái cho phép", "nằm ngoài thang điểm", "sau khi bảng trao giải đã xác nhận"


@pytest.fixture
def desk(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A contest where Lan's sheet of T-101 is sealed and every account is confirmed."""
    monkeypatch.setattr(passwords, "hashed", lambda _: "x")
    assigned_panel(store)
    for who in (ADMIN, COMMITTEE):
        joined(store, who)
    judge_sheets.save(store, LAN, CODES[0], Change({"ND": "30", "ST": "10"}), 0, NOW)
    judge_sheets.submit(store, LAN, CODES[0], 1, "k" * 16, NOW)
    return store


def row(store: Store, actor: str, event: str, **payload: Any) -> list[str]:
    """Append a row directly to the database. Returns the findings about it."""
    at = round((payload.pop("at", NOW)).timestamp() * 1000)
    made = store.change(lambda transaction: forge(transaction, at=at, actor=actor, event=event, payload=payload))
    findings = [finding.localize(Locale()) for finding in operations.verify(store).findings]
    return [finding for finding in findings if finding.startswith(f"{NAMES[made.chain].text}, dòng {made.seq}: ")]


def draft(**more: Any) -> dict[str, Any]:
    return {"judge": "GK12", "entry": CODES[0], "version": 1, "marks": WHOLE, **more}


def seal(**more: Any) -> dict[str, Any]:
    sealed = {"judge": "GK12", "entry": CODES[0], "revision": 1, "marks": WHOLE}
    return {**sealed, "remarks": HASH, "watched_share": 0, **more}


def returned(**more: Any) -> dict[str, Any]:
    return {"judge": "GK11", "entry": CODES[0], "revision": 1, "reason": HASH, **more}


NEW = {"account": "GK77", "username": HASH, "name": "b" * 64, "roles": ["judge"], "demo": False, "password": HASH}
WORK = {
    "entry": "T-1",
    "title": HASH,
    "author": HASH,
    "unit": HASH,
    "film": HASH,
    "milliseconds": 1,
    "width": 1,
    "height": 1,
}
READING: dict[str, Any] = {
    "entry": CODES[0], "taken_at": 1, "reactions": 1, "comments": 1, "shares": 1, "views": 1, "corrects": None,
    "questions": [], "explanation": None, "reason": None, "address": None, "screenshot": None,
}  # fmt: skip
CASES: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "a draft by another judge": ("GK11", "sheet.drafted", draft(), NOT_ALLOWED),
    "a draft by an administrator": ("TK16", "sheet.drafted", draft(), NOT_ALLOWED),
    "a draft of a work not theirs": ("GK12", "sheet.drafted", draft(entry="T-404"), NO_SEAT),
    "a draft above the maximum": ("GK12", "sheet.drafted", draft(marks={"ND": 9999}), SCALE),
    "a draft off the step": ("GK12", "sheet.drafted", draft(marks={"ND": 3001}), SCALE),
    "a draft of no criterion": ("GK12", "sheet.drafted", draft(marks={"XX": 1}), SCALE),
    "a draft of a version that is not the next": ("GK12", "sheet.drafted", draft(version=7), STATE),
    "a draft after the window": ("GK12", "sheet.drafted", draft(at=LATER), OUTSIDE),
    "a draft on a sealed sheet": ("GK11", "sheet.drafted", draft(judge="GK11", version=3), STATE),
    "a sheet sealed by the chief for another": ("GK13", "sheet.sealed", seal(), NOT_ALLOWED),
    "a sheet sealed by nobody's account": ("GK99", "sheet.sealed", seal(judge="GK99"), NOT_ALLOWED),
    "a sheet sealed without its draft": ("GK12", "sheet.sealed", seal(), STATE),
    "a sheet sealed twice": ("GK11", "sheet.sealed", seal(judge="GK11", revision=2), STATE),
    "a sheet sealed with a criterion missing": ("GK12", "sheet.sealed", seal(marks={"ND": 3000}), "không đúng các tiêu chí"),
    "a sheet returned by its judge": ("GK11", "sheet.returned", returned(), NOT_ALLOWED),
    "a sheet returned by the committee": ("TK17", "sheet.returned", returned(), NOT_ALLOWED),
    "a sheet returned by an administrator": ("TK16", "sheet.returned", returned(), NOT_ALLOWED),
    "a sheet returned without a reason": ("GK13", "sheet.returned", returned(reason=""), "không đọc được"),
    "a sheet returned that was not sealed": ("GK13", "sheet.returned", returned(judge="GK12"), STATE),
    "a sheet returned after the window": ("GK13", "sheet.returned", returned(at=LATER), OUTSIDE),
    "a recusal by somebody else": ("GK11", "recusal.declared", {"judge": "GK12", "entry": CODES[0], "reason": HASH}, NOT_ALLOWED),
    "a round closed by an administrator": ("TK16", "judging.closed", {"missing": 8, "without_score": [], "reason": HASH}, NOT_ALLOWED),
    "a judge seated by an administrator after the first sheet": ("TK16", "judge.assigned", {"judge": "GK15", "entries": [CODES[0]]}, NOT_ALLOWED),
    "a judge seated by themselves": ("GK12", "judge.assigned", {"judge": "GK12", "entries": [CODES[3]]}, NOT_ALLOWED),
    "a judge with a sheet unseated": ("system", "judge.unassigned", {"judge": "GK11", "entries": [CODES[0]]}, STATE),
    "an account made by a judge": ("GK11", "account.added", NEW, NOT_ALLOWED),
    "a judge made after the first sheet who waits for nobody": ("system", "account.added", NEW, "không chờ ai xác nhận"),
    "a password given to a judge who waits for nobody": ("TK16", "account.password_reset", {"account": "GK12", "password": HASH}, "không chờ ai xác nhận"),
    "another's password changed": ("TK16", "account.password_changed", {"account": "GK12", "password": HASH, "session": "0" * 16}, NOT_ALLOWED),
    "another's session begun": ("TK16", "session.began", {"account": "GK12", "session": "0" * 16}, NOT_ALLOWED),
    "a work added by a person": ("TK16", "entry.added", WORK, NOT_ALLOWED),
    "counts by a judge": ("GK11", "reading.entered", READING, NOT_ALLOWED),
    "counts read tomorrow": ("TK15", "reading.entered", {**READING, "taken_at": 9_999_999_999_999}, "trước giờ đọc số liệu"),
    "counts confirmed by a judge": ("GK11", "reading.confirmed", {"entry": CODES[0], "reading": 1}, NOT_ALLOWED),
    "counts confirmed that nobody entered": ("TK17", "reading.confirmed", {"entry": CODES[0], "reading": 1}, "không chờ xác nhận"),
    "a prize decided while sheets come in": ("TK17", "decision.made", {"decision": 1, "prize": "NHAT", "kind": "withhold", "entries": [], "quantity": 1, "reason": HASH}, "khi vòng chấm chưa đóng"),
    "a prize decided by the chief": ("GK13", "decision.made", {"decision": 1, "prize": "NHAT", "kind": "withhold", "entries": [], "quantity": 1, "reason": HASH}, NOT_ALLOWED),
    "awards taken away by a judge": ("GK11", "awards.exported", {"file": "x", "sha256": HASH}, NOT_ALLOWED),
    "a note in another's name": ("GK11", "note.added", {"judge": "GK12", "entry": CODES[0], "at_ms": 1, "note": 1}, NOT_ALLOWED),
}  # fmt: skip


@pytest.mark.parametrize("actor,event,payload,wrong", CASES.values(), ids=CASES.keys())
def test_a_row_that_no_action_writes_is_reported(
    desk: Store, actor: str, event: str, payload: dict[str, Any], wrong: str
) -> None:
    assert any(wrong in finding for finding in row(desk, actor, event, **payload))


def test_a_reading_without_confirmation_is_reported_once_there_are_readings_with_it(desk: Store) -> None:
    """A forged row of version 1 would count at once."""
    plain = {name: READING[name] for name in ("entry", "taken_at", "reactions", "comments", "shares", "views")}
    wrong, at = "không chờ xác nhận", round(NOW.timestamp() * 1000)

    def reported() -> bool:
        desk.change(
            lambda transaction: forge(
                transaction, at=at, actor="TK15", event="reading.entered", payload=plain, version=1
            )
        )
        return any(wrong in finding.localize(Locale()) for finding in operations.verify(desk).findings)

    assert not reported()
    reading_entry.enter(desk, CHANNEL, CODES[1], dict.fromkeys(INTERACTION_KINDS, "1"), NOW, NOW)
    assert reported()


@pytest.mark.parametrize("event", ["sheet.sealed ", "mark.changed", ""])
def test_an_unknown_event_cannot_be_read(desk: Store, event: str) -> None:
    assert any("không đọc được" in finding for finding in row(desk, "GK11", event, judge="GK11"))


@pytest.mark.parametrize("payload", [{}, {"judge": 7}, {"judge": "GK12", "entry": CODES[0], "version": "1"}])
def test_a_malformed_row_cannot_be_read(desk: Store, payload: dict[str, Any]) -> None:
    assert row(desk, "GK12", "sheet.drafted", **payload)


def test_rows_written_by_the_desk_give_no_finding(desk: Store) -> None:
    judge_sheets.return_sheet(desk, CHIEF, "lan", CODES[0], "xem lại", NOW)
    judge_sheets.save(desk, LAN, CODES[0], Change({"ND": "31"}), 3, NOW)
    judge_sheets.submit(desk, LAN, CODES[0], 4, "l" * 16, NOW)
    recusals.declare(desk, MINH, CODES[1], "người nhà", NOW)
    accounts.add(desk, accounts.SYSTEM, "gk.moi", "Lường Thị Mới", [Role.JUDGE], NOW)
    rounds.close(desk, Reauthenticated(CHIEF), "hết giờ", NOW)
    assert operations.verify(desk).findings == ()


@pytest.fixture
def confirmed(desk: Store) -> Store:
    interactions.freeze(desk, CHANNEL, MEETING)
    award_decisions.confirm(
        desk, Reauthenticated(COMMITTEE), award_decisions.proposal(desk, COMMITTEE, MEETING).seen, MEETING, SALT
    )
    assert operations.verify(desk).findings == ()
    return desk


AFTERWARDS: dict[str, Callable[[], tuple[str, str, dict[str, Any]]]] = {
    "a sheet": lambda: ("GK12", "sheet.drafted", draft()),
    "a return": lambda: ("GK13", "sheet.returned", returned()),
    "a work": lambda: (
        "system",
        "entry.film_replaced",
        {"entry": CODES[0], "film": HASH, "milliseconds": 1, "width": 1, "height": 1},
    ),
    "another confirmation": lambda: ("TK17", "awards.confirmed", {"document": "x", "rule_card": "x", "awards": []}),
    "counts": lambda: (
        "TK15",
        "reading.entered",
        READING,
    ),
}


@pytest.mark.parametrize("forged", AFTERWARDS.values(), ids=AFTERWARDS.keys())
def test_nothing_may_follow_the_confirmation(
    confirmed: Store, forged: Callable[[], tuple[str, str, dict[str, Any]]]
) -> None:
    actor, event, payload = forged()
    at = round(MEETING.timestamp() * 1000)
    seq = confirmed.change(lambda transaction: forge(transaction, at=at, actor=actor, event=event, payload=payload)).seq
    findings = [finding.localize(Locale()) for finding in operations.verify(confirmed).findings]
    assert any(f"dòng {seq}:" in finding and FIXED in finding for finding in findings)
