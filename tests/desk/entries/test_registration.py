"""Entering a work: the receipt, the window, the door, and what is limited against strangers."""

import threading
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core.desk.entries import entry_refusals as refusals
from core.desk.entries.entry_door import CodeTooLong, DoorChanged, door_of, form_state, set_door
from core.desk.entries.registration import (
    NETWORK_LIMIT,
    SHORT,
    Stranger,
    link_hash,
    register_by_office,
    register_online,
)
from core.desk.maintenance import operations
from core.rules.access import NotAllowed, Role
from core.rules.entries.form import Author, FormRefused
from core.store import tables as t
from core.store.engine import Store
from core.store.queries.submissions import Door
from tests.desk.contest_with_panel import CHIEF, assigned_panel, person
from tests.desk.entries.entered import FORM, LATE, OFFICE, OPEN, enter, secret
from tests.fixtures.ledger_payloads import acts, raw


@pytest.fixture
def desk(store: Store) -> Store:
    """A contest inside its window, with a secretary."""
    assigned_panel(store)
    return store


def test_the_author_gets_a_code_a_time_and_a_receipt(desk: Store) -> None:
    first, second = enter(desk, "một"), enter(desk, "hai")
    assert (first.code, second.code, first.at) == ("TP-001", "TP-002", OPEN)
    with desk.read() as connection:
        row = connection.execute(sa.select(t.ledger).where(t.ledger.c.event == "submission.registered")).first()
    assert row is not None
    digits = row.hash.hex()
    assert first.receipt == f"#{row.seq} · {digits[:4]}-{digits[4:8]}-{digits[8:12]}-{digits[12:16]}"


def test_the_ledger_holds_no_word_of_the_form(desk: Store) -> None:
    enter(desk)
    [payload] = raw(desk, "submission.registered")
    assert set(payload) == {"submission", "form", "link", "by_author"} and len(payload["link"]) == SHORT
    [(actor, told)] = acts(desk, "submission.registered")
    assert actor == "system" and "Lò Thị Thuỷ" in told["form"]
    assert operations.verify(desk).findings == ()


def test_the_same_link_twice_is_one_submission(desk: Store) -> None:
    assert enter(desk) == enter(desk, title="Một tên khác")
    with desk.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(t.submission)).scalar_one() == 1


