"""No English on a Vietnamese page: every page, and every widget in every state that a user can bring about."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.desk.interactions import freeze
from core.store import tables as t
from core.store.engine import Store
from tests.browser.person import Visit, settled, still
from tests.browser.served_meeting import read_off, served, window
from tests.desk.judged_contest import CHANNEL, MARKS, MEETING, TIED
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
Visitor = Callable[..., Visit]
ENGLISH = re.compile(  # words that no Vietnamese sentence contains; key names stay as on the keyboard
    r"\b(the|and|of|for|with|from|is|are|up|selects?|selected|choose|options?|available|results?|press|submit|form|apply|"
    r"clear|remove|pages?|next|previous|dates?|time|month|year|days?|hour|minute|open|close|show|hide|copy|copied|errors?|please|"
    r"values?|number|range|use|keys?|skip|main|content|loading|running|stop|rerun|connecting|connection|dismiss|"
    r"notifications?|empty|today|first|last|more|less|view|search|upload|files?|download|settings|help|suggestions?|"
    r"increment|decrement|heading|password|expand|collapse|sidebar|field|required|clipboard|pagination|matches|navigate|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
SAID = """() => {
  const said = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const holder = texts.currentNode.parentElement;
    if (!holder.closest("script, style, noscript, kbd, textarea, [data-testid=stIconMaterial], [data-testid$=Icon], [data-testid=stCode]"))
      said.push(texts.currentNode.data.trim());
  }
  for (const named of document.querySelectorAll("*"))
    for (const name of ["aria-label", "title", "placeholder", "alt", "aria-valuetext", "aria-roledescription", "aria-description"])
      said.push(named.getAttribute(name) ?? "");
  return [...new Set(said)].filter(text => text !== "");
}"""
ALLOWED = {"English"}  # the language is shown by its own name


def english(page: Page) -> list[str]:
    """The English text on the page and in its frames."""
    page.wait_for_timeout(250)
    found = {text for frame in page.frames if frame.url.startswith("http") for text in frame.evaluate(SAID)}
    return sorted(text for text in found - ALLOWED if ENGLISH.search(text))


def unfolded(page: Page, name: str) -> Locator:
    """Open a select box with the keyboard; pressed again, because on a busy machine a key may arrive before the
    script.
    """
    box = page.get_by_role("combobox", name=name).first
    for _ in range(5):
        box.press("ArrowDown")
        try:
            expect(page.get_by_role("option").first).to_be_visible(timeout=8_000)
        except AssertionError:
            continue
        return box
    raise AssertionError(f"{name} does not open")


def test_what_is_english_is_found() -> None:
    planted = [
        "Skip to main content",
        "No results",
        "Select all",
        "0 options available.",
        "11 – November",
        "Running...",
    ]
    assert all(ENGLISH.search(text) for text in planted)
    assert not any(
        map(ENGLISH.search, ("Danh mục", "Nhấn Enter để gửi", "Tổng điểm 8,5 trên 25/3", "to, in, an toàn", "T-417"))
    )


@pytest.mark.parametrize(
    "who, addresses",
    [
        ("", ("/", "/reset?link=x", "/progress")),
        ("gk02", ("/queue", "/account", "/marking?work=T-417", "/standings")),
        ("btc", ("/standings", "/charts", "/awards", "/board?hall=1")),
    ],
)
def test_on_every_page(demo: Server, visit: Visitor, who: str, addresses: tuple[str, ...]) -> None:
    person = visit(demo)
    page = person.signed_in(who, addresses[0]) if who else person.open(addresses[0])
    wrong = []
    for address in addresses:
        page.goto(demo.origin + address)
        still(page)
        for field in page.get_by_role("textbox").all():
            field.focus()
        wrong += [f"{address}: {text}" for text in english(page)]
    assert wrong == []


def test_in_the_chief_s_forms(demo: Server, visit: Visitor) -> None:
    page = still(visit(demo).signed_in("gk01", "/panel"))
    wrong = english(page)
    judge = unfolded(page, "Giám khảo")
    wrong += english(page)
    judge.press_sequentially("zzz")
    expect(page.get_by_role("option")).to_have_text("Không tìm thấy mục nào")
    wrong += english(page)
    judge.press("Escape")
    page.get_by_label("Lý do").first.fill("a" * 20)
    for key in ("c", "r", "?"):  # Streamlit's own keyboard shortcuts
        page.get_by_role("heading", level=1).click()
        page.keyboard.press(key)
    assert wrong + english(page) == []


def test_in_the_channel_s_date_and_time(demo: Server, visit: Visitor) -> None:
    page = still(visit(demo).signed_in("kenh", "/interactions"))
    wrong = english(page)
    date = page.get_by_test_id("stDateInput")
    date.get_by_role("button").first.click()
    expect(page.get_by_test_id("stDateInputCalendar")).to_be_visible()
    wrong += english(page)
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
        wrong += english(page)
    page.keyboard.press("Escape")
    year = date.get_by_role("spinbutton").last
    year.click()
    page.keyboard.type("1999")
    page.keyboard.press("Tab")
    expect(date.get_by_role("alert")).to_contain_text("Ngày phải từ")
    wrong += english(page)
    date.get_by_test_id("stTooltipErrorHoverTarget").first.hover()
    wrong += english(page)
    year.click()
    for _ in range(4):
        page.keyboard.press("Backspace")
    page.get_by_test_id("stTimeInput").get_by_role("spinbutton").first.click()
    page.keyboard.press("Backspace")
    assert wrong + english(page) == []


def test_in_the_administrator_s_lists(demo: Server, visit: Visitor) -> None:
    page = still(visit(demo).signed_in("quantri", "/accounts"))
    unfolded(page, "Sửa tài khoản")
    wrong = english(page)
    page.get_by_role("option", name="thuky").click()
    settled(page)
    page.get_by_text("Tạo tài khoản mới").click()
    page.get_by_label("Tên đăng nhập").last.focus()
    wrong += english(page)
    page.get_by_role("button", name="Khóa tài khoản").click()
    expect(page.get_by_role("button", name="Khóa ngay")).to_be_visible()
    wrong += english(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Tạo đường dẫn đặt lại mật khẩu").click()
    page.get_by_test_id("stCode").hover()
    copy = page.get_by_test_id("stCode").get_by_role("button")
    wrong += english(page)
    copy.click()
    assert wrong + english(page) == []


@pytest.fixture(scope="module")
def meeting(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Sixty works, so that tables have several pages. Four share a place; one title equals a text of Streamlit."""

    def arrange(store: Store) -> None:
        read_off(store)
        freeze(store, CHANNEL, MEETING)
        named = t.entry.update().where(t.entry.c.code == "T-405").values(title="Select all")
        store.change(lambda transaction: transaction.connection.execute(named).close())

    more = {f"T-{501 + at}": (20, 10, 10, 5, at % 4) for at in range(50)}
    with served(
        sqlite_template, tmp_path_factory.mktemp("meeting") / "var", {**MARKS, **TIED, **more}, arrange
    ) as made:
        yield made


