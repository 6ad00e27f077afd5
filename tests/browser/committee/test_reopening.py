"""A typing error found after the freeze: the committee reopens the counts, the channel keeper corrects, the right
work gets the prize.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.desk.awards import award_decisions
from core.desk.interactions import freeze
from core.store.engine import Store
from tests.browser.person import Visit, serious, settled
from tests.browser.served_meeting import PASSWORD, choose_work, confirm_readings, read_off, served, window
from tests.desk.judged_contest import BEFORE_CUT_OFF, CHANNEL, COMMITTEE, MARKS, MEETING
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
AT = BEFORE_CUT_OFF.replace(second=0)  # whole minutes, as in the form; a correction has the same time
WHY = "Biên bản số 4: T-405 ghi **1200**, trang hiện <b>12</b>."


@pytest.fixture
def meeting(sqlite_template: Path, tmp_path: Path) -> Iterator[Server]:
    """The channel keeper has frozen the counts with 1200 instead of 12; the committee has withheld the prize by
    counts.
    """

    def frozen(store: Store) -> None:
        read_off(store, AT)
        freeze(store, CHANNEL, MEETING)
        award_decisions.withhold(store, COMMITTEE, "PHU", 1, "Số liệu còn nghi vấn.", MEETING)

    with served(sqlite_template, tmp_path / "var", MARKS, frozen) as server:
        yield server


def corrected(channel: Page) -> None:
    """The channel keeper enters the count for the minute of the cut-off."""
    choose_work(channel, "T-405")
    for name, typed in (("Cảm xúc", "12"), ("Bình luận", "10411"), ("Chia sẻ", "31870"), ("Lượt xem", "0")):
        channel.get_by_label(name).fill(typed)
    for group, typed in (("Ngày đọc số liệu", "10092024"), ("Giờ đọc số liệu", "2359")):
        channel.get_by_role("group", name=group).get_by_role("spinbutton").first.click()
        channel.keyboard.type(typed)
    channel.get_by_label("Giải thích").fill("Lần trước gõ thừa hai số 0.")
    channel.get_by_role("button", name="Lưu số liệu").click()
    expect(channel.get_by_text("nhập lúc")).to_have_count(4)
    settled(channel)


def test_a_typing_error_does_not_cost_the_prize(meeting: Server, visit: Callable[..., Visit]) -> None:
    channel = window(visit(meeting), "kenh", "/interactions")
    expect(channel.get_by_text("người chốt: Tòng Văn Sơn")).to_be_visible()
    expect(channel.get_by_role("button", name="Mở lại lượt tương tác")).to_have_count(0)

    committee = window(visit(meeting), "bantc", "/interactions")
    committee.get_by_role("button", name="Mở lại lượt tương tác").click()
    dialog = committee.get_by_role("dialog")
    expect(dialog.get_by_text("sẽ hết hiệu lực")).to_be_visible()
    expect(dialog.get_by_text("lượng tương tác cao: không trao 1 giải")).to_be_visible()
    assert serious(committee) == []
    dialog.get_by_role("button", name="Mở lại để sửa số liệu").click()
    expect(dialog.get_by_text("Cần ghi rõ lý do.")).to_be_visible()
    settled(committee)
    dialog.get_by_label("Lý do").fill(WHY)
    dialog.get_by_role("button", name="Mở lại để sửa số liệu").click()
    expect(committee.get_by_text("Ban Tổ chức đã mở lại lượt tương tác")).to_be_visible()

    channel.reload()
    settled(channel)
    expect(channel.get_by_text("Vì Thị Hải mở lại lúc")).to_be_visible()
    expect(channel.get_by_text(f"Lý do: {WHY}")).to_be_visible()
    corrected(channel)
    confirm_readings(window(visit(meeting), "thuky", "/board/readings"))
    channel.get_by_role("button", name="Chốt lượt tương tác").click()
    channel.get_by_role("button", name="Chốt, không nhập nữa").click()
    expect(channel.get_by_text("Lượt tương tác đã chốt lúc")).to_be_visible()
    expect(channel.get_by_text(f"Lý do: {WHY}")).to_be_visible()

    committee.goto(meeting.origin + "/awards")
    settled(committee)
    expect(committee.get_by_text("Số liệu còn nghi vấn.")).to_have_count(0)
    expect(committee.get_by_role("row", name="Giải phụ").get_by_text("T-401 ·")).to_be_visible()
    committee.get_by_role("button", name="Xác nhận bảng trao giải").click()
    committee.get_by_label("Mật khẩu của bạn, nhập lại").fill(PASSWORD)
    committee.get_by_role("button", name="Xác nhận, không sửa nữa").click()
    expect(committee.get_by_text("Bảng trao giải đã được xác nhận lúc")).to_be_visible()
    committee.goto(meeting.origin + "/interactions")
    settled(committee)
    expect(committee.get_by_text(f"Lý do: {WHY}")).to_be_visible()
    expect(committee.get_by_role("button", name="Mở lại lượt tương tác")).to_have_count(0)
