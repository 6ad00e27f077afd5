"""An author asks about their data by the private link; the office sees until when, answers, and hands a document over."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.entry.test_office import board, post
from tests.browser.person import Visit, serious, still
from tests.desk.entries.entered import secret
from tests.serving.servers import Server

pytestmark = pytest.mark.browser


def test_a_request_goes_from_the_author_to_the_office_and_back(entries: Server, visit: Callable[..., Visit]) -> None:
    code = post(entries, "quyen", "Quyền của tôi").json()["code"]
    author = visit(entries).context.new_page()
    author.goto(f"{entries.origin}/entry/mine#{secret('quyen')}")
    with author.expect_download() as mine:
        author.get_by_role("button", name="Tải về để đọc").click()
    assert mine.value.suggested_filename == f"{code}.html"
    assert "Quàng Thị Hoa" in Path(mine.value.path()).read_text()
    author.get_by_text("Gửi yêu cầu về dữ liệu của tôi").click()
    author.get_by_label("Yêu cầu", exact=True).select_option("Rút lại đồng ý")
    author.get_by_label("Nội dung yêu cầu").fill("Tôi không dự thi nữa")
    author.get_by_role("button", name="Gửi yêu cầu").click()
    author.get_by_role("dialog").get_by_role("button", name="Rút tác phẩm").click()
    expect(author.locator("#state")).to_have_text("Thôi dự thi")
    expect(author.locator("#history")).to_contain_text("Tôi không dự thi nữa")
    assert serious(author) == []
    office: Page = still(visit(entries).signed_in("thuky", "/submissions"))
    frame = board(office)
    frame.get_by_role("button", name=code).click()
    with office.expect_download() as document:
        frame.get_by_role("link", name="tải tệp để đọc (HTML)").click()
    assert document.value.suggested_filename == f"{code}-1.html"
    frame.get_by_role("button", name="Danh sách đơn").click()
    frame.get_by_role("link", name="Yêu cầu về dữ liệu cá nhân").click()
    row = frame.locator("#rows tbody tr").filter(has_text=code)
    expect(row).to_contain_text("Tôi không dự thi nữa")
    row.get_by_label("Chưa trả lời").fill("Đã rút đơn")
    row.get_by_role("button", name="Ghi đã trả lời").click()
    expect(frame.locator("#done")).to_have_text("Đã ghi câu trả lời.")
    expect(row).to_contain_text("Đã rút đơn")
    frame.get_by_text("Ghi yêu cầu trên giấy", exact=True).click()
    frame.get_by_label("Mã đơn").fill(code)
    frame.get_by_label("Nội dung yêu cầu").fill("Xin xóa")
    frame.get_by_role("button", name="Ghi yêu cầu").click()
    expect(frame.locator("#message")).to_have_text("Ngày nhận yêu cầu không đúng.")
    assert serious(office) == []
    author.reload()
    expect(author.locator("#history")).to_contain_text("Đã rút đơn")
