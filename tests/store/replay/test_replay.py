"""The ledger also has the facts behind a result other than marks: a swapped film, a changed count, prize or role is
reported.
"""

from datetime import timedelta

import pytest

from core.desk import interaction_freezes, interactions, rounds
from core.desk.accounts import accounts, passwords
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.awards import award_decisions
from core.desk.judging import judge_sheets
from core.desk.judging.judge_sheets import Change
from core.desk.maintenance import operations
from core.rules.access import Principal, Role
from core.rules.words import Locale
from core.store.engine import Store
from tests.desk.contest_with_panel import CHANNEL, CHIEF, CODES, LAN, NOW, SALT, assigned_panel, person
from tests.fixtures.readings import confirmed_reading
from tests.store.verification.test_verify import unnamed

COMMITTEE = person("ban", Role.COMMITTEE)
MEETING = NOW + timedelta(days=30)
SWAP = "update entry set title = case id when 1 then 'Tác phẩm T-202' else 'Tác phẩm T-101' end where id in (1, 2)"


def found(store: Store) -> list[str]:
    return [finding.localize(Locale()) for finding in operations.verify(store).findings]


@pytest.fixture
def live(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A contest from the first mark to the committee's decision, made through the desk. `verify` finds nothing."""
    monkeypatch.setattr(passwords, "hashed", lambda _: "x")  # the real one takes a quarter of a second
    assigned_panel(store)
    accounts.add(store, accounts.SYSTEM, "ban", COMMITTEE.name, [Role.COMMITTEE], NOW)
    accounts.add(store, accounts.SYSTEM, "moi", "Mới", [Role.JUDGE], NOW)
    accounts.deactivate(store, accounts.SYSTEM, "moi", NOW)
    accounts.set_roles(store, accounts.SYSTEM, "thuky", [Role.SECRETARY, Role.COMMITTEE], NOW)
    judge_sheets.save(store, LAN, CODES[0], Change({"ND": "38,5", "ST": "17"}), 0, NOW)
    judge_sheets.submit(store, LAN, CODES[0], 1, "k" * 16, NOW)
    for hours, shares in ((2, "7"), (1, "9")):
        counts = {"reactions": "5", "comments": "6", "shares": shares, "views": "8"}
        confirmed_reading(store, CHANNEL, CODES[0], counts, NOW - timedelta(hours=hours), NOW)
    rounds.close(store, Reauthenticated(CHIEF), "Đủ.", NOW)
    award_decisions.revoke(store, COMMITTEE, withheld(store, COMMITTEE), MEETING)
    withheld(store, COMMITTEE)
    interactions.freeze(store, CHANNEL, MEETING)
    assert found(store) == []
    reopened(store)
    assert found(store) == []
    return store


def withheld(store: Store, who: Principal) -> int:
    return award_decisions.withhold(store, who, "NHAT", 1, "Chưa xứng.", MEETING)


def reopened(store: Store) -> None:
    interaction_freezes.reopen(
        store, COMMITTEE, "Nhập nhầm.", interaction_freezes.reopening(store, COMMITTEE).seen, MEETING
    )


def test_freezing_reopening_and_confirming_verify(live: Store) -> None:
    accounts.reactivate(live, accounts.SYSTEM, "moi", NOW)
    for _ in range(2):
        interactions.freeze(live, CHANNEL, MEETING)
        assert found(live) == []
        reopened(live)
        assert found(live) == []
    interactions.freeze(live, CHANNEL, MEETING)
    award_decisions.confirm(
        live, Reauthenticated(COMMITTEE), award_decisions.proposal(live, COMMITTEE, MEETING).seen, MEETING, SALT
    )
    assert found(live) == []


FIRST_FREEZE = "Lần chốt tương tác thứ 1: "
ALTERED = (
    (SWAP, "Tác phẩm T-101: "),
    (SWAP, "Tác phẩm T-202: "),
    ("update entry set title = 'Khác' where id = 4", "Tác phẩm T-404: "),
    ("update entry set author = 'Khác' where id = 4", "Tác phẩm T-404: "),
    ("update entry set sha256 = '00' where id = 4", "Tác phẩm T-404: "),
    ("update entry set sha256 = '00', video = '11.mp4' where id = 4", "Tác phẩm T-404: tệp phim không mang"),
    ("insert into entry (code, title, author, unit) values ('T-505', '', '', '')", "Tác phẩm T-505: "),
    ("update reading set shares = shares + 900 where id = 1", "Số liệu tương tác lần"),
    ("update reading set entry_id = 2 where id = 1", "Số liệu tương tác lần 1 của tác phẩm T-202"),
    ("update reading set taken_at = taken_at - 1 where id = 2", "Số liệu tương tác lần"),
    ("update reading_detail set explanation = 'Khác' where reading_id = 2", "Chi tiết của số liệu tương tác T-101 2"),
    ("delete from reading_detail where reading_id = 2", "Chi tiết của số liệu tương tác T-101 2"),
    ("update reading_review set verdict = 'rejected' where reading_id = 2", "Việc xác nhận số liệu tương tác T-101 2"),
    ("delete from reading_review where reading_id = 2", "Việc xác nhận số liệu tương tác T-101 2"),
    ("update contest set toml = replace(toml, '5000000', '9000000')", "Thể lệ không còn là"),
    ("update contest set toml = replace(toml, '2024-08-30', '2024-08-31')", "Cuộc thi: khác với sổ cái (toml)"),
    ("update contest set toml = 'x'", "contest.toml"),
    ("update contest set rule_card = 'sha256:00'", "Cuộc thi: khác với sổ cái (rule_card)"),
    ("update contest set seed = 'hạt khác'", "Cuộc thi: khác với sổ cái (seed)"),
    ("update contest set judging_closed_at = null", "Cuộc thi: khác với sổ cái (judging_closed_at)"),
    ("update contest set interactions_frozen_at = 1", "Cuộc thi: khác với sổ cái (interactions_frozen_at)"),
    ("update interactions_freeze set frozen_at = frozen_at - 1 where id = 1", FIRST_FREEZE),
    ("update interactions_freeze set frozen_by = 1 where id = 1", FIRST_FREEZE),
    ("update interactions_freeze set reopened_by = 1 where id = 1", FIRST_FREEZE),
    ("update interactions_freeze set reopened_at = null where id = 1", FIRST_FREEZE),
    ("update interactions_freeze set reason = 'Khác' where id = 1", FIRST_FREEZE),
    ("delete from interactions_freeze", FIRST_FREEZE),
    ("insert into interactions_freeze (frozen_by, frozen_at) values (1, 1)", "Lần chốt tương tác thứ 2"),
    ("insert into account_role values (1, 'chief')", "tài khoản lan"),
    ("update account set name = 'Khác' where id = 2", "Tài khoản minh: khác với sổ cái (name)"),
    ("update account set active = 1 where username = 'moi'", "Tài khoản moi: khác với sổ cái (active)"),
    ("delete from assignment where judge_id = 1 and entry_id = 3", "Phân công giám khảo lan chấm tác phẩm T-303"),
    ("insert into assignment values (5, 4)", "Phân công giám khảo kenh chấm tác phẩm T-404"),
    ("update decision set quantity = 0 where id = 2", "Quyết định số 2 của Ban Tổ chức"),
    ("update decision set reason = 'Khác' where id = 2", "Quyết định số 2 của Ban Tổ chức"),
    ("update decision set revoked_at = null where id = 1", "Quyết định số 1 của Ban Tổ chức"),
    ("delete from decision where id = 2", "Quyết định số 2 của Ban Tổ chức"),
)


def test_every_change_is_reported(live: Store) -> None:
    assert unnamed(live, ALTERED) == []
    assert found(live) == []  # each was undone


def test_a_changed_freeze_is_reported_while_it_is_in_force(live: Store) -> None:
    interactions.freeze(live, CHANNEL, MEETING)
    altered = (
        ("update contest set interactions_frozen_at = null", "Cuộc thi: khác với sổ cái (interactions_frozen_at)"),
        ("update interactions_freeze set frozen_at = frozen_at - 1 where id = 2", "Lần chốt tương tác thứ 2"),
        ("update interactions_freeze set reopened_by = 1, reopened_at = 1, reason = 'x'", "Lần chốt tương tác thứ 2"),
        ("delete from interactions_freeze where id = 1", FIRST_FREEZE),
    )
    assert unnamed(live, altered) == []
    assert found(live) == []
