"""A judge on a bad connection, or while somebody else changes the same sheet: nothing is hidden, lost or left
unexplained.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import FrameLocator, Route, expect

from core.desk import rounds
from core.desk.accounts.reauthentication import Reauthenticated
from core.desk.judging import judge_sheets, recusals
from core.rules.access import Principal, Role
from core.store.engine import Store, connect
from tests.browser.judge.test_judge_day import left_work, open_left, saved, sheet_of
from tests.browser.person import Visit, still
from tests.serving.servers import Server

Visitor = Callable[..., Visit]
JUDGE = "gk04"  # whose works no other test of the shared contest begins
HEARD = """kept => { kept.heard = [];
  new MutationObserver(() => kept.heard.push(kept.textContent)).observe(kept, {childList: true}); }"""
CHIEF = Principal("gk01", "", frozenset({Role.JUDGE, Role.CHIEF}), "")


def meanwhile(server: Server, act: Callable[[Store, datetime], object]) -> None:
    """Run a change of somebody else on the server's database."""
    store = connect(server.database_url)
    try:
        act(store, datetime.now(UTC))
    finally:
        store.close()


def fields(sheet: FrameLocator) -> list[float]:
    """The vertical position of every mark's field and of the foot."""
    return [
        each.evaluate("each => each.getBoundingClientRect().top + each.ownerDocument.defaultView.scrollY")
        for each in sheet.locator("input.mark").all()
    ] + [sheet.locator(".totals").evaluate("foot => foot.offsetHeight")]


def test_a_stopped_server_hides_nothing_and_typing_goes_on(own_demo: Server, visit: Visitor) -> None:
    person = visit(own_demo)
    page, sheet, _address = open_left(person, JUDGE)
    queue = person.open("/queue")
    own_demo.kill()
    for window in (page, queue):
        window.wait_for_selector("[data-testid='stApp'][data-test-connection-state='PINGING_SERVER']")
    queue.wait_for_timeout(8_000)  # Streamlit's own dialog would have come by now
    for window in (page, queue):
        expect(window.locator("[role=dialog], [data-testid='stDialog']")).to_have_count(0)
    told = queue.locator(".stApp").evaluate("app => getComputedStyle(app, '::after').content")
    assert "Mất kết nối với máy chủ" in told
    sheet.locator("input.mark").first.click()
    page.keyboard.type("31,5")
    expect(sheet.locator("input.mark").first).to_have_value("31,5")
    own_demo.start()
    saved(sheet)


def test_a_save_whose_answer_was_lost_is_found_kept(demo: Server, visit: Visitor) -> None:
    page, sheet, _address = open_left(visit(demo), JUDGE)
    lost: list[int] = []

    def once(route: Route) -> None:
        if route.request.method != "PATCH" or lost:
            return route.fallback()
        lost.append(route.fetch().status)
        return route.abort()

    page.route("**/api/sheet/*", once)
    kept = sheet.locator("#save-state")
    kept.evaluate(HEARD)
    sheet.locator("input.mark").first.fill("31,5")
    sheet.locator("input.mark").first.blur()
    saved(sheet)
    assert [said for said in kept.evaluate("kept => kept.heard") if "Chưa lưu được" in said]  # for a second only
    assert lost == [200]
    expect(sheet.locator("#conflict")).to_be_hidden()


def test_what_came_too_late_is_told(own_demo: Server, visit: Visitor) -> None:
    person = visit(own_demo)
    _page, sheet, _address = open_left(person, JUDGE)
    sheet.locator("input.mark").first.fill("31,5")
    sheet.locator("input.mark").first.blur()
    saved(sheet)
    person.context.set_offline(True)
    sheet.locator("input.mark").nth(1).fill("17")
    sheet.locator("#remark-").fill("Gõ lúc mất mạng")
    meanwhile(own_demo, lambda store, now: rounds.close(store, Reauthenticated(CHIEF), "Hết giờ.", now))
    person.context.set_offline(False)
    expect(sheet.locator("output.mark").first).to_have_text("31,5")
    expect(sheet.locator("#field-notice")).to_contain_text("17")
    expect(sheet.locator("#field-notice")).to_contain_text("Gõ lúc mất mạng")


def test_a_judge_withdrawn_by_the_chief_is_led_back_to_the_queue(own_demo: Server, visit: Visitor) -> None:
    page, sheet, address = open_left(visit(own_demo), JUDGE)
    code = address.partition("=")[2]
    meanwhile(own_demo, lambda store, now: recusals.declare_for(store, CHIEF, JUDGE, code, "Người nhà.", now))
    sheet.locator("input.mark").first.fill("31,5")
    page.keyboard.press("Tab")  # the field may be gone by now: what was typed has been sent and refused
    expect(sheet.get_by_text("Không có tác phẩm này trong danh sách chấm của bạn.")).to_be_visible()
    sheet.get_by_role("link", name="Về danh sách chấm").click()
    page.wait_for_url("**/queue")


def test_keyboard_shortcuts_work_before_any_click(demo: Server, visit: Visitor) -> None:
    page, sheet, _address = open_left(visit(demo), JUDGE)
    expect(sheet.locator("#notes li")).to_be_visible()
    page.keyboard.press("Alt+KeyK")
    expect(sheet.locator("#film")).to_have_js_property("paused", value=False)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_moves_when_marks_change(demo: Server, visit: Visitor, language: str) -> None:
    person = visit(demo, phone=True, language=language)
    page = person.signed_in(JUDGE, "/queue")
    page.goto(person.server.origin + left_work(page))
    sheet = sheet_of(page)
    sheet.locator("#film").evaluate("film => film.readyState || new Promise(go => { film.onloadedmetadata = go; })")
    still(page)
    before = fields(sheet)
    for mark, typed in zip(sheet.locator("input.mark").all(), ("31", "17", "16", "12", "4"), strict=True):
        mark.fill(typed)
        mark.blur()
    expect(sheet.locator("#save-state")).to_have_attribute("data-state", "saved")
    expect(sheet.locator(".levels .level-reached b")).to_have_count(5)
    assert fields(sheet) == before
    for mark in sheet.locator("input.mark").all():
        mark.fill("")
        mark.blur()
    expect(sheet.locator("#total")).to_have_text("–")


def test_a_judge_who_comes_back_to_the_window_finds_the_sheet_as_it_is_now(own_demo: Server, visit: Visitor) -> None:
    page = visit(own_demo).signed_in(JUDGE, "/queue")
    address = page.locator(".judge-works li:has(.judge-chip:text-is('Đã nộp')) a").first.get_attribute("href")
    assert address is not None
    page.goto(own_demo.origin + address)
    sheet = sheet_of(page)
    expect(sheet.locator("#receipt")).to_be_visible()
    code, why = address.partition("=")[2], "Xem lại điểm kỹ thuật."
    meanwhile(own_demo, lambda store, now: judge_sheets.return_sheet(store, CHIEF, JUDGE, code, why, now))
    sheet.locator("body").evaluate("() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
    expect(sheet.locator(".notice.returned")).to_contain_text(why)
    expect(sheet.locator("input.mark").first).to_be_editable()
