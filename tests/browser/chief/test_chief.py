"""The chief returns a sheet: the judge reads the reason, corrects it and seals a second revision; the committee's
board follows.
"""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from core.store import tables as t
from core.store.engine import connect
from tests.browser.person import Visit, serious, still
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
JUDGE, NAME = "gk03", "Nguyễn Thu Phương"
SEALED = t.sheet.c.state == "sealed"
WHY = "Tiêu chí thứ hai cao hơn mức mô tả; xin xem lại."


def sealed_work(page: Page) -> tuple[str, str]:
    """A work whose sheet this judge has sealed: its code and the sheet's address."""
    card = page.locator(".judge-works li:has(.judge-chip:text-is('Đã nộp')) a").first
    address = card.get_attribute("href")
    assert address is not None
    return address.partition("=")[2], address


def picked(page: Page, label: str, words: str) -> None:
    still(page).get_by_role("combobox", name=label).press_sequentially(words)  # what moves closes an open list
    page.get_by_role("option", name=words).first.click()


def test_a_returned_sheet_is_corrected_and_sealed_again(own_demo: Server, visit: Callable[..., Visit]) -> None:
    judge = visit(own_demo).signed_in(JUDGE, "/queue")
    code, address = sealed_work(judge)
    board = visit(own_demo).signed_in("btc", "/board")
    line = board.locator(f"tr[data-code='{code}'] .sheets")
    before = line.inner_text()

    chief = visit(own_demo).signed_in("gk01", "/panel")
    chief.get_by_role("button", name="Trả lại phiếu").click()
    expect(chief.get_by_text("Hãy chọn giám khảo và tác phẩm")).to_be_visible()
    picked(chief, "Giám khảo", NAME)
    picked(chief, "Tác phẩm", code)
    chief.get_by_role("button", name="Trả lại phiếu").click()
    expect(chief.get_by_text("Cần ghi rõ lý do")).to_be_visible()
    chief.get_by_label("Lý do", exact=True).fill(WHY)
    chief.get_by_role("button", name="Trả lại phiếu").click()
    row = chief.locator(".desk-table tbody tr").filter(has_text=NAME)
    expect(row.locator("td").nth(3)).to_have_text("1")
    expect(line).not_to_have_text(before)  # a returned sheet no longer counts, and the board shows it

    judge.goto(own_demo.origin + address)
    sheet = judge.frame_locator("iframe[src*='/sheet/']")
    expect(sheet.locator(".notice.returned")).to_contain_text(WHY)
    expect(sheet.locator("#notes li").first).to_be_attached()  # its script has loaded
    mark = sheet.locator("input.mark").nth(1)
    mark.fill("9,5")
    mark.blur()
    expect(sheet.locator("#save-state")).to_have_text(re.compile(r"Đã lưu \d\d:\d\d:\d\d"))
    sheet.locator("#submit-open").click()
    sheet.locator("#submit-now").click()
    expect(sheet.locator("#receipt")).to_contain_text(re.compile(r"#\d+ · [0-9a-f]{4}(-[0-9a-f]{4}){3}"))
    expect(line).to_have_text(before)
    assert revision(own_demo, code) == 2


def test_withdrawing_a_judge_needs_a_confirmation_that_lists_what_is_lost(
    own_demo: Server, visit: Callable[..., Visit]
) -> None:
    code, address = sealed_work(visit(own_demo).signed_in(JUDGE, "/queue"))
    chief = visit(own_demo).signed_in("gk01", "/panel")
    away = chief.locator(".desk-table tbody tr").filter(has_text=NAME).locator("td").nth(4)
    picked(chief, "Giám khảo", NAME)
    picked(chief, "Tác phẩm", code)
    chief.get_by_role("button", name="Cho rút khỏi tác phẩm này").click()
    expect(chief.get_by_text("Cần ghi rõ lý do")).to_be_visible()
    chief.get_by_label("Lý do", exact=True).fill("Người nhà của tác giả.")
    chief.get_by_role("button", name="Cho rút khỏi tác phẩm này").click()
    dialog = chief.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{NAME} không còn xem và chấm được tác phẩm {code}")
    expect(dialog).to_contain_text("Phiếu đã nộp (lần 1) không còn được tính")
    assert serious(chief) == []
    chief.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(away).to_have_text("0")
    chief.get_by_role("button", name="Cho rút khỏi tác phẩm này").click()
    dialog.get_by_role("button", name="Cho rút, không chấm nữa").click()
    expect(away).to_have_text("1")
    again = visit(own_demo).signed_in(JUDGE, address)
    expect(again.get_by_text("Không có tác phẩm này")).to_be_visible()


def revision(server: Server, code: str) -> int:
    """The number of this judge's valid revision of the work."""
    query = sa.select(t.sheet.c.revision).select_from(t.sheet.join(t.entry).join(t.account))
    store = connect(server.database_url)
    try:
        with store.read() as connection:
            return int(
                connection.scalar(query.where(t.account.c.username == JUDGE, t.entry.c.code == code, SEALED)) or 0
            )
    finally:
        store.close()


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("dark", [False, True])
def test_the_chief_s_page_fits_and_axe_finds_nothing_serious(
    demo: Server, visit: Callable[..., Visit], phone: bool, dark: bool
) -> None:
    page = visit(demo, phone=phone, dark=dark).signed_in("gk01", "/panel")
    assert still(page).evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []


def test_what_is_open_leads_to_where_it_is_settled(demo: Server, visit: Callable[..., Visit]) -> None:
    page = visit(demo, phone=True).signed_in("gk01", "/panel")
    page.get_by_role("button", name="Xem việc còn mở").click()
    expect(page.get_by_role("heading", name="Việc còn mở")).to_be_visible()
    expect(page.get_by_role("heading", name="Phiếu chưa nộp")).to_be_visible()
    assert still(page).evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []
    page.get_by_role("button", name="Mở trang Ban Giám khảo").first.click()
    expect(page.get_by_role("heading", name="Ban Giám khảo", exact=True)).to_be_visible()
