"""The page of officials: an author with an official's name is decided about; the list is added to, pasted and corrected."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.person import Visit, settled, still
from tests.serving.servers import Server, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo of this file's own: its tests change the list one after another."""
    folder = tmp_path_factory.mktemp("officials") / "var"
    shutil.copytree(demo_template, folder)
    with serving(folder) as server:
        yield server


def row(page: Page, name: str) -> Locator:
    return page.locator("tbody tr").filter(has_text=name)


def opened(page: Page, expander: str) -> Page:
    page.locator("summary").filter(has_text=expander).click()
    return still(page)


def test_an_author_with_an_officials_name_is_decided_about(desk: Server, visit: Callable[..., Visit]) -> None:
    page = still(visit(desk, phone=True).signed_in("thuky", "/officials"))
    expect(page.get_by_text("T-562 · Nhật ký điện tử của đồi chè")).to_be_visible()
    expect(page.get_by_text("(Kế hoạch, mục III.1): cần xem có phải cùng một người không")).to_be_visible()
    page.get_by_role("button", name="Quyết định").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Là hai người khác nhau").click()
    dialog.get_by_role("button", name="Lưu quyết định").click()
    expect(dialog.get_by_text("Hãy ghi lý do của quyết định.")).to_be_visible()
    settled(page)
    dialog.get_by_label("Lý do").fill("Đã đối chiếu căn cước")
    dialog.get_by_role("button", name="Lưu quyết định").click()
    expect(page.get_by_text("Không có tác giả nào chờ xem xét.")).to_be_visible()
    opened(page, "Đã quyết định (1)")
    expect(page.get_by_text("Lý do: Đã đối chiếu căn cước")).to_be_visible()
    expect(page.get_by_text("Là hai người khác nhau: được dự thi. Trần Minh Đức")).to_be_visible()


def test_a_member_is_added_corrected_and_removed(desk: Server, visit: Callable[..., Visit]) -> None:
    page = opened(still(visit(desk).signed_in("quantri", "/officials")), "Thêm thành viên")
    form = page.get_by_test_id("stForm").filter(has=page.get_by_role("button", name="Thêm thành viên"))
    form.get_by_label("Họ và tên").fill("Mùa A Sếnh")
    form.get_by_label("Ban, tổ").click()
    page.get_by_role("option", name="Tổ Thư ký giúp việc Cuộc thi").click()
    form.get_by_label("Điện thoại").fill("12")
    form.get_by_role("button", name="Thêm thành viên").click()
    expect(page.get_by_text("“12” không phải số điện thoại Việt Nam")).to_be_visible()
    settled(page)
    form.get_by_label("Điện thoại").fill("+84 169 123 4567")
    form.get_by_role("button", name="Thêm thành viên").click()
    expect(row(page, "Mùa A Sếnh")).to_contain_text("0391\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567")
    still(page).get_by_label("Sửa thành viên").click()  # an act makes the fields below the table anew
    page.get_by_role("option", name="Mùa A Sếnh").click()
    still(page)
    page.get_by_label("Ngày sinh").last.fill("07/05/1990")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(row(page, "Mùa A Sếnh")).to_contain_text("07/05/1990")
    still(page).get_by_label("Sửa thành viên").click()
    page.get_by_role("option", name="Mùa A Sếnh").click()
    still(page)
    page.get_by_role("button", name="Đưa ra khỏi danh sách").click()
    page.get_by_role("button", name="Đưa ra ngay").click()
    expect(row(page, "Mùa A Sếnh")).to_have_count(0)


def test_a_pasted_list_names_its_bad_rows_and_adds_the_others(desk: Server, visit: Callable[..., Visit]) -> None:
    page = opened(still(visit(desk).signed_in("thuky", "/officials")), "Nhập cả danh sách")
    text = "Họ và tên\tBan\tĐiện thoại\nCà Thị Inh\tBan Tổ chức Cuộc thi\t912345678\nLò Văn Ún\tTổ giúp việc\tkhông có"
    page.get_by_role("textbox", name="Danh sách", exact=True).fill(text)
    page.get_by_role("button", name="Thêm cả danh sách").click()
    expect(page.get_by_text("Dòng 3: “không có” không phải số điện thoại Việt Nam")).to_be_visible()
    expect(page.get_by_text("Đã thêm 1 người; 0 người đã có trong danh sách.")).to_be_visible()
    page.reload()
    expect(row(still(page), "Cà Thị Inh")).to_be_visible()
