"""The office closes the list of finalists and draws the judging codes, on the page of finalists."""

import re

from playwright.sync_api import Page, expect

from core.desk.demo.material import PASSWORD
from tests.browser.person import settled


def draw(page: Page, title: str) -> str:
    """Close the list of one work, draw its code, and return the code."""
    page.get_by_label("Con số bốc thăm sẽ lấy từ đâu").fill("Giải đặc biệt xổ số miền Bắc")
    page.get_by_role("button", name="Chốt danh sách").click()
    expect(page.get_by_text("Danh sách lần 1: 1 tác phẩm")).to_be_visible()
    settled(page)  # the form of the draw is new, and comes after the list
    page.get_by_label("Con số bốc thăm", exact=True).fill("04817")
    page.get_by_text("Tôi hiểu chỉ bốc thăm một lần").click()
    page.get_by_label("Mật khẩu của bạn, nhập lại").fill(PASSWORD)
    page.get_by_role("button", name="Bốc thăm").click()
    expect(page.get_by_text("Đã bốc thăm 1 mã chấm")).to_be_visible()
    code = re.search(r"T-\d{3}", page.get_by_role("row").filter(has_text=title).inner_text())
    assert code is not None
    return code[0]
