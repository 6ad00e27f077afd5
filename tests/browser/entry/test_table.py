"""The office takes a table of submissions: the preview, a difference that was chosen, and what is left out."""

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.entry.test_office import AUTHOR, TEXTS, board
from tests.browser.person import Visit, serious, still
from tests.desk.entries.entered import AGREED, secret
from tests.desk.submission_tables.filled import ROW, SECOND, table
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def page(entries: Server, visit: Callable[..., Visit]) -> Page:
    return still(visit(entries).signed_in("thuky", "/submissions"))


def enter(entries: Server, name: str, title: str) -> str:
    """A work that its author has entered online; its code."""
    form = {**TEXTS, "title": title, "authors": [AUTHOR], "terms": [list(each) for each in AGREED]}
    body = {"secret": secret(name), "unit_code": "", "form": form}
    answer = httpx.post(f"{entries.origin}/api/entry", json=body, headers={"origin": entries.origin}, timeout=60)
    return str(answer.json()["code"])


def test_a_table_is_previewed_and_its_good_rows_are_taken(entries: Server, page: Page) -> None:
    code = enter(entries, "bang", "Bản nhỏ chuyển đổi số")
    frame = board(page)
    frame.get_by_role("link", name="Nhập từ bảng").click()
    with page.expect_download() as template:
        frame.get_by_role("link", name="Tải bảng mẫu").click()
    assert template.value.suggested_filename == "don-du-thi-mau.xlsx"
    rows = (
        {**SECOND, "title": "Ví điện tử ở chợ", "phone.1": "0912333444"},
        {**ROW, "code": code, "title": "Bản nhỏ <b>số</b>"},
        {**SECOND, "title": "Thiếu cam kết", "signed": False, "form": "Kịch câm"},
    )
    file: FilePayload = {"name": "don.xlsx", "mimeType": XLSX, "buffer": table(*rows)}
    expect(frame.locator("html[data-theme] #file")).to_be_attached()  # the script has loaded
    frame.get_by_label("Bảng đã điền").set_input_files(file)
    expect(frame.locator("#summary")).to_have_text("don.xlsx: 1 đơn mới, 1 khác, 0 giống đơn đã lưu, 1 có lỗi.")
    expect(frame.locator("#rows")).to_contain_text("Đơn dự thi!C4 (Thể loại): “Kịch câm” không có trong danh mục")
    frame.get_by_label(f"Sửa đơn {code} theo dòng này").check()
    frame.get_by_role("button", name="Nhập 1 đơn mới, sửa 1 đơn").click()
    expect(frame.get_by_text("Cần ghi lý do.")).to_be_visible()
    frame.get_by_label("Lý do sửa").fill("Theo đơn giấy")
    assert serious(page) == []
    assert frame.locator("html").evaluate(
        "all => all.scrollWidth <= all.clientWidth"
    )  # a long fault is broken, not cut
    frame.get_by_role("button", name="Nhập 1 đơn mới, sửa 1 đơn").click()
    expect(frame.locator("#done")).to_have_text("Đã nhập 1 đơn mới, sửa 1 đơn. 1 dòng không nhập, ghi rõ bên dưới.")
    expect(frame.locator("#rows")).to_contain_text(f"Đã sửa đơn {code}")
    frame.get_by_role("link", name="Danh sách đơn").click()
    expect(frame.locator("#rows tbody")).to_contain_text("Bản nhỏ <b>số</b>")
    expect(frame.locator("#rows tbody")).to_contain_text("Ví điện tử ở chợ")
