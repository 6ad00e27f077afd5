"""At every window size everything can be reached: by scrolling and clicking, and by the keyboard alone."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Frame, Page, expect

from core.desk.judging import judge_sheets
from core.rules.access import Principal, Role
from core.store.engine import connect
from tests.browser import reach
from tests.browser.person import Visit, still
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
Visitor = Callable[..., Visit]
JUDGE = "gk02"
CHIEF = Principal("gk01", "", frozenset({Role.JUDGE, Role.CHIEF}), "")
LOW = ((740, 360), (911, 417), (360, 400), (320, 256))
PAGES = {
    "": ("/", "/reset?link=x", "/progress", "/board/progress?hall=1"),
    "gk02": ("/queue", "/account"),
    "gk01": ("/panel",),
    "btc": ("/standings", "/charts", "/awards", "/interactions", "/board?hall=1", "/board/charts"),
    "kenh": ("/interactions", "/readings"),
    "quantri": ("/accounts",),
}
LONG = "Nhận xét dài về tác phẩm này, viết kỹ từng ý. " * 12


def sheet_of(page: Page) -> Frame:
    frame = next(frame for frame in page.frames if "/sheet/" in frame.url)
    frame.wait_for_selector("#notes li", state="attached")
    return frame


def work(page: Page, state: str) -> str:
    """The address of a sheet of this judge in this state."""
    found = page.locator(f".judge-works li:has(.judge-chip:text-is('{state}')) a").first.get_attribute("href")
    assert found is not None
    return found


@pytest.mark.parametrize("who", PAGES, ids=lambda who: who or "stranger")
def test_on_every_page_at_every_size(demo: Server, visit: Visitor, who: str) -> None:
    person = visit(demo)
    page = person.signed_in(who, PAGES[who][0]) if who else person.open("/")
    wrong = []
    for address in PAGES[who]:
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(demo.origin + address)
        wrong += [f"{address} {line}" for line in reach.at_sizes(still(page))]
    assert wrong == []


def test_with_the_menu_open(demo: Server, visit: Visitor) -> None:
    page = still(visit(demo).signed_in("gk01", "/panel"))
    menu = page.get_by_test_id("stSidebar")
    for width, height in ((360, 740), *LOW, (1366, 768)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(reach.RESIZED_MS)
        still(page)
        unfold = page.get_by_test_id("stExpandSidebarButton")
        if unfold.is_visible():
            unfold.click()
        expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()
        still(page)
        for part in (*menu.get_by_role("link").all(), *menu.get_by_role("button").all()):
            if part.is_visible():
                part.click(trial=True)
        fold = page.get_by_test_id("stSidebarCollapseButton").get_by_role("button")
        if width < 800:  # here the menu covers the page, and is closed again
            fold.click()
            expect(unfold).to_be_visible()


def test_an_open_sheet_and_all_that_can_open_on_it(demo: Server, visit: Visitor) -> None:
    page = visit(demo).signed_in("gk03", "/queue")
    page.goto(demo.origin + work(page, "Chưa chấm"))
    still(page)
    frame = sheet_of(page)
    wrong = [f"open {line}" for line in reach.at_sizes(page)]
    frame.click("#note-open")
    frame.evaluate(
        """long => {
      for (const id of ["conflict", "field-notice"]) document.getElementById(id).hidden = false;
      document.querySelector("#field-notice p").textContent = long;
      document.querySelector("#conflict tbody").innerHTML = `<tr><th>Kỹ thuật</th><td>12,5</td><td>${long}</td></tr>`;
      document.querySelector("#save-state").dataset.state = "failed";
      document.querySelector("#save-state").textContent = "Chưa lưu được, đang thử lại. Nội dung vẫn còn trong ô.";
    }""",
        LONG,
    )
    wrong += [f"conflict {line}" for line in reach.at_sizes(page)]
    frame.click("#recuse-open")
    wrong += [f"recusal {line}" for line in reach.at_sizes(page, LOW)]
    frame.click("#recuse-cancel")
    frame.evaluate(
        """long => {
      document.getElementById("review").innerHTML = Array.from({length: 8}, (_, n) => `<tr><th>Tiêu chí ${n}<br><small>${long}</small></th><td class="number">1 / 2</td></tr>`).join("");
      document.getElementById("submit").showModal();
    }""",
        LONG,
    )
    wrong += [f"review {line}" for line in reach.at_sizes(page, LOW)]
    assert wrong == []


def test_a_sealed_and_a_returned_sheet(own_demo: Server, visit: Visitor) -> None:
    page = visit(own_demo).signed_in(JUDGE, "/queue")
    sealed = work(page, "Đã nộp")
    page.goto(own_demo.origin + sealed)
    still(page)
    wrong = [f"sealed {line}" for line in reach.at_sizes(page, LOW)]
    store = connect(own_demo.database_url)
    try:
        judge_sheets.return_sheet(store, CHIEF, JUDGE, sealed.partition("=")[2], LONG, datetime.now(UTC))
    finally:
        store.close()
    page.reload()
    still(page)
    expect(page.frame_locator("iframe[src*='/sheet/']").locator(".notice.returned")).to_be_visible()
    assert wrong + [f"returned {line}" for line in reach.at_sizes(page, LOW)] == []


def test_a_dialog_taller_than_the_window_and_a_list_in_a_low_one(demo: Server, visit: Visitor) -> None:
    page = still(visit(demo).signed_in("kenh", "/interactions"))
    page.set_viewport_size({"width": 740, "height": 360})
    still(page)
    date = page.get_by_test_id("stDateInput").get_by_role("button").first
    date.click()
    calendar = page.get_by_test_id("stDateInputCalendar")
    expect(calendar).to_be_visible()
    calendar.get_by_text("15", exact=True).click(trial=True)
    page.keyboard.press("Escape")
    page = still(visit(demo).signed_in("quantri", "/accounts"))
    for width, height in LOW:
        page.set_viewport_size({"width": width, "height": height})
        still(page)
        box = page.get_by_role("combobox", name="Sửa tài khoản")
        box.click()
        box.press("ArrowDown")
        page.get_by_role("option").first.click(trial=True)
        box.press("Escape")


@pytest.mark.parametrize("size", [(911, 417), (740, 360), (360, 400)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_sheet_by_the_keyboard_alone(demo: Server, visit: Visitor, size: tuple[int, int]) -> None:
    page = visit(demo).signed_in("gk03", "/queue")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(demo.origin + work(page, "Chưa chấm"))
    still(page)
    assert reach.hidden_from_the_tab_key(page) == []


@pytest.mark.parametrize(
    "who, address", [("gk02", "/queue"), ("gk01", "/panel"), ("btc", "/awards"), ("kenh", "/interactions")]
)
def test_a_page_by_the_keyboard_alone(demo: Server, visit: Visitor, who: str, address: str) -> None:
    page = still(visit(demo).signed_in(who, address))
    page.set_viewport_size({"width": 911, "height": 417})
    still(page)
    assert reach.hidden_from_the_tab_key(page) == []