def test_a_double_click_is_one_submission(desk: Store) -> None:
    codes: list[str] = []
    threads = [threading.Thread(target=lambda: codes.append(enter(desk).code)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == ["TP-001"] * 8


@pytest.mark.parametrize("link", ["", "short", "a" * 44, "a" * 42 + "/", "../" + "a" * 40, "ă" * 43])
def test_a_link_that_no_browser_of_ours_makes_is_refused(link: str) -> None:
    with pytest.raises(refusals.UnknownLink):
        link_hash(link)


def test_faults_are_named_and_nothing_is_stored(desk: Store) -> None:
    with pytest.raises(FormRefused) as refused:
        enter(desk, title=" ", terms=())
    assert [fault.field for fault in refused.value.faults][:2] == ["title", "terms.data"]
    assert acts(desk, "submission.registered") == []


@pytest.mark.parametrize(
    "at, refusal",
    [
        (datetime(2024, 5, 31, 16, 59, 59, tzinfo=UTC), refusals.NotYetOpen),
        (datetime(2024, 5, 31, 17, 0, 0, tzinfo=UTC), None),
        (datetime(2024, 7, 31, 16, 59, 59, 999_000, tzinfo=UTC), None),
        (datetime(2024, 7, 31, 17, 0, 0, tzinfo=UTC), refusals.WindowClosed),
    ],
)
def test_the_window_is_kept_to_the_second(store: Store, at: datetime, refusal: type[Exception] | None) -> None:
    assigned_panel(store)
    if refusal is None:
        assert enter(store, now=at).at == at.replace(microsecond=at.microsecond // 1000 * 1000)
    else:
        with pytest.raises(refusal):
            enter(store, now=at)


def test_the_office_takes_a_late_work_only_with_a_reason(desk: Store) -> None:
    with pytest.raises(refusals.LateNeedsReason):
        register_by_office(desk, OFFICE, FORM, LATE)
    taken = register_by_office(desk, OFFICE, FORM, LATE, late_reason="Bưu điện trả lại vì lũ, Ban Tổ chức đồng ý")
    [(actor, payload)] = acts(desk, "submission.registered")
    assert (taken.code, actor, payload["late"]) == ("TP-001", "thuky", True) and "lũ" in payload["reason"]
    assert register_by_office(desk, OFFICE, FORM, LATE, late_reason="Như trên").code == "TP-002"
    assert operations.verify(desk).findings == ()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECRETARY])
def test_only_the_secretary_enters_for_others(desk: Store, role: Role) -> None:
    who = person("ai", role)
    for act in (
        lambda: register_by_office(desk, who, FORM, OPEN),
        lambda: set_door(desk, who, opened=False, code="", now=OPEN),
        lambda: door_of(desk, who),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_closed_door_and_a_unit_code(desk: Store) -> None:
    set_door(desk, OFFICE, opened=False, code="", now=OPEN)
    with pytest.raises(refusals.DoorClosed):
        enter(desk)
    set_door(desk, OFFICE, opened=True, code="Mường La 24", now=OPEN)
    assert form_state(desk, OPEN).asks_code and door_of(desk, OFFICE) == Door(open=True, code="Mường La 24")
    with pytest.raises(refusals.WrongUnitCode):
        enter(desk)
    entered = register_online(desk, Stranger(secret("la"), "net", "mường  la 24"), FORM, OPEN)
    assert entered.code == "TP-001"
    shown = Door(open=True, code="")
    with pytest.raises(DoorChanged):
        set_door(desk, OFFICE, opened=False, code="", now=OPEN, seen=shown)
    assert set_door(desk, OFFICE, opened=True, code=" Mường  La 24", now=OPEN, seen=door_of(desk, OFFICE)) == door_of(
        desk, OFFICE
    )
    with pytest.raises(CodeTooLong):
        set_door(desk, OFFICE, opened=True, code="a" * 41, now=OPEN)
    assert [payload.get("code") for _, payload in acts(desk, "entry_door.set")] == [None, "Mường La 24", "Mường La 24"]
    assert operations.verify(desk).findings == ()


def test_one_network_cannot_fill_the_contest(desk: Store) -> None:
    def one(at: int, name: str, network: str) -> None:
        form = replace(
            FORM, authors=(Author(f"Lò Thị {name}", "1990-03-15", f"09{zlib.crc32(name.encode()) % 10**8:08}"),)
        )
        register_online(desk, Stranger(secret(name), network), form, OPEN + timedelta(milliseconds=at))

    for number in range(NETWORK_LIMIT.burst):
        one(0, f"n{number}", "203.0.113.7")
    with pytest.raises(refusals.TooManyFromHere):
        one(0, "thêm", "203.0.113.7")
    one(0, "khác", "203.0.113.8")
    one(NETWORK_LIMIT.every, "thêm", "203.0.113.7")


def test_the_code_of_units_cannot_be_guessed_for_long(desk: Store) -> None:
    set_door(desk, OFFICE, opened=True, code="Mường La 24", now=OPEN)
    for number in range(NETWORK_LIMIT.burst):
        with pytest.raises(refusals.WrongUnitCode):
            register_online(desk, Stranger(secret(f"n{number}"), "203.0.113.7", f"Mường La {number}x"), FORM, OPEN)
    with pytest.raises(refusals.TooManyFromHere):
        register_online(desk, Stranger(secret("đúng"), "203.0.113.7", "Mường La 24"), FORM, OPEN)


def test_the_contest_takes_so_many(desk: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.desk import context

    state = context.contest_state(desk)
    few = replace(state.contest, entries=replace(state.contest.entries, most_works=1))
    monkeypatch.setattr(context, "contest_state_in", lambda _: replace(state, contest=few))
    enter(desk)
    with pytest.raises(refusals.ContestFull):
        enter(desk, "hai")
    assert register_by_office(desk, OFFICE, FORM, OPEN).code == "TP-002"


def test_a_judge_enters_nothing(desk: Store) -> None:
    with pytest.raises(NotAllowed):
        register_by_office(desk, CHIEF, FORM, OPEN)


def test_a_printed_receipt_is_found_in_the_ledger(desk: Store) -> None:
    printed = enter(desk).receipt
    assert operations.verify(desk, printed).findings == ()
    forged = printed[:-1] + ("0" if printed[-1] != "0" else "1")
    assert operations.verify(desk, forged).findings != ()
