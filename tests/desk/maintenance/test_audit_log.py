"""The audit log names who did what and when, from the register of events; it shows no mark, no reason and no other text."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core.desk import interactions
from core.desk.accounts import accounts
from core.desk.awards import award_decisions
from core.desk.judging import judge_sheets, recusals, watch_time
from core.desk.judging.judge_sheets import Change
from core.desk.maintenance import audit_log, erasure
from core.desk.maintenance.audit_log import LISTED, SYSTEM_NAME, read
from core.rules.access import NotAllowed, Principal, Role
from core.rules.vietnamese import name_key
from core.rules.words import Locale, Sentence
from core.store import tables as t
from core.store.engine import Store
from core.store.events import EVENTS
from core.store.events.payloads import SessionEnded
from core.store.ledger import SYSTEM
from tests.desk import judged_contest
from tests.desk.contest_with_panel import CHIEF, CODES, LAN, MINH, NOW, SECRETARY, assigned_panel, joined, person

COMMITTEE, ADMIN = person("ban", Role.COMMITTEE), person("quantri", Role.ADMIN)
REASON, REMARK = "Người nhà tham gia đội này.", "Nhận xét riêng của tôi."
PAGE = 20  # rows, of the long log


@pytest.fixture
def desk(store: Store) -> Store:
    """A panel with a sheet sealed, a note and a recusal with its reason."""
    joined(assigned_panel(store), COMMITTEE)
    judge_sheets.save(store, LAN, CODES[0], Change({"ND": "38,5", "ST": "17"}, {"ND": REMARK}), 0, NOW)
    judge_sheets.submit(store, LAN, CODES[0], 1, "k" * 16, NOW)
    watch_time.add_note(store, LAN, CODES[0], 1000, REMARK, NOW)
    recusals.declare(store, MINH, CODES[1], REASON, NOW + timedelta(minutes=1))
    return store


def number_of(desk: Store, username: str) -> int:
    with desk.read() as connection:
        return int(connection.scalars(sa.select(t.account.c.number).where(t.account.c.username == username)).one())


def text(fact: str | Sentence) -> str:
    return fact if isinstance(fact, str) else fact.localize(Locale())


def lines(desk: Store, who: Principal = COMMITTEE, **wanted: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (text(row.person), row.act.localize(Locale()), tuple(map(text, row.about)))
        for row in read(desk, who, **wanted).rows
    ]


def test_the_newest_act_comes_first_with_who_and_about_what(desk: Store) -> None:
    found = lines(desk)
    assert found[0] == ("MINH", "Rút giám khảo khỏi tác phẩm", (CODES[1],))
    assert found[1] == ("LAN", "Nộp phiếu", (CODES[0],))
    assert [row.number for row in read(desk, COMMITTEE).rows] == sorted(
        (row.number for row in read(desk, COMMITTEE).rows), reverse=True
    )
    assert read(desk, COMMITTEE).rows[0].at == NOW + timedelta(minutes=1)


def test_no_mark_no_reason_no_remark_and_no_title_is_shown(desk: Store) -> None:
    page_text = repr(read(desk, COMMITTEE))
    assert CODES[0] in page_text  # the page is not empty
    for planted in (REASON, REMARK, "3850", "38,5", "1700", "TÁC-GIẢ", "ĐƠN-VỊ"):
        assert planted not in page_text, planted


def test_drafts_notes_and_films_opened_have_no_line(desk: Store) -> None:
    with desk.read() as connection:
        written = set(connection.scalars(sa.text("select event from ledger")))
    assert {"sheet.drafted", "note.added"} <= written
    assert not {"sheet.drafted", "note.added", "film.opened", "checkpoint.made"} & set(LISTED)
    assert {"sheet.sealed", "recusal.declared", "session.began", "account.added"} <= set(LISTED)


def test_the_filters_leave_one_act_or_one_person(desk: Store) -> None:
    assert lines(desk, event="sheet.sealed") == [("LAN", "Nộp phiếu", (CODES[0],))]
    assert {person for person, *_ in lines(desk, number=number_of(desk, "minh"))} == {"MINH"}
    assert lines(desk, number=number_of(desk, "minh"), event="sheet.sealed") == []
    assert lines(desk, number=99) == lines(desk, event="no.such") == lines(desk, event="note.added") == []


def test_a_judge_s_actions_are_found_under_the_numbers_of_all_their_roles(desk: Store) -> None:
    accounts.set_roles(desk, accounts.SYSTEM, "minh", [Role.SECRETARY], NOW)
    assert "Rút giám khảo khỏi tác phẩm" in {act for _, act, _ in lines(desk, number=number_of(desk, "minh"))}


def test_a_long_log_comes_in_pages(desk: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_log, "PAGE", PAGE)
    for number in range(PAGE // 2):
        accounts.add(desk, accounts.SYSTEM, f"tv{number}", f"Người {number}", [Role.SECRETARY], NOW)
    first, second = read(desk, COMMITTEE), read(desk, COMMITTEE, page=2)
    assert len(first.rows) == PAGE and first.all_rows == second.all_rows == PAGE + len(second.rows)
    assert first.rows[-1].number > second.rows[0].number
    assert read(desk, COMMITTEE, page=9).rows == ()
    assert read(desk, COMMITTEE, event="account.added").rows[0].person == SYSTEM_NAME  # the command line


def test_an_erased_person_is_named_only_by_their_number(desk: Store) -> None:
    accounts.add(desk, accounts.SYSTEM, "gk.moi", "Lường Thị Mới", [Role.SECRETARY], NOW)
    accounts.deactivate(desk, accounts.SYSTEM, "gk.moi", NOW)
    erasure.erase_account(desk, accounts.SYSTEM, "gk.moi", NOW)
    about = next(about for _, act, about in lines(desk) if act == "Khóa tài khoản")
    assert "Lường Thị Mới" not in repr(read(desk, COMMITTEE)) and about[0].startswith("#")


@pytest.mark.parametrize(
    "who", [LAN, CHIEF, SECRETARY, person("x", Role.CHANNEL), person("y", Role.COMMITTEE, Role.JUDGE), person("z", Role.ADMIN, Role.CHIEF)],
    ids=lambda who: "+".join(sorted(who.roles)),
)  # fmt: skip
def test_nobody_else_reads_it(desk: Store, who: Principal) -> None:
    with pytest.raises(NotAllowed):
        read(desk, who)
    with pytest.raises(NotAllowed):
        audit_log.people(desk, who)


def test_the_administrator_reads_it_too(desk: Store) -> None:
    assert lines(desk, ADMIN) == lines(desk, COMMITTEE)
    assert audit_log.people(desk, ADMIN)[number_of(desk, "lan")] == "LAN"


JUDGING = '\n[judging]\nnames_beside_marks = ["chief"]\n'  # the contest shows judges' names to the chief alone


@pytest.fixture
def unnamed(store: Store) -> Store:
    joined(assigned_panel(store, judging=JUDGING), COMMITTEE)
    accounts.add(store, accounts.SYSTEM, "gk.moi", "Lường Thị Mới", [Role.JUDGE], NOW)
    judge_sheets.save(store, LAN, CODES[0], Change({"ND": "38,5", "ST": "17"}, {}), 0, NOW)
    judge_sheets.submit(store, LAN, CODES[0], 1, "k" * 16, NOW)
    return store


def test_judges_have_numbers_for_whoever_may_not_see_their_names(unnamed: Store) -> None:
    """The administrator manages the accounts and knows the names anyway."""
    lan = f"GK{number_of(unnamed, 'lan'):02}"
    assert lines(unnamed, event="sheet.sealed") == [(lan, "Nộp phiếu", (CODES[0],))]
    assert lines(unnamed, ADMIN, event="sheet.sealed") == [("LAN", "Nộp phiếu", (CODES[0],))]
    assert audit_log.people(unnamed, COMMITTEE)[number_of(unnamed, "lan")] == lan
    page_text = repr((read(unnamed, COMMITTEE), audit_log.people(unnamed, COMMITTEE)))
    assert COMMITTEE.username in page_text.casefold()  # others keep their names
    for name in ("LAN", "MINH", "'lan'", "'minh'", "Lường Thị Mới"):
        assert name not in page_text, name


def test_the_history_of_an_account_does_not_reveal_whose_number_it_is(unnamed: Store) -> None:
    accounts.deactivate(unnamed, accounts.SYSTEM, "gk.moi", NOW)
    for event in ("account.added", "account.deactivated"):
        assert lines(unnamed, event=event)[0][2] == ("Giám khảo",)
    assert lines(unnamed, ADMIN, event="account.added")[0][2] == ("Lường Thị Mới",)


def test_a_judge_without_a_name_is_not_found_where_their_number_is_not_shown(unnamed: Store) -> None:
    name = f"GK{number_of(unnamed, 'lan'):02}"
    signed_out = SessionEnded(name, "0" * 16)
    unnamed.change(lambda transaction: transaction.record(at=0, actor="lan", payload=signed_out))
    assert [(person, act) for person, act, _ in lines(unnamed, event="session.ended")] == [("Giám khảo", "Đăng xuất")]
    number = number_of(unnamed, "lan")
    assert [act for _, act, _ in lines(unnamed, number=number)] == ["Nộp phiếu"]
    assert [act for _, act, _ in lines(unnamed, ADMIN, number=number)][:2] == ["Đăng xuất", "Nộp phiếu"]


def test_a_judge_who_lost_the_role_keeps_their_number(unnamed: Store) -> None:
    accounts.set_roles(unnamed, accounts.SYSTEM, "lan", [Role.SECRETARY], NOW)
    number = number_of(unnamed, "lan")
    assert lines(unnamed, number=number, event="sheet.sealed") == [(f"GK{number:02}", "Nộp phiếu", (CODES[0],))]
    assert "LAN" not in repr((read(unnamed, COMMITTEE), audit_log.people(unnamed, COMMITTEE)))


def test_the_filter_is_in_the_order_of_what_it_shows(unnamed: Store) -> None:
    labels = list(audit_log.people(unnamed, COMMITTEE).values())
    assert labels == sorted(labels, key=name_key)


def test_a_prize_and_a_revoked_decision_are_named(store: Store) -> None:
    committee = judged_contest.COMMITTEE
    judged_contest.judged(store)
    interactions.freeze(store, judged_contest.CHANNEL, judged_contest.MEETING)
    number = award_decisions.withhold(store, committee, "NHAT", 1, "Chưa xứng giải Nhất.", judged_contest.MEETING)
    award_decisions.revoke(store, committee, number, judged_contest.MEETING)
    found = lines(store, committee)[:2]
    assert [(act, about) for _, act, about in found] == [
        ("Hủy quyết định về giải", ("Giải Nhất",)),
        ("Quyết định về giải", ("Giải Nhất",)),
    ]


def test_every_event_of_the_register_has_words_of_its_own() -> None:
    titles = [event.title.localize(Locale()) for event in EVENTS.values()]
    assert len(set(titles)) == len(titles)
    assert SYSTEM not in titles