def test_in_the_committee_s_choices_and_a_title_stays_a_title(meeting: Server, visit: Visitor) -> None:
    page = still(window(visit(meeting), "bantc", "/awards"))
    title = "T-405 · Select all"

    def seen() -> list[str]:
        return [
            text
            for text in english(page)
            if text not in {title, title.partition(" · ")[2], f"Bỏ {title}", f"{title}, đã chọn"}
        ]

    wrong = seen()
    works = unfolded(page, "Tác phẩm được chọn")
    expect(page.get_by_role("option").first).to_have_text("Chọn tất cả")
    expect(page.get_by_role("option", name=title)).to_be_visible()
    wrong += seen()
    works.press_sequentially("T-40")
    expect(page.get_by_role("option").first).to_have_text("Chọn 4 mục tìm thấy")
    wrong += seen()
    works.press_sequentially("zz")
    expect(page.get_by_role("option")).to_have_text("Không tìm thấy mục nào")
    wrong += seen()
    works.fill("")
    for code in ("T-405", "T-404", "T-406"):
        works.press_sequentially(code)
        page.get_by_role("option", name=code).click()
    unfolded(page, "Tác phẩm được chọn")
    expect(page.get_by_role("option")).to_contain_text("Chỉ chọn được tối đa 3 mục")
    wrong += seen()
    works.press("Escape")
    expect(page.get_by_text(title, exact=True).first).to_be_attached()
    page.get_by_text("Không trao đủ số giải").click()
    number = page.get_by_label("Số giải không trao")
    number.fill("0")
    number.blur()
    expect(page.get_by_test_id("stNumberInput").get_by_role("alert")).to_contain_text("nhỏ nhất là 1")
    assert wrong + seen() == []


def test_in_tables_with_pages_and_in_a_dialog(meeting: Server, visit: Visitor) -> None:
    page = still(window(visit(meeting), "bantc", "/interactions"))
    expect(page.get_by_role("button", name="Trang sau")).to_be_visible()
    wrong = english(page)
    page.get_by_role("button", name="Mở lại lượt tương tác").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Lý do").focus()
    wrong += english(page)
    expect(dialog.get_by_role("button", name="Đóng", exact=True)).to_be_visible()
    assert [text for text in wrong if "Select all" not in text] == []
