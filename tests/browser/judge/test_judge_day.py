"""A judge's work in the browser: the queue, the film, the sheet, the receipt; and one sheet open in two windows."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.person import Visit, serious, still
from tests.serving.servers import Server

Visitor = Callable[..., Visit]
JUDGE = "gk03"
REACHED = "seconds => document.getElementById('film').currentTime >= seconds"


def left_work(page: Page) -> str:
    """A work that this judge has not begun."""
    left = "li:has(.judge-chip:text-is('Chưa chấm'), .judge-chip:text-is('Not started'))"
    address = page.locator(f".judge-works {left} a").first.get_attribute("href")
    assert address is not None
    return address


def sheet_of(page: Page) -> FrameLocator:
    sheet = page.frame_locator("iframe[src*='/sheet/']")
    expect(sheet.locator("#notes li").first).to_be_attached()  # its script has loaded: it handles keys and clicks
    return sheet


def open_left(person: Visit, judge: str = JUDGE) -> tuple[Page, FrameLocator, str]:
    """A window with the sheet of a work not yet begun."""
    page = person.signed_in(judge, "/queue")
    address = left_work(page)
    page.goto(person.server.origin + address)
    return page, sheet_of(page), address


def saved(sheet: FrameLocator) -> None:
    expect(sheet.locator("#save-state")).to_have_text(re.compile(r"Đã lưu \d\d:\d\d:\d\d"))


def test_a_judge_comes_from_the_queue_marks_by_keyboard_alone_submits_and_gets_a_receipt(
    own_demo: Server, visit: Visitor
) -> None:
    page, sheet, address = open_left(visit(own_demo))
    sheet.locator("input.mark").first.focus()
    for typed in ("30", "15,5", "15.5", "12", "4"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    expect(sheet.locator("#total")).to_have_text("77,0")
    saved(sheet)
    page.keyboard.press("Alt+KeyN")
    page.keyboard.type("Mở đầu cuốn hút")
    page.keyboard.press("Enter")
    expect(sheet.locator("#notes")).to_contain_text("Mở đầu cuốn hút")
    page.keyboard.press("Control+Enter")
    expect(sheet.locator("#submit")).to_contain_text("77,0 / 100")
    page.keyboard.press("Enter")
    expect(sheet.locator("#receipt")).to_contain_text(re.compile(r"#\d+ · [0-9a-f]{4}(-[0-9a-f]{4}){3}"))
    expect(sheet.locator("input.mark")).to_have_count(0)
    sheet.locator(".back").click()
    page.wait_for_url("**/queue")
    expect(page.locator(f".judge-works li:has(a[href='{address}'])")).to_contain_text("Đã nộp")


def test_what_was_typed_survives_the_server_s_death(own_demo: Server, visit: Visitor) -> None:
    page, sheet, address = open_left(visit(own_demo))
    first = sheet.locator("input.mark").first
    first.fill("31,5")
    first.blur()
    saved(sheet)
    own_demo.kill()
    second = sheet.locator("input.mark").nth(1)
    second.fill("16")
    second.blur()
    expect(sheet.locator("#save-state")).to_contain_text("Chưa lưu được")
    own_demo.start()
    saved(sheet)
    page.goto(own_demo.origin + address)
    again = sheet_of(page)
    expect(again.locator("input.mark").first).to_have_value("31,5")
    expect(again.locator("input.mark").nth(1)).to_have_value("16,0")


def test_a_bad_mark_is_said_by_its_field_and_an_incomplete_sheet_is_not_submitted(demo: Server, visit: Visitor) -> None:
    _page, sheet, _address = open_left(visit(demo))
    field = sheet.locator("input.mark").first
    field.fill("99")
    field.blur()
    wrong = sheet.locator(".criterion").first.locator(".error").first
    expect(wrong).to_contain_text("vượt quá điểm tối đa")
    field.fill("30")
    expect(wrong).to_be_hidden()
    field.blur()
    saved(sheet)
    sheet.locator("#submit-open").click()
    expect(sheet.locator("input.mark").nth(1)).to_be_focused()
    expect(sheet.locator("#submit")).to_be_hidden()
    saved(sheet)  # a mark not given yet is no error
    field.fill("30,3")
    field.blur()
    expect(sheet.locator("#save-state")).to_contain_text("chưa đúng")
    field.fill("30")
    saved(sheet)  # the saved mark is in its field again


def test_two_browsers_of_one_judge_never_overwrite_one_another(demo: Server, visit: Visitor) -> None:
    _page, here, address = open_left(visit(demo))
    other = visit(demo).signed_in(JUDGE, address)
    there = sheet_of(other)
    here.locator("input.mark").nth(1).fill("10")
    here.locator("input.mark").nth(1).blur()
    saved(here)
    there.locator("input.mark").nth(1).fill("12")
    there.locator("input.mark").nth(1).blur()
    conflict = there.locator("#conflict")
    expect(conflict).to_contain_text("12")
    expect(conflict).to_contain_text("10,0")
    there.locator("#keep-theirs").click()
    expect(there.locator("input.mark").nth(1)).to_have_value("10,0")
    here.locator("input.mark").nth(1).fill("11")
    here.locator("input.mark").nth(1).blur()
    expect(here.locator("#total")).to_contain_text("11")
    there.locator("input.mark").nth(1).fill("13")
    there.locator("input.mark").nth(1).blur()
    there.locator("#keep-mine").click()
    expect(there.locator("#total")).to_contain_text("13")
    expect(there.locator("input.mark").nth(1)).to_have_value("13")


def test_a_second_window_of_one_browser_follows_and_says_so(demo: Server, visit: Visitor) -> None:
    person = visit(demo)
    _page, first, address = open_left(person)
    second = sheet_of(person.open(address))
    first.locator("input.mark").last.fill("3,5")
    first.locator("input.mark").last.blur()
    expect(second.locator("input.mark").last).to_have_value("3,5")
    expect(second.locator("#field-notice")).to_contain_text("3,5")


def test_a_note_jumps_back_to_its_moment_and_watching_is_counted(demo: Server, visit: Visitor) -> None:
    page, sheet, _address = open_left(visit(demo))
    film = sheet.locator("#film")
    film.evaluate("film => { film.muted = true; return film.play(); }")
    frame = next(frame for frame in page.frames if "/sheet/" in frame.url)
    frame.wait_for_function(REACHED, arg=3)
    sheet.locator("#note-open").click()
    sheet.locator("#note-text").fill("Đoạn này hay")
    sheet.locator("#note-form button[type=submit]").click()
    expect(sheet.locator("#notes .jump")).to_be_visible()
    expect(sheet.locator("#watched")).to_have_text(re.compile(r"Đã xem [1-9]\d?%"))
    film.evaluate("film => film.pause()")
    film.evaluate("film => { film.currentTime = 0; }")
    sheet.locator("#notes .jump").click()
    frame.wait_for_function(REACHED, arg=2)
    assert film.evaluate("film => film.videoWidth") >= 1280
    sheet.locator("#notes .remove").click()
    dialog = sheet.locator("#note-remove")
    expect(dialog).to_contain_text("Đoạn này hay")  # it says what will be lost, in advance
    sheet.locator("#note-remove-cancel").click()
    expect(sheet.locator("#notes")).to_contain_text("Đoạn này hay")
    sheet.locator("#notes .remove").click()
    sheet.locator("#note-remove-now").click()
    expect(dialog).to_be_hidden()
    expect(sheet.locator("#notes")).not_to_contain_text("Đoạn này hay")


def test_a_judge_withdraws_and_finds_the_work_closed(own_demo: Server, visit: Visitor) -> None:
    page, sheet, address = open_left(visit(own_demo))
    sheet.locator("#recuse-open").click()
    sheet.locator("#recuse-now").click()
    expect(sheet.locator("#recuse-error")).to_contain_text("lý do")
    sheet.locator("#recuse-reason").fill("Tác giả là người nhà.")
    sheet.locator("#recuse-now").click()
    page.wait_for_url("**/queue")
    expect(page.locator(f".judge-works a[href='{address}']")).to_have_count(0)
    page.goto(own_demo.origin + address)
    expect(page.get_by_text("Không có tác phẩm này")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("phone", [False, True])
def test_queue_and_sheet_fit_the_screen_and_axe_finds_nothing_serious(
    demo: Server, visit: Visitor, phone: bool, dark: bool
) -> None:
    page = visit(demo, phone=phone, dark=dark).signed_in(JUDGE, "/queue")
    expect(page.locator(".judge-works")).to_be_visible()
    assert still(page).evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []
    page.goto(demo.origin + left_work(page))
    sheet = sheet_of(still(page))
    assert sheet.locator("body").evaluate("body => body.scrollWidth <= innerWidth")
    assert serious(page) == []
