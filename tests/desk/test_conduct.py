"""A row that no act could have written is named, however whole the chain and however well the tables agree with it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.desk import accounts, awarding, chairing, interactions, judging, passwords, recusing, safekeeping
from core.desk.again import Sure
from core.desk.judging import Change
from core.rules.access import Role
from core.rules.words import Tongue
from core.store.engine import Store
from core.store.ledger import commitment
from tests.desk.a_panel import CHANNEL, CHIEF, CODES, LAN, MINH, NOW, SALT, joined, person, seated

ADMIN, COMMITTEE = person("quantri", Role.ADMIN), person("ban", Role.COMMITTEE)
WHOLE = {"ND": 3000, "ST": 1000}
LATER = NOW + timedelta(days=20)
MEETING = NOW + timedelta(days=30)

NOT_ALLOWED, OUTSIDE, NO_SEAT = "không có quyền làm việc này", "ngoài thời gian chấm", "không được phân công"
STATE, SCALE, FIXED = "không ở trạng thái cho phép", "nằm ngoài thang điểm", "sau khi bảng trao giải đã xác nhận"


@pytest.fixture
def desk(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Lan's sheet of T-101 is sealed; everybody has a confirmed account."""
    monkeypatch.setattr(passwords, "hashed", lambda _: "x")
    seated(store)
    for who in (ADMIN, COMMITTEE):
        joined(store, who)
    judging.save(store, LAN, CODES[0], Change({"ND": "30", "ST": "10"}), 0, NOW)
    judging.submit(store, LAN, CODES[0], 1, "k" * 16, NOW)
    return store


def row(store: Store, actor: str, event: str, **payload: Any) -> list[str]:
    """Append a row as whoever can write to the database can, and give what is said of it."""
    at = round((payload.pop("at", NOW)).timestamp() * 1000)
    seq = store.change(lambda unit: unit.record(at=at, actor=actor, event=event, payload=payload)).seq
    said = [finding.said(Tongue()) for finding in safekeeping.verify(store).findings]
    return [finding for finding in said if finding.startswith(f"Sổ cái, dòng {seq}: ")]


def draft(**more: Any) -> dict[str, Any]:
    return {"judge": "minh", "entry": CODES[0], "version": 1, "marks": WHOLE, **more}


def seal(**more: Any) -> dict[str, Any]:
    sealed = {"judge": "minh", "entry": CODES[0], "revision": 1, "marks": WHOLE}
    return {**sealed, "remarks_sha256": commitment("", {}), "watched_share": 0, **more}


def returned(**more: Any) -> dict[str, Any]:
    return {"judge": "lan", "entry": CODES[0], "revision": 1, "reason": "xem lại", **more}


CASES: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "a draft by another judge": ("lan", "sheet.drafted", draft(), NOT_ALLOWED),
    "a draft by an administrator": ("quantri", "sheet.drafted", draft(), NOT_ALLOWED),
    "a draft of a work not theirs": ("minh", "sheet.drafted", draft(entry="T-404"), NO_SEAT),
    "a draft above the maximum": ("minh", "sheet.drafted", draft(marks={"ND": 9999}), SCALE),
    "a draft off the step": ("minh", "sheet.drafted", draft(marks={"ND": 3001}), SCALE),
    "a draft of no criterion": ("minh", "sheet.drafted", draft(marks={"XX": 1}), SCALE),
    "a draft of a version that is not the next": ("minh", "sheet.drafted", draft(version=7), STATE),
    "a draft after the window": ("minh", "sheet.drafted", draft(at=LATER), OUTSIDE),
    "a draft on a sealed sheet": ("lan", "sheet.drafted", draft(judge="lan", version=3), STATE),
    "a sheet sealed by the chief for another": ("truong", "sheet.sealed", seal(), NOT_ALLOWED),
    "a sheet sealed by nobody's account": ("ai.do", "sheet.sealed", seal(judge="ai.do"), NOT_ALLOWED),
    "a sheet sealed without its draft": ("minh", "sheet.sealed", seal(), STATE),
    "a sheet sealed twice": ("lan", "sheet.sealed", seal(judge="lan", revision=2), STATE),
    "a sheet sealed with a criterion missing": ("minh", "sheet.sealed", seal(marks={"ND": 3000}), "không đúng các tiêu chí"),
    "a sheet returned by its judge": ("lan", "sheet.returned", returned(), NOT_ALLOWED),
    "a sheet returned by the committee": ("ban", "sheet.returned", returned(), NOT_ALLOWED),
    "a sheet returned by an administrator": ("quantri", "sheet.returned", returned(), NOT_ALLOWED),
    "a sheet returned without a reason": ("truong", "sheet.returned", returned(reason=""), "thiếu lý do"),
    "a sheet returned that was not sealed": ("truong", "sheet.returned", returned(judge="minh"), STATE),
    "a sheet returned after the window": ("truong", "sheet.returned", returned(at=LATER), OUTSIDE),
    "a recusal by somebody else": ("lan", "recusal.declared", {"judge": "minh", "entry": CODES[0], "reason_sha256": "x"}, NOT_ALLOWED),
    "a round closed by an administrator": ("quantri", "judging.closed", {"missing": 8, "reason": "x"}, NOT_ALLOWED),
    "a judge seated by an administrator after the first sheet": ("quantri", "judge.seated", {"judge": "kenh", "entries": [CODES[0]]}, NOT_ALLOWED),
    "a judge seated by themselves": ("minh", "judge.seated", {"judge": "minh", "entries": [CODES[3]]}, NOT_ALLOWED),
    "a judge with a sheet unseated": ("system", "judge.unseated", {"judge": "lan", "entries": [CODES[0]]}, STATE),
    "an account made by a judge": ("lan", "account.added", {"username": "x", "name": "X", "roles": ["judge"], "demo": 0, "password_sha256": "x"}, NOT_ALLOWED),
    "a judge made after the first sheet who waits for nobody": ("system", "account.added", {"username": "xxx", "name": "X", "roles": ["judge"], "demo": 0, "password_sha256": "x"}, "không chờ ai xác nhận"),
    "a password given to a judge who waits for nobody": ("quantri", "account.password_reset", {"username": "minh", "password_sha256": "x"}, "không chờ ai xác nhận"),
    "another's password changed": ("quantri", "account.password_changed", {"username": "minh", "password_sha256": "x", "session": ""}, NOT_ALLOWED),
    "another's session begun": ("quantri", "session.began", {"username": "minh", "session": "0" * 16}, NOT_ALLOWED),
    "a work added by a person": ("quantri", "entry.added", {"entry": "T-1"}, NOT_ALLOWED),
    "counts by a judge": ("lan", "reading.entered", {"entry": CODES[0], "taken_at": 1, "reactions": 1, "comments": 1, "shares": 1, "views": 1}, NOT_ALLOWED),
    "counts read tomorrow": ("kenh", "reading.entered", {"entry": CODES[0], "taken_at": 9_999_999_999_999, "reactions": 1, "comments": 1, "shares": 1, "views": 1}, "trước giờ đọc số liệu"),
    "a prize decided while sheets come in": ("ban", "decision.made", {"decision": 1, "prize": "NHAT", "kind": "withhold", "entries": [], "quantity": 1, "reason": "x"}, "khi vòng chấm chưa đóng"),
    "a prize decided by the chief": ("truong", "decision.made", {"decision": 1, "prize": "NHAT", "kind": "withhold", "entries": [], "quantity": 1, "reason": "x"}, NOT_ALLOWED),
    "awards taken away by a judge": ("lan", "awards.exported", {"file": "x", "sha256": "x"}, NOT_ALLOWED),
    "a note in another's name": ("lan", "note.added", {"judge": "minh", "entry": CODES[0], "at_ms": 1, "note": 1}, NOT_ALLOWED),
}  # fmt: skip


