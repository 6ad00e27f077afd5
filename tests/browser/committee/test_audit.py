"""The audit page: the newest act first, filtered by act and by person, a page at a time."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import Visit, still
from tests.serving.servers import Server

pytestmark = pytest.mark.browser


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.keyboard.type(option)  # the list draws only the options in view
    page.get_by_role("option", name=option, exact=True).click()
    still(page)


def acts(page: Page) -> set[str]:
    return set(page.locator("tbody td:first-child b").all_inner_texts())


def people(page: Page) -> set[str]:
    return set(page.locator("tbody td:nth-child(2)").all_inner_texts())


def test_the_committee_finds_who_submitted_what(demo: Server, visit: Callable[..., Visit]) -> None:
    page = still(visit(demo).signed_in("btc", "/audit"))
    expect(page.locator("tbody tr").first).to_contain_text("Đăng nhập")
    assert len(acts(page)) > 1
    choose(page, "Việc", "Nộp phiếu")
    assert acts(page) == {"Nộp phiếu"} and len(people(page)) == 5
    choose(page, "Người", "Cầm Văn Thuận")
    assert acts(page) == {"Nộp phiếu"} and people(page) == {"Cầm Văn Thuận"}
    choose(page, "Việc", "Mở cuộc thi")
    expect(page.get_by_text("Chưa có việc nào như vậy.")).to_be_visible()


def test_a_long_log_is_read_page_by_page(demo: Server, visit: Callable[..., Visit]) -> None:
    page = still(visit(demo).signed_in("quantri", "/audit"))
    first = page.locator("tbody small").first.inner_text()
    expect(page.get_by_text("Dòng 1 đến 50 trong")).to_be_visible()
    page.get_by_role("button", name="Trang sau").click()
    expect(page.get_by_text("Dòng 51 đến")).to_be_visible()
    expect(page.locator("tbody small").first).not_to_have_text(first)
