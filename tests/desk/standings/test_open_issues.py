"""What is open before the closing: each kind is found, goes when it is settled, and shows nobody what they may not see."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.desk import rounds
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.channel import reading_entry, reading_reviews
from core.desk.entries import officials
from core.desk.entries.official_input import Typed
from core.desk.judging import judge_sheets, recusals
from core.desk.judging.judge_sheets import Change
from core.desk.standings import open_issues
from core.desk.standings.live_standings import LiveStandings
from core.rules.access import NotAllowed, Principal, Role
from core.rules.words import Locale
from core.store import tables as t
from core.store.engine import Store
from tests.desk.contest_with_panel import (
    CHANNEL,
    CHIEF,
    CODES,
    LAN,
    MINH,
    NOW,
    SECRETARY,
    assigned_panel,
    joined,
    person,
)
from tests.serving.databases import owner_transaction
from tests.store.verification.test_verify import altered

COMMITTEE = person("ban", Role.COMMITTEE)
MARKED = (LAN, MINH, CHIEF)


@pytest.fixture
def desk(store: Store) -> Store:
    joined(assigned_panel(store), COMMITTEE)
    return store


def found(store: Store, who: Principal = COMMITTEE) -> dict[str, list[str]]:
    """The sentences of each kind of what is open, by its title."""
    issues = open_issues.open_issues(LiveStandings(store), who, NOW).issues
    return {each.title.text: [item.localize(Locale()) for item in each.items] for each in issues}


def seal(store: Store, who: Principal, code: str, points: tuple[str, str] = ("30", "10")) -> None:
    judge_sheets.save(store, who, code, Change(dict(zip(("ND", "ST"), points, strict=True))), 0, NOW)
    judge_sheets.submit(store, who, code, 1, f"{who.username}-{code}".ljust(16, "k"), NOW)


def left(line: str) -> int:
    """The number in "…: còn 3 phiếu"."""
    return int(line.split()[-2])


def watched(store: Store, share: int) -> None:
    """As if every judge had watched this share of each film (basis points)."""
    with owner_transaction(store) as connection:
        altered(connection, t.sheet_revision.update().values(watched_share=share))


def test_missing_sheets_and_the_works_that_they_leave_without_a_score(desk: Store) -> None:
    before = found(desk)
    assert len(before["Phiếu chưa nộp"]) == len(MARKED)
    assert [line.partition(" ")[0] for line in before["Tác phẩm chưa đủ phiếu để có điểm"]] == sorted(CODES)
    for who in MARKED:
        seal(desk, who, CODES[0])
    after, issues = found(desk), open_issues.open_issues(LiveStandings(desk), COMMITTEE, NOW).issues
    assert issues[0].count == sum(map(left, after["Phiếu chưa nộp"]))
    assert sum(map(left, before["Phiếu chưa nộp"])) - sum(map(left, after["Phiếu chưa nộp"])) == len(MARKED)
    assert CODES[0] not in " ".join(after["Tác phẩm chưa đủ phiếu để có điểm"])


def test_a_film_that_was_not_watched_whole_until_the_sheet_is_returned(desk: Store) -> None:
    seal(desk, LAN, CODES[0])
    watched(desk, 9_499)
    (line,) = found(desk)["Phim chưa xem hết mà phiếu đã nộp"]
    assert line.startswith(f"{CODES[0]}: ") and "94 %" in line
    watched(desk, 9_500)
    assert "Phim chưa xem hết mà phiếu đã nộp" not in found(desk)
    watched(desk, 0)
    judge_sheets.return_sheet(desk, CHIEF, LAN.username, CODES[0], "Xem lại.", NOW)
    assert "Phim chưa xem hết mà phiếu đã nộp" not in found(desk)
    seal(desk, MINH, CODES[1])
    recusals.declare(desk, MINH, CODES[1], "Người nhà.", NOW)
    assert "Phim chưa xem hết mà phiếu đã nộp" not in found(desk)


def test_a_tie_across_a_prize_is_not_told_to_a_chief_who_still_marks(desk: Store) -> None:
    for code in CODES[:2]:
        for who in MARKED:
            seal(desk, who, code)
    assert CODES[0] in found(desk)["Tác phẩm đồng hạng ở ranh giới giải"][0]
    of_chief = open_issues.open_issues(LiveStandings(desk), CHIEF, NOW)
    assert of_chief.hidden
    assert "Tác phẩm đồng hạng ở ranh giới giải" not in found(desk, CHIEF)


def test_readings_that_nobody_confirmed_are_named_to_those_who_see_them(desk: Store) -> None:
    typed = {"reactions": "77", "comments": "0", "shares": "0", "views": "0"}
    number = reading_entry.enter(desk, CHANNEL, CODES[0], typed, NOW - timedelta(hours=1), NOW, "x")
    title = "Số liệu tương tác chưa ai xác nhận"
    assert found(desk)[title] == [f"{CODES[0]}: 1 lần đọc"]
    assert found(desk, CHIEF)[title] == ["Số lần đọc: 1"]
    assert "77" not in repr(found(desk))
    reading_reviews.confirm(desk, SECRETARY, [number], NOW)
    assert title not in found(desk)


def test_an_author_who_is_like_an_official_is_named_to_who_decides(desk: Store) -> None:
    officials.add(desk, SECRETARY, Typed(f"TÁC-GIẢ-{CODES[0]}", "Ban Tổ chức", "07/05/1990", "0912345678", ""), NOW)
    title = "Tác giả giống thành viên các ban, chưa ai quyết định"
    assert f"TÁC-GIẢ-{CODES[0]}" in found(desk, SECRETARY)[title][0]
    (line,) = found(desk)[title]
    assert line.startswith(CODES[0]) and "TÁC-GIẢ" not in line


def test_it_is_for_organisers_and_says_that_the_round_is_closed(desk: Store) -> None:
    for who in (LAN, CHANNEL):
        with pytest.raises(NotAllowed):
            found(desk, who)
    for who in MARKED:
        seal(desk, who, CODES[0])
    watched(desk, 10_000)
    rounds.close(desk, Reauthenticated(CHIEF), "Các tác phẩm khác không ai chấm.", NOW)
    issues = open_issues.open_issues(LiveStandings(desk), COMMITTEE, NOW)
    assert issues.closed
    with desk.read() as connection:
        assert connection.execute(sa.select(t.contest.c.judging_closed_at)).scalar_one() is not None


def test_the_round_is_closed_on_what_the_page_showed(desk: Store) -> None:
    seal(desk, LAN, CODES[0])
    seen = rounds.last_change(desk)
    seal(desk, MINH, CODES[0])
    with pytest.raises(rounds.ChangedSince, match="nay còn"):
        rounds.close(desk, Reauthenticated(CHIEF), "Hết giờ.", NOW, seen)
    typed = {"reactions": "7", "comments": "0", "shares": "0", "views": "0"}
    seen = rounds.last_change(desk)
    reading_entry.enter(desk, CHANNEL, CODES[0], typed, NOW - timedelta(hours=1), NOW, "x")  # is not about a sheet
    rounds.close(desk, Reauthenticated(CHIEF), "Hết giờ.", NOW, seen)
