"""Printing (Ctrl+P) gives the whole content on A4: all frames, dark text, without the menu, the
buttons and the film.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import Visit, still
from tests.fixtures import pdf_pages
from tests.fixtures.pdf_pages import Printed
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
Visitor = Callable[..., Visit]
JUDGE = "gk04"
CODES = ("094", "128", "207", "256", "305", "372", "417", "519", "562", "643", "731", "880")
WORKS = tuple(f"T-{number}" for number in CODES)
CRITERIA = (
    "Nội dung, thông điệp",
    "Kết cấu, hình thức thể hiện",
    "Tính sáng tạo",
    "Kỹ thuật",
    "Sức lan toả, tính giáo dục",
)
PANEL = ("Quàng Văn Dũng", "Hoàng Thị Hạnh", "Đinh Kim Oanh", "Nguyễn Thu Phương", "Cầm Văn Thuận")
NEVER = (  # the menu, the buttons, the connection state, the film's controls
    "Đăng xuất", "Danh mục", "Mở trên màn hình lớn", "Trực tiếp", "Skip to main content", "Nộp phiếu", "Tải bảng",
    "Lưu số liệu", "Chốt lượt tương tác", "Trả lại phiếu", "Thêm ghi chú", "Phím tắt", "Danh sách chấm", "Xem dạng bảng",
)  # fmt: skip
PAGES = {
    "/standings": ("btc", (*WORKS, "Hồ sơ sức khoẻ theo chân người bệnh", "Giải Khuyến khích", "phiếu, cần ít nhất 3")),
    "/charts": ("btc", (*WORKS, *PANEL, "Tiến độ của từng giám khảo", "Mức điểm của từng giám khảo")),
    "/awards": ("btc", ("Giải Nhất", "T-562", "5.000.000", "Chưa trao 4 Giải Khuyến khích", "Huyện Mộc Châu")),
    "/panel": ("gk01", (*PANEL, "Phiếu lệch quá ngưỡng", "tác phẩm đủ phiếu")),
    "/progress": ("kenh", ("Tiến độ chấm", "phiếu", "Hạn nộp phiếu")),
    "/interactions": ("kenh", (*WORKS, "19.870", "1.418", "Lịch sử nhập")),
}


def on_paper(page: Page) -> list[Printed]:
    """The page printed on A4 without background colours, as browsers do by default."""
    found = pdf_pages.pages(page.pdf(format="A4", prefer_css_page_size=True))
    for each in found:
        assert each.is_a4 and each.cut == ()
        assert each.text, "an empty sheet of paper"
        assert each.brightness > 200 and each.palest >= 4.4
        assert [word for word in NEVER if each.has(word)] == []
    return found


def missing(found: list[Printed], words: tuple[str, ...]) -> list[str]:
    whole = "".join(each.text for each in found)
    return [word for word in words if pdf_pages.squeezed(word) not in whole]


@pytest.mark.parametrize("phone, address", [(False, "/standings"), *((True, address) for address in PAGES)])
def test_a_page_is_printed_whole(demo: Server, visit: Visitor, phone: bool, address: str) -> None:
    """The printout does not depend on the screen: a desktop, or a phone in the dark scheme."""
    who, words = PAGES[address]
    page = still(visit(demo, phone=phone, dark=phone).signed_in(who, address))
    found = on_paper(page)
    assert missing(found, words) == []
    assert {each.landscape for each in found} == {address == "/standings"}
    expect(page.locator(".print-copy")).to_have_count(0)  # on the screen nothing appears twice


@pytest.mark.parametrize("address", ["/board", "/board/charts", "/board?hall=1"])
def test_a_page_of_our_own_is_printed_whole(demo: Server, visit: Visitor, address: str) -> None:
    found = on_paper(still(visit(demo, dark=True).signed_in("btc", address)))
    assert missing(found, WORKS) == []
    assert {each.landscape for each in found} == {address != "/board/charts"}


def sealed(page: Page) -> str:
    """The address of a sheet that this judge has sealed."""
    found = page.locator(".judge-works li:has(.judge-chip:text-is('Đã nộp')) a").first.get_attribute("href")
    assert found is not None
    return found


@pytest.mark.parametrize("framed", [True, False], ids=["in Streamlit's page", "alone"])
def test_a_sealed_sheet(demo: Server, visit: Visitor, framed: bool) -> None:
    person = visit(demo, dark=True)
    page = person.signed_in(JUDGE, "/queue")
    address = sealed(page)
    page.goto(demo.origin + (address if framed else f"/sheet/{address.partition('=')[2]}"))
    found = on_paper(still(page))
    assert missing(found, (*CRITERIA, "Phiếu đã nộp và niêm phong", "Mã biên nhận", "Tổng điểm", "/ 100")) == []
    sheet = next(frame for frame in page.frames if "/sheet/" in frame.url)
    texts = sheet.locator("output.mark, .levels .level-reached, .user-text, #total, .receipt dd").all_inner_texts()
    assert len(texts) > 12
    assert missing(found, tuple(texts)) == []


def test_an_open_sheet_with_what_was_typed_its_criteria_whole(demo: Server, visit: Visitor) -> None:
    page = visit(demo).signed_in(JUDGE, "/queue")
    left = page.locator(".judge-works li:has(.judge-chip:text-is('Chưa chấm')) a").first.get_attribute("href")
    page.goto(f"{demo.origin}{left}")
    sheet = page.frame_locator("iframe[src*='/sheet/']")
    expect(sheet.locator("#notes li").first).to_be_attached()
    remarks = [f"Mở đầu {number}: " + "nhận xét dài và kỹ " * 120 + f"hết {number}." for number in range(5)]
    for number, remark in enumerate(remarks):
        sheet.locator("input.mark").nth(number).fill(f"{number + 0.5:.1f}".replace(".", ","))
        sheet.locator(".criterion textarea").nth(number).fill(remark)
    sheet.locator("#remark-").fill("Nhận xét chung của phiếu")
    expect(sheet.locator("#save-state")).to_have_text(re.compile(r"Đã lưu \d\d:\d\d:\d\d"))
    found = on_paper(page)
    assert len(found) > 1
    for number, (name, remark) in enumerate(zip(CRITERIA, remarks, strict=True)):
        whole = [each for each in found if each.has(name) and each.has(remark)]
        assert len(whole) == 1 and whole[0].has(f"{number},5"), name
    assert missing(found, ("Nhận xét chung của phiếu", "Tổng điểm 12,5 / 100")) == []
    for number in range(5):
        sheet.locator("input.mark").nth(number).fill("")
        sheet.locator(".criterion textarea").nth(number).fill("")
    sheet.locator("#remark-").fill("")
    expect(sheet.locator("#total")).to_have_text("–")


def test_what_is_printed_is_made_for_print_media_too(demo: Server, visit: Visitor) -> None:
    page = still(visit(demo).signed_in("btc", "/standings"))
    page.emulate_media(media="print")
    expect(page.locator(".print-copy #rows tr")).to_have_count(len(WORKS))
    expect(page.locator("iframe[src='/board']")).to_be_hidden()
    page.emulate_media(media="screen")
    expect(page.locator(".print-copy")).to_have_count(0)
    expect(page.locator("iframe[src='/board']")).to_be_visible()
