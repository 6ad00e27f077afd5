"""The grid of readings: by the keyboard alone, pasted from a spreadsheet, questions, two tabs, and the second person."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from core.store.engine import Store
from tests.browser.person import Visit, serious
from tests.browser.served_meeting import served, window
from tests.desk.judged_contest import BEFORE_CUT_OFF, CHANNEL, MARKS, MEETING
from tests.fixtures.readings import confirmed_reading
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
SIDEWAYS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
PASTE = """(cell, text) => {
  const data = new DataTransfer();
  data.setData("text", text);
  cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def meeting(sqlite_template: Path, tmp_path: Path) -> Iterator[Server]:
    """Twelve works after the cut-off; one of them has a confirmed reading."""

    def arrange(store: Store) -> None:
        typed = {"reactions": "1234", "comments": "30", "shares": "12", "views": "4000"}
        confirmed_reading(store, CHANNEL, "T-401", typed, BEFORE_CUT_OFF, MEETING)

    with served(sqlite_template, tmp_path / "var", MARKS, arrange) as server:
        yield server


def meeting_origin(page: Page) -> str:
    return page.url.partition("/board/")[0]


def cells(page: Page, code: str) -> list[str]:
    found = page.locator(f"tbody[data-code='{code}'] td.count input").evaluate_all("all => all.map(one => one.value)")
    return list(found)


def test_counts_are_entered_by_keyboard_and_count_once_another_person_confirmed(
    meeting: Server, visit: Callable[..., Visit]
) -> None:
    first, second = (window(visit(meeting), "kenh", "/board/readings") for _ in range(2))
    row = first.locator("tbody[data-code='T-401']")
    expect(row.locator(".before").first).to_have_text("1.234")  # beside an empty field
    assert cells(first, "T-401") == [""] * 4
    row.locator("input").first.focus()
    for typed in ("1.300", "31", "12", "4100"):
        first.keyboard.type(typed)
        first.keyboard.press("ArrowRight")
    _send_picture(row)
    row.locator("input").nth(3).focus()
    first.keyboard.press("Enter")  # one work down
    first.keyboard.type("9")
    assert cells(first, "T-402") == ["", "", "", "9"]
    first.keyboard.press("ArrowUp")
    expect(row.locator("input").nth(3)).to_be_focused()
    for code, text in (
        ("T-403", "1 234\t3\t4\t5\r\n1.23\t3\t4\t5"),
        ("T-405", "T-406\t70\t3\t4\t5\nT-407\t80\t900\t4\t5"),
    ):
        first.locator(f"tbody[data-code='{code}'] input").first.evaluate(PASTE, text)
    assert [cells(first, f"T-40{n}")[0] for n in (3, 4, 5, 6, 7)] == ["1 234", "1.23", "", "70", "80"]
    assert serious(first) == []
    first.keyboard.press("Control+Enter")
    said = first.get_by_text("Đã lưu 3 dòng. Còn 3 dòng cần xem lại")
    expect(said).to_be_visible()
    expect(first.get_by_text("bình luận (900) nhiều hơn hẳn cảm xúc (80)")).to_be_visible()
    expect(first.get_by_text("“1.23” không phải số nguyên không âm")).to_be_visible()
    assert [cells(first, f"T-40{n}")[0] for n in (1, 4, 7)] == ["", "1.23", "80"]  # what is bad stays on the screen
    _explain_and_save(first)

    stale = second.locator("tbody[data-code='T-401'] input")
    for nth, typed in enumerate(("1.301", "31", "12")):
        stale.nth(nth).fill(typed)
    second.keyboard.press("Control+Enter")
    expect(second.get_by_text("Tòng Văn Sơn vừa nhập số liệu của tác phẩm này")).to_be_visible()
    assert cells(second, "T-401")[0] == "1.301"
    _second_person(window(visit(meeting), "thuky", "/board/readings"))


def _send_picture(row: Locator) -> None:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(written, "PNG")
    row.get_by_role("button", name="Minh chứng").click()
    sent = {"name": "chup.png", "mimeType": "image/png", "buffer": written.getvalue()}
    row.get_by_label("Ảnh chụp màn hình").set_input_files(sent)  # type: ignore[arg-type]
    expect(row.get_by_text("Đã nhận ảnh.")).to_be_visible()


def _explain_and_save(page: Page) -> None:
    for code, typed in (("T-402", "1"), ("T-404", "7")):
        for nth in range(3):
            page.locator(f"tbody[data-code='{code}'] input").nth(nth).fill(typed)
    page.locator("tbody[data-code='T-407'] .explanation").fill("Bài được một trang lớn chia sẻ, nhiều người hỏi.")
    page.get_by_role("button", name="Lưu các dòng đã nhập").first.click()
    expect(page.get_by_text("Đã lưu 3 dòng; số liệu được tính khi một người khác xác nhận.")).to_be_visible()
    expect(page.locator(".waiting li")).to_have_count(6)
    expect(page.locator(".waiting").get_by_role("button")).to_have_count(0)  # nobody confirms their own


def _second_person(page: Page) -> None:
    waiting = page.locator(".waiting li")
    expect(waiting).to_have_count(6)
    expect(page.get_by_text("bình luận nhiều hơn hẳn cảm xúc")).to_be_visible()
    expect(page.get_by_text("Bài được một trang lớn chia sẻ")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    assert not page.evaluate(SIDEWAYS) and serious(page) == []
    shown = page.request.get(
        meeting_origin(page) + str(page.get_by_role("link", name="Ảnh chụp màn hình").get_attribute("href"))
    )
    assert shown.headers["content-type"] == "image/jpeg" and shown.headers["content-security-policy"].startswith(
        "sandbox"
    )
    last = waiting.filter(has_text="T-407")
    last.get_by_role("button", name="Không nhận…").click()
    last.get_by_role("button", name="Không nhận", exact=True).click()
    expect(page.get_by_text("Cần ghi rõ lý do.")).to_be_visible()
    last.get_by_label("Lý do").fill("Không khớp bài đăng.")
    last.get_by_role("button", name="Không nhận", exact=True).click()
    expect(waiting).to_have_count(5)
    expect(page.locator(".works li").filter(has_text="T-407")).to_contain_text("Vừa bị từ chối")
    waiting.first.get_by_role("button", name="Xác nhận", exact=True).click()
    expect(page.get_by_text("Đã xác nhận 1 số liệu.")).to_be_visible()
    expect(waiting).to_have_count(4)
    page.goto(page.url + "?work=T-401")
    expect(page.locator("#chart .main-svg").first).to_be_visible()
    expect(page.get_by_text("Sau giờ chốt, không tính")).to_be_visible()
    assert not page.evaluate(SIDEWAYS) and serious(page) == []
