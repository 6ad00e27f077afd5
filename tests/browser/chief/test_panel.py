"""An account created after the first sheet: the committee confirms it, the chief assigns works. The chief's own sheet
is returned.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.desk import context
from core.desk.accounts import accounts
from core.rules.access import Role
from core.store.engine import connect
from tests.browser.chief.test_chief import picked, sealed_work
from tests.browser.person import Visit, serious, settled, still
from tests.serving.servers import Server

pytestmark = pytest.mark.browser
NAME = "Lường Thị Mới"
WAITING = "Tài khoản chờ xác nhận"
ASSIGNING = "Phân công thêm giám khảo"


def made(server: Server) -> None:
    """Create an account for one more judge on the command line."""
    store = connect(server.database_url)
    try:
        accounts.add(store, accounts.SYSTEM, "gk.moi", NAME, [Role.JUDGE], context.now())
    finally:
        store.close()


def on_the_panel(page: Page) -> list[str]:
    settled(page)
    return page.locator(".desk-table tbody tr").all_inner_texts()


def test_a_new_judge_is_confirmed_and_assigned(own_demo: Server, visit: Callable[..., Visit]) -> None:
    made(own_demo)
    chief, committee = visit(own_demo).signed_in("gk01", "/panel"), visit(own_demo).signed_in("btc", "/panel")
    assert not any(NAME in row for row in on_the_panel(chief))
    expect(committee.get_by_role("heading", name=WAITING)).to_be_visible()
    expect(committee.get_by_text("Tài khoản mới tạo, từ")).to_be_visible()
    committee.get_by_role("button", name="Xác nhận", exact=True).click()
    dialog = committee.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Tài khoản gk.moi do chính {NAME} sử dụng.")
    dialog.get_by_role("button", name="Tôi đã kiểm tra, đúng người").click()
    expect(committee.get_by_role("heading", name=WAITING)).to_have_count(0)

    chief.get_by_role("button", name="Phân công mọi tác phẩm").click()
    expect(chief.get_by_text("Hãy chọn giám khảo.")).to_be_visible()
    picked(chief, "Giám khảo chưa được phân công đủ", NAME)
    chief.get_by_role("button", name="Phân công mọi tác phẩm").click()
    expect(chief.get_by_text("Cần ghi rõ lý do")).to_be_visible()
    chief.get_by_label("Lý do (bắt buộc khi đã có phiếu nộp)").fill("Thay người vắng mặt.")
    chief.get_by_role("button", name="Phân công mọi tác phẩm").click()
    expect(chief.get_by_role("heading", name=ASSIGNING)).to_have_count(0)
    assert any(NAME in row for row in on_the_panel(chief))


def test_the_committee_returns_the_chief_s_own_sheet(own_demo: Server, visit: Callable[..., Visit]) -> None:
    code, _ = sealed_work(visit(own_demo).signed_in("gk01", "/queue"))
    committee = visit(own_demo).signed_in("btc", "/panel")
    expect(committee.get_by_role("button", name="Đóng vòng chấm")).to_have_count(0)
    picked(committee, "Tác phẩm", code)
    committee.get_by_label("Lý do", exact=True).fill("Nhập nhầm tiêu chí.")
    committee.get_by_role("button", name="Trả lại phiếu").click()
    expect(committee.get_by_text("Đã trả lại phiếu.")).to_be_visible()


@pytest.mark.parametrize("phone,dark", [(False, False), (True, False), (True, True)])
@pytest.mark.parametrize("who", ["gk01", "btc"])
def test_the_panel_with_a_pending_account_fits_and_axe_finds_nothing_serious(
    own_demo: Server, visit: Callable[..., Visit], who: str, phone: bool, dark: bool
) -> None:
    made(own_demo)
    page = visit(own_demo, phone=phone, dark=dark).signed_in(who, "/panel")
    expect(page.get_by_role("heading", name=WAITING)).to_be_visible()
    still(page)
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