@pytest.mark.parametrize("actor,event,payload,wrong", CASES.values(), ids=CASES.keys())
def test_what_no_act_writes_is_named(desk: Store, actor: str, event: str, payload: dict[str, Any], wrong: str) -> None:
    assert any(wrong in finding for finding in row(desk, actor, event, **payload))


@pytest.mark.parametrize("event", ["sheet.sealed ", "mark.changed", ""])
def test_an_event_of_no_release_cannot_be_read(desk: Store, event: str) -> None:
    assert any("không đọc được" in finding for finding in row(desk, "lan", event, judge="lan"))


@pytest.mark.parametrize("payload", [{}, {"judge": 7}, {"judge": "minh", "entry": CODES[0], "version": "1"}])
def test_a_row_without_its_shape_cannot_be_read(desk: Store, payload: dict[str, Any]) -> None:
    assert row(desk, "minh", "sheet.drafted", **payload)


def test_what_the_acts_wrote_is_in_order(desk: Store) -> None:
    judging.return_sheet(desk, CHIEF, "lan", CODES[0], "xem lại", NOW)
    judging.save(desk, LAN, CODES[0], Change({"ND": "31"}), 3, NOW)
    judging.submit(desk, LAN, CODES[0], 4, "l" * 16, NOW)
    recusing.declare(desk, MINH, CODES[1], "người nhà", NOW)
    accounts.add(desk, accounts.SYSTEM, "gk.moi", "Lường Thị Mới", [Role.JUDGE], NOW)
    chairing.close(desk, Sure(CHIEF), "hết giờ", NOW)
    assert safekeeping.verify(desk).findings == ()


@pytest.fixture
def confirmed(desk: Store) -> Store:
    interactions.freeze(desk, CHANNEL, MEETING)
    awarding.confirm(desk, Sure(COMMITTEE), awarding.proposal(desk, COMMITTEE, MEETING).seen, MEETING, SALT)
    assert safekeeping.verify(desk).findings == ()
    return desk


AFTERWARDS: dict[str, Callable[[], tuple[str, str, dict[str, Any]]]] = {
    "a sheet": lambda: ("minh", "sheet.drafted", draft()),
    "a return": lambda: ("truong", "sheet.returned", returned()),
    "a work": lambda: ("system", "entry.film_replaced", {"entry": CODES[0]}),
    "another confirmation": lambda: ("ban", "awards.confirmed", {"document": "x", "rule_card": "x", "awards": []}),
    "counts": lambda: ("kenh", "reading.entered", {"taken_at": 1, "entry": CODES[0]}),
}


@pytest.mark.parametrize("forged", AFTERWARDS.values(), ids=AFTERWARDS.keys())
def test_nothing_comes_after_the_confirmation(
    confirmed: Store, forged: Callable[[], tuple[str, str, dict[str, Any]]]
) -> None:
    actor, event, payload = forged()
    seq = confirmed.change(
        lambda unit: unit.record(at=round(MEETING.timestamp() * 1000), actor=actor, event=event, payload=payload)
    ).seq
    said = [finding.said(Tongue()) for finding in safekeeping.verify(confirmed).findings]
    assert any(f"dòng {seq}" in finding and (FIXED in finding or "không đọc được" in finding) for finding in said)
